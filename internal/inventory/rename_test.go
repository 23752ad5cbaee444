package inventory

import (
	"strings"
	"testing"
)

func TestRename(t *testing.T) {
	t.Parallel()
	const text = `version: 1
tenant: {inbound: own-server:mx, outbound: "own-server:MX"} # by way of mx
sites:
  - {name: hq, addresses: [203.0.113.10]} # hq
  - name: hq-2
devices:
  # behind hq
  - {name: mx, site: HQ, method: own-server}
  - name: a # hq too
    site: "hq" # there
    now: via:mx # today
    method: via:Mx
  - {name: b, site: hq-2, now: via:mx}
  - name: c
`
	for _, c := range []struct {
		name    string
		rename  func(*File) error
		replace []string // pairs of what becomes what
	}{
		{"a site", func(f *File) error { return f.RenameSite("Hq", "head: office") },
			[]string{"{name: hq,", `{name: "head: office",`, "site: HQ,", `site: "head: office",`, `site: "hq"`, `site: "head: office"`}},
		{"a site's case", func(f *File) error { return f.RenameSite("hq", "HQ") },
			[]string{"{name: hq,", `{name: HQ,`, `site: "hq"`, `site: HQ`}},
		{"a device", func(f *File) error { return f.RenameDevice("mx", "relay") },
			[]string{"own-server:mx,", "own-server:relay,", `"own-server:MX"`, "own-server:relay", "{name: mx,", "{name: relay,", "via:mx", "via:relay", "via:Mx", "via:relay"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, err := Parse([]byte(text), "test", nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.rename(f); err != nil {
				t.Fatal(err)
			}
			if got, want := string(f.Bytes()), strings.NewReplacer(c.replace...).Replace(text); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

func TestRenameMistakes(t *testing.T) {
	t.Parallel()
	for want, rename := range map[string]func(*File) error{
		`the inventory has no sites, "x"`: func(f *File) error { return f.RenameSite("x", "y") },
		`test:2:27: a site named "b" is already on line 2: names are unique, without regard to case`: func(f *File) error { return f.RenameSite("a", "B") },
	} {
		f, err := Parse([]byte("version: 1\nsites: [{name: a}, {name: b}]\ndevices: [{name: d, site: a}]\n"), "test", nil)
		if err != nil {
			t.Fatal(err)
		}
		before := string(f.Bytes())
		if err := rename(f); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
		if string(f.Bytes()) != before {
			t.Errorf("the file has changed: %s", f.Bytes())
		}
	}
}
