package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// vacant says why no new file for a secret can be made at path; nil if it can.
// What it cannot foresee, writeSecret meets. out is standard output.
func vacant(path string, out io.Writer) error {
	info, err := os.Lstat(path)
	switch {
	case path == "-" || isOut(path, out):
		return errors.New("a private key is never written to standard output")
	case err == nil && info.Mode().IsRegular():
		return fmt.Errorf("%s exists, and a private key that may be in use is never overwritten", path)
	case err == nil:
		return fmt.Errorf("%s is there and is no ordinary file; a private key is only written to a new file", path)
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
		return fmt.Errorf("there is no folder %s", filepath.Dir(path))
	}
	return nil
}

// isOut reports whether path leads to the file that standard output goes to.
func isOut(path string, out io.Writer) bool {
	f, ok := out.(*os.File)
	if !ok {
		return false
	}
	own, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(own, there)
}

// writeSecret writes a new file that only its owner may read (on Windows: whom
// the folder lets), whole or not at all. The name is taken first, which fails if
// anything is there, be it a symbolic link that leads nowhere; the content is
// written beside it and moved over the empty file.
func writeSecret(path string, content io.WriterTo) (err error) {
	if err := reserve(path); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(path)
		}
	}()
	temp, err := os.CreateTemp(filepath.Dir(path), ".sendplan-*") // with mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // fails, rightly, once the file is moved
	_, err = content.WriteTo(temp)
	if err = errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}

// reserve makes an empty file where nothing is.
func reserve(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}
