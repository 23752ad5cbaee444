//go:build unix

package quiet

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// build compiles quiettest, which imports bubbletea, and returns its path.
func build(t *testing.T, args ...string) string {
	t.Helper()
	exe := filepath.Join(t.TempDir(), "quiettest")
	args = append([]string{"build", "-o", exe}, args...)
	out, err := exec.Command("go", append(args, "./quiettest")...).CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return exe
}

// start runs exe on a pseudo-terminal that answers no question. It has nothing
// of our environment but what is given.
func start(t *testing.T, exe string, env ...string) (*exec.Cmd, *os.File) {
	t.Helper()
	cmd := exec.Command(exe)
	cmd.Env = append([]string{"TERM=xterm-256color"}, env...)
	f, err := pty.Start(cmd)
	if err != nil {
		t.Skipf("no pseudo-terminal: %v", err)
	}
	t.Cleanup(func() { f.Close() })
	return cmd, f
}

func TestQuiet(t *testing.T) {
	t.Parallel()
	exe := build(t)
	tests := []struct {
		what string
		env  []string
		want string
	}{
		{"CI unset", nil, "CI=\"\" false\r\n"},
		{"CI empty", []string{"CI="}, "CI=\"\" true\r\n"},
		{"CI set", []string{"CI=true"}, "CI=\"true\" true\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			t.Parallel()
			cmd, f := start(t, exe, tt.env...)
			got, err := io.ReadAll(f)
			if err != nil && !errors.Is(err, syscall.EIO) { // EIO: the other side is closed
				t.Fatal(err)
			}
			if err := cmd.Wait(); err != nil {
				t.Error(err)
			}
			// What is not asked is not waited for: the text is all there is.
			if string(got) != tt.want {
				t.Errorf("printed %q, want %q", got, tt.want)
			}
		})
	}
}

// TestLoud shows that the same program without package quiet does ask, so that
// TestQuiet proves something.
func TestLoud(t *testing.T) {
	t.Parallel()
	cmd, f := start(t, build(t, "-tags", "loud"))
	watchdog := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer watchdog.Stop()
	first := make([]byte, 1)
	if _, err := io.ReadFull(f, first); err != nil {
		t.Fatal(err)
	}
	if first[0] != '\x1b' {
		t.Errorf("begins with %q, not with an escape sequence: is package quiet still needed?", first)
	}
	cmd.Process.Kill()
	cmd.Wait()
}

// TestOrder reads the order of initialisation from the run-time's own trace.
func TestOrder(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(build(t))
	cmd.Env = []string{"GODEBUG=inittrace=1"}
	var trace bytes.Buffer
	cmd.Stderr = &trace
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, m := range regexp.MustCompile(`(?m)^init (\S+) @`).FindAllStringSubmatch(trace.String(), -1) {
		order = append(order, m[1])
	}
	list := " " + strings.Join(order, " ") + " "
	quiet, tea := strings.Index(list, " sendplan/internal/quiet "), strings.Index(list, " github.com/charmbracelet/bubbletea ")
	termenv := strings.Index(list, " github.com/muesli/termenv ")
	if quiet < 0 || tea < 0 || quiet > tea || termenv >= 0 && quiet > termenv {
		t.Errorf("quiet must come before termenv and bubbletea: %s", list)
	}
}

func TestRestore(t *testing.T) {
	t.Setenv("CI", "changed") // puts CI back when the test is over
	Restore()
	got, ok := os.LookupEnv("CI")
	if got != value || ok != found {
		t.Errorf("CI=%q %t after Restore, the program was started with %q %t", got, ok, value, found)
	}
}
