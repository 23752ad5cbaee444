package inventory

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// maxErrors is how many mistakes one reading tells of; more only bury the first.
const maxErrors = 20

// Error is a mistake in an inventory, with its place.
type Error struct {
	File    string
	Line    int // from 1
	Column  int // from 1, in characters
	Message string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// Errors are the mistakes of one file in the order of their places.
type Errors []*Error

func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, one := range e {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// ExitCode returns the exit status for bad input.
func (e Errors) ExitCode() int { return 2 }

// sorted returns the errors by place, without repetitions, and cut to
// maxErrors.
func (e Errors) sorted() Errors {
	slices.SortStableFunc(e, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), strings.Compare(a.Message, b.Message))
	})
	e = slices.CompactFunc(e, func(a, b *Error) bool { return *a == *b })
	if len(e) > maxErrors {
		last := *e[maxErrors-1]
		last.Message += fmt.Sprintf(" (and %d more mistakes)", len(e)-maxErrors)
		e = append(e[:maxErrors-1:maxErrors-1], &last)
	}
	return e
}
