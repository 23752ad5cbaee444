package proof

import (
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/method"
)

// includes are n names that cost a lookup each.
func includes(n int) (terms, text string) {
	for i := range n {
		name := string(rune('a'+i)) + ".many.example"
		terms += " include:" + name
		text += txt(name, "v=spf1 ip4:203.0.113."+string(rune('0'+i%10))+" -all")
	}
	return terms, text
}

// worked are cases with their outcome: SPF, DKIM, DMARC and whether it is right.
func worked() []workedCase {
	eleven, elevenText := includes(11)
	type in = method.Input
	return []workedCase{
		{"Direct Send by a listed address", published("v=spf1 ip4:198.51.100.10 -all", reject), office("direct-send"), "pass none pass true", "aligned"},
		{"Direct Send by an address that is not listed", published("v=spf1 include:spf.protection.outlook.com -all", reject) + exchange, office("direct-send"), "fail none fail false", "-all"},
		{"p=none fails all the same", published("v=spf1 ~all", "v=DMARC1; p=none"), office("direct-send"), "softfail none fail false", "~all"},
		{"without DMARC a pass of SPF will do", txt("contoso.example", "v=spf1 ip4:198.51.100.10 -all"), office("direct-send"), "pass none none true", ""},
		{"without DMARC and without a pass", txt("contoso.example", "v=spf1 ~all"), office("direct-send"), "softfail none none false", "~all"},
		{"no SPF record", txt("_dmarc.contoso.example", reject), office("direct-send"), "none none fail false", "has no TXT record"},
		{"no SPF record, wherever it leaves from", txt("_dmarc.contoso.example", reject), office("direct-send", noSite), "none none fail false", ""},
		{"the address is not known", published("v=spf1 ip4:198.51.100.10 -all", reject), office("direct-send", noSite), "unknown none unknown unknown", "not known"},
		{"a private address proves nothing", published("v=spf1 ip4:10.0.0.5 -all", reject), office("direct-send", at("10.0.0.5/32")), "unknown none unknown unknown", "10.0.0.5"},
		{"Direct Send over IPv6 beside an ip4", published("v=spf1 ip4:198.51.100.10 -all", reject), office("direct-send", at("198.51.100.10/32", "2001:db8:1::25/128")), "depends none fail false", "2001:db8:1::25"},
		{"the last address of a block is not listed", published("v=spf1 ip4:198.51.100.0/25 -all", reject), office("direct-send", at("198.51.100.0/24")), "depends none fail false", "198.51.100.128"},
		{"every address of a small block", published("v=spf1 ip4:198.51.100.0 ip4:198.51.100.3 -all", reject), office("direct-send", at("198.51.100.0/30")), "depends none fail false", "198.51.100.1"},
		{"two SPF records", published("v=spf1 ip4:198.51.100.10 -all", reject) + txt("contoso.example", "v=spf1 -all"), office("direct-send"), "permerror none fail false", "2 SPF records"},
		{"a broken term", published("v=spf1 ip4:198.51.100.10 ip4:300.1.1.1 -all", reject), office("direct-send", noSite), "permerror none fail false", "300.1.1.1"},
		{"eleven lookups before the term", published("v=spf1"+eleven+" ip4:198.51.100.10 -all", reject) + elevenText, office("direct-send"), "permerror none fail false", ""},
		{"eleven lookups after the term", published("v=spf1 ip4:198.51.100.10"+eleven+" -all", reject) + elevenText, office("direct-send"), "pass none pass true", ""},
		{"an include that times out", published("v=spf1 include:slow.example ip4:198.51.100.10 -all", reject) + ";! timeout slow.example. TXT\n", office("direct-send"), "unknown none unknown unknown", "slow.example"},
		{"an include that times out after the term", published("v=spf1 ip4:198.51.100.10 include:slow.example -all", reject) + ";! timeout slow.example. TXT\n", office("direct-send"), "pass none pass true", ""},
		{"the policy times out", txt("contoso.example", "v=spf1 ip4:198.51.100.10 -all") + ";! timeout _dmarc.contoso.example. TXT\n", office("direct-send"), "pass none unknown unknown", "_dmarc.contoso.example"},

		{"the local part decides", published("v=spf1 exists:%{l}.users.example -all", reject) + "postmaster.users.example. A 127.0.0.2\n", office("direct-send"), "unknown none unknown unknown", "local part"},
		{"the local part decides for others only", published("v=spf1 ip4:198.51.100.10 exists:%{l}.users.example -all", reject), office("direct-send"), "pass none pass true", ""},
		{"a record too long to follow", published("v=spf1"+strings.Repeat(" ip4:1.1.1.1", 2100)+" exists:%{l}.users.example -all", reject), office("direct-send"), "unknown none unknown unknown", "too long"},
		{"no macro after all", published("v=spf1 exists:%%{l}.%{i}.users.example -all", reject), office("direct-send"), "fail none fail false", ""},
		{"the explanation may speak of the local part", published("v=spf1 -all exp=%{l}.why.example", reject), office("direct-send"), "fail none fail false", ""},
		{"HELO decides and is not known", published("v=spf1 exists:%{h}.hosts.example -all", reject), office("direct-send"), "unknown none unknown unknown", "HELO"},
		{"HELO decides and is known", published("v=spf1 exists:%{h}.hosts.example -all", reject) + "mail.contoso.example.hosts.example. A 127.0.0.2\n", office("direct-send", helo("mail.contoso.example")), "pass none pass true", ""},
		{"the null sender without HELO", published("v=spf1 ip4:198.51.100.10 -all", reject), office("direct-send", mailFrom("<>")), "unknown none unknown unknown", "HELO"},
		{"the null sender with an aligned HELO", published("v=spf1 -all", reject) + txt("printer.contoso.example", "v=spf1 ip4:198.51.100.10 -all"), office("direct-send", mailFrom("<>"), helo("printer.contoso.example")), "pass none pass true", ""},
		{"the null sender with a HELO of one label", published("v=spf1 ip4:198.51.100.10 -all", reject), office("direct-send", mailFrom("<>"), helo("printer")), "none none fail false", ""},
		{"the null sender has a local part", published("v=spf1 -all", reject) + txt("printer.contoso.example", "v=spf1 exists:%{l}.users.example -all") + "postmaster.users.example. A 127.0.0.2\n", office("direct-send", mailFrom("<>"), helo("printer.contoso.example")), "pass none pass true", ""},
		{"a reverse lookup that fails", published("v=spf1 ptr:contoso.example -all", reject) + ";! servfail 10.100.51.198.in-addr.arpa. PTR\n", office("direct-send"), "unknown none unknown unknown", "10.100.51.198.in-addr.arpa"},

		{"another MAIL FROM of the organisation", published("v=spf1 -all", reject) + txt("bounce.contoso.example", "v=spf1 ip4:198.51.100.10 -all"), office("direct-send", mailFrom("bounce.contoso.example")), "pass none pass true", "aligned"},
		{"strict alignment", published("v=spf1 -all", "v=DMARC1; p=reject; aspf=s") + txt("bounce.contoso.example", "v=spf1 ip4:198.51.100.10 -all"), office("direct-send", mailFrom("bounce.contoso.example")), "pass none fail false", "not aligned"},
		{"a foreign MAIL FROM", published("v=spf1 -all", reject) + txt("fabrikam.example", "v=spf1 ip4:198.51.100.10 -all"), office("direct-send", mailFrom("fabrikam.example")), "pass none fail false", "fabrikam.example is not aligned"},

		{"SMTP AUTH within the tenant is not judged", published("v=spf1 -all", reject), office("smtp-auth", internal), "- - - true", "no receiver judges it"},
		{"SMTP AUTH to anyone", published("v=spf1 include:spf.protection.outlook.com -all", reject) + exchange, office("smtp-auth"), "pass none pass true", "aligned"},
		{"SMTP AUTH, Microsoft not in SPF, signed", published("v=spf1 -all", reject) + exchange + microsoftKeys, office("smtp-auth", signing(method.True)), "fail pass pass true", "aligned"},
		{"DKIM published, but whether the tenant signs is not known", published("v=spf1 -all", reject) + exchange + microsoftKeys, office("smtp-auth"), "fail unknown unknown unknown", "not known"},
		{"DKIM published, but not enabled", published("v=spf1 -all", reject) + exchange + microsoftKeys, office("smtp-auth", signing(method.False)), "fail none fail false", "not enabled"},
		{"DKIM enabled, but no key", published("v=spf1 -all", reject) + exchange + microsoftAliases, office("smtp-auth", signing(method.True)), "fail fail fail false", "not-enabled"},
		{"no key, so no signature can pass", published("v=spf1 -all", reject) + exchange, office("smtp-auth"), "fail none fail false", "cannot sign"},
		{"the key cannot be asked", published("v=spf1 -all", reject) + exchange + microsoftAliases + ";! servfail selector1-contoso-example._domainkey.contoso.r-v1.dkim.mail.microsoft. TXT\n", office("smtp-auth", signing(method.True)), "fail unknown unknown unknown", "dkim.mail.microsoft"},
		{"another's key at Microsoft's selector", published("v=spf1 -all", reject) + exchange + key("selector1._domainkey.contoso.example"), office("smtp-auth", signing(method.True)), "fail unknown unknown unknown", "not where Microsoft 365 keeps"},
		{"one of Microsoft's selectors is missing", published("v=spf1 -all", reject) + exchange + "selector1._domainkey.contoso.example. CNAME selector1-contoso-example._domainkey.contoso.r-v1.dkim.mail.microsoft.\n" + key("selector1-contoso-example._domainkey.contoso.r-v1.dkim.mail.microsoft"), office("smtp-auth", signing(method.True)), "fail unknown unknown unknown", "which of the two is in use"},
		{"the key of another domain of the tenant", published("v=spf1 -all", reject) + exchange + "selector1._domainkey.contoso.example. CNAME selector1-fabrikam-example._domainkey.contoso.r-v1.dkim.mail.microsoft.\n" + key("selector1-fabrikam-example._domainkey.contoso.r-v1.dkim.mail.microsoft"), office("smtp-auth", signing(method.True)), "fail unknown unknown unknown", "not where Microsoft 365 keeps"},
		{"Microsoft's selectors swapped", published("v=spf1 -all", reject) + exchange + "selector1._domainkey.contoso.example. CNAME selector2-contoso-example._domainkey.contoso.r-v1.dkim.mail.microsoft.\nselector2._domainkey.contoso.example. CNAME selector1-contoso-example._domainkey.contoso.r-v1.dkim.mail.microsoft.\n" + key("selector1-contoso-example._domainkey.contoso.r-v1.dkim.mail.microsoft"), office("smtp-auth", signing(method.True)), "fail unknown unknown unknown", ""},
		{"the tenant's own domain", initial + key("selector1-contoso-onmicrosoft-com._domainkey.contoso.onmicrosoft.com"), fromInitial(), "fail pass pass true", ""},
		{"the tenant's own domain, no key found", initial, fromInitial(), "fail unknown unknown unknown", "missing"},
		{"Microsoft's list cannot be asked", published("v=spf1 ip4:192.0.2.0/24 -all", reject) + ";! servfail spf.protection.outlook.com. TXT\n", office("smtp-auth"), "unknown none unknown unknown", "spf.protection.outlook.com"},
		{"Microsoft listed by IPv4 only", published("v=spf1 ip4:192.0.2.0/24 -all", reject) + exchange, office("smtp-auth"), "depends none fail false", "2001:db8:365::"},
		{"the cloud is not known", published("v=spf1 include:spf.protection.outlook.com -all", reject) + exchange, office("smtp-auth", func(in *in) { in.Tenant.Cloud = "" }), "unknown unknown unknown unknown", ""},
		{"the outbound path is not known", published("v=spf1 include:spf.protection.outlook.com -all", reject) + exchange, office("smtp-auth", outbound(method.PathUnknown)), "unknown unknown unknown unknown", ""},

		{"a gateway that SPF names", published("v=spf1 include:spf.hornetsecurity.com -all", reject) + txt("spf.hornetsecurity.com", "v=spf1 ip4:203.0.113.0/24 -all") + exchange, office("smtp-auth", outbound("gateway:hornetsecurity")), "pass unknown pass true", ""},
		{"a gateway that SPF lacks", published("v=spf1 include:spf.protection.outlook.com -all", reject) + txt("spf.hornetsecurity.com", "v=spf1 ip4:203.0.113.0/24 -all") + exchange, office("smtp-auth", signing(method.False), outbound("gateway:hornetsecurity")), "fail unknown unknown unknown", "203.0.113.0"},
		{"a gateway may sign by itself", published("v=spf1 -all", reject) + txt("spf.hornetsecurity.com", "v=spf1 ip4:203.0.113.0/24 -all"), office("smtp-auth", outbound("gateway:hornetsecurity")), "fail unknown unknown unknown", "not known"},
		{"a gateway may break the signature", published("v=spf1 -all", reject) + txt("spf.hornetsecurity.com", "v=spf1 ip4:203.0.113.0/24 -all") + microsoftKeys, office("smtp-auth", signing(method.True), outbound("gateway:hornetsecurity")), "fail unknown unknown unknown", ""},
		{"a gateway of which the record names the region", published("v=spf1 include:de._netblocks.mimecast.com -all", reject) + txt("de._netblocks.mimecast.com", "v=spf1 ip4:203.0.113.0/24 -all"), office("smtp-auth", outbound("gateway:mimecast")), "pass unknown pass true", ""},
		{"a gateway of a region that is not known", published("v=spf1 -all", reject), office("smtp-auth", outbound("gateway:mimecast")), "unknown unknown unknown unknown", ""},
		{"a region that somebody else names", published("v=spf1 include:shop.com -all", reject) + txt("shop.com", "v=spf1 include:de._netblocks.mimecast.com -all") + txt("de._netblocks.mimecast.com", "v=spf1 ip4:203.0.113.0/24 -all"), office("smtp-auth", outbound("gateway:mimecast")), "unknown unknown unknown unknown", ""},
		{"a region that the domain names below itself", published("v=spf1 include:_spf.contoso.example -all", reject) + txt("_spf.contoso.example", "v=spf1 include:de._netblocks.mimecast.com -all") + txt("de._netblocks.mimecast.com", "v=spf1 ip4:203.0.113.0/24 -all"), office("smtp-auth", outbound("gateway:mimecast")), "pass unknown pass true", ""},
		{"a hoster whose region may be named where nobody answers", published("v=spf1 ip4:192.0.2.0/24 include:_spf.contoso.example -all", reject) + txt("_spf-eu.ionos.com", "v=spf1 ip4:192.0.2.0/24 ~all") + ";! timeout _spf.contoso.example. TXT\n", office("hoster:ionos"), "unknown unknown unknown unknown", "_spf.contoso.example"},
		{"Microsoft has no regions", published("v=spf1 ip4:192.0.2.0/24 ip6:2001:db8:365::/48 include:_spf.contoso.example -all", reject) + exchange + ";! timeout _spf.contoso.example. TXT\n", office("smtp-auth"), "pass none pass true", ""},
		{"a hoster of another region", published("v=spf1 include:_spf-us.ionos.com -all", reject) + txt("_spf-us.ionos.com", "v=spf1 ip4:203.0.113.0/24 ~all") + txt("_spf-eu.ionos.com", "v=spf1 ip4:192.0.2.0/24 ~all"), office("hoster:ionos"), "pass unknown pass true", ""},
		{"a gateway that lists by macro", published("v=spf1 include:spf.hornetsecurity.com -all", reject) + txt("spf.hornetsecurity.com", "v=spf1 ip4:203.0.113.0/24 exists:%{i}.list.example -all"), office("smtp-auth", outbound("gateway:hornetsecurity")), "unknown unknown unknown unknown", "exists:%{i}.list.example"},

		{"SaaS with its own return path", published("v=spf1 include:spf.brevo.com -all", reject) + txt("spf.brevo.com", "v=spf1 ip4:203.0.113.0/24 -all"), office("relay:brevo"), "unknown unknown unknown unknown", ""},
		{"SaaS with its own return path and no signature", published("v=spf1 include:spf.brevo.com -all", reject), Mail{From: []dns.Name{"contoso.example"}, Hops: []method.Hop{{Judged: method.True, Service: "brevo", MailFrom: method.MailFrom{Known: method.False}, Signer: method.Signer{Signed: method.False}}}}, "unknown none fail false", "never aligns"},
		{"SaaS with its own return path, no DMARC", txt("contoso.example", "v=spf1 -all"), Mail{From: []dns.Name{"contoso.example"}, Hops: []method.Hop{{Judged: method.True, Service: "brevo", MailFrom: method.MailFrom{Known: method.False}, Signer: method.Signer{Signed: method.False}}}}, "unknown none none unknown", ""},
		{"somebody may sign", published("v=spf1 -all", reject), Mail{From: []dns.Name{"contoso.example"}, Hops: []method.Hop{{Judged: method.True, Addresses: prefixes("198.51.100.10/32"), MailFrom: method.MailFrom{Known: method.True, Domains: []dns.Name{"contoso.example"}}}}}, "fail unknown unknown unknown", "not known"},
		{"SaaS that signs with a key of its own", published("v=spf1 -all", reject) + "s1._domainkey.contoso.example. CNAME s1.domainkey.u12345.wl123.sendgrid.net.\n" + key("s1.domainkey.u12345.wl123.sendgrid.net"), office("relay:sendgrid", signsAs("contoso.example")), "unknown pass pass true", "aligned"},
		{"SaaS whose key is not found", published("v=spf1 -all", reject), office("relay:sendgrid", signsAs("contoso.example")), "unknown unknown unknown unknown", ""},

		{"SaaS whose selectors differ by customer", published("v=spf1 -all", reject), office("relay:retarus", signsAs("contoso.example")), "unknown unknown unknown unknown", "Retarus"},
		{"SaaS whose key cannot be asked", published("v=spf1 -all", reject) + ";! servfail s1._domainkey.contoso.example. TXT\n", office("relay:sendgrid", signsAs("contoso.example")), "unknown unknown unknown unknown", "s1._domainkey.contoso.example"},
		{"SaaS with an own selector", published("v=spf1 -all", reject) + key("acme._domainkey.contoso.example"), withSelector(office("relay:sendgrid", signsAs("contoso.example")), "acme"), "unknown pass pass true", ""},

		{"a device that signs, selector not known", published("v=spf1 -all", reject), office("own-server", signsAs("contoso.example")), "fail unknown unknown unknown", "selector"},
		{"a device that signs", published("v=spf1 -all", reject) + key("dev._domainkey.contoso.example"), withSelector(office("own-server", signsAs("contoso.example")), "dev"), "fail pass pass true", ""},
		{"a device that signs for a subdomain, strict", published("v=spf1 -all", "v=DMARC1; p=reject; adkim=s") + key("dev._domainkey.mail.contoso.example"), withSelector(office("own-server", signsAs("mail.contoso.example")), "dev"), "fail pass fail false", "not aligned"},
		{"a device whose key was revoked", published("v=spf1 -all", reject) + txt("dev._domainkey.contoso.example", "v=DKIM1; p="), withSelector(office("own-server", signsAs("contoso.example")), "dev"), "fail fail fail false", "revoked"},
		{"a wildcard is a key to receivers", published("v=spf1 -all", reject) + key("*._domainkey.contoso.example"), withSelector(office("own-server", signsAs("contoso.example")), "dev"), "fail pass pass true", ""},

		{"a mail contact: the way on may be judged", published("v=spf1 ip4:198.51.100.10 -all", reject), office("direct-send", func(in *in) { in.Device.Recipients = method.OneExternal }), "unknown unknown unknown unknown", ""},
		{"via a relay that names nobody", published("v=spf1 -all", reject), office("via:gone"), "unknown unknown unknown unknown", ""},
		{"From is not known", published("v=spf1 -all", reject), office("direct-send", func(in *in) { in.Device.From = nil }), "unknown none unknown unknown", "From"},
		{"two domains, of which one lacks the address", published("v=spf1 ip4:198.51.100.10 -all", reject) + txt("fabrikam.example", "v=spf1 -all") + txt("_dmarc.fabrikam.example", reject), office("direct-send", func(in *in) { in.Device.From = append(in.Device.From, "x@fabrikam.example") }), "fail none fail false", "fabrikam.example"},
		{"two domains, each by its own MAIL FROM", published("v=spf1 ip4:198.51.100.10 -all", reject) + txt("fabrikam.example", "v=spf1 ip4:198.51.100.10 -all") + txt("_dmarc.fabrikam.example", reject), office("direct-send", func(in *in) { in.Device.From = append(in.Device.From, "x@fabrikam.example") }), "pass none pass true", ""},
	}
}

// initial is the domain that Microsoft gave to the tenant.
var initial = txt("contoso.onmicrosoft.com", "v=spf1 -all") + txt("_dmarc.contoso.onmicrosoft.com", reject) + exchange

func fromInitial() method.Input {
	in := office("smtp-auth")
	in.Device.From = []string{"scan@contoso.onmicrosoft.com"}
	in.Tenant.Signing = []method.Signing{{Domain: "contoso.onmicrosoft.com", Enabled: method.True}}
	return in
}

type workedCase struct {
	name, zone string
	mail       any // a Mail, or the method.Input that it is made of
	want, why  string
}

func (w workedCase) Mail() Mail {
	if in, ok := w.mail.(method.Input); ok {
		return mail(in)
	}
	return w.mail.(Mail)
}

func withSelector(in method.Input, selector string) Mail {
	m := mail(in)
	m.Selector = selector
	return m
}

func TestJudge(t *testing.T) {
	t.Parallel()
	for _, tc := range worked() {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := At(zones(t, tc.zone)).Judge(tc.Mail())
			if sketch(got) != tc.want {
				t.Errorf("%s, want %s: %s", sketch(got), tc.want, got.Why)
			}
			if !strings.Contains(got.Why, tc.why) {
				t.Errorf("why: %s, want %q in it", got.Why, tc.why)
			}
		})
	}
}

// Whatever question fails, no verdict becomes another certain one.
func TestFailures(t *testing.T) {
	t.Parallel()
	for _, tc := range worked() {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			z, m := zones(t, tc.zone), tc.Mail()
			base := At(z).Judge(m)
			for _, cause := range []dns.Cause{dns.ServFail, dns.NotAsked} {
				n := failing(z, m, cause, func(k dns.Key, got Outcome) { checkLoss(t, k, base, got) })
				if n == 0 && base.DMARC != NotJudged && len(m.From) > 0 {
					t.Error("nothing was asked")
				}
			}
		})
	}
}
