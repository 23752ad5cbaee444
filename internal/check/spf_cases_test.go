package check

import (
	"fmt"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

// spfRR is the TXT record of contoso.example in the tests' zones.
func spfRR(text string) string { return txtAt("contoso.example.", text) }

func txtAt(name, text string) string { return fmt.Sprintf("%s IN TXT %q\n", name, text) }

const (
	mxMicrosoftRR = "contoso.example. IN MX 0 contoso-example.mail.protection.outlook.com.\n"
	mxGCCHighRR   = "contoso.example. IN MX 0 contoso.mail.protection.office365.us.\n"
	microsoftRR   = "spf.protection.outlook.com. IN TXT \"v=spf1 ip4:40.92.0.0/15 ip4:40.107.0.0/16 -all\"\n" +
		"spf.protection.office365.us. IN TXT \"v=spf1 ip4:198.51.100.128/25 -all\"\n"
	mailerRR  = "spf.mailer.example. IN TXT \"v=spf1 ip4:198.51.100.0/24 ~all\"\n"
	enforceRR = "_dmarc.contoso.example. IN TXT \"v=DMARC1; p=reject\"\n"
)

// nested is a record at name that takes n lookups below itself.
func nested(name string, n int) string {
	var terms, below strings.Builder
	for i := range n {
		fmt.Fprintf(&terms, " include:n%d.%s", i, name)
		fmt.Fprintf(&below, "n%d.%s. IN TXT \"v=spf1 ip4:198.51.100.%d ~all\"\n", i, name, i)
	}
	return txtAt(name+".", "v=spf1"+terms.String()+" ~all") + below.String()
}

// TestSPFJudgements holds what experts would say about a record: exactly these
// IDs, in the order of the report, those that passed left out.
func TestSPFJudgements(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, zone, want string
	}{
		{"good", spfRR("v=spf1 ip4:203.0.113.10 ~all"), ""},
		{"upper case is the same record", spfRR("V=SPF1 IP4:203.0.113.10 ~ALL"), ""},
		{"parked", spfRR("v=spf1 -all") + enforceRR, ""},
		{"two strings are joined without a blank", "contoso.example. IN TXT \"v=spf1 ip4:203.0.113.10 ~a\" \"ll\"\n", ""},
		{"documentation networks are fine", spfRR("v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ~all"), ""},
		{"other TXT records do not matter", spfRR("v=spf1 -all") + spfRR("MS=ms12345678"), ""},
		{"unknown modifier is ignored", spfRR("v=spf1 moo=cow ip4:203.0.113.10 ~all"), ""},
		{"redirect alone needs no all", spfRR("v=spf1 redirect=spf.mailer.example") + mailerRR, ""},

		{"the blank before all is lost", spfRR("v=spf1 ip4:203.0.113.10 include:spf.mailer.example-all") + mailerRR, "spf-include-none"},
		{"no record", "contoso.example. IN MX 10 mail.contoso.example.\n", "spf-missing"},
		{"other TXT records are no SPF", spfRR("MS=ms12345678"), "spf-missing"},
		{"two records", spfRR("v=spf1 mx -all") + spfRR("v=spf1 a -all"), "spf-multiple"},
		{"leading blank is no SPF", spfRR(" v=spf1 -all"), "spf-almost"},
		{"near miss beside a record", spfRR("v=spf1 -all") + spfRR("v=spf1;mx -all"), "spf-almost"},
		{"Sender ID beside a record is harmless", spfRR("v=spf1 -all") + spfRR("spf2.0/pra -all"), ""},
		{"Sender ID alone is no SPF", spfRR("spf2.0/pra -all"), "spf-almost"},

		{"syntax error after all", spfRR("v=spf1 ip4:203.0.113.10 -all ip4:1.2.3"), "spf-syntax spf-after-all"},
		{"a broken all is not a missing one", spfRR("v=spf1 ip4:203.0.113.10 ~all."), "spf-syntax"},
		{"syntax error in an include", spfRR("v=spf1 include:spf.mailer.example ~all") + txtAt("spf.mailer.example.", "v=spf1 ipv4:198.51.100.1 ~all"), "spf-syntax spf-include-broken"},
		{"two records in an include", spfRR("v=spf1 include:spf.mailer.example ~all") + mailerRR + txtAt("spf.mailer.example.", "v=spf1 -all"), "spf-multiple spf-include-broken"},
		{"syntax error in an include of one's own", spfRR("v=spf1 include:_spf.contoso.example ~all") + txtAt("_spf.contoso.example.", "v=spf1 ip4:1.2.3 ~all"), "spf-syntax spf-include-broken"},

		{"exactly ten are allowed", spfRR("v=spf1 include:a.example include:b.example ~all") + nested("a.example", 4) + nested("b.example", 4), "spf-many-lookups"},
		{"eleven are not", spfRR("v=spf1 include:a.example include:b.example ~all") + nested("a.example", 4) + nested("b.example", 5), "spf-too-many-lookups"},
		{"an include by two paths counts twice and is no loop", spfRR("v=spf1 include:b.example include:c.example ~all") +
			txtAt("b.example.", "v=spf1 include:spf.mailer.example ~all") + txtAt("c.example.", "v=spf1 include:spf.mailer.example ~all") + mailerRR, ""},
		{"terms after all cost nothing", spfRR("v=spf1 -all" + strings.Repeat(" a", 11)), "spf-after-all"},
		{"redirect is evaluated last", spfRR("v=spf1 redirect=a.example include:b.example") + nested("a.example", 5) + nested("b.example", 4), "spf-too-many-lookups"},

		{"NXDOMAIN in an include is no void term", spfRR("v=spf1 include:gone.example ~all"), "spf-include-none"},
		{"redirect to nothing", spfRR("v=spf1 ip4:203.0.113.10 redirect=gone.example"), "spf-include-none"},
		{"include of a name with other TXT", spfRR("v=spf1 include:mailer.example ~all") + txtAt("mailer.example.", "hello"), "spf-include-none"},
		{"three voids", spfRR("v=spf1 a:x.contoso.example a:y.contoso.example exists:z.contoso.example ~all"), "spf-void-lookups"},
		{"two voids", spfRR("v=spf1 a:x.contoso.example a:y.contoso.example ~all"), "spf-void-term"},
		{"a and mx mean the domain", spfRR("v=spf1 a/24 mx/24 ~all") + "contoso.example. IN MX 5 mail.contoso.example.\ncontoso.example. IN A 192.0.2.1\nmail.contoso.example. IN A 192.0.2.2\n", ""},
		{"loop over another name", spfRR("v=spf1 include:b.example ~all") + txtAt("b.example.", "v=spf1 include:contoso.example ~all"), "spf-include-broken spf-loop"},

		{"all without a sign", spfRR("v=spf1 all"), "spf-pass-all"},
		{"all networks", spfRR("v=spf1 ip4:0.0.0.0/0 -all"), "spf-pass-all"},
		{"both halves of the internet", spfRR("v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all"), "spf-pass-all"},
		{"all IPv6 networks", spfRR("v=spf1 ip6:2000::/3 -all"), "spf-pass-all"},
		{"+all in a nested include", spfRR("v=spf1 include:b.example -all") + txtAt("b.example.", "v=spf1 include:c.example -all") + txtAt("c.example.", "v=spf1 +all"), "spf-pass-all"},
		{"+all in an include that is no pass", spfRR("v=spf1 ip4:203.0.113.10 ?include:c.example -all") + txtAt("c.example.", "v=spf1 +all"), ""},
		{"+all through redirect", spfRR("v=spf1 redirect=c.example") + txtAt("c.example.", "v=spf1 +all"), "spf-pass-all"},
		{"an exists that always matches", spfRR("v=spf1 exists:www.contoso.example -all") + "www.contoso.example. IN A 192.0.2.1\n", "spf-pass-all"},
		{"redirect to +all beside all is ignored", spfRR("v=spf1 redirect=c.example ip4:203.0.113.10 -all") + txtAt("c.example.", "v=spf1 +all"), "spf-redirect-ignored"},
		{"+all after all has no effect", spfRR("v=spf1 -all +all"), "spf-after-all"},
		{"?all in an include says no match", spfRR("v=spf1 include:c.example -all") + txtAt("c.example.", "v=spf1 ip4:192.0.2.1 ?all"), ""},
		{"?all through redirect", spfRR("v=spf1 redirect=c.example") + txtAt("c.example.", "v=spf1 ip4:192.0.2.1 ?all"), "spf-neutral-all"},
		{"no all through redirect", spfRR("v=spf1 redirect=c.example") + txtAt("c.example.", "v=spf1 ip4:192.0.2.1"), "spf-no-all"},

		{"a with the domain's own name repeats a", spfRR("v=spf1 a a:contoso.example ~all") + "contoso.example. IN A 192.0.2.1\n", "spf-duplicate"},
		{"a with another length does not", spfRR("v=spf1 a a/24 ~all") + "contoso.example. IN A 192.0.2.1\n", ""},
		{"the same network in another spelling", spfRR("v=spf1 ip4:192.0.2.1 ip4:192.0.2.1/32 ~all"), "spf-duplicate"},
		{"the qualifier does not matter", spfRR("v=spf1 ip4:192.0.2.1 -ip4:192.0.2.1 ~all"), "spf-duplicate"},
		{"ptr in an include", spfRR("v=spf1 include:c.example ~all") + txtAt("c.example.", "v=spf1 ptr:c.example ~all"), "spf-ptr"},
		{"macro p", spfRR("v=spf1 exists:%{p}.c.example ~all"), "spf-ptr"},

		{"Microsoft by a hoster", mxMicrosoftRR + spfRR("v=spf1 include:c.example ~all") + txtAt("c.example.", "v=spf1 include:spf.protection.outlook.com ~all") + microsoftRR, ""},
		{"Microsoft by networks", mxMicrosoftRR + spfRR("v=spf1 ip4:40.92.0.0/15 ip4:40.107.0.0/16 ip4:52.100.0.0/14 ip4:104.47.0.0/17 ~all"), ""},
		{"Microsoft may hide behind macros", mxMicrosoftRR + spfRR("v=spf1 include:%{ir}.%{v}.%{d}.spf.has.c.example -all"), ""},
		{"Microsoft missing behind redirect", mxMicrosoftRR + spfRR("v=spf1 redirect=spf.mailer.example") + mailerRR, "spf-microsoft-missing"},
		{"Microsoft after all", mxMicrosoftRR + spfRR("v=spf1 -all include:spf.protection.outlook.com") + microsoftRR, "spf-after-all spf-microsoft-missing"},
		{"Microsoft not where mail arrives", spfRR("v=spf1 include:spf.protection.outlook.com ~all") + microsoftRR + "contoso.example. IN MX 10 mx.gateway.example.\n", ""},
		{"GCC High", mxGCCHighRR + spfRR("v=spf1 include:spf.protection.office365.us ~all") + microsoftRR, ""},
		{"worldwide include in GCC High", mxGCCHighRR + spfRR("v=spf1 include:spf.protection.outlook.com ~all") + microsoftRR, "spf-microsoft-missing spf-wrong-cloud"},
		{"closed German cloud", mxMicrosoftRR + spfRR("v=spf1 include:spf.protection.outlook.de ~all") + txtAt("spf.protection.outlook.de.", "v=spf1 include:spf.protection.outlook.com -all") + microsoftRR, "spf-wrong-cloud"},

		{"private and shared networks", spfRR("v=spf1 ip4:10.1.2.0/24 ip4:100.64.1.1 ip6:fd00::1 ip6:fe80::/64 ip4:127.0.0.1 ~all"), "spf-private-address"},
		{"a network around private ones is not private", spfRR("v=spf1 ip4:172.0.0.0/8 ~all"), ""},
		{"-all with DMARC p=none", spfRR("v=spf1 ip4:203.0.113.10 -all") + "_dmarc.contoso.example. IN TXT \"v=DMARC1; p=none\"\n", ""},
		{"-all with DMARC in test mode", spfRR("v=spf1 ip4:203.0.113.10 -all") + "_dmarc.contoso.example. IN TXT \"v=DMARC1; p=quarantine; t=y\"\n", ""},
		{"-all of a provider behind redirect", spfRR("v=spf1 redirect=c.example") + txtAt("c.example.", "v=spf1 ip4:192.0.2.1 -all") + enforceRR, ""},
		{"an include with a macro is not dead", spfRR("v=spf1 include:c.example ~all") + txtAt("c.example.", "v=spf1 exists:%{i}.c.example -all"), ""},
		{"redirect to a parked record is not dead", spfRR("v=spf1 redirect=c.example") + txtAt("c.example.", "v=spf1 -all"), ""},

		{"failed include: nothing is concluded", spfRR("v=spf1 include:c.example ~all") + ";! servfail c.example. TXT\n", "spf-lookup"},
		{"failed own record", ";! timeout contoso.example. TXT\n", "spf-lookup"},
		{"failed include: Microsoft may be in it", mxMicrosoftRR + spfRR("v=spf1 include:c.example ~all") + ";! servfail c.example. TXT\n", "spf-lookup"},
		{"failed MX: the domain may not exist", ";! servfail contoso.example. MX\n", ""},
		{"failed redirect: its end is not known", spfRR("v=spf1 redirect=c.example") + ";! servfail c.example. TXT\n", "spf-lookup"},
		{"a certain error weighs more than a failure", spfRR("v=spf1 include:c.example include:gone.example ~all") + ";! servfail c.example. TXT\n", "spf-lookup spf-include-none"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			found := spfFaults(t, tt.zone)
			if got := ids(found); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
				for _, f := range found {
					t.Logf("%s %s: %s", f.ID, f.Subject, f.Message)
				}
			}
		})
	}
}

// TestSPFFixes holds what the fixes of some findings say.
func TestSPFFixes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, zone string
		id         finding.ID
		want       string // part of the fix
		not        string // must not be part of it
	}{
		{"null MX", "contoso.example. IN MX 0 .\n", "spf-missing", `contoso.example. IN TXT "v=spf1 -all"`, ""},
		{"no MX", "www.contoso.example. IN A 192.0.2.1\n", "spf-missing", `contoso.example. IN TXT "v=spf1 -all"`, ""},
		{"GCC High", mxGCCHighRR, "spf-missing", `contoso.example. IN TXT "v=spf1 include:spf.protection.office365.us ~all"`, ""},
		{"failed MX", spfRR("x") + ";! servfail contoso.example. MX\n", "spf-missing", "names everything that sends", "IN TXT"},

		{"a near miss with includes", spfRR("v=spf1; include:a.example -all"), "spf-almost", `publish "v=spf1 include:a.example -all"`, "IN TXT"},
		{"receives, but says that nothing sends", mxMicrosoftRR + spfRR("v=spf1 -all"), "spf-microsoft-missing", "if mailboxes of the domain send", ""},
		{"merge keeps terms and order", spfRR("v=spf1 a mx -all") + spfRR("v=spf1 mx ip4:192.0.2.1 -all"), "spf-multiple", "ip4:192.0.2.1", ""},
		{"the milder all", spfRR("v=spf1 a -all") + spfRR("v=spf1 mx ~all"), "spf-multiple", "~all\"", "-all"},
		{"a record without terms cannot be merged", spfRR("v=spf1 a -all") + spfRR("v=spf1"), "spf-multiple", "by hand", "IN TXT"},
		{"redirect cannot be merged", spfRR("v=spf1 a -all") + spfRR("v=spf1 redirect=spf.mailer.example"), "spf-multiple", "by hand", "IN TXT"},
		{"another qualifier cannot be merged", spfRR("v=spf1 -ip4:192.0.2.1 mx -all") + spfRR("v=spf1 a -all"), "spf-multiple", "by hand", "IN TXT"},
		{"+all is not merged", spfRR("v=spf1 +all") + spfRR("v=spf1 a -all"), "spf-multiple", "by hand", "IN TXT"},
		{"unknown cost is not proposed", spfRR("v=spf1 include:a.example -all") + spfRR("v=spf1 mx -all"), "spf-multiple", "after counting the DNS lookups", "IN TXT"},
		{"too many in the union", spfRR("v=spf1 a:1.a.example a:2.a.example a:3.a.example a:4.a.example a:5.a.example a:6.a.example -all") +
			spfRR("v=spf1 a:1.b.example a:2.b.example a:3.b.example a:4.b.example a:5.b.example a:6.b.example -all"), "spf-multiple", "fewer", "IN TXT"},

		{"a name with an umlaut", spfRR("v=spf1 include:b\u00fccher.example ip4:192.0.2.1 ~all") + txtAt("xn--bcher-kva.example.", "v=spf1 -all"), "spf-syntax",
			"xn--bcher-kva\" in place of \"b\u00fccher", ""},
		{"two records in one text", spfRR("v=spf1 ip4:192.0.2.1 -all v=spf1 ip4:192.0.2.2 ~all"), "spf-doubtful", `"v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 ~all"`, ""},
		{"two records in one text, half removed", spfRR("v=spf1 ip4:192.0.2.1 -all v=spf1 ip4:192.0.2.2 ~all"), "spf-after-all", "put it before", "IN TXT"},
		{"the underscore is forgotten", spfRR("v=spf1 include:spf.google.com ~all"), "spf-include-none", "write include:_spf.google.com", "IN TXT"},
		{"a provider's neutral end", spfRR("v=spf1 redirect=spf.p.example") + txtAt("spf.p.example.", "v=spf1 ip4:192.0.2.1 ?all"), "spf-neutral-all",
			`"v=spf1 include:spf.p.example ~all"`, "operator"},
		{"a provider's missing end", spfRR("v=spf1 redirect=spf.p.example") + txtAt("spf.p.example.", "v=spf1 ip4:192.0.2.1"), "spf-no-all",
			`"v=spf1 include:spf.p.example ~all"`, "operator"},
		{"all errors are corrected at once", spfRR("v=spf1 ipv4:203.0.113.10 inlcude:spf.protection.outlook.com ~all"), "spf-syntax",
			`"v=spf1 ip4:203.0.113.10 include:spf.protection.outlook.com ~all"`, ""},
		{"no guess, no record", spfRR("v=spf1 ipv4:203.0.113.10 ip4:1.2.3 ~all"), "spf-syntax", "", "IN TXT"},
		{"somebody else's error", spfRR("v=spf1 include:c.example ~all") + txtAt("c.example.", "v=spf1 ipv4:192.0.2.1 ~all"), "spf-syntax", "ask the operator of c.example", "IN TXT"},
		{"the term of somebody else's error", spfRR("v=spf1 mx include:c.example ~all") + txtAt("c.example.", "v=spf1 ipv4:192.0.2.1 ~all") + mxMicrosoftRR, "spf-include-broken", `"v=spf1 mx ~all"`, ""},

		{"removing a repeated include is enough", spfRR("v=spf1 include:a.example include:a.example ~all") + nested("a.example", 5), "spf-too-many-lookups",
			`have no effect: contoso.example. IN TXT "v=spf1 include:a.example ~all"`, ""},
		{"without its void terms", spfRR("v=spf1 a:x.contoso.example a:y.contoso.example a:z.contoso.example ip4:192.0.2.1 ~all"), "spf-void-lookups", `"v=spf1 ip4:192.0.2.1 ~all"`, ""},
		{"voids of others are left", spfRR("v=spf1 a:x.contoso.example include:c.example ~all") + txtAt("c.example.", "v=spf1 a:x.c.example a:y.c.example a:z.c.example ~all"), "spf-void-lookups", "take the terms out", "IN TXT"},
		{"the only sender is not taken out", spfRR("v=spf1 ip4:10.0.0.1 -all"), "spf-private-address", "name the public address", "IN TXT"},
		{"nothing is useless", spfRR("v=spf1 include:a.example ~all") + nested("a.example", 11), "spf-too-many-lookups", "save at least 2", "IN TXT"},
		{"no room for Microsoft", mxMicrosoftRR + spfRR("v=spf1 include:a.example ~all") + nested("a.example", 9), "spf-microsoft-missing", "add include:spf.protection.outlook.com", "IN TXT"},
		{"Microsoft goes before redirect", mxMicrosoftRR + spfRR("v=spf1 redirect=spf.mailer.example") + mailerRR, "spf-microsoft-missing",
			`"v=spf1 include:spf.protection.outlook.com redirect=spf.mailer.example"`, ""},
		{"both clouds are there", mxGCCHighRR + spfRR("v=spf1 include:spf.protection.office365.us include:spf.protection.outlook.com ~all") + microsoftRR, "spf-wrong-cloud",
			`"v=spf1 include:spf.protection.office365.us ~all"`, ""},
		{"redirect to nothing", spfRR("v=spf1 ip4:192.0.2.1 redirect=gone.example"), "spf-include-none", `"v=spf1 ip4:192.0.2.1 ~all"`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			found := false
			for _, f := range spfFaults(t, tt.zone) {
				if f.ID != tt.id {
					continue
				}
				found = true
				if !strings.Contains(f.Fix, tt.want) || tt.not != "" && strings.Contains(f.Fix, tt.not) {
					t.Errorf("%s: fix %q, want %q and not %q", f.ID, f.Fix, tt.want, tt.not)
				}
			}
			if !found {
				t.Errorf("no %s", tt.id)
			}
		})
	}
}

// TestSPFNoDomain: of a domain that does not exist, the SPF checks say nothing.
func TestSPFNoDomain(t *testing.T) {
	t.Parallel()
	zones, err := dns.ParseZones(rootSOA, "test")
	if err != nil {
		t.Fatal(err)
	}
	if found := Judge(Look(zones, "contoso.example", Options{}), spfChecks); len(found) > 0 {
		t.Errorf("got %+v", found)
	}
}
