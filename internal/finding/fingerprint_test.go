package finding_test

import (
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"sendplan/internal/finding"
)

func TestFingerprint(t *testing.T) {
	t.Parallel()
	base := finding.Finding{ID: "spf-syntax", Status: finding.Fail, Subject: "contoso.example", Record: "v=spf1 ipv4:1 -all", Span: finding.Span{Start: 7, End: 13}}
	for _, test := range []struct {
		name   string
		change func(*finding.Finding)
		same   bool
	}{
		{"message", func(f *finding.Finding) { f.Message = "other" }, true},
		{"fix", func(f *finding.Finding) { f.Fix = "other" }, true},
		{"severity", func(f *finding.Finding) { f.Severity = finding.Error }, true},
		{"status", func(f *finding.Finding) { f.Status = finding.Unknown }, true},
		{"rest of the record", func(f *finding.Finding) { f.Record, f.Span = "v=spf1 mx ipv4:1", finding.Span{Start: 10, End: 16} }, true},
		{"kind", func(f *finding.Finding) { f.ID = "spf-missing" }, false},
		{"subject", func(f *finding.Finding) { f.Subject = "fabrikam.example" }, false},
		{"marked text", func(f *finding.Finding) { f.Span.End++ }, false},
		{"no mark", func(f *finding.Finding) { f.Span = finding.Span{} }, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			other := base
			test.change(&other)
			if (other.Fingerprint() == base.Fingerprint()) != test.same {
				t.Errorf("the same: %v", !test.same)
			}
		})
	}
}

// The fingerprint is for ever, because files keep it.
func TestFingerprintStays(t *testing.T) {
	t.Parallel()
	if got := finding.NewFingerprint("spf-syntax", "contoso.example", "ipv4:1"); got != "6d0320d6b4e1a033" {
		t.Errorf("got %s", got)
	}
}

// A span that was widened covers what it covered, lies in the text, and splits
// no character.
func TestSpanWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text") + string(rapid.SliceOf(rapid.Byte()).Draw(t, "octets")) + rapid.String().Draw(t, "more")
		start := rapid.IntRange(0, len(text)).Draw(t, "start")
		s := finding.Span{Start: start, End: rapid.IntRange(start, len(text)).Draw(t, "end")}
		w := s.Whole(text)
		empty := s.Start == s.End
		if w.Start > s.Start || w.End < s.End && !empty || w.Start < 0 || w.End > len(text) || empty != (w.Start == w.End) {
			t.Fatalf("%v became %v", s, w)
		}
		bounds := map[int]bool{len(text): true}
		for i := range text {
			bounds[i] = true
		}
		if !bounds[w.Start] || !bounds[w.End] || w.Start <= s.Start-utf8.UTFMax || w.End >= s.End+utf8.UTFMax {
			t.Fatalf("%v of %q became %v", s, text, w)
		}
	})
	if got := (finding.Span{Start: -1, End: 99}).Whole("abc"); got != (finding.Span{Start: 0, End: 3}) {
		t.Errorf("got %v", got)
	}
}
