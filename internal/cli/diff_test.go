package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// save writes a file of its own for a test.
func save(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// runZone runs a command on a zone; $RESOLVER in it is where the zone is served.
func runZone(t *testing.T, zone, command string) outcome {
	t.Helper()
	resolver := serve(t, "test.zone", `
. 3600 IN SOA ns.root.example. admin.root.example. 1 7200 3600 1209600 300
contoso.example. IN SOA ns1.contoso.example. admin.contoso.example. 1 7200 3600 1209600 300
contoso.example. IN MX 10 mx.contoso.example.
mx.contoso.example. IN A 203.0.113.25
`+zone)
	return run(t, command+" --resolver "+resolver+" --date 2026-11-22 contoso.example")
}

const (
	goodZone = `
contoso.example. IN TXT "v=spf1 mx -all"
_dmarc.contoso.example. IN TXT "v=DMARC1; p=reject; rua=mailto:d@contoso.example"
`
	spfTypo = `
contoso.example. IN TXT "v=spf1 mx ipv4:203.0.113.1 -all"
_dmarc.contoso.example. IN TXT "v=DMARC1; p=reject; rua=mailto:d@contoso.example"
`
	twoFaults = `
contoso.example. IN TXT "v=spf1 mx ipv4:203.0.113.1 -all"
_dmarc.contoso.example. IN TXT "v=DMARC1; p=rejct"
`
	deafZone = `
contoso.example. IN TXT "v=spf1 mx -all"
;! servfail _dmarc.contoso.example. TXT
`
)

// fails lists the errors in a JSON document.
func fails(t *testing.T, text string) []string {
	t.Helper()
	var doc struct {
		Results []struct {
			Findings []struct{ ID, Severity, Status string }
			Baseline *struct{ Known, Gone, Unseen int }
		}
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatalf("%v in %.200s", err, text)
	}
	var ids []string
	for _, r := range doc.Results {
		for _, f := range r.Findings {
			if f.Status == "fail" && f.Severity == "error" {
				ids = append(ids, f.ID)
			}
		}
	}
	return ids
}

func TestBaseline(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"json", "jsonl"} {
		base := save(t, "base", runZone(t, spfTypo, "check --format "+format).stdout)
		for _, test := range []struct {
			name, zone, status string
			ids                string // of the errors that are left
			text               string // part of the output for people
		}{
			{"nothing new", spfTypo, "0", "", "1 known and left out"},
			{"repaired", goodZone, "0", "", "1 gone"},
			{"a new fault", twoFaults, "1", "dmarc-policy-lost", "left out, 0 gone"},
			{"unknown stays unknown", deafZone, "3", "", "not seen while something could not be asked"},
		} {
			t.Run(format+" "+test.name, func(t *testing.T) {
				t.Parallel()
				got := runZone(t, test.zone, "check --format json --baseline "+base)
				if ids := strings.Join(fails(t, got.stdout), " "); got.status != test.status || (ids == "") != (test.ids == "") {
					t.Errorf("status %s, errors %q; want %s, %q", got.status, ids, test.status, test.ids)
				}
				if strings.Contains(got.stdout, `"id": "spf-syntax",`+"\n"+`          "severity": "error",`+"\n"+`          "status": "fail"`) {
					t.Error("what is known is reported")
				}
				text := runZone(t, test.zone, "check --baseline "+base).stdout
				if !strings.Contains(strings.Join(strings.Fields(text), " "), "baseline: ") {
					t.Errorf("the text does not speak of the baseline:\n%s", text)
				}
			})
		}
	}
}

// Every format can be written with a baseline, and none shows what is known;
// the JSON keeps it among the problems of the SPF record.
func TestBaselineInEveryFormat(t *testing.T) {
	t.Parallel()
	base := save(t, "base", runZone(t, spfTypo, "check --format json").stdout)
	for _, format := range reportFormats() {
		got := runZone(t, twoFaults, "check --format "+format+" --baseline "+base)
		if got.status != "1" || !strings.HasPrefix(format, "json") && strings.Contains(got.stdout, "did you mean") {
			t.Errorf("%s:\n%s", format, got)
		}
	}
}

func TestBadBaseline(t *testing.T) {
	t.Parallel()
	text := runZone(t, spfTypo, "check").stdout
	known := save(t, "base", runZone(t, spfTypo, "check --format json").stdout)
	for _, test := range []struct{ name, file, want string }{
		{"missing", filepath.Join(t.TempDir(), "none.json"), "none.json"},
		{"empty", save(t, "f", ""), "it is empty"},
		{"text", save(t, "f", text), "no output of sendplan check"},
		{"a directory", t.TempDir(), "directory"},
		{"another command", save(t, "f", runZone(t, spfTypo, "spf tree --format json").stdout), "no output of sendplan check"},
		{"made with a baseline", save(t, "f", runZone(t, spfTypo, "check --format json --baseline "+known).stdout), "checked with --baseline"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, command := range []string{"check --demo nordwind.example --baseline " + test.file, "diff " + test.file + " " + known, "diff " + known + " " + test.file} {
				got := run(t, command)
				if got.status != "2" || got.stdout != "" || !strings.Contains(got.stderr, test.want) {
					t.Errorf("%s\n%s\nwant %q", command, got, test.want)
				}
			}
		})
	}
}

func TestDiffCommand(t *testing.T) {
	t.Parallel()
	files := make(map[string]string)
	for name, zone := range map[string]string{"good": goodZone, "typo": spfTypo, "two": twoFaults, "deaf": deafZone} {
		files[name] = save(t, name, runZone(t, zone, "check --format json").stdout)
	}
	for _, test := range []struct {
		name, old, new, options, status string
		want                            []string
	}{
		{"no difference", "typo", "typo", "", "0", []string{"no difference"}},
		{"a new fault", "good", "typo", "", "1", []string{"+ error spf-syntax", "was v=spf1 mx -all", "is  v=spf1 mx ipv4:203.0.113.1 -all", "was pass, now fail"}},
		{"repaired", "typo", "good", "", "0", []string{"- error spf-syntax", "was fail, now pass"}},
		{"never", "good", "typo", "--fail-on never", "0", []string{"+ error spf-syntax"}},
		{"cannot be told", "good", "deaf", "", "3", []string{"+ unknown dmarc-lookup", "unknown: the DNS did not answer"}},
		{"markdown", "good", "typo", "--format markdown", "1", []string{"- error `spf-syntax` about `contoso.example`", "`SPF` was `v=spf1 mx -all`"}},
		{"json", "good", "typo", "--format json", "1", []string{`"appeared": [`, `"id": "spf-syntax"`, `"what": "SPF"`}},
		{"json of nothing", "good", "good", "--format json", "0", []string{`"domains": []`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := run(t, "diff "+files[test.old]+" "+files[test.new]+" "+test.options)
			if got.status != test.status || got.stderr != "" {
				t.Errorf("status %s, want %s: %s", got.status, test.status, got.stderr)
			}
			for _, want := range test.want {
				if !strings.Contains(got.stdout, want) {
					t.Errorf("%q is not in\n%s", want, got.stdout)
				}
			}
		})
	}
}

// A format that a command cannot write is refused before anything is asked, and
// those that it can write are named.
func TestFormatsOfDocuments(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"spf tree contoso.example", "spf eval --ip 192.0.2.1 contoso.example", "dmarc lookup contoso.example", "dkim lookup contoso.example", "explain spf-missing", "diff a b"} {
		for _, format := range []string{"csv", "sarif", "junit"} {
			got := run(t, command+" --format "+format)
			if got.status != "2" || !strings.Contains(got.stderr, "must be one of text, json, jsonl, markdown") {
				t.Errorf("%s --format %s: %s", command, format, got)
			}
		}
		help := run(t, command+" --help").stdout
		if strings.Contains(help, "sarif") || !strings.Contains(help, "markdown") {
			t.Errorf("%s --help names the wrong formats:\n%s", command, help)
		}
	}
	for _, command := range []string{"spf tree too-many-lookups.example", "dmarc lookup nordwind.example", "dkim lookup escape.example", "spf eval --ip 192.0.2.1 escape.example"} {
		got := run(t, command+" --demo --format markdown")
		if got.status != "0" || !strings.HasPrefix(got.stdout, "```text\n") || !strings.HasSuffix(got.stdout, "\n```\n") {
			t.Errorf("%s: %s", command, got)
		}
	}
}

func TestCompletionOfFormats(t *testing.T) {
	t.Parallel()
	for command, want := range map[string]bool{"check": true, "spf tree": false, "diff": false} {
		got := run(t, "__complete "+command+" --format s").stdout
		if strings.Contains(got, "sarif") != want {
			t.Errorf("%s --format is completed with %q", command, got)
		}
	}
}
