package cli

import (
	"path/filepath"
	"strings"
	"testing"
)

// The embedded world works in every format, and a recording says the same again.
func TestDriftDemoAndReplay(t *testing.T) {
	t.Parallel()
	recording := filepath.Join(t.TempDir(), "drift.json")
	const command = "spf drift -i testdata/drift-demo.yaml"
	live := run(t, command+" --demo --date 2026-11-22 --record "+recording)
	text := strings.Join(strings.Fields(live.stdout), " ") // whatever the lines
	for _, want := range []string{
		"nordwind.example: include:spf.protection.outlook.com, as of 2026-10-01: changed", "lost 203.0.113.10",
		"spf-macro.example: include:spf.protection.outlook.com, as of 2026-10-01: unchanged",
	} {
		if live.status != "1" || live.stderr != "" || !strings.Contains(text, want) {
			t.Fatalf("want %q in\n%s", want, live)
		}
	}
	if again := run(t, command+" --replay "+recording); again != live {
		t.Errorf("the recording says\n%s\nlive it was\n%s", again, live)
	}
	for _, format := range []string{"json", "jsonl", "markdown", "csv"} {
		got := run(t, command+" --demo --date 2026-11-22 --format "+format)
		if got.status != "1" || got.stderr != "" || !strings.Contains(got.stdout, "203.0.113.10") {
			t.Errorf("%s\n%s", format, got)
		}
	}
}

// A recording that lacks a question cannot tell, and does not say unchanged.
func TestDriftOfAnotherRecording(t *testing.T) {
	t.Parallel()
	recording := filepath.Join(t.TempDir(), "other.json")
	if got := run(t, "spf tree --demo no-spf.example --record "+recording); got.status != "0" {
		t.Fatal(got)
	}
	got := run(t, "spf drift -i testdata/drift-demo.yaml --replay "+recording)
	if got.status != "3" || strings.Contains(got.stdout, "gained") || strings.Contains(got.stdout, "lost") || strings.Contains(got.stdout, "unchanged") {
		t.Error(got)
	}
}
