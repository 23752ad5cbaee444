package check_test

import (
	"strings"
	"testing"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

// What other tools are known to judge wrongly, each with what the whole check
// says: exactly these IDs of the family, in the order of the report. The
// protocols' own packages hold the same cases to their results.

// A good domain, but for what a case adds.
const (
	peerMX    = "contoso.example. IN MX 10 mail.contoso.example.\nmail.contoso.example. IN A 192.0.2.25\n"
	peerSPF   = "contoso.example. IN TXT \"v=spf1 mx ~all\"\n"
	peerKey   = "s1._domainkey.contoso.example. IN TXT " + edKey + "\n"
	peerDMARC = "_dmarc.contoso.example. IN TXT \"v=DMARC1; p=reject; rua=mailto:d@contoso.example\"\n"
)

// repeated is text with # replaced by 1 to n.
func repeated(n int, text string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(text, "#", string(rune('a'+i))))
	}
	return b.String()
}

func TestKnownMistakesSPF(t *testing.T) {
	t.Parallel()
	own := func(text string) string { return "contoso.example. IN TXT \"" + text + "\"\n" }
	leaf := "leaf.example. IN TXT \"v=spf1 ip4:192.0.2.77 -all\"\n"
	hosts := repeated(12, "h#.example. IN A 192.0.2.7\nh#.example. IN AAAA 2001:db8::7\n")
	for _, tt := range []struct{ row, zone, want string }{
		{"nested lookups of a repeated include", own("v=spf1 include:ia.example include:ib.example include:ic.example -all") +
			repeated(3, "i#.example. IN TXT \"v=spf1 include:twice.example -all\"\n") + "twice.example. IN TXT \"v=spf1 a:ha.example a:hb.example -all\"\n" + hosts, "too-many-lookups"},
		{"repeated target by two paths", own("v=spf1 include:ia.example include:ib.example -all") + repeated(2, "i#.example. IN TXT \"v=spf1 include:leaf.example -all\"\n") + leaf, ""},
		{"limit for direct a terms", own("v=spf1"+repeated(11, " a:h#.example")+" -all") + hosts, "too-many-lookups"},
		{"limit off by one", own("v=spf1"+repeated(10, " a:h#.example")+" -all") + hosts, "many-lookups"},
		{"a/24, mx/24", own("v=spf1 a/24 mx/24 -all") + "contoso.example. IN A 192.0.2.80\n", ""},
		{"qualified include", own("v=spf1"+repeated(11, " ?include:i#.example")+" -all") + repeated(11, "i#.example. IN TXT \"v=spf1 ip4:192.0.2.1 -all\"\n"), "too-many-lookups"},
		{"terms after all", own("v=spf1 ip4:192.0.2.1 -all" + repeated(12, " include:i#.example")), strings.TrimSpace(strings.Repeat("after-all ", 12))},
		{"redirect beside all", own("v=spf1 redirect=plus.example ip4:192.0.2.1 -all") + "plus.example. IN TXT \"v=spf1 +all\"\n", "redirect-ignored"},
		{"include of a name without SPF", own("v=spf1 include:no.example -all") + "no.example. IN TXT \"hello\"\n", "include-none"},
		{"include of NXDOMAIN", own("v=spf1 include:no.example -all"), "include-none unregistered"},
		{"SERVFAIL on include", own("v=spf1 include:no.example -all") + ";! servfail no.example TXT\n", "lookup"},
		{"timeout on include", own("v=spf1 include:no.example -all") + ";! timeout no.example TXT\n", "lookup"},
		{"more than two voids", own("v=spf1 a:na.example a:nb.example a:nc.example ip4:192.0.2.1 -all"), "void-lookups unregistered unregistered unregistered"},
		{"two voids", own("v=spf1 a:na.example a:nb.example ip4:192.0.2.1 -all"), "void-term void-term unregistered unregistered"},
		{"mx with 11 hosts", own("v=spf1 mx -all") + repeated(11, "contoso.example. IN MX 20 h#.example.\n") + hosts, "mx-hosts"},
		{"unknown modifier", own("v=spf1 ra=postmaster ip4:192.0.2.1 -all"), ""},
		{"upper case", own("V=SPF1 IP4:192.0.2.1 INCLUDE:LEAF.EXAMPLE -ALL") + leaf, ""},
		{"leading blank", own(" v=spf1 -all"), "almost"},
		{"two strings in a TXT", "contoso.example. IN TXT \"v=spf1 ip4:192.0.2.1 -a\" \"ll\"\n", ""},
		{"two records", own("v=spf1 -all") + own("v=spf1 ip4:192.0.2.1 -all"), "multiple"},
		{"include loop", own("v=spf1 include:other.example -all") + "other.example. IN TXT \"v=spf1 include:contoso.example -all\"\n", "include-broken loop"},
		{"macros in include", own("v=spf1 include:%{i}._ip.%{d}._spf.vali.example -all"), ""},
		{"misspelt include", own("v=spf1 include=leaf.example ip4:192.0.2.1 -all") + leaf, "doubtful"},
		{"zero-width character", own("\\226\\128\\139v=spf1 -all"), "almost"},
		{"TXT that is not text", own("\\000\\255\\254") + own("v=spf1 ip4:192.0.2.1 -all"), ""},
		{"CNAME chain", own("v=spf1 include:ca.example -all") + "ca.example. IN CNAME cb.example.\ncb.example. IN CNAME leaf.example.\n" + leaf, ""},
		{"CNAME loop", own("v=spf1 include:ca.example -all") + "ca.example. IN CNAME cb.example.\ncb.example. IN CNAME ca.example.\n", "lookup"},
	} {
		t.Run(tt.row, func(t *testing.T) {
			t.Parallel()
			expectPeers(t, peerMX+peerKey+tt.zone, "contoso.example", "spf-", tt.want)
		})
	}
}

func TestKnownMistakesDMARC(t *testing.T) {
	t.Parallel()
	const good = "v=DMARC1; p=reject; rua=mailto:d@contoso.example"
	at := func(name, text string) string { return "_dmarc." + name + ". IN TXT \"" + text + "\"\n" }
	own := func(text string) string { return at("contoso.example", text) }
	for _, tt := range []struct {
		row    string
		domain dns.Name
		zone   string
		want   string
	}{
		{"tag order", "contoso.example", own("v=DMARC1; sp=none; p=reject; rua=mailto:d@contoso.example"), "subdomains receivers-differ"},
		{"subdomain without record", "mail.contoso.example", own(good), "inherited"},
		{"subdomain with its own record", "mail.contoso.example", own(good) + at("mail.contoso.example", "v=DMARC1; p=none; rua=mailto:d@contoso.example"), "policy-none"},
		{"tree walk", "a.mail.contoso.example", "a.mail.contoso.example. IN A 192.0.2.1\n" + own(good) + at("mail.contoso.example", "v=DMARC1; p=none"), "inherited"},
		{"two records at an ancestor", "a.mail.contoso.example", "a.mail.contoso.example. IN A 192.0.2.1\n" + own(good) + at("mail.contoso.example", "v=DMARC1; p=none") + at("mail.contoso.example", "v=DMARC1; p=quarantine"), "inherited"},
		{"two records", "contoso.example", own(good) + own("v=DMARC1; p=none"), "multiple"},
		{"SERVFAIL", "contoso.example", own(good) + ";! servfail _dmarc.contoso.example TXT\n", "lookup"},
		{"timeout", "contoso.example", own(good) + ";! timeout _dmarc.contoso.example TXT\n", "lookup"},
		{"external reports, no authorisation", "contoso.example", own("v=DMARC1; p=reject; rua=mailto:d@agg.test") + "_report._dmarc.agg.test. IN TXT \"v=DMARC1\"\nagg.test. IN A 192.0.2.9\n", "report-refused"},
		{"external reports, authorised", "contoso.example", own("v=DMARC1; p=reject; rua=mailto:d@agg.test") + "contoso.example._report._dmarc.agg.test. IN TXT \"v=DMARC1\"\nagg.test. IN A 192.0.2.9\n", ""},
		{"reports inside one organization", "contoso.example", own("v=DMARC1; p=reject; rua=mailto:d@reports.contoso.example"), ""},
		{"policy by substring: sp=reject", "contoso.example", own("v=DMARC1; p=none; sp=reject; rua=mailto:d@contoso.example"), "policy-none"},
		{"policy by substring: no semicolon", "contoso.example", own("v=DMARC1; rua=mailto:d@contoso.example; p=reject"), "receivers-differ"},
		{"organizational domain is not the last two labels", "mail.contoso.co.uk", "uk. IN SOA ns.uk. host.uk. 1 3600 900 604800 300\nmail.contoso.co.uk. IN A 192.0.2.1\n" +
			at("contoso.co.uk", "v=DMARC1; p=reject; rua=mailto:d@contoso.co.uk") + "contoso.co.uk. IN MX 10 mail.contoso.co.uk.\n", "inherited"},
		{"CNAME at _dmarc", "contoso.example", "_dmarc.contoso.example. IN CNAME contoso.hosted.test.\ncontoso.hosted.test. IN TXT \"" + good + "\"\n", "delegated"},
		{"wildcard TXT at _dmarc", "contoso.example", "*.contoso.example. IN TXT \"v=spf1 -all\"\n", "missing foreign-text"},
	} {
		t.Run(tt.row, func(t *testing.T) {
			t.Parallel()
			expectPeers(t, peerMX+peerSPF+peerKey+reportHosts+tt.zone, tt.domain, "dmarc-", tt.want)
		})
	}
}

func TestKnownMistakesDKIM(t *testing.T) {
	t.Parallel()
	const m365 = "contoso.example. IN MX 0 contoso-example.mail.protection.outlook.com.\ncontoso-example.mail.protection.outlook.com. IN A 192.0.2.25\n"
	for _, tt := range []struct{ row, zone, want string }{
		{"key without v=", peerMX + strings.ReplaceAll(peerKey, "v=DKIM1; ", ""), ""},
		{"_domainkey NOERROR proves nothing", peerMX + "x._domainkey.contoso.example. IN A 192.0.2.1\n", "not-found"},
		{"a wildcard is no key", peerMX + "*.contoso.example. IN TXT \"v=spf1 -all\"\n", "not-found wildcard"},
		{"CNAME with no target: pointing, not yet enabled", m365 + selector1 + selector2, "not-enabled"},
		{"CNAME with no target: the other one is in use", m365 + selector1 + selector2 + key1, "dormant"},
		{"M365 target of the new form", m365 + strings.ReplaceAll(selector1+selector2+key1, "contoso.onmicrosoft.com", "contoso.k-v1.dkim.mail.microsoft"), "dormant"},
		{"M365 MX of the new form", strings.ReplaceAll(m365, "mail.protection.outlook.com", "k-v1.mx.microsoft"), "microsoft-missing"},
	} {
		t.Run(tt.row, func(t *testing.T) {
			t.Parallel()
			expectPeers(t, peerSPF+peerDMARC+tt.zone, "contoso.example", "dkim-", tt.want)
		})
	}
}

func expectPeers(t *testing.T, zone string, domain dns.Name, prefix, want string) {
	t.Helper()
	var found []finding.Finding
	for _, f := range judged(t, domain, "test. IN SOA ns.test. host.test. 1 3600 900 604800 300\n"+zone) {
		if strings.HasPrefix(string(f.ID), prefix) {
			found = append(found, f)
		}
	}
	if got := idsOf(found, prefix); got != want {
		t.Errorf("got %q, want %q", got, want)
		for _, f := range found {
			t.Logf("%s %s: %s", f.ID, f.Subject, f.Message)
		}
	}
}

// TestKnownMistakesSearchList: names are absolute. A wildcard in the zone of a
// search list, or in the domain above, does not answer for another domain.
func TestKnownMistakesSearchList(t *testing.T) {
	t.Parallel()
	zones, err := dns.ParseZones(caseZones+"corp.test. IN SOA ns.corp.test. h.corp.test. 1 3600 900 604800 300\n*.corp.test. IN TXT \"v=spf1 +all\"\n", "test.zone")
	if err != nil {
		t.Fatal(err)
	}
	r, s := reportOn(zones, "fabrikam.example", check.Options{})
	if len(ofID(r.Findings, "domain-missing")) != 1 || s.Queries() == 0 {
		t.Errorf("got %+v", r.Findings)
	}
}
