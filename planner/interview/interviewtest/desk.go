package interviewtest

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sendplan/planner/interview"
)

// KeptAt is where [World.Keep] says that it saves the draft.
const KeptAt = "/home/admin/.local/state/sendplan/draft.yaml"

// Put puts a file into the world.
func (w *World) Put(path, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.files[path] = []byte(text)
}

// File returns the text of a file; ok is false if there is none.
func (w *World) File(path string) (text string, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	content, ok := w.files[path]
	return string(content), ok
}

// Files returns the paths of all files, sorted.
func (w *World) Files() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Sorted(maps.Keys(w.files))
}

// Kept returns the draft that was saved, "" if none is.
func (w *World) Kept() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return string(w.kept)
}

// Read reads the file that is named, or else the text itself, as a list of devices.
func (w *World) Read(s interview.State, pasted string) (interview.Import, error) {
	if w.Broken != nil {
		return interview.Import{}, w.Broken
	}
	if text, ok := w.File(strings.TrimSpace(pasted)); ok {
		pasted = text
	}
	return s.ParseDevices(pasted), nil
}

// Prepare makes a piece for the inventory, and one of a line for each other form
// that is asked for.
func (w *World) Prepare(ctx context.Context, s interview.State, export interview.Answers) ([]interview.Piece, error) {
	if w.Broken != nil {
		return nil, w.Broken
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	pieces := []interview.Piece{{What: "the inventory", Path: cmp.Or(export["inventory"], "inventory.yaml"), Text: s.Draft.Bytes()}}
	for _, form := range strings.FieldsFunc(export["forms"], func(r rune) bool { return r == ',' || r == ' ' }) {
		pieces = append(pieces, interview.Piece{What: form, Path: cmp.Or(export["folder"], "sendplan") + "/" + form + ".txt", Text: []byte("as " + form + "\n")})
	}
	for i, p := range pieces {
		have, ok := w.File(p.Path)
		pieces[i].Exists, pieces[i].Same = ok, ok && have == string(p.Text)
	}
	return pieces, nil
}

// Write stores the pieces, all of them or none.
func (w *World) Write(pieces []interview.Piece) error {
	if w.Broken != nil {
		return w.Broken
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range pieces {
		if _, there := w.files[p.Path]; there && !p.Exists {
			return fmt.Errorf("%s is there by now", p.Path)
		}
	}
	for _, p := range pieces {
		w.files[p.Path] = bytes.Clone(p.Text)
	}
	return nil
}

// Keep stores the draft at [KeptAt].
func (w *World) Keep(s interview.State) (path string, err error) {
	if w.Broken != nil {
		return "", w.Broken
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if s.Draft != nil {
		w.kept = bytes.Clone(s.Draft.Bytes())
	}
	return KeptAt, nil
}

// Drop forgets the draft that was kept.
func (w *World) Drop() error {
	if w.Broken != nil {
		return w.Broken
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.kept = nil
	return nil
}
