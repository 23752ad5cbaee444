package zone

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sendplan/internal/dns"
)

// Whatever the records and the words around them, every form holds exactly what
// is planned, on lines of printable ASCII, and the same each time.
func TestForms(t *testing.T) {
	t.Parallel()
	for _, f := range Forms {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) { everyBatch(t, f, genBatch(t)) })
		})
	}
}

// takeAll are the forms that refuse nothing that a zone can hold.
var takeAll = []string{"panel", "bind", "nsupdate", "powershell-dns", "csv", "json"}

func everyBatch(t *rapid.T, f Form, b Batch) {
	if len(b.Changes) == 0 {
		t.Skip("nothing to write")
	}
	out, err := Emit(f, b, Options{Date: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)})
	if errors.As(err, new(*Refusal)) && !slices.Contains(takeAll, f.Name) {
		return // held against the forms that refuse in hosts_test.go
	}
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Emit(f, b, Options{Date: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)}); err != nil || !bytes.Equal(out, again) {
		t.Fatalf("not the same twice: %v", err)
	}
	if at := strings.IndexFunc(string(out), func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' || r == 0x7f }); at >= 0 {
		t.Fatalf("control characters at %d: %q", at, out)
	}
	if f.Read == nil {
		return
	}
	sets, err := f.Read(out, b)
	if err != nil {
		t.Fatal(err)
	}
	if err := compare(sets, b); err != nil {
		t.Fatal(err)
	}
}

// FuzzEmit: a TXT record of arbitrary octets, in a name with an arbitrary label,
// under arbitrary words.
func FuzzEmit(f *testing.F) {
	for _, s := range hostile {
		f.Add(s, "_dmarc", s)
		f.Add("x", s, "")
	}
	f.Fuzz(func(t *testing.T, text, label, why string) {
		name, err := dns.RawName(label + ".contoso.example")
		if err != nil || label == "" {
			t.Skip()
		}
		k := dns.Key{Name: name, Type: dns.TypeTXT}
		b := Batch{Zone: "contoso.example", Stage: why, Held: []Held{{k, why}}, Changes: []dns.Change{{Zone: "contoso.example", Key: k, Why: []string{why},
			Old: []dns.Record{{Name: name, TTL: 300, Data: dns.NewTXT(text, "second")}},
			New: []dns.Record{{Name: name, TTL: 300, Data: dns.NewTXT("second", text)}}}}}
		if check(b) != nil {
			t.Skip() // the two are the same, or too long for a record
		}
		for _, form := range Forms {
			if _, err := Emit(form, b, Options{}); err != nil && (slices.Contains(takeAll, form.Name) || !errors.As(err, new(*Refusal))) {
				t.Errorf("%s: %v", form.Name, err)
			}
		}
	})
}

// FuzzRead: nothing that is read back can make a reader panic.
func FuzzRead(f *testing.F) {
	b := sample(f)
	for _, form := range Forms {
		if out, err := Emit(form, b, Options{}); err == nil {
			f.Add(string(out))
		}
	}
	f.Fuzz(func(_ *testing.T, text string) {
		for _, form := range Forms {
			if form.Read != nil {
				_, _ = form.Read([]byte(text), b) // most texts are none
			}
		}
	})
}

// sample is a batch as plans make them: a record of several replaced, an alias in
// the place of a TXT record, a new set, one that goes.
func sample(t testing.TB) Batch {
	change := func(old, now []dns.Record, why string) dns.Change {
		first := append(append([]dns.Record{}, old...), now...)[0]
		return dns.Change{Zone: "contoso.example", Key: keyOf(first), Old: old, New: now, Why: []string{why}}
	}
	return Batch{Zone: "contoso.example", Stage: "stage 2: Publish the records", Held: []Held{{dns.Key{Name: "_dmarc.contoso.example", Type: dns.TypeTXT}, "stage 3 waits: reports show no failure"}},
		Changes: []dns.Change{
			change(recordList(t, `contoso.example. 3600 IN TXT "google-site-verification=abc"`, `contoso.example. 3600 IN TXT "v=spf1 include:spf.protection.outlook.com -all"`),
				recordList(t, `contoso.example. 3600 IN TXT "google-site-verification=abc"`, `contoso.example. 3600 IN TXT "v=spf1 ip4:203.0.113.10 include:spf.protection.outlook.com -all"`), "scanner-2og sends by connector-ip"),
			change(recordList(t, `selector1._domainkey.contoso.example. 600 IN TXT "v=DKIM1; p="`), nil, "DKIM of Microsoft 365"),
			change(nil, recordList(t, `selector1._domainkey.contoso.example. 3600 IN CNAME selector1-contoso-example._domainkey.contoso.r-v1.dkim.mail.microsoft.`), "DKIM of Microsoft 365"),
			change(recordList(t, `contoso.example. 3600 IN MX 10 old.example.`), recordList(t, `contoso.example. 3600 IN MX 0 contoso-example.mail.protection.outlook.com.`), "mail comes to Exchange Online"),
			change(nil, recordList(t, `_smtp._tls.contoso.example. 3600 IN TXT "v=TLSRPTv1; rua=mailto:tls@contoso.example"`), "reports"),
		}}
}

// A form that says something else than the plan is caught, whatever it is.
func TestEmitCompares(t *testing.T) {
	t.Parallel()
	b := sample(t)
	honest := func([]byte, Batch) ([]Set, error) {
		var sets []Set
		for _, c := range b.Changes {
			sets = append(sets, Set{c.Key, c.Old, c.New})
		}
		return sets, nil
	}
	for _, test := range []struct {
		name, want string
		change     func([]Set) []Set
	}{
		{"the plan", "", func(s []Set) []Set { return s }},
		{"another order", "", func(s []Set) []Set { s[0].New = []dns.Record{s[0].New[1], s[0].New[0]}; return s }},
		{"a set missing", "is missing", func(s []Set) []Set { return s[1:] }},
		{"a set twice", "is there twice", func(s []Set) []Set { return append(s, s[0]) }},
		{"a set too much", "is not planned", func(s []Set) []Set { return append(s, Set{Key: dns.Key{Name: "x.contoso.example", Type: dns.TypeA}}) }},
		{"another TTL", "new records", func(s []Set) []Set {
			s[4].New = recordList(t, strings.Replace(s[4].New[0].String(), "3600", "300", 1))
			return s
		}},
		{"a record lost", "new records", func(s []Set) []Set { s[0].New = s[0].New[1:]; return s }},
		{"other old records", "old records", func(s []Set) []Set { s[0].Old = nil; return s }},
		{"the text in other strings", "new records", func(s []Set) []Set {
			s[4].New = []dns.Record{{Name: s[4].Key.Name, TTL: 3600, Data: dns.NewTXT("v=TLSRPTv1; ", "rua=mailto:tls@contoso.example")}}
			return s
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := Form{Name: "test", Write: func(w io.Writer, _ Batch, _ Options) error { _, err := io.WriteString(w, "text"); return err },
				Read: func(text []byte, b Batch) ([]Set, error) {
					sets, err := honest(text, b)
					return test.change(sets), err
				}}
			out, err := Emit(f, b, Options{})
			switch {
			case test.want == "" && (err != nil || string(out) != "text"):
				t.Errorf("%q, %v", out, err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want) || out != nil):
				t.Errorf("%q, %v, want %q", out, err, test.want)
			}
		})
	}
}

// What would do harm, or what no server would take, is refused before it is
// written.
func TestCheck(t *testing.T) {
	t.Parallel()
	list := func(lines ...string) []dns.Record { return recordList(t, lines...) }
	one := func(zone dns.Name, old, now []dns.Record) Batch {
		return Batch{Zone: zone, Changes: []dns.Change{{Zone: zone, Key: keyOf(append(append([]dns.Record{}, old...), now...)[0]), Old: old, New: now}}}
	}
	twice := one("contoso.example", nil, list(`a.contoso.example. 1 IN A 192.0.2.1`))
	twice.Changes = append(twice.Changes, twice.Changes[0])
	alias := one("contoso.example", nil, list(`a.contoso.example. 1 IN CNAME b.example.`))
	alias.Changes = append(alias.Changes, one("contoso.example", nil, list(`a.contoso.example. 1 IN A 192.0.2.1`)).Changes...)
	for _, test := range []struct {
		name, want string
		batch      Batch
	}{
		{"nothing", "nothing to write", Batch{Zone: "contoso.example"}},
		{"another zone", "not in zone", one("contoso.example", nil, list(`fabrikam.example. 1 IN A 192.0.2.1`))},
		{"a zone with the same end", "not in zone", one("contoso.example", nil, list(`xcontoso.example. 1 IN A 192.0.2.1`))},
		{"the SOA record", "not for a plan", one("contoso.example", []dns.Record{{Name: "contoso.example", Data: dns.SOA{MName: "a", RName: "b"}}}, nil)},
		{"the zone's name servers", "not for a plan", one("contoso.example", list(`contoso.example. 1 IN NS a.`), nil)},
		{"an alias at the zone's name", "not for a plan", one("contoso.example", nil, list(`contoso.example. 1 IN CNAME a.`))},
		{"no change", "nothing changes", one("contoso.example", list(`a.contoso.example. 1 IN A 192.0.2.1`), list(`a.contoso.example. 1 IN A 192.0.2.1`))},
		{"two aliases", "one CNAME record", one("contoso.example", nil, list(`a.contoso.example. 1 IN CNAME b.`, `a.contoso.example. 1 IN CNAME c.`))},
		{"two TTLs", "several TTLs", one("contoso.example", nil, list(`a.contoso.example. 1 IN A 192.0.2.1`, `a.contoso.example. 2 IN A 192.0.2.2`))},
		{"two names", "another set", one("contoso.example", nil, list(`a.contoso.example. 1 IN A 192.0.2.1`, `b.contoso.example. 1 IN A 192.0.2.2`))},
		{"two types", "another set", one("contoso.example", nil, list(`a.contoso.example. 1 IN A 192.0.2.1`, `a.contoso.example. 1 IN TXT "x"`))},
		{"a record twice", "twice", one("contoso.example", nil, list(`a.contoso.example. 1 IN A 192.0.2.1`, `a.contoso.example. 1 IN A 192.0.2.1`))},
		{"no data", "another set", Batch{Zone: "contoso.example", Changes: []dns.Change{{Zone: "contoso.example", Key: dns.Key{Name: "contoso.example", Type: dns.TypeTXT}, New: []dns.Record{{}}}}}},
		{"a TXT record without a string", "cannot be written", Batch{Zone: "contoso.example", Changes: []dns.Change{{Zone: "contoso.example", Key: dns.Key{Name: "contoso.example", Type: dns.TypeTXT}, New: []dns.Record{{Name: "contoso.example", Data: dns.NewTXT()}}}}}},
		{"a TTL too long", "TTL", Batch{Zone: "contoso.example", Changes: []dns.Change{{Zone: "contoso.example", Key: dns.Key{Name: "contoso.example", Type: dns.TypeTXT}, New: []dns.Record{{Name: "contoso.example", TTL: 1 << 31, Data: dns.NewTXT("x")}}}}}},
		{"a set twice", "planned twice", twice},
		{"an alias beside other data", "would be an alias and have other records", alias},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, f := range Forms {
				if out, err := Emit(f, test.batch, Options{}); err == nil || !strings.Contains(err.Error(), test.want) || out != nil {
					t.Errorf("%s: %v, want %q", f.Name, err, test.want)
				}
			}
		})
	}
}
