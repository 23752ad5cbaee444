package cli

import (
	"io"
	"os"
)

// Streams is what a command has of the world around it, the network aside.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	Getenv   func(string) string
}

// System returns the process's own streams and environment.
func System() Streams {
	return Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv}
}
