package check

import (
	"fmt"

	"sendplan/dkim"
	"sendplan/internal/finding"
	"sendplan/internal/provider"
)

var dkimSwapped = Check{
	ID:       "dkim-swapped",
	Severity: finding.Warning,
	Title:    "a Microsoft 365 selector leads to the target of the other",
	Explain: `selector1 must lead to a target that begins with selector1-, and selector2 to one that begins with selector2-.
Here they are crossed, or both lead to the same target. A signature names the selector of the key that made it, so
verifiers find the wrong key and the signature fails.`,
	Refs: []string{"Microsoft: set up DKIM to sign mail from your cloud domain"},
	Run:  runDKIMSwapped,
}

// swapped reports whether a selector leads to the target of the other.
func (d *Domain) swapped(s dkim.Selector) bool {
	for _, m := range []provider.MicrosoftSelector{d.DKIM.Microsoft.First, d.DKIM.Microsoft.Second} {
		if m.WrongNumber && m.Selector.Name == s.Name {
			return true
		}
	}
	return false
}

func runDKIMSwapped(d *Domain) []finding.Finding {
	if d.DKIM.Probe.State == dkim.Unknown {
		return nil // a wildcard record that leads to one target looks the same
	}
	var faults []finding.Finding
	for _, m := range []provider.MicrosoftSelector{d.DKIM.Microsoft.First, d.DKIM.Microsoft.Second} {
		if s := m.Selector; m.WrongNumber && s.State != dkim.Unknown && s.State != dkim.Wildcard {
			faults = append(faults, fail(s.Name,
				fmt.Sprintf("%s leads to %s, which belongs to selector%d", s.Selector, s.Target, m.Target.Number), dkimSetup(d.Name)))
		}
	}
	return faults
}
