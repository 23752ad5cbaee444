package check

import (
	"fmt"

	"sendplan/dkim"
	"sendplan/internal/finding"
	"sendplan/internal/provider"
)

var dkimOtherLabel = Check{
	ID:       "dkim-other-label",
	Severity: finding.Warning,
	Title:    "a Microsoft 365 selector leads to the key of another domain",
	Explain: `The target of the selector carries a label that Microsoft made of another domain's name. A key is there, but it
is that domain's key. Microsoft 365 signs for this domain with a key of its own, so its signatures do not match and fail.

Compare with what Get-DkimSigningConfig prints for this domain.`,
	Refs: []string{"Microsoft: set up DKIM to sign mail from your cloud domain"},
	Run:  runDKIMOtherLabel,
}

func runDKIMOtherLabel(d *Domain) []finding.Finding {
	if d.DKIM.Probe.State == dkim.Unknown {
		return nil // a wildcard record may have answered
	}
	var faults []finding.Finding
	for _, m := range []provider.MicrosoftSelector{d.DKIM.Microsoft.First, d.DKIM.Microsoft.Second} {
		if s := m.Selector; s.State == dkim.Live && m.OtherLabel {
			faults = append(faults, fail(s.Name,
				fmt.Sprintf("%s leads to %s, whose label %s was not made of %s", s.Selector, s.Target, m.Target.Label, d.Name.Unicode()), dkimSetup(d.Name)))
		}
	}
	return faults
}
