package check

import (
	"fmt"

	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

var mxMicrosoftMixed = Check{
	ID:       "mx-microsoft-mixed",
	Severity: finding.Warning,
	Title:    "Microsoft 365 stands beside other mail exchangers",
	Explain: `Some MX records lead to Microsoft 365 and some elsewhere. Mail takes either way: with a gateway in front, spam
is sent straight to Microsoft 365, past the gateway; with an old server left over, mail is delivered where nobody reads it.

Let all MX records lead to the one service that is to receive, and close the way around it in Microsoft 365 with a
connector.`,
	Refs: []string{"RFC 5321 §5.1", "Microsoft: mail flow with a third-party cloud service"},
	Run:  runMXMicrosoftMixed,
}

func runMXMicrosoftMixed(d *Domain) []finding.Finding {
	var microsoft, other dns.Name
	for _, h := range d.Exchange.Hosts {
		switch {
		case h.Leftover || h.Name == dns.Root:
		case h.Microsoft.Family != "":
			microsoft = h.Name
		default:
			other = h.Name
		}
	}
	if microsoft == "" || other == "" {
		return nil
	}
	return []finding.Finding{fail(d.Name,
		fmt.Sprintf("mail goes to Microsoft 365 (%s) and elsewhere (%s)", microsoft, other),
		"let all MX records lead to the service that is to receive, and remove the others")}
}
