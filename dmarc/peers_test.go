package dmarc

import (
	"strings"
	"testing"

	"sendplan/internal/dns"
)

// Verdicts that other tools get wrong, each as a zone and the right answer.

func TestSubdomainInherits(t *testing.T) {
	t.Parallel()
	z := zones(t, "_dmarc.corp.test. TXT \"v=DMARC1; p=reject; sp=quarantine\"\nmail.corp.test. A 192.0.2.1\n")
	d := Discover(t.Context(), z, "mail.corp.test")
	if got, want := summary(d), "org=corp.test org@corp.test quarantine/quarantine"; got != want || d.Tag != "sp" {
		t.Errorf("got %s (%s), want %s", got, d.Tag, want)
	}
}

func TestSubdomainWithItsOwnRecord(t *testing.T) {
	t.Parallel()
	z := zones(t, "_dmarc.corp.test. TXT \"v=DMARC1; p=reject\"\n_dmarc.mail.corp.test. TXT \"v=DMARC1; p=none\"\n")
	if got, want := summary(Discover(t.Context(), z, "mail.corp.test")), "org=corp.test author@mail.corp.test none/none"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTreeWalkIsNotTheNearestAncestor(t *testing.T) {
	t.Parallel()
	z := zones(t, "_dmarc.tw.test. TXT \"v=DMARC1; p=reject\"\n_dmarc.mail.tw.test. TXT \"v=DMARC1; p=none\"\n")
	d := Discover(t.Context(), z, "a.mail.tw.test")
	if got, want := summary(d), "org=tw.test org@tw.test reject/reject"; got != want || d.OrgRule != RuleFewestLabels {
		t.Errorf("got %s (%s), want %s", got, d.OrgRule, want)
	}
}

func TestTwoRecordsAtAnAncestorAreDiscarded(t *testing.T) {
	t.Parallel()
	z := zones(t, `
_dmarc.corp.test. TXT "v=DMARC1; p=reject"
_dmarc.mail.corp.test. TXT "v=DMARC1; p=none"
_dmarc.mail.corp.test. TXT "v=DMARC1; p=quarantine"
`)
	d := Discover(t.Context(), z, "a.mail.corp.test")
	if got, want := summary(d), "org=corp.test org@corp.test reject/reject"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if s := d.Walk[1]; s.Kept || len(s.Texts) != 2 || s.Texts[0].Fate != Several || s.Texts[1].Fate != Several {
		t.Errorf("step %+v", s)
	}
}

func TestTwoRecordsAreNone(t *testing.T) {
	t.Parallel()
	z := zones(t, "_dmarc.corp.test. TXT \"v=DMARC1; p=reject\"\n_dmarc.corp.test. TXT \"v=DMARC1; p=none\"\n")
	if d := Discover(t.Context(), z, "corp.test"); d.Source != FromNowhere || d.Effective != NoPolicy {
		t.Errorf("got %s", summary(d))
	}
}

// TestPolicyIsATag: only v must be first; and a policy is a tag, not a part of the text.
func TestPolicyIsATag(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]Policy{
		"v=DMARC1; sp=none; p=reject":            {Reject, None},
		"v=DMARC1; rua=mailto:a@b.test;p=reject": {Reject, Reject},
		"v=DMARC1;sp=reject;p=none":              {None, Reject},
		"v=DMARC1; p=none; sp=reject;":           {None, Reject},
	} {
		if r := Parse(text); r.Use != UsePolicy || r.P != want[0] || r.SP != want[1] {
			t.Errorf("%q: %s, p=%s sp=%s, want %s", text, r.Use, r.P, r.SP, want)
		}
	}
}

func TestServFailAndTimeoutAreUnknown(t *testing.T) {
	t.Parallel()
	for _, cause := range []string{"servfail", "timeout", "refused"} {
		d := Discover(t.Context(), zones(t, ";! "+cause+" _dmarc.corp.test. TXT\n"), "corp.test")
		if d.Source != FromUnknown || d.Policy != Unknown || d.Effective != Unknown || d.Err == nil || d.Err.Key.Name != "_dmarc.corp.test" {
			t.Errorf("%s: %s, %v", cause, summary(d), d.Err)
		}
		if v := Judge(d, Authenticated{}, nil, nil); v.Status != StatusUnknown || v.Err == nil {
			t.Errorf("%s: %s", cause, v.Status)
		}
	}
}

func TestReportAuthorisationName(t *testing.T) {
	t.Parallel()
	z := zones(t, "corp.test._report._dmarc.agg.example. TXT \"v=DMARC1\"\n_report._dmarc.other.example. TXT \"v=DMARC1\"\n")
	ds := Destinations(t.Context(), z, "corp.test", Parse("v=DMARC1; p=none; rua=mailto:a@agg.example,mailto:a@other.example"))
	if ds[0].Name != "corp.test._report._dmarc.agg.example" || ds[0].Authorised != Yes {
		t.Errorf("%+v", ds[0])
	}
	if ds[1].Authorised != No { // the name without the policy domain is nothing
		t.Errorf("%+v", ds[1])
	}
}

func TestReportAuthorisationByWildcard(t *testing.T) {
	t.Parallel()
	z := zones(t, "*._report._dmarc.agg.example. TXT \"v=DMARC1;\"\n")
	if d := Destinations(t.Context(), z, "corp.test", Parse("v=DMARC1; p=none; rua=mailto:a@agg.example"))[0]; d.Authorised != Yes {
		t.Errorf("%+v", d)
	}
}

func TestReportAuthorisationNotNeededInsideOneOrganization(t *testing.T) {
	t.Parallel()
	z := zones(t, "_dmarc.corp.test. TXT \"v=DMARC1; p=none; rua=mailto:a@reports.corp.test\"\n")
	d := Discover(t.Context(), z, "corp.test")
	if got := Destinations(t.Context(), z, d.PolicyDomain, d.Record)[0]; got.Outside != No || got.Authorised != Yes || got.Name != "" {
		t.Errorf("%+v", got)
	}
}

func TestOrganizationalDomainIsNotTheLastTwoLabels(t *testing.T) {
	t.Parallel()
	z := zones(t, "_dmarc.co.test. TXT \"v=DMARC1; p=none; psd=y\"\n_dmarc.corp.co.test. TXT \"v=DMARC1; p=reject\"\n")
	for name, want := range map[dns.Name]dns.Name{
		"mail.corp.co.test": "corp.co.test", "corp.co.test": "corp.co.test", "mail.shop.co.test": "shop.co.test",
	} {
		if got, err := OrgDomain(t.Context(), z, name); got != want || err != nil {
			t.Errorf("%s: %s, %v, want %s", name, got, err, want)
		}
	}
}

func TestAliasAtDMARCName(t *testing.T) {
	t.Parallel()
	z := zones(t, "_dmarc.corp.test. CNAME corp.test.hosted.example.\ncorp.test.hosted.example. TXT \"v=DMARC1; p=reject\"\n_dmarc.lost.test. CNAME gone.hosted.example.\n")
	d := Discover(t.Context(), z, "corp.test")
	if s := d.Walk[0]; d.Policy != Reject || len(s.Chain) != 1 || s.Chain[0].Data.(dns.CNAME).Target != "corp.test.hosted.example" {
		t.Errorf("%s, chain %v", summary(d), s.Chain)
	}
	d = Discover(t.Context(), z, "lost.test")
	if s := d.Walk[0]; d.Source != FromNowhere || len(s.Chain) != 1 || s.Exists {
		t.Errorf("%s, step %+v", summary(d), s)
	}
}

// TestTextBesideAlias: a zone cannot hold TXT beside CNAME (RFC 1034 §3.6.2),
// but some servers answer as if it did. Both are in the answer, and visible.
func TestTextBesideAlias(t *testing.T) {
	t.Parallel()
	f := policies("corp.test", "v=DMARC1; p=none")
	f.cname["_dmarc.corp.test"] = "hosted.example"
	f.txt["hosted.example"] = []string{"v=DMARC1; p=none", "v=DMARC1; p=reject"}
	d := Discover(t.Context(), f, "corp.test")
	if s := d.Walk[0]; d.Source != FromNowhere || len(s.Chain) != 1 || len(s.Texts) != 2 {
		t.Errorf("%s, step %+v", summary(d), s)
	}
}

func TestWildcardTextAtDMARCName(t *testing.T) {
	t.Parallel()
	z := zones(t, `
corp.test. TXT "v=spf1 -all"
*.corp.test. TXT "v=spf1 -all"
_dmarc.own.test. TXT "v=spf1 -all"
_dmarc.both.test. TXT "v=DMARC1; p=none"
*.both.test. TXT "v=spf1 -all"
;! servfail *.broken.test. TXT
_dmarc.broken.test. TXT "v=spf1 -all"
`)
	for _, tt := range []struct {
		author   dns.Name
		fate     Fate
		wildcard string
	}{
		{"corp.test", Foreign, "true"},
		{"sub.corp.test", Foreign, "true"},
		{"own.test", Foreign, "false"},
		{"both.test", Kept, "false"},
		{"none.test", Kept, "false"},
		{"broken.test", Foreign, "error"},
	} {
		s := Discover(t.Context(), z, tt.author).Walk[0]
		if len(s.Texts) > 0 && s.Texts[0].Fate != tt.fate {
			t.Errorf("%s: %s, want %s", tt.author, s.Texts[0].Fate, tt.fate)
		}
		got := "false"
		switch wild, err := AnsweredByWildcard(t.Context(), z, s); {
		case err != nil:
			got = "error"
		case wild:
			got = "true"
		}
		if got != tt.wildcard {
			t.Errorf("%s: wildcard %s, want %s", tt.author, got, tt.wildcard)
		}
	}
}

func TestExistence(t *testing.T) {
	t.Parallel()
	z := zones(t, `
_dmarc.corp.test. TXT "v=DMARC1; p=none; sp=quarantine; np=reject"
a.corp.test. A 192.0.2.1
x.ent.corp.test. A 192.0.2.1
alias.corp.test. CNAME gone.other.test.
;! servfail broken.corp.test. ANY
`)
	for name, want := range map[dns.Name]string{
		"a.corp.test":      "quarantine exists",
		"ent.corp.test":    "quarantine exists", // no data of its own, but names below it
		"alias.corp.test":  "quarantine exists", // the target does not, the alias does
		"nope.corp.test":   "reject does not exist",
		"broken.corp.test": "unknown unknown",
		"corp.test":        "none not needed",
	} {
		d := Discover(t.Context(), z, name)
		if got := d.Policy.String() + " " + d.Existence.String(); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	var words []string
	for _, s := range []interface{ String() string }{
		Unknown, Reject, Strict, Relaxed, PSDYes, FromUnknown, DoesNotExist, RuleBelowPSD, RulePublicSuffix, Several, Foreign,
		UseAsNone, NotKnown, Temporary, StatusUnknown,
	} {
		words = append(words, s.String())
	}
	const want = "unknown, reject, s, r, y, unknown, does not exist, one label below psd=y, one label below the public suffix, " +
		"dropped: more than one DMARC record, no DMARC record, as p=none, unknown, unknown, unknown"
	if got := strings.Join(words, ", "); got != want {
		t.Errorf("got %s", got)
	}
}
