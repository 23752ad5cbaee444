package provider

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"
	"time"

	"sendplan/dkim"
	"sendplan/internal/dns"
)

// Every entry is whole, and what it names finds it again.
func TestEntries(t *testing.T) {
	t.Parallel()
	if n := len(Entries()); n != 176 {
		t.Errorf("%d entries", n)
	}
	seen := map[ID]bool{}
	for _, e := range Entries() {
		if !regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(string(e.ID)) || seen[e.ID] {
			t.Errorf("ID %q is taken or not plain", e.ID)
		}
		seen[e.ID] = true
		if got, ok := ByID(e.ID); !ok || got.Name != e.Name {
			t.Errorf("%s is not found by its ID", e.ID)
		}
		if e.Name == "" || len(e.Kinds) == 0 || e.Evidence == "" {
			t.Errorf("%s lacks its name, kind or evidence", e.ID)
		}
		if _, err := time.Parse(time.DateOnly, e.Checked); err != nil {
			t.Errorf("%s: %v", e.ID, err)
		}
		if !slices.Contains([]Confidence{Documented, Observed, Guess}, e.Confidence) ||
			!slices.Contains([]Need{Needed, NotNeeded, NeedOpen}, e.SPF.Needed) ||
			!slices.Contains([]Place{CustomerDomain, BounceSubdomain, ProviderDomain, Nowhere}, e.SPF.Where) {
			t.Errorf("%s: confidence %q, SPF needed %q at %q", e.ID, e.Confidence, e.SPF.Needed, e.SPF.Where)
		}
		for _, expr := range e.MX {
			checkPattern(t, e.ID, expr)
		}
		for _, s := range e.DKIMProbe {
			if _, err := dkim.ParseSelector(s); err != nil {
				t.Errorf("%s: %v", e.ID, err)
			}
		}
		checkNames(t, e)
	}
}

// checkPattern holds an expression to the form of which newPattern reads the end.
func checkPattern(t *testing.T, id ID, expr string) {
	t.Helper()
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil || re.Op == syntax.OpAlternate || !strings.HasSuffix(expr, "$") {
		t.Errorf("%s: %s must be one branch up to the end of the name: %v", id, expr, err)
	}
	if tail := newPattern(expr, 0).tail; !regexp.MustCompile(`^[a-z0-9.-]*$`).MatchString(tail) || strings.Contains(strings.ReplaceAll(expr, `\.`, ""), `\`) {
		t.Errorf("%s: %s has escapes other than of dots", id, expr)
	}
	if regexp.MustCompile(expr).MatchString("mx.example.com") {
		t.Errorf("%s: %s matches any host", id, expr)
	}
}

// filled stands for a customer's value in each placeholder.
func filled(name string) dns.Name {
	name = strings.ReplaceAll(name, "{domain}", "shop.example.com")
	return dns.Name(strings.ToLower(placeholder.ReplaceAllString(name, "x7")))
}

func checkNames(t *testing.T, e Entry) {
	t.Helper()
	for _, term := range append(slices.Clone(e.SPF.Mechanisms), prefixed(e.SPF.Also)...) {
		name, ok := spfTarget(term)
		if !ok {
			continue
		}
		if _, ok := ByInclude(filled(name)); !ok {
			t.Errorf("%s: %s is not found", e.ID, filled(name))
		}
	}
	for _, r := range e.DKIM {
		if r.Type != "CNAME" && r.Type != "TXT" && r.Type != "CNAME or TXT" {
			t.Errorf("%s: DKIM record of type %q", e.ID, r.Type)
		}
		if _, err := dns.ParseName(r.Target); r.Type != "CNAME" || err != nil || ownLabels(r.Target) < 2 {
			continue // no name that could be told from others
		}
		if _, ok := ByDKIMTarget(filled(r.Target)); !ok {
			t.Errorf("%s: %s is not found", e.ID, r.Target)
		}
	}
}

// ownLabels counts the whole labels after the last placeholder.
func ownLabels(name string) int {
	_, tail, ok := strings.Cut(name[strings.LastIndexByte(name, '}')+1:], ".")
	if !ok {
		return 0
	}
	return strings.Count(tail, ".") + 1
}

func prefixed(names []string) []string {
	var terms []string
	for _, n := range names {
		terms = append(terms, "include:"+n)
	}
	return terms
}

func TestByMX(t *testing.T) {
	t.Parallel()
	for host, want := range map[dns.Name]string{
		"contoso-com.mail.protection.outlook.com":   "m365-worldwide",
		"contoso-com.o-v1.mx.microsoft":             "m365-worldwide",
		"contoso.mail.protection.office365.us":      "m365-gcc-high m365-dod",
		"aspmx.l.google.com":                        "google-workspace",
		"mx01.hornetsecurity.com":                   "hornetsecurity",
		"eu-smtp-inbound-1.mimecast.com":            "mimecast",
		"mx.example.com":                            "",
		"contoso-com.mail.protection.outlook.com.x": "",
		dns.Root: "",
	} {
		var ids []string
		for _, e := range ByMX(host) {
			ids = append(ids, string(e.ID))
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%s: got %q, want %q", host, got, want)
		}
	}
}

func TestByInclude(t *testing.T) {
	t.Parallel()
	for name, want := range map[dns.Name]ID{
		"spf.protection.outlook.com":                 "m365-worldwide",
		"_spf.google.com":                            "google-workspace",
		"spf-00abcd01.pphosted.com":                  "proofpoint-enterprise",
		"eu._netblocks.mimecast.com":                 "mimecast",
		"_netblocks.mimecast.com":                    "mimecast",
		"_u.shop.example.com._spf.smart.ondmarc.com": "ondmarc",
		"{region}._netblocks.mimecast.com":           "",
		"a.b._netblocks.mimecast.com":                "",
		"spf.protection.outlook.com.example":         "",
		"evil-spf.protection.outlook.com":            "",
		"example.com":                                "",
		dns.Root:                                     "",
	} {
		got, ok := ByInclude(name)
		if ok != (want != "") || want != "" && !strings.Contains(string(got.ID), string(want)) {
			t.Errorf("%s: got %q, want %q", name, got.ID, want)
		}
	}
}

func TestByDKIMTarget(t *testing.T) {
	t.Parallel()
	for name, want := range map[dns.Name]ID{
		own1: "m365-worldwide",
		"selector2-contoso-com._domainkey.contoso.r-v1.dkim.mail.microsoft": "m365-worldwide",
		"selector1-contoso-com_domainkey.contoso.onmicrosoft.com":           "m365-worldwide", // a dot is missing
		"onmicrosoft.com":                                       "",
		"dkim.notonmicrosoft.com":                               "",
		"selector1.dkim.example.com":                            "",
		"selector1-azurecomm-prod-net._domainkey.azurecomm.net": "azure-communication-services",
		"s1.domainkey.u1234567.wl045.sendgrid.net":              "sendgrid",
		"dkim2.mcsv.net":                                        "mailchimp",
		"fm1.shop.example.com.dkim.fmhosted.com":                "fastmail",
		"eo._domainkey.example.com":                             "",
		"anything.example":                                      "",
	} {
		got, ok := ByDKIMTarget(name)
		if got.ID != want || ok != (want != "") {
			t.Errorf("%s: got %q, want %q", name, got.ID, want)
		}
	}
}

func TestCatalogueRefuses(t *testing.T) {
	t.Parallel()
	for name, data := range map[string]string{
		"unknown field": `{"providers": [{"id": "x", "colour": "red"}]}`,
		"no JSON":       `providers:`,
	} {
		if _, err := newCatalogue([]byte(data)); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := newCatalogue(builtinJSON); err != nil {
			b.Fatal(err)
		}
	}
}

// The tail that a pattern is looked up by must be in everything that it matches.
func TestPatternTail(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]string{
		`^mx[12]\.example\.com$`:      ".example.com",
		`\.example\.com$`:             ".example.com",
		`^smtp\.example\.com$`:        "smtp.example.com",
		`^mx\.example\.(com|net)$`:    "",
		`^mx[0-9]\.example\.[a-z.]+$`: "",
		`^mx[0-9]{2}\.example\.com$`:  ".example.com",
		`^a(b)?\.example\.com$`:       ".example.com",
	} {
		if got := newPattern(expr, 0).tail; got != want {
			t.Errorf("%s: got %q, want %q", expr, got, want)
		}
	}
}
