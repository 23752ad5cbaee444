package realserver_test

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/dns/realserver"
	"sendplan/internal/finding"
	"sendplan/internal/survey"
)

const (
	registry = `$TTL 3600
.                IN SOA ns.registry.example. host.registry.example. 1 7200 900 1209600 300
.                IN NS  ns.registry.example.
example.         IN SOA ns.registry.example. host.registry.example. 1 7200 900 1209600 300
example.         IN NS  ns.registry.example.
ns.registry.example. IN A 192.0.2.53
contoso.example. IN NS  ns1.contoso.example.
contoso.example. IN NS  ns2.contoso.example.
ns1.contoso.example. IN A 192.0.2.1
ns2.contoso.example. IN A 192.0.2.2
`
	insideContoso = `$TTL 3600
contoso.example. IN SOA dc1.contoso.example. host.contoso.example. 41 7200 900 1209600 300
contoso.example. IN NS  dc1.contoso.example.
dc1.contoso.example. IN A 10.1.0.1
contoso.example. IN MX  10 dc1.contoso.example.
`
	publicContoso = `$TTL 3600
contoso.example. IN SOA ns1.contoso.example. host.contoso.example. 7 7200 900 1209600 300
contoso.example. IN NS  ns1.contoso.example.
contoso.example. IN NS  ns2.contoso.example.
ns1.contoso.example. IN A 192.0.2.1
ns2.contoso.example. IN A 192.0.2.2
contoso.example. IN MX  10 mail.contoso.example.
mail.contoso.example. IN A 192.0.2.25
contoso.example. IN TXT "v=spf1 mx ~all"
_dmarc.contoso.example. IN NS ns.reports.contoso.example.
ns.reports.contoso.example. IN A 192.0.2.3
`
	reports = `$TTL 3600
_dmarc.contoso.example. IN SOA ns.reports.contoso.example. host.contoso.example. 1 7200 900 1209600 300
_dmarc.contoso.example. IN NS  ns.reports.contoso.example.
_dmarc.contoso.example. IN TXT "v=DMARC1; p=reject; rua=mailto:d@contoso.example"
`
)

// A resolver that shows an inside zone, and real servers for the registry, the
// public zone and a zone that it delegates: the public view is found by
// referrals and judged.
func TestSplitDNS(t *testing.T) {
	t.Parallel()
	for _, kind := range realserver.Kinds {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			start := func(text string) netip.AddrPort {
				zones, err := dns.ParseZones(text, string(kind))
				if err != nil {
					t.Fatal(err)
				}
				return realserver.Authority(t, kind, zones).Addr
			}
			top, public := start(registry), start(publicContoso)
			places := dns.Places{"ns.registry.example": top, "ns1.contoso.example": public, "ns2.contoso.example": public, "ns.reports.contoso.example": start(reports)}
			resolver := realserver.Resolver(t, map[dns.Name]netip.AddrPort{dns.Root: top, "example": top, "contoso.example": start(insideContoso)})
			client, err := dns.NewClient(dns.ClientOptions{Servers: []dns.Server{{Transport: dns.UDP, Addr: resolver.Addr}}, Timeout: 4 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			network := dns.NewCache(dns.NewNetwork(dns.NetworkOptions{Given: client, Timeout: 4 * time.Second}))
			opts := check.Options{Nameservers: places, Authoritative: true, NoHTTPS: true}
			s := check.Gather(t.Context(), network, "contoso.example", opts, survey.Options{})
			judge(t, check.Examine(s, "contoso.example", opts, nil))
		})
	}
}

func judge(t *testing.T, r check.Report) {
	t.Helper()
	has := func(id finding.ID, status finding.Status) bool {
		return slices.ContainsFunc(append(r.Findings, r.Passed...), func(f finding.Finding) bool { return f.ID == id && f.Status == status })
	}
	if !has("split-dns", finding.Fail) || r.Domain.View.Judged != check.JudgedPublic {
		t.Errorf("the inside view was not noticed: %+v", r.Domain.View)
	}
	for _, id := range []finding.ID{"ns-differ", "ns-lag", "ns-silent", "spf-missing"} {
		if !has(id, finding.Pass) {
			t.Errorf("%s does not pass", id)
		}
	}
	if d := r.Domain; d.SPFText() != "v=spf1 mx ~all" || d.DMARC.Policy.String() != "reject" || d.Exchange.Hosts[0].Name != "mail.contoso.example" {
		t.Errorf("not the public view: %q, %s, %v", d.SPFText(), d.DMARC.Policy, d.Exchange.Hosts)
	}
	if a := r.Domain.Authority; a == nil || a.Zone != "contoso.example" || len(a.Servers) != 2 {
		t.Errorf("authority %+v", a)
	}
	for _, f := range r.Findings {
		if f.Status == finding.Unknown {
			t.Errorf("%s: %s: %v", f.ID, f.Message, f.Cause)
		}
	}
}
