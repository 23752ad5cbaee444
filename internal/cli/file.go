package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// writeFile writes a file whole or not at all: beside its place first, then
// moved there. A symbolic link stays and its target is written; what is no
// ordinary file, such as /dev/null or a named pipe, is refused: the move would
// put a file in its place. A file that is there keeps its permissions.
func writeFile(path string, content io.WriterTo) error {
	path, err := writable(path)
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".sendplan-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // fails, rightly, once the file is moved
	if _, err := content.WriteTo(temp); err != nil {
		temp.Close()
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	if there, err := os.Stat(path); err == nil {
		if err := os.Chmod(temp.Name(), there.Mode().Perm()); err != nil {
			return err
		}
	}
	return os.Rename(temp.Name(), path)
}

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
