package spf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sendplan/internal/dns"

	"github.com/goccy/go-yaml"
)

// scenario is one document of the openspf.org test suites.
type scenario struct {
	Description string               `yaml:"description"`
	Tests       map[string]suiteCase `yaml:"tests"`
	Zone        map[string][]any     `yaml:"zonedata"`
}

type suiteCase struct {
	Helo        string `yaml:"helo"`
	Host        string `yaml:"host"`
	MailFrom    string `yaml:"mailfrom"`
	Result      any    `yaml:"result"` // a result, or several with the preferred one first
	Explanation any    `yaml:"explanation"`
}

func (c suiteCase) results() []Result {
	switch r := c.Result.(type) {
	case string:
		return []Result{Result(r)}
	case []any:
		var rs []Result
		for _, x := range r {
			rs = append(rs, Result(fmt.Sprint(x)))
		}
		return rs
	}
	return nil
}

// suiteZone answers from a scenario's zone data.
type suiteZone map[dns.Name][]suiteEntry

type suiteEntry struct {
	kind  string // "TXT", "MX", ..., or "TIMEOUT" for every type that is not there
	value any
}

func newSuiteZone(t *testing.T, data map[string][]any) suiteZone {
	z := suiteZone{}
	for owner, entries := range data {
		name, err := dns.RawName(owner)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			switch e := e.(type) {
			case string:
				z[name] = append(z[name], suiteEntry{e, nil})
			case map[string]any:
				for kind, value := range e {
					z[name] = append(z[name], suiteEntry{kind, value})
				}
			default:
				t.Fatalf("%s: entry %v of type %T", owner, e, e)
			}
		}
	}
	for name, entries := range z {
		z[name] = withTXT(entries)
	}
	return z
}

// withTXT makes TXT records of SPF records at a name that has no TXT entry.
func withTXT(entries []suiteEntry) []suiteEntry {
	isTXT := func(e suiteEntry) bool { return e.kind == "TXT" }
	if slices.ContainsFunc(entries, isTXT) {
		return slices.DeleteFunc(entries, func(e suiteEntry) bool { return isTXT(e) && e.value == "NONE" })
	}
	for _, e := range slices.Clone(entries) {
		if e.kind == "SPF" {
			entries = append(entries, suiteEntry{"TXT", e.value})
		}
	}
	return entries
}

func (z suiteZone) Lookup(_ context.Context, name dns.Name, typ dns.Type) (dns.Answer, error) {
	failed := func(c dns.Cause) (dns.Answer, error) {
		return dns.Answer{}, &dns.Error{Key: dns.Key{Name: name, Type: typ}, Cause: c}
	}
	var ans dns.Answer
	for range 8 {
		entries := z[name]
		ans.Exists = len(entries) > 0
		timeout, alias := false, dns.Name("")
		for _, e := range entries {
			switch {
			case e.kind == "TIMEOUT", e.kind == typ.String() && e.value == "TIMEOUT":
				timeout = true
			case e.kind == typ.String():
				ans.Records = append(ans.Records, dns.Record{Name: name, Data: suiteData(typ, e.value)})
			case e.kind == "CNAMELOOP":
				return failed(dns.Loop)
			case e.kind == "SERVFAIL":
				return failed(dns.ServFail)
			case e.kind == "CNAME":
				alias = suiteName(e.value)
			}
		}
		switch {
		case len(ans.Records) > 0:
			return ans, nil
		case timeout:
			return failed(dns.Timeout)
		case alias == "":
			return ans, nil
		}
		ans.Chain = append(ans.Chain, dns.Record{Name: name, Data: dns.CNAME{Target: alias}})
		name = alias
	}
	return failed(dns.Loop)
}

func suiteName(v any) dns.Name {
	if v == "" {
		return dns.Root
	}
	name, err := dns.RawName(fmt.Sprint(v))
	if err != nil {
		panic(err)
	}
	return name
}

func suiteData(t dns.Type, v any) dns.Data {
	switch t {
	case dns.TypeA, dns.TypeAAAA:
		return dns.Addr{IP: netip.MustParseAddr(fmt.Sprint(v))}
	case dns.TypeMX:
		mx := v.([]any)
		return dns.MX{Preference: uint16(mx[0].(uint64)), Host: suiteName(mx[1])}
	case dns.TypePTR:
		return dns.PTR{Target: suiteName(v)}
	}
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	var strs []string
	for _, s := range list {
		strs = append(strs, fmt.Sprint(s))
	}
	return dns.NewTXT(strs...)
}

// suiteFile reads a suite, from the corpora or else from the copy that comes
// with another library's tests.
func suiteFile(t *testing.T, name string) []byte {
	text, err := os.ReadFile("../../shared/corpora/spf/" + name)
	if err == nil {
		return text
	}
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "blitiri.com.ar/go/spf").Output()
	if err != nil {
		t.Skip("no test suite here")
	}
	text, err = os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "testdata", name))
	if err != nil {
		t.Skip("no test suite here")
	}
	return text
}

func readSuite(t *testing.T, name string) []scenario {
	return decodeSuite(t, suiteFile(t, name))
}

func decodeSuite(t *testing.T, text []byte) []scenario {
	d := yaml.NewDecoder(bytes.NewReader(text))
	var all []scenario
	for {
		var s scenario
		switch err := d.Decode(&s); {
		case errors.Is(err, io.EOF):
			return all
		case err != nil:
			t.Fatal(err)
		case len(s.Tests) > 0:
			all = append(all, s)
		}
	}
}

const suiteDefault = "DEFAULT"

// runSuite runs all cases but those in skip, which are listed with the reason.
// Where a case accepts several results, the preferred one is wanted, unless
// others says which.
func runSuite(t *testing.T, name string, skip map[string]string, others map[string]Result) {
	runScenarios(t, readSuite(t, name), skip, others)
}

func runScenarios(t *testing.T, all []scenario, skip map[string]string, others map[string]Result) {
	passed, total := 0, 0
	for _, s := range all {
		zone := newSuiteZone(t, s.Zone)
		for id, c := range s.Tests {
			total++
			if _, ok := skip[id]; ok {
				continue // the log says why
			}
			want := c.results()[0]
			if r, ok := others[id]; ok && slices.Contains(c.results(), r) {
				want = r
			}
			if t.Run(id, func(t *testing.T) { runSuiteCase(t, zone, c, want) }) {
				passed++
			}
		}
	}
	t.Logf("%d of %d pass, left out: %v", passed, total, skip)
}

func runSuiteCase(t *testing.T, zone suiteZone, c suiteCase, want Result) {
	v := Evaluate(context.Background(), zone, Query{
		IP: netip.MustParseAddr(c.Host), MailFrom: c.MailFrom, Helo: c.Helo, DefaultExplanation: suiteDefault,
	})
	if v.Result != want {
		t.Errorf("result %s, want %s", v.Result, want)
	}
	if c.Explanation != nil && v.Explanation != fmt.Sprint(c.Explanation) {
		t.Errorf("explanation %q, want %q", v.Explanation, c.Explanation)
	}
	checkEvaluation(t, v)
	if t.Failed() {
		t.Log("\n" + storyOf(v))
	}
}

// checkEvaluation checks what holds for every evaluation.
func checkEvaluation(t tester, v Evaluation) {
	t.Helper()
	if (v.Cause != nil) != (v.Result == TempError) || (v.Problem != nil) != (v.Result == PermError) {
		t.Errorf("%s with cause %v and problem %v", v.Result, v.Cause, v.Problem)
	}
	if len(v.Trace) == 0 {
		t.Error("no trace")
	}
	for _, s := range v.Trace {
		if s.Words == "" || s.Span.Start < 0 || s.Span.End > len(s.Record) || s.Span.Start > s.Span.End {
			t.Errorf("bad step %+v", s)
		}
	}
	if v.Mechanism != v.MatchSpan.Of(v.MatchRecord) {
		t.Errorf("mechanism %q is not at %v of %q", v.Mechanism, v.MatchSpan, v.MatchRecord)
	}
}

// storyOf prints a trace for people.
func storyOf(v Evaluation) string {
	var b strings.Builder
	for _, s := range v.Trace {
		fmt.Fprintf(&b, "%s%s [%s] %s (%d lookups, %d voids, asked %v)\n", strings.Repeat("  ", s.Depth), s.Domain, s.Term(), s.Words, s.Lookups, s.Voids, s.Asked)
	}
	fmt.Fprintf(&b, "%s by %q at %s, explanation %q", v.Result, v.Mechanism, v.MatchDomain, v.Explanation)
	return b.String()
}

func TestSuiteRFC7208(t *testing.T) {
	runSuite(t, "rfc7208-tests.yml", nil, nil)
}

// The RFC 4408 suite prefers results that RFC 7208 took back, but accepts those
// of RFC 7208 too.
func TestSuiteRFC4408(t *testing.T) {
	runSuite(t, "rfc4408-tests.yml", nil, map[string]Result{
		// RFC 7208 §3.1: only TXT records count, type 99 is never asked for.
		"spfonly": None, "txttimeout": TempError, "spfoverride": Fail, "multitxt1": PermError, "multispf2": Pass,
		// §4.8: the common reading of a name that cannot be asked for.
		"invalid-domain-empty-label": Fail, "invalid-domain-long": Fail, "invalid-domain-long-via-macro": Fail,
		// §5: a failure is temperror.
		"exists-dnserr": TempError,
		// §4.6.4: more than ten MX hosts are permerror.
		"mx-limit": PermError,
	})
}

func TestSuitePyspf(t *testing.T) {
	obsolete := "RFC 7208 §6 has no default= modifier, an unknown one is ignored"
	runSuite(t, "pyspf-tests.yml", map[string]string{"default-modifier": obsolete, "default-modifier-harsh": obsolete}, nil)
}

// The cases of blitiri.com.ar/go/spf use names of one label, which RFC 7208
// §4.3 refuses; they get a second one here.
func TestSuiteBlitiri(t *testing.T) {
	text := suiteFile(t, "blitirispf-tests.yml")
	single := []string{`void\d`, `blah\d`}
	for _, s := range decodeSuite(t, text) {
		for owner := range s.Zone {
			if !strings.Contains(owner, ".") && !slices.Contains(single, owner) {
				single = append(single, regexp.QuoteMeta(owner))
			}
		}
	}
	label := regexp.MustCompile(`(^|[^-\w.])(` + strings.Join(single, "|") + `)($|[^-\w.])`)
	for range 2 { // neighbours share the character between them
		text = label.ReplaceAll(text, []byte("${1}${2}.test${3}"))
	}
	runScenarios(t, decodeSuite(t, text), map[string]string{
		"mx-resolution-10-terms": "its MX hosts have no address: RFC 7208 §4.6.4 leaves open whether that counts, here it does",
	}, nil)
}
