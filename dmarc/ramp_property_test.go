package dmarc

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendplan/internal/dns"
)

// heights is how severely failing mail is treated, as discovered: the domain, a
// subdomain and one that does not exist, by RFC 9989 and then by RFC 7489.
type heights [6]severity

const there, nowhere = "sub", "gone"

// measure asks for what a scene means, by the two ways to discover it.
func (s scene) measure(at dns.Name) heights {
	var h heights
	for i, name := range []dns.Name{at, there + "." + at, nowhere + "." + at} {
		now, old := s.look(name)
		h[i], h[i+3] = severityOf(now.Effective, now.PCT), severityOf(old.Effective, old.PCT)
	}
	return h
}

// strict tells the alignment modes that receivers use for a domain.
func (s scene) strict(at dns.Name) (modes [4]Mode) {
	now, old := s.look(at)
	if now.Source != FromNowhere {
		modes[0], modes[1] = now.Record.ADKIM, now.Record.ASPF
	}
	if old.Source != FromNowhere {
		modes[2], modes[3] = old.Record.ADKIM, old.Record.ASPF
	}
	return modes
}

// caps returns how far a wish lets the heights fall. A tag that is there and not
// wished otherwise holds.
func caps(own Record, w Wish) heights {
	level := func(p Policy, otherwise severity) severity {
		if p == NoPolicy {
			return otherwise
		}
		return severityOf(p, 100)
	}
	has := func(d declared) bool { return own.Use == UsePolicy && d.present }
	p := level(w.Target, 200)
	sp, np := p, p
	if has(own.sp) {
		sp, np = 200, 200
	}
	sp = level(w.Subdomains, sp)
	if w.Subdomains != NoPolicy {
		np = sp
	}
	if has(own.np) {
		np = 200
	}
	np = level(w.NonExistent, np)
	return heights{p, sp, np, p, sp, sp}
}

func drawPolicy(t *rapid.T, label string) string {
	return rapid.SampledFrom([]string{"none", "quarantine", "reject"}).Draw(t, label)
}

// drawRecord returns a text as it may stand at a _dmarc name.
func drawRecord(t *rapid.T, label string, sound bool) string {
	tags := []string{"v=DMARC1", "p=" + drawPolicy(t, label+" p")}
	more := []string{"sp=none", "sp=quarantine", "sp=reject", "np=none", "np=quarantine", "np=reject", "pct=0", "pct=50", "pct=100", "t=y",
		"rua=mailto:old@example.com", "adkim=s", "aspf=s", "ri=1", "X=1", "y = 2"}
	if !sound {
		more = append(more, "np=nix", "sp=nix", "p=none", "fo=1 sp=reject", "psd=n", "psd=y", "", "pct=x", "junk")
		tags[0] = rapid.SampledFrom([]string{"v=DMARC1", "v=DMARC1", "v=DMARC1", "v=dmarc1", " v=DMARC1", "x=1;v=DMARC1", "v=DMARC2"}).Draw(t, label+" v")
		tags[1] = rapid.SampledFrom([]string{tags[1], tags[1], tags[1], "p=rejct", "p=nix", "p=reject rua=mailto:old@example.com", "P=Reject", ""}).Draw(t, label+" p")
	}
	id := func(s string) string { return strings.SplitN(s, "=", 2)[0] }
	if !sound {
		id = func(s string) string { return s }
	}
	tags = append(tags, rapid.SliceOfNDistinct(rapid.SampledFrom(more), 0, 5, id).Draw(t, label+" tags")...)
	return strings.Join(tags, rapid.SampledFrom([]string{";", "; "}).Draw(t, label+" separator")) + rapid.SampledFrom([]string{"", ";"}).Draw(t, label+" end")
}

func drawWish(t *rapid.T) Wish {
	policy := rapid.SampledFrom([]Policy{NoPolicy, None, Quarantine, Reject})
	return Wish{
		Target: policy.Draw(t, "target"), Subdomains: policy.Draw(t, "sp wish"), NonExistent: policy.Draw(t, "np wish"),
		RUA: rapid.SliceOfN(rapid.SampledFrom([]string{"mailto:old@example.com", "mailto:new@example.com"}), 0, 2).Draw(t, "rua"),
	}
}

// drawScene returns a domain, with anything at it and above it.
func drawScene(t *rapid.T) (scene, dns.Name) {
	at := rapid.SampledFrom([]dns.Name{org, mail}).Draw(t, "at")
	s := scene{texts: map[dns.Name][]string{}, gone: []dns.Name{nowhere + "." + at}}
	if rapid.IntRange(0, 3).Draw(t, "exists") == 0 {
		s.gone = append(s.gone, at)
	}
	if at == mail && rapid.Bool().Draw(t, "org has") {
		s.texts[org] = []string{drawRecord(t, "org", true)}
	}
	if rapid.IntRange(0, 5).Draw(t, "psd") == 0 {
		s.texts["com"] = []string{drawRecord(t, "psd", true) + "; psd=y"}
	}
	for range rapid.SampledFrom([]int{0, 1, 1, 1, 2, 3}).Draw(t, "records") {
		text := drawRecord(t, "own", rapid.Bool().Draw(t, "sound"))
		if !slices.Contains(s.texts[at], text) {
			s.texts[at] = append(s.texts[at], text)
		}
	}
	return s, at
}

// rungRules holds one rung against what is discovered before and after it.
func rungRules(t *rapid.T, at dns.Name, before, after scene, r Rung, floor heights, first bool) {
	low, high := before.measure(at), after.measure(at)
	modes, newModes := before.strict(at), after.strict(at)
	rises, stricter := false, false
	for i := range low {
		rises = rises || high[i] > low[i]
		if high[i] < min(low[i], floor[i]) {
			t.Errorf("%q: receiver %d falls from %d to %d", r.Record, i, low[i], high[i])
		}
		// Only the first rung may have to unite receivers.
		if divided := first && (low[0] != low[3] || low[1] != low[4] || low[2] != low[5]); high[i] > low[i]+100 && !divided {
			t.Errorf("%q: receiver %d rises from %d to %d", r.Record, i, low[i], high[i])
		}
	}
	for i := range modes {
		stricter = stricter || newModes[i] > modes[i]
		if newModes[i] < modes[i] && modes[i%2] == modes[i%2+2] {
			t.Errorf("%q: alignment is relaxed from %v to %v", r.Record, modes, newModes)
		}
	}
	doubled := len(r.Removes) == 1 && firstOnly(r.Removes[0]) != r.Removes[0]
	if must, may := rises, rises || high != (heights{}) && (stricter || doubled); r.Tightens && !may || must && !r.Tightens {
		t.Errorf("%q: Tightens is %t, from %v to %v", r.Record, r.Tightens, low, high)
	}
	now, old := after.look(at)
	if now.Effective != r.Effective9989 || old.Effective != r.Effective7489 {
		t.Errorf("%q: %s and %s are promised, receivers find %s and %s", r.Record, r.Effective9989, r.Effective7489, now.Effective, old.Effective)
	}
	for _, text := range r.Removes {
		if !slices.Contains(before.texts[at], text) {
			t.Errorf("%q takes away %q, which is not there", r.Record, text)
		}
	}
}

// endRules holds the top of a ladder against the wish.
func endRules(t *rapid.T, at dns.Name, start, end scene, l Ladder, w Wish) {
	now, old := end.look(at)
	if again := Ramp(now, old, w); len(again.Rungs) != 0 && len(l.Rungs) != 0 {
		t.Errorf("at the top there is still more to climb:\n%s", outline(again))
	}
	if len(l.Notes) > 0 {
		return
	}
	h, want := end.measure(at), severityOf(w.Target, 100)
	inherits := !now.Walk[0].Kept || !start.kept(at)
	for _, i := range []int{0, 3} {
		if w.Target != NoPolicy && h[i] != want && !(inherits && h[i] > want) {
			t.Errorf("the target %s is not reached, receiver %d stands at %d", w.Target, i, h[i])
		}
	}
	if w.Subdomains != NoPolicy && (now.Org == at && h[1] != severityOf(w.Subdomains, 100) || old.Org == at && h[4] != severityOf(w.Subdomains, 100)) {
		t.Errorf("the wish for subdomains, %s, is not reached: %v", w.Subdomains, h)
	}
	if w.NonExistent != NoPolicy && now.Org == at && h[2] != severityOf(w.NonExistent, 100) {
		t.Errorf("the wish for names that do not exist, %s, is not reached: %v", w.NonExistent, h)
	}
	for _, uri := range w.RUA {
		if u, _ := destination(uri); !hasDestination(now.Record.RUA, u) {
			t.Errorf("reports do not go to %s", uri)
		}
	}
}

func (s scene) kept(at dns.Name) bool {
	d, _ := s.look(at)
	return d.Walk[0].Kept
}

func TestRampProperties(t *testing.T) {
	t.Parallel()
	climbed := 0
	rapid.Check(t, func(t *rapid.T) {
		start, at := drawScene(t)
		w := drawWish(t)
		now, old := start.look(at)
		l := Ramp(now, old, w)
		t.Logf("%v\n%+v\n%s%q", start, w, outline(l), l.Notes)
		var own Record
		if now.Walk[0].Kept {
			own = now.Record
		}
		floor, s := caps(own, w), start
		for i, r := range l.Rungs {
			climbed++
			next := s.publish(at, r)
			rungRules(t, at, s, next, r, floor, i == 0)
			s = next
		}
		if l.Err == nil {
			endRules(t, at, start, s, l, w)
		}
		if len(l.Rungs) > 0 && w.Target == NoPolicy && w.Subdomains == NoPolicy && w.NonExistent == NoPolicy && l.Rungs[0].Tightens {
			t.Errorf("no policy is wished, but %q tightens", l.Rungs[0].Record)
		}
		for _, u := range now.Record.RUA { // nobody who gets reports loses them
			if registry := now.Source == FromPSD; len(l.Rungs) > 0 && u.Valid && !registry && now.Source != FromNowhere && !hasDestination(Parse(l.Rungs[len(l.Rungs)-1].Record).RUA, u) {
				t.Errorf("%s no longer gets reports", u.Text)
			}
		}
	})
	if climbed < 50 {
		t.Errorf("only %d rungs were looked at", climbed)
	}
}

// edited are the tags that a ramp may touch.
var edited = []string{"p", "sp", "np", "pct", "t", "rf", "ri", "rua"}

func TestRampLeavesTheRest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := drawRecord(t, "own", true)
		start := scene{texts: map[dns.Name][]string{org: {text}}}
		now, old := start.look(org)
		for _, r := range Ramp(now, old, drawWish(t)).Rungs {
			want, got := Parse(text).Without(edited...).Text(), Parse(r.Record).Without(edited...).Text()
			if strings.TrimSuffix(got, ";") != strings.TrimSuffix(want, ";") {
				t.Errorf("of %q stayed %q in %q", want, got, r.Record)
			}
		}
	})
}

// FuzzRamp: whatever stands there, the top is a sound record from which there is
// no more to climb.
func FuzzRamp(f *testing.F) {
	f.Add("v=DMARC1; p=none; pct=5;; p=reject sp=quarantine", "v=DMARC1; t=y; p=reject; rua=mailto:a@example.com", uint8(3))
	f.Add(`"v=dmarc1;p=rejct"`, "v=DMARC1; p=reject; sp=x", uint8(1))
	f.Add("v=DMARC1;=;p=;np=;x", "", uint8(2))
	f.Fuzz(func(t *testing.T, own, above string, target uint8) {
		if len(own)+len(above) > 2000 {
			return
		}
		s := scene{texts: map[dns.Name][]string{mail: {own}, org: {above}}}
		w := Wish{Target: Policy(target), RUA: []string{"mailto:a@example.com"}}
		now, old := s.look(mail)
		l := Ramp(now, old, w)
		if len(l.Rungs) > 5 {
			t.Errorf("%d rungs:\n%s", len(l.Rungs), outline(l))
		}
		for _, r := range l.Rungs {
			s = s.publish(mail, r)
		}
		if len(l.Rungs) == 0 {
			return
		}
		now, old = s.look(mail)
		if again := Ramp(now, old, w); len(again.Rungs) != 0 {
			t.Errorf("from %q under %q to %s:\n%sand again:\n%s", own, above, w.Target, outline(l), outline(again))
		}
		if p := wishable(w.Target); p != NoPolicy && len(l.Notes) == 0 && (now.Effective != p || old.Effective != p || old.PCT != 100) {
			t.Errorf("from %q under %q the target %s is not reached:\n%s", own, above, p, outline(l))
		}
	})
}

// TestRampCorpus climbs from what real domains publish.
func TestRampCorpus(t *testing.T) {
	t.Parallel()
	rungs := map[int]int{}
	for _, text := range corpus(t) {
		s := scene{texts: map[dns.Name][]string{org: {text}}}
		now, old := s.look(org)
		l := Ramp(now, old, Wish{Target: Reject, Subdomains: Reject})
		rungs[len(l.Rungs)]++
		for i, r := range l.Rungs {
			if next := s.publish(org, r); next.measure(org) == s.measure(org) && i > 0 {
				t.Errorf("%q: rung %d, %q, does nothing", text, i, r.Record)
			} else {
				s = next
			}
		}
		if h := s.measure(org); h[0] != 200 || h[1] != 200 || h[3] != 200 || h[4] != 200 || len(l.Notes) > 0 {
			t.Errorf("%q: the top is %v, notes %q\n%s", text, h, l.Notes, outline(l))
		}
	}
	if rungs[0] == 0 || rungs[1] == 0 || rungs[2] == 0 || rungs[3] == 0 {
		t.Errorf("domains by number of rungs: %v", rungs)
	}
	t.Logf("domains by number of rungs: %v", rungs)
}

// TestRampParked: one rung at most, and it leads to where the ladder would.
func TestRampParked(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		start, at := drawScene(t)
		w := drawWish(t)
		w.Parked = true
		now, old := start.look(at)
		parked := Ramp(now, old, w)
		w.Parked = false
		if w.Target == NoPolicy {
			w.Target = Reject
		}
		steps := Ramp(now, old, w)
		if len(parked.Rungs) > 1 {
			t.Fatalf("a parked domain has %d rungs", len(parked.Rungs))
		}
		if len(parked.Rungs) != min(1, len(steps.Rungs)) {
			t.Fatalf("parked:\n%sin steps:\n%s", outline(parked), outline(steps))
		}
		if len(parked.Rungs) == 1 && parked.Rungs[0].Record != steps.Rungs[len(steps.Rungs)-1].Record {
			t.Errorf("parked: %q, in steps:\n%s", parked.Rungs[0].Record, outline(steps))
		}
	})
}
