package cli

import (
	"context"
	"errors"
	"fmt"
)

// The exit statuses, the same for every command and every output format.
const (
	exitFine        = 0
	exitFindings    = 1
	exitUsage       = 2
	exitUnknown     = 3
	exitInternal    = 70
	exitInterrupted = 130
)

// exitError ends a command with a status. Its message, if there is one, is
// printed once, by Main.
type exitError struct {
	code    int
	message string
	hint    string // what the user can do, in one line; may be empty
}

func (e *exitError) Error() string { return e.message }

// ExitCode returns the status that the process ends with.
func (e *exitError) ExitCode() int { return e.code }

// usageError says that the command line or an input is wrong.
func usageError(hint, format string, args ...any) error {
	return &exitError{exitUsage, fmt.Sprintf(format, args...), hint}
}

// status ends a command whose result is already printed.
func status(code int) error {
	if code == exitFine {
		return nil
	}
	return &exitError{code: code}
}

// exitCode returns the status that err stands for.
func exitCode(ctx context.Context, err error) int {
	var coded interface{ ExitCode() int }
	switch {
	case ctx.Err() != nil:
		return exitInterrupted
	case err == nil:
		return exitFine
	case errors.As(err, &coded):
		return coded.ExitCode()
	default:
		return exitInternal
	}
}

// worse returns the status that wins when two domains end differently: bad
// input, then findings, then what could not be told.
func worse(a, b int) int {
	rank := map[int]int{exitFine: 0, exitUnknown: 1, exitFindings: 2, exitUsage: 3}
	if rank[b] > rank[a] {
		return b
	}
	return a
}
