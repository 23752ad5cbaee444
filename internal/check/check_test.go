package check_test

import (
	"context"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
	"sendplan/internal/survey"
)

// example is one zone file of testdata: a domain for which a check fires, or
// stays silent.
type example struct {
	Text    string // without the line of the command
	Command string
	Domain  dns.Name
	Options check.Options
	Zones   asker
}

// loadExample reads testdata/<id>/<which>.zone. Its first line may hold the
// command that it is for, else that is "sendplan check contoso.example".
func loadExample(t testing.TB, id finding.ID, which string) example {
	t.Helper()
	file := filepath.Join("testdata", string(id), which+".zone")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ex := example{Text: string(data), Command: "sendplan check contoso.example"}
	if first, rest, _ := strings.Cut(ex.Text, "\n"); strings.HasPrefix(first, "; sendplan check ") {
		ex.Command, ex.Text = first[2:], rest
	}
	words := strings.Fields(ex.Command)[2:]
	ex.Domain = dns.MustName(words[0])
	for i, w := range words[1:] {
		if w == "--selector" {
			ex.Options.Selectors = append(ex.Options.Selectors, words[i+2])
		}
		if w == "--profile" {
			ex.Options.Profile = check.Profile(words[i+2])
		}
		if w == "--source" {
			ex.Options.Sources = append(ex.Options.Sources, netip.MustParseAddr(words[i+2]))
		}
	}
	ex.Options.Authoritative = slices.Contains(words, "--authoritative")
	ex.Options.Lists = slices.Contains(words, "--dnsbl")
	ex.Zones = parseViews(t, string(data), file)
	return ex
}

// examples returns all examples by the names of their files.
func examples(t testing.TB) map[string]example {
	all := make(map[string]example)
	for _, c := range check.All {
		for _, which := range []string{"fires", "silent"} {
			all[string(c.ID)+"/"+which] = loadExample(t, c.ID, which)
		}
	}
	return all
}

// reportOn surveys a domain and judges it.
func reportOn(r dns.Resolver, name dns.Name, opts check.Options) (check.Report, *survey.Survey) {
	s := check.Gather(context.Background(), r, name, opts, survey.Options{})
	return check.Examine(s, name, opts, nil), s
}

func TestEveryCheckFiresAndStaysSilent(t *testing.T) {
	t.Parallel()
	for _, c := range check.All {
		t.Run(string(c.ID), func(t *testing.T) {
			t.Parallel()
			want := finding.Fail
			if strings.HasSuffix(string(c.ID), "-lookup") || c.ID == "ns-silent" {
				want = finding.Unknown
			}
			fires := loadExample(t, c.ID, "fires")
			report, _ := reportOn(fires.Zones, fires.Domain, fires.Options)
			if found := byID(report, c.ID); len(found) == 0 || found[0].Status != want {
				t.Errorf("fires.zone: got %+v, want status %s", report.Findings, want)
			}
			silent := loadExample(t, c.ID, "silent")
			report, _ = reportOn(silent.Zones, silent.Domain, silent.Options)
			if found := byID(report, c.ID); len(found) > 0 {
				t.Errorf("silent.zone: it fires: %+v", found)
			}
		})
	}
}

func byID(r check.Report, id finding.ID) []finding.Finding { return ofID(r.Findings, id) }

func ofID(findings []finding.Finding, id finding.ID) []finding.Finding {
	var found []finding.Finding
	for _, f := range findings {
		if f.ID == id {
			found = append(found, f)
		}
	}
	return found
}

func TestEveryCheckIsDescribed(t *testing.T) {
	t.Parallel()
	kebab := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	seen := make(map[finding.ID]bool)
	for _, c := range check.All {
		if !kebab.MatchString(string(c.ID)) {
			t.Errorf("%s: the ID is not in kebab-case", c.ID)
		}
		if seen[c.ID] {
			t.Errorf("%s: the ID is not unique", c.ID)
		}
		seen[c.ID] = true
		if c.Run == nil || len(c.Refs) == 0 {
			t.Errorf("%s: Run or Refs are missing", c.ID)
		}
		if wrong := style(c.Title); c.Title == "" || wrong != "" {
			t.Errorf("%s: title %q %s", c.ID, c.Title, wrong)
		}
		if !strings.HasSuffix(c.Explain, ".") {
			t.Errorf("%s: Explain is no text of sentences", c.ID)
		}
		for line := range strings.Lines(c.Explain) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 125 {
				t.Errorf("%s: Explain has a line of %d characters", c.ID, n)
			}
		}
		if got, ok := check.ByID(c.ID); !ok || got.ID != c.ID {
			t.Errorf("ByID does not find %s", c.ID)
		}
	}
}

// TestAllIsComplete: what is declared is in All, and what is in testdata too.
func TestAllIsComplete(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if _, ok := check.ByID(finding.ID(e.Name())); !ok && e.Name() != "rapid" && e.Name() != "fuzz" { // where inputs that failed are kept
			t.Errorf("testdata/%s belongs to no check of All", e.Name())
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	declared := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		declared += strings.Count(string(data), "= Check{\n")
	}
	if declared != len(check.All) {
		t.Errorf("%d checks are declared, All has %d", declared, len(check.All))
	}
}

func TestFindingsAreWorded(t *testing.T) {
	t.Parallel()
	for name, ex := range examples(t) {
		report, _ := reportOn(ex.Zones, ex.Domain, ex.Options)
		for _, f := range append(report.Findings, report.Passed...) {
			if wrong := style(f.Message); wrong != "" {
				t.Errorf("%s: %s: message %q %s", name, f.ID, f.Message, wrong)
			}
			if wrong := style(f.Fix); f.Status != finding.Pass && wrong != "" {
				t.Errorf("%s: %s: fix %q %s", name, f.ID, f.Fix, wrong)
			}
			if f.Subject == "" {
				t.Errorf("%s: %s: no subject", name, f.ID)
			}
			if f.Span.Start < 0 || f.Span.End < f.Span.Start || f.Span.End > len(f.Record) {
				t.Errorf("%s: %s: span %v of a record of %d octets", name, f.ID, f.Span, len(f.Record))
			}
			if (f.Status == finding.Unknown) != (f.Cause != nil) {
				t.Errorf("%s: %s: status %s with cause %v", name, f.ID, f.Status, f.Cause)
			}
		}
	}
}

// style says what is wrong with a message or a fix, "" if nothing is.
func style(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	second, _ := utf8.DecodeRuneInString(text[size:])
	switch {
	case text == "":
		return "is empty"
	case unicode.IsUpper(first) && !unicode.IsUpper(second) && !strings.HasPrefix(text, "Microsoft"):
		return "starts with a capital"
	case strings.HasSuffix(text, ".") && !endsInName.MatchString(text):
		return "ends in a full stop"
	case strings.TrimSpace(text) != text || strings.Contains(text, "\n"):
		return "holds stray white space"
	}
	return ""
}

// endsInName matches what ends in an absolute name, whose dot is no full stop.
var endsInName = regexp.MustCompile(`([a-z0-9_-]\.[a-z0-9-]+| 0 )\.$|(MX|CNAME) ([0-9]+ )?\.$`)
