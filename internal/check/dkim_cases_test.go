package check_test

import (
	"strings"
	"testing"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

const (
	caseZones = ". IN SOA ns.example. host.example. 1 3600 900 604800 300\n" +
		"contoso.example. IN SOA ns.contoso.example. host.contoso.example. 1 3600 900 604800 300\n"
	microsoftMX  = "contoso.example. IN MX 0 contoso-example.mail.protection.outlook.com.\n"
	microsoftSPF = "contoso.example. IN TXT \"v=spf1 include:spf.protection.outlook.com -all\"\n"
	parkedSPF    = "contoso.example. IN TXT \"v=spf1 -all\"\n"
	sendingSPF   = "contoso.example. IN TXT \"v=spf1 ip4:192.0.2.10 -all\"\n"

	selector1 = "selector1._domainkey.contoso.example. IN CNAME selector1-contoso-example._domainkey.contoso.onmicrosoft.com.\n"
	selector2 = "selector2._domainkey.contoso.example. IN CNAME selector2-contoso-example._domainkey.contoso.onmicrosoft.com.\n"
	key1      = "selector1-contoso-example._domainkey.contoso.onmicrosoft.com. IN TXT " + edKey + "\n"
	key2      = "selector2-contoso-example._domainkey.contoso.onmicrosoft.com. IN TXT " + edKey + "\n"
	edKey     = `"v=DKIM1; k=ed25519; p=XZ5JMEj017TS0XL3LKXODzovY+aeAVNN2ovZ6P8HKtY="`
)

// family returns the findings about contoso.example whose IDs start with prefix,
// passed ones left out.
func family(t *testing.T, records, prefix string, opts check.Options) []finding.Finding {
	t.Helper()
	zones, err := dns.ParseZones(caseZones+records, "test.zone")
	if err != nil {
		t.Fatal(err)
	}
	var found []finding.Finding
	for _, f := range check.Judge(check.Look(zones, "contoso.example", opts), check.All) {
		if f.Status != finding.Pass && strings.HasPrefix(string(f.ID), prefix) {
			found = append(found, f)
		}
	}
	return found
}

// idsOf returns the IDs of findings without the prefix of their family.
func idsOf(findings []finding.Finding, prefix string) string {
	var ids []string
	for _, f := range findings {
		ids = append(ids, strings.TrimPrefix(string(f.ID), prefix))
	}
	return strings.Join(ids, " ")
}

// TestDKIMJudgements holds what experts would say: exactly these IDs, in the
// order of the report.
func TestDKIMJudgements(t *testing.T) {
	t.Parallel()
	at := func(selector, text string) string {
		return selector + "._domainkey.contoso.example. IN TXT " + text + "\n"
	}
	for _, tt := range []struct {
		name, zone, want string
		selectors        []string
	}{
		{"a key of one's own", at("s1", edKey), "", nil},
		{"without v= it is a key", at("s1", strings.ReplaceAll(edKey, "v=DKIM1; ", "")), "", nil},
		{"a key in two strings", at("s1", `"v=DKIM1; k=ed25519; p=XZ5JMEj017TS0XL3LKXO" "DzovY+aeAVNN2ovZ6P8HKtY="`), "", nil},
		{"names below _domainkey prove nothing", sendingSPF + "x.y._domainkey.contoso.example. IN A 192.0.2.1\n", "not-found", nil},
		{"parked", parkedSPF, "", nil},
		{"parked, on Microsoft 365", microsoftMX + parkedSPF, "", nil},
		{"parked, all keys revoked", parkedSPF + at("*", `"v=DKIM1; p="`), "", nil},
		{"parked by softfail is not parked", "contoso.example. IN TXT \"v=spf1 ~all\"\n", "not-found", nil},

		{"Microsoft 365, both live", microsoftMX + selector1 + selector2 + key1 + key2, "", nil},
		{"Microsoft 365, one waits", microsoftMX + selector1 + selector2 + key2, "dormant", nil},
		{"Microsoft 365, not switched on", microsoftMX + selector1 + selector2, "not-enabled", nil},
		{"Microsoft 365, nothing", microsoftMX, "microsoft-missing", nil},
		{"Microsoft 365 behind a gateway that does not sign", microsoftSPF + "contoso.example. IN MX 10 mx.gateway.example.\n", "microsoft-missing", nil},
		{"Microsoft 365 behind a gateway that signs", microsoftSPF + "contoso.example. IN MX 10 mx.gateway.example.\n" + at("s1", edKey), "", nil},
		{"Microsoft 365 for a provider is not Microsoft 365 for us", "contoso.example. IN TXT \"v=spf1 include:c.example -all\"\nc.example. IN TXT \"v=spf1 include:spf.protection.outlook.com -all\"\n", "not-found", nil},
		{"Microsoft 365, another selector is live, nothing of its own", microsoftMX + at("s1", edKey), "microsoft-missing", nil},
		{"Microsoft 365, the new zone", microsoftMX + strings.ReplaceAll(selector1+selector2+key1, "contoso.onmicrosoft.com", "contoso.r-v1.dkim.mail.microsoft"), "dormant", nil},
		{"Microsoft 365, one missing", microsoftMX + selector1 + key1, "microsoft-one", nil},
		{"Microsoft 365, one missing, not switched on", microsoftMX + selector1, "microsoft-one not-enabled", nil},
		{"Microsoft 365, crossed", microsoftMX +
			strings.Replace(selector1, "CNAME selector1", "CNAME selector2", 1) + strings.Replace(selector2, "CNAME selector2", "CNAME selector1", 1) + key1 + key2, "swapped swapped", nil},
		{"Microsoft 365, the final dot forgotten", microsoftMX + "selector1._domainkey.contoso.example. IN CNAME selector1-contoso-example._domainkey.contoso.onmicrosoft.com.contoso.example.\n" + selector2 + key2, "dangling", nil},
		{"Microsoft 365, target as text", microsoftMX + at("selector1", `"selector1-contoso-example._domainkey.contoso.onmicrosoft.com"`) + selector2 + key2, "wrong-type", nil},
		{"Microsoft 365, the sibling is not known", microsoftMX + selector1 + selector2 + ";! servfail selector2-contoso-example._domainkey.contoso.onmicrosoft.com TXT\n", "lookup lookup", nil},
		{"Microsoft 365, one live, the sibling is not known", microsoftMX + selector1 + key1 + selector2 + ";! servfail selector2-contoso-example._domainkey.contoso.onmicrosoft.com TXT\n", "lookup", nil},

		{"a guess that fails, but a key is there", at("s1", edKey) + ";! servfail google._domainkey.contoso.example TXT\n", "", nil},
		{"a guess at Microsoft's selectors fails, but nothing speaks for Microsoft 365", at("s1", edKey) + ";! timeout selector2._domainkey.contoso.example TXT\n", "", nil},
		{"a guess that fails, and no key", sendingSPF + ";! servfail google._domainkey.contoso.example TXT\n", "lookup", nil},
		{"failed MX: the list of selectors is not known", sendingSPF + ";! servfail contoso.example MX\n", "", nil},
		{"failed SPF: it may be parked", microsoftMX + ";! servfail contoso.example TXT\n", "", nil},

		{"given and missing", at("s1", edKey), "given-missing", []string{"scanner"}},
		{"given twice", at("s1", edKey), "", []string{"s1", "S1"}},
		{"given and live", at("scanner", edKey), "", []string{"scanner"}},
		{"given, but only a wildcard answers", at("*", edKey), "not-found given-missing wildcard", []string{"scanner"}},
		{"given, no name", at("s1", edKey), "given-missing", []string{"a b"}},
		{"a wildcard is no key", sendingSPF + "*.contoso.example. IN TXT \"v=spf1 -all\"\n", "not-found wildcard", nil},
		{"a real key under a wildcard", at("s1", edKey) + at("*", `"v=spf1 -all"`), "wildcard", nil},
		{"a key beside a wildcard that revokes", at("s1", edKey) + at("*", `"v=DKIM1; p="`), "", nil},

		{"two keys", at("s1", edKey) + at("s1", `"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="`), "invalid", nil},
		{"a key and a foreign text", at("s1", edKey) + at("s1", `"google-site-verification=x"`), "doubtful", nil},
		{"quotes inside", at("s1", `"\"v=DKIM1; k=ed25519; p=XZ5JMEj017TS0XL3LKXODzovY+aeAVNN2ovZ6P8HKtY=\""`), "invalid", nil},
		{"testing", at("s1", strings.Replace(edKey, "k=", "t=y; k=", 1)), "testing", nil},
		{"revoked, and none else", sendingSPF + at("s1", `"v=DKIM1; p="`), "not-found revoked", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			found := family(t, tt.zone, "dkim-", check.Options{Selectors: tt.selectors})
			if got := idsOf(found, "dkim-"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
				for _, f := range found {
					t.Logf("%s %s: %s", f.ID, f.Subject, f.Message)
				}
			}
		})
	}
}

// TestDKIMFixes holds what some findings say to do.
func TestDKIMFixes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, zone string
		id         finding.ID
		want       string // part of the fix
	}{
		{"the final dot", "selector1._domainkey.contoso.example. IN CNAME selector1-contoso-example._domainkey.contoso.onmicrosoft.com.contoso.example.\n", "dkim-dangling",
			"selector1._domainkey.contoso.example. IN CNAME selector1-contoso-example._domainkey.contoso.onmicrosoft.com."},
		{"text instead of an alias keeps its spelling", "selector1._domainkey.contoso.example. IN TXT \"selector1-contoso-example._domainkey.Contoso.onmicrosoft.com\"\n", "dkim-wrong-type",
			"selector1._domainkey.contoso.example. IN CNAME selector1-contoso-example._domainkey.Contoso.onmicrosoft.com."},
		{"targets are never invented", microsoftMX, "dkim-microsoft-missing", "Get-DkimSigningConfig -Identity contoso.example"},
		{"switch it on", microsoftMX + selector1 + selector2, "dkim-not-enabled", "Set-DkimSigningConfig -Identity contoso.example -Enabled $true"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			found := ofID(family(t, tt.zone, "dkim-", check.Options{}), tt.id)
			if len(found) == 0 || !strings.Contains(found[0].Fix, tt.want) {
				t.Errorf("got %+v, want a fix with %q", found, tt.want)
			}
		})
	}
}

// TestDKIMTargetsAreNotInvented: without a published target, no finding names
// one.
func TestDKIMTargetsAreNotInvented(t *testing.T) {
	t.Parallel()
	for _, f := range family(t, microsoftMX+microsoftSPF, "", check.Options{}) {
		if strings.Contains(f.Fix, "onmicrosoft") || strings.Contains(f.Fix, "dkim.mail.microsoft") {
			t.Errorf("%s invents a target: %s", f.ID, f.Fix)
		}
	}
}
