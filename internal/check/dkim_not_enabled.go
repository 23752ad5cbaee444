package check

import (
	"fmt"

	"sendplan/dkim"
	"sendplan/internal/finding"
)

var dkimNotEnabled = Check{
	ID:       "dkim-not-enabled",
	Severity: finding.Warning,
	Title:    "the Microsoft 365 selectors are published, but signing is not switched on",
	Explain: `The CNAME records have the right form, but no key stands behind them: Microsoft publishes the keys when signing
is set up for the domain. Until then its mail leaves without a signature of the domain.

Switch signing on in the Defender portal (Email authentication settings, DKIM) or in PowerShell. If that fails with
CnameMissing, or the state lasts for more than four days, compare the published targets with those that
Get-DkimSigningConfig prints: they may be those of another tenant, or of a configuration that was deleted.`,
	Refs: []string{"Microsoft: set up DKIM to sign mail from your cloud domain"},
	Run:  runDKIMNotEnabled,
}

func runDKIMNotEnabled(d *Domain) []finding.Finding {
	found := d.inState(dkim.NotEnabled)
	if len(found) == 0 {
		return nil
	}
	return []finding.Finding{fail(found[0].Name,
		fmt.Sprintf("%s leads to %s, which holds no key: Microsoft 365 does not sign for %s yet", found[0].Selector, found[0].Target, d.Name.Unicode()),
		fmt.Sprintf("run Set-DkimSigningConfig -Identity %s -Enabled $true in Exchange Online PowerShell", d.Name))}
}
