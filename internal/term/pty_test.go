//go:build unix

package term

import (
	"testing"

	"github.com/creack/pty"
)

func TestTerminal(t *testing.T) {
	t.Parallel()
	master, slave, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminal: %v", err)
	}
	defer master.Close()
	defer slave.Close()
	if !IsTerminal(slave) || !EnableEscapes(slave) {
		t.Error("a pseudo-terminal is not taken for a terminal")
	}
	if err := pty.Setsize(master, &pty.Winsize{Rows: 40, Cols: 132}); err != nil {
		t.Fatal(err)
	}
	if got := Width(slave, func(string) string { return "" }); got != 132 {
		t.Errorf("width %d, want 132", got)
	}
	if got := Width(slave, func(string) string { return "100" }); got != 100 {
		t.Errorf("with COLUMNS=100: width %d", got)
	}
}
