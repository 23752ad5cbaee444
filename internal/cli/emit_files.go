package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/term"
	"sendplan/internal/zone"
)

// piece is what was written of one zone.
type piece struct {
	zone dns.Name
	text []byte
}

// emitAll writes all batches that change something, or none.
func emitAll(form zone.Form, batches []zone.Batch, o zone.Options) ([]piece, error) {
	var pieces []piece
	for _, b := range batches {
		if len(b.Changes) == 0 {
			continue
		}
		text, err := zone.Emit(form, b, o)
		if err != nil {
			return nil, err
		}
		pieces = append(pieces, piece{b.Zone, text})
	}
	return pieces, nil
}

// deliver hands out the pieces: to standard output, or as files.
func (flags *emitFlags) deliver(streams Streams, form zone.Form, number int, pieces []piece) error {
	switch {
	case flags.folder != "":
		return flags.save(streams, form, number, pieces)
	case len(pieces) > 1 && !form.Joined:
		return usageError("", "the plan changes %d zones, and %s holds one: write files with --out DIR", len(pieces), form.Name)
	}
	for i, p := range pieces {
		text := p.text
		if i > 0 {
			text = append([]byte("\n"), text...)
		}
		if _, err := streams.Out.Write(text); err != nil {
			return err
		}
	}
	return nil
}

// save writes a file for each zone. Unless all can be written, none is.
func (flags *emitFlags) save(streams Streams, form zone.Form, number int, pieces []piece) error {
	if len(pieces) == 0 {
		return nil
	}
	if err := makeFolder(flags.folder); err != nil {
		return usageError("", "--out: %v", err)
	}
	var paths []string
	for _, p := range pieces {
		name, err := emitName(p.zone, form, number, flags.undo)
		if err != nil {
			return usageError("leave out --out", "--out: %v", err)
		}
		path := filepath.Join(flags.folder, name)
		if err := flags.free(path); err != nil {
			return err
		}
		paths = append(paths, path)
	}
	for i, p := range pieces {
		if err := writeFile(paths[i], bytes.NewReader(p.text)); err != nil {
			return usageError("", "--out: %v", err)
		}
		fmt.Fprintf(streams.Err, "wrote %s\n", term.Safe(paths[i]))
	}
	return nil
}

// makeFolder makes the folder for files, unless it is there.
func makeFolder(path string) error {
	if err := os.Mkdir(path, 0o777); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return nil
}

// free tells why a file cannot be written.
func (flags *emitFlags) free(path string) error {
	there, err := ordinary(path)
	switch {
	case err != nil:
		return usageError("", "--out: %v", err)
	case there && !flags.force:
		return usageError("--force writes over it", "--out: %s is there already", path)
	}
	return nil
}

// ordinary reports whether there is a file; what else there is is an error. A
// symbolic link is none of ours: it may lead out of the folder.
func ordinary(path string) (there bool, err error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case !info.Mode().IsRegular():
		return false, fmt.Errorf("%s is no ordinary file", path)
	}
	return true, nil
}

// plainZone is the name of a zone that can be part of a file name anywhere.
var plainZone = regexp.MustCompile(`^[a-z0-9_-]+(\.[a-z0-9_-]+)*$`)

// emitName returns the name of the file of one zone: "stage-2-contoso.com.zone".
// It begins with a word, because systems have names of their own, such as "con".
func emitName(name dns.Name, form zone.Form, number int, undo bool) (string, error) {
	if !plainZone.MatchString(name.String()) {
		return "", fmt.Errorf("the zone %q cannot be part of a file name", name)
	}
	parts := []string{"all"}
	if number > 0 {
		parts = []string{"stage", fmt.Sprint(number)}
	}
	if undo {
		parts = append(parts, "undo")
	}
	return strings.Join(append(parts, name.String()), "-") + form.Extension, nil
}
