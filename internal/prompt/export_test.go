package prompt

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

// desk is a world whose desk fails in one place, the first time.
type desk struct {
	*interviewtest.World
	prepare, write, drop error
}

func (d *desk) Prepare(ctx context.Context, s interview.State, export interview.Answers) ([]interview.Piece, error) {
	if err := d.prepare; err != nil {
		d.prepare = nil
		return nil, err
	}
	return d.World.Prepare(ctx, s, export)
}

func (d *desk) Write(pieces []interview.Piece) error {
	if err := d.write; err != nil {
		d.write = nil
		return err
	}
	return d.World.Write(pieces)
}

func (d *desk) Drop() error { return d.drop }

// What cannot be prepared or written is said, and can be tried again.
func TestExportFails(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		what  string
		desk  desk
		lines string
		said  string
	}{
		{"preparing", desk{prepare: errTest}, "done\ndone\nyes\n", "Nothing is written: The disk is full."},
		{"writing", desk{write: errTest}, "done\nyes\ndone\nyes\n", "Not finished: The disk is full."},
		{"taking the draft away", desk{drop: errTest}, "done\nyes\n", "warning: the draft that was kept could not be taken away: the disk is full"},
	} {
		t.Run(test.what, func(t *testing.T) {
			t.Parallel()
			test.desk.World = interviewtest.New(t)
			var out bytes.Buffer
			got, err := Run(context.Background(), exporting(t), &test.desk, Options{In: strings.NewReader(test.lines), Out: &out})
			if err != nil || len(got.Written) == 0 || !strings.Contains(out.String(), test.said) {
				t.Errorf("%v, %d files, said:\n%s", err, len(got.Written), out.String())
			}
		})
	}
}

// An interrupt while files are prepared writes nothing.
func TestInterruptedExport(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	w := interviewtest.New(t)
	in := make(typist)
	go func() {
		in <- "done"
		in <- "no"
		cancel()
	}()
	if _, err := Run(ctx, exporting(t), w, Options{In: in, Out: new(bytes.Buffer)}); !errors.Is(err, context.Canceled) || len(w.Files()) > 0 {
		t.Errorf("%v, files %q", err, w.Files())
	}
}

// Where a person types, the terminal shows it; elsewhere the output does.
func TestEcho(t *testing.T) {
	t.Parallel()
	for _, terminal := range []bool{false, true} {
		var out bytes.Buffer
		_, err := Run(context.Background(), exporting(t), interviewtest.New(t), Options{In: strings.NewReader("a-name.yaml\nquit\nyes\n"), Out: &out, Terminal: terminal})
		if err != nil || terminal == strings.Contains(out.String(), "[inventory.yaml]: a-name.yaml\n") {
			t.Errorf("terminal %v: %v\n%s", terminal, err, out.String())
		}
	}
}

// Of what is not written no path is said, and that it is new neither.
func TestPiece(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]interview.Piece{
		"the changes: not written. No record is to be changed now.": {What: "the changes", Note: "no record is to be changed now"},
		"the plan: plan.md, new.":                                   {What: "the plan", Path: "plan.md"},
		"the plan: plan.md, is there and holds the same.":           {What: "the plan", Path: "plan.md", Exists: true, Same: true},
	} {
		if got := piece(p); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
