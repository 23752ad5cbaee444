package realserver_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/dns/dnsserver"
	"sendplan/internal/dns/realserver"
	"sendplan/internal/render"
	"sendplan/internal/survey"
	"sendplan/internal/world"
	"sendplan/spf"
)

// served returns a client of Unbound, in front of a real server that serves the
// embedded world. Faults that the world plans are those of our own server,
// which stands in for the two zones that fail.
func served(t *testing.T, kind realserver.Kind, zones *dns.Zones) dns.Resolver {
	t.Helper()
	authority := realserver.Authority(t, kind, zones)
	failing, err := dnsserver.Start(dnsserver.Options{Zones: zones})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { failing.Close() })
	stubs := map[dns.Name]netip.AddrPort{"_dmarc.servfail.example": failing.Addr(), "_spf.slow.example": failing.Addr()}
	for _, apex := range zones.Apexes() {
		stubs[apex] = authority.Addr
	}
	resolver := realserver.Resolver(t, stubs)
	client, err := dns.NewClient(dns.ClientOptions{
		Servers: []dns.Server{{Transport: dns.UDP, Addr: resolver.Addr}}, Timeout: 4 * time.Second, Attempts: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	return dns.NewCache(client)
}

// The same questions of the embedded world, asked of zone text in memory and of
// every kind of server with Unbound in front, have the same answers.
func TestWorld(t *testing.T) {
	t.Parallel()
	for _, kind := range realserver.Kinds {
		t.Run(string(kind)+" and Unbound", func(t *testing.T) {
			t.Parallel()
			zones, err := world.Zones()
			if err != nil {
				t.Fatal(err)
			}
			r := served(t, kind, zones)
			t.Run("reports", func(t *testing.T) { sameReports(t, zones, r) })
			t.Run("verdicts", func(t *testing.T) { sameVerdicts(t, zones, r) })
			t.Run("answers", func(t *testing.T) { sameAnswers(t, zones, r) })
		})
	}
}

// sameReports: the whole report of every domain of the demo is the same, octet
// for octet, but for who answered.
func sameReports(t *testing.T, zones, r dns.Resolver) {
	inParallel(world.Domains(), func(name dns.Name) {
		if want, got := report(t, zones, name), report(t, r, name); want != got {
			t.Errorf("%s: %s", name, firstDifference(want, got))
		}
	})
}

// inParallel calls f for each element, for some of them at once.
func inParallel[T any](list []T, f func(T)) {
	var running sync.WaitGroup
	slots := make(chan struct{}, 4)
	for _, element := range list {
		slots <- struct{}{}
		running.Go(func() {
			f(element)
			<-slots
		})
	}
	running.Wait()
}

// report is what sendplan check --format json says about a domain.
func report(t *testing.T, r dns.Resolver, name dns.Name) string {
	s := check.Gather(t.Context(), nameless{r}, name, check.Options{}, survey.Options{})
	format, ok := render.FormatByName("json")
	if !ok {
		t.Error("no format json")
		return ""
	}
	var out bytes.Buffer
	w := format.Checks(&out, render.Page{})
	if err := w.Report(check.Examine(s, name, check.Options{}, nil)); err != nil {
		t.Error(err)
	}
	if err := w.Close(0); err != nil {
		t.Error(err)
	}
	return out.String()
}

// nameless takes out of answers and failures what depends on who answered: the
// server's name, and a failure's details. A question that is never answered is
// a timeout of ours or a SERVFAIL of the resolver that gave up, whichever comes
// first.
type nameless struct{ dns.Resolver }

func (r nameless) Lookup(ctx context.Context, name dns.Name, kind dns.Type) (dns.Answer, error) {
	a, err := r.Resolver.Lookup(ctx, name, kind)
	a.Server = ""
	if e := dns.AsError(err); e != nil {
		failed := &dns.Error{Key: e.Key, Cause: e.Cause}
		if failed.Cause == dns.Timeout {
			failed.Cause = dns.ServFail
		}
		return dns.Answer{}, failed
	}
	return a, err
}

func firstDifference(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d\nin-process: %s\nserved:     %s", i+1, a[i], b[i])
		}
	}
	return fmt.Sprintf("%d lines in-process, %d lines served", len(a), len(b))
}

// sameVerdicts: verdicts for messages are the same, for addresses that pass and
// that do not.
func sameVerdicts(t *testing.T, zones, r dns.Resolver) {
	counts := map[spf.Result]int{}
	for _, name := range world.Domains() {
		tree := spf.Expand(t.Context(), zones, name)
		for _, ip := range senders(tree) {
			q := spf.Query{IP: ip, MailFrom: "user@" + name.String(), Helo: "mail.example"}
			want, got := spf.Evaluate(t.Context(), nameless{zones}, q), spf.Evaluate(t.Context(), nameless{r}, q)
			if want.Result != got.Result || want.Mechanism != got.Mechanism || want.Lookups != got.Lookups || want.Voids != got.Voids {
				t.Errorf("%s from %s: in-process %s by %q, served %s by %q", name, ip, want.Result, want.Mechanism, got.Result, got.Mechanism)
			}
			counts[got.Result]++
		}
	}
	t.Logf("verdicts: %v", counts)
	for _, result := range []spf.Result{spf.Pass, spf.Fail, spf.SoftFail, spf.Neutral, spf.None, spf.PermError, spf.TempError} {
		if counts[result] == 0 {
			t.Errorf("no message got %s", result)
		}
	}
}

// senders are addresses to judge a record by: two that nobody named, and the
// first of some networks that the record names.
func senders(tree spf.Tree) []netip.Addr {
	ips := []netip.Addr{netip.MustParseAddr("192.0.2.251"), netip.MustParseAddr("2001:db8:ffff::1")}
	for _, grant := range tree.Authorized().Grants {
		if len(ips) < 8 && !slices.Contains(ips, grant.Prefix.Addr()) {
			ips = append(ips, grant.Prefix.Addr())
		}
	}
	return ips
}

// sameAnswers: every question about every name of the world, and about names
// above and below them that nobody published, has the same answer.
func sameAnswers(t *testing.T, zones *dns.Zones, r dns.Resolver) {
	asked := questions(zones)
	t.Logf("%d questions", len(asked))
	inParallel(asked, func(key dns.Key) {
		if want, got := answer(zones, key), answer(r, key); want != got {
			t.Errorf("%s: in-process %s, served %s", key, want, got)
		}
	})
}

func questions(zones *dns.Zones) []dns.Key {
	names := map[dns.Name]bool{}
	for _, apex := range zones.Apexes() {
		for _, r := range zones.Records(apex) {
			names[r.Name], names[r.Name.Parent()] = true, true
			if below, err := r.Name.Child("nobody-published-this"); err == nil {
				names[below] = true
			}
		}
	}
	var keys []dns.Key
	for _, name := range slices.Sorted(maps.Keys(names)) {
		for _, kind := range []dns.Type{dns.TypeA, dns.TypeAAAA, dns.TypeMX, dns.TypeTXT, dns.TypeNS, dns.TypeSOA, dns.TypeCNAME, dns.TypePTR} {
			keys = append(keys, dns.Key{Name: name, Type: kind})
		}
	}
	return keys
}

// answer puts an answer into words: what is there, what is not, or that it is
// not known.
func answer(r dns.Resolver, key dns.Key) string {
	a, err := nameless{r}.Lookup(context.Background(), key.Name, key.Type)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("exists %v, chain %v, records %v", a.Exists, data(a.Chain), data(a.Records))
}

// data is a set without its TTLs, which count down in a cache.
func data(records []dns.Record) []string {
	var all []string
	for _, r := range records {
		all = append(all, r.Name.String()+" "+r.Data.String())
	}
	return all
}

// The programs that check zones before they are loaded accept every zone of the
// world as a file of its own.
func TestZoneCheckers(t *testing.T) {
	t.Parallel()
	for program, args := range map[string]func(zone, file string) []string{
		// Our zones hold the mistakes that these options are about, on purpose.
		"named-checkzone": func(zone, file string) []string {
			return []string{"-k", "ignore", "-i", "none", "-m", "ignore", zone, file}
		},
		"nsd-checkzone": func(zone, file string) []string { return []string{zone, file} },
		"kzonecheck":    func(zone, file string) []string { return []string{"-o", zone, file} },
	} {
		t.Run(program, func(t *testing.T) {
			t.Parallel()
			path := realserver.Program(t, program)
			zones, err := world.Zones()
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			for i, apex := range zones.Apexes() {
				file := filepath.Join(dir, fmt.Sprintf("%d.zone", i))
				if err := os.WriteFile(file, []byte(realserver.MasterFile(zones, apex)), 0o600); err != nil {
					t.Fatal(err)
				}
				if out, err := exec.Command(path, args(apex.Zone(), file)...).CombinedOutput(); err != nil {
					t.Errorf("%s: %v\n%s", apex, err, out)
				}
			}
		})
	}
}
