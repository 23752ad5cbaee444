package dns

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// opaque hides that its base is a Zones: nothing can be told but by questions.
type opaque struct{ Resolver }

// changesFrom reads changes in zone-file lines: "+" lines are the new set, a
// lone "- NAME TYPE" removes one.
func changesFrom(t testing.TB, zone Name, lines string) []Change {
	t.Helper()
	var changes []Change
	for line := range strings.Lines(lines) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if words[0] == "-" {
			typ, _ := ParseType(words[2])
			changes = append(changes, Change{Zone: zone, Key: Key{MustName(words[1]), typ}})
			continue
		}
		z := mustZones(t, "."+soa+strings.TrimLeft(line, " +"))
		r := z.Records(Root)[1]
		changes = append(changes, Change{Zone: zone, Key: Key{r.Name, r.Data.Type()}, New: []Record{r}})
	}
	return changes
}

func TestOverlay(t *testing.T) {
	t.Parallel()
	type question struct {
		name   Name
		typ    Type
		want   string // from a base that is a Zones
		opaque string // from a base that answers questions only, if that differs
	}
	const unclearError = "error not asked"
	for _, tt := range []struct {
		name, zone, changes string
		questions           []question
	}{
		{"nothing planned", "a TXT x\nb CNAME a\n", "", []question{
			{"a.e", TypeTXT, `"x"`, ""}, {"b.e", TypeTXT, `b.e > a.e | "x"`, ""}, {"c.e", TypeTXT, "nxdomain", ""}, {"f", TypeTXT, "error REFUSED", ""},
		}},
		{"a set is replaced, the others stay", "a TXT x\na A 192.0.2.1\n", "+ a.e. TXT y", []question{
			{"a.e", TypeTXT, `"y"`, ""}, {"a.e", TypeA, "192.0.2.1", ""}, {"a.e", TypeMX, "no data", ""},
		}},
		{"a set at the apex", "@ TXT x\na A 192.0.2.1\n", "+ e. TXT y", []question{
			{"e", TypeTXT, `"y"`, ""}, {"e", TypeA, "no data", ""}, {"a.e", TypeA, "192.0.2.1", ""}, {"b.e", TypeA, "nxdomain", ""},
		}},
		{"planned alias into the base", "a TXT x\n", "+ b.e. CNAME a.e.", []question{
			{"b.e", TypeTXT, `b.e > a.e | "x"`, ""}, {"b.e", TypeA, "b.e > a.e | no data", ""}, {"b.e", TypeCNAME, "a.e.", ""},
		}},
		{"planned alias to nowhere", "", "+ b.e. CNAME a.e.\n+ c.e. CNAME x.f.", []question{
			{"b.e", TypeTXT, "b.e > a.e | nxdomain", ""}, {"c.e", TypeTXT, "error REFUSED", ""},
		}},
		{"planned alias hides what is beside it", "b TXT x\n", "+ b.e. CNAME a.e.", []question{
			{"b.e", TypeTXT, "b.e > a.e | nxdomain", ""},
		}},
		{"alias of the base into a planned name", "a CNAME b\nb CNAME c\nc TXT old\n", "+ c.e. TXT new", []question{
			{"a.e", TypeTXT, `a.e > b.e | b.e > c.e | "new"`, ""}, {"b.e", TypeTXT, `b.e > c.e | "new"`, ""},
		}},
		{"alias of the base is left at the first link that changes", "a CNAME b\nb CNAME c\nc TXT old\nd TXT d\n", "+ b.e. CNAME d.e.", []question{
			{"a.e", TypeTXT, `a.e > b.e | b.e > d.e | "d"`, ""},
		}},
		{"alias of the base into a name that comes to exist", "a CNAME x.y\n", "+ x.y.e. TXT new", []question{
			{"a.e", TypeTXT, `a.e > x.y.e | "new"`, ""}, {"a.e", TypeA, "a.e > x.y.e | no data", ""},
		}},
		{"alias out of the base's reach into a planned name", "a CNAME x.f.\n", "+ x.f. TXT new", []question{
			{"a.e", TypeTXT, `a.e > x.f | "new"`, ""},
		}},
		{"alias of the base goes, data come", "a CNAME b\nb TXT x\n", "- a.e CNAME\n+ a.e. TXT y", []question{
			{"a.e", TypeTXT, `"y"`, ""}, {"a.e", TypeA, "no data", ""}, {"a.e", TypeCNAME, "no data", ""},
		}},
		{"alias of the base goes, nothing comes", "a CNAME b\nb TXT x\n", "- a.e CNAME", []question{
			{"a.e", TypeTXT, "nxdomain", unclearError}, {"a.e", TypeCNAME, "nxdomain", unclearError}, {"b.e", TypeTXT, `"x"`, ""},
		}},
		{"a set goes, another stays", "a TXT x\na A 192.0.2.1\n", "- a.e TXT", []question{
			{"a.e", TypeTXT, "no data", ""}, {"a.e", TypeMX, "no data", ""}, {"a.e", TypeA, "192.0.2.1", ""},
		}},
		{"a set at the apex goes", "@ TXT x\n", "- e TXT", []question{
			{"e", TypeTXT, "no data", ""}, {"e", TypeMX, "no data", ""},
		}},
		{"the last set goes", "x.a TXT x\n", "- x.a.e TXT", []question{
			{"x.a.e", TypeTXT, "nxdomain", unclearError}, {"a.e", TypeTXT, "nxdomain", unclearError}, {"b.e", TypeTXT, "nxdomain", ""},
		}},
		{"the last set goes, but names below stay", "a TXT x\nx.a TXT x\n", "- a.e TXT", []question{
			{"a.e", TypeTXT, "no data", unclearError}, {"x.a.e", TypeTXT, `"x"`, ""},
		}},
		{"the last set goes, but names below come", "a TXT x\n", "- a.e TXT\n+ x.a.e. TXT y", []question{
			{"a.e", TypeTXT, "no data", ""},
		}},
		{"the last set goes, an unread type stays", "a TXT x\na DS 1 8 2 00\n", "- a.e TXT", []question{
			{"a.e", TypeTXT, "no data", unclearError},
		}},
		{"a set goes that is not there", "a A 192.0.2.1\n", "- a.e TXT\n- b.e TXT", []question{
			{"a.e", TypeTXT, "no data", ""}, {"b.e", TypeTXT, "nxdomain", ""},
		}},
		{"a set goes that an alias covers", "a CNAME b\nb TXT x\n", "- a.e TXT", []question{
			{"a.e", TypeTXT, `a.e > b.e | "x"`, ""},
		}},
		{"the last set goes and a wildcard comes in", "a TXT x\n* TXT w\n", "- a.e TXT", []question{
			{"a.e", TypeTXT, `"w"`, unclearError},
		}},
		{"the last name below goes and a wildcard comes in", "a.b A 192.0.2.1\n* TXT w\n", "- a.b.e A", []question{
			{"x.b.e", TypeTXT, `"w"`, unclearError}, {"b.e", TypeTXT, `"w"`, unclearError},
		}},
		{"loop across plan and base", "a CNAME b\n", "+ b.e. CNAME a.e.", []question{
			{"a.e", TypeTXT, "error CNAME loop", ""}, {"b.e", TypeTXT, "error CNAME loop", ""},
		}},
		{"the plan opens a loop", "a CNAME b\nb CNAME a\n", "+ b.e. CNAME c.e.\n+ c.e. TXT x", []question{
			{"a.e", TypeTXT, `a.e > b.e | b.e > c.e | "x"`, ""},
		}},
		{"the plan opens a longer loop", "a CNAME b\nb CNAME c\nc CNAME a\n", "- c.e CNAME\n+ c.e. TXT x", []question{
			{"a.e", TypeTXT, `a.e > b.e | b.e > c.e | "x"`, ""}, {"a.e", TypeA, `a.e > b.e | b.e > c.e | no data`, ""},
		}},
		{"a planned name makes its ancestors exist", "", "+ _dmarc.a.b.e. TXT x", []question{
			{"a.b.e", TypeA, "no data", ""}, {"b.e", TypeA, "no data", ""}, {"c.b.e", TypeA, "nxdomain", ""}, {"_dmarc.a.b.e", TypeA, "no data", ""},
		}},
		{"a new name stops a wildcard for its other types", "* TXT w\n* A 192.0.2.1\n", "+ a.e. TXT x", []question{
			{"a.e", TypeA, "no data", unclearError}, {"a.e", TypeMX, "no data", ""}, {"b.e", TypeA, "192.0.2.1", ""},
		}},
		{"a new name stops a wildcard below itself", "* A 192.0.2.1\n", "+ a.e. TXT x", []question{
			{"b.a.e", TypeA, "nxdomain", unclearError}, {"b.a.e", TypeTXT, "nxdomain", ""},
		}},
		{"a new name stops a wildcard for the names above", "* A 192.0.2.1\n", "+ _dmarc.a.e. TXT x", []question{
			{"a.e", TypeA, "no data", unclearError}, {"a.e", TypeTXT, "no data", ""},
		}},
		{"a name that exists has stopped the wildcard before", "* A 192.0.2.1\na MX 1 m\n", "+ a.e. TXT x", []question{
			{"a.e", TypeA, "no data", ""}, {"a.e", TypeMX, "1 m.e.", ""}, {"b.a.e", TypeA, "nxdomain", ""},
		}},
		{"a name with the wildcard's own data", "* A 192.0.2.1\na A 192.0.2.1\n", "+ a.e. TXT x", []question{
			{"a.e", TypeA, "192.0.2.1", ""},
		}},
		{"names exist beside a new one", "x._domainkey TXT k\n", "+ y._domainkey.e. CNAME k.f.", []question{
			{"x._domainkey.e", TypeTXT, `"k"`, ""}, {"z._domainkey.e", TypeTXT, "nxdomain", ""}, {"_domainkey.e", TypeTXT, "no data", ""},
		}},
		{"a new wildcard", "a A 192.0.2.1\nb.c A 192.0.2.1\n", "+ *.e. TXT w", []question{
			{"x.e", TypeTXT, `"w"`, ""}, {"y.x.e", TypeTXT, `"w"`, ""}, {"x.e", TypeA, "no data", ""},
			{"a.e", TypeTXT, "no data", ""}, {"x.a.e", TypeTXT, "nxdomain", ""}, {"c.e", TypeTXT, "no data", ""},
			{"x.c.e", TypeTXT, "nxdomain", ""}, {"*.e", TypeTXT, `"w"`, ""},
		}},
		{"a new wildcard below a new name", "", "+ *.a.e. TXT w", []question{
			{"x.a.e", TypeTXT, `"w"`, ""}, {"a.e", TypeTXT, "no data", ""}, {"x.e", TypeTXT, "nxdomain", ""},
		}},
		{"a new wildcard alias", "h A 192.0.2.1\n", "+ *.e. CNAME h.e.", []question{
			{"x.e", TypeA, "x.e > h.e | 192.0.2.1", ""}, {"h.e", TypeA, "192.0.2.1", ""},
		}},
		{"a wildcard's set changes, its others stay", "* TXT w\n* A 192.0.2.1\n", "+ *.e. TXT new", []question{
			{"*.e", TypeA, "192.0.2.1", ""}, {"x.e", TypeTXT, `"new"`, unclearError}, {"x.e", TypeA, "192.0.2.1", ""},
		}},
		{"a delegation stays one", "s NS ns.f.\n", "+ *.e. TXT w", []question{
			{"s.e", TypeTXT, "error REFUSED", ""}, {"x.s.e", TypeTXT, "error REFUSED", ""},
		}},
		{"what the base does not know stays unknown", ";! timeout a.e TXT\n;! servfail b.e ANY\na TXT x\nb TXT x\nc CNAME a\n", "+ x.a.e. TXT y\n- b.e TXT", []question{
			{"a.e", TypeTXT, "error timeout", ""}, {"a.e", TypeA, "no data", ""}, {"b.e", TypeTXT, "error SERVFAIL", ""}, {"c.e", TypeTXT, "error timeout", ""},
		}},
		{"the plan knows what the base does not", ";! timeout a.e ANY\nc CNAME a\n", "+ a.e. TXT y", []question{
			{"a.e", TypeTXT, `"y"`, ""}, {"c.e", TypeTXT, `c.e > a.e | "y"`, ""}, {"a.e", TypeA, "error timeout", ""},
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			base := mustZones(t, "$ORIGIN e.\n@"+soa+tt.zone)
			changes := changesFrom(t, "e", tt.changes)
			for _, q := range tt.questions {
				if got := ask(t, NewOverlay(base, changes), q.name, q.typ); got != q.want {
					t.Errorf("%s %s: got %s, want %s", q.name, q.typ, got, q.want)
				}
				want := cmp.Or(q.opaque, q.want)
				if got := ask(t, NewOverlay(opaque{base}, changes), q.name, q.typ); got != want {
					t.Errorf("%s %s by questions only: got %s, want %s", q.name, q.typ, got, want)
				}
			}
		})
	}
}

// universe is small, so that changes and questions meet often.
var universe = []Name{
	"e", "a.e", "b.e", "*.e", "a.a.e", "b.a.e", "*.a.e", "a.b.e", "*.b.e", "a.a.a.e", "*.a.a.e", "b.*.e", "c.b.a.e", "c.e",
}

func drawRecord(t *rapid.T, n Name) Record {
	r := Record{Name: n, TTL: 300}
	switch rapid.SampledFrom([]Type{TypeTXT, TypeTXT, TypeA, TypeMX, TypeCNAME}).Draw(t, "type") {
	case TypeTXT:
		r.Data = NewTXT(rapid.SampledFrom([]string{"x", "y"}).Draw(t, "text"))
	case TypeA:
		r.Data = Addr{netip.MustParseAddr("192.0.2.1")}
	case TypeMX:
		r.Data = MX{10, "a.e"}
	default:
		target := append([]Name{"a.f", "z.f", "out"}, universe...)
		r.Data = CNAME{rapid.SampledFrom(target).Draw(t, "target")}
		if n == "e" { // an apex has a SOA record
			r.Data = NewTXT("z")
		}
	}
	return r
}

type sets map[Key][]Record

// put adds a record as a careful planner would: a CNAME record and other data
// do not stay at one name. It returns the keys that it changed.
func (s sets) put(r Record) []Key {
	k := Key{r.Name, r.Data.Type()}
	changed := []Key{k}
	for _, t := range []Type{TypeTXT, TypeA, TypeMX, TypeCNAME} {
		other := Key{r.Name, t}
		if t != k.Type && (t == TypeCNAME || k.Type == TypeCNAME) && len(s[other]) > 0 {
			delete(s, other)
			changed = append(changed, other)
		}
	}
	if k.Type == TypeCNAME {
		s[k] = nil
	}
	s[k] = append(slices.Clone(s[k]), r)
	return changed
}

// zones builds the zone e with these sets, beside a fixed zone f that leads
// back into it.
func (s sets) zones(t *rapid.T) *Zones {
	var b strings.Builder
	b.WriteString("e." + soa + "f." + soa + "a.f. TXT f\nz.f. CNAME a.b.e.\n")
	for _, k := range slices.SortedFunc(maps.Keys(s), compareKeys) {
		for _, r := range s[k] {
			b.WriteString(r.String() + "\n")
		}
	}
	z, err := ParseZones(b.String(), "")
	if err != nil {
		t.Fatalf("%v in\n%s", err, b.String())
	}
	return z
}

// drawPlan draws a zone and changes to it.
func drawPlan(t *rapid.T) (before, after *Zones, changes []Change) {
	state := sets{}
	for range rapid.IntRange(0, 7).Draw(t, "sets") {
		state.put(drawRecord(t, rapid.SampledFrom(universe).Draw(t, "owner")))
	}
	before = state.zones(t)
	touched := map[Key]bool{}
	for range rapid.IntRange(1, 4).Draw(t, "changes") {
		there := slices.SortedFunc(maps.Keys(state), compareKeys)
		if len(there) > 0 && rapid.Bool().Draw(t, "remove") {
			k := rapid.SampledFrom(there).Draw(t, "removed")
			delete(state, k)
			touched[k] = true
			continue
		}
		for _, k := range state.put(drawRecord(t, rapid.SampledFrom(universe).Draw(t, "owner"))) {
			touched[k] = true
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(touched), compareKeys) {
		changes = append(changes, Change{Zone: "e", Key: k, Old: before.sets[k], New: state[k]})
	}
	return before, state.zones(t), changes
}

var questions = slices.Concat(universe, []Name{"x.e", "x.a.e", "x.x.b.e", "x.*.e", "x.c.b.a.e", "x.a.a.a.e", "f", "a.f", "z.f", "out"})

// The overlay's judge: it answers as the zone with the changes applied does.
func TestOverlayIsTheChangedZone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before, after, changes := drawPlan(t)
		o := NewOverlay(before, changes)
		for _, n := range questions {
			for _, typ := range []Type{TypeTXT, TypeA, TypeMX, TypeCNAME} {
				a, err := o.Lookup(t.Context(), n, typ)
				b, berr := after.Lookup(t.Context(), n, typ)
				if got, want := outcome(a, err), outcome(b, berr); got != want {
					t.Fatalf("%s %s: got %s, want %s\nplan %v", n, typ, got, want, changes)
				}
			}
		}
		if err := o.Check(t.Context()); err != nil {
			t.Fatalf("consistent plan: %v", err)
		}
	})
}

// From questions alone the overlay may not know, but it is never wrong; without
// removals and wildcards it knows everything.
func TestOverlayByQuestionsIsNeverWrong(t *testing.T) {
	t.Parallel()
	var known, unknown int
	rapid.Check(t, func(t *rapid.T) {
		before, after, changes := drawPlan(t)
		o := NewOverlay(opaque{before}, changes)
		removals := slices.ContainsFunc(changes, func(c Change) bool { return len(c.New) == 0 })
		wildcards := 0
		for n := range before.nodes {
			if isWildcard(n) {
				wildcards++
			}
		}
		for _, n := range questions {
			for _, typ := range []Type{TypeTXT, TypeA, TypeMX, TypeCNAME} {
				a, err := o.Lookup(t.Context(), n, typ)
				b, berr := after.Lookup(t.Context(), n, typ)
				got, want := outcome(a, err), outcome(b, berr)
				if e := AsError(err); e != nil && e.Cause == NotAsked {
					if !removals && wildcards == 0 {
						t.Fatalf("%s %s: %v, want %s\nplan %v", n, typ, err, want, changes)
					}
					unknown++
					continue
				}
				known++
				if wildcards > 1 && err == nil && a.Void() { // see Overlay: Exists is inferred
					got, want = strings.TrimSuffix(got, "nxdomain"), strings.TrimSuffix(want, "nxdomain")
					got, want = strings.TrimSuffix(got, "no data"), strings.TrimSuffix(want, "no data")
				}
				if got != want {
					t.Fatalf("%s %s: got %s, want %s\nplan %v\nbefore %v", n, typ, got, want, changes, before.Records("e"))
				}
			}
		}
	})
	t.Logf("%d known, %d unknown", known, unknown)
}

func TestOverlayCheck(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, zone, changes, want string }{
		{"data over an alias that stays", "a CNAME b\n", "+ a.e. TXT x", "a.e: TXT records are planned, but the name has CNAME records that stay"},
		{"data over an alias that goes", "a CNAME b\n", "- a.e CNAME\n+ a.e. TXT x", ""},
		{"alias over data that stay", "a MX 1 b\n", "+ a.e. CNAME b.e.", "a.e: CNAME records are planned, but the name has MX records that stay"},
		{"alias over data that go", "a MX 1 b\n", "- a.e MX\n+ a.e. CNAME b.e.", ""},
		{"alias and data planned", "", "+ a.e. TXT x\n+ a.e. CNAME b.e.", "a.e: CNAME and TXT records are planned at one name"},
		{"data below a wildcard alias", "* CNAME b.f.\n", "+ a.e. TXT x", ""},
		{"alias below a wildcard with data", "* A 192.0.2.1\n", "+ a.e. CNAME b.e.", ""},
		{"an alias is replaced", "a CNAME b\n", "+ a.e. CNAME c.e.", ""},
		{"not known", ";! servfail a.e CNAME\n", "+ a.e. TXT x", "CNAME a.e: SERVFAIL (planned fault) from zone"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			base := mustZones(t, "$ORIGIN e.\n@"+soa+"f."+soa+tt.zone)
			for _, r := range []Resolver{base, opaque{base}} {
				err := NewOverlay(r, changesFrom(t, "e", tt.changes)).Check(t.Context())
				if got := fmt.Sprint(err); got != cmp.Or(tt.want, "<nil>") {
					t.Errorf("got %s, want %s", got, tt.want)
				}
			}
		})
	}
	two := []Record{{"a.e", 1, CNAME{"b"}}, {"a.e", 1, CNAME{"c"}}}
	err := NewOverlay(mustZones(t, "e."+soa), []Change{{Zone: "e", Key: Key{"a.e", TypeCNAME}, New: two}}).Check(t.Context())
	if err == nil || !strings.Contains(err.Error(), "two CNAME records") {
		t.Error(err)
	}
}

// An overlay over a survey passes on what the survey lacks.
func TestOverlayNotAsked(t *testing.T) {
	t.Parallel()
	rec := NewRecorder(mustZones(t, "e."+soa+"a.e. TXT x\n"))
	if _, err := rec.Lookup(t.Context(), "a.e", TypeTXT); err != nil {
		t.Fatal(err)
	}
	o := NewOverlay(rec.Replay(), changesFrom(t, "e", "+ b.e. CNAME a.e.\n+ c.e. CNAME d.e.\n"))
	if got := ask(t, o, "b.e", TypeTXT); got != `b.e > a.e | "x"` {
		t.Error(got)
	}
	_, err := o.Lookup(t.Context(), "c.e", TypeTXT)
	if e := AsError(err); e == nil || e.Cause != NotAsked || e.Key != (Key{"d.e", TypeTXT}) || e.Server == planServer {
		t.Errorf("got %v, want the question that lacks", err)
	}
}

// Overlay answers belong to the caller.
func TestOverlayDoesNotShare(t *testing.T) {
	t.Parallel()
	base := mustZones(t, "e."+soa+"a.e. CNAME b.e.\nb.e. TXT x\n")
	o := NewOverlay(base, changesFrom(t, "e", "+ c.e. TXT y"))
	for _, n := range []Name{"a.e", "c.e"} {
		before := ask(t, o, n, TypeTXT)
		a, _ := o.Lookup(t.Context(), n, TypeTXT)
		for i := range a.Records {
			a.Records[i].Data = NewTXT("spoilt")
		}
		for i := range a.Chain {
			a.Chain[i].Data = CNAME{"spoilt"}
		}
		if got := ask(t, o, n, TypeTXT); got != before {
			t.Errorf("%s: %s became %s", n, before, got)
		}
	}
}

func BenchmarkOverlayLookup(b *testing.B) {
	base := mustZones(b, "e."+soa+"a.e. TXT x\n")
	o := NewOverlay(base, changesFrom(b, "e", "+ _dmarc.e. TXT x\n+ s1._domainkey.e. CNAME k.f.\n+ s2._domainkey.e. CNAME k.f.\n"))
	for b.Loop() {
		if _, err := o.Lookup(b.Context(), "a.e", TypeTXT); err != nil {
			b.Fatal(err)
		}
	}
}
