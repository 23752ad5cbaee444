package check

import (
	"fmt"

	"sendplan/internal/finding"
	"sendplan/internal/provider"
)

var dkimMicrosoftOne = Check{
	ID:       "dkim-microsoft-one",
	Severity: finding.Warning,
	Title:    "one of the two Microsoft 365 selectors is missing",
	Explain: `Microsoft 365 uses selector1 and selector2 in turn: when it rotates the keys, it signs with the other one. Only
one of the two CNAME records is published, so signing cannot be switched on, or every signature fails from the next rotation
on.`,
	Refs: []string{"Microsoft: set up DKIM to sign mail from your cloud domain"},
	Run:  runDKIMMicrosoftOne,
}

func runDKIMMicrosoftOne(d *Domain) []finding.Finding {
	m := d.DKIM.Microsoft
	for _, pair := range [][2]provider.MicrosoftSelector{{m.First, m.Second}, {m.Second, m.First}} {
		there, lacking := pair[0], pair[1]
		if there.Form && !isAbsent(there.Selector) && isAbsent(lacking.Selector) {
			return []finding.Finding{fail(lacking.Selector.Name,
				fmt.Sprintf("%s leads to Microsoft 365, but %s is not published", there.Selector.Selector, lacking.Selector.Selector),
				fmt.Sprintf("run Get-DkimSigningConfig -Identity %s | Format-List Selector1CNAME,Selector2CNAME in Exchange Online PowerShell and publish %s "+
					"as a CNAME record with the target that it prints for %s", d.Name, lacking.Selector.Name.Zone(), lacking.Selector.Selector))}
		}
	}
	return nil
}
