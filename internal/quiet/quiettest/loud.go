//go:build loud

package main

// Without package quiet the terminal is asked: this shows that the test would
// notice.
func restore() {}
