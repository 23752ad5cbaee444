package zone

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"sendplan/internal/dns"
)

type octoEntry struct {
	TTL    uint32 `yaml:"ttl"`
	Type   string `yaml:"type"`
	Value  string `yaml:"value"`
	Values []any  `yaml:"values"`
}

// unescapedSemicolon is what octoDNS refuses in a text.
var unescapedSemicolon = regexp.MustCompile(`(^|[^\\]);`)

func readOctoDNSFile(t testing.TB, file []byte, b Batch) []string {
	t.Helper()
	var names map[string][]octoEntry
	if err := yaml.UnmarshalWithOptions(file, &names, yaml.Strict()); err != nil {
		t.Fatalf("%v\n%s", err, file)
	}
	var got []string
	for host, entries := range names {
		if host == "" {
			host = "@"
		}
		for _, e := range entries {
			k := dns.Key{Name: nameAt(t, host, b.Zone), Type: typeOf(t, e.Type)}
			for _, data := range octoData(t, k, e) {
				got = append(got, dataOf(t, k, e.TTL, data))
			}
		}
	}
	return got
}

func octoData(t testing.TB, k dns.Key, e octoEntry) []string {
	t.Helper()
	if k.Type == dns.TypeCNAME {
		return []string{e.Value}
	}
	var data []string
	for _, v := range e.Values {
		switch v := v.(type) {
		case map[string]any:
			data = append(data, fmt.Sprintf("%v %s", v["preference"], v["exchange"]))
		case string:
			if k.Type == dns.TypeTXT {
				v = octoRead(t, v)
			}
			data = append(data, v)
		default:
			t.Fatalf("value %v", v)
		}
	}
	return data
}

// octoRead reads a text as octoDNS does: quotes around it and between strings go,
// an escaped semicolon is one.
func octoRead(t testing.TB, s string) string {
	t.Helper()
	if unescapedSemicolon.MatchString(s) {
		t.Fatalf("octoDNS refuses %q", s)
	}
	if strings.HasPrefix(s, `"`) {
		s = s[1 : len(s)-1]
	}
	s = strings.ReplaceAll(s, `" "`, "")
	return dns.NewTXT(strings.ReplaceAll(s, `\;`, ";")).String()
}

func TestOctoDNSSaysHowSemicolonsAreWritten(t *testing.T) {
	t.Parallel()
	for one, want := range map[string]bool{"v=DMARC1; p=none": true, "v=spf1 -all": false} {
		out, err := hostEmit(t, hostForm{name: "octodns"}, fuzzBatch(one, "", ""))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(out), "escaped_semicolons"); got != want {
			t.Errorf("%q: got %v\n%s", one, got, out)
		}
	}
}
