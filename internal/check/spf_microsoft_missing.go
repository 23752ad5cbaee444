package check

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/finding"
	"sendplan/internal/provider"
	"sendplan/spf"
)

var spfMicrosoftMissing = Check{
	ID:       "spf-microsoft-missing",
	Severity: finding.Warning,
	Title:    "mail arrives at Microsoft 365, but SPF does not let it send",
	Explain: `The MX records lead to Microsoft 365, so its mailboxes most likely send from there too, and so do devices
that use SMTP AUTH, High Volume Email or a connector. The SPF record does not name Microsoft 365, neither itself nor
in what it includes, so that mail gets no SPF pass.

Add the include of your cloud. It is not needed if everything leaves through another service that the record names,
such as an outbound gateway.`,
	Refs: []string{"Microsoft: set up SPF for Microsoft 365"},
	Run:  runSPFMicrosoftMissing,
}

func runSPFMicrosoftMissing(d *Domain) []finding.Finding {
	cloud := d.exchangeCloud()
	if !d.Exists() || cloud == "" || d.SPF.Root.Record == nil {
		return nil
	}
	if (spfRecord{d.Name, d.SPF.Root, d.SPF.Root.Record}).lostAll() {
		return nil // the name that stands there is probably Microsoft's, with "-all" at its end
	}
	include := cloud.SPFInclude()
	for n := range d.spfNodes() {
		if n != d.SPF.Root && n.Target == include {
			return []finding.Finding{pass(d.Name, "the SPF record names Microsoft 365")}
		}
	}
	if !d.spfAnswered() || d.SPF.Truncated || mayHoldMicrosoft(d.SPF.Authorized(), cloud) {
		return nil
	}
	message := fmt.Sprintf("mail arrives at Microsoft 365, but the SPF record does not name %s, neither itself nor in what it includes", include)
	advice := "unless all mail leaves through another service, add include:" + include.String()
	if d.SPF.Result == spf.PermanentErr {
		advice = "after repairing the record, unless all mail leaves through another service, add include:" + include.String()
		return []finding.Finding{failAt(d.Name, d.SPFText(), finding.Span{}, message, advice)}
	}
	if !d.allowsSenders() {
		message = "mail arrives at Microsoft 365, but the SPF record says that nothing sends for the domain"
		advice = "if mailboxes of the domain send, add include:" + include.String()
	}
	return []finding.Finding{failAt(d.Name, d.SPFText(), finding.Span{}, message,
		d.propose(spfRecord{d.Name, d.SPF.Root, d.SPF.Root.Record}, beforeAll(d.SPF.Root.Record, "include:"+include.String()), advice))}
}

// exchangeNetworks are the IPv4 networks from which the worldwide cloud sends.
var exchangeNetworks = prefixes("40.92.0.0/15", "40.107.0.0/16", "52.100.0.0/14", "104.47.0.0/17")

// mayHoldMicrosoft reports whether a record without Microsoft's include may let
// it send all the same: by terms that only a message expands, or because the
// include was replaced by its networks.
func mayHoldMicrosoft(a spf.Authorized, cloud provider.Cloud) bool {
	foreign := func(n *spf.Node) bool {
		return n.Term.Kind == spf.KindPTR && !strings.Contains(n.Term.Domain, "outlook")
	}
	if len(slices.DeleteFunc(a.Open, foreign)) > 0 {
		return true
	}
	return slices.ContainsFunc(a.Grants, func(g spf.Grant) bool {
		return wide(g.Prefix) || cloud == provider.Worldwide && slices.ContainsFunc(exchangeNetworks, g.Prefix.Overlaps)
	})
}
