package planner

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/method"
	"sendplan/internal/survey"
)

// net is a resolver and authoritative servers, each with its own zones.
type net struct {
	given  *dns.Zones
	others *dns.Zones // of all servers that are not in at
	at     map[string]*dns.Zones
	fails  map[string]dns.Cause // by address
}

func (n net) Lookup(ctx context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	return n.given.Lookup(ctx, name, t)
}

func (n net) Ask(ctx context.Context, q dns.Question) (dns.Answer, error) {
	if q.Source == dns.Given {
		return n.given.Lookup(ctx, q.Key.Name, q.Key.Type)
	}
	addr := netip.MustParseAddrPort(string(q.Source)).Addr().String()
	if cause, ok := n.fails[addr]; ok {
		return dns.Answer{}, &dns.Error{Key: q.Key, Cause: cause, Server: string(q.Source)}
	}
	if z, ok := n.at[addr]; ok {
		if a := referral(z, q.Key.Name); a.Referral != nil {
			return a, nil
		}
		return z.Ask(ctx, q)
	}
	return n.others.Ask(ctx, q)
}

// referral answers for a name that the zones of a server delegate.
func referral(z *dns.Zones, name dns.Name) dns.Answer {
	a := dns.Answer{Exists: true}
	for _, apex := range z.Apexes() {
		for _, r := range z.Records(apex) {
			if r.Data.Type() == dns.TypeNS && r.Name != apex && name.Below(r.Name) {
				a.Referral = append(a.Referral, r)
			}
		}
	}
	return a
}

// pair are the servers of nordwind.example: ns1 by IPv4 and IPv6, ns2 by IPv4.
const pair = `
$ORIGIN nordwind.example.
@ 3600 IN SOA ns1 host %d 7200 3600 1209600 300
@ NS ns1
@ NS ns2
ns1 A 192.0.2.53
ns1 AAAA 2001:db8::53
ns2 A 192.0.2.54
`

const (
	before = `@ 600 TXT "v=spf1 -all"` + "\n" + `@ 600 TXT "MS=ms1"` + "\n"
	after1 = `@ 600 TXT "v=spf1 ip4:203.0.113.10 -all"` + "\n" + `@ 600 TXT "MS=ms1"` + "\n"
)

// verify verifies the plan for an inventory, by way of a survey; ns1, ns2 and the
// resolver say what is given for the zone.
func verify(t *testing.T, inventory, ns1, ns2, resolver string, change func(*net)) Standing {
	t.Helper()
	serial := func(n int) string { return fmt.Sprintf(pair, n) }
	n := net{
		given: zones(t, world(serial(1)+resolver)), others: zones(t, world(serial(1)+ns1)),
		at: map[string]*dns.Zones{
			"192.0.2.53": zones(t, serial(1)+ns1), "2001:db8::53": zones(t, serial(1)+ns1), "192.0.2.54": zones(t, serial(2)+ns2),
			"192.0.2.55": zones(t, "$ORIGIN example.\n@ 3600 IN SOA ns1 host 1 7200 3600 1209600 300\n@ NS ns1\nns1 A 192.0.2.55\n"),
		},
		fails: map[string]dns.Cause{},
	}
	if change != nil {
		change(&n)
	}
	inv := read(t, inventory)
	judge := func(r dns.Resolver) Standing { return Verify(inv, r, Options{Date: day}) }
	gathered := survey.Gather(t.Context(), referring{n}, survey.Options{}, func(r dns.Resolver) { judge(r) })
	fromSurvey, direct := judge(gathered), judge(referring{n})
	if stand(fromSurvey) != stand(direct) || len(gathered.Lacking()) > 0 {
		t.Errorf("from the survey, which lacks %v\n%s\ndirectly\n%s", gathered.Lacking(), stand(fromSurvey), stand(direct))
	}
	return direct
}

// referring answers as the server of example. does, which delegates the zone.
type referring struct{ net }

func (r referring) Ask(ctx context.Context, q dns.Question) (dns.Answer, error) {
	const zone = dns.Name("nordwind.example")
	if q.Source != "192.0.2.55:53" || !q.Key.Name.Below(zone) || r.fails["192.0.2.55"] != 0 {
		return r.net.Ask(ctx, q)
	}
	a := dns.Answer{Exists: true}
	for host, addr := range map[dns.Name]string{"ns1.nordwind.example": "192.0.2.53", "ns2.nordwind.example": "192.0.2.54"} {
		a.Referral = append(a.Referral, dns.Record{Name: zone, TTL: 60, Data: dns.NS{Host: host}}, dns.Record{Name: host, TTL: 60, Data: dns.Addr{IP: netip.MustParseAddr(addr)}})
	}
	return a, nil
}

// stand writes a standing in short lines.
func stand(s Standing) string {
	lines := []string{"live " + string(s.Live)}
	if s.Live == method.Unknown {
		lines[0] = "live unknown"
	}
	for _, one := range s.Servers {
		words := one.Addr.Addr().String()
		for _, c := range one.Lacks {
			words += " lacks " + c.Key.String()
		}
		if one.Err != nil {
			words += fmt.Sprintf(" %s remark=%v route=%v", one.Err.Cause, one.Remark, !one.NoRoute)
		}
		lines = append(lines, words)
	}
	for _, one := range s.Resolver {
		words := "resolver " + one.Key.String()
		for _, r := range one.Held {
			words += " " + r.Data.String()
		}
		if one.Err != nil {
			words += " " + one.Err.Cause.String()
		}
		lines = append(lines, words+" "+one.TTL.String())
	}
	for _, u := range s.Unknown {
		lines = append(lines, "unknown "+u.Subject+": "+u.Message)
	}
	if s.Next != nil {
		lines = append(lines, fmt.Sprintf("next of %d stages", len(s.Next.Stages)))
	}
	return strings.Join(append(lines, "wait "+s.Wait.String()), "\n")
}

func TestVerify(t *testing.T) {
	t.Parallel()
	const all = "\n192.0.2.53\n2001:db8::53\n192.0.2.54\n"
	for name, test := range map[string]struct {
		ns1, ns2, resolver string
		change             func(*net)
		want               string
	}{
		"nowhere": {before, before, before, nil,
			"live false\n192.0.2.53 lacks TXT nordwind.example\n2001:db8::53 lacks TXT nordwind.example\n192.0.2.54 lacks TXT nordwind.example\nwait 10m0s"},
		"everywhere":       {after1, after1, after1, nil, "live true" + all + "next of 0 stages\nwait 10m0s"},
		"one is still old": {after1, before, before, nil, "live false\n192.0.2.53\n2001:db8::53\n192.0.2.54 lacks TXT nordwind.example\nresolver TXT nordwind.example \"MS=ms1\" \"v=spf1 -all\" 10m0s\nnext of 0 stages\nwait 10m0s"},
		"the first is still old, the resolver asks the other": {before, after1, after1, nil,
			"live false\n192.0.2.53 lacks TXT nordwind.example\n2001:db8::53 lacks TXT nordwind.example\n192.0.2.54\nnext of 0 stages\nwait 10m0s"},
		"the resolver is behind": {after1, after1, `@ 77 TXT "v=spf1 -all"` + "\n" + `@ 77 TXT "MS=ms1"`, nil,
			"live false" + all + "resolver TXT nordwind.example \"MS=ms1\" \"v=spf1 -all\" 1m17s\nnext of 0 stages\nwait 10m0s"},
		"it holds that nothing is there": {after1, after1, `x TXT "x"`, nil, "live false" + all + "resolver TXT nordwind.example 5m0s\nnext of 0 stages\nwait 10m0s"},
		"it does not answer":             {after1, after1, ";! servfail nordwind.example. TXT\n" + after1, nil, "live unknown" + all + "resolver TXT nordwind.example SERVFAIL 0s\nnext of 0 stages\nwait 10m0s"},
		"one is silent": {after1, after1, after1, func(n *net) { n.fails["192.0.2.54"] = dns.Timeout },
			"live unknown\n192.0.2.53\n2001:db8::53\n192.0.2.54 timeout remark=false route=true\nnext of 0 stages\nwait 10m0s"},
		"one is silent and the others are old": {before, before, before, func(n *net) { n.fails["192.0.2.54"] = dns.Timeout },
			"live false\n192.0.2.53 lacks TXT nordwind.example\n2001:db8::53 lacks TXT nordwind.example\n192.0.2.54 timeout remark=false route=true\nwait 10m0s"},
		"no way by IPv6": {after1, after1, after1, func(n *net) { n.fails["2001:db8::53"] = dns.Unreachable },
			"live true\n192.0.2.53\n2001:db8::53 unreachable remark=true route=false\n192.0.2.54\nnext of 0 stages\nwait 10m0s"},
		"the first server is silent": {after1, after1, after1, func(n *net) { n.fails["192.0.2.53"], n.fails["2001:db8::53"] = dns.Timeout, dns.Timeout },
			"live unknown\n192.0.2.53 timeout remark=false route=true\n2001:db8::53 timeout remark=false route=true\n192.0.2.54\nnext of 0 stages\nwait 10m0s"},
		"silent about one set only": {after1, ";! servfail nordwind.example. TXT\n" + after1, after1, nil,
			"live unknown\n192.0.2.53\n2001:db8::53\n192.0.2.54 SERVFAIL remark=false route=true\nnext of 0 stages\nwait 10m0s"},
		"another wording of the same": {after1, strings.Replace(after1, "ip4:203.0.113.10 ", "ip4:203.0.113.10/32 ", 1), after1, nil, "live true" + all + "next of 0 stages\nwait 10m0s"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := stand(verify(t, sender, test.ns1, test.ns2, test.resolver, test.change)); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// Where a question stays open that a plan rests on, nothing is called live.
func TestVerifyInDoubt(t *testing.T) {
	t.Parallel()
	const doubt = `@ 600 TXT "v=spf1 include:deaf.nordwind.example ip4:203.0.113.10 -all"` + "\n;! servfail deaf.nordwind.example. TXT\n"
	s := verify(t, sender, doubt, doubt, doubt, nil)
	if s.Live == method.True || len(s.Unknown) == 0 && s.Servers[0].Err == nil {
		t.Errorf("%s", stand(s))
	}
}

// A zone whose servers cannot be found is no zone that has all.
func TestVerifyUnfound(t *testing.T) {
	t.Parallel()
	s := verify(t, sender, after1, after1, after1, func(n *net) { n.fails["192.0.2.55"] = dns.Timeout; n.fails["192.0.2.56"] = dns.Timeout })
	if s.Live != method.Unknown || len(s.Servers) > 0 || len(s.Unknown) == 0 || s.Next != nil {
		t.Errorf("%s", stand(s))
	}
}

// A zone below with servers of its own is looked at as well, and each zone has
// its own state.
func TestVerifyZoneBelow(t *testing.T) {
	t.Parallel()
	const cut = "_domainkey NS ns.keys\nns.keys A 192.0.2.60\n"
	const keys = "$ORIGIN _domainkey.nordwind.example.\n@ 3600 IN SOA ns.keys.nordwind.example. host 1 7200 3600 1209600 300\n@ NS ns.keys.nordwind.example.\n"
	const aliases = "selector1 CNAME selector1-nordwind-example._domainkey.nordwind.r-v1.dkim.mail.microsoft.\nselector2 CNAME selector2-nordwind-example._domainkey.nordwind.r-v1.dkim.mail.microsoft.\n"
	inventory := strings.Replace(scanner, "enabled: false", "enabled: true, status: Valid", 1)
	record := `@ 600 TXT "v=spf1 ip4:203.0.113.10 include:spf.protection.outlook.com -all"` + "\n" + cut
	for below, want := range map[string]string{
		keys:           "192.0.2.60 lacks CNAME selector1._domainkey.nordwind.example lacks CNAME selector2._domainkey.nordwind.example",
		keys + aliases: "192.0.2.60",
	} {
		s := verify(t, inventory, record, record, record+strings.ReplaceAll(below, "selector", "x"), func(n *net) { n.at["192.0.2.60"] = zones(t, below) })
		got := strings.Split(stand(s), "\n")
		if len(s.Servers) != 4 || s.Servers[3].Zone != "_domainkey.nordwind.example" || got[4] != want {
			t.Errorf("got\n%s\nwant\n%s", stand(s), want)
		}
	}
}

// Servers that answer alike share one plan.
func TestVerifyRounds(t *testing.T) {
	t.Parallel()
	for second, want := range map[string]int{after1: 1, before: 2} {
		n := net{given: zones(t, world(fmt.Sprintf(pair, 1)+after1)), others: zones(t, world(fmt.Sprintf(pair, 1)+after1)), at: map[string]*dns.Zones{"192.0.2.54": zones(t, fmt.Sprintf(pair, 9)+second)}}
		v := &verifier{inv: read(t, sender), r: referring{n}, options: Options{Date: day}}
		v.findZones()
		for v.round() {
		}
		if len(v.rounds) != want {
			t.Errorf("%d plans, want %d", len(v.rounds), want)
		}
	}
}
