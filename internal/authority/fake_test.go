package authority

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"sendplan/internal/dns"
)

const (
	top  = "192.0.2.100:53"
	one  = "192.0.2.1:53"
	two  = "192.0.2.2:53"
	six  = "[2001:db8::1]:53" // of ns1 as well
	deep = "192.0.2.9:53"
)

// givenText is what the resolver knows.
const givenText = `
. IN SOA a. b. 1 2 3 4 5
. IN NS ns.nic.example.
example. IN SOA a. b. 1 2 3 4 5
example. IN NS ns.nic.example.
ns.nic.example. IN A 192.0.2.100
ns1.host.example. IN A 192.0.2.1
ns1.host.example. IN AAAA 2001:db8::1
ns2.host.example. IN A 192.0.2.2
ns.deep.example. IN A 192.0.2.9
elsewhere. IN TXT "elsewhere"
into. IN CNAME www.contoso.example.
`

const topText = `
example. 900 IN SOA a. b. 1 2 3 4 5
example. 900 IN NS ns.nic.example.
ns.nic.example. IN A 192.0.2.100
contoso.example. IN NS ns1.host.example.
contoso.example. IN NS ns2.host.example.
fabrikam.example. IN NS ns2.host.example.
`

const contosoText = `
contoso.example. 3600 IN SOA ns1.host.example. b. 7 2 3 4 600
contoso.example. 3600 IN NS ns1.host.example.
contoso.example. 3600 IN NS ns2.host.example.
contoso.example. 300 IN TXT "v=spf1 " "-all"
contoso.example. 300 IN TXT "other"
www.contoso.example. 3600 IN TXT "public www"
alias.contoso.example. 60 IN CNAME www.contoso.example.
away.contoso.example. IN CNAME there.fabrikam.example.
a.b.contoso.example. IN A 192.0.2.80
sub.contoso.example. IN NS ns.deep.example.
*.wild.contoso.example. 120 IN TXT "wild"
*.wild.contoso.example. 120 IN MX 10 mx.contoso.example.
real.wild.contoso.example. 120 IN TXT "wild"
own.wild.contoso.example. 120 IN TXT "own"
*.links.contoso.example. 3600 IN CNAME www.contoso.example.
web.links.contoso.example. 3600 IN CNAME web.contoso.example.
`

const fabrikamText = `
fabrikam.example. 3600 IN SOA ns2.host.example. b. 7 2 3 4 600
fabrikam.example. 3600 IN NS ns2.host.example.
there.fabrikam.example. IN TXT "there"
back.fabrikam.example. IN CNAME www.contoso.example.
`

const deepText = `
sub.contoso.example. 3600 IN SOA ns.deep.example. b. 7 2 3 4 60
sub.contoso.example. 3600 IN NS ns.deep.example.
_dmarc.sub.contoso.example. IN TXT "v=DMARC1; p=none"
alias.sub.contoso.example. IN CNAME www.contoso.example.
`

// servers are a resolver and authoritative servers, each with its own zones. One
// that is not there is unreachable.
type servers struct {
	given *dns.Zones
	at    map[dns.Source]*dns.Zones
	// outcome, if it returns an error, is how a question fails.
	outcome func(dns.Question) *dns.Error
	lock    sync.Mutex
	asked   map[dns.Question]int
}

func zones(t testing.TB, text string) *dns.Zones {
	t.Helper()
	z, err := dns.ParseZones(text, "test")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// internet returns the servers of the texts above; ns1 and ns2 serve what is given.
func internet(t testing.TB, ns1, ns2 string) *servers {
	t.Helper()
	return &servers{
		given: zones(t, givenText),
		at: map[dns.Source]*dns.Zones{
			top: zones(t, topText), one: zones(t, ns1), six: zones(t, ns1), two: zones(t, ns2+fabrikamText), deep: zones(t, deepText),
		},
		asked: map[dns.Question]int{},
	}
}

func (s *servers) reader() *Reader { return New(s, Options{Own: []dns.Name{"contoso.example"}}) }

func (s *servers) Lookup(ctx context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	return s.Ask(ctx, dns.Question{Source: dns.Given, Key: dns.Key{Name: name, Type: t}})
}

func (s *servers) Ask(ctx context.Context, q dns.Question) (dns.Answer, error) {
	s.lock.Lock()
	s.asked[q]++
	s.lock.Unlock()
	if s.outcome != nil {
		if failed := s.outcome(q); failed != nil {
			return dns.Answer{}, failed
		}
	}
	if q.Source == dns.Given {
		return s.given.Lookup(ctx, q.Key.Name, q.Key.Type)
	}
	z, ok := s.at[q.Source]
	if !ok {
		return dns.Answer{}, &dns.Error{Key: q.Key, Cause: dns.Unreachable, Server: string(q.Source), Detail: "no route to host"}
	}
	for _, apex := range z.Apexes() {
		if a, ok := referral(z.Records(apex), apex, q); ok {
			return a, nil
		}
	}
	return z.Ask(ctx, q)
}

// referral answers as a server of the zone does for what it delegates.
func referral(zone []dns.Record, apex dns.Name, q dns.Question) (a dns.Answer, ok bool) {
	for _, r := range zone {
		if r.Data.Type() == dns.TypeNS && r.Name != apex && q.Key.Name.Below(r.Name) {
			a.Referral = append(a.Referral, r)
		}
	}
	a.Exists, a.Server = true, string(q.Source)
	return a, len(a.Referral) > 0
}

// without returns a failure of every question to the sources.
func without(cause dns.Cause, sources ...dns.Source) func(dns.Question) *dns.Error {
	return func(q dns.Question) *dns.Error {
		for _, s := range sources {
			if q.Source == s {
				return &dns.Error{Key: q.Key, Cause: cause, Server: string(s)}
			}
		}
		return nil
	}
}

func key(s string) dns.Key {
	typ, name, _ := strings.Cut(s, " ")
	t, _ := dns.ParseType(typ)
	return dns.Key{Name: dns.MustName(name), Type: t}
}

// lines returns records as text, one a line.
func lines(records []dns.Record) string {
	var b strings.Builder
	for _, r := range records {
		b.WriteString(r.String() + "\n")
	}
	return b.String()
}

func TestSource(t *testing.T) {
	t.Parallel()
	for _, s := range []dns.Source{top, one, two, six, deep} { // as the tests write them
		if dns.SourceAt(netip.MustParseAddrPort(string(s))) != s {
			t.Errorf("%s is no source", s)
		}
	}
}

// liar answers one question of all authoritative servers otherwise.
type liar struct {
	*servers
	key  dns.Key
	said func(dns.Question) dns.Answer
}

func (l liar) Ask(ctx context.Context, q dns.Question) (dns.Answer, error) {
	if l.outcome != nil && l.outcome(q) != nil {
		return dns.Answer{}, l.outcome(q)
	}
	if q.Key == l.key && q.Source != dns.Given && q.Source != top {
		return l.said(q), nil
	}
	return l.servers.Ask(ctx, q)
}

func addr(source string) netip.AddrPort { return netip.MustParseAddrPort(source) }
