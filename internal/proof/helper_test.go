package proof

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/method"
	"sendplan/internal/provider"
)

// tester is what testing.T and rapid.T have in common.
type tester interface {
	Helper()
	Errorf(string, ...any)
	Fatal(...any)
}

// apexes are the zones of all tests: what is not below them does not exist.
var apexes = []string{
	"example.", "com.", "eu.", "email.", "microsoft.", "net.", "org.", "in-addr.arpa.", "ip6.arpa.",
}

func zones(t tester, text string) *dns.Zones {
	t.Helper()
	soa := ""
	for _, apex := range apexes {
		soa += apex + " 60 IN SOA ns.example. host.example. 1 60 60 60 60\n"
	}
	z, err := dns.ParseZones(soa+text, "test")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// txt is one TXT record in zone text, in strings of a length that is allowed.
func txt(name, text string) string {
	line := name + ". TXT"
	for part := range slices.Chunk([]byte(text), 255) {
		line += fmt.Sprintf(" %q", part)
	}
	return line + "\n"
}

// published is an SPF record at contoso.example, with a DMARC policy.
func published(record, policy string) string {
	return txt("contoso.example", record) + txt("_dmarc.contoso.example", policy)
}

const reject = "v=DMARC1; p=reject"

// exchange is what stands at Microsoft's include in these tests.
var exchange = txt("spf.protection.outlook.com", "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8:365::/48 -all")

// microsoftKeys publishes both selectors, of which the first has a key.
const microsoftAliases = "selector1._domainkey.contoso.example. CNAME selector1-contoso-example._domainkey.contoso.r-v1.dkim.mail.microsoft.\n" +
	"selector2._domainkey.contoso.example. CNAME selector2-contoso-example._domainkey.contoso.r-v1.dkim.mail.microsoft.\n"

var microsoftKeys = microsoftAliases + key("selector1-contoso-example._domainkey.contoso.r-v1.dkim.mail.microsoft")

// key publishes a usable key (RFC 8463 §A.2).
func key(name string) string {
	return txt(name, "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
}

// office is a scanner at a site with a fixed address and a tenant that sends by
// itself.
func office(m method.ID, changes ...func(*method.Input)) method.Input {
	in := method.Input{
		Device: method.Device{Name: "scanner", Method: m, From: []string{"scan@contoso.example"}, Recipients: method.Anyone},
		Site:   method.Site{Name: "hq", Addresses: prefixes("198.51.100.10/32"), Static: method.True},
		Tenant: method.Tenant{Cloud: provider.Worldwide, Outbound: method.PathDirect},
	}
	for _, change := range changes {
		change(&in)
	}
	return in
}

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

func mail(in method.Input) Mail {
	return Mail{From: in.Device.FromDomains(), Hops: method.Route(in, in.Device.Method)}
}

// sketch is an outcome in short: SPF, DKIM, DMARC and Right.
func sketch(o Outcome) string {
	show := func(s string) string {
		if s == "" {
			return "-"
		}
		return s
	}
	right := string(o.Right)
	if o.Right == method.Unknown {
		right = "unknown"
	}
	return strings.Join([]string{show(string(o.SPF)), show(string(o.DKIM)), show(string(o.DMARC)), right}, " ")
}

// changes of an office.

func signing(enabled method.Truth) func(*method.Input) {
	return func(in *method.Input) {
		in.Tenant.Signing = []method.Signing{{Domain: "contoso.example", Enabled: enabled}}
	}
}

func mailFrom(s string) func(*method.Input) {
	return func(in *method.Input) { in.Device.MailFrom = s }
}

func outbound(p method.Path) func(*method.Input) {
	return func(in *method.Input) { in.Tenant.Outbound = p }
}

func at(addresses ...string) func(*method.Input) {
	return func(in *method.Input) { in.Site.Addresses = prefixes(addresses...) }
}

func helo(n dns.Name) func(*method.Input) {
	return func(in *method.Input) { in.Device.HELO = n }
}

func signsAs(n dns.Name) func(*method.Input) {
	return func(in *method.Input) { in.Device.SignsAs = n }
}

func internal(in *method.Input) { in.Device.Recipients = method.Internal }

func noSite(in *method.Input) { in.Site = method.Site{} }

// recorder notes the questions, and fails one of them.
type recorder struct {
	base  dns.Resolver
	asked []dns.Key
	fail  dns.Key
	cause dns.Cause
}

func (r *recorder) Lookup(ctx context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	k := dns.Key{Name: name, Type: t}
	if !slices.Contains(r.asked, k) {
		r.asked = append(r.asked, k)
	}
	if k == r.fail {
		return dns.Answer{}, &dns.Error{Key: k, Cause: r.cause, Server: "test"}
	}
	return r.base.Lookup(ctx, name, t)
}

// failing turns each question of a mail into a failure, one at a time, and hands
// the outcome to see.
func failing(r dns.Resolver, m Mail, cause dns.Cause, see func(dns.Key, Outcome)) int {
	all := &recorder{base: r}
	At(all).Judge(m)
	for _, k := range all.asked {
		see(k, At(&recorder{base: r, fail: k, cause: cause}).Judge(m))
	}
	return len(all.asked)
}

// check holds an outcome against the one that it may only lose certainty from.
func checkLoss(t tester, k dns.Key, base, got Outcome) {
	t.Helper()
	lose := func(what string, before, after Verdict) {
		if after != before && after != Unknown {
			t.Errorf("%s fails: %s was %q and is %q", k, what, before, after)
		}
	}
	lose("SPF", base.SPF, got.SPF)
	lose("DKIM", base.DKIM, got.DKIM)
	lose("DMARC", base.DMARC, got.DMARC)
	if got.Right != base.Right && got.Right != method.Unknown {
		t.Errorf("%s fails: right was %q and is %q", k, base.Right, got.Right)
	}
	if got.Right == method.Unknown && base.Right != method.Unknown && got.Err == nil {
		t.Errorf("%s fails: right is not known, and no failure is named: %s", k, got.Why)
	}
	for i, h := range got.Hops {
		lose("SPF of a hop", base.Hops[i].SPF, h.SPF)
		lose("DKIM of a hop", base.Hops[i].DKIM, h.DKIM)
		lose("DMARC of a hop", base.Hops[i].DMARC, h.DMARC)
	}
}

var _ tester = (*testing.T)(nil)
