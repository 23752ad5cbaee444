package proof

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sendplan/dkim"
	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/method"
	"sendplan/internal/provider"
)

// The signers that routes name, as they name them.
const (
	signerMicrosoft = "Microsoft 365"
	signerDevice    = "the device"
)

// keyQuestion is what decides about a key, besides the DNS.
type keyQuestion struct {
	signer   string
	service  provider.ID
	domain   dns.Name
	selector string
}

// signatures judges the signatures that a message carries at a hop.
func (r *Receiver) signatures(h method.Hop, selector string) []DKIMOutcome {
	s := h.Signer
	switch {
	case s.Signed == method.False:
		return []DKIMOutcome{{Verdict: None, Why: words(s.Text, "nobody") + " signs"}}
	case len(s.Domains) == 0:
		return []DKIMOutcome{{Verdict: Unknown, Why: "who signs is not known: " + words(s.Text, "nothing tells")}}
	}
	list := make([]DKIMOutcome, len(s.Domains))
	for i, domain := range s.Domains {
		list[i] = r.signature(h, domain, selector)
	}
	return list
}

func (r *Receiver) signature(h method.Hop, domain dns.Name, selector string) DKIMOutcome {
	q := keyQuestion{signer: h.Signer.Text, service: h.Service, domain: domain, selector: selector}
	if h.Signer.Signed == method.True {
		return r.key(q)
	}
	o := DKIMOutcome{Verdict: Unknown, Domain: domain, Why: fmt.Sprintf("whether anybody signs for %s is not known (perhaps %s)", domain, words(q.signer, "the sender"))}
	// A published key is no proof that anybody signs with it; but without one
	// Microsoft's signature cannot pass, whatever the tenant does. Behind Microsoft
	// others may sign.
	if q.signer != signerMicrosoft || !strings.HasPrefix(string(h.Service), "m365-") {
		return o
	}
	switch k := r.key(q); k.Verdict {
	case Fail:
		o.Verdict, o.Why = None, fmt.Sprintf("Microsoft 365 cannot sign for %s: %s", domain, k.Why)
	case Unknown:
		o.Why, o.Err = o.Why+": "+k.Why, k.Err
	}
	return o
}

// key looks for the key of a signature, once.
func (r *Receiver) key(q keyQuestion) DKIMOutcome {
	o, ok := r.keys[q]
	if !ok {
		o = r.lookKey(q)
		o.Domain = q.domain
		r.keys[q] = o
	}
	return o
}

func (r *Receiver) lookKey(q keyQuestion) DKIMOutcome {
	e, known := provider.ByID(q.service)
	service := known && q.signer == e.ShortName()
	switch {
	case q.signer == signerMicrosoft:
		return r.microsoftKey(q.domain)
	case q.selector != "" && (q.signer == signerDevice || service):
		return ownKey(r.look(q.domain, q.selector)[0])
	case service:
		return r.serviceKey(q.domain, e)
	}
	return DKIMOutcome{Verdict: Unknown, Why: fmt.Sprintf("the selector with which %s signs for %s is not known", words(q.signer, "it"), q.domain)}
}

// look asks for selectors of a domain, as verifiers do: they know no wildcards,
// so what answers is the key.
func (r *Receiver) look(domain dns.Name, selectors ...string) []dkim.Selector {
	list := make([]dkim.Selector, len(selectors))
	for i, s := range selectors {
		list[i] = dkim.Lookup(context.Background(), r.r, domain, s)
	}
	return list
}

// ownKey judges the key at a selector that is known to be the signer's.
func ownKey(s dkim.Selector) DKIMOutcome {
	o := DKIMOutcome{Selector: s.Selector, Err: s.Err, Why: stateOf(s)}
	switch {
	case s.State == dkim.Live:
		o.Verdict = Pass
	case s.State == dkim.Unknown:
		o.Verdict = Unknown
	default:
		o.Verdict = Fail
	}
	return o
}

func stateOf(s dkim.Selector) string {
	if s.Err != nil {
		return s.Err.Error()
	}
	return fmt.Sprintf("the key of %s is %s", s.Name, s.State)
}

// serviceKey looks for a key that a service keeps, under the selectors that the
// catalogue has for it.
func (r *Receiver) serviceKey(domain dns.Name, e provider.Entry) DKIMOutcome {
	o := DKIMOutcome{Verdict: Unknown, Why: fmt.Sprintf("no key for %s that %s keeps was found: its selector is not known", domain, e.ShortName())}
	for _, s := range r.look(domain, selectorsOf(e)...) {
		switch {
		case s.State == dkim.Live && check.Signer(s) == e.ShortName():
			return ownKey(s)
		case s.State == dkim.Unknown && o.Err == nil:
			o.Err, o.Why = s.Err, stateOf(s)
		}
	}
	return o
}

// selectorsOf returns the selectors of a service that are the same for every
// customer.
func selectorsOf(e provider.Entry) []string {
	candidates := slices.Clone(e.DKIMProbe)
	for _, k := range e.DKIM {
		candidates = append(candidates, strings.ToLower(k.Selector))
	}
	var list []string
	for _, c := range candidates {
		if s, err := dkim.ParseSelector(c); err == nil && !strings.ContainsAny(c, "{}") && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// microsoftKey looks for the key of Microsoft 365. One of the two selectors is
// in use at a time, and which one DNS does not tell.
func (r *Receiver) microsoftKey(domain dns.Name) DKIMOutcome {
	if selectors := tenantSelectors(domain); selectors != nil {
		k := anyKey(r.look(domain, selectors...))
		if k.Verdict == Fail { // how it names its selectors there is not established for every domain
			k.Verdict = Unknown
		}
		return k
	}
	look := r.look(domain, provider.Selector1, provider.Selector2)
	m := provider.RefineDKIM(domain, look)
	pair := []provider.MicrosoftSelector{m.First, m.Second}
	for i, s := range pair {
		if s.Selector.State == dkim.Live && s.Form && !s.OtherLabel && !s.WrongNumber {
			o := ownKey(s.Selector)
			if sibling := pair[1-i]; !inPlace(sibling) {
				o.Verdict, o.Err = Unknown, sibling.Selector.Err
				o.Why += "; but " + stateOf(sibling.Selector) + ", and which of the two is in use the DNS does not tell"
			}
			return o
		}
	}
	for _, s := range pair {
		if s.Selector.State == dkim.Live {
			return DKIMOutcome{Verdict: Unknown, Selector: s.Selector.Selector,
				Why: fmt.Sprintf("a key stands at %s, but not where Microsoft 365 keeps the one of %s", s.Selector.Name, domain)}
		}
	}
	return anyKey(m.Merge(look))
}

// inPlace reports whether a selector leads to where Microsoft 365 keeps its key,
// or will keep it: the one that is not in use has none.
func inPlace(s provider.MicrosoftSelector) bool {
	if !s.Form || s.OtherLabel || s.WrongNumber {
		return false
	}
	return s.Selector.State == dkim.Live || s.Selector.State == dkim.Dormant || s.Selector.State == dkim.NotEnabled
}

// tenantSelectors returns the selectors with which Microsoft signs for the
// domain that it gave to a tenant, nil for another domain.
func tenantSelectors(domain dns.Name) []string {
	t, ok := provider.ParseDKIMTarget(provider.Selector1 + "-x._domainkey." + domain)
	if !ok || t.Zone != provider.ZoneTenant {
		return nil
	}
	var list []string
	for _, label := range provider.Labels(domain) {
		list = append(list, provider.Selector1+"-"+label, provider.Selector2+"-"+label)
	}
	return list
}

// anyKey judges selectors of which one is in use: a key at any of them will do.
func anyKey(selectors []dkim.Selector) DKIMOutcome {
	var states []string
	open := -1
	for i, s := range selectors {
		switch k := ownKey(s); k.Verdict {
		case Pass:
			return k
		case Unknown:
			open = i
		}
		states = append(states, fmt.Sprintf("%s is %s", s.Selector, s.State))
	}
	if open >= 0 {
		return ownKey(selectors[open])
	}
	return DKIMOutcome{Verdict: Fail, Selector: selectors[0].Selector, Why: strings.Join(states, ", ")}
}
