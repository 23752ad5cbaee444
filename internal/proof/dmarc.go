package proof

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"sendplan/dmarc"
	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/method"
	"sendplan/spf"
)

// policies are what the two generations of receivers find for an author domain.
type policies struct{ new, old dmarc.Discovery }

// organisation is what a tree walk found.
type organisation struct {
	name dns.Name
	err  error
}

// policies discovers the policies of an author domain, once.
func (r *Receiver) policy(author dns.Name) policies {
	p, ok := r.policies[author]
	if !ok {
		ctx := context.Background()
		p = policies{new: dmarc.Discover(ctx, r.r, author), old: dmarc.Discover7489(ctx, r.r, author, check.PublicSuffix)}
		r.policies[author] = p
	}
	return p
}

// organise is [dmarc.TreeOrg], with each name asked for once.
func (r *Receiver) organise(name dns.Name) (dns.Name, error) {
	o, ok := r.organised[name]
	if !ok {
		o.name, o.err = dmarc.TreeOrg(context.Background(), r.r)(name)
		r.organised[name] = o
	}
	return o.name, o.err
}

// identity is SPF for some of the addresses, as DMARC takes it.
type identity struct {
	dmarc.Authenticated
	addr netip.Addr // the first of them; not valid for those that are not known
	why  string
	err  *dns.Error
}

// identities sorts the samples of an envelope sender by what DMARC makes of
// them. The domain of a sender that is not known may be the author's.
func (o *SPFOutcome) identities(author dns.Name) []identity {
	id := dmarc.Authenticated{Domain: o.Domain, Result: dmarc.Temporary}
	if o.Domain == "" && !o.Foreign {
		id.Domain = author
	}
	var list []identity
	add := func(result dmarc.Result, addr netip.Addr, why string, err *dns.Error) {
		id.Result = result
		i := slices.IndexFunc(list, func(have identity) bool { return have.Authenticated == id })
		switch {
		case i < 0:
			list = append(list, identity{id, addr, why, err})
		case list[i].err == nil:
			list[i].err = err
		}
	}
	for _, s := range o.Samples {
		why := s.words()
		if o.fixed {
			why = o.Why
		}
		add(s.authenticates(), s.Addr, why, s.Cause)
	}
	switch {
	case !o.Complete:
		add(dmarc.Temporary, netip.Addr{}, o.Why, o.Err)
	case o.fixed:
		add(dmarc.NotPass, netip.Addr{}, o.Why, nil)
	}
	return list
}

// authenticates is what DMARC makes of a sample.
func (s Sample) authenticates() dmarc.Result {
	switch {
	case !s.certain():
		return dmarc.Temporary
	case s.Result == spf.Pass:
		return dmarc.Pass
	}
	return dmarc.NotPass
}

// signed is what DMARC makes of signatures.
func signed(list []DKIMOutcome, author dns.Name) []dmarc.Authenticated {
	ids := make([]dmarc.Authenticated, len(list))
	for i, k := range list {
		ids[i] = dmarc.Authenticated{Domain: k.Domain, Result: dmarc.NotPass}
		switch k.Verdict {
		case Pass:
			ids[i].Result = dmarc.Pass
		case Unknown:
			ids[i].Result = dmarc.Temporary
			if k.Domain == "" {
				ids[i].Domain = author
			}
		}
	}
	return ids
}

// author judges DMARC for one domain of From.
func (r *Receiver) author(domain dns.Name, envelopes []SPFOutcome, signatures []DKIMOutcome) Author {
	p := r.policy(domain)
	m := message{envelopes: envelopes, signatures: signatures, standard: "RFC 9989", org: r.organise}
	a := Author{Domain: domain, DMARC: m.judge(p.new)}
	m.standard, m.org = "RFC 7489", dmarc.SuffixOrg(check.PublicSuffix)
	a.DMARC7489 = m.judge(p.old)
	return a
}

// message is what DMARC judges: one domain of From with its senders.
type message struct {
	envelopes  []SPFOutcome
	signatures []DKIMOutcome
	standard   string // that the receiver follows
	org        dmarc.OrgFunc
}

// judge gives the worst that a discovered policy makes of the message, wherever
// it leaves from.
func (m message) judge(d dmarc.Discovery) DMARCOutcome {
	keys := signed(m.signatures, d.Author)
	out := DMARCOutcome{Policy: d.Effective, PCT: d.PCT, Found: d.PolicyDomain, Discovery: d, Right: method.True}
	for _, e := range m.envelopes {
		for _, id := range e.identities(d.Author) {
			v := dmarc.Judge(d, id.Authenticated, keys, m.org)
			verdict := statuses[v.Status]
			next, all := weaker(out.Right, right(v.Status, id.Result, keys)), worst(severest, verdict, out.Verdict)
			if all != out.Verdict || next != out.Right {
				out.Verdict, out.Right, out.Worst, out.Why, out.Err = all, next, id.addr, m.why(d, v, id), nil
			}
			if next == method.Unknown && out.Err == nil {
				out.Err = m.err(v, id)
			}
		}
	}
	return out
}

var statuses = map[dmarc.Status]Verdict{
	dmarc.StatusNone: None, dmarc.StatusPass: Pass, dmarc.StatusFail: Fail, dmarc.StatusUnknown: Unknown,
}

// right reports whether a message is let pass: by DMARC or, where no policy
// applies, by SPF or DKIM.
func right(status dmarc.Status, envelope dmarc.Result, keys []dmarc.Authenticated) method.Truth {
	switch status {
	case dmarc.StatusPass:
		return method.True
	case dmarc.StatusFail:
		return method.False
	case dmarc.StatusUnknown:
		return method.Unknown
	}
	open := envelope == dmarc.Temporary
	for _, k := range keys {
		open = open || k.Result == dmarc.Temporary
		if k.Result == dmarc.Pass {
			envelope = dmarc.Pass
		}
	}
	switch {
	case envelope == dmarc.Pass:
		return method.True
	case open:
		return method.Unknown
	}
	return method.False
}

// weaker returns the truth of "both".
func weaker(a, b method.Truth) method.Truth {
	switch {
	case a == method.False || b == method.False:
		return method.False
	case a == method.Unknown || b == method.Unknown:
		return method.Unknown
	}
	return method.True
}

// err returns the failure behind a verdict that is not known.
func (m message) err(v dmarc.Verdict, id identity) *dns.Error {
	if v.Err != nil {
		return v.Err
	}
	if id.err != nil {
		return id.err
	}
	for _, k := range m.signatures {
		if k.Err != nil {
			return k.Err
		}
	}
	return nil
}

// why explains a verdict in words.
func (m message) why(d dmarc.Discovery, v dmarc.Verdict, id identity) string {
	parts := []string{"SPF: " + id.why + alignment(v.SPF)}
	for i, k := range m.signatures {
		parts = append(parts, "DKIM: "+k.Why+alignment(v.DKIM[i]))
	}
	policy := "no DMARC policy applies to " + d.Author.String()
	switch {
	case v.Status == dmarc.StatusUnknown && d.Source == dmarc.FromUnknown:
		policy = fmt.Sprintf("the DMARC policy of %s (by %s) is not known: %s", d.Author, m.standard, d.Err)
	case v.Status != dmarc.StatusNone:
		policy = fmt.Sprintf("DMARC of %s (%s at %s, by %s): %s", d.Author, d.Effective, d.PolicyDomain, m.standard, v.Status)
	}
	return policy + "; " + strings.Join(parts, "; ")
}

// alignment says of an identifier that passed whether it counts.
func alignment(a dmarc.Alignment) string {
	switch {
	case a.Result != dmarc.Pass:
		return ""
	case a.Aligned == dmarc.Yes:
		return ", aligned"
	case a.Aligned == dmarc.No:
		return fmt.Sprintf(", but %s is not aligned", a.Domain)
	}
	return fmt.Sprintf(", but whether %s is aligned is not known", a.Domain)
}
