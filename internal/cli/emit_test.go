package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/zone"
	"sendplan/planner"
)

// What is wrong with the command line ends with 2, one error and no output.
func TestEmitUsage(t *testing.T) {
	t.Parallel()
	file := inventoryFile(t, smallInventory)
	for _, test := range []struct{ name, args, want string }{
		{"no inventory", "--demo --as panel", "name the inventory with -i FILE"},
		{"no form", "--demo -i " + file, `--as "": must be one of panel, bind`},
		{"nearly a form", "--demo --as nsupdat -i " + file, "did you mean nsupdate?"},
		{"no stage", "--demo --as panel --stage x -i " + file, `--stage "x"`},
		{"stage nought", "--demo --as panel --stage 0 -i " + file, `--stage "0"`},
		{"a stage that is not in the plan", "--demo --as panel --stage 99 -i " + file, "--stage 99: the plan has"},
		{"force of nothing", "--demo --as panel --force -i " + file, "--force says nothing"},
		{"a provider without terraform", "--demo --as panel --provider " + zone.Providers()[0] + " -i " + file, "--provider says nothing"},
		{"no provider", "--demo --as terraform --provider x -i " + file, `--provider "x": must be one of`},
		{"an argument", "--demo --as panel -i " + file + " nordwind.example", "nordwind.example"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := run(t, "emit "+test.args)
			if got.status != "2" || got.stdout != "" || !strings.Contains(got.stderr, test.want) {
				t.Errorf("want %q: %s", test.want, got)
			}
		})
	}
}

// A stage is found by its title when its number is another one by now, and not
// any more when it is published.
func TestEmitTitle(t *testing.T) {
	t.Parallel()
	l := emitExample(t, "13-report-address")
	emit := func(stage string) outcome {
		args := append([]string{"emit", "-i", l.inventory, "--date", "2026-11-22", "--as", "bind", "--resolver", l.addr, "--stage", stage}, l.places...)
		return runArgs(t, args...)
	}
	titled, numbered := emit("publish the records"), emit("2")
	if titled != numbered || titled.status != "0" || !strings.Contains(titled.stdout, "stage 2: Publish the records") {
		t.Errorf("by its title: %s\nby its number: %s", titled, numbered)
	}
	if gone := emit("Lower the TTLs"); gone.status != "2" || gone.stdout != "" || !strings.Contains(gone.stderr, `--stage "Lower the TTLs": the plan has no stage of this title`) {
		t.Errorf("%s", gone)
	}
}

// emitExample serves an example of docs/plans, for commands on its inventory.
func emitExample(t *testing.T, name string) loopback {
	t.Helper()
	return serveExample(t, readExample(t, "../../docs/plans/"+name+".md"))
}

// Every example of docs/plans can be emitted, forth and back, in one form or the
// other: with the status of its plan, and files where there is something to do.
func TestEmitExamples(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../docs/plans/[0-9]*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for i, file := range files {
		form := zone.Forms[i%len(zone.Forms)]
		t.Run(filepath.Base(file)+" as "+form.Name, func(t *testing.T) {
			t.Parallel()
			l := serveExample(t, readExample(t, file))
			planned := l.run(t, "$ sendplan plan -i inventory.yaml --date 2026-11-22")
			for _, undo := range []string{"", " --undo"} {
				folder := filepath.Join(t.TempDir(), "out")
				got := l.run(t, "$ sendplan emit -i inventory.yaml --date 2026-11-22 --stage all --as "+form.Name+" --out "+folder+undo)
				written, err := filepath.Glob(filepath.Join(folder, "*"))
				if err != nil {
					t.Fatal(err)
				}
				if idle := strings.Contains(got.stderr, "nothing to do") || strings.Contains(got.stderr, "nothing is written: no record"); got.status != planned.status || got.stdout != "" || idle == (len(written) > 0) {
					t.Errorf("emit%s: plan ended with %s, files %q: %s", undo, planned.status, written, got)
				}
			}
		})
	}
}

// Files are written whole and once, never over others unless forced, and never
// through a symbolic link.
func TestEmitOut(t *testing.T) {
	t.Parallel()
	l := emitExample(t, "01-gateway")
	folder := filepath.Join(t.TempDir(), "changes")
	file := filepath.Join(folder, "all-nordwind.example.nsupdate")
	command := "$ sendplan emit -i inventory.yaml --date 2026-11-22 --stage all --as nsupdate --out " + folder
	first := l.run(t, command)
	text, err := os.ReadFile(file)
	if err != nil || !strings.Contains(first.stderr, "wrote "+file) || !strings.HasSuffix(string(text), "\nsend\n") {
		t.Fatalf("%v: %s", err, first)
	}
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	again := l.run(t, command)
	if now, _ := os.ReadFile(file); string(now) != "mine" || again.status != "2" || !strings.Contains(again.stderr, "is there already") {
		t.Errorf("%q: %s", now, again)
	}
	forced := l.run(t, command+" --force")
	if now, _ := os.ReadFile(file); string(now) != string(text) || forced.status != first.status {
		t.Errorf("%q: %s", now, forced)
	}
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, file); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	linked := l.run(t, command+" --force")
	if linked.status != "2" || exists(elsewhere) {
		t.Errorf("a link was followed: %s", linked)
	}
	if left, _ := filepath.Glob(filepath.Join(folder, ".*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// The same changes go to standard output as into a file, and the undo of the undo
// is what there was.
func TestEmitToStandardOutput(t *testing.T) {
	t.Parallel()
	l := emitExample(t, "01-gateway")
	got := l.run(t, "$ sendplan emit -i inventory.yaml --date 2026-11-22 --as bind --stage all")
	if !strings.Contains(got.stdout, ";- nordwind.example. 3600 IN TXT \"v=spf1 include:spf.protection.outlook.com -all\"\n") ||
		!strings.Contains(got.stdout, "\nnordwind.example. 3600 IN TXT \"MS=ms12345678\"\n") {
		t.Errorf("%s", got)
	}
	back := l.run(t, "$ sendplan emit -i inventory.yaml --date 2026-11-22 --as bind --stage all --undo")
	if !strings.Contains(back.stdout, "\nnordwind.example. 3600 IN TXT \"v=spf1 include:spf.protection.outlook.com -all\"\n") {
		t.Errorf("%s", back)
	}
}

// No name of a zone leads out of the folder, or is one of the system's own.
func TestEmitName(t *testing.T) {
	t.Parallel()
	form := zone.Form{Extension: ".zone"}
	for name, want := range map[dns.Name]string{
		"contoso.example": "stage-2-contoso.example.zone", "con": "stage-2-con.zone", "_spf.contoso.example": "stage-2-_spf.contoso.example.zone",
		"xn--bcher-kva.example": "stage-2-xn--bcher-kva.example.zone", "a/b.example": "", `..\\x`: "", "..": "", ".": "", "": "", "*.example": "", "a b": "", `a\.b.example`: "", "c:x": "",
	} {
		got, err := emitName(name, form, 2, false)
		if got != want || (err == nil) == (want == "") {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	}
	if got, err := emitName("contoso.example", form, 0, true); got != "all-undo-contoso.example.zone" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// A form that holds one zone does not print two.
func TestEmitSeveralZones(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	pieces := []piece{{"a.example", []byte("a\n")}, {"b.example", []byte("b\n")}}
	flags := emitFlags{}
	for _, f := range zone.Forms {
		out.Reset()
		err := flags.deliver(Streams{Out: &out}, f, 1, pieces)
		if f.Joined && (err != nil || out.String() != "a\n\nb\n") || !f.Joined && (err == nil || out.Len() > 0) {
			t.Errorf("%s: %q, %v", f.Name, out.String(), err)
		}
	}
}

// The documentation has a line for each form and each option.
func TestEmitDocs(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/emit.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range zone.Forms {
		if !strings.Contains(string(text), "\n| `"+f.Name+"` | `"+f.Extension+"` | ") {
			t.Errorf("docs/emit.md has no line of %s", f.Name)
		}
	}
	listed := 0
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "| `") && strings.Contains(line, "` | `.") {
			listed++
			if name := strings.Split(line, "`")[1]; !slices.Contains(formNames(), name) {
				t.Errorf("docs/emit.md lists %s, which is no form", name)
			}
		}
	}
	if listed != len(zone.Forms) {
		t.Errorf("%d lines for %d forms", listed, len(zone.Forms))
	}
	for _, option := range []string{"--as", "--stage", "--undo", "--out", "--force", "--provider"} {
		if !strings.Contains(string(text), "`"+option) {
			t.Errorf("docs/emit.md does not name %s", option)
		}
	}
}

// The numbers of stages count what is left: a later step of a set is not handed
// out before the one that comes first.
func TestHoldAhead(t *testing.T) {
	t.Parallel()
	key := dns.Key{Name: "_dmarc.contoso.example", Type: dns.TypeTXT}
	other := dns.Key{Name: "contoso.example", Type: dns.TypeTXT}
	record := func(k dns.Key, text string) []dns.Record {
		return []dns.Record{{Name: k.Name, TTL: 60, Data: dns.NewTXT(text)}}
	}
	plan := planner.Plan{Stages: []planner.Stage{
		{Changes: []dns.Change{{Zone: "contoso.example", Key: key, Old: record(key, "none"), New: record(key, "quarantine")}}},
		{Changes: []dns.Change{
			{Zone: "contoso.example", Key: key, Old: record(key, "quarantine"), New: record(key, "reject")},
			{Zone: "contoso.example", Key: other, New: record(other, "v=spf1 -all")},
		}},
	}}
	batches := zone.Batches(plan, 2, false)
	if !holdAhead(plan, 2, batches) {
		t.Error("nothing is held")
	}
	if b := batches[0]; len(b.Changes) != 1 || b.Changes[0].Key != other || len(b.Held) != 1 || b.Held[0].Key != key {
		t.Errorf("%+v", b)
	}
	if first := zone.Batches(plan, 1, false); holdAhead(plan, 1, first) || len(first[0].Changes) != 1 {
		t.Errorf("%+v", first)
	}
}
