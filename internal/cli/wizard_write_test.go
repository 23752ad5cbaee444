package cli

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/zone"
	"sendplan/planner"
	"sendplan/planner/interview"
)

// serverInventory has a plan in which the second stage changes a record.
const serverInventory = `version: 1
tenant: {initial_domain: nordwind.onmicrosoft.com, outbound: direct, inbound: direct}
sites:
  - {name: hq, addresses: [192.0.2.10], static: true, shared: false, port25: open} # the office
domains:
  - name: nordwind.example
devices:
  - {name: erp, kind: application, site: hq, method: own-server, from: [erp@nordwind.example], recipients: anyone, auth: none, tls: "1.3"}
`

// office is a wizard on an inventory that is there, with the state in which its export
// begins.
func office(t *testing.T) (*wizard, interview.State) {
	t.Helper()
	w := demoWizard(t)
	if err := os.WriteFile(w.inventory, []byte(serverInventory), 0o640); err != nil {
		t.Fatal(err)
	}
	w.begun = []byte(serverInventory)
	s := drafted(t, serverInventory)
	s.Date, s.Path, s.Forms = w.session.date, w.inventory, formOptions()
	return w, s
}

// prepared makes the pieces of an export, into a folder that is not there yet.
func prepared(t *testing.T, w *wizard, s interview.State, forms string) []interview.Piece {
	t.Helper()
	folder := filepath.Join(filepath.Dir(w.inventory), "out")
	pieces, err := w.Prepare(context.Background(), s, interview.Answers{"inventory": w.inventory, "folder": folder, "forms": forms})
	if err != nil {
		t.Fatal(err)
	}
	return pieces
}

// What is prepared is what the commands write, under the names that they give
// it, and nothing is written yet.
func TestWizardPrepare(t *testing.T) {
	t.Parallel()
	w, s := office(t)
	pieces := prepared(t, w, s, "panel, bind, runbook, plan")
	base := filepath.Dir(w.inventory)
	got := map[string]interview.Piece{}
	for _, p := range pieces {
		name := strings.TrimPrefix(p.Path, base+"/")
		got[name] = p
		if want := name == "inventory.yaml"; p.Exists != want || p.Same != want || len(p.Text) == 0 {
			t.Errorf("%s: exists %v, is the same %v, %d octets", name, p.Exists, p.Same, len(p.Text))
		}
	}
	if exists(filepath.Join(base, "out")) {
		t.Error("the folder is there")
	}
	for name, command := range map[string]string{
		"out/stage-2-nordwind.example.txt":       "emit --stage 2 --as panel",
		"out/stage-2-undo-nordwind.example.txt":  "emit --stage 2 --as panel --undo",
		"out/stage-2-nordwind.example.zone":      "emit --stage 2 --as bind",
		"out/stage-2-undo-nordwind.example.zone": "emit --stage 2 --as bind --undo",
		"out/runbook.md":                         "plan --runbook --format markdown",
		"out/plan.md":                            "plan --format markdown",
	} {
		want := runArgs(t, append(strings.Fields(command), "-i", w.inventory, "--demo", "--date", "2026-11-22")...)
		if string(got[name].Text) != want.stdout {
			t.Errorf("%s is not what %s prints:\n%s\nbut:\n%s", name, command, got[name].Text, want.stdout)
		}
	}
	if len(got) != 7 {
		t.Errorf("%d pieces: %v", len(got), got)
	}
}

// Each form can be chosen beside all others.
func TestWizardPrepareAll(t *testing.T) {
	t.Parallel()
	w, s := office(t)
	var paths []string
	for _, p := range prepared(t, w, s, strings.Join(formNames(), ", ")) {
		switch {
		case p.Path == "" && p.Note == "":
			t.Errorf("%s: neither written nor said why", p.What)
		case p.Path != "" && slices.Contains(paths, p.Path):
			t.Errorf("%s stands for two pieces", p.Path)
		}
		paths = append(paths, p.Path)
	}
	if want := 1 + 2*len(zone.Forms); len(paths) != want {
		t.Errorf("%d pieces, want %d", len(paths), want)
	}
}

// What a form cannot say, and what is held back, is said in the place of a file
// or beside it; what can be written is.
func TestWizardPrepareHeld(t *testing.T) {
	t.Parallel()
	w, s := office(t)
	change := func(zone, name dns.Name, text string) dns.Change {
		key := dns.Key{Name: name, Type: dns.TypeTXT}
		return dns.Change{Zone: zone, Key: key, New: []dns.Record{{Name: name, TTL: 60, Data: dns.NewTXT(text)}}}
	}
	held := change("b.example", "held.b.example", "v=spf1 -all")
	alone := change("c.example", "c.example", "v=spf1 -all")
	s.Plan = &planner.Plan{
		Stages: []planner.Stage{{Current: true, Changes: []dns.Change{
			change("a.example", "a.example", "caf\xc3\xa9"), change("b.example", "b.example", "v=spf1 -all"), held, alone,
		}}},
		Blocked: []planner.Block{{ID: "some-block", Message: "it waits", Holds: []dns.Key{held.Key, alone.Key}}},
	}
	var got []string
	for _, p := range prepared(t, w, s, "terraform")[1:] {
		got = append(got, filepath.Base(p.Path)+" | "+p.Note)
	}
	want := []string{
		". | not written: zone a.example as terraform: ",
		"stage-1-b.example.tf | held back: TXT held.b.example: some-block: it waits",
		"stage-1-undo-b.example.tf | ",
		". | not written; held back: TXT c.example: some-block: it waits",
	}
	if !slices.EqualFunc(got, want, strings.HasPrefix) {
		t.Errorf("got %q", got)
	}
}

// Where there is nothing to publish, that is said in the place of a file.
func TestWizardPrepareNothing(t *testing.T) {
	t.Parallel()
	w, _ := office(t)
	s := drafted(t, "version: 1\ntenant: {outbound: direct, inbound: direct}\ndomains:\n  - name: nordwind.example\n")
	pieces := prepared(t, w, s, "panel")
	if last := pieces[len(pieces)-1]; len(pieces) != 2 || last.Path != "" || last.Text != nil || !strings.Contains(last.Note, "no record") {
		t.Errorf("%+v", pieces)
	}
	if note := pieces[0].Note; note != "" {
		t.Errorf("the inventory: %s", note)
	}
	if err := w.Write(pieces); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(w.inventory); err != nil || string(text) != string(s.Draft.Bytes()) {
		t.Errorf("%v: %s", err, text)
	}
	if info, err := os.Stat(w.inventory); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("its permissions are %v", info.Mode())
	}
}

// What cannot be written is told before anybody says yes to it.
func TestWizardPrepareErrors(t *testing.T) {
	t.Parallel()
	w, s := office(t)
	base := filepath.Dir(w.inventory)
	if err := os.Symlink(w.inventory, filepath.Join(base, "plan.md")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(".", filepath.Join(base, "link")); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, inventory, folder, forms, want string }{
		{"no folder of the inventory", base + "/a/inventory.yaml", base, "", "there is no folder"},
		{"a folder as the inventory", base, base, "", "is no ordinary file"},
		{"no folder of the folder", w.inventory, base + "/a/b", "plan", "there is no folder"},
		{"a file as the folder", w.inventory, w.inventory, "plan", "not a directory"},
		{"a symbolic link", w.inventory, base, "plan", "plan.md is no ordinary file"},
		{"no form", w.inventory, base, "panle", `"panle" is no form`},
		{"two files in one place", base + "/out/./runbook.md", base + "/out", "runbook", "is the place of the inventory too"},
		{"by way of a link", base + "/link/runbook.md", base, "runbook", "is the place of the inventory too"},
		{"in place of the draft", w.inventory + ".draft", base, "", "is the place of the draft too"},
		{"a form twice", w.inventory, base, "runbook, runbook", "is the place of the run-book too"},
	} {
		_, err := w.Prepare(context.Background(), s, interview.Answers{"inventory": test.inventory, "folder": test.folder, "forms": test.forms})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: want %q: %v", test.name, test.want, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := w.Prepare(ctx, s, interview.Answers{"inventory": w.inventory, "folder": base}); err == nil {
		t.Error("it goes on after it was stopped")
	}
}

// All pieces are written, or none, and only over what was shown.
func TestWizardWrite(t *testing.T) {
	t.Parallel()
	change := func(path, text string) func(string) error {
		return func(base string) error { return os.WriteFile(filepath.Join(base, path), []byte(text), 0o600) }
	}
	for _, test := range []struct {
		name  string
		first func(base string) error // before it is shown
		then  func(base string) error // after that
		want  string                  // of the error
	}{
		{"all new", nil, nil, ""},
		{"over what was shown", func(base string) error {
			return os.MkdirAll(filepath.Join(base, "out/"), 0o700)
		}, nil, ""},
		{"appeared", nil, func(base string) error {
			if err := os.Mkdir(filepath.Join(base, "out"), 0o700); err != nil {
				return err
			}
			return change("out/plan.md", "mine")(base)
		}, "plan.md has appeared in the meantime"},
		{"changed", nil, change("inventory.yaml", "version: 1\n"), "inventory.yaml was changed in the meantime"},
		{"gone", nil, func(base string) error { return os.Remove(filepath.Join(base, "inventory.yaml")) }, "inventory.yaml was changed in the meantime"},
		{"a file where the folder shall be", nil, change("out", ""), "nothing is written: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w, s := office(t)
			base := filepath.Dir(w.inventory)
			if test.first != nil && test.first(base) != nil {
				t.Fatal("first")
			}
			if _, err := w.Keep(drafted(t, contosoInventory)); err != nil {
				t.Fatal(err)
			}
			pieces := prepared(t, w, s, "runbook, plan")
			if test.then != nil && test.then(base) != nil {
				t.Fatal("then")
			}
			before := tree(t, base)
			err := w.Write(pieces)
			if test.want == "" {
				if after := tree(t, base); err != nil || !slices.Equal(after, []string{"inventory.yaml", "inventory.yaml.draft", "out", "out/plan.md", "out/runbook.md"}) {
					t.Errorf("%v: %q", err, after)
				}
				if err := w.Drop(); err != nil || exists(draftOf(w.inventory)) {
					t.Errorf("the draft is not taken away: %v", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("want %q: %v", test.want, err)
			}
			if after := tree(t, base); !slices.Equal(before, after) {
				t.Errorf("before %q, after %q", before, after)
			}
		})
	}
}

// tree lists what is in a folder.
func tree(t *testing.T, base string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(base, func(path string, _ os.DirEntry, err error) error {
		if path != base {
			list = append(list, strings.TrimPrefix(path, base+"/"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// A link to the inventory stays one; what it leads to is written.
func TestWizardWriteLink(t *testing.T) {
	t.Parallel()
	w, _ := office(t)
	target := w.inventory
	w.inventory = filepath.Join(t.TempDir(), "link.yaml")
	if err := os.Symlink(target, w.inventory); err != nil {
		t.Fatal(err)
	}
	pieces := prepared(t, w, drafted(t, contosoInventory), "")
	if err := w.Write(pieces); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(w.inventory); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("it is no link any more: %v", err)
	}
	if text, err := os.ReadFile(target); err != nil || string(text) != contosoInventory {
		t.Errorf("%v: %s", err, text)
	}
}

// The inventory can go into the folder that is made for the other files.
func TestWizardWriteTogether(t *testing.T) {
	t.Parallel()
	w, s := office(t)
	folder := filepath.Join(filepath.Dir(w.inventory), "out")
	pieces, err := w.Prepare(context.Background(), s, interview.Answers{"inventory": folder + "/all.yaml", "folder": folder + "/", "forms": "plan"})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(pieces); err != nil {
		t.Fatal(err)
	}
	if got := tree(t, folder); !slices.Equal(got, []string{"all.yaml", "plan.md"}) {
		t.Errorf("got %q", got)
	}
	if plan := string(pieces[1].Text); !strings.Contains(plan, "out/all.yaml") || strings.Contains(plan, w.inventory) {
		t.Errorf("the plan names another inventory:\n%s", plan)
	}
}

// An inventory that somebody else has changed is not taken for what the wizard
// began with.
func TestWizardNotBegun(t *testing.T) {
	t.Parallel()
	w, s := office(t)
	if err := os.WriteFile(w.inventory, []byte("version: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if p := prepared(t, w, s, "")[0]; !p.Exists || p.Same || !strings.Contains(p.Note, "is then lost") {
		t.Errorf("%+v", p)
	}
	if err := w.Write([]interview.Piece{{What: "x", Path: "x", Text: []byte("x")}}); err == nil || exists("x") {
		t.Error("what nobody was asked about is written")
	}
}

// A draft that is kept is taken up where it was left, byte for byte.
func TestWizardKeep(t *testing.T) {
	t.Parallel()
	w, _ := office(t)
	s := drafted(t, contosoInventory)
	for _, step := range interview.Steps {
		s.At = step
		path, err := w.Keep(s)
		if err != nil || path != w.inventory+".draft" {
			t.Fatalf("%q, %v", path, err)
		}
		at, file, err := readDraft(path)
		if err != nil || at != step || string(file.Bytes()) != contosoInventory {
			t.Errorf("%s: %q, %v", step, at, err)
		}
	}
	for _, nothing := range []interview.State{{}, drafted(t, string(w.begun))} {
		if path, err := w.Keep(nothing); path != "" || err != nil || exists(draftOf(w.inventory)) {
			t.Errorf("nothing is kept at %q, %v", path, err)
		}
	}
	if err := w.Drop(); err != nil {
		t.Errorf("what is not there cannot be dropped: %v", err)
	}
}
