//go:build !windows

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// press is a key, or a text that is typed, and what the screen shows then.
type press struct {
	keys, shows string
	typed       bool // a value: nobody can be spared that
}

// office is the way from nothing to the files of an office with three devices.
var office = []press{
	{"n", "3 of 9", false},
	{"\x13", "4 of 9", false},
	{"a", "New site", false},
	{"hq", "hq", true}, {"\r", "2 of 5", false},
	{"203.0.113.10", "203.0.113.10", true}, {"\r", "3 of 5", false},
	{"1", "4 of 5", false}, {"2", "5 of 5", false}, {"1", "a add", false},
	{"n", "5 of 9", false},
	{"a", "New device", false}, {"scanner-2og", "scanner-2og", true}, {"\r", "Whom", false}, {"1", "3 of", false}, {"\x13", "a add", false},
	{"a", "New device", false}, {"ups", "ups", true}, {"\r", "Whom", false}, {"2", "3 of", false}, {"\x13", "a add", false},
	{"a", "New device", false}, {"copier", "copier", true}, {"\r", "Whom", false}, {"1", "3 of", false}, {"\x13", "a add", false},
	{"n", "all is well", false},
	{"n", "7 of 9", false},
	{"n", "The plan is made", false},
	{"n", "9 of 9", false},
	{"\x13", "Nothing is written yet", false},
	{"w", "Write 3 files?", false},
	{"y", "Written", false},
}

// officeLines are the same answers as lines.
const officeLines = `
done
add
hq
203.0.113.10
1
2
1
next
add
scanner-2og
1
done
add
ups
2
done
add
copier
1
done
next
next
next
next
done
yes
`

// The same answers make the same files in full screen and on plain lines, every
// device is right then, and it takes fewer than thirty keys.
func TestWizardBothWays(t *testing.T) {
	t.Parallel()
	args := []string{"wizard", "--demo", "--date", "2026-11-22", "nordwind.example"}
	p := sit(t, append([]string{"NO_COLOR=1"}, colourTerminal...), args...)
	p.sees("All questions were answered", 0)
	keys := 1 // that the domain is typed on the command line spares a key
	for _, press := range office {
		p.sees(press.shows, p.types(press.keys))
		if !press.typed {
			keys++
		}
	}
	p.types("q")
	if code := p.leaves(); code != 0 {
		t.Errorf("exit status %d", code)
	}
	if keys >= 30 {
		t.Errorf("it took %d keys", keys)
	}

	c := exec.Command(build(t), append(args, "--plain")...)
	c.Dir, c.Env, c.Stdin = t.TempDir(), colourTerminal, strings.NewReader(officeLines)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	drawn, said := files(t, p.c.Dir), files(t, c.Dir)
	if len(drawn) < 3 || drawn["inventory.yaml"] == "" {
		t.Fatalf("%d files were written:\n%s", len(drawn), p.text())
	}
	for name := range said {
		if drawn[name] != said[name] {
			t.Errorf("%s differs: in full screen\n%s\non plain lines\n%s", name, drawn[name], said[name])
		}
	}
	if len(drawn) != len(said) {
		t.Errorf("%d files in full screen, %d on plain lines", len(drawn), len(said))
	}
	if !strings.Contains(string(out), "every device is right") {
		t.Errorf("plain lines end with\n%s", out)
	}
}

// files returns the texts of all files below a folder.
func files(t *testing.T, folder string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		texts[strings.TrimPrefix(path, folder+"/")] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}
