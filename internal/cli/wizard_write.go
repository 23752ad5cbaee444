package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"sendplan/planner/interview"
)

// shownFile is what stood where a file is to be written, when that was shown.
type shownFile struct {
	folder string // that is made for the file; "": the person named the file itself
	exists bool
	text   []byte
}

// stand looks at what stands at a path. In a folder of ours a symbolic link is
// refused: it may lead out of it. One that a person named is followed.
func stand(path, folder string) (shownFile, error) {
	s := shownFile{folder: folder}
	var err error
	if folder == "" {
		_, err = writable(path)
		s.exists = exists(path)
	} else {
		s.exists, err = ordinary(path)
		if parent := filepath.Dir(filepath.Clean(folder)); err == nil && !exists(folder) && !exists(parent) {
			err = fmt.Errorf("there is no folder %s", parent)
		}
	}
	if err == nil && s.exists {
		s.text, err = readUpTo(path, maxExport)
	}
	return s, err
}

// piece is a text to write, beside what stands in its place.
func (w *wizard) piece(what, path, folder string, text []byte) (interview.Piece, error) {
	there, err := stand(path, folder)
	if err != nil {
		return interview.Piece{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.shown[path] = there
	return interview.Piece{What: what, Path: path, Text: text, Exists: there.exists, Same: there.exists && bytes.Equal(there.text, text)}, nil
}

// knows reports whether a file holds what the wizard began with, as it was when
// it was shown.
func (w *wizard) knows(path string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.begun != nil && bytes.Equal(w.shown[path].text, w.begun)
}

// distinct makes sure that each piece has a place of its own, however it is
// named, and that none is the draft's: that is taken away in the end.
func (w *wizard) distinct(pieces []interview.Piece) error {
	taken := map[string]string{target(draftOf(w.inventory)): "the draft"}
	for _, p := range pieces {
		if p.Path == "" {
			continue
		}
		place := target(p.Path)
		if other, ok := taken[place]; ok {
			return fmt.Errorf("%s is the place of %s too, and cannot be that of %s: name another", p.Path, other, p.What)
		}
		taken[place] = p.What
	}
	return nil
}

// target is the one name of the file that writing to a path would write.
func target(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	} else if folder, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		path = filepath.Join(folder, filepath.Base(path))
	}
	if whole, err := filepath.Abs(path); err == nil {
		return whole
	}
	return filepath.Clean(path)
}

// Write writes the pieces: all of them beside their places first, so that what
// cannot be written is met before anything is replaced.
func (w *wizard) Write(pieces []interview.Piece) error {
	for _, p := range pieces {
		if err := w.unchanged(p); err != nil {
			return err
		}
	}
	var all []stagedFile
	defer func() {
		for _, s := range all {
			s.drop()
		}
	}()
	for _, p := range pieces {
		s, err := w.stage(p)
		if err != nil {
			return fmt.Errorf("nothing is written: %v", err)
		}
		all = append(all, s...)
	}
	for i, s := range all {
		if err := s.place(); err != nil {
			return fmt.Errorf("%d of %d files are written: %v", i, len(all), err)
		}
	}
	return nil
}

// unchanged makes sure that in the place of a piece stands what was shown.
func (w *wizard) unchanged(p interview.Piece) error {
	if p.Path == "" {
		return nil
	}
	w.mu.Lock()
	before, ok := w.shown[p.Path]
	w.mu.Unlock()
	if !ok {
		return fmt.Errorf("nothing is written: nobody was asked about %s", p.Path)
	}
	now, err := stand(p.Path, before.folder)
	switch {
	case err != nil:
		return fmt.Errorf("nothing is written: %v", err)
	case now.exists && !before.exists:
		return fmt.Errorf("nothing is written: %s has appeared in the meantime; look at it, and go through the export again", p.Path)
	case now.exists != before.exists || !bytes.Equal(now.text, before.text):
		return fmt.Errorf("nothing is written: %s was changed in the meantime; go through the export again", p.Path)
	}
	return nil
}

// stage writes a piece beside its place. One that is there already, or that is
// no file, needs nothing.
func (w *wizard) stage(p interview.Piece) ([]stagedFile, error) {
	if p.Path == "" || p.Same {
		return nil, nil
	}
	w.mu.Lock()
	folder := w.shown[p.Path].folder
	w.mu.Unlock()
	if folder != "" {
		if err := makeFolder(folder); err != nil {
			return nil, err
		}
	}
	s, err := stageFile(p.Path, bytes.NewReader(p.Text))
	if err != nil {
		return nil, err
	}
	return []stagedFile{s}, nil
}

// Keep saves the draft beside the inventory, unless it holds nothing that the
// inventory does not.
func (w *wizard) Keep(s interview.State) (string, error) {
	if s.Draft == nil || bytes.Equal(s.Draft.Bytes(), w.begun) {
		return "", w.Drop()
	}
	path := draftOf(w.inventory)
	text := append([]byte(draftMark+string(s.At)+"\n"), s.Draft.Bytes()...)
	return path, writeFile(path, bytes.NewReader(text))
}

// Drop takes the saved draft away, if there is one.
func (w *wizard) Drop() error {
	if err := os.Remove(draftOf(w.inventory)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// draftOf returns where the draft of an inventory is kept.
func draftOf(inventory string) string { return inventory + ".draft" }

// draftMark begins the first line of a draft. The step stands behind it.
const draftMark = "# A draft of sendplan wizard, which --resume takes up, at the step: "

// parseDraft parts a draft into the step and the inventory.
func parseDraft(text []byte) (interview.Step, []byte, bool) {
	line, rest, _ := bytes.Cut(text, []byte("\n"))
	name, ok := strings.CutPrefix(strings.TrimSuffix(string(line), "\r"), draftMark)
	step := interview.Step(name)
	return step, rest, ok && step.Title() != ""
}
