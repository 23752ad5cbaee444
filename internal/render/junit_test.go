package render_test

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/joshdk/go-junit"
	"pgregory.net/rapid"

	"sendplan/internal/finding"
)

// A consumer of JUnit sees the exit status: a failed case for status 1, a case
// in error for status 3.
func TestJUnitTellsTheExitStatus(t *testing.T) {
	t.Parallel()
	f := format(t, "junit")
	rapid.Check(t, func(t *rapid.T) {
		r := hostileReport(t)
		text := write(t, f, r, r)
		suites, err := junit.Ingest([]byte(text))
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if len(suites) != 2 || suites[0].Name != "contoso.example" {
			t.Fatalf("suites %+v", suites)
		}
		total := suites[0].Totals
		if (total.Failed > 0) != r.Failed(finding.Error) {
			t.Fatalf("%d failures, failed is %v:\n%s", total.Failed, r.Failed(finding.Error), text)
		}
		if !r.Failed(finding.Error) && (total.Error > 0) != r.Unknown() {
			t.Fatalf("%d errors, unknown is %v:\n%s", total.Error, r.Unknown(), text)
		}
		ids := make(map[finding.ID]bool)
		for _, finding := range append(r.Findings, r.Passed...) {
			ids[finding.ID] = true
		}
		if total.Tests != len(ids) {
			t.Fatalf("%d cases, %d checks", total.Tests, len(ids))
		}
		if strings.ContainsAny(text, "\x00\x1b\u202e") {
			t.Fatalf("control characters in\n%s", text)
		}
	})
}

func TestJUnitCases(t *testing.T) {
	t.Parallel()
	suites, err := junit.Ingest([]byte(write(t, format(t, "junit"), examine(t, "spf-typo.example"), examine(t, "servfail.example"))))
	if err != nil {
		t.Fatal(err)
	}
	status := make(map[string]junit.Status)
	for _, s := range suites {
		for _, c := range s.Tests {
			status[c.Classname+" "+c.Name] = c.Status
		}
	}
	for name, want := range map[string]junit.Status{
		"spf-typo.example spf-syntax":   junit.StatusFailed,
		"spf-typo.example spf-lookup":   junit.StatusPassed,
		"spf-typo.example dkim-dormant": junit.StatusPassed, // a note, below the bar
		"servfail.example dmarc-lookup": junit.StatusError,
	} {
		if status[name] != want {
			t.Errorf("%s is %q, want %q", name, status[name], want)
		}
	}
}

// Any reader of XML gets through.
func TestJUnitIsXML(t *testing.T) {
	t.Parallel()
	f := format(t, "junit")
	rapid.Check(t, func(t *rapid.T) {
		d := xml.NewDecoder(strings.NewReader(write(t, f, hostileReport(t))))
		for {
			if _, err := d.Token(); err == io.EOF {
				return
			} else if err != nil {
				t.Fatal(err)
			}
		}
	})
}
