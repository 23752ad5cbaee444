package cli

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"sendplan/internal/dns"
	"sendplan/internal/dns/dnsserver"
)

var update = flag.Bool("update", false, "rewrite the expected output of the scripts")

// TestScripts runs each testdata/*.txtar: the file "command" is a command line
// without "sendplan", "zone" is served on loopback where $RESOLVER points,
// "zone-x" by another server where $X points, and "stdout", "stderr" and
// "status" are what the command must give.
func TestScripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			runScript(t, file)
		})
	}
}

func runScript(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	parts := make(map[string]string)
	for _, f := range archive.Files {
		parts[f.Name] = string(f.Data)
	}
	servers := map[string]string{"RESOLVER": serve(t, file, parts["zone"])}
	for name, text := range parts {
		if server, ok := strings.CutPrefix(name, "zone-"); ok {
			servers[strings.ToUpper(server)] = serve(t, file, text)
		}
	}
	command := strings.TrimSpace(parts["command"])
	for name, addr := range servers {
		command = strings.ReplaceAll(command, "$"+name, addr)
	}
	got := run(t, command)
	for name, addr := range servers {
		got.hide(addr, name)
	}
	want := outcome{parts["stdout"], parts["stderr"], strings.TrimSpace(parts["status"])}
	if got == want {
		return
	}
	if *update {
		got.write(t, file, archive)
		return
	}
	t.Errorf("got\n%s\nwant\n%s", got, want)
}

// serve puts zones on loopback and returns the address.
func serve(t *testing.T, file, text string) string {
	if text == "" {
		return ""
	}
	zones, err := dns.ParseZones(text, file)
	if err != nil {
		t.Fatal(err)
	}
	server, err := dnsserver.Start(dnsserver.Options{Zones: zones})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return server.Addr().String()
}

// outcome is what a command leaves behind.
type outcome struct{ stdout, stderr, status string }

func (o outcome) String() string {
	return fmt.Sprintf("-- stdout --\n%s-- stderr --\n%s-- status --\n%s", o.stdout, o.stderr, o.status)
}

func run(t *testing.T, command string) outcome {
	t.Helper()
	return runArgs(t, strings.Fields(command)...)
}

func runArgs(t *testing.T, args ...string) outcome {
	t.Helper()
	if slices.Contains(args, "--demo") { // the default is short; a busy machine may need longer
		args = append(slices.Clone(args), "--timeout", "3s")
	}
	var out, errs bytes.Buffer
	env := map[string]string{"COLUMNS": "80"}
	streams := Streams{In: strings.NewReader(""), Out: &out, Err: &errs, Getenv: func(k string) string { return env[k] }}
	code := Main(context.Background(), streams, args)
	return outcome{out.String(), errs.String(), fmt.Sprint(code)}
}

// hide replaces what differs from run to run.
func (o *outcome) hide(addr, name string) {
	if addr == "" {
		return
	}
	o.stdout = strings.ReplaceAll(o.stdout, addr, name)
	o.stderr = strings.ReplaceAll(o.stderr, addr, name)
}

func (o outcome) write(t *testing.T, file string, archive *txtar.Archive) {
	var kept []txtar.File
	for _, f := range archive.Files {
		if f.Name != "stdout" && f.Name != "stderr" && f.Name != "status" {
			kept = append(kept, f)
		}
	}
	for _, f := range []txtar.File{{Name: "stdout", Data: []byte(o.stdout)}, {Name: "stderr", Data: []byte(o.stderr)}, {Name: "status", Data: []byte(o.status + "\n")}} {
		if len(f.Data) > 0 {
			kept = append(kept, f)
		}
	}
	archive.Files = kept
	if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}
