package render_test

import (
	"bytes"
	"testing"

	"sendplan/internal/compare"
	"sendplan/internal/finding"
	"sendplan/internal/render"
)

// difference holds one of everything.
func difference() compare.Difference {
	typo := compare.Finding{
		ID: "spf-syntax", Severity: finding.Error, Status: finding.Fail, Subject: "contoso.example",
		Marked: "ipv4:203.0.113.1", Message: `unknown mechanism "ipv4", did you mean ip4?`,
	}
	moved, unknown, hostile := typo, typo, typo
	moved.Marked = "ipv4:203.0.113.2"
	unknown.ID, unknown.Status, unknown.Message = "dmarc-lookup", finding.Unknown, "could not find out which DMARC policy applies"
	hostile.Message, hostile.Subject = "<b>@user</b> [a](https://evil.example) `x` \x1b[2J\u202e", "evil|`<b>`.example"
	return compare.Difference{OldDate: "2026-11-21", NewDate: "2026-11-22", Domains: []compare.DomainDifference{
		{
			Domain: "contoso.example", Old: "pass", New: "fail", OldPartial: true, NewPartial: true,
			Appeared: []compare.Finding{unknown, hostile}, Gone: []compare.Finding{typo}, Changed: []compare.Change{{Old: typo, New: moved}},
			Facts: []compare.FactChange{
				{Old: compare.Fact{What: "SPF", Text: "v=spf1 -all", Known: true}, New: compare.Fact{What: "SPF", Known: true}},
				{Old: compare.Fact{What: "DMARC", Text: "v=DMARC1; p=none", Known: true}, New: compare.Fact{What: "DMARC"}},
			},
		},
		{Domain: "fabrikam.example", New: "fail", Appeared: []compare.Finding{typo}},
		{Domain: "nordwind.example", Old: "pass"},
	}}
}

func TestDifferenceGolden(t *testing.T) {
	t.Parallel()
	for _, f := range render.Formats {
		if !f.Documents() {
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			if err := f.Difference(&b, page(), difference()); err != nil {
				t.Fatal(err)
			}
			compareGolden(t, "diff-"+f.Name, b.String())
		})
	}
}

func TestNoDifference(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"text": "no difference\n", "markdown": "# What changed in the mail DNS\n\nNo difference.\n"} {
		var b bytes.Buffer
		if err := format(t, name).Difference(&b, page(), compare.Difference{}); err != nil || b.String() != want {
			t.Errorf("%s: %q, %v", name, b.String(), err)
		}
	}
}
