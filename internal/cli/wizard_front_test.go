package cli

import (
	"strings"
	"testing"

	"sendplan/planner/interview"
)

// What stays on the screen is wrapped but for what is to be copied, says in words
// what its marks are, and holds nothing that a terminal acts on.
func TestPrintLines(t *testing.T) {
	t.Parallel()
	record := "v=spf1 " + strings.Repeat("ip4:203.0.113.10 ", 3) + "-all"
	var out strings.Builder
	err := printLines(&out, 30, []interview.Line{
		{Mark: interview.Heading, Text: "Written"},
		{Mark: interview.Good, Text: "every device is right after the plan"},
		{Mark: interview.Code, Indent: 1, Text: record},
		{Mark: interview.Added, Indent: 1, Text: "a\x1b[31m"},
		{},
		{Mark: interview.Heading, Text: "Next"},
	})
	want := "Written\n" +
		"ok: every device is right\n    after the plan\n" +
		"  " + record + "\n" +
		"  + a\\x1b[31m\n\n\nNext\n"
	if err != nil || out.String() != want {
		t.Errorf("%v\n%s\nwant\n%s", err, out.String(), want)
	}
}
