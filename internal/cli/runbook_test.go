package cli

import (
	"strings"
	"testing"

	"sendplan/internal/render"
)

// A run-book is for people: formats for programs are refused before anything is
// asked.
func TestRunbookFormats(t *testing.T) {
	t.Parallel()
	for _, f := range (&output{table: true}).formats() {
		got := run(t, "plan -i ../../examples/office.yaml --demo --runbook --format "+f.Name)
		people := f.Name == "text" || f.Name == "markdown"
		if (got.status == "2") == people || (got.stdout == "") == people {
			t.Errorf("%s: %s", f.Name, got)
		}
		if !people && !strings.Contains(got.stderr, "--runbook is for people: --format must be one of text, markdown") {
			t.Errorf("%s: %s", f.Name, got.stderr)
		}
	}
	if len(render.RunbookFormats) != 2 {
		t.Errorf("%v", render.RunbookFormats)
	}
}

// The status of a run-book is that of its plan.
func TestRunbookStatus(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"office", "gateway-move", "msp"} {
		command := "plan -i ../../examples/" + name + ".yaml --demo --date 2026-11-22"
		if plan, book := run(t, command), run(t, command+" --runbook"); plan.status != book.status {
			t.Errorf("%s: %s and %s", name, plan.status, book.status)
		}
	}
}
