// Package quiet keeps the wizard's library from asking the terminal questions
// while the program starts.
//
// Merely importing github.com/charmbracelet/bubbletea v1 runs an init that asks
// the terminal for its background colour: two escape sequences, and up to five
// seconds of waiting where nothing answers. The library below it takes a
// program with CI set for one without a terminal, and does not ask. So the init
// here, the one init in sendplan, sets CI; main calls [Restore] at once, and
// nothing else ever sees the change.
//
// It runs before bubbletea's, whatever the order of imports in main: packages
// are initialised as soon as what they import is, the smallest import path
// first. This one imports only os. Bubbletea also needs text/template, which
// needs os and comes after "sendplan" in path order. A test runs both.
package quiet

import "os"

var value, found = os.LookupEnv("CI")

func init() {
	if value == "" { // empty counts as unset there
		os.Setenv("CI", "1")
	}
}

// Restore gives CI back the value that the program was started with. It is the
// first call of main, before anything else reads the environment.
func Restore() {
	if found {
		os.Setenv("CI", value)
	} else {
		os.Unsetenv("CI")
	}
}
