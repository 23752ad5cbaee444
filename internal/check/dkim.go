package check

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/dkim"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
	"sendplan/internal/provider"
	"sendplan/spf"
)

// isPresent reports whether the domain's name is known to exist. A name below
// it that exists is as good as an answer for itself (RFC 8020 §2).
func (d *Domain) isPresent() bool {
	if d.Exchange.MX.Err == nil {
		return d.Exists()
	}
	if len(d.texts()) > 0 {
		return true
	}
	own, ok := d.ownStep()
	return ok && own.Err == nil && (own.Exists || len(own.Chain) > 0)
}

// isParked reports whether the domain's SPF record says that nothing sends from
// it. known is false when the record could not be read.
func (d *Domain) isParked() (parked, known bool) {
	if d.SPF.Root.Err != nil {
		return false, false
	}
	record := d.SPF.Root.Record
	if record == nil || !record.Valid() || d.sends() {
		return false, true
	}
	all := record.All()
	return all >= 0 && record.Terms[all].Qualifier == spf.QualifierFail, true
}

// mayBeParked reports whether the domain says that nothing sends from it, or
// that is not known.
func (d *Domain) mayBeParked() bool {
	parked, known := d.isParked()
	return parked || !known
}

// knowsSelectors reports whether the list of selectors is what it would be
// without a failure: it depends on the MX and the SPF record.
func (d *Domain) knowsSelectors() bool {
	return d.Exchange.MX.Err == nil && d.SPF.Root.Err == nil
}

// ownSelectors returns the selectors whose answer is certainly their own and not
// that of a wildcard: none when the probe for one failed.
func (d *Domain) ownSelectors() []dkim.Selector {
	if d.DKIM.Probe.State == dkim.Unknown {
		return nil
	}
	return d.DKIM.Selectors
}

// inState returns the selectors in one of the states whose answer is certainly
// their own.
func (d *Domain) inState(states ...dkim.State) []dkim.Selector {
	var found []dkim.Selector
	for _, s := range d.ownSelectors() {
		if slices.Contains(states, s.State) {
			found = append(found, s)
		}
	}
	return found
}

// allSelectors reports whether every selector that was asked for is in one of
// the states.
func (d *Domain) allSelectors(states ...dkim.State) bool {
	return !slices.ContainsFunc(d.DKIM.Selectors, func(s dkim.Selector) bool { return !slices.Contains(states, s.State) })
}

func (d *Domain) hasLiveKey() bool {
	return slices.ContainsFunc(d.DKIM.Selectors, func(s dkim.Selector) bool { return s.State == dkim.Live })
}

// selectorNames returns the selectors that were asked for.
func (d *Domain) selectorNames() string {
	names := make([]string, len(d.DKIM.Selectors))
	for i, s := range d.DKIM.Selectors {
		names[i] = s.Selector
	}
	return strings.Join(names, ", ")
}

// isMicrosoftSelector reports whether Microsoft 365 signs with the selector
// (its names are the same for every domain).
func isMicrosoftSelector(s dkim.Selector) bool {
	return s.Selector == provider.Selector1 || s.Selector == provider.Selector2
}

// includesMicrosoft reports whether the domain's SPF record, or the one that it
// redirects to, names Microsoft 365 itself. An include of somebody who uses
// Microsoft 365 says nothing about the domain.
func (d *Domain) includesMicrosoft() bool {
	terms := d.SPF.Root.Children
	if end, ok := d.spfEnd(); ok {
		terms = slices.Concat(terms, end.Node.Children)
	}
	for _, n := range terms {
		if n.Term.Kind == spf.KindInclude && n.State != spf.StateIgnored && microsoftCloud(n.Target) != "" {
			return true
		}
	}
	return false
}

// maySignAtMicrosoft reports whether anything but the names of the selectors
// speaks for Microsoft 365.
func (d *Domain) maySignAtMicrosoft() bool {
	m := d.DKIM.Microsoft
	return d.usesMicrosoft() || d.includesMicrosoft() || m.First.Form || m.Second.Form
}

// tenantDomain returns the domain that Microsoft gave to the tenant of a name,
// contoso.onmicrosoft.com. Microsoft keeps the keys of such a domain, under
// selectors of their own, and no public suffix list tells that the names belong
// to different owners.
func tenantDomain(name dns.Name) (tenant dns.Name, ok bool) {
	for _, zone := range []dns.Name{"onmicrosoft.com", "onmicrosoft.us", "partner.onmschina.cn"} {
		for n := name; n.Below(zone) && n != zone; n = n.Parent() {
			if n.Parent() == zone {
				return n, true
			}
		}
	}
	return "", false
}

// tenantSelectors returns the selectors with which Microsoft signs for the
// domain that it gave to a tenant, none for another domain.
func tenantSelectors(name dns.Name) []string {
	tenant, ok := tenantDomain(name)
	if !ok || tenant != name {
		return nil
	}
	label := provider.Labels(name)[0]
	return []string{provider.Selector1 + "-" + label, provider.Selector2 + "-" + label}
}

// atMicrosoft reports whether the selector leads to a key that Microsoft 365
// keeps.
func (d *Domain) atMicrosoft(s dkim.Selector) bool {
	m := d.DKIM.Microsoft
	return s.Selector == m.First.Selector.Selector && m.First.Form || s.Selector == m.Second.Selector.Selector && m.Second.Form
}

// keyFaults makes a finding of each problem that want accepts, of the selectors
// in one of the states.
func (d *Domain) keyFaults(want func(dkim.Problem) bool, fix func(dkim.Selector, dkim.Problem) string, states ...dkim.State) []finding.Finding {
	var faults []finding.Finding
	for _, s := range d.inState(states...) {
		for _, p := range s.Problems {
			if !want(p) {
				continue
			}
			faults = append(faults, failAt(s.Name, s.Record.Text(), finding.Span(p.Span),
				fmt.Sprintf("in the key record of %s, %s", s.Selector, p.Message), fix(s, p)))
		}
	}
	return faults
}

// isCode returns a filter for problems of one code.
func isCode(codes ...dkim.Code) func(dkim.Problem) bool {
	return func(p dkim.Problem) bool { return slices.Contains(codes, p.Code) }
}

// longerKey says how to get a key of 2048 bits.
func (d *Domain) longerKey(s dkim.Selector, _ dkim.Problem) string {
	if d.atMicrosoft(s) {
		return fmt.Sprintf("run Rotate-DkimSigningConfig -KeySize 2048 -Identity %s in Exchange Online PowerShell, "+
			"and once more after four days: each run renews only the selector that is not in use", d.Name)
	}
	return "let the service that signs make a key of 2048 bits, publish it under a new selector, and remove this one a week after the change"
}

// dkimSetup says how to get the two CNAME records from Microsoft; their targets
// cannot be derived.
func dkimSetup(domain dns.Name) string {
	return fmt.Sprintf("run Get-DkimSigningConfig -Identity %s | Format-List Enabled,Status,Selector1CNAME,Selector2CNAME in Exchange Online PowerShell "+
		"(if there is none yet, first New-DkimSigningConfig -DomainName %s -Enabled $false -KeySize 2048) "+
		"and publish selector1._domainkey.%s and selector2._domainkey.%s as CNAME records with the two targets that it prints", domain, domain, domain.Zone(), domain.Zone())
}
