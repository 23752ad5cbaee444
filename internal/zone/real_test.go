package zone

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sendplan/internal/dns"
	"sendplan/internal/dns/realserver"
)

// zoneBefore is a zone as the batches of these tests find it.
const zoneBefore = `$TTL 3600
contoso.example. IN SOA ns1.contoso.example. host.contoso.example. 7 7200 900 1209600 300
contoso.example. IN NS  ns1.contoso.example.
ns1.contoso.example. IN A 192.0.2.53
contoso.example. IN MX  10 old.example.
contoso.example. IN TXT "google-site-verification=abc"
contoso.example. IN TXT "v=spf1 include:spf.protection.outlook.com -all"
other.contoso.example. 300 IN TXT "stays; \"quoted\" \\ $(x) \000\255"
selector1._domainkey.contoso.example. 600 IN TXT "v=DKIM1; p="
`

// realStrings are texts that programs between us and the server could take for
// something else than text.
var realStrings = []string{"; no comment", `"`, `\`, `\"`, `\092`, "$(id)", "${HOME}", "`id`", "'", "a\nsend\n", "\x00\x01\x1f\x7f\x80\xff", "( ", ")", "@", "\t", " leading and trailing ", "", "%s", "#", strings.Repeat("x", 255), strings.Repeat("\xff", 255)}

func hostileBatch(t testing.TB) Batch {
	b := sample(t)
	name := dns.MustName("hostile.contoso.example")
	odd, err := dns.RawName("a b;\"'\\(@)$\x00\xff.contoso.example")
	if err != nil {
		t.Fatal(err)
	}
	var set []dns.Record
	for i := range realStrings {
		set = append(set, dns.Record{Name: name, TTL: 60, Data: dns.NewTXT(realStrings[i], realStrings[(i+1)%len(realStrings)], "")})
	}
	add := func(n dns.Name, set []dns.Record) {
		b.Changes = append(b.Changes, dns.Change{Zone: b.Zone, Key: keyOf(set[0]), New: set, Why: []string{"a\nsend\nupdate delete contoso.example. TXT"}})
	}
	add(name, set)
	add(odd, []dns.Record{{Name: odd, TTL: 60, Data: dns.NewTXT("x")}})
	wild := dns.Name("*.contoso.example")
	add(wild, []dns.Record{{Name: wild, TTL: 60, Data: dns.NewTXT("wild")}})
	return b
}

func undone(b Batch) Batch {
	list := []Batch{{Zone: b.Zone, Stage: b.Stage, Changes: slices.Clone(b.Changes)}}
	for i := range list[0].Changes {
		list[0].Changes[i].Why = slices.Clone(b.Changes[i].Why)
	}
	reverse(list)
	return list[0]
}

func zonesOf(t testing.TB, text string) *dns.Zones {
	t.Helper()
	zones, err := dns.ParseZones(text, "zone")
	if err != nil {
		t.Fatal(err)
	}
	return zones
}

func clientOf(t testing.TB, s *realserver.Server) *dns.Client {
	t.Helper()
	client, err := dns.NewClient(dns.ClientOptions{Servers: []dns.Server{{Transport: dns.UDP, Addr: s.Addr}}, Timeout: 4 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// holds compares what a server answers with the zone as it was, laid over with
// the changes: every set of the zone and of the changes, with TTLs and strings.
func holds(t *testing.T, server dns.Resolver, before *dns.Zones, changes []dns.Change) {
	t.Helper()
	want := dns.NewOverlay(before, changes)
	var keys []dns.Key
	for _, r := range before.Records("contoso.example") {
		if k := keyOf(r); k.Type != dns.TypeSOA {
			keys = append(keys, k)
		}
	}
	for _, c := range changes {
		keys = append(keys, c.Key)
	}
	for _, k := range keys {
		if k.Type != dns.TypeCNAME && slices.ContainsFunc(changes, func(c dns.Change) bool {
			return c.Key == dns.Key{Name: k.Name, Type: dns.TypeCNAME} && len(c.New) > 0
		}) {
			continue // it is an alias now, which leads out of the zone
		}
		w, err := want.Lookup(context.Background(), k.Name, k.Type)
		if err != nil {
			t.Fatal(err)
		}
		g, err := server.Lookup(context.Background(), k.Name, k.Type)
		if err != nil {
			t.Fatal(err)
		}
		if !sameSet(w.Records, g.Records) {
			t.Errorf("%s: the server has %v, want %v", k, g.Records, w.Records)
		}
	}
}

var updatables = []realserver.Kind{realserver.BIND, realserver.Knot}

// A real server takes the update, answers then as planned, and the undo brings
// back the zone as it was, character-strings and TTLs included.
func TestUpdateAndUndo(t *testing.T) {
	t.Parallel()
	retimed := Batch{Zone: "contoso.example", Changes: []dns.Change{{Zone: "contoso.example", Key: dns.Key{Name: "contoso.example", Type: dns.TypeTXT},
		Old: recordList(t, `contoso.example. 3600 IN TXT "google-site-verification=abc"`, `contoso.example. 3600 IN TXT "v=spf1 include:spf.protection.outlook.com -all"`),
		New: recordList(t, `contoso.example. 300 IN TXT "google-site-verification=abc"`, `contoso.example. 300 IN TXT "v=spf1 include:spf.protection.outlook.com -all"`)}}}
	resplit := Batch{Zone: "contoso.example", Changes: []dns.Change{{Zone: "contoso.example", Key: dns.Key{Name: "contoso.example", Type: dns.TypeTXT},
		Old: recordList(t, `contoso.example. 3600 IN TXT "google-site-verification=abc"`, `contoso.example. 3600 IN TXT "v=spf1 include:spf.protection.outlook.com -all"`),
		New: recordList(t, `contoso.example. 3600 IN TXT "google-site-verification=abc"`, `contoso.example. 3600 IN TXT "v=spf1 include:spf." "protection.outlook.com -all"`)}}}
	for _, kind := range updatables {
		for name, b := range map[string]Batch{"sample": sample(t), "hostile": hostileBatch(t), "another TTL": retimed, "other boundaries": resplit} {
			t.Run(string(kind)+" "+name, func(t *testing.T) {
				t.Parallel()
				before := zonesOf(t, zoneBefore)
				server := realserver.Updatable(t, kind, before)
				client := clientOf(t, server)
				mustUpdate(t, server, b)
				holds(t, client, before, b.Changes)
				if t.Failed() {
					return
				}
				mustUpdate(t, server, undone(b))
				holds(t, client, before, nil)
			})
		}
	}
}

func emitted(t *testing.T, b Batch) []byte {
	t.Helper()
	f, _ := FormByName("nsupdate")
	text, err := Emit(f, b, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func mustUpdate(t *testing.T, server *realserver.Server, b Batch) {
	t.Helper()
	text := emitted(t, b)
	if out, err := server.Update(t, text); err != nil {
		t.Fatalf("%v: %s\n%s", err, out, text)
	}
}

// A zone that is not as it was planned from refuses the update, and nothing of it
// is carried out.
func TestUpdateRefused(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string][2]string{
		"another record":               {``, `contoso.example. IN TXT "added"` + "\n"},
		"another text":                 {`"v=spf1 include:spf.protection.outlook.com -all"`, `"v=spf1 include:spf.protection.outlook.com ~all"`},
		"the same text, other strings": {`"v=spf1 include:spf.protection.outlook.com -all"`, `"v=spf1 " "include:spf.protection.outlook.com -all"`},
		"a record gone":                {`contoso.example. IN TXT "google-site-verification=abc"`, ``},
		"another type at the name":     {``, `selector1._domainkey.contoso.example. IN A 192.0.2.9` + "\n"},
		"a type that is seldom there":  {``, `selector1._domainkey.contoso.example. IN CAA 0 issue "ca.example"` + "\n"},
		"the new set is there":         {``, `_smtp._tls.contoso.example. IN TXT "v=TLSRPTv1; rua=mailto:old@contoso.example"` + "\n"},
		"an alias at the new name":     {``, `_smtp._tls.contoso.example. IN CNAME x.example.` + "\n"},
	} {
		for _, kind := range updatables {
			t.Run(string(kind)+" "+name, func(t *testing.T) {
				t.Parallel()
				text := zoneBefore + meanwhile[1]
				if meanwhile[0] != "" {
					text = strings.Replace(zoneBefore, meanwhile[0], meanwhile[1], 1)
				}
				before := zonesOf(t, text)
				server := realserver.Updatable(t, kind, before)
				if out, err := server.Update(t, emitted(t, sample(t))); err == nil {
					t.Errorf("it was taken: %s", out)
				}
				holds(t, clientOf(t, server), before, nil)
			})
		}
	}
}

// A new alias at a name that the plan knows nothing of needs the name unused.
func TestUpdateNewAlias(t *testing.T) {
	t.Parallel()
	b := Batch{Zone: "contoso.example", Changes: []dns.Change{{Zone: "contoso.example", Key: dns.Key{Name: "other.contoso.example", Type: dns.TypeCNAME}, New: recordList(t, `other.contoso.example. 60 IN CNAME x.example.`)}}}
	for _, kind := range updatables {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			before := zonesOf(t, zoneBefore)
			server := realserver.Updatable(t, kind, before)
			if out, err := server.Update(t, emitted(t, b)); err == nil {
				t.Errorf("it was taken: %s", out)
			}
			holds(t, clientOf(t, server), before, nil)
		})
	}
}

// checkers are the programs that check a zone before it is loaded.
var checkers = map[string][]string{
	"named-checkzone": {"-k", "ignore", "-i", "none", "-m", "ignore"},
	"nsd-checkzone":   nil,
	"kzonecheck":      {"-o"},
}

// The old zone with its sets replaced, as the form says, is one that all servers
// load.
func TestZoneFileLoads(t *testing.T) {
	t.Parallel()
	f, _ := FormByName("bind")
	for program, args := range checkers {
		t.Run(program, func(t *testing.T) {
			t.Parallel()
			path := realserver.Program(t, program)
			check := func(t require, b Batch) {
				text, err := Emit(f, b, Options{})
				if err != nil {
					t.Fatal(err)
				}
				file := filepath.Join(t.TempDir(), "zone")
				if err := os.WriteFile(file, []byte(replaced(b)+string(text)), 0o600); err != nil {
					t.Fatal(err)
				}
				if out, err := exec.Command(path, append(slices.Clone(args), b.Zone.Zone(), file)...).CombinedOutput(); err != nil {
					t.Fatalf("%v: %s\n%s", err, out, text)
				}
			}
			check(t, sample(t))
			check(t, hostileBatch(t))
			rapid.Check(t, func(rt *rapid.T) {
				b := genBatch(rt)
				if b.Zone != "contoso.example" || len(b.Changes) == 0 || slices.ContainsFunc(b.Changes, unloadable) {
					return
				}
				check(within{rt, t}, b)
			})
		})
	}
}

// require is what check needs of a test.
type require interface {
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	TempDir() string
}

// within is a property's test with the folders of the test around it.
type within struct {
	*rapid.T
	outer *testing.T
}

func (w within) TempDir() string { return w.outer.TempDir() }

// unloadable reports whether a change makes a zone that checkers may refuse for
// reasons that are no matter of how it is written: delegations, and what aliases
// lead to.
func unloadable(c dns.Change) bool {
	return c.Key.Type == dns.TypeNS || c.Key.Type == dns.TypePTR || c.Key.Type == dns.TypeSRV || c.Key.Type == dns.TypeMX
}

// replaced is the zone of these tests without the sets of a batch.
func replaced(b Batch) string {
	var out strings.Builder
	fmt.Fprintln(&out, "contoso.example. 3600 IN SOA ns1.contoso.example. host.contoso.example. 7 7200 900 1209600 300")
	fmt.Fprintln(&out, "contoso.example. 3600 IN NS ns.example.net.")
	return out.String()
}
