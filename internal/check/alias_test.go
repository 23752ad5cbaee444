package check_test

import (
	"strings"
	"testing"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

// judged returns the findings about a name in a world with contoso.example,
// passed ones left out.
func judged(t *testing.T, name dns.Name, records string) []finding.Finding {
	t.Helper()
	zones, err := dns.ParseZones(caseZones+records, "test.zone")
	if err != nil {
		t.Fatal(err)
	}
	r, _ := reportOn(zones, name, check.Options{})
	return r.Findings
}

// TestRecordsBehindAnAlias: what a mailing service publishes behind the CNAME of
// a subdomain is not the administrator's to change.
func TestRecordsBehindAnAlias(t *testing.T) {
	t.Parallel()
	const zone = "news.contoso.example. IN CNAME u1.mailer.example.\nu1.mailer.example. IN MX 10 mx.mailer.example.\n" +
		"mx.mailer.example. IN A 192.0.2.1\n_dmarc.contoso.example. IN TXT \"v=DMARC1; p=reject; rua=mailto:d@contoso.example\"\n"
	for _, record := range []string{
		"v=spf1 ip4:192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 ip4:192.0.2.1 ?all", "v=spf1 ip4:192.0.2.1 ip4:10.0.0.1 ptr -all include:x.example",
		"v=spf1 ipv4:192.0.2.1 -all", "v=spf1 ip4:192.0.2.1",
	} {
		for _, f := range judged(t, "news.contoso.example", zone+"u1.mailer.example. IN TXT \""+record+"\"\n") {
			if strings.Contains(f.Fix, "news.contoso.example. IN") {
				t.Errorf("%q: %s asks for a record beside the CNAME: %s", record, f.ID, f.Fix)
			}
		}
	}
}

func TestAliasToNowhere(t *testing.T) {
	t.Parallel()
	found := ofID(judged(t, "news.contoso.example", "news.contoso.example. IN CNAME gone.mailer.example.\n"), "domain-alias")
	if len(found) != 1 || !strings.Contains(found[0].Message, "does not exist") {
		t.Errorf("got %+v", found)
	}
}

// TestMissingSubdomain: a subdomain of one's own is no matter for the registrar.
func TestMissingSubdomain(t *testing.T) {
	t.Parallel()
	for name, want := range map[dns.Name]string{
		"printers.contoso.example": "add it to the zone contoso.example", "contosso.example": "registrar", "contoso.exampel": "registrar",
	} {
		found := ofID(judged(t, name, ""), "domain-missing")
		if len(found) != 1 || !strings.Contains(found[0].Fix, want) {
			t.Errorf("%s: got %+v, want %q", name, found, want)
		}
	}
}

// TestTenantDomain: for contoso.onmicrosoft.com Microsoft signs with selectors
// of its own, and the names above are not the tenant's.
func TestTenantDomain(t *testing.T) {
	t.Parallel()
	found := judged(t, "contoso.onmicrosoft.com", "onmicrosoft.com. IN SOA ns.test. h.test. 1 3600 900 604800 300\n"+
		"contoso.onmicrosoft.com. IN MX 0 contoso.mail.protection.outlook.com.\ncontoso.mail.protection.outlook.com. IN A 192.0.2.1\n"+
		"contoso.onmicrosoft.com. IN TXT \"v=spf1 include:spf.protection.outlook.com -all\"\nspf.protection.outlook.com. IN TXT \"v=spf1 ip4:40.92.0.0/15 -all\"\n"+
		"selector1-contoso-onmicrosoft-com._domainkey.contoso.onmicrosoft.com. IN TXT "+edKey+"\n")
	if got := idsOf(found, ""); got != "dmarc-missing" || !strings.Contains(found[0].Fix, "_dmarc.contoso.onmicrosoft.com. IN TXT") {
		t.Errorf("got %q: %+v", got, found)
	}
}
