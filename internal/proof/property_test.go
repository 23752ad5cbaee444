package proof

import (
	"testing"

	"pgregory.net/rapid"

	"sendplan/internal/dns"
	"sendplan/internal/method"
)

// draw makes a zone and a mail from parts that matter to each other.
func draw(t *rapid.T) (text string, m Mail) {
	term := rapid.SampledFrom([]string{
		"ip4:198.51.100.10", "ip4:192.0.2.0/24", "ip4:192.0.2.0/25", "ip6:2001:db8::/32", "-ip4:198.51.100.10", "include:spf.protection.outlook.com",
		"include:part.example", "include:none.example", "a:host.example", "mx", "exists:%{i}.list.example", "exists:%{l}.list.example", "exists:%{h}.list.example",
		"ptr", "-ptr:contoso.example", "exists:%{p}.list.example", "redirect=part.example", "bad:term", "?include:part.example", "include:contoso.example",
	})
	end := rapid.SampledFrom([]string{"-all", "~all", "?all", "+all", ""})
	record := func(label string) string {
		r := "v=spf1"
		for _, s := range rapid.SliceOfN(term, 0, 4).Draw(t, label) {
			r += " " + s
		}
		return r + " " + end.Draw(t, label+" end")
	}
	text = txt("contoso.example", record("record")) + txt("part.example", record("part")) + txt("sub.contoso.example", record("sub")) + exchange +
		"host.example. A 198.51.100.10\nhost.example. AAAA 2001:db8::10\ncontoso.example. MX 10 host.example.\n" +
		"10.100.51.198.in-addr.arpa. PTR host.contoso.example.\nhost.contoso.example. A 198.51.100.10\n" +
		"198.51.100.10.list.example. A 127.0.0.2\nhost.contoso.example.list.example. A 127.0.0.2\n"
	if rapid.Bool().Draw(t, "two records") {
		text += txt("sub.contoso.example", "v=spf1 -all")
	}
	for _, at := range []string{"contoso.example", "sub.contoso.example"} {
		if p := rapid.SampledFrom([]string{"", "p=reject", "p=none", "p=reject; aspf=s", "p=reject; adkim=s; pct=0", "p=quarantine; sp=none; psd=n"}).Draw(t, "policy of "+at); p != "" {
			text += txt("_dmarc."+at, "v=DMARC1; "+p)
		}
	}
	text += rapid.SampledFrom([]string{"", microsoftAliases, microsoftKeys}).Draw(t, "keys")
	text += rapid.SampledFrom([]string{"", key("dev._domainkey.contoso.example"), txt("dev._domainkey.contoso.example", "v=DKIM1; p=")}).Draw(t, "own key")
	return text, drawMail(t)
}

func drawMail(t *rapid.T) Mail {
	in := office(rapid.SampledFrom([]method.ID{"direct-send", "smtp-auth", "own-server", "relay:sendgrid", "hoster:ionos"}).Draw(t, "method"))
	in.Device.From = rapid.SampledFrom([][]string{{"x@contoso.example"}, {"x@sub.contoso.example"}, {"x@contoso.example", "y@sub.contoso.example"}}).Draw(t, "from")
	in.Device.MailFrom = rapid.SampledFrom([]string{"", "<>", "sub.contoso.example", "part.example"}).Draw(t, "mail from")
	in.Device.HELO = rapid.SampledFrom([]dns.Name{"", "contoso.example", "host.contoso.example"}).Draw(t, "helo")
	in.Device.SignsAs = rapid.SampledFrom([]dns.Name{"", "contoso.example"}).Draw(t, "signs")
	in.Tenant.Signing = []method.Signing{{Domain: "contoso.example", Enabled: rapid.SampledFrom([]method.Truth{method.Unknown, method.True, method.False}).Draw(t, "enabled")}}
	in.Tenant.Outbound = rapid.SampledFrom([]method.Path{method.PathDirect, method.PathUnknown, "gateway:hornetsecurity"}).Draw(t, "outbound")
	in.Site.Addresses = prefixes(rapid.SampledFrom([][]string{nil, {"198.51.100.10/32"}, {"198.51.100.8/29", "2001:db8::10/128"}}).Draw(t, "addresses")...)
	m := mail(in)
	m.Selector = rapid.SampledFrom([]string{"", "dev"}).Draw(t, "selector")
	return m
}

// Whatever question fails, no verdict becomes another certain one, and Right
// never says more than the verdicts.
func TestFailureProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text, m := draw(t)
		z := zones(t, text)
		base := At(z).Judge(m)
		if base.DMARC == Fail && base.Right == method.True || base.DMARC == Pass && base.Right != method.True {
			t.Errorf("right is %q with DMARC %s", base.Right, base.DMARC)
		}
		failing(z, m, dns.Timeout, func(k dns.Key, got Outcome) { checkLoss(t, k, base, got) })
	})
}
