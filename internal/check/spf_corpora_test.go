package check

import (
	"bufio"
	"compress/gzip"
	"context"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

// corpus answers with records that real domains published: the newest SPF and
// MX of each. Every name has the same addresses, and what is not in the corpus
// is not known.
type corpus struct {
	spf, mx map[dns.Name][]dns.Data
	names   []dns.Name // of spf, in order
}

func (c corpus) Lookup(_ context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	var data []dns.Data
	switch t {
	case dns.TypeTXT:
		data = c.spf[name]
	case dns.TypeMX:
		data = c.mx[name]
	case dns.TypeA:
		data = []dns.Data{dns.Addr{IP: netip.MustParseAddr("192.0.2.1")}}
	case dns.TypeAAAA:
		data = []dns.Data{dns.Addr{IP: netip.MustParseAddr("2001:db8::1")}}
	}
	if data == nil {
		return dns.Answer{}, &dns.Error{Key: dns.Key{Name: name, Type: t}, Cause: dns.NotAsked}
	}
	a := dns.Answer{Exists: true}
	for _, d := range data {
		a.Records = append(a.Records, dns.Record{Name: name, TTL: 3600, Data: d})
	}
	return a, nil
}

// readCorpus calls line with the name and the text of each line of a file.
func readCorpus(t *testing.T, file string, line func(name dns.Name, text string)) {
	f, err := os.Open("../../../shared/corpora/records/" + file)
	if err != nil {
		t.Skip("the corpora are not here")
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	in := bufio.NewScanner(z)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		fields := strings.Split(in.Text(), "\t")
		if len(fields) < 2 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if name, err := dns.RawName(fields[0]); err == nil {
			line(name, fields[1])
		}
	}
	if err := in.Err(); err != nil {
		t.Fatal(err)
	}
}

func openCorpus(t *testing.T) corpus {
	c := corpus{spf: make(map[dns.Name][]dns.Data), mx: make(map[dns.Name][]dns.Data)}
	readCorpus(t, "spf.tsv.gz", func(name dns.Name, text string) {
		if c.spf[name] == nil {
			c.names = append(c.names, name)
		}
		c.spf[name] = []dns.Data{dns.NewTXT(text)}
	})
	readCorpus(t, "mx.tsv.gz", func(name dns.Name, text string) {
		c.mx[name] = nil
		for _, host := range strings.Fields(text) {
			pref, rest, ok := strings.Cut(host, ":")
			if !ok {
				pref, rest = "10", host
			}
			n, _ := strconv.Atoi(pref)
			if host, err := dns.RawName(rest); err == nil {
				c.mx[name] = append(c.mx[name], dns.MX{Preference: uint16(n), Host: host})
			}
		}
	})
	return c
}

// TestSPFCorpus judges every domain of the corpus: spans lie in their records,
// and no fix proposes a record that is broken or over the limit.
func TestSPFCorpus(t *testing.T) {
	t.Parallel()
	c := openCorpus(t)
	count := make(map[finding.ID]int)
	for _, name := range c.names {
		seen := make(map[finding.ID]bool)
		d := Look(c, name, Options{})
		for _, f := range Judge(d, spfChecks) {
			checkSPFFinding(t, f)
			if f.Status == finding.Fail && !seen[f.ID] {
				seen[f.ID] = true
				count[f.ID]++
			}
		}
	}
	for _, check := range spfChecks {
		t.Logf("%5d of %d domains: %s", count[check.ID], len(c.names), check.ID)
	}
}
