package interview

import "sendplan/internal/shell"

// Resume is the command that goes on with the draft that is kept.
func (s State) Resume() string {
	words := []string{"sendplan", "wizard", "--resume"}
	if s.Path != "" && s.Path != defaultInventory {
		words = append(words, "-i", s.Path)
	}
	return shell.Line(append(words, s.Args...)...)
}
