package provider

import (
	"testing"

	"sendplan/dkim"
	"sendplan/internal/dns"
)

const contoso = dns.Name("contoso.com")

const (
	own1     = "selector1-contoso-com._domainkey.contoso.onmicrosoft.com"
	own2     = "selector2-contoso-com._domainkey.contoso.onmicrosoft.com"
	foreign1 = "selector1-fabrikam-com._domainkey.contoso.onmicrosoft.com"
)

var failure = &dns.Error{Cause: dns.ServFail}

// found makes the answer for one of the two selectors. A target of "" is no
// CNAME.
func found(selector string, state dkim.State, target dns.Name) dkim.Selector {
	s := dkim.Selector{Selector: selector, State: state, Target: target}
	if target != "" {
		s.Chain = []dns.Record{{Data: dns.CNAME{Target: target}}}
	}
	if state == dkim.Unknown {
		s.Err = failure
	}
	return s
}

func TestRefineDKIM(t *testing.T) {
	t.Parallel()
	const none, l, d, u = dkim.Missing, dkim.Live, dkim.Dangling, dkim.Unknown
	for _, tc := range []struct {
		name            string
		state1          dkim.State
		target1         dns.Name
		state2          dkim.State
		target2         dns.Name
		want1, want2    dkim.State
		other1, swapped bool
	}{
		{"both live", l, own1, l, own2, l, l, false, false},
		{"second not used yet", l, own1, d, own2, l, dkim.Dormant, false, false},
		{"first not used now", d, own1, l, own2, dkim.Dormant, l, false, false},
		{"not enabled", d, own1, d, own2, dkim.NotEnabled, dkim.NotEnabled, false, false},
		{"only one published, no key", d, own1, none, "", dkim.NotEnabled, none, false, false},
		{"nothing published", none, "", none, "", none, none, false, false},
		{"sibling not known", d, own1, u, own2, u, u, false, false},
		{"sibling not known, key there", l, own1, u, own2, l, u, false, false},
		{"live under another label", l, foreign1, d, own2, l, dkim.Dormant, true, false},
		{"another label without a key", d, foreign1, l, own2, d, l, true, false},
		{"no Microsoft target", d, "s1.example.net", l, own2, d, l, false, false},
		{"swapped, live", l, own2, l, own1, l, l, false, true},
		{"swapped, no keys", d, own2, d, own1, d, d, false, true},
		{"both lead to selector1's target", l, own1, d, own1, l, d, false, false},
		{"new zone", l, "selector1-contoso-com._domainkey.contoso.r-v1.dkim.mail.microsoft", d,
			"selector2-contoso-com._domainkey.contoso.r-v1.dkim.mail.microsoft", l, dkim.Dormant, false, false},
		{"sibling is a wildcard's answer", d, own1, dkim.Wildcard, "", dkim.NotEnabled, dkim.Wildcard, false, false},
		{"sibling has the target as text", d, own1, dkim.WrongType, "", dkim.NotEnabled, dkim.WrongType, false, false},
		{"final dot forgotten", d, own1 + ".contoso.com", d, own2 + ".contoso.com", d, d, false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			in := []dkim.Selector{
				{Selector: "google", State: none},
				found(Selector2, tc.state2, tc.target2),
				found(Selector1, tc.state1, tc.target1),
			}
			m := RefineDKIM(contoso, in)
			if m.First.Selector.State != tc.want1 || m.Second.Selector.State != tc.want2 {
				t.Errorf("got %s and %s, want %s and %s", m.First.Selector.State, m.Second.Selector.State, tc.want1, tc.want2)
			}
			if m.First.OtherLabel != tc.other1 || m.Swapped != tc.swapped {
				t.Errorf("other label %v, swapped %v", m.First.OtherLabel, m.Swapped)
			}
			for _, s := range []MicrosoftSelector{m.First, m.Second} {
				if (s.Selector.Err != nil) != (s.Selector.State == u) {
					t.Errorf("%s with error %v", s.Selector.State, s.Selector.Err)
				}
			}
			out := m.Merge(in)
			if out[0].State != none || out[1].State != tc.want2 || out[2].State != tc.want1 || in[2].State != tc.state1 {
				t.Errorf("merged: %v", out)
			}
		})
	}
}

// A customer's own alias may stand before Microsoft's target.
func TestRefineDKIMBehindAlias(t *testing.T) {
	t.Parallel()
	s := found(Selector1, dkim.Dangling, "dkim1.contoso.net")
	s.Chain = append(s.Chain, dns.Record{Data: dns.CNAME{Target: own1}})
	m := RefineDKIM(contoso, []dkim.Selector{s, found(Selector2, dkim.Live, own2)})
	if !m.First.Form || m.First.Selector.State != dkim.Dormant {
		t.Errorf("%+v", m.First)
	}
}

// Without the sibling nothing is concluded.
func TestRefineDKIMAlone(t *testing.T) {
	t.Parallel()
	m := RefineDKIM(contoso, []dkim.Selector{found(Selector1, dkim.Dangling, own1)})
	if m.First.Selector.State != dkim.Unknown {
		t.Errorf("got %s", m.First.Selector.State)
	}
	if got := m.Merge(nil); len(got) != 0 {
		t.Errorf("merged: %v", got)
	}
}
