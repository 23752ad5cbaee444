package check_test

import (
	"context"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

// asker is a resolver that can be asked as any server.
type asker interface {
	dns.Resolver
	dns.Asker
}

// views is what a resolver says, and what servers say that see other zones.
type views struct {
	*dns.Zones
	at map[dns.Source]*dns.Zones
}

// Ask asks the zones of the source, if it has its own.
func (v views) Ask(ctx context.Context, q dns.Question) (dns.Answer, error) {
	if zones, ok := v.at[q.Source]; ok {
		return zones.Ask(ctx, q)
	}
	return v.Zones.Ask(ctx, q)
}

// viewMark begins the zones of one server in an example. What stands before the
// first is what the resolver and all other servers say.
const viewMark = "; asked directly, "

// parseViews reads the zones of an example.
func parseViews(t testing.TB, text, file string) asker {
	t.Helper()
	parts := strings.Split(text, viewMark)
	zones := make([]*dns.Zones, len(parts))
	at := make(map[dns.Source]*dns.Zones)
	for i, part := range parts {
		heading, rest := "", part
		if i > 0 {
			heading, rest, _ = strings.Cut(part, "\n")
		}
		var err error
		if zones[i], err = dns.ParseZones(rest, file); err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			at[dns.Source(strings.TrimSuffix(heading, " says:")+":53")] = zones[i]
		}
	}
	if len(at) == 0 {
		return zones[0]
	}
	return views{zones[0], at}
}

// split is a network with a zone of its own for contoso.example: the resolver
// answers for that from inside and for all other names, as all servers that are
// asked directly do, from the world.
type split struct {
	inside *dns.Zones
	world  asker
}

func (s split) Lookup(ctx context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	return s.Ask(ctx, dns.Question{Key: dns.Key{Name: name, Type: t}})
}

func (s split) Ask(ctx context.Context, q dns.Question) (dns.Answer, error) {
	if q.Source == dns.Given && (q.Key.Name.Below("contoso.example") || q.Key.Type == dns.TypeNS && (q.Key.Name == dns.Root || q.Key.Name == "example") || q.Key.Name == "a.root-servers.example") {
		return s.inside.Ask(ctx, q)
	}
	return s.world.Ask(ctx, q)
}

// insideZone has everything wrong that can be wrong inside, and the servers of
// the root, from which the public view is found.
const insideZone = `;! signed .
.                IN SOA a.root-servers.example. host.example. 1 3600 900 604800 300
.                IN NS  a.root-servers.example.
a.root-servers.example. IN A 192.0.2.250
contoso.example. IN SOA dc1.contoso.example. host.contoso.example. 99 3600 900 604800 300
contoso.example. IN NS  dc1.contoso.example.
dc1.contoso.example. IN A 10.0.0.1
contoso.example. IN MX  10 gone.contoso.example.
contoso.example. IN TXT "v=spf1 +all"
contoso.example. IN TXT "v=spf1 include:gone.contoso.example ?all"
_dmarc.contoso.example. IN TXT "v=DMARC1; p=none; pct=x"
*._domainkey.contoso.example. IN CNAME gone.contoso.example.
`

// TestInsideViewIsNotJudged: with any example as the public view, the findings
// are those about the example, whatever the inside zone holds; and when the
// public view cannot be asked, there are none but unknown ones.
func TestInsideViewIsNotJudged(t *testing.T) {
	t.Parallel()
	inside, err := dns.ParseZones(insideZone, "inside")
	if err != nil {
		t.Fatal(err)
	}
	for name, ex := range examples(t) {
		if ex.Options.Authoritative || strings.HasPrefix(name, "split-dns/") || !ex.Domain.Below("contoso.example") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report, s := reportOn(split{inside, ex.Zones}, ex.Domain, ex.Options)
			if lacking := s.Lacking(); len(lacking) > 0 {
				t.Errorf("the survey lacks %v", lacking)
			}
			want := accusations(judge(ex.Zones, ex))
			for a, n := range accusations(report.Findings) {
				if a.ID != "split-dns" && want[a] != n {
					t.Errorf("%s fails %d times about %s, in the public view alone %d times", a.ID, n, a.Subject, want[a])
				}
			}
			for a, n := range want {
				// Authorities do not validate, and web servers are found by the resolver.
				untold := a.ID == "dane-insecure" || strings.HasPrefix(string(a.ID), "mta-sts-")
				if got := accusations(report.Findings)[a]; got != n && !untold {
					t.Errorf("%s fails %d times about %s, in the public view alone %d times", a.ID, got, a.Subject, n)
				}
			}
			alone, _ := reportOn(split{inside, nobody{ex.Zones}}, ex.Domain, ex.Options)
			if found := byID(alone, "split-dns"); len(found) != 1 || found[0].Status != finding.Unknown {
				t.Errorf("without the public view: %+v", found)
			}
			for _, f := range alone.Findings {
				if f.Status == finding.Fail && f.Subject.Below("contoso.example") {
					t.Errorf("without the public view %s fails about %s: %s", f.ID, f.Subject, f.Message)
				}
			}
		})
	}
}

// nobody answers nobody who asks it as an authority.
type nobody struct{ asker }

func (n nobody) Ask(ctx context.Context, q dns.Question) (dns.Answer, error) {
	if q.Source != dns.Given {
		return dns.Answer{}, &dns.Error{Key: q.Key, Cause: dns.Timeout, Server: string(q.Source)}
	}
	return n.asker.Ask(ctx, q)
}
