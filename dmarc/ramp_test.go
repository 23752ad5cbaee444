package dmarc

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sendplan/internal/dns"
)

// scene is a small part of the DNS: texts by domain, of which those named in
// gone do not exist.
type scene struct {
	texts map[dns.Name][]string
	gone  []dns.Name
}

func (s scene) resolver() *fake {
	f := policies()
	for domain, texts := range s.texts {
		f.txt["_dmarc."+domain] = texts
	}
	for _, name := range s.gone {
		f.nxdomain[name] = true
	}
	return f
}

// look returns both discoveries for a name.
func (s scene) look(name dns.Name) (d9989, d7489 Discovery) {
	ctx, r := context.Background(), s.resolver()
	return Discover(ctx, r, name), Discover7489(ctx, r, name, suffix)
}

// publish returns the scene after a rung.
func (s scene) publish(at dns.Name, r Rung) scene {
	texts := map[dns.Name][]string{}
	for name, t := range s.texts {
		texts[name] = t
	}
	var kept []string
	for _, t := range texts[at] {
		if !slices.Contains(r.Removes, t) {
			kept = append(kept, t)
		}
	}
	texts[at] = append(kept, r.Record)
	return scene{texts, s.gone}
}

// outline writes a ladder in a form that is easy to compare: one line for each
// rung, a plus sign before one that tightens.
func outline(l Ladder) string {
	var b strings.Builder
	for _, r := range l.Rungs {
		sign := " "
		if r.Tightens {
			sign = "+"
		}
		fmt.Fprintf(&b, "%s %s | %s/%s\n", sign, r.Record, r.Effective9989, r.Effective7489)
	}
	return b.String()
}

const (
	org  = dns.Name("example.com")
	mail = dns.Name("mail.example.com")
)

var ramps = []struct {
	name  string
	at    dns.Name
	own   []string // texts at the domain
	above []string // texts at example.com, if that is another
	wish  Wish
	want  string
	notes int
}{
	{"nothing there", org, nil, nil, Wish{Target: Reject, RUA: []string{"mailto:a@example.com"}}, `
  v=DMARC1; p=none; rua=mailto:a@example.com; | none/none
+ v=DMARC1; p=quarantine; rua=mailto:a@example.com; | quarantine/quarantine
+ v=DMARC1; p=reject; rua=mailto:a@example.com; | reject/reject
`, 0},
	{"nothing there, nothing wished", org, nil, nil, Wish{}, "\n", 0},
	{"nothing there but a foreign text", org, []string{"v=spf1 -all"}, nil, Wish{Target: None}, `
  v=DMARC1; p=none; | none/none
`, 0},
	{"reports only", org, nil, nil, Wish{RUA: []string{"mailto:a@example.com"}}, `
  v=DMARC1; p=none; rua=mailto:a@example.com; | none/none
`, 0},
	{"reports added", org, []string{"v=DMARC1;p=reject;pct=10;ri=1;rua=mailto:b@x.net"}, nil, Wish{RUA: []string{"mailto:a@example.com", "mailto:b@x.net"}}, `
  v=DMARC1;p=reject;pct=10;ri=1;rua=mailto:b@x.net,mailto:a@example.com | reject/reject
`, 0},
	{"reports that cannot be", org, []string{"v=DMARC1;p=none"}, nil, Wish{RUA: []string{"a@example.com"}}, "\n", 1},
	{"there already", org, []string{"v=DMARC1; p=reject; pct=100; ri=1"}, nil, Wish{Target: Reject}, "\n", 0},
	{"obsolete tags go with the first change", org, []string{"v=DMARC1; p=none; pct=100; ri=1; fo=1; rf=afrf"}, nil, Wish{Target: Quarantine}, `
+ v=DMARC1; p=quarantine; fo=1 | quarantine/quarantine
`, 0},
	{"pct without effect goes with the first change", org, []string{"v=DMARC1; p=none; pct=5"}, nil, Wish{Target: Quarantine, RUA: []string{"mailto:a@example.com"}}, `
  v=DMARC1; p=none; rua=mailto:a@example.com | none/none
+ v=DMARC1; p=quarantine; rua=mailto:a@example.com | quarantine/quarantine
`, 0},
	{"reject for a part", org, []string{"v=DMARC1; p=reject; pct=10"}, nil, Wish{Target: Reject}, `
+ v=DMARC1; p=reject | reject/reject
`, 0},
	{"reject for none", org, []string{"v=DMARC1; p=reject; pct=0"}, nil, Wish{Target: Reject}, `
+ v=DMARC1; p=reject | reject/reject
`, 0},
	{"quarantine for a part", org, []string{"v=DMARC1; p=quarantine; pct=50"}, nil, Wish{Target: Reject}, `
+ v=DMARC1; p=quarantine | quarantine/quarantine
+ v=DMARC1; p=reject | reject/reject
`, 0},
	{"test mode", org, []string{"v=DMARC1; p=reject; t=y"}, nil, Wish{Target: Reject}, `
+ v=DMARC1; p=reject | reject/reject
`, 0},
	{"test mode and pct", org, []string{"v=DMARC1; p=quarantine; t=y; pct=20"}, nil, Wish{Target: Reject}, `
+ v=DMARC1; p=quarantine; t=y | none/quarantine
+ v=DMARC1; p=quarantine | quarantine/quarantine
+ v=DMARC1; p=reject | reject/reject
`, 0},
	{"test mode without effect", org, []string{"v=DMARC1; p=none; t=y"}, nil, Wish{Target: Quarantine}, `
+ v=DMARC1; p=quarantine | quarantine/quarantine
`, 0},
	{"lower", org, []string{"v=DMARC1; p=reject; x=1"}, nil, Wish{Target: None}, `
  v=DMARC1; p=none; x=1 | none/none
`, 0},
	{"lower out of test mode", org, []string{"v=DMARC1; p=reject; t=y; pct=30"}, nil, Wish{Target: Quarantine}, `
  v=DMARC1; p=quarantine | quarantine/quarantine
`, 0},
	{"lower, subdomains kept", org, []string{"v=DMARC1; p=reject; sp=quarantine"}, nil, Wish{Target: None}, `
  v=DMARC1; p=none; sp=quarantine | none/none
`, 0},
	{"lower, subdomains wished as they are", org, []string{"v=DMARC1; p=reject"}, nil, Wish{Target: None, Subdomains: Reject}, `
  v=DMARC1; p=none; sp=reject | none/none
`, 0},
	{"subdomains spared", org, []string{"v=DMARC1; p=none"}, nil, Wish{Target: Reject, Subdomains: None}, `
+ v=DMARC1; p=quarantine; sp=none | quarantine/quarantine
+ v=DMARC1; p=reject; sp=none | reject/reject
`, 0},
	{"subdomains half way", org, []string{"v=DMARC1; p=none"}, nil, Wish{Target: Reject, Subdomains: Quarantine, NonExistent: Reject}, `
+ v=DMARC1; p=quarantine | quarantine/quarantine
+ v=DMARC1; p=reject; sp=quarantine | reject/reject
+ v=DMARC1; p=reject; sp=quarantine; np=reject | reject/reject
`, 0},
	{"subdomains later", org, []string{"v=DMARC1; p=quarantine; sp=none"}, nil, Wish{Target: Reject, Subdomains: Reject}, `
+ v=DMARC1; p=reject; sp=none | reject/reject
+ v=DMARC1; p=reject; sp=quarantine | reject/reject
+ v=DMARC1; p=reject; sp=reject | reject/reject
`, 0},
	{"subdomains lowered by wish", org, []string{"v=DMARC1; p=reject"}, nil, Wish{Subdomains: None}, `
  v=DMARC1; p=reject; sp=none | reject/reject
`, 0},
	{"only names that do not exist", org, []string{"v=DMARC1; p=none"}, nil, Wish{NonExistent: Reject}, `
+ v=DMARC1; p=none; np=quarantine | none/none
+ v=DMARC1; p=none; np=reject | none/none
`, 0},
	{"subdomains behind pct", org, []string{"v=DMARC1; p=reject; sp=none; pct=50"}, nil, Wish{Subdomains: Reject}, "\n", 1},
	{"pct that matters to subdomains only by accident", org, []string{"v=DMARC1; p=none; sp=quarantine; pct=50"}, nil, Wish{Target: None}, "\n", 0},
	{"t that matters to subdomains only by accident", org, []string{"v=DMARC1; p=none; sp=quarantine; t=y"}, nil, Wish{Target: None}, "\n", 0},
	{"doubled policy", org, []string{"v=DMARC1; p=quarantine; p=none"}, nil, Wish{Target: Reject, RUA: []string{"mailto:a@example.com"}}, `
+ v=DMARC1; p=quarantine; rua=mailto:a@example.com | quarantine/quarantine
+ v=DMARC1; p=reject; rua=mailto:a@example.com | reject/reject
`, 0},
	{"Microsoft's tip", org, []string{"v=DMARC1; p=reject rua=mailto:a@example.com"}, nil, Wish{Target: Reject}, `
  v=DMARC1; p=none; rua=mailto:a@example.com | none/none
+ v=DMARC1; p=quarantine; rua=mailto:a@example.com | quarantine/quarantine
+ v=DMARC1; p=reject; rua=mailto:a@example.com | reject/reject
`, 0},
	{"misspelt policy", org, []string{"v=DMARC1; p=quarentine; t=y; sp=reject"}, nil, Wish{Target: Quarantine}, `
  v=DMARC1; p=none; sp=none | none/none
+ v=DMARC1; p=quarantine; sp=none | quarantine/quarantine
`, 0},
	{"broken, only reports wished that are there", org, []string{"v=DMARC1; p=quarentine; rua=mailto:a@example.com"}, nil, Wish{RUA: []string{"mailto:a@example.com"}}, "\n", 0},
	{"near miss", org, []string{"v=dmarc1; p=reject; psd=n; x=1", "foreign"}, nil, Wish{Target: None}, `
  v=DMARC1; p=none; x=1 | none/none
`, 0},
	{"near miss beyond repair", org, []string{"v=DMARC2; p=reject"}, nil, Wish{Target: None}, `
  v=DMARC1; p=none; | none/none
`, 0},
	{"two records", org, []string{"v=DMARC1; p=reject; rua=mailto:a@example.com", "v=DMARC1; p=none; rua=mailto:b@example.com"}, nil, Wish{Target: Quarantine}, `
  v=DMARC1; p=none; rua=mailto:a@example.com,mailto:b@example.com | none/none
+ v=DMARC1; p=quarantine; rua=mailto:a@example.com,mailto:b@example.com | quarantine/quarantine
`, 0},
	{"inherits enough", mail, nil, []string{"v=DMARC1; p=reject"}, Wish{Target: Quarantine}, "\n", 0},
	{"inherits enough, but reports are wished", mail, nil, []string{"v=DMARC1; p=none; sp=reject; adkim=s; rua=mailto:a@example.com; pct=100"}, Wish{RUA: []string{"mailto:m@example.com"}}, `
  v=DMARC1; p=reject; adkim=s; rua=mailto:a@example.com,mailto:m@example.com; | reject/reject
`, 0},
	{"inherits more than the target, but reports are wished", mail, nil, []string{"v=DMARC1; p=reject"}, Wish{Target: Quarantine, RUA: []string{"mailto:m@example.com"}}, "\n", 1},
	{"inherits the reports as well", mail, nil, []string{"v=DMARC1; p=none; rua=mailto:a@example.com!10m"}, Wish{Target: None, RUA: []string{"mailto:a@example.com"}}, "\n", 0},
	{"inherits less", mail, nil, []string{"v=DMARC1; p=quarantine; rua=mailto:a@example.com; ruf=mailto:f@example.com; fo=1"}, Wish{Target: Reject}, `
  v=DMARC1; p=quarantine; rua=mailto:a@example.com; ruf=mailto:f@example.com; fo=1; | quarantine/quarantine
+ v=DMARC1; p=reject; rua=mailto:a@example.com; ruf=mailto:f@example.com; fo=1; | reject/reject
`, 0},
	{"inherits for a part", mail, nil, []string{"v=DMARC1; p=reject; pct=50"}, Wish{Target: Reject}, `
+ v=DMARC1; p=reject; | reject/reject
`, 0},
	{"inherits in test mode", mail, nil, []string{"v=DMARC1; p=quarantine; t=y"}, Wish{Target: Quarantine}, `
+ v=DMARC1; p=quarantine; | quarantine/quarantine
`, 0},
	{"inherits, with a near miss of its own", mail, []string{" v=DMARC1; p=none; adkim=s"}, []string{"v=DMARC1; p=quarantine"}, Wish{Target: Reject}, `
+ v=DMARC1; p=quarantine; adkim=s | quarantine/quarantine
+ v=DMARC1; p=reject; adkim=s | reject/reject
`, 0},
	{"two records that RFC 7489 stops at", mail, []string{"v=DMARC1; p=none", "v=DMARC1; p=none; x=1"}, []string{"v=DMARC1; p=reject"}, Wish{Target: Reject}, `
+ v=DMARC1; p=reject | reject/reject
`, 0},
	{"two records that RFC 7489 stops at, lower target", mail, []string{"v=DMARC1; p=none", "v=DMARC1; p=none; x=1"}, []string{"v=DMARC1; p=reject"}, Wish{Target: Quarantine}, "\n", 1},
	{"two records that RFC 7489 stops at, no target", mail, []string{"v=DMARC1; p=none", "v=DMARC1; p=none; x=1"}, []string{"v=DMARC1; p=reject"}, Wish{RUA: []string{"mailto:a@example.com"}}, "\n", 1},
	{"np that only RFC 9989 stumbles over", org, []string{"v=DMARC1; p=reject; np=nix; rua=mailto:a@example.com"}, nil, Wish{Target: Reject}, `
+ v=DMARC1; p=reject; rua=mailto:a@example.com | reject/reject
`, 0},
	{"np that only RFC 9989 stumbles over, reports wished", org, []string{"v=DMARC1; p=reject; np=nix"}, nil, Wish{RUA: []string{"mailto:a@example.com"}, Subdomains: None}, `
  v=DMARC1; p=reject; np=nix; rua=mailto:a@example.com | none/reject
`, 1},
	{"sp below the organization", mail, []string{"v=DMARC1; p=none"}, []string{"v=DMARC1; p=none"}, Wish{Subdomains: Reject}, "\n", 1},
	{"parked", org, nil, nil, Wish{Parked: true}, `
+ v=DMARC1; p=reject; | reject/reject
`, 0},
	{"parked with reports", org, nil, nil, Wish{Parked: true, RUA: []string{"mailto:a@example.com"}}, `
+ v=DMARC1; p=reject; rua=mailto:a@example.com; | reject/reject
`, 0},
	{"parked with a record", org, []string{"v=DMARC1; p=none; pct=50; t=y; x=1; rua=mailto:a@example.com"}, nil, Wish{Parked: true, Subdomains: Reject}, `
+ v=DMARC1; p=reject; x=1; rua=mailto:a@example.com | reject/reject
`, 0},
	{"parked below a policy", mail, nil, []string{"v=DMARC1; p=reject"}, Wish{Parked: true}, "\n", 0},
}

func TestRamp(t *testing.T) {
	t.Parallel()
	for _, c := range ramps {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := scene{texts: map[dns.Name][]string{org: c.above}}
			s.texts[c.at] = c.own
			d9989, d7489 := s.look(c.at)
			l := Ramp(d9989, d7489, c.wish)
			if got := "\n" + outline(l); got != c.want || len(l.Notes) != c.notes || l.Err != nil {
				t.Errorf("got%swant%snotes %q, error %v", got, c.want, l.Notes, l.Err)
			}
			for _, r := range l.Rungs {
				if r.What == "" {
					t.Errorf("%q: nothing is said", r.Record)
				}
			}
		})
	}
}

func TestRampWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		own  string
		wish Wish
		want []string
	}{
		{"v=DMARC1; p=reject rua=mailto:a@example.com", Wish{Target: Quarantine}, []string{
			"repair the record, in which receivers find no policy that they can use (put in the missing semicolons); p=none is what receivers do today",
			"raise the policy, for subdomains without one of their own too, from none to quarantine",
		}},
		{"v=DMARC1; p=reject; pct=10", Wish{Target: Reject}, []string{
			"remove pct, so that older receivers apply the policy to all failing mail, as those that follow RFC 9989 do",
		}},
		{"v=DMARC1; p=reject; sp=none", Wish{Target: None, RUA: []string{"mailto:a@example.com"}}, []string{
			"have aggregate reports sent to mailto:a@example.com; lower the policy from reject to none, as wished",
		}},
	} {
		s := scene{texts: map[dns.Name][]string{org: {c.own}}}
		d9989, d7489 := s.look(org)
		var got []string
		for _, r := range Ramp(d9989, d7489, c.wish).Rungs {
			got = append(got, r.What)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q: said %q, want %q", c.own, got, c.want)
		}
	}
}

// TestRampReplaces: texts that are no policy stay, those that were meant to be
// one go.
func TestRampReplaces(t *testing.T) {
	t.Parallel()
	s := scene{texts: map[dns.Name][]string{org: {"foreign", "v=dmarc1; p=none", "v=DMARC2; p=none"}}}
	d9989, d7489 := s.look(org)
	rungs := Ramp(d9989, d7489, Wish{Target: Quarantine}).Rungs
	if len(rungs) != 2 || !slices.Equal(rungs[0].Removes, []string{"v=dmarc1; p=none"}) || !slices.Equal(rungs[1].Removes, []string{rungs[0].Record}) {
		t.Errorf("got %+v", rungs)
	}
}

// TestRampPSD: what the owner of a public suffix publishes holds until there is
// a record of the domain's own, but his reports stay his.
func TestRampPSD(t *testing.T) {
	t.Parallel()
	s := scene{texts: map[dns.Name][]string{"com": {"v=DMARC1; p=quarantine; psd=y; aspf=s; rua=mailto:a@registry.com"}}}
	d9989, d7489 := s.look(org)
	want := "+ v=DMARC1; p=quarantine; aspf=s; | quarantine/quarantine\n+ v=DMARC1; p=reject; aspf=s; | reject/reject\n"
	if got := outline(Ramp(d9989, d7489, Wish{Target: Reject})); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestRampTwoParents: receivers of the two generations read different records,
// so what only one of them sends reports to is not served.
func TestRampTwoParents(t *testing.T) {
	t.Parallel()
	s := scene{texts: map[dns.Name][]string{
		"co.uk":         {"v=DMARC1; p=none; rua=mailto:a@co.uk"},
		"example.co.uk": {"v=DMARC1; p=none; rua=mailto:a@example.co.uk"},
	}}
	d9989, d7489 := s.look("mail.example.co.uk")
	for _, uri := range []string{"mailto:a@co.uk", "mailto:a@example.co.uk"} {
		want := "  v=DMARC1; p=none; rua=" + uri + "; | none/none\n"
		if got := outline(Ramp(d9989, d7489, Wish{RUA: []string{uri}})); got != want {
			t.Errorf("got\n%swant\n%s", got, want)
		}
	}
}

func TestRampNotes(t *testing.T) {
	t.Parallel()
	reject, none := []string{"v=DMARC1; p=reject"}, []string{"v=DMARC1; p=none", "v=DMARC1; p=none; x=1"}
	for _, c := range []struct {
		own  []string
		wish Wish
		want string
	}{
		{nil, Wish{Target: None, RUA: []string{"mailto:a@example.com"}}, "mail.example.com inherits reject, which is stricter than the target none: what else is wished takes a record of its own, which would lower that or miss the target; name reject as the target, or none"},
		{none, Wish{Target: None}, "receivers do not agree on the policy of mail.example.com today: some apply reject, which is stricter than the target none, and others less; no record keeps that up"},
		{nil, Wish{RUA: []string{"a@example.com"}}, `"a@example.com" is no URI that reports can be sent to: mailto: and an address are needed`},
	} {
		s := scene{texts: map[dns.Name][]string{org: reject, mail: c.own}}
		d9989, d7489 := s.look(mail)
		if l := Ramp(d9989, d7489, c.wish); len(l.Rungs) > 0 || !slices.Equal(l.Notes, []string{c.want}) {
			t.Errorf("got %q and %d rungs, want %q", l.Notes, len(l.Rungs), c.want)
		}
	}
}

func TestRampUnknown(t *testing.T) {
	t.Parallel()
	for _, failing := range []dns.Name{"_dmarc.example.com", "_dmarc.com"} {
		for _, cause := range []dns.Cause{dns.ServFail, dns.NotAsked} {
			r := policies("mail.example.com", "v=DMARC1; p=none")
			r.faults[failing] = cause
			ctx := context.Background()
			l := Ramp(Discover(ctx, r, mail), Discover7489(ctx, r, mail, suffix), Wish{Target: Reject})
			if len(l.Rungs) != 0 || l.Err == nil || l.Err.Cause != cause || l.Err.Key.Name != failing {
				t.Errorf("%s at %s: got %+v", cause, failing, l)
			}
		}
	}
	r := policies("example.com", "v=DMARC1; p=none; sp=reject; np=none")
	r.faults[mail] = dns.Timeout
	ctx := context.Background()
	if l := Ramp(Discover(ctx, r, mail), Discover7489(ctx, r, mail, suffix), Wish{Target: Reject}); l.Err == nil || len(l.Rungs) != 0 {
		t.Errorf("whether the name exists is not known, but got %+v", l)
	}
}

func TestRampNowhere(t *testing.T) {
	t.Parallel()
	long := dns.MustName(strings.Repeat(strings.Repeat("a", 61)+".", 4) + "com")
	for _, name := range []dns.Name{dns.Root, long} {
		d9989, d7489 := scene{}.look(name)
		if l := Ramp(d9989, d7489, Wish{Target: Reject}); len(l.Rungs) != 0 || len(l.Notes) != 1 {
			t.Errorf("%s: got %+v", name, l)
		}
	}
}
