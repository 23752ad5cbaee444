package cli

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// writeFile writes a file whole or not at all: beside its place first, then
// moved there. A symbolic link stays and its target is written; what is no
// ordinary file, such as /dev/null or a named pipe, is refused: the move would
// put a file in its place. A file that is there keeps its permissions, a new one
// has those that new files have.
func writeFile(path string, content io.WriterTo) error {
	s, err := stageFile(path, content)
	if err != nil {
		return err
	}
	defer s.drop()
	return s.place()
}

// stagedFile is a file that is written, but not in its place yet.
type stagedFile struct{ temp, path string }

// stageFile does all of [writeFile] but the last step.
func stageFile(path string, content io.WriterTo) (stagedFile, error) {
	path, err := writable(path)
	if err != nil {
		return stagedFile{}, err
	}
	temp, err := createBeside(path)
	if err != nil {
		return stagedFile{}, err
	}
	s := stagedFile{temp.Name(), path}
	_, err = content.WriteTo(temp)
	if closed := temp.Close(); err == nil {
		err = closed
	}
	if there, missing := os.Stat(path); err == nil && missing == nil {
		err = os.Chmod(s.temp, there.Mode().Perm())
	}
	if err != nil {
		s.drop()
	}
	return s, err
}

// createBeside makes a new file in the folder of path. Unlike [os.CreateTemp] it
// leaves to the system who else may read it: colleagues carry a run-book out.
func createBeside(path string) (*os.File, error) {
	for range 100 {
		name := filepath.Join(filepath.Dir(path), fmt.Sprintf(".sendplan-%016x", rand.Uint64()))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, os.ErrExist) {
			return f, err
		}
	}
	return nil, fmt.Errorf("no name is free beside %s", path)
}

// place moves the file to its place.
func (s stagedFile) place() error { return os.Rename(s.temp, s.path) }

// drop takes the file away, unless it is in its place.
func (s stagedFile) drop() { os.Remove(s.temp) }

// writable returns the file that writing to path would write, or says why it
// cannot be written. What it cannot foresee, writeFile meets.
func writable(path string) (string, error) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is no ordinary file", path)
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
		return "", fmt.Errorf("there is no folder %s", filepath.Dir(path))
	}
	return path, nil
}
