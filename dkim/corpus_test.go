package dkim

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const corpus = "../../shared/corpora/dkim"

// Key records of verifiers' own test suites, mistakes included.
func TestCorpusKeys(t *testing.T) {
	t.Parallel()
	want := map[string]string{ // what is not plainly usable
		"test1._domainkey.messiah.edu":                    "testing key-too-short",
		"test2._domainkey.messiah.edu":                    "testing hash key-too-short",
		"test3._domainkey.messiah.edu":                    "granularity key-too-short",
		"test4._domainkey.messiah.edu":                    "granularity key-too-short",
		"test5._domainkey.messiah.edu":                    "strict key-too-short",
		"testbad1._domainkey.messiah.edu":                 "version testing key-too-short",
		"testbad2._domainkey.messiah.edu":                 "syntax key-too-short",
		"testbad3._domainkey.messiah.edu":                 "key-type-unknown testing",
		"testbad4._domainkey.messiah.edu":                 "service key-too-short",
		"testbad7._domainkey.messiah.edu":                 "hash key-too-short",
		"testbad8._domainkey.messiah.edu":                 "granularity key-too-short",
		"testrevoked._domainkey.messiah.edu":              "testing key-revoked",
		"shan._domainkey.vmt2.cis.att.net":                "granularity key-too-short",
		"foo._domainkey.vmt2.cis.att.net":                 "granularity key-too-short",
		"2023-05-ed25519-empty._domainkey.wander.science": "not-a-key",
		"invalid._domainkey.wander.science":               "key-encoding",
	}
	keys := readFakeDNS(t)
	for name, text := range keys {
		r := Parse(text)
		checkSpans(t, r)
		if codes, ok := want[name]; ok != !r.Usable() || ok && codes != problems(r) {
			t.Errorf("%s: usable %v, %q, want %q", name, r.Usable(), problems(r), codes)
		}
		delete(want, name)
	}
	for name := range want {
		t.Errorf("%s is not in the corpus", name)
	}
	t.Logf("%d records", len(keys))
}

func problems(r Record) string { return codes(r.Problems()) }

func readFakeDNS(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(corpus, "mail-dkim", "FAKE_DNS.dat"))
	if err != nil {
		t.Skip("no corpus: ", err)
	}
	keys := map[string]string{}
	for line := range strings.Lines(string(data)) {
		name, text, ok := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		text = strings.TrimSpace(text)
		if !ok || !strings.Contains(name, "._domainkey.") || text == "NXDOMAIN" || strings.HasPrefix(text, "~~") {
			continue
		}
		keys[name] = strings.Trim(text, `"`)
	}
	return keys
}

// Keys that sign real mail are usable.
func TestCorpusRealKeys(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob(filepath.Join(corpus, "blaze", "cache", "*._domainkey.*.dns"))
	if files == nil {
		t.Skip("no corpus")
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.TrimPrefix(strings.TrimSpace(string(data)), "txt:")
		if r := Parse(text); !r.Usable() {
			t.Errorf("%s: %+v", filepath.Base(file), r.Problems())
		}
	}
	t.Logf("%d keys", len(files))
}
