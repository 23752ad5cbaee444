package cli

import (
	"context"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sendplan/internal/dns"
	"sendplan/internal/dns/realserver"
)

// publishable are examples of docs/plans with record changes of all sorts: a set
// that grows or shrinks, another TTL, new names, several zones, several stages,
// an alias in the place of text, wildcards, and a yes that lets more go.
var publishable = []struct {
	name  string
	kinds []realserver.Kind
	held  bool // what waits for a condition stays in the plan
}{
	{"01-gateway", []realserver.Kind{realserver.BIND}, false},
	{"05-dkim-not-enabled", []realserver.Kind{realserver.BIND}, true},
	{"06-pct", []realserver.Kind{realserver.Knot}, false},
	{"07-two-spf-records", []realserver.Kind{realserver.BIND}, false},
	{"08-eleven-lookups", []realserver.Kind{realserver.Knot}, false},
	{"10-txt-instead-of-cname", takesUpdates, false},
	{"11-parked", []realserver.Kind{realserver.BIND}, false},
	{"12-subdomain-wildcard", []realserver.Kind{realserver.Knot}, false},
	{"13-report-address", []realserver.Kind{realserver.BIND}, false},
	{"18-other-signer", []realserver.Kind{realserver.Knot}, false},
}

var takesUpdates = []realserver.Kind{realserver.BIND, realserver.Knot}

// field is an example whose own zones a real server holds, which takes updates,
// below a real server for the rest of the DNS.
type field struct {
	loopback
	own    *realserver.Server
	before *dns.Zones // the own zones as they are in the file
	stubs  map[dns.Name]netip.AddrPort
}

// partedExample is an example of docs/plans whose TXT records are of several
// strings where that matters to nobody: it shall stay so, and come back so.
func partedExample(t *testing.T, name string) *planExample {
	t.Helper()
	text, err := os.ReadFile("../../docs/plans/" + name + ".md")
	if err != nil {
		t.Fatal(err)
	}
	parted := strings.NewReplacer(
		`TXT "v=spf1 include:spf.protection`, `TXT "v=spf1 include:" "spf.protection`,
		`TXT "MS=ms`, `TXT "" "MS=" "ms`,
	).Replace(string(text))
	file := filepath.Join(t.TempDir(), name+".md")
	if err := os.WriteFile(file, []byte(parted), 0o600); err != nil {
		t.Fatal(err)
	}
	return readExample(t, file)
}

func publishOn(t *testing.T, kind realserver.Kind, name string) *field {
	t.Helper()
	e := partedExample(t, name)
	all := parseReal(t, strings.Join(e.all("zone"), "\n"))
	f := &field{before: ownZones(t, e), stubs: map[dns.Name]netip.AddrPort{}}
	f.inventory = inventoryFile(t, strings.Join(e.all("yaml"), ""))
	f.own = realserver.Updatable(t, kind, f.before)
	top := parseReal(t, realserver.MasterFile(all, dns.Root))
	rest := realserver.Authority(t, realserver.NSD, top)
	f.stubs[dns.Root] = rest.Addr
	for _, apex := range f.before.Apexes() {
		f.stubs[apex] = f.own.Addr
	}
	for _, host := range nameServers(all) {
		at := rest.Addr
		if slices.Contains(nameServers(f.before), host) {
			at = f.own.Addr
		}
		f.places = append(f.places, "--nameserver", host+"="+at.String())
	}
	f.anewResolver(t)
	for _, command := range e.all("console") { // its last yes is in the inventory then
		f.run(t, command)
	}
	return f
}

// ownZones are the zones of an example without the rest of the DNS.
func ownZones(t *testing.T, e *planExample) *dns.Zones {
	t.Helper()
	all, files := parseReal(t, strings.Join(e.all("zone"), "\n")), map[dns.Name]string{}
	for _, apex := range all.Apexes() {
		if apex != dns.Root {
			files[apex] = realserver.MasterFile(all, apex)
		}
	}
	return together(t, files)
}

func parseReal(t *testing.T, text string) *dns.Zones {
	t.Helper()
	zones, err := dns.ParseZones(text, "zone")
	if err != nil {
		t.Fatal(err)
	}
	return zones
}

// anewResolver puts a resolver into the place of the one before, which still
// knows what was.
func (f *field) anewResolver(t *testing.T) {
	t.Helper()
	f.addr = realserver.Resolver(t, f.stubs).Addr.String()
}

func (f *field) sendplan(t *testing.T, args string) outcome {
	t.Helper()
	return f.run(t, "$ sendplan "+args+" -i inventory.yaml --date 2026-11-22")
}

// emit returns what is emitted of a stage in a form. What is not known or blocked
// elsewhere holds nothing of it back.
func (f *field) emit(t *testing.T, form, stage string) string {
	t.Helper()
	got := f.sendplan(t, "emit --as "+form+" --stage "+stage)
	if got.status != "0" && got.status != "3" && !strings.Contains(got.stderr, "blocked: ") {
		t.Fatalf("emit ended with %s", got)
	}
	return got.stdout
}

func (f *field) update(t *testing.T, text string) {
	t.Helper()
	if out, err := f.own.Update(t, []byte(text)); err != nil {
		t.Fatalf("%v: %s\n%s", err, out, text)
	}
}

// asked are the questions that tell everything about a zone: of each type at
// each name before and after, above it, and at one below that nobody published.
func asked(zones ...*dns.Zones) []dns.Key {
	names := map[dns.Name]bool{}
	for _, z := range zones {
		for _, apex := range z.Apexes() {
			for _, r := range z.Records(apex) {
				names[r.Name] = true
				if r.Name != apex {
					names[r.Name.Parent()] = true
				}
				if below, err := r.Name.Child("nobody"); err == nil {
					names[below] = true
				}
			}
		}
	}
	var keys []dns.Key
	for _, name := range slices.Sorted(maps.Keys(names)) {
		for _, kind := range []dns.Type{dns.TypeA, dns.TypeAAAA, dns.TypeMX, dns.TypeTXT, dns.TypeNS, dns.TypeCNAME} {
			keys = append(keys, dns.Key{Name: name, Type: kind})
		}
	}
	return keys
}

func (f *field) holds(t *testing.T, what string, want *dns.Zones, keys []dns.Key) {
	t.Helper()
	holdsAll(t, what, f.own.Addr, want, keys)
}

// holdsAll compares what a server says as the authority with zones: which names
// exist, and every record with its TTL and its strings.
func holdsAll(t *testing.T, what string, at netip.AddrPort, want *dns.Zones, keys []dns.Key) {
	t.Helper()
	network := dns.NewNetwork(dns.NetworkOptions{Timeout: 4 * time.Second})
	defer func() { _ = network.Close() }() // it has only sockets of loopback
	for _, k := range keys {
		q := dns.Question{Source: dns.SourceAt(at), Key: k}
		w, g := contentOf(t, want, q), contentOf(t, network, q)
		if w != g {
			t.Errorf("%s: %s: the server has\n%s\nwant\n%s", what, k, g, w)
		}
	}
}

func contentOf(t *testing.T, from dns.Asker, q dns.Question) string {
	t.Helper()
	a, err := from.Ask(context.Background(), q)
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	lines := []string{fmt.Sprint("exists: ", a.Exists)}
	for _, r := range slices.Concat(a.Chain, a.Records) {
		lines = append(lines, r.String())
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// step is a stage that was published: the way back, and what was there before.
type step struct {
	undo   string
	before *dns.Zones
}

var elsewhere = regexp.MustCompile(`nothing to do: stage \d+ changes no record now; stages? (\d+)`)

// next returns the first stage that changes a record now, as emit names it where
// the current one is a task alone, and its update; "" if there is none.
func (f *field) next(t *testing.T) (stage, text string) {
	t.Helper()
	got := f.sendplan(t, "emit --as nsupdate")
	if got.stdout != "" {
		return "current", got.stdout
	}
	if found := elsewhere.FindStringSubmatch(got.stderr); found != nil {
		return found[1], f.emit(t, "nsupdate", found[1])
	}
	return "", ""
}

// publish carries out the plan, stage by stage: what verify calls lacking is
// emitted and taken by the server, which then holds what the form for zone files
// wrote. It ends when nothing is left to publish now.
func (f *field) publish(t *testing.T) (steps []step, after *dns.Zones) {
	t.Helper()
	after = f.before
	for range 5 {
		stage, text := f.next(t)
		if stage == "" {
			return steps, after
		}
		planned := together(t, byHand(t, after, f.emit(t, "bind", stage)))
		steps = append(steps, step{f.emit(t, "nsupdate", stage+" --undo"), after})
		if got := f.sendplan(t, "verify"); got.status != "1" || !strings.Contains(got.stdout, ": lacks ") {
			t.Errorf("before it is published, verify says %s", got)
		}
		f.update(t, text)
		f.holds(t, "published", planned, asked(after, planned))
		after = planned
	}
	t.Fatal("there is no end to the stages")
	return nil, nil
}

// A plan goes to a real server and back: it is published, found live, leaves
// nothing to publish, and the undo that was written before brings the zones back
// as they were.
func TestPublish(t *testing.T) {
	t.Parallel()
	for _, test := range publishable {
		for _, kind := range test.kinds {
			t.Run(test.name+" "+string(kind), func(t *testing.T) {
				t.Parallel()
				f := publishOn(t, kind, test.name)
				first := f.sendplan(t, "plan")
				steps, after := f.publish(t)
				if len(steps) == 0 {
					t.Fatal("nothing was published")
				}
				f.anewResolver(t)
				if got := f.sendplan(t, "verify"); got.status != "0" || strings.Contains(got.stdout, ": lacks ") {
					t.Errorf("after it is published, verify says %s", got)
				}
				if left := f.sendplan(t, "plan"); strings.Contains(left.stdout, "Records (- goes") != test.held {
					t.Errorf("what is left to plan: %s", left)
				}
				for _, s := range slices.Backward(steps) {
					f.update(t, s.undo)
					f.holds(t, "undone", s.before, asked(s.before, after))
				}
				f.anewResolver(t)
				if again := f.sendplan(t, "plan"); again != first {
					t.Errorf("after the undo the plan is\n%s\nand was\n%s", again, first)
				}
			})
		}
	}
}

// A zone that was changed in between does not take the plan, and nothing of it is
// carried out.
func TestPublishRefused(t *testing.T) {
	t.Parallel()
	for i, test := range []struct{ name, meanwhile string }{
		{"01-gateway", `nordwind.example. 3600 IN TXT "meanwhile"`},
		{"07-two-spf-records", `nordwind.example. 1800 IN TXT "v=spf1 mx -all"`},
		{"10-txt-instead-of-cname", `selector1._domainkey.nordwind.example. 600 IN TXT "meanwhile"`},
		{"10-txt-instead-of-cname", `selector2._domainkey.nordwind.example. 600 IN TXT "v=DKIM1; p="`},
		{"12-subdomain-wildcard", `anlagen.nordwind.example. 600 IN TXT "v=spf1 mx -all"`},
	} {
		t.Run(fmt.Sprint(test.name, " ", i), func(t *testing.T) {
			t.Parallel()
			f := publishOn(t, takesUpdates[i%2], test.name)
			text, planned := f.emit(t, "nsupdate", "current"), together(t, byHand(t, f.before, f.emit(t, "bind", "current")))
			f.update(t, "zone nordwind.example.\nupdate add "+test.meanwhile+"\nsend\n")
			changed := parseReal(t, realserver.MasterFile(f.before, "nordwind.example")+test.meanwhile+"\n")
			f.refuses(t, text, changed, asked(changed, planned))
			if got := f.sendplan(t, "verify"); got.status != "1" || !strings.Contains(got.stdout, ": lacks ") {
				t.Errorf("verify says %s", got)
			}
		})
	}
}

// refuses hands an update to the server, which must say no and stay as it is.
func (f *field) refuses(t *testing.T, text string, is *dns.Zones, keys []dns.Key) {
	t.Helper()
	if out, err := f.own.Update(t, []byte(text)); err == nil {
		t.Errorf("it was taken: %s\n%s", out, text)
	}
	f.holds(t, "refused", is, keys)
}

// What is published cannot be published again, and the way back is refused once
// somebody has changed what it would take away.
func TestPublishTwice(t *testing.T) {
	t.Parallel()
	for i, test := range []struct{ name, gone, come string }{
		{"01-gateway", "", `nordwind.example. 3600 IN TXT "afterwards"`},
		{"10-txt-instead-of-cname", "selector2._domainkey.nordwind.example. 3600 IN CNAME selector2-nordwind-example._domainkey.nordwind.r-v1.dkim.mail.microsoft.",
			"selector2._domainkey.nordwind.example. 3600 IN CNAME selector2.service.example."},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := publishOn(t, takesUpdates[i%2], test.name)
			text, undo := f.emit(t, "nsupdate", "current"), f.emit(t, "nsupdate", "current --undo")
			file := byHand(t, f.before, f.emit(t, "bind", "current"))["nordwind.example"]
			f.update(t, text)
			planned := parseReal(t, file)
			f.refuses(t, text, planned, asked(f.before, planned))
			change := "zone nordwind.example.\n"
			if test.gone != "" {
				file = strings.Replace(file, test.gone+"\n", "", 1)
				change += "update delete " + strings.Replace(test.gone, " 3600 IN ", " ", 1) + "\n"
			}
			f.update(t, change+"update add "+test.come+"\nsend\n")
			f.refuses(t, undo, parseReal(t, file+test.come+"\n"), asked(f.before, planned))
		})
	}
}

// A resolver that still knows what was there before is told apart from servers
// that lack something.
func TestPublishResolverBehind(t *testing.T) {
	t.Parallel()
	f := publishOn(t, realserver.Knot, "01-gateway")
	client, err := dns.NewClient(dns.ClientOptions{Servers: []dns.Server{{Transport: dns.UDP, Addr: netip.MustParseAddrPort(f.addr)}}, Timeout: 4 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if a, err := client.Lookup(t.Context(), "nordwind.example", dns.TypeTXT); err != nil || len(a.Records) != 2 {
		t.Fatalf("%v, %v", a, err)
	}
	f.update(t, f.emit(t, "nsupdate", "current"))
	got := f.sendplan(t, "verify")
	if got.status != "1" || strings.Contains(got.stdout, ": lacks ") || !strings.Contains(got.stdout, "has all") || !strings.Contains(got.stdout, "TXT nordwind.example") {
		t.Errorf("%s", got)
	}
}

// Of an update of two zones each is taken or refused for itself.
func TestPublishOneOfTwoZones(t *testing.T) {
	t.Parallel()
	f := publishOn(t, realserver.BIND, "13-report-address")
	text := f.emit(t, "nsupdate", "all")
	files := byHand(t, f.before, f.emit(t, "bind", "all"))
	const meanwhile = `_dmarc.nordwind.example. 3600 IN TXT "meanwhile"`
	f.update(t, "zone nordwind.example.\nupdate add "+meanwhile+"\nsend\n")
	planned := together(t, files)
	files["nordwind.example"] = realserver.MasterFile(f.before, "nordwind.example") + meanwhile + "\n"
	f.refuses(t, text, together(t, files), asked(f.before, planned))
}
