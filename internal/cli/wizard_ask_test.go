package cli

import (
	"context"
	"errors"
	"net"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/dns/dnsserver"
	"sendplan/internal/fleet"
	"sendplan/internal/inventory"
	"sendplan/internal/survey"
)

// openWizard returns a world over a network that is closed with the test.
func openWizard(t *testing.T, n network) *wizard {
	t.Helper()
	n.deadline, n.maxQueries, n.date, n.timeout = time.Minute, survey.DefaultMaxQueries, "2026-11-22", 3*time.Second
	s, err := n.open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.finish(context.Background(), nil) })
	return &wizard{session: s, inventory: t.TempDir() + "/inventory.yaml", shown: map[string]shownFile{}}
}

func demoWizard(t *testing.T) *wizard { return openWizard(t, network{demo: true}) }

// Reports come in the order of the domains, as "sendplan check" gives them, and
// what was asked for any of them can be asked again, with what the advice about
// devices rests on.
func TestWizardLook(t *testing.T) {
	t.Parallel()
	w := demoWizard(t)
	domains := []dns.Name{"parked.example", "nordwind.example", "weide.example"}
	var last survey.Progress
	asked := 0
	found := w.Look(context.Background(), domains, false, func(p survey.Progress) {
		last = p
		asked++
	})
	if len(found.Reports) != len(domains) {
		t.Fatalf("%d reports", len(found.Reports))
	}
	for i, name := range domains {
		gathered := w.session.lookAt(context.Background(), name, check.Options{}, nil)
		if want := check.Examine(gathered, name, check.Options{}, nil); found.Reports[i].Domain.Name != name || len(found.Reports[i].Findings) != len(want.Findings) {
			t.Errorf("report %d is about %s, with %d findings instead of %d", i, found.Reports[i].Domain.Name, len(found.Reports[i].Findings), len(want.Findings))
		}
	}
	if last.Asked != last.Answered || last.Answered != asked {
		t.Errorf("%d answers were told, the last time %d of %d", asked, last.Answered, last.Asked)
	}
	inv := inventory.Inventory{Domains: []inventory.Domain{{Name: "nordwind.example"}, {Name: "weide.example"}}}
	for _, name := range domains[1:] {
		for _, kind := range []dns.Type{dns.TypeMX, dns.TypeA} {
			if _, err := found.DNS.Lookup(context.Background(), name, kind); err != nil {
				t.Errorf("%s %s: %v", kind, name, err)
			}
		}
	}
	fleet.Look(found.DNS, &inv)
	_, err := found.DNS.Lookup(context.Background(), "elsewhere.example", dns.TypeMX)
	if e := dns.AsError(err); e == nil || e.Cause != dns.NotAsked {
		t.Errorf("what was not asked is %v", err)
	}
}

const failingZone = `. 3600 IN SOA ns.root.example. admin.root.example. 1 7200 3600 1209600 300
;! servfail contoso.example TXT
contoso.example. IN SOA ns1.contoso.example. admin.contoso.example. 1 7200 3600 1209600 300
contoso.example. IN MX 10 mail.contoso.example.
contoso.example. IN TXT "v=spf1 mx ~all"
mail.contoso.example. IN A 192.0.2.25
`

// What failed is asked anew only when that is wanted.
func TestWizardLookAgain(t *testing.T) {
	t.Parallel()
	zones, err := dns.ParseZones(failingZone, "zone")
	if err != nil {
		t.Fatal(err)
	}
	server, err := dnsserver.Start(dnsserver.Options{Zones: zones})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	w := openWizard(t, network{resolvers: []string{server.Addr().String()}})
	look := func(again bool) error {
		found := w.Look(context.Background(), []dns.Name{"contoso.example"}, again, nil)
		_, err := found.DNS.Lookup(context.Background(), "contoso.example", dns.TypeTXT)
		return err
	}
	if look(false) == nil {
		t.Fatal("SERVFAIL is an answer")
	}
	healed, err := dns.ParseZones(strings.Replace(failingZone, ";!", ";", 1), "zone")
	if err != nil {
		t.Fatal(err)
	}
	server.SetZones(healed)
	if look(false) == nil {
		t.Error("the failure was asked anew")
	}
	if err := look(true); err != nil {
		t.Errorf("the failure was not asked anew: %v", err)
	}
}

// When the context ends, what was not answered is unknown, and it ends at once.
func TestWizardCancelled(t *testing.T) {
	t.Parallel()
	w := openWizard(t, network{resolvers: []string{silentServer(t)}})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	found := w.Look(ctx, []dns.Name{"contoso.example", "fabrikam.example"}, false, nil)
	for _, r := range found.Reports {
		if !r.Unknown() {
			t.Errorf("%s is known", r.Domain.Name)
		}
	}
	plan := w.Plan(ctx, &inventory.Inventory{Domains: []inventory.Domain{{Name: "contoso.example"}}}, false, nil)
	if len(plan.Unknown) == 0 && len(plan.Blocked) == 0 {
		t.Error("a plan of nothing is whole")
	}
}

// A panic in one of the surveys arrives where the look was asked for, so that
// the terminal can be given back.
func TestWizardLookPanics(t *testing.T) {
	t.Parallel()
	w := demoWizard(t)
	defer func() {
		if text, ok := recover().(string); !ok || !strings.HasPrefix(text, "a mistake of ours\n") {
			t.Errorf("recovered %q", text)
		}
	}()
	w.Look(context.Background(), []dns.Name{"nordwind.example", "weide.example"}, false, func(survey.Progress) { panic("a mistake of ours") })
	t.Error("it goes on")
}

// A plan of the wizard is that of "sendplan plan".
func TestWizardPlan(t *testing.T) {
	t.Parallel()
	w := demoWizard(t)
	file, err := loadInventory(Streams{}, "../../examples/office.yaml")
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	plan := w.Plan(context.Background(), &file.Inventory, false, func(survey.Progress) { told++ })
	want, err := planMaker{session: w.session, progress: newProgress(Streams{Getenv: func(string) string { return "" }}), name: w.inventory}.make(context.Background(), &file.Inventory)
	if err != nil {
		t.Fatal(err)
	}
	if told == 0 || !reflect.DeepEqual(plan, want.Plan) {
		t.Errorf("%d answers; %d stages instead of %d", told, len(plan.Stages), len(want.Stages))
	}
}

// Several surveys show as one: never at the same time, and with their sums.
func TestJoint(t *testing.T) {
	t.Parallel()
	var shown []survey.Progress // without a lock: the race detector watches
	j := newJoint(3, func(p survey.Progress) { shown = append(shown, p) })
	var running sync.WaitGroup
	for part := range 3 {
		running.Go(func() {
			for n := range 100 {
				j.of(part)(survey.Progress{Asked: 100, Answered: n + 1})
			}
		})
	}
	running.Wait()
	if last := shown[len(shown)-1]; len(shown) != 300 || last.Asked != 300 || last.Answered != 300 {
		t.Errorf("%d were shown, the last is %+v", len(shown), last)
	}
	if newJoint(1, nil).of(0) != nil {
		t.Error("nothing is shown to somebody")
	}
}

// What failed in one survey may be answered in another.
func TestPool(t *testing.T) {
	t.Parallel()
	resolve := func(err error) *survey.Survey {
		return survey.Gather(context.Background(), always{err}, survey.Options{}, func(r dns.Resolver) {
			r.Lookup(context.Background(), "a.example", dns.TypeA)
		})
	}
	good, bad := resolve(nil), resolve(&dns.Error{Cause: dns.ServFail})
	for _, test := range []struct {
		name string
		pool pool
		want dns.Cause
		good bool
	}{
		{"good", pool{good}, 0, true},
		{"bad, good", pool{bad, good}, 0, true},
		{"good, bad", pool{good, bad}, 0, true},
		{"bad, nothing", pool{bad, &survey.Survey{}}, dns.ServFail, false},
		{"nothing", pool{&survey.Survey{}}, dns.NotAsked, false},
		{"none", nil, dns.NotAsked, false},
	} {
		_, err := test.pool.Lookup(context.Background(), "a.example", dns.TypeA)
		var e *dns.Error
		if errors.As(err, &e); test.good != (err == nil) || e != nil && e.Cause != test.want {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// always answers that a name exists, or fails.
type always struct{ err error }

func (a always) Lookup(context.Context, dns.Name, dns.Type) (dns.Answer, error) {
	return dns.Answer{Exists: true}, a.err
}

// silentServer takes questions and never answers. It returns its address.
func silentServer(t *testing.T) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn.LocalAddr().String()
}
