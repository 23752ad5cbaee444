package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sendplan/internal/check"
	"sendplan/internal/finding"
	"sendplan/internal/term"
)

func TestUsageErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, command string
		stderr        string // a part of it
	}{
		{"no domain", "check", "name a domain to check"},
		{"bad domain", "check foo..example", `"foo..example" has an empty label`},
		{"an address is no domain", "check user@contoso.example", `it holds '@'`},
		{"the root", "check .", "the root is no mail domain"},
		{"unknown command", "chekc contoso.example", "did you mean check?"},
		{"unknown command of a group", "spf tre contoso.example", "did you mean tree?"},
		{"unknown option", "check --frobnicate contoso.example", "--frobnicate"},
		{"unknown format", "check --format yaml contoso.example", "must be one of text, json, jsonl"},
		{"unknown colour", "check --color blue contoso.example", "auto, always or never"},
		{"unknown severity", "check --fail-on fatal contoso.example", "must be error, warning, note or never"},
		{"unknown finding", "check --ignore spf-mising contoso.example", "did you mean spf-missing?"},
		{"two sources", "check --demo --resolver 192.0.2.53 contoso.example", "exclude each other"},
		{"replay and record", "check --replay a --record b contoso.example", "exclude each other"},
		{"bad date", "check --demo --date 22.11.2026", "write it as 2026-12-31"},
		{"bad resolver", "check --resolver dns.example contoso.example", "dns.example"},
		{"no time", "check --timeout -1s contoso.example", "--timeout"},
		{"no budget", "check --max-queries 0 contoso.example", "at least 1"},
		{"no recording", "check --replay testdata/none.json contoso.example", "none.json"},
		{"bad selector", "check --demo --selector a..b nordwind.example", "--selector"},
		{"no address", "spf eval --demo contoso.example", "with --ip"},
		{"bad address", "spf eval --demo --ip 192.0.2.300 contoso.example", "is not an address"},
		{"two domains", "spf tree a.example b.example", "accepts 1 arg"},
		{"no domain for one protocol", "spf tree", "spf tree --demo"},
		{"a sender without a domain", "spf eval --demo --ip 192.0.2.1 --sender scan@", "has no domain"},
		{"devices without an inventory", "devices", "-i FILE"},
		{"no such inventory", "devices -i testdata/none.yaml", "none.yaml"},
		{"no such device", "devices --offline -i ../../examples/office.yaml --explain scanner-2of", "did you mean scanner-2og?"},
		{"offline and demo", "devices --offline --demo -i ../../examples/office.yaml", "--offline excludes"},
		{"devices take no domain", "devices contoso.example -i ../../examples/office.yaml", "contoso.example"},
		{"no sarif of devices", "devices --format sarif -i ../../examples/office.yaml", "must be one of text, json, jsonl, markdown, csv"},
		{"init without a domain", "init", "init --demo"},
		{"init of nothing", "init --demo nothing-here.nordwind.example", "does not exist"},
		{"import of nothing", "import smtp-auth", "name a file to read"},
		{"import of what is unknown", "import smtp-aut x.csv", "did you mean smtp-auth?"},
		{"import of no file", "import smtp-auth testdata/none.csv", "none.csv"},
		{"import with bad dates", "import smtp-auth --dates ymd ../evidence/testdata/smtp-auth-en.csv", "must be dmy or mdy"},
		{"a trace of no domain", "import trace ../evidence/testdata/trace-enhanced.csv", "--accepted"},
		{"write to nothing", "import smtp-auth --write ../evidence/testdata/smtp-auth-en.csv", "-i FILE"},
		{"write to standard input", "import smtp-auth --write -i - ../evidence/testdata/smtp-auth-en.csv", "standard input"},
		{"two from standard input", "import smtp-auth -i - -", "only one file"},
		{"output of no cmdlet", "import exchange --of Get-Mailbox ../../examples/office.yaml", "must be one of Get-"},
		{"what no cmdlet prints", "import exchange ../../examples/office.yaml", "office.yaml"},
		{"no csv of a tenant", "import exchange --format csv ../../examples/office.yaml", "must be one of"},
		{"explain nothing", "explain spf-foo-bar-baz", "there is no check"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := run(t, test.command)
			if got.status != "2" || got.stdout != "" || !strings.Contains(got.stderr, test.stderr) {
				t.Errorf("got\n%s\nwant status 2 and %q", got, test.stderr)
			}
		})
	}
}

// With --demo the domain may be left out.
func TestDemoWithoutDomain(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"spf tree", "spf eval --ip 203.0.113.10", "dmarc lookup", "dkim lookup"} {
		got, want := run(t, command+" --demo"), run(t, command+" --demo nordwind.example")
		if got != want || got.status != "0" {
			t.Errorf("%s\n%s\nwant\n%s", command, got, want)
		}
	}
}

// Without an ID, explain lists all checks, on lines that fit.
func TestExplainLists(t *testing.T) {
	t.Parallel()
	got := run(t, "explain")
	for _, c := range check.All {
		if !strings.Contains(got.stdout, string(c.ID)+" ") {
			t.Errorf("%s is not in the list", c.ID)
		}
	}
	for line := range strings.Lines(got.stdout) {
		if term.Cells(strings.TrimRight(line, "\n")) > 80 {
			t.Errorf("too wide: %q", line)
		}
	}
}

func TestHostileArgumentIsEscaped(t *testing.T) {
	t.Parallel()
	got := runArgs(t, "check", "a\x1b[2Jb.example")
	if got.status != "2" || strings.ContainsRune(got.stderr, '\x1b') {
		t.Errorf("got %q", got.stderr)
	}
}

func TestWorse(t *testing.T) {
	t.Parallel()
	order := []int{exitFine, exitUnknown, exitFindings, exitUsage}
	for i, a := range order {
		for j, b := range order {
			if got := worse(a, b); got != order[max(i, j)] {
				t.Errorf("worse(%d, %d) = %d", a, b, got)
			}
		}
	}
}

func TestFailOn(t *testing.T) {
	t.Parallel()
	report := func(fs ...finding.Finding) check.Report { return check.Report{Findings: fs} }
	fail := func(s finding.Severity) finding.Finding {
		return finding.Finding{Status: finding.Fail, Severity: s}
	}
	unknown := finding.Finding{Status: finding.Unknown, Severity: finding.Error}
	for _, test := range []struct {
		name   string
		failOn string
		report check.Report
		want   int
	}{
		{"nothing", "note", report(), exitFine},
		{"error", "error", report(fail(finding.Error)), exitFindings},
		{"warning below the bar", "error", report(fail(finding.Warning)), exitFine},
		{"warning at the bar", "warning", report(fail(finding.Warning)), exitFindings},
		{"note at the bar", "note", report(fail(finding.Note)), exitFindings},
		{"unknown", "error", report(unknown), exitUnknown},
		{"findings win over unknown", "error", report(unknown, fail(finding.Error)), exitFindings},
		{"an unknown error is no error", "error", report(unknown, fail(finding.Note)), exitUnknown},
		{"never", "never", report(fail(finding.Error)), exitFine},
		{"never gives unknown all the same", "never", report(unknown, fail(finding.Error)), exitUnknown},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f, err := parseFailOn(test.failOn)
			if err != nil {
				t.Fatal(err)
			}
			if got := f.code(test.report); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

// What --record keeps, --replay gives again byte for byte, without network.
func TestRecordAndReplay(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "run.json")
	for _, command := range []string{
		"check --format json", "check", "spf tree too-many-lookups.example", "dmarc lookup nordwind.example",
		"dkim lookup nordwind.example", "spf eval --ip 192.0.2.1 nordwind.example", "check --max-queries 20 --format json",
		"check --max-queries 8 --format json",
	} {
		first := run(t, command+" --demo --date 2026-11-22 --record "+file)
		command = strings.NewReplacer("--max-queries 20", "", "--max-queries 8", "").Replace(command)
		if strings.HasPrefix(command, "check") {
			command += " " + strings.Join(demoDomains(t), " ")
		}
		again := run(t, command+" --replay "+file)
		if again != first {
			t.Fatalf("%s\nrecorded\n%s\nreplayed\n%s", command, first, again)
		}
	}
}

func demoDomains(t *testing.T) []string {
	var doc struct{ Results []struct{ Domain string } }
	if err := json.Unmarshal([]byte(run(t, "check --demo --format json").stdout), &doc); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, r := range doc.Results {
		names = append(names, r.Domain)
	}
	return names
}

func TestRecordingThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	got := run(t, "check --demo --record "+filepath.Join(t.TempDir(), "none", "run.json")+" nordwind.example")
	if got.status != "2" || !strings.Contains(got.stderr, "--record") {
		t.Errorf("got\n%s", got)
	}
}

// The lines of jsonl are the results of the JSON document.
func TestLinesAreTheResults(t *testing.T) {
	t.Parallel()
	type result map[string]any
	var doc struct{ Results []result }
	if err := json.Unmarshal([]byte(run(t, "check --demo --format json").stdout), &doc); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(run(t, "check --demo --format jsonl").stdout), "\n")
	if len(lines) != len(doc.Results) {
		t.Fatalf("%d lines, %d results", len(lines), len(doc.Results))
	}
	byDomain := make(map[string]string)
	for _, r := range doc.Results {
		delete(r, "dns") // the server of each run has its own port
		byDomain[r["domain"].(string)] = scrub(t, r)
	}
	for _, line := range lines {
		var r result
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		if r["schema"] != 1.0 {
			t.Errorf("line without schema: %.80s", line)
		}
		delete(r, "schema")
		delete(r, "dns")
		if got, want := scrub(t, r), byDomain[r["domain"].(string)]; got != want {
			t.Errorf("line\n%s\nresult\n%s", got, want)
		}
	}
}

// scrub writes a result without the ports of servers.
func scrub(t *testing.T, r any) string {
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Split(string(text), "127.0.0.1:")
	for i := 1; i < len(fields); i++ {
		fields[i] = strings.TrimLeft(fields[i], "0123456789")
	}
	return strings.Join(fields, "127.0.0.1")
}

func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, command := range []string{
		"check", "spf tree", "spf eval --ip 192.0.2.1", "dmarc lookup", "dkim lookup", "message",
	} {
		var out, errs bytes.Buffer
		streams := Streams{In: strings.NewReader(""), Out: &out, Err: &errs, Getenv: func(string) string { return "" }}
		args := append(strings.Fields(command), "--demo")
		if code := Main(ctx, streams, args); code != exitInterrupted || out.Len() > 0 || errs.String() != "sendplan: interrupted\n" {
			t.Errorf("%s: status %d, output %q, %q", command, code, out.String(), errs.String())
		}
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestOutputThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for _, format := range reportFormats() {
		var errs bytes.Buffer
		streams := Streams{In: strings.NewReader(""), Out: failingWriter{}, Err: &errs, Getenv: func(string) string { return "" }}
		args := []string{"check", "--demo", "--format", format, "nordwind.example"}
		if code := Main(context.Background(), streams, args); code != exitInternal || !strings.Contains(errs.String(), "disk full") {
			t.Errorf("%s: status %d, %q", format, code, errs.String())
		}
	}
}

// reportFormats are the names of the formats that "check" can print.
func reportFormats() []string { return (&output{reports: true}).formatNames() }

// Every command says what it does in --help, and every format is named there.
func TestHelp(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"check", "spf", "spf tree", "spf eval", "dmarc lookup", "dkim lookup", "explain", "version"} {
		got := run(t, command+" --help")
		if got.status != "0" || got.stderr != "" || got.stdout == "" {
			t.Errorf("%s --help: %s", command, got)
		}
	}
	for _, name := range reportFormats() {
		if !strings.Contains(run(t, "check --help").stdout, name) {
			t.Errorf("check --help does not name the format %s", name)
		}
	}
}

func TestCompletion(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if got := run(t, "completion "+shell); got.status != "0" || !strings.Contains(got.stdout, "sendplan") {
			t.Errorf("completion %s: %s", shell, got)
		}
	}
	if got := run(t, "__complete explain spf-"); !strings.Contains(got.stdout, "spf-missing") {
		t.Errorf("explain is completed with %q", got.stdout)
	}
}

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"abc", "abc", 0}, {"abc", "", 3}, {"kitten", "sitting", 3}, {"spf-mising", "spf-missing", 1}} {
		if got := distance(test.a, test.b); got != test.want || distance(test.b, test.a) != got {
			t.Errorf("distance(%q, %q) = %d, want %d", test.a, test.b, got, test.want)
		}
	}
}

// half is content that cannot be written to its end.
type half struct{}

func (half) WriteTo(w io.Writer) (int64, error) {
	n, _ := w.Write([]byte("half"))
	return int64(n), errors.New("stop")
}

func TestWriteFileIsAllOrNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := writeFile(path, half{})
	text, _ := os.ReadFile(path)
	files, _ := os.ReadDir(dir)
	if err == nil || string(text) != "old" || len(files) != 1 {
		t.Errorf("err %v, file %q, %d files", err, text, len(files))
	}
}

// A new file can be read by whom other new files can, one that is there by whom
// it could before.
func TestWriteFilePermissions(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	usual, fresh, there := filepath.Join(dir, "usual"), filepath.Join(dir, "fresh"), filepath.Join(dir, "there")
	for path, mode := range map[string]os.FileMode{usual: 0o666, there: 0o640} {
		if err := os.WriteFile(path, nil, mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(there, 0o640); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(there)
	if err != nil {
		t.Fatal(err)
	}
	for path, like := range map[string]string{fresh: usual, there: ""} {
		if err := writeFile(path, strings.NewReader("x")); err != nil {
			t.Fatal(err)
		}
		want := before.Mode()
		if like != "" {
			info, err := os.Stat(like)
			if err != nil {
				t.Fatal(err)
			}
			want = info.Mode()
		}
		if info, err := os.Stat(path); err != nil || info.Mode() != want {
			t.Errorf("%s: %v %v, want %v", path, info.Mode(), err, want)
		}
	}
}

// A recording never takes the place of what is no ordinary file: moved over
// /dev/null, it would be there for every program of the machine.
func TestWriteFileKeepsWhatIsNoFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := writeFile(dir, strings.NewReader("x")); err == nil || !strings.Contains(err.Error(), "is no ordinary file") {
		t.Errorf("a directory: %v", err)
	}
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	if err := os.WriteFile(target, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Skipf("no symbolic links: %v", err)
	}
	if err := writeFile(link, strings.NewReader("new")); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(target); err != nil || string(got) != "new" {
		t.Errorf("the target of the link holds %q, %v", got, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode().IsRegular() {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
}

func TestIDsAreKnown(t *testing.T) {
	t.Parallel()
	if ids := checkIDs(); !slices.Contains(ids, "dmarc-missing") || len(ids) < 50 {
		t.Errorf("%d checks", len(ids))
	}
}

type explosive struct{}

func (explosive) Write([]byte) (int, error) { panic("out of \x1b[31mpaper") }

// A panic is not the status of bad input.
func TestPanicIsAnInternalFailure(t *testing.T) {
	t.Parallel()
	var errs bytes.Buffer
	code := Main(t.Context(), Streams{In: strings.NewReader(""), Out: explosive{}, Err: &errs, Getenv: func(string) string { return "" }}, []string{"version"})
	if text := errs.String(); code != exitInternal || !strings.HasPrefix(text, "sendplan: internal failure: out of ") || strings.ContainsRune(text, '\x1b') {
		t.Errorf("status %d: %s", code, text)
	}
}
