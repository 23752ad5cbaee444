//go:build !windows

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/creack/pty"
)

// folder is where sendplan is built, once for all tests.
var folder = sync.OnceValue(func() string {
	path, err := os.MkdirTemp("", "sendplan-*")
	if err != nil {
		panic(err)
	}
	return path
})

func TestMain(m *testing.M) {
	code := m.Run()
	os.RemoveAll(folder())
	os.Exit(code)
}

var built = sync.OnceValues(func() (path string, err error) {
	path = filepath.Join(folder(), "sendplan")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %v\n%s", err, out)
	}
	return path, nil
})

// build compiles sendplan as users get it.
func build(t *testing.T) string {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// inTerminal runs a command in a pseudo-terminal and returns all that it wrote.
func inTerminal(t *testing.T, c *exec.Cmd) string {
	t.Helper()
	tty, err := pty.StartWithSize(c, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	var out bytes.Buffer
	// Linux ends the last read of a closed terminal with EIO.
	if _, err := io.Copy(&out, tty); err != nil && !errors.Is(err, syscall.EIO) {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	return out.String()
}

// A library that draws full screens asks the terminal for its colours as soon
// as it is linked, and waits for the answer: no command may show that.
func TestVersionIsSilentInATerminal(t *testing.T) {
	t.Parallel()
	out := inTerminal(t, exec.Command(build(t), "version"))
	if strings.ContainsRune(out, '\x1b') || !strings.HasPrefix(out, "sendplan ") {
		t.Errorf("got %q", out)
	}
}

func TestColourInATerminal(t *testing.T) {
	t.Parallel()
	path := build(t)
	for _, test := range []struct {
		name  string
		args  []string
		env   []string
		color bool
	}{
		{"terminal", nil, []string{"TERM=xterm"}, true},
		{"NO_COLOR", nil, []string{"TERM=xterm", "NO_COLOR=1"}, false},
		{"dumb", nil, []string{"TERM=dumb"}, false},
		{"never", []string{"--color", "never"}, []string{"TERM=xterm"}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := exec.Command(path, append([]string{"explain", "spf-missing"}, test.args...)...)
			c.Env = test.env
			if got := strings.ContainsRune(inTerminal(t, c), '\x1b'); got != test.color {
				t.Errorf("colour is %v", got)
			}
		})
	}
}
