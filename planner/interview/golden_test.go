package interview_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sendplan/planner/interview"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares text with the file testdata/NAME.golden.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is another; look at what -update writes\ngot\n%s", path, got)
	}
}

var marks = map[interview.Mark]string{
	interview.Plain: "      ", interview.Heading: "head  ", interview.Good: "ok    ", interview.Note: "note  ", interview.Warn: "warn  ", interview.Bad: "bad   ",
	interview.Unknown: "?     ", interview.Muted: "muted ", interview.Code: "code  ", interview.Added: "+     ", interview.Removed: "-     ",
}

// pageText is a page with all that is on it.
func pageText(p interview.Page) string {
	var b strings.Builder
	linesText(&b, "", p.Lead)
	for _, s := range p.Sections {
		if len(s.Items) == 0 && s.Empty == "" {
			continue
		}
		fmt.Fprintf(&b, "\n# %s\n", s.Title)
		if s.Columns != nil {
			fmt.Fprintf(&b, "%s| %s\n", marks[interview.Heading], strings.Join(s.Columns, " | "))
		}
		for _, i := range s.Items {
			itemText(&b, i)
		}
	}
	return b.String()
}

func itemText(b *strings.Builder, i interview.Item) {
	fmt.Fprintf(b, "%s* %q", marks[i.Mark], i.Title)
	if i.Cells != nil {
		fmt.Fprintf(b, " | %s", strings.Join(i.Cells, " | "))
	}
	if i.Accept != "" {
		fmt.Fprintf(b, " accept=%s", i.Accept)
	}
	if i.About != (interview.Subject{}) {
		fmt.Fprintf(b, " about=%s/%s", i.About.Of, i.About.Name)
	}
	b.WriteByte('\n')
	for _, text := range i.Old {
		fmt.Fprintf(b, "      old %q\n", text)
	}
	for _, text := range i.New {
		fmt.Fprintf(b, "      new %q\n", text)
	}
	linesText(b, "    ", i.More)
}

func linesText(b *strings.Builder, indent string, lines []interview.Line) {
	for _, l := range lines {
		fmt.Fprintf(b, "%s%s%s%q\n", indent, marks[l.Mark], strings.Repeat("  ", l.Indent), l.Text)
	}
}
