package check

import (
	"fmt"

	"sendplan/internal/finding"
	"sendplan/internal/provider"
)

var mxMicrosoftOld = Check{
	ID:       "mx-microsoft-old",
	Severity: finding.Warning,
	Title:    "the mail exchanger has an old Microsoft name",
	Explain: `The MX record leads to a name that Microsoft no longer hands out: *.mail.eo.outlook.com is a predecessor of
*.mail.protection.outlook.com, and *.mail.protection.outlook.de belonged to Microsoft Cloud Germany, which is closed. Such
a name works until it is switched off without notice.`,
	Refs: []string{"Microsoft: external DNS records for Microsoft 365"},
	Run:  runMXMicrosoftOld,
}

func runMXMicrosoftOld(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, h := range d.Exchange.Hosts {
		if f := h.Microsoft.Family; f == provider.MXLegacy || f == provider.MXGermany {
			faults = append(faults, fail(h.Name,
				fmt.Sprintf("the mail exchanger %s has a name that Microsoft no longer hands out", h.Name),
				"publish the MX record that the Microsoft 365 admin centre shows for the domain"))
		}
	}
	return faults
}
