package zone

import (
	"flag"
	"os"
	"testing"
)

// The cases of the property tests are the same with each run, so that a change
// fails for what it did; -rapid.seed=N draws others, -rapid.checks=N more.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.seed", "20261122"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
