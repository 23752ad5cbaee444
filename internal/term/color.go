package term

import "fmt"

// Mode is what the user wants of colour.
type Mode uint8

// The modes of --color.
const (
	Auto   Mode = iota // colour where a terminal shows it
	Always             // even into a pipe
	Never
)

var modeNames = [...]string{"auto", "always", "never"}

// String returns the mode as --color takes it.
func (m Mode) String() string { return modeNames[m] }

// ParseMode reads what [Mode.String] prints.
func ParseMode(s string) (Mode, error) {
	for m, name := range modeNames {
		if s == name {
			return Mode(m), nil
		}
	}
	return Auto, fmt.Errorf("colour %q: must be auto, always or never", s)
}

// Decide is the one place where it is decided whether to colour. The option
// wins over the environment; then NO_COLOR (no-color.org) wins over
// CLICOLOR_FORCE, as it does in the library that draws the wizard, and both
// over what the output is.
func Decide(mode Mode, env func(string) string, isTerminal bool) bool {
	force, cli := env("CLICOLOR_FORCE"), env("CLICOLOR")
	switch {
	case mode != Auto:
		return mode == Always
	case env("NO_COLOR") != "":
		return false
	case force != "" && force != "0":
		return true
	}
	return isTerminal && env("TERM") != "dumb" && cli != "0"
}

// Pen draws text in one colour or weight. The zero Pen leaves text as it is.
type Pen struct{ on, off string }

// Draw returns s between the pen's escapes. Pens nest: a colour inside a weight,
// or a weight inside a colour, ends only itself.
func (p Pen) Draw(s string) string {
	if s == "" {
		return s
	}
	return p.on + s + p.off
}

// Style holds the pens. It knows only the colours that every terminal theme
// sets itself, so that they are readable on any background. The zero Style draws
// without escapes.
type Style struct {
	Bold, Dim                         Pen
	Red, Green, Yellow, Magenta, Cyan Pen
}

// NewStyle returns the pens, or pens that leave text as it is. Colour is never
// the only carrier of a meaning.
func NewStyle(on bool) Style {
	if !on {
		return Style{}
	}
	const weight, color = "\x1b[22m", "\x1b[39m" // what ends a weight, a colour
	return Style{
		Bold: Pen{"\x1b[1m", weight}, Dim: Pen{"\x1b[2m", weight},
		Red: Pen{"\x1b[31m", color}, Green: Pen{"\x1b[32m", color}, Yellow: Pen{"\x1b[33m", color},
		Magenta: Pen{"\x1b[35m", color}, Cyan: Pen{"\x1b[36m", color},
	}
}
