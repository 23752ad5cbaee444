package method

import (
	"testing"
	"time"

	"sendplan/internal/provider"
)

var grades = []Grade{Microsoft, Vendor, ThirdParty, Observed, Inferred, Memory}

// checkFact holds a value to its promise: a source, a grade and a date, or the
// statement that it is not established.
func checkFact(t *testing.T, where string, f Fact) {
	t.Helper()
	if !f.Established() {
		if f.Source != "" || f.Grade != "" || f.AsOf != "" {
			t.Errorf("%s: %+v has no value, but a source", where, f)
		}
		return
	}
	s, ok := SourceOf(f.Source)
	if !ok {
		t.Errorf("%s: %q has the source %q, which is not listed", where, f.Text, f.Source)
	}
	known := false
	for _, g := range grades {
		known = known || f.Grade == g
	}
	if !known || f.AsOf == "" || f.AsOf != s.AsOf || f.Open != "" {
		t.Errorf("%s: %+v", where, f)
	}
}

func checkFacts(t *testing.T, a Advice) {
	t.Helper()
	for _, o := range a.Options {
		if len(o.Vetoes) == 0 && len(o.Reasons) == 0 {
			t.Errorf("%s is neither vetoed nor ranked", o.key())
		}
		for _, v := range o.Vetoes {
			checkFact(t, o.key(), v.Fact)
			if !v.Fact.Established() || v.Reason == "" || v.ID == "" {
				t.Errorf("%s: a veto must rest on a fact: %+v", o.key(), v)
			}
		}
		for _, q := range o.Questions {
			checkFact(t, o.key(), q.Fact)
		}
		for _, s := range o.Conditions {
			checkFact(t, o.key(), s.Fact)
		}
		for _, r := range o.Reasons {
			checkFact(t, o.key(), r.Fact)
		}
	}
	for _, e := range a.Events {
		checkFact(t, string(e.ID), e.Fact)
	}
	for _, tr := range a.Tricks {
		checkFact(t, string(tr.ID), tr.Fact)
	}
	for _, w := range a.Wait {
		checkFact(t, "wait", w.Fact)
	}
}

func TestSources(t *testing.T) {
	t.Parallel()
	seen := map[SourceKey]bool{}
	for _, s := range Sources() {
		if s.Key == "" || s.Where == "" || s.AsOf == "" || seen[s.Key] {
			t.Errorf("%+v is not whole, or is there twice", s)
		}
		seen[s.Key] = true
		layout := map[int]string{4: "2006", 7: "2006-01", 10: time.DateOnly}[len(s.AsOf)]
		if when, err := time.Parse(layout, s.AsOf); s.AsOf != "undated" && (err != nil || when.After(november)) {
			t.Errorf("%s: date %q", s.Key, s.AsOf)
		}
	}
}

// Every value of the table has its source and grade, or is not established.
func TestTable(t *testing.T) {
	t.Parallel()
	kinds := map[Kind]bool{}
	used := map[SourceKey]bool{}
	for _, m := range Table() {
		kinds[m.Kind] = true
		if m.Name == "" || len(m.Hosts) == 0 || len(m.Limits) == 0 || len(m.Dates) == 0 {
			t.Errorf("%s %s lacks a part", m.Kind, m.Provider)
		}
		if m.Provider != "" {
			if _, ok := provider.ByID(m.Provider); !ok {
				t.Errorf("%s is not in the catalogue", m.Provider)
			}
		}
		for _, f := range m.Facts() {
			checkFact(t, m.Name, f)
			used[f.Source] = true
		}
		for _, d := range m.Dates {
			if layout := map[int]string{0: "", 7: "2006-01", 10: time.DateOnly}[len(d.Day)]; d.Day != "" {
				if _, err := time.Parse(layout, d.Day); err != nil {
					t.Errorf("%s: day %q", m.Name, d.Day)
				}
			}
		}
		for _, c := range []provider.Cloud{provider.Worldwide, provider.GCCHigh, provider.DoD, provider.China, ""} {
			checkFact(t, m.Name, m.Host(c))
		}
	}
	for _, k := range Kinds() {
		if !kinds[k] {
			t.Errorf("no row for %s", k)
		}
		if k.String() == "" || Lookup(ID(k), AuthBasic).Name == "" {
			t.Errorf("%s has no name", k)
		}
	}
	if len(kinds) != len(Kinds()) {
		t.Errorf("%d kinds have rows", len(kinds))
	}
}

// What the sources say of the hosts, copied from them.
func TestHosts(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		id    ID
		cloud provider.Cloud
		want  string // empty: not established
		grade Grade
	}{
		{SMTPAuthID, provider.Worldwide, "smtp.office365.com", Microsoft},
		{SMTPAuthID, provider.GCCHigh, "", ""},
		{SMTPAuthID, provider.DoD, "outlook-dod.office365.us", Observed},
		{SMTPAuthID, provider.China, "smtp.partner.outlook.cn", Observed},
		{SMTPAuthID, "", "", ""},
		{"hve", provider.Worldwide, "smtp.hve.mx.microsoft", Observed},
		{"hve", provider.GCCHigh, "", ""},
		{"hve", provider.China, "", ""},
		{"acs", provider.Worldwide, "smtp.azurecomm.net", Microsoft},
		{"acs", provider.DoD, "", ""},
		{"relay:sendgrid", provider.Worldwide, "smtp.sendgrid.net", Vendor},
		{"relay:cloudflare-email-sending", provider.GCCHigh, "smtp.mx.cloudflare.net", Vendor},
		{"relay:salesforce", provider.Worldwide, "", ""},
		{"hoster:strato", provider.Worldwide, "", ""},
		{"relay", provider.Worldwide, "", ""},
	} {
		f := Lookup(tc.id, AuthBasic).Host(tc.cloud)
		if f.Text != tc.want || f.Grade != tc.grade {
			t.Errorf("%s in %q: %+v, want %q", tc.id, tc.cloud, f, tc.want)
		}
	}
	if m := Lookup("relay:cloudflare-email-sending", ""); m.Port.Text != "465" {
		t.Errorf("Cloudflare takes mail on 465 only, not %q", m.Port)
	}
}

// The numbers that are quoted for the tenant's limit.
func TestTenantLimit(t *testing.T) {
	t.Parallel()
	for licences, want := range map[int]int{1: 10000, 10: 12006, 25: 14259, 100: 22059, 1000: 72446} {
		if got := TenantLimit(licences); got != want {
			t.Errorf("%d licences: %d, want %d", licences, got, want)
		}
	}
}
