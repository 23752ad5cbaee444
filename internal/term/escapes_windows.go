package term

import (
	"os"

	"golang.org/x/sys/windows"
)

// EnableEscapes makes the console behind f carry out escape sequences, and
// reports whether it will. Consoles before Windows 10 show them as text. The
// mode is left on: it changes nothing for programs that write no escapes.
func EnableEscapes(f *os.File) bool {
	h := windows.Handle(f.Fd())
	var mode uint32
	if err := windows.GetConsoleMode(h, &mode); err != nil {
		return false
	}
	return windows.SetConsoleMode(h, mode|windows.ENABLE_PROCESSED_OUTPUT|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
