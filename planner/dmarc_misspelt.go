package planner

import (
	"fmt"
	"strings"

	"sendplan/dmarc"
	"sendplan/internal/dns"
)

// misspelt is a record that names a policy which receivers do not apply, because
// one for subdomains is none of the three: they act as by p=none, or as if there
// was no record (RFC 9989 §4.10.1, RFC 7489 §6.6.3 step 6). Those that are less
// exact apply it, so p=none in its place would take something away.
type misspelt struct {
	dmarc.Record
	p    dmarc.Policy
	tags []string // whose values are wrong, in lower case
}

// readMisspelt reports whether that is so of a domain's own record.
func readMisspelt(now dmarc.Discovery) (m misspelt, ok bool) {
	if len(now.Walk) == 0 || !now.Walk[0].Kept {
		return misspelt{}, false
	}
	m.Record = now.Walk[0].Record
	for _, name := range []string{"sp", "np"} {
		if tag, present := m.Tag(name); present && policyOf(tag.Value) == dmarc.NoPolicy {
			m.tags = append(m.tags, name)
		}
	}
	tag, _ := m.Tag("p")
	m.p = policyOf(tag.Value)
	// Of np alone older receivers know nothing: they apply the record.
	return m, len(m.tags) > 0 && m.tags[0] == "sp" && m.p != dmarc.NoPolicy && m.p > dmarc.None
}

// policyOf reads the value of a policy tag.
func policyOf(value string) dmarc.Policy { return dmarc.Parse("v=DMARC1; p=" + value).P }

// spelling says what is wrong with the record.
func (m misspelt) spelling() string {
	var wrong []string
	for _, name := range m.tags {
		tag, _ := m.Tag(name)
		wrong = append(wrong, fmt.Sprintf("%s=%.60s", name, tag.Value))
	}
	return strings.Join(wrong, " and ")
}

// corrected is the record as it was meant, as far as the wish leaves it: one step,
// because all steps in between are looser than what some receivers do today.
func (m misspelt) corrected(wish dmarc.Wish) dmarc.Rung {
	rec := m.Without(m.tags...).With("p", min(m.p, wish.Target).String())
	for _, below := range []struct {
		tag  string
		wish dmarc.Policy
	}{{"sp", wish.Subdomains}, {"np", wish.NonExistent}} {
		if below.wish != dmarc.NoPolicy {
			rec = rec.With(below.tag, below.wish.String())
		}
	}
	for _, uri := range wish.RUA {
		rec = rec.WithURI("rua", uri)
	}
	return dmarc.Rung{
		Record: rec.Text(), Removes: []string{m.Text()}, Effective9989: rec.P, Effective7489: rec.P, Tightens: true,
		What: fmt.Sprintf("correct the record, whose %s is no policy, so that all receivers apply p=%s and not only those that are less exact", strings.Join(m.tags, " and "), rec.P),
	}
}

// correct plans the correction of a misspelt record ahead of all else. It returns
// what is then found, or that nothing can be planned.
func (p *policyPlan) correct(m misspelt, wish dmarc.Wish) (rung dmarc.Rung, then dns.Resolver, ok bool) {
	if wish.Target == dmarc.NoPolicy {
		p.unknown(Unknown{Subject: string(p.Name), Message: fmt.Sprintf("its DMARC record says p=%s, but for its %s exact receivers act by no policy; which one is meant must be known before anything is changed in it", m.p, m.spelling()),
			Fix: "write domains.dmarc.target into the inventory, or correct the record"})
		return dmarc.Rung{}, nil, false
	}
	rung = m.corrected(wish)
	change := dns.Change{Zone: p.set.Zone, Key: p.set.Key, Old: p.present, New: p.with(rung)}
	return rung, p.maker.with(append(p.settled(), change)), true
}
