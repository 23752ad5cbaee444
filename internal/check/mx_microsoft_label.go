package check

import (
	"fmt"

	"sendplan/internal/finding"
	"sendplan/internal/provider"
)

var mxMicrosoftLabel = Check{
	ID:       "mx-microsoft-label",
	Severity: finding.Note,
	Title:    "the Microsoft 365 mail exchanger carries another domain's label",
	Explain: `Microsoft makes the first label of an MX host from the domain's name: dots become dashes, and hyphens are taken
out and kept in a suffix. This label was made from another name. That works when both are accepted domains of one tenant;
with a label of a foreign tenant, mail for the domain arrives at strangers or is refused.

Compare with the admin centre (Domains, DNS records), and publish what it shows. The label is never to be guessed.`,
	Refs: []string{"Microsoft: external DNS records for Microsoft 365"},
	Run:  runMXMicrosoftLabel,
}

func runMXMicrosoftLabel(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, h := range d.Exchange.Hosts {
		if h.Microsoft.Owner(d.Name) == provider.OtherDomain {
			faults = append(faults, fail(h.Name,
				fmt.Sprintf("the label %s of the mail exchanger was not made from %s", h.Microsoft.Label, d.Name.Unicode()),
				"compare with the MX record that the Microsoft 365 admin centre shows for the domain"))
		}
	}
	return faults
}
