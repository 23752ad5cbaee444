package dns

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	mdns "github.com/miekg/dns"
)

// authoritative serves one zone as name servers do: referrals for what it
// delegates, and nothing about other zones.
func authoritative(t testing.TB, zone, text string, delegations ...string) *testServer {
	t.Helper()
	z := mustZones(t, text)
	return serve(t, behaviour{udp: func(q *mdns.Msg) [][]byte {
		if q.RecursionDesired || q.AuthenticatedData {
			t.Errorf("a server was asked with RD or AD set: %v", q)
		}
		m := new(mdns.Msg).SetReply(q)
		name, _ := NameFromZone(q.Question[0].Name)
		for _, d := range delegations {
			if child := rrs(d)[0].Header().Name; mdns.IsSubDomain(child, q.Question[0].Name) {
				m.Ns = append(m.Ns, rrs(d)[0])
			}
		}
		for _, d := range delegations { // glue
			for _, ns := range m.Ns {
				if rr := rrs(d)[0]; rr.Header().Name == ns.(*mdns.NS).Ns {
					m.Extra = append(m.Extra, rr)
				}
			}
		}
		if m.Ns != nil {
			return [][]byte{pack(m)}
		}
		if !name.Below(Name(zone)) {
			m.Rcode = mdns.RcodeRefused
			return [][]byte{pack(m)}
		}
		a, err := z.Ask(context.Background(), Question{"192.0.2.1:53", Key{name, Type(q.Question[0].Qtype)}})
		if err != nil {
			t.Errorf("%v", err)
		}
		m.Authoritative = true
		if !a.Exists {
			m.Rcode = mdns.RcodeNameError
		}
		m.Answer = rrs(lines(slices.Concat(a.Chain, a.Records))...)
		if a.Negative != nil {
			m.Ns = rrs(a.Negative.String())
		}
		return [][]byte{pack(m)}
	}})
}

// internet is a top-level domain, a zone in it that the inside has too, a zone
// that it delegates, and a resolver that sees the inside.
type internet struct {
	*Network
	places Places
}

const insideText = `
. IN SOA a. b. 1 2 3 4 5
example. IN SOA a. b. 1 2 3 4 5
example. IN NS ns1.tld.
example. IN NS ns2.tld.
split.example. IN SOA dc.split.example. b. 7 2 3 4 5
split.example. IN NS dc.split.example.
split.example. IN TXT "inside"
dc.split.example. IN A 10.0.0.1
elsewhere. IN TXT "elsewhere"
into. IN CNAME www.split.example.
www.split.example. IN TXT "inside www"
`

const outsideText = `
split.example. IN SOA ns1.split.example. b. 9 2 3 4 5
split.example. IN NS ns1.split.example.
split.example. IN NS ns.provider.
split.example. IN TXT "outside"
ns1.split.example. IN A 192.0.2.1
www.split.example. IN TXT "outside www"
alias.split.example. IN CNAME www.split.example.
away.split.example. IN CNAME elsewhere.
there-and-back.split.example. IN CNAME into.
loop.split.example. IN CNAME loop.split.example.
`

func newInternet(t testing.TB) internet {
	t.Helper()
	tld := authoritative(t, "example", "example. IN SOA a. b. 1 2 3 4 5\n",
		"split.example. IN NS ns1.split.example.", "split.example. IN NS ns.hidden.example.", "ns1.split.example. IN A 192.0.2.1")
	zone := authoritative(t, "split.example", outsideText, "sub.split.example. IN NS ns.sub.split.example.", "ns.sub.split.example. IN A 192.0.2.9")
	sub := authoritative(t, "sub.split.example", "sub.split.example. IN SOA a. b. 1 2 3 4 5\n_dmarc.sub.split.example. IN TXT \"below\"\n")
	return internet{
		NewNetwork(NetworkOptions{Given: mustZones(t, insideText), Timeout: time.Second}),
		Places{
			"ns1.tld": tld.Addr, "ns2.tld": tld.Addr, "ns1.split.example": zone.Addr, "ns.provider": zone.Addr, "ns.hidden.example": zone.Addr,
			"ns.sub.split.example": sub.Addr,
		},
	}
}

func TestFindAuthority(t *testing.T) {
	t.Parallel()
	world := newInternet(t)
	for _, name := range []Name{"split.example", "deep.below.split.example", "alias.split.example"} {
		a := FindAuthority(t.Context(), world, name, world.places)
		if a.Err != nil || a.Zone != "split.example" {
			t.Fatalf("%s: %+v", name, a)
		}
		var hosts []string
		for _, s := range a.Servers {
			hosts = append(hosts, fmt.Sprint(s.Host, s.Addr == world.places[s.Host], s.Err))
		}
		// Both those of the delegation and those that the zone names.
		if got := strings.Join(hosts, " "); got != "ns.hidden.exampletrue <nil> ns.providertrue <nil> ns1.split.exampletrue <nil>" {
			t.Errorf("%s: servers %s", name, got)
		}
	}
	if a := FindAuthority(t.Context(), world, "x.sub.split.example", world.places); a.Err != nil || a.Zone != "sub.split.example" || len(a.Servers) != 1 {
		t.Errorf("a zone below: %+v", a)
	}
	if a := FindAuthority(t.Context(), world, "nobody.example", world.places); a.Err != nil || a.Zone != "example" {
		t.Errorf("a name that is not registered: %+v", a)
	}
}

// Where nobody above the zone can be asked, the servers that the user named are.
func TestFindAuthorityFromPlaces(t *testing.T) {
	t.Parallel()
	world := newInternet(t)
	places := Places{"a.other": serve(t, repliesWith()).Addr, "ns1.split.example": world.places["ns1.split.example"], "ns.provider": world.places["ns.provider"]}
	for what, inside := range map[string]string{
		"the resolver knows no top": ". IN SOA a. b. 1 2 3 4 5\n",
		"the top fails":             ". IN SOA a. b. 1 2 3 4 5\n;! servfail example NS\n",
		"the top is private":        insideText + "ns1.tld. IN A 10.0.0.53\nns2.tld. IN A 100.64.0.1\n",
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			n := NewNetwork(NetworkOptions{Given: mustZones(t, inside), Timeout: time.Second})
			a := FindAuthority(t.Context(), n, "www.split.example", places)
			if a.Err != nil || a.Zone != "split.example" || len(a.Servers) != 2 {
				t.Errorf("got %+v", a)
			}
			if a := FindAuthority(t.Context(), n, "other.example", places); a.Err == nil {
				t.Errorf("a zone that none of them serves: %+v", a)
			}
		})
	}
}

func TestFindAuthorityFails(t *testing.T) {
	t.Parallel()
	world := newInternet(t)
	for name, test := range map[string]struct {
		inside string
		places Places
		want   string
	}{
		"no top":          {". IN SOA a. b. 1 2 3 4 5\n", nil, "the resolver knows no name servers of example"},
		"top fails":       {". IN SOA a. b. 1 2 3 4 5\n;! servfail example NS\n", nil, "SERVFAIL"},
		"private top":     {insideText + "ns1.tld. IN A 10.0.0.53\nns2.tld. IN A 100.64.0.1\n", nil, "the internet cannot reach this address"},
		"no address":      {insideText, nil, "the name server has no address"},
		"refers to above": {insideText, Places{"ns1.tld": world.places["ns1.tld"], "ns1.split.example": world.places["ns1.tld"]}, "refers to those of split.example"},
		"lame":            {insideText, Places{"ns1.tld": world.places["ns1.tld"], "ns1.split.example": serve(t, repliesWith()).Addr}, "not authoritative"},
		"silent":          {insideText, Places{"ns1.tld": serve(t, silent).Addr}, "timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := NewNetwork(NetworkOptions{Given: mustZones(t, test.inside), Timeout: 100 * time.Millisecond})
			a := FindAuthority(t.Context(), n, "split.example", test.places)
			if a.Err == nil || !strings.Contains(a.Err.Error(), test.want) {
				t.Errorf("got %+v", a)
			}
		})
	}
}

func TestPublic(t *testing.T) {
	t.Parallel()
	world := newInternet(t)
	a := FindAuthority(t.Context(), world, "split.example", world.places)
	r := Public(world, a.Zone, a.Servers, world.places)
	for name, want := range map[string]string{
		"split.example":                `[] "outside"`,
		"www.split.example":            `[] "outside www"`,
		"alias.split.example":          `[www.split.example.] "outside www"`,
		"away.split.example":           `[elsewhere.] "elsewhere"`,
		"elsewhere":                    `[] "elsewhere"`,
		"into":                         `[www.split.example.] "outside www"`,
		"there-and-back.split.example": `[into. www.split.example.] "outside www"`,
		"_dmarc.sub.split.example":     `[] "below"`,
		"nothing.split.example":        `[] NXDOMAIN`,
		"ns1.split.example":            `[] nothing`,
	} {
		a, failed := lookup(t, r, name, TypeTXT)
		if failed != nil {
			t.Errorf("%s: %v", name, failed)
			continue
		}
		chain := []string{}
		for _, link := range a.Chain {
			chain = append(chain, link.Data.String())
		}
		got := fmt.Sprint(chain) + " "
		switch {
		case len(a.Records) > 0:
			got += a.Records[0].Data.String()
		case a.Exists:
			got += "nothing"
		default:
			got += "NXDOMAIN"
		}
		if got != want || a.Secure {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if _, failed := lookup(t, r, "loop.split.example", TypeTXT); failed == nil || failed.Cause != Loop {
		t.Errorf("a loop: %v", failed)
	}
}

func TestUnreached(t *testing.T) {
	t.Parallel()
	r := Unreached(mustZones(t, insideText), "split.example", &Error{Cause: Timeout, Detail: "why"})
	for _, name := range []string{"split.example", "x.split.example", "into"} {
		if _, failed := lookup(t, r, name, TypeTXT); failed == nil || failed.Cause != Timeout || failed.Detail != "why" {
			t.Errorf("%s: %v", name, failed)
		}
	}
	if _, failed := lookup(t, r, "elsewhere", TypeTXT); failed != nil {
		t.Error(failed)
	}
}

// What comes from an authoritative server is not taken for more than it says.
func TestReadDirect(t *testing.T) {
	t.Parallel()
	ask := func(edit func(m *mdns.Msg)) (Answer, *Error) {
		s := serve(t, says(func(m *mdns.Msg) { m.RecursionAvailable, m.Authoritative = false, true; edit(m) }))
		n := NewNetwork(NetworkOptions{Given: mustZones(t, insideText), Timeout: time.Second})
		a, err := n.Ask(t.Context(), Question{SourceAt(s.Addr), Key{"a.example", TypeTXT}})
		return a, AsError(err)
	}
	for name, test := range map[string]struct {
		edit func(m *mdns.Msg)
		want string
	}{
		"records":             {func(m *mdns.Msg) { m.Answer = rrs(`a.example. 1 IN TXT "x"`) }, "1 records"},
		"alias, not followed": {func(m *mdns.Msg) { m.Answer = rrs("a.example. 1 IN CNAME b.example.", `b.example. 1 IN TXT "x"`) }, "1 links"},
		"alias to nothing":    {func(m *mdns.Msg) { m.Answer = rrs("a.example. 1 IN CNAME b.example."); m.Rcode = 3 }, "1 links"},
		"nothing":             {func(m *mdns.Msg) { m.Ns = rrs(soaLine) }, "exists"},
		"NXDOMAIN":            {func(m *mdns.Msg) { m.Ns = rrs(soaLine); m.Rcode = 3 }, "nothing"},
		"referral":            {func(m *mdns.Msg) { m.Authoritative = false; m.Ns = rrs("a.example. 1 IN NS ns.example.") }, "1 referred"},
		"referral with glue": {func(m *mdns.Msg) {
			m.Ns = rrs("example. 1 IN NS ns.example.")
			m.Extra = rrs("ns.example. 1 IN A 192.0.2.1", "other.example. 1 IN A 192.0.2.2")
		}, "2 referred"},
		"referral upwards":      {func(m *mdns.Msg) { m.Ns = rrs(". 1 IN NS ns.example.") }, "not authoritative"},
		"referral aside":        {func(m *mdns.Msg) { m.Ns = rrs("b.example. 1 IN NS ns.example.") }, "not authoritative"},
		"referral to two zones": {func(m *mdns.Msg) { m.Ns = rrs("example. 1 IN NS ns.example.", "a.example. 1 IN NS ns.example.") }, "not authoritative"},
		"not authoritative":     {func(m *mdns.Msg) { m.Authoritative = false; m.Answer = rrs(`a.example. 1 IN TXT "x"`) }, "not authoritative"},
		"no authority on NXDOMAIN": {func(m *mdns.Msg) {
			m.Authoritative, m.Rcode = false, 3
			m.Ns = rrs(soaLine)
		}, "not authoritative"},
		"alias and more":       {func(m *mdns.Msg) { m.Answer = rrs("a.example. 1 IN CNAME b.example.", `a.example. 1 IN TXT "x"`) }, "malformed answer"},
		"NXDOMAIN and records": {func(m *mdns.Msg) { m.Answer = rrs(`a.example. 1 IN TXT "x"`); m.Rcode = 3 }, "malformed answer"},
		"another's records":    {func(m *mdns.Msg) { m.Answer = rrs(`b.example. 1 IN TXT "x"`) }, "malformed answer"},
		"refused":              {func(m *mdns.Msg) { m.Rcode = mdns.RcodeRefused }, "REFUSED"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, failed := ask(test.edit)
			got := "nothing"
			switch {
			case failed != nil:
				got = failed.Cause.String()
			case len(a.Records) > 0:
				got = fmt.Sprint(len(a.Records), " records")
			case len(a.Chain) > 0:
				got = fmt.Sprint(len(a.Chain), " links")
			case len(a.Referral) > 0:
				got = fmt.Sprint(len(a.Referral), " referred")
			case a.Exists:
				got = "exists"
			}
			if got != test.want {
				t.Errorf("got %s, want %s (%v)", got, test.want, failed)
			}
		})
	}
}

func TestAt(t *testing.T) {
	t.Parallel()
	plain := alwaysFails(ServFail) // a Resolver and no Asker
	if _, failed := lookup(t, At(plain, Given), "a.example", TypeA); failed == nil || failed.Cause != ServFail {
		t.Errorf("given: %v", failed)
	}
	for _, source := range []Source{Trusted, "192.0.2.1:53"} {
		if _, failed := lookup(t, At(plain, source), "a.example", TypeA); failed == nil || failed.Cause != Unreachable {
			t.Errorf("%s: %v", source, failed)
		}
	}
	n := NewNetwork(NetworkOptions{Given: mustZones(t, insideText)})
	for _, source := range []Source{Trusted, "nobody"} {
		if _, failed := lookup(t, At(n, source), "a.example", TypeA); failed == nil || failed.Cause != Unreachable {
			t.Errorf("%s: %v", source, failed)
		}
	}
	n = NewNetwork(NetworkOptions{Given: plain, Trusted: mustZones(t, insideText)})
	if a, failed := lookup(t, At(NewCache(NewRecorder(n)), Trusted), "elsewhere", TypeTXT); failed != nil || len(a.Records) != 1 {
		t.Errorf("%+v, %v", a, failed)
	}
}

func TestPrivateAddr(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"10.1.2.3": true, "172.16.0.1": true, "172.32.0.1": false, "192.168.7.7": true, "100.64.0.1": true, "100.128.0.1": false,
		"127.0.0.1": true, "169.254.1.1": true, "::1": true, "fd00::1": true, "fe80::1": true, "::ffff:10.0.0.1": true, "0.0.0.0": true,
		"192.0.2.1": false, "2001:db8::1": false, "8.8.8.8": false, "224.0.0.1": true,
	} {
		if got := PrivateAddr(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
