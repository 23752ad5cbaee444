package prompt

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

var update = flag.Bool("update", false, "rewrite the transcripts from what their input lines lead to")

// sign marks the lines of a transcript that a person typed.
const sign = "> "

// talk is a file of prepared lines. Where a line is repeated in the output, it
// stands in the transcript on a line of its own, behind the sign.
type talk struct {
	mu    sync.Mutex
	lines []string
	out   strings.Builder
	read  *string     // the line that was read last, until it is repeated
	reads func(n int) // called before the nth line is handed over
	n     int
}

func (c *talk) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.read == nil {
		return c.out.Write(p)
	}
	if text := c.out.String(); text != "" && !strings.HasSuffix(text, "\n") {
		c.out.WriteString("\n")
	}
	c.out.WriteString(sign)
	c.read = nil
	return c.out.Write(p)
}

func (c *talk) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.lines) == 0 {
		return 0, io.EOF
	}
	line := c.lines[0]
	if c.n++; c.reads != nil {
		c.reads(c.n)
	}
	c.lines, c.read = c.lines[1:], &line
	return copy(p, line+"\n"), nil
}

// said is all that was printed and typed, without blanks at the ends of lines.
func (c *talk) said() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	lines := strings.Split(c.out.String(), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}

// dialogue is a scripted interview. Its input lines are those of its transcript.
type dialogue struct {
	state  func(testing.TB) interview.State
	world  func(testing.TB) *interviewtest.World
	files  map[string]string
	width  int
	before func(w *interviewtest.World, n int) // called before the nth line is handed over
	ends   string                              // the end of the error; "" if there is none
	check  func(*testing.T, Outcome, *interviewtest.World)
}

func empty(testing.TB) interview.State { return interviewtest.Empty() }

// run plays lines.
func (d dialogue) run(t testing.TB, lines []string) (*talk, Outcome, *interviewtest.World, error) {
	t.Helper()
	world := interviewtest.New
	if d.world != nil {
		world = d.world
	}
	w := world(t)
	for path, text := range d.files {
		w.Put(path, text)
	}
	c := &talk{lines: slices.Clone(lines)}
	if d.before != nil {
		c.reads = func(n int) { d.before(w, n) }
	}
	out, err := Run(context.Background(), d.state(t), w, Options{In: c, Out: c, Width: d.width})
	return c, out, w, err
}

// script returns the lines that are typed in a transcript.
func script(t testing.TB, name string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	scanner := bufio.NewScanner(strings.NewReader(string(text)))
	for scanner.Scan() {
		if line, ok := strings.CutPrefix(scanner.Text(), strings.TrimSpace(sign)); ok {
			lines = append(lines, strings.ReplaceAll(strings.TrimPrefix(line, " "), `\x1b`, "\x1b"))
		}
	}
	return lines
}

func TestDialogues(t *testing.T) {
	t.Parallel()
	for name, d := range dialogues {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, out, w, err := d.run(t, script(t, name))
			if len(c.lines) > 0 {
				t.Errorf("%d lines were not read, the first %q", len(c.lines), c.lines[0])
			}
			if (err == nil) != (d.ends == "") || err != nil && !strings.HasSuffix(err.Error(), d.ends) {
				t.Errorf("error %v, want %q", err, d.ends)
			}
			plainText(t, c.said(), d.width)
			compare(t, name, c.said())
			if d.check != nil && !t.Failed() {
				d.check(t, out, w)
			}
		})
	}
}

// compare holds a transcript against its file.
func compare(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("the dialogue went another way than in %s (go test -update takes it):\n%s", path, firstDifference(string(want), got))
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		a, b := at(w, i), at(g, i)
		if a != b {
			return "line " + strings.Join(w[max(0, i-2):min(i, len(w))], "\n") + "\nwant: " + a + "\ngot:  " + b
		}
	}
	return ""
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(nothing)"
}

// Every transcript belongs to a dialogue.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if _, ok := dialogues[strings.TrimSuffix(filepath.Base(f), ".txt")]; !ok {
			t.Errorf("%s belongs to no dialogue", f)
		}
	}
}

var errTest = errors.New("the disk is full")
