package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	firstYes  = "spf-gain/nordwind.example/198.51.100.16/28"
	secondYes = "spf-gain/bergen-vogtland.example/198.51.100.16/28"
)

// mspCopy is an example of a plan that asks for two yeses, to be written to.
func mspCopy(t *testing.T) (file, text string) {
	t.Helper()
	data, err := os.ReadFile("../../examples/msp.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return inventoryFile(t, string(data)), string(data)
}

func planOf(t *testing.T, file string, options ...string) outcome {
	t.Helper()
	return runArgs(t, append([]string{"plan", "--demo", "--date", "2026-11-22", "-i", file}, options...)...)
}

// A yes is written beside what is there, said once, and planned with.
func TestPlanAccept(t *testing.T) {
	t.Parallel()
	file, text := mspCopy(t)
	const planned = "add     ip4:198.51.100.16/28"
	if before := planOf(t, file); strings.Contains(before.stdout, planned) || !strings.Contains(before.stdout, "--accept "+firstYes) {
		t.Fatalf("without a yes: %s", before)
	}
	got := planOf(t, file, "--accept", firstYes, "--accept", secondYes, "--accept", firstYes)
	if strings.Count(got.stdout, planned) != 2 || strings.Contains(got.stdout, "--accept "+firstYes) {
		t.Errorf("%s", got)
	}
	for _, id := range []string{firstYes, secondYes} {
		if strings.Count(got.stderr, file+": accepted "+id+" as of 2026-11-22\n") != 1 {
			t.Errorf("%s is not said once: %s", id, got.stderr)
		}
	}
	after, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(after), text) || strings.Count(string(after), "id: "+firstYes) != 1 || strings.Count(string(after), "2026-11-22") != 2 {
		t.Errorf("the inventory became\n%s", after)
	}
	if info, _ := os.Stat(file); info.Mode().Perm() != 0o600 {
		t.Errorf("permissions %v", info.Mode())
	}
	again := planOf(t, file, "--accept", firstYes)
	if now, _ := os.ReadFile(file); string(now) != string(after) || again.stderr != "" || again.stdout != got.stdout {
		t.Errorf("a second yes changes something: %s", again)
	}
}

// One ID that is not offered keeps the others from being written.
func TestPlanAcceptAllOrNothing(t *testing.T) {
	t.Parallel()
	file, text := mspCopy(t)
	got := planOf(t, file, "--accept", firstYes, "--accept", secondYes+"x")
	if got.status != "2" || got.stdout != "" || !strings.Contains(got.stderr, "hint: did you mean "+secondYes+"?") && !strings.Contains(got.stderr, "does not offer") {
		t.Errorf("%s", got)
	}
	if now, _ := os.ReadFile(file); string(now) != text {
		t.Errorf("the inventory was changed:\n%s", now)
	}
}

// An inventory that cannot be written is refused, and no plan is printed.
func TestPlanAcceptNotWritable(t *testing.T) {
	t.Parallel()
	file, text := mspCopy(t)
	folder := filepath.Dir(file)
	if err := os.Chmod(folder, 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(folder, 0o700) })
	if os.WriteFile(filepath.Join(folder, "probe"), nil, 0o600) == nil {
		t.Skip("this user may write anywhere")
	}
	got := planOf(t, file, "--accept", firstYes)
	if now, _ := os.ReadFile(file); got.status != "2" || got.stdout != "" || string(now) != text {
		t.Errorf("%s", got)
	}
}

// A recording gives the same plan again, byte for byte, a spent budget included.
func TestPlanReplay(t *testing.T) {
	t.Parallel()
	for _, budget := range []string{"300", "7"} {
		t.Run(budget, func(t *testing.T) {
			t.Parallel()
			recording := filepath.Join(t.TempDir(), "plan.json")
			live := planOf(t, "../../examples/msp.yaml", "--max-queries", budget, "--record", recording, "--format", "json")
			again := runArgs(t, "plan", "-i", "../../examples/msp.yaml", "--replay", recording, "--format", "json")
			if again != live || live.stdout == "" {
				t.Errorf("live\n%s\nreplayed\n%s", live, again)
			}
			if spent := strings.Contains(live.stdout, "questions were asked"); spent != (budget == "7") {
				t.Errorf("the budget is spent: %v", spent)
			}
		})
	}
}

// All examples can be planned for in all formats, and the status does not depend
// on the format.
func TestPlanFormats(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../examples/*.yaml")
	if err != nil || len(files) < 3 {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	for _, file := range files {
		status := planOf(t, file).status
		for _, format := range []string{"json", "jsonl", "markdown", "csv"} {
			if got := planOf(t, file, "--format", format); got.status != status || got.stderr != "" || got.stdout == "" {
				t.Errorf("%s as %s ends with %s, not %s: %s", file, format, got.status, status, got.stderr)
			}
		}
	}
}
