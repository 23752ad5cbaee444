package dmarc

import (
	"context"
	"strings"
	"testing"

	"sendplan/internal/dns"
)

// fake answers from a map of TXT records. Names in nxdomain do not exist, all
// others do; faults fail. It keeps what was asked.
type fake struct {
	txt      map[dns.Name][]string
	cname    map[dns.Name]dns.Name
	nxdomain map[dns.Name]bool
	faults   map[dns.Name]dns.Cause
	asked    []dns.Key
}

func (f *fake) Lookup(_ context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	key := dns.Key{Name: name, Type: t}
	f.asked = append(f.asked, key)
	if cause, ok := f.faults[name]; ok {
		return dns.Answer{}, &dns.Error{Key: key, Cause: cause, Server: "192.0.2.53:53"}
	}
	var a dns.Answer
	for target, ok := f.cname[name]; ok; target, ok = f.cname[name] {
		a.Chain = append(a.Chain, dns.Record{Name: name, TTL: 60, Data: dns.CNAME{Target: target}})
		name = target
	}
	a.Exists = !f.nxdomain[name]
	texts, ok := f.txt[name]
	if !ok { // a wildcard of the parent, as vectors know it
		texts = f.txt["*."+name.Parent()]
		if i := strings.Index(string(name), "._report._dmarc."); i >= 0 && texts == nil {
			texts = f.txt[dns.Name("*"+string(name[i:]))]
		}
	}
	if t == dns.TypeTXT {
		for _, s := range texts {
			a.Records = append(a.Records, dns.Record{Name: name, TTL: 60, Data: dns.NewTXT(s)})
		}
	}
	return a, nil
}

// policies returns a resolver that holds DMARC records: pairs of domain and text.
func policies(pairs ...string) *fake {
	f := &fake{txt: map[dns.Name][]string{}, faults: map[dns.Name]dns.Cause{}, nxdomain: map[dns.Name]bool{}, cname: map[dns.Name]dns.Name{}}
	for i := 0; i < len(pairs); i += 2 {
		name := dns.MustName("_dmarc." + pairs[i])
		f.txt[name] = append(f.txt[name], pairs[i+1])
	}
	return f
}

// zones reads zone text; every test has the zones of the top-level domains.
func zones(t testing.TB, text string) *dns.Zones {
	t.Helper()
	z, err := dns.ParseZones(". SOA ns.test. root.test. 1 1 1 1 60\n"+text, "test")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// suffix is a public suffix list: com, co.uk, example and what has no entry.
func suffix(n dns.Name) dns.Name {
	if n.Below("co.uk") {
		return "co.uk"
	}
	return top(n)
}

func kinds(r Record) string {
	var ks []string
	for _, p := range r.Problems {
		ks = append(ks, string(p.Kind))
	}
	return strings.Join(ks, " ")
}
