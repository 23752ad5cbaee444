package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestWizardScripts runs each testdata/wizard/*.txtar in a folder of its own,
// which holds its other files at first. "commands" are command lines without
// "sendplan"; a wizard among them is answered by "answers", which are told by
// their labels: a question that is none of them takes what is proposed. "result"
// is what the commands print, of a wizard only what it says last. cat and ls are
// commands too.
func TestWizardScripts(t *testing.T) { // in turns: each has its own working folder
	files, err := filepath.Glob("testdata/wizard/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { runWizardScript(t, file) })
	}
}

func runWizardScript(t *testing.T, file string) {
	file, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	parts := map[string]string{}
	for _, f := range archive.Files {
		if parts[f.Name] = string(f.Data); !slices.Contains([]string{"commands", "answers", "result"}, f.Name) {
			if err := os.WriteFile(f.Name, f.Data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	who := newAnswering(t, parts["answers"])
	var result strings.Builder
	for line := range strings.Lines(parts["commands"]) {
		fmt.Fprintf(&result, "$ %s%s", line, scripted(t, who, strings.Fields(line)))
	}
	who.done()
	if got := result.String(); got != parts["result"] {
		if !*update || t.Failed() {
			t.Errorf("got\n%s\nwant\n%s", got, parts["result"])
			return
		}
		archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return f.Name == "result" })
		archive.Files = append(archive.Files, txtar.File{Name: "result", Data: []byte(got)})
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// scripted carries out one command.
func scripted(t *testing.T, who *answering, words []string) string {
	switch words[0] {
	case "ls":
		return strings.Join(tree(t, "."), "\n") + "\n"
	case "cat":
		text, err := os.ReadFile(words[1])
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	var got outcome
	if words[0] == "wizard" {
		got = who.run(words)
	} else {
		got = runArgs(t, words...)
	}
	if got.status != "0" {
		got.stderr += "status " + got.status + "\n"
	}
	return got.stdout + got.stderr
}

// answering is a person who knows the answers beforehand.
type answering struct {
	t       *testing.T
	answers map[string][]string
	asked   int

	mu  sync.Mutex
	out bytes.Buffer
}

// newAnswering reads lines as "Label: answer". Of a label that stands several
// times the answers are given in turns.
func newAnswering(t *testing.T, text string) *answering {
	a := &answering{t: t, answers: map[string][]string{}}
	for line := range strings.Lines(text) {
		label, answer, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		if !ok {
			t.Fatalf("%q is no answer", line)
		}
		a.answers[label] = append(a.answers[label], answer)
	}
	return a
}

// run runs the wizard and returns what it said after the last answer.
func (a *answering) run(words []string) outcome {
	var errs bytes.Buffer
	env := map[string]string{"COLUMNS": "80"}
	streams := Streams{In: a, Out: a, Err: &errs, Getenv: func(k string) string { return env[k] }}
	code := Main(context.Background(), streams, append(words, "--timeout", "3s"))
	text := a.out.String()
	a.out.Reset()
	if strings.ContainsRune(text, '\x1b') {
		a.t.Errorf("an escape is written: %q", text)
	}
	if i := strings.LastIndex(text, "]: "); i >= 0 {
		_, text, _ = strings.Cut(text[i:], "\n")
	}
	return outcome{text, errs.String(), fmt.Sprint(code)}
}

// Write takes what the wizard says.
func (a *answering) Write(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.out.Write(p)
}

// Read answers the question that was asked last. The word EOF ends the input.
func (a *answering) Read(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	const tooMany = 200
	text := a.out.String()
	if a.asked++; a.asked > tooMany {
		a.t.Errorf("it asks and asks:\n%s", text[len(text)-2000:])
		return 0, io.EOF
	}
	label := text[strings.LastIndexByte(text, '\n')+1:]
	label, _, _ = strings.Cut(label, " [")
	label = strings.TrimSuffix(label, ": ")
	answer := ""
	if list := a.answers[label]; len(list) > 0 {
		answer, a.answers[label] = list[0], list[1:]
	}
	if answer == "EOF" {
		return 0, io.EOF
	}
	return copy(p, answer+"\n"), nil
}

// done makes sure that every answer was given.
func (a *answering) done() {
	for label, left := range a.answers {
		if len(left) > 0 {
			a.t.Errorf("nobody asked for %s: %q", label, left)
		}
	}
}
