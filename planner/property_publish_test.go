package planner

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/method"
	"sendplan/internal/proof"
)

// put makes the plan of a scene and carries it out, whatever it is worth: other
// properties say that.
func put(t tester, s scene) *played {
	t.Helper()
	f, err := inventory.Parse([]byte(s.inventory), "inventory.yaml", nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, s.inventory)
	}
	p := &played{tester: t, file: f, before: modelOf(t, s.zones, s.faults)}
	p.old = p.before.zones(t)
	p.plan = Make(&f.Inventory, p.old, Options{Date: day})
	p.after = model{slices.Clone(p.before.records), s.faults}
	for _, c := range p.plan.Changes() {
		p.after.records = slices.DeleteFunc(p.after.records, func(r dns.Record) bool { return r.Name == c.Key.Name && r.Data.Type() == c.Key.Type })
		p.after.records = append(p.after.records, c.New...)
	}
	p.new = p.after.zones(p)
	return p
}

// Whatever is drawn: where each zone has one server, that lacks exactly what a
// plan changes now, before the plan is carried out and after it.
func TestVerifyProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := put(t, drawScene(t))
		for what, zones := range map[string]*dns.Zones{"before": p.old, "afterwards": p.new} {
			changes := Make(&p.file.Inventory, zones, Options{Date: day}).Changes()
			s := Verify(&p.file.Inventory, zones, Options{Date: day})
			for _, one := range s.Servers {
				if want := inZone(keysOf(changes), changes, one.Zone); one.Err == nil && !slices.Equal(keysOf(one.Lacks), want) {
					p.Fatalf("%s: %s lacks %v, want %v", what, one.Host, keysOf(one.Lacks), want)
				}
			}
			if len(changes) == 0 && s.Live == method.False || len(changes) > 0 && s.Live == method.True || s.Live == method.True && s.Next == nil {
				p.Fatalf("%s, with %d changes:\n%s", what, len(changes), stand(s))
			}
		}
	})
}

// keysOf are the sets of changes, each once.
func keysOf(changes []dns.Change) []dns.Key {
	var keys []dns.Key
	for _, c := range changes {
		if !slices.Contains(keys, c.Key) {
			keys = append(keys, c.Key)
		}
	}
	return keys
}

// inZone are those of the keys whose sets lie in a zone.
func inZone(keys []dns.Key, changes []dns.Change, zone dns.Name) []dns.Key {
	return slices.DeleteFunc(slices.Clone(keys), func(k dns.Key) bool {
		return !slices.ContainsFunc(changes, func(c dns.Change) bool { return c.Key == k && c.Zone == zone })
	})
}

// The zone as it is after a plan, taken as a file, gives the devices what the
// plan says, and may tell what the plan could not.
func TestCompareProperties(t *testing.T) {
	t.Parallel()
	judged := 0
	rapid.Check(t, func(t *rapid.T) {
		p := put(t, drawScene(t))
		zone := dns.Name("one.example")
		deeper := slices.ContainsFunc(p.new.Apexes(), func(a dns.Name) bool { return a != zone && a.Below(zone) })
		elsewhere := slices.ContainsFunc(p.plan.Changes(), func(c dns.Change) bool { return c.Zone != zone })
		if deeper || elsewhere || !slices.Contains(p.new.Apexes(), zone) {
			return
		}
		var text strings.Builder
		for _, r := range p.new.Records(zone) {
			fmt.Fprintln(&text, r)
		}
		file := model{}.with(t, text.String(), p.before.faults)
		got := Compare(&p.file.Inventory, p.old, Unpublished(file, zone, nil), Options{Date: day})
		for i, d := range got.Devices {
			want := p.plan.Devices[i]
			same := func(got, plan proof.Verdict) bool { return got == plan || plan == proof.Unknown }
			right := d.Right == want.Right || want.Right == method.Unknown
			if !right || !same(d.After.SPF, want.After.SPF) || !same(d.After.DKIM, want.After.DKIM) || !same(d.After.DMARC, want.After.DMARC) {
				p.Fatalf("%s: the file gives %s %s/%s/%s, the plan %s %s/%s/%s", d.Name, d.Right, d.After.SPF, d.After.DKIM, d.After.DMARC,
					want.Right, want.After.SPF, want.After.DKIM, want.After.DMARC)
			}
			judged++
		}
	})
	if judged == 0 {
		t.Error("nothing was judged")
	}
}
