package render_test

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendplan/internal/inventory"
	"sendplan/internal/method"
	"sendplan/internal/render"
	"sendplan/internal/runbook"
	"sendplan/internal/term"
	"sendplan/planner"
)

func writeRunbook(t fataler, name string, doc runbook.Document) string {
	f, ok := render.FormatByName(name)
	if !ok {
		t.Fatal(name)
	}
	var b bytes.Buffer
	if err := f.Runbook(&b, page(), doc); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// hostileBook is the run-book of a hostile plan, in which all devices are
// switched, with hostile steps besides.
func hostileBook(t *rapid.T, frame render.Planned) runbook.Document {
	p := hostilePlan(t, frame)
	text := hostileText()
	draw := func(what string) string { return text.Draw(t, what) }
	for _, d := range p.Devices {
		p.Stages[0].Tasks = append(p.Stages[0].Tasks, planner.Task{Who: "whoever keeps the device", Subject: d.Name})
	}
	doc := runbook.Make(&inventory.Inventory{}, p.Plan, p.Inventory)
	fact := method.Fact{Text: draw("fact"), Source: method.SourceKey(draw("source")), Grade: method.Grade(draw("grade"))}
	step := runbook.Step{
		Who: draw("who"), Subject: draw("subject"), Text: draw("text"), Why: draw("why"), Sign: draw("sign"), Undo: draw("undo"),
		Lines:    []runbook.Line{{Text: draw("line"), Fact: fact}, {Fact: method.Fact{Open: draw("open")}}},
		Commands: []runbook.Command{{Shell: runbook.ExchangeOnline, Text: draw("command"), WhatIf: true, Fill: true, Grade: runbook.Untested, Undo: draw("undo"), Note: draw("note")}},
	}
	doc.Reenable = []runbook.Step{step}
	doc.Stages[0].Steps = append(doc.Stages[0].Steps, step)
	doc.Last = []runbook.Farewell{{Device: draw("device"), Login: draw("login"), Steps: []runbook.Step{step}}}
	doc.Sources = append(doc.Sources, method.Source{Key: "X", Where: draw("where"), AsOf: draw("as of")})
	return doc
}

// Whatever a run-book holds, it acts on nobody who reads it.
func TestHostileRunbook(t *testing.T) {
	t.Parallel()
	frame := ordinaryPlan(t)
	rapid.Check(t, func(t *rapid.T) {
		doc := hostileBook(t, frame)
		for _, name := range render.RunbookFormats {
			got := writeRunbook(t, name, doc)
			if strings.ContainsAny(got, "\x00\x1b\x7f\t\u0085\u202e\u2066\u200b\ufeff") {
				t.Fatalf("%s holds a control character: %q", name, got)
			}
			if name == "markdown" {
				if what := live([]byte(got)); what != "" {
					t.Fatalf("%s in\n%s", what, got)
				}
			}
		}
	})
}

// A command is never broken, whatever the width: it is copied. It is tried
// first, and its way back and its grade stand with it.
func TestRunbookCommand(t *testing.T) {
	t.Parallel()
	long := "New-InboundConnector -Name '" + strings.Repeat("long ", 40) + "'"
	doc := runbook.Document{Reenable: []runbook.Step{{Who: "a", Text: "b", Commands: []runbook.Command{
		{Shell: runbook.ExchangeOnline, Text: long, WhatIf: true, Grade: runbook.Observed, Source: "NIC26", Undo: "Remove-InboundConnector -Identity 'a'"}}}}}
	for _, name := range render.RunbookFormats {
		got := writeRunbook(t, name, doc)
		first, then := strings.Index(got, long+" -WhatIf"), strings.LastIndex(got, long)
		undo, grade := strings.Index(got, "Remove-InboundConnector -Identity 'a'"), strings.Index(got, "grade: seen in use in public")
		if first < 0 || then <= first || undo <= then || grade <= undo {
			t.Errorf("%s: at %d, %d, %d, %d in\n%s", name, first, then, undo, grade, got)
		}
	}
}

// Text keeps to the width, but for what is copied.
func TestRunbookWidth(t *testing.T) {
	t.Parallel()
	p := everythingPlan(t)
	got := writeRunbook(t, "text", runbook.Make(&inventory.Inventory{}, p.Plan, p.Inventory))
	previous := ""
	for line := range strings.Lines(got) {
		line = strings.TrimRight(line, "\n")
		if term.Cells(line) > 80 && !strings.HasSuffix(previous, ":") {
			t.Errorf("%d cells: %s", term.Cells(line), line)
		}
		previous = line
	}
}

// What is not established is said to be so, and cites nothing.
func TestRunbookNotEstablished(t *testing.T) {
	t.Parallel()
	doc := runbook.Document{Stages: []runbook.Stage{{Number: 1, Sheets: []runbook.Sheet{{Device: "a", Settings: []method.Setting{
		{Name: "Server", Value: method.Fact{Open: "ask"}}, {Name: "Port", Value: method.Fact{Text: "25", Grade: method.Microsoft, Source: "HOW21"}}}}}}}}
	got := writeRunbook(t, "text", doc)
	for _, want := range []string{"Server: not established: ask\n", "Port: 25 [M HOW21]\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("want %q in\n%s", want, got)
		}
	}
}
