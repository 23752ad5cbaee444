package check

import (
	"fmt"

	"sendplan/dkim"
	"sendplan/internal/finding"
	"sendplan/internal/provider"
)

var dkimNotEnabled = Check{
	ID:       "dkim-not-enabled",
	Severity: finding.Warning,
	Title:    "the Microsoft 365 selectors are published, but signing is not switched on",
	Explain: `The CNAME records have the right form, but no key stands behind them: Microsoft publishes the keys when signing
is set up for the domain. Until then its mail leaves without a signature of the domain.

Switch signing on in the Defender portal (Email authentication settings, DKIM) or in PowerShell. If that fails with
CnameMissing, or the state lasts for more than four days, compare the published targets with those that
Get-DkimSigningConfig prints: they may be those of another tenant, of a configuration that was deleted, or guessed after a
template, which goes wrong for names with a hyphen.`,
	Refs: []string{"Microsoft: set up DKIM to sign mail from your cloud domain"},
	Run:  runDKIMNotEnabled,
}

func runDKIMNotEnabled(d *Domain) []finding.Finding {
	found := d.inState(dkim.NotEnabled)
	if len(found) == 0 {
		return nil
	}
	s := found[0]
	message := fmt.Sprintf("%s leads to %s, which holds no key: Microsoft 365 does not sign for %s yet", s.Selector, s.Target, d.Name.Unicode())
	fix := fmt.Sprintf("run Set-DkimSigningConfig -Identity %s -Enabled $true in Exchange Online PowerShell", d.Name)
	if label := d.DKIM.Microsoft.First.Target.Label; label != "" && label != provider.Labels(d.Name)[0] {
		message += fmt.Sprintf("; its label %s looks guessed, because Microsoft writes hyphens in another way", label)
		fix = dkimSetup(d.Name)
	}
	return []finding.Finding{fail(s.Name, message, fix)}
}
