package render_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/netip"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sendplan/internal/dns"
	"sendplan/internal/method"
	"sendplan/internal/render"
	"sendplan/planner"
)

func writeValidation(t fataler, f render.Format, v render.Validated) string {
	var b bytes.Buffer
	if err := f.Validation(&b, page(), v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func writeVerification(t fataler, f render.Format, v render.Verified) string {
	var b bytes.Buffer
	if err := f.Verification(&b, page(), v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// losing is what a zone file takes from a sender.
func losing(t testing.TB) render.Validated {
	v := render.Validated{Planned: everythingPlan(t), Zone: "nordwind.example", File: "zones/nordwind.zone"}
	v.Stages = nil
	fail := v.Senders[0].After
	fail.Right, fail.SPF, fail.DMARC = method.False, "fail", "fail"
	v.Senders[0].After = fail
	v.Blocked = []planner.Block{{ID: planner.BlockLoses, Subject: "nordwind.example", Message: "the SPF record does not allow 192.0.2.25", Fix: "take it in"}}
	return v
}

func TestValidationGolden(t *testing.T) {
	t.Parallel()
	cases := map[string]render.Validated{"plan": {Planned: everythingPlan(t)}, "zone": losing(t), "nothing": {Planned: nothingPlan(t)}}
	for name, v := range cases {
		for _, f := range render.Formats {
			if f.Documents() || f.Tables() || f.Tests() {
				compareGolden(t, "validate-"+name+"-"+f.Name, writeValidation(t, f, v))
			}
		}
	}
}

func TestValidationVerdict(t *testing.T) {
	t.Parallel()
	right := func(r method.Truth) []planner.Device { return []planner.Device{{Right: method.True}, {Right: r}} }
	doubt := []planner.Unknown{{}}
	for _, test := range []struct {
		what string
		plan planner.Plan
		zone dns.Name
		want render.ValidVerdict
	}{
		{"nothing at all", planner.Plan{}, "", render.ValidRight},
		{"all right", planner.Plan{Devices: right(method.True)}, "", render.ValidRight},
		{"a device is not right", planner.Plan{Devices: right(method.False)}, "", render.ValidWrong},
		{"a device is not known", planner.Plan{Devices: right(method.Unknown)}, "", render.ValidUnknown},
		{"a sender loses", planner.Plan{Devices: right(method.Unknown), Blocked: []planner.Block{{ID: planner.BlockLoses}}}, "", render.ValidWrong},
		{"a policy is lost", planner.Plan{Devices: right(method.Unknown), Blocked: []planner.Block{{ID: planner.BlockUnguarded}}}, "contoso.example", render.ValidWrong},
		{"another block", planner.Plan{Devices: right(method.True), Blocked: []planner.Block{{ID: planner.BlockAlias}}}, "", render.ValidRight},
		{"a plan with a doubt that touches no device", planner.Plan{Devices: right(method.True), Unknown: doubt}, "", render.ValidRight},
		{"a file with a doubt about senders", planner.Plan{Devices: right(method.True), Unknown: doubt}, "contoso.example", render.ValidUnknown},
	} {
		if got := (render.Validated{Planned: render.Planned{Plan: test.plan}, Zone: test.zone}).Verdict(); got != test.want {
			t.Errorf("%s: %s, want %s", test.what, got, test.want)
		}
	}
}

// Of the blocks of a plan those are shown that bear on a device.
func TestValidationBlocks(t *testing.T) {
	t.Parallel()
	v := render.Validated{Planned: nothingPlan(t)}
	for _, subject := range []string{"fabrikam.example", "nordwind.example", "sub.nordwind.example", "scanner-2og", "copier"} {
		v.Blocked = append(v.Blocked, planner.Block{ID: planner.BlockAlias, Subject: subject, Message: "about " + subject})
	}
	v.Blocked = append(v.Blocked, planner.Block{ID: planner.BlockAlias, Subject: "x", Message: "about what is held", Holds: []dns.Key{{Name: "_dmarc.nordwind.example", Type: dns.TypeTXT}}})
	got := writeValidation(t, format(t, "text"), v)
	for subject, want := range map[string]bool{"fabrikam.example": false, "nordwind.example": true, "sub.nordwind.example": true, "scanner-2og": true, "copier": false, "what is held": true} {
		if strings.Contains(got, "about "+subject) != want {
			t.Errorf("%s: want %v in\n%s", subject, want, got)
		}
	}
}

// The counts of JUnit are those of the verdict.
func TestValidationJUnit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := render.Validated{Zone: rapid.SampledFrom([]dns.Name{"", "contoso.example"}).Draw(t, "zone")}
		for _, r := range rapid.SliceOfN(rapid.SampledFrom([]method.Truth{method.True, method.False, method.Unknown}), 0, 4).Draw(t, "devices") {
			v.Devices = append(v.Devices, planner.Device{Right: r})
		}
		for range rapid.IntRange(0, 1).Draw(t, "losses") {
			v.Blocked = append(v.Blocked, planner.Block{ID: planner.BlockLoses})
		}
		for range rapid.IntRange(0, 1).Draw(t, "unknown") {
			v.Unknown = append(v.Unknown, planner.Unknown{})
		}
		var doc struct {
			Failures int `xml:"failures,attr"`
			Errors   int `xml:"errors,attr"`
		}
		if err := xml.Unmarshal([]byte(writeValidation(t, format2(t, "junit"), v)), &doc); err != nil {
			t.Fatal(err)
		}
		want := render.ValidRight
		switch {
		case doc.Failures > 0:
			want = render.ValidWrong
		case doc.Errors > 0:
			want = render.ValidUnknown
		}
		if v.Verdict() != want {
			t.Fatalf("%d failures and %d errors, but %s", doc.Failures, doc.Errors, v.Verdict())
		}
	})
}

// format2 is format for property tests.
func format2(t fataler, name string) render.Format {
	f, ok := render.FormatByName(name)
	if !ok {
		t.Fatal("no format ", name)
	}
	return f
}

// verified is a standing with everything in it.
func verified(t testing.TB) render.Verified {
	const name = dns.Name("nordwind.example")
	server := func(host dns.Name, addr string) dns.Nameserver {
		return dns.Nameserver{Host: host, Addr: netip.MustParseAddrPort(addr)}
	}
	plan := ordinaryPlan(t)
	key := dns.Key{Name: name, Type: dns.TypeTXT}
	timeout := &dns.Error{Key: key, Cause: dns.Timeout, Server: "192.0.2.3:53"}
	route := &dns.Error{Key: key, Cause: dns.Unreachable, Server: "[2001:db8::1]:53", Detail: "no route to host"}
	changes := plan.Stages[0].Changes
	return render.Verified{Inventory: "inventory.yaml", Standing: planner.Standing{
		Date: planDate, Live: method.False, Compared: 5, Wait: time.Hour, Next: &plan.Plan,
		Servers: []planner.ServerStanding{
			{Zone: name, Nameserver: server("ns1."+name, "192.0.2.1:53")},
			{Zone: name, Nameserver: server("ns1."+name, "[2001:db8::1]:53"), Err: route, Remark: true, NoRoute: true},
			{Zone: name, Nameserver: server("ns2."+name, "192.0.2.2:5353"), Lacks: append(changes[:1:1], changes[0])},
			{Zone: name, Nameserver: server("ns3."+name, "192.0.2.3:53"), Err: timeout},
			{Zone: "fabrikam.example", Nameserver: dns.Nameserver{Host: "ns.fabrikam.example", Err: timeout}, Err: timeout},
		},
		Resolver: []planner.Stale{
			{Key: key, Held: changes[0].Old, TTL: 77 * time.Second},
			{Key: dns.Key{Name: "_dmarc." + name, Type: dns.TypeTXT}, TTL: time.Minute},
			{Key: dns.Key{Name: name, Type: dns.TypeMX}, Err: timeout},
		},
		Unknown: []planner.Unknown{{Subject: "fabrikam.example", Message: "what is planned there is not known", Fix: "try again", Cause: timeout}},
	}}
}

func TestVerificationGolden(t *testing.T) {
	t.Parallel()
	live := render.Verified{Inventory: "inventory.yaml", Standing: planner.Standing{
		Date: planDate, Live: method.True, Compared: 3, Wait: 5 * time.Minute, Next: &planner.Plan{},
		Servers: []planner.ServerStanding{{Zone: "nordwind.example", Nameserver: dns.Nameserver{Host: "ns1.nordwind.example", Addr: netip.MustParseAddrPort("192.0.2.1:53")}}},
	}}
	none := live
	none.Live, none.Next, none.Servers, none.Compared, none.Wait = method.Unknown, nil, nil, 0, 0
	for name, v := range map[string]render.Verified{"everything": verified(t), "live": live, "none": none} {
		for _, f := range render.Formats {
			if f.Documents() {
				compareGolden(t, "verify-"+name+"-"+f.Name, writeVerification(t, f, v))
			}
		}
	}
}

// Whatever a validation or a verification holds, it acts on nobody who reads it.
func TestHostileValidation(t *testing.T) {
	t.Parallel()
	frame, standing := ordinaryPlan(t), verified(t)
	rapid.Check(t, func(t *rapid.T) {
		plan := hostilePlan(t, frame)
		draw := func(what string) string { return hostileText().Draw(t, what) }
		v := render.Validated{Planned: plan, Zone: plan.Domains[0].Name, File: draw("file")}
		for i := range v.Senders {
			v.Senders[i].After.Right = method.False
		}
		for _, f := range render.Formats {
			if f.Documents() || f.Tables() || f.Tests() {
				harmless(t, f, writeValidation(t, f, v))
			}
		}
		s := standing
		s.Inventory, s.Next, s.Unknown = draw("inventory"), &plan.Plan, plan.Unknown
		s.Servers = append(s.Servers[:0:0], s.Servers...)
		for i := range s.Servers {
			s.Servers[i].Zone, s.Servers[i].Host = plan.Domains[0].Name, plan.Senders[0].Domain
		}
		s.Servers[0].Err = plan.Unknown[0].Cause
		s.Servers[2].Lacks = plan.Stages[0].Changes
		s.Resolver = []planner.Stale{{Key: plan.Blocked[0].Holds[0], Held: plan.Stages[0].Changes[0].Old}, {Err: plan.Unknown[0].Cause}}
		for _, f := range render.Formats {
			if f.Documents() {
				harmless(t, f, writeVerification(t, f, s))
			}
		}
	})
}

func harmless(t *rapid.T, f render.Format, got string) {
	if strings.ContainsAny(got, "\x00\x1b\x7f\t\u0085\u202e\u2066\u200b\ufeff") {
		t.Fatalf("%s holds a control character: %q", f.Name, got)
	}
	switch f.Name {
	case "markdown":
		if what := live([]byte(got)); what != "" {
			t.Fatalf("%s in\n%s", what, got)
		}
	case "json", "jsonl":
		if !json.Valid([]byte(got)) {
			t.Fatalf("no JSON: %s", got)
		}
	case "junit":
		if err := xml.Unmarshal([]byte(got), new(struct{})); err != nil {
			t.Fatalf("no XML: %v\n%s", err, got)
		}
	}
}
