package render_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
	"sendplan/internal/render"
	"sendplan/internal/survey"
	"sendplan/internal/world"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// goldenDomains show each kind of outcome: all well, an error with a marked
// record, several records, unknowns, a name in Unicode.
var goldenDomains = []dns.Name{"nordwind.example", "spf-typo.example", "two-spf.example", "servfail.example", "escape.example", "xn--bcher-kva.example"}

// goldenIDs keep the golden files as they are when a check is added.
var goldenIDs = []finding.ID{
	"mx-lookup", "spf-lookup", "spf-missing", "spf-multiple", "spf-syntax", "spf-too-many-lookups", "dkim-lookup", "dkim-dormant",
	"dkim-not-found", "dmarc-lookup", "dmarc-missing", "dmarc-policy-none",
}

func golden(f finding.Finding) bool { return slices.Contains(goldenIDs, f.ID) }

// examine checks a domain of the embedded world, in memory.
func examine(t testing.TB, name dns.Name) check.Report {
	t.Helper()
	zones, err := world.Zones()
	if err != nil {
		t.Fatal(err)
	}
	s := check.Gather(context.Background(), zones, name, check.Options{}, survey.Options{})
	return check.Examine(s, name, check.Options{}, nil)
}

func goldenReports(t testing.TB) []check.Report {
	var reports []check.Report
	for _, name := range goldenDomains {
		r := examine(t, name)
		r.Findings = slices.DeleteFunc(r.Findings, func(f finding.Finding) bool { return !golden(f) })
		r.Passed = slices.DeleteFunc(r.Passed, func(f finding.Finding) bool { return !golden(f) })
		r.Queries, r.Servers = 20, []string{"192.0.2.53:53"}
		reports = append(reports, r)
	}
	return reports
}

// page is that of the golden files: errors make the run fail.
func page() render.Page {
	return render.Page{
		Width: 80, Version: "v1.0.0", Date: "2026-11-22",
		Fails: func(s finding.Severity) bool { return s >= finding.Error },
	}
}

// fataler is what testing.T and rapid.T share.
type fataler interface{ Fatal(...any) }

func write(t fataler, f render.Format, reports ...check.Report) string {
	var b bytes.Buffer
	w := f.Checks(&b, page())
	for _, r := range reports {
		if err := w.Report(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(1); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func format(t testing.TB, name string) render.Format {
	f, ok := render.FormatByName(name)
	if !ok {
		t.Fatalf("there is no format %s", name)
	}
	return f
}

func TestGolden(t *testing.T) {
	t.Parallel()
	reports := goldenReports(t)
	for _, f := range render.Formats {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			got := write(t, f, reports...)
			if f.Name == "sarif" {
				got = withoutOtherRules(t, got)
			}
			compareGolden(t, "check-"+f.Name, got)
		})
	}
}

func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run the tests with -update and look at the change:\n%s", file, got)
	}
}
