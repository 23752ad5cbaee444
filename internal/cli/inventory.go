package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"sendplan/internal/intake"
	"sendplan/internal/inventory"
	"sendplan/internal/term"
)

// maxInventory is how much is read of an inventory: more than one may have, so
// that what is too long is refused and not cut.
const maxInventory = 2 << 20

const inventoryHint = "docs/inventory.md describes the file; sendplan init DOMAIN makes a first one"

// loadInventory reads the inventory that -i names. Its doubts go to standard
// error, because they do not keep it from being used.
func loadInventory(streams Streams, path string) (*inventory.File, error) {
	if path == "" {
		return nil, usageError("make one with: sendplan init DOMAIN -o FILE", "name the inventory with -i FILE")
	}
	data, err := readBounded(streams, path, maxInventory)
	if err != nil {
		return nil, usageError("make one with: sendplan init DOMAIN -o FILE", "-i: %v", err)
	}
	name := path
	if path == "-" {
		name = "standard input"
	}
	return parseInventory(streams, name, data)
}

// parseInventory reads the text of an inventory, with its doubts as
// [loadInventory].
func parseInventory(streams Streams, name string, data []byte) (*inventory.File, error) {
	file, err := inventory.Parse(data, name, intake.Catalogue)
	if err != nil {
		return nil, usageError(inventoryHint, "%v", err)
	}
	for _, w := range file.Warnings {
		fmt.Fprintf(streams.Err, "warning: %s\n", term.Safe(w.Error()))
	}
	return file, nil
}

// readBounded reads a file, or standard input where path is "-", and at most one
// octet more than limit of it.
func readBounded(streams Streams, path string, limit int64) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(io.LimitReader(streams.In, limit+1))
	}
	return readUpTo(path, limit)
}

// readUpTo is readBounded of a file.
func readUpTo(path string, limit int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %v", path, err)
	}
	return data, nil
}

// saveInventory writes an edited inventory in the place of the one that was
// read, unless that was changed in the meantime. before is its text as read.
func saveInventory(path string, before []byte, file *inventory.File) error {
	now, err := os.ReadFile(path)
	if err != nil {
		return usageError("", "-i: %v", err)
	}
	if !bytes.Equal(now, before) {
		return usageError("run the command again", "%s was changed in the meantime: nothing is written", path)
	}
	if err := writeFile(path, bytes.NewReader(file.Bytes())); err != nil {
		return usageError("name a file that can be written", "-i: %v", err)
	}
	return nil
}

// exists reports whether something stands at a path.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, os.ErrNotExist)
}
