package check_test

import (
	"strings"
	"testing"

	"sendplan/internal/check"
	"sendplan/internal/finding"
)

// TestDMARCJudgements holds what experts would say: exactly these IDs, in the
// order of the report.
func TestDMARCJudgements(t *testing.T) {
	t.Parallel()
	const (
		rua  = "; rua=mailto:d@contoso.example"
		good = "v=DMARC1; p=reject" + rua
		key  = "s1._domainkey.contoso.example. IN TXT " + edKey + "\n"
	)
	at := func(name, text string) string { return "_dmarc." + name + ". IN TXT \"" + text + "\"\n" }
	own := func(text string) string { return key + at("contoso.example", text) }
	for _, tt := range []struct{ name, zone, want string }{
		{"good", own(good), ""},
		{"a final semicolon", own(good + ";"), ""},
		{"blanks around the signs", own("v = DMARC1 ; p = reject" + rua), ""},
		{"policy in two strings", key + "_dmarc.contoso.example. IN TXT \"v=DMARC1; p=re\" \"ject; rua=mailto:d@contoso.example\"\n", ""},
		{"sp before p", own("v=DMARC1; sp=reject; p=reject" + rua), "receivers-differ"},
		{"sp=reject is not p=reject", own("v=DMARC1; p=none; sp=reject" + rua), "policy-none"},
		{"strict alignment is a choice", own(good + "; adkim=s; aspf=s"), ""},
		{"quarantine", own("v=DMARC1; p=quarantine" + rua), ""},
		{"reject without a DKIM key", at("contoso.example", good), "relies-on-spf"},
		{"parked", parkedSPF + at("contoso.example", "v=DMARC1; p=reject"), ""},
		{"parked, only watched", parkedSPF + at("contoso.example", "v=DMARC1; p=none"+rua), "policy-none"},

		{"nothing", key, "missing"},
		{"nothing, but the registry has a policy", key + at("example", "v=DMARC1; p=reject; psd=y"), "inherited receivers-differ receivers-differ"},
		{"nothing, but the top level has a record that says nothing of being a suffix", key + at("example", "v=DMARC1; p=none"), "policy-none inherited receivers-differ receivers-differ receivers-differ"},
		{"another text only", own("google-site-verification=x"), "missing foreign-text"},
		{"another text beside it", own(good) + at("contoso.example", "google-site-verification=x"), "foreign-text"},
		{"a wildcard SPF record", key + "*.contoso.example. IN TXT \"v=spf1 -all\"\n", "missing foreign-text"},
		{"at the domain itself", key + "contoso.example. IN TXT \"" + good + "\"\n", "missing"},
		{"lower-case version", own("v=dmarc1; p=reject" + rua), "almost"},
		{"leading blank", own(" " + good), "almost"},
		{"version not first", own("p=reject; v=DMARC1" + rua), "almost"},
		{"no version", own("p=reject" + rua), "almost"},
		{"no semicolon after the version", own("v=DMARC1 p=reject" + rua), "missing-semicolon"},
		{"a near miss beside a record", own(good) + at("contoso.example", "v=dmarc1; p=none"), "foreign-text"},
		{"two records", own(good) + at("contoso.example", "v=DMARC1; p=none"), "multiple"},
		{"the same record twice is one", own(good) + at("contoso.example", good), ""},

		{"Microsoft's missing semicolon", own("v=DMARC1; p=reject rua=mailto:d@contoso.example"), "missing-semicolon"},
		{"a semicolon missing later", own(good + "; adkim=s aspf=s"), "missing-semicolon"},
		{"p is missing, rua is there", own("v=DMARC1" + rua), "policy-none"},
		{"p is missing, rua too", own("v=DMARC1; sp=reject"), "policy-lost no-reports"},
		{"sp is invalid", own("v=DMARC1; p=reject; sp=rejct" + rua), "policy-lost"},
		{"np is invalid, no rua", own("v=DMARC1; p=reject; np=no"), "policy-lost no-reports receivers-differ"},
		{"upper-case policy", own("v=DMARC1; p=REJECT" + rua), "syntax"},
		{"unknown tag", own(good + "; foo=bar"), "syntax"},
		{"adkim invalid", own(good + "; adkim=x"), "syntax"},
		{"fo without ruf", own(good + "; fo=1"), "removed-tag"},
		{"pct=100", own(good + "; pct=100"), "removed-tag"},
		{"pct=50", own(good + "; pct=50"), "pct"},
		{"pct=50 of nothing", own("v=DMARC1; p=none; pct=50" + rua), "policy-none removed-tag"},
		{"test mode", own(good + "; t=y"), "testing receivers-differ"},
		{"test mode of quarantine", own("v=DMARC1; p=quarantine; t=y" + rua), "testing receivers-differ"},
		{"sp=none", own(good + "; sp=none"), "subdomains"},
		{"np=none", own(good + "; np=none"), "subdomains"},
		{"np raises what sp lowers", own("v=DMARC1; p=reject; sp=quarantine; np=reject" + rua), "subdomains"},
		{"psd=y", own(good + "; psd=y"), "psd"},
		{"psd=n", own(good + "; psd=n"), ""},

		{"no rua", own("v=DMARC1; p=reject"), "no-reports"},
		{"rua without mailto", own("v=DMARC1; p=reject; rua=d@contoso.example"), "report-address"},
		{"one of two is wrong", own(good + ",d@contoso.example"), "report-address"},
		{"to a subdomain of one's own", own("v=DMARC1; p=reject; rua=mailto:d@reports.contoso.example"), ""},
		{"elsewhere, not agreed", own("v=DMARC1; p=reject; rua=mailto:d@fabrikam.example"), "report-refused"},
		{"elsewhere, rua and ruf", own("v=DMARC1; p=reject; rua=mailto:d@fabrikam.example; ruf=mailto:d@fabrikam.example"), "report-refused"},
		{"elsewhere, agreed", own("v=DMARC1; p=reject; rua=mailto:d@fabrikam.example") + "contoso.example._report._dmarc.fabrikam.example. IN TXT \"v=DMARC1\"\n", ""},
		{"elsewhere, agreed to all", own("v=DMARC1; p=reject; rua=mailto:d@fabrikam.example") + "*._report._dmarc.fabrikam.example. IN TXT \"v=DMARC1;\"\n", ""},
		{"elsewhere, not answered", own("v=DMARC1; p=reject; rua=mailto:d@fabrikam.example") + ";! servfail contoso.example._report._dmarc.fabrikam.example TXT\n", "lookup"},

		{"delegated", key + "_dmarc.contoso.example. IN CNAME d.fabrikam.example.\nd.fabrikam.example. IN TXT \"" + good + "\"\n", "delegated"},
		{"delegated to nothing", key + "_dmarc.contoso.example. IN CNAME d.fabrikam.example.\n", "missing delegated"},

		{"not answered", own(good) + ";! timeout _dmarc.contoso.example TXT\n", "lookup"},
		{"the parent not answered, which does not matter for the policy", own(good) + ";! servfail _dmarc.example TXT\n", ""},
		{"the parent refused, which does not matter for the policy", own(good) + ";! refused _dmarc.example TXT\n", ""},
		{"the parent refused, reports to a subdomain", own("v=DMARC1; p=reject; rua=mailto:d@reports.contoso.example") + ";! refused _dmarc.example TXT\n", ""},
		{"the parent refused, and no record of its own", key + ";! refused _dmarc.example TXT\n", "lookup"},
		{"reject, one selector not answered", at("contoso.example", good) + ";! servfail s1._domainkey.contoso.example TXT\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			found := family(t, tt.zone+reportHosts, "dmarc-", check.Options{})
			if got := idsOf(found, "dmarc-"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
				for _, f := range found {
					t.Logf("%s %s: %s", f.ID, f.Subject, f.Message)
				}
			}
		})
	}
}

// TestDMARCFixes holds what some findings say to do.
func TestDMARCFixes(t *testing.T) {
	t.Parallel()
	at := func(text string) string { return "_dmarc.contoso.example. IN TXT " + text + "\n" }
	for _, tt := range []struct {
		name, zone string
		id         finding.ID
		want       string // part of the fix
	}{
		{"the first record has no invented address", "x.contoso.example. IN A 192.0.2.1\n", "dmarc-missing", `_dmarc.contoso.example. IN TXT "v=DMARC1; p=none; rua=mailto:<an address that you read>"`},
		{"parked", parkedSPF, "dmarc-missing", `_dmarc.contoso.example. IN TXT "v=DMARC1; p=reject"`},
		{"moved to its place", "contoso.example. IN TXT \"v=DMARC1; p=none\"\n", "dmarc-missing", `_dmarc.contoso.example. IN TXT "v=DMARC1; p=none"`},
		{"version in lower case", at(`"v=dmarc1; p=reject; pct=100"`), "dmarc-almost", `_dmarc.contoso.example. IN TXT "v=DMARC1; p=reject; pct=100"`},
		{"version last", at(`"p=reject; rua=mailto:d@contoso.example; v=DMARC1"`), "dmarc-almost", `"v=DMARC1; p=reject; rua=mailto:d@contoso.example"`},
		{"quotes inside", at(`"\"v=DMARC1; p=reject\""`), "dmarc-almost", `"v=DMARC1; p=reject"`},
		{"not to be repaired", at(`"v=dmarc1; p=rejct"`), "dmarc-almost", "begins with v=DMARC1"},
		{"semicolon", at(`"v=DMARC1; p=reject rua=mailto:d@contoso.example"`), "dmarc-missing-semicolon", `"v=DMARC1; p=reject; rua=mailto:d@contoso.example"`},
		{"semicolon after the version", at(`"v=DMARC1 p=reject, rua=mailto:d@contoso.example"`), "dmarc-missing-semicolon", `"v=DMARC1; p=reject; rua=mailto:d@contoso.example"`},
		{"no agreement of a domain that is gone", at(`"v=DMARC1; p=reject; rua=mailto:d@gone.example"`), "dmarc-report-refused", "let the reports go to an address of contoso.example"},
		{"agreement", at(`"v=DMARC1; p=reject; rua=mailto:d@fabrikam.example"`), "dmarc-report-refused", `contoso.example._report._dmarc.fabrikam.example. IN TXT "v=DMARC1"`},
		{"which tag", at(`"v=DMARC1; p=reject; sp=rejct"`), "dmarc-policy-lost", "sp=quarantine"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			found := ofID(family(t, tt.zone+reportHosts, "dmarc-", check.Options{}), tt.id)
			if len(found) == 0 || !strings.Contains(found[0].Fix, tt.want) {
				t.Errorf("got %+v, want a fix with %q", found, tt.want)
			}
		})
	}
}
