package check

import (
	"slices"

	"sendplan/dkim"
	"sendplan/internal/finding"
)

var dkimMicrosoftMissing = Check{
	ID:       "dkim-microsoft-missing",
	Severity: finding.Warning,
	Title:    "Microsoft 365 does not sign for the domain",
	Explain: `Microsoft 365 signs with the selectors selector1 and selector2, and both are CNAME records that lead to keys
which Microsoft keeps. Neither is published, so mail from the domain leaves Microsoft 365 without a signature of the domain:
DMARC then rests on SPF alone and fails as soon as a message is forwarded.

The targets cannot be derived from the domain's name: they hold the name of the tenant, a label with its own rules, and for
domains added since May 2025 a letter that Microsoft assigns. Get-DkimSigningConfig prints them, and so does the Defender
portal (Email authentication settings, DKIM). Publish both, then switch signing on with
Set-DkimSigningConfig -Identity DOMAIN -Enabled $true.`,
	Refs: []string{"RFC 9989 §5.1", "Microsoft: set up DKIM to sign mail from your cloud domain"},
	Run:  runDKIMMicrosoftMissing,
}

func runDKIMMicrosoftMissing(d *Domain) []finding.Finding {
	if !d.lacksMicrosoftKeys() {
		return nil
	}
	return []finding.Finding{fail(d.Name,
		"neither selector1 nor selector2 is published, so mail from Microsoft 365 is not signed for "+d.Name.Unicode(),
		dkimSetup(d.Name)+"; when they resolve, run Set-DkimSigningConfig -Identity "+d.Name.String()+" -Enabled $true")}
}

// lacksMicrosoftKeys reports whether the domain uses Microsoft 365 and has
// neither of its selectors. The SPF term alone also stands for Azure
// Communication Services and for tenants whose mail a gateway signs on its way
// out, so any usable key counts against it.
func (d *Domain) lacksMicrosoftKeys() bool {
	m := d.DKIM.Microsoft
	if _, ok := tenantDomain(d.Name); ok {
		return false // Microsoft signs for it without anything to publish
	}
	if !d.isPresent() || d.mayBeParked() || !isAbsent(m.First.Selector) || !isAbsent(m.Second.Selector) {
		return false
	}
	if d.usesMicrosoft() {
		return true
	}
	return d.includesMicrosoft() && d.knowsSelectors() && !d.hasLiveKey() &&
		!slices.ContainsFunc(d.DKIM.Selectors, func(s dkim.Selector) bool { return s.State == dkim.Unknown })
}

// isAbsent reports whether nothing was published for the very selector.
func isAbsent(s dkim.Selector) bool { return s.State == dkim.Missing || s.State == dkim.Wildcard }
