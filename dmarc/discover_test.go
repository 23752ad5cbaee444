package dmarc

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
	"sendplan/internal/dns"
)

// summary is a discovery in one line.
func summary(d Discovery) string {
	return fmt.Sprintf("org=%s %s@%s %s/%s", d.Org, d.Source, d.PolicyDomain, d.Policy, d.Effective)
}

// TestFailures walks from a.mail.example.com (or from the author given) with
// one or more questions failing.
func TestFailures(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		records []string // domain, text, ...
		fail    string   // names whose questions fail
		want    string
	}{
		{"author fails, nothing above: the author domain is the organization whatever it hides",
			nil, "_dmarc.a.mail.example.com", "org=a.mail.example.com unknown@ unknown/unknown"},
		{"author fails, record at the organization: it may hide its own record, and psd=n",
			[]string{"example.com", "v=DMARC1; p=reject"}, "_dmarc.a.mail.example.com", "org= unknown@ unknown/unknown"},
		{"middle fails, author has a record: only the organization is open",
			[]string{"a.mail.example.com", "v=DMARC1; p=reject"}, "_dmarc.mail.example.com",
			"org= author@a.mail.example.com reject/reject"},
		{"middle fails, author has psd=n: the walk ended before",
			[]string{"a.mail.example.com", "v=DMARC1; p=reject; psd=n"}, "_dmarc.mail.example.com",
			"org=a.mail.example.com author@a.mail.example.com reject/reject"},
		{"top fails, author has psd=y: the walk ended before",
			[]string{"a.mail.example.com", "v=DMARC1; p=none; psd=y"}, "_dmarc.com",
			"org=a.mail.example.com author@a.mail.example.com none/none"},
		{"middle fails, organization has a record: the middle may hide psd=n",
			[]string{"example.com", "v=DMARC1; p=reject"}, "_dmarc.mail.example.com", "org= unknown@ unknown/unknown"},
		{"middle fails, psd=n above: the same",
			[]string{"example.com", "v=DMARC1; p=reject; psd=n"}, "_dmarc.mail.example.com", "org= unknown@ unknown/unknown"},
		{"top-level domain fails, record at the organization: it may hide a record with fewer labels",
			[]string{"example.com", "v=DMARC1; p=reject"}, "_dmarc.com", "org= unknown@ unknown/unknown"},
		{"top-level domain fails behind psd=n: not asked",
			[]string{"example.com", "v=DMARC1; p=reject; psd=n"}, "_dmarc.com", "org=example.com org@example.com reject/reject"},
		{"top-level domain fails behind psd=y: not asked",
			[]string{"example.com", "v=DMARC1; p=reject; sp=none; psd=y"}, "_dmarc.com", "org=mail.example.com psd@example.com none/none"},
		{"all fail", nil, "_dmarc.a.mail.example.com _dmarc.mail.example.com _dmarc.example.com _dmarc.com", "org= unknown@ unknown/unknown"},
		{"two records at the failing step's child do not help",
			[]string{"mail.example.com", "v=DMARC1; p=reject", "mail.example.com", "v=DMARC1; p=none"}, "_dmarc.example.com", "org= unknown@ unknown/unknown"},
		{"existence fails and decides nothing: not asked",
			[]string{"example.com", "v=DMARC1; p=reject"}, "a.mail.example.com", "org=example.com org@example.com reject/reject"},
		{"existence fails, sp and np differ",
			[]string{"example.com", "v=DMARC1; p=reject; sp=none; np=reject"}, "a.mail.example.com", "org=example.com org@example.com unknown/unknown"},
		{"existence fails, sp and np differ, but not under test",
			[]string{"example.com", "v=DMARC1; p=reject; sp=none; np=quarantine; t=y"}, "a.mail.example.com", "org=example.com org@example.com unknown/none"},
		{"existence fails, but the author has its own record",
			[]string{"a.mail.example.com", "v=DMARC1; p=none; sp=none; np=reject"}, "a.mail.example.com",
			"org=a.mail.example.com author@a.mail.example.com none/none"},
	} {
		for _, cause := range []dns.Cause{dns.ServFail, dns.Timeout, dns.Refused, dns.NotAsked} {
			t.Run(tt.name+", "+cause.String(), func(t *testing.T) {
				t.Parallel()
				f := policies(tt.records...)
				for _, n := range strings.Fields(tt.fail) {
					f.faults[dns.MustName(n)] = cause
				}
				d := Discover(t.Context(), f, "a.mail.example.com")
				if got := summary(d); got != tt.want {
					t.Errorf("got  %s\nwant %s", got, tt.want)
				}
				if (d.Source == FromUnknown || d.Policy == Unknown) != (d.Err != nil) || (d.Org == "") != (d.OrgErr != nil) {
					t.Errorf("errors %v and %v do not belong to %s", d.Err, d.OrgErr, summary(d))
				}
				if d.Err != nil && d.Err.Cause != cause {
					t.Errorf("cause %v", d.Err)
				}
			})
		}
	}
}

// TestOnePassAsksEverything: a survey that holds nothing yet learns all names of
// a walk from one call.
func TestOnePassAsksEverything(t *testing.T) {
	t.Parallel()
	f := policies()
	var want []dns.Key
	for _, n := range walkNames("a.b.c.d.e.f.g.h.example.com") {
		name := dns.MustName("_dmarc." + n.String())
		f.faults[name] = dns.NotAsked
		want = append(want, dns.Key{Name: name, Type: dns.TypeTXT})
	}
	Discover(t.Context(), f, "a.b.c.d.e.f.g.h.example.com")
	if len(want) != 8 || !slices.Equal(f.asked, want) {
		t.Errorf("asked %v, want %v", f.asked, want)
	}
	f.asked = nil
	Discover7489(t.Context(), f, "mail.example.com", suffix)
	if len(f.asked) != 2 {
		t.Errorf("asked %v", f.asked)
	}
	f.asked = nil
	f.faults["_dmarc.mail.example.com"] = dns.NotAsked
	_, _ = Aligned("a.mail.example.com", "b.mail.example.com", Relaxed, TreeOrg(t.Context(), f))
	if len(f.asked) != 8 {
		t.Errorf("asked %v, want both walks", f.asked)
	}
}

func TestWalkNames(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		want string
	}{
		{".", ""},
		{"com", "com"},
		{"b.com", "b.com com"},
		{"7.6.5.4.3.2.1", "7.6.5.4.3.2.1 6.5.4.3.2.1 5.4.3.2.1 4.3.2.1 3.2.1 2.1 1"},
		{"8.7.6.5.4.3.2.1", "8.7.6.5.4.3.2.1 7.6.5.4.3.2.1 6.5.4.3.2.1 5.4.3.2.1 4.3.2.1 3.2.1 2.1 1"},
		{"9.8.7.6.5.4.3.2.1", "9.8.7.6.5.4.3.2.1 7.6.5.4.3.2.1 6.5.4.3.2.1 5.4.3.2.1 4.3.2.1 3.2.1 2.1 1"},
		{"13.12.11.10.9.8.7.6.5.4.3.2.1", "13.12.11.10.9.8.7.6.5.4.3.2.1 7.6.5.4.3.2.1 6.5.4.3.2.1 5.4.3.2.1 4.3.2.1 3.2.1 2.1 1"},
	} {
		var got []string
		for _, n := range walkNames(dns.Name(tt.name)) {
			got = append(got, n.String())
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, got, tt.want)
		}
	}
}

func TestOddAuthors(t *testing.T) {
	t.Parallel()
	long := dns.MustName(strings.Repeat("a.", 120) + "example.com") // 251 octets: no room for _dmarc.
	f := policies("example.com", "v=DMARC1; p=reject")
	d := Discover(t.Context(), f, long)
	if got, want := summary(d), "org=example.com org@example.com reject/reject"; got != want {
		t.Errorf("long name: %s, want %s", got, want)
	}
	if d.Walk[0].Name != "" || d.Walk[0].Err != nil || len(f.asked) != 7 {
		t.Errorf("long name: first step %+v, asked %v", d.Walk[0], f.asked)
	}
	for _, name := range []dns.Name{dns.Root, ""} {
		if d := Discover(t.Context(), policies(), name); d.Source != FromNowhere || len(d.Walk) != 0 || d.Org != name {
			t.Errorf("%q: %s", name, summary(d))
		}
	}
}

// world is a walk with unknowns: per name of the walk what stands there, -1 for
// a failure.
type world struct {
	author  dns.Name
	records []int // index into contents, -1: fails
	author2 int   // existence of the author: 0 yes, 1 no, -1 fails
}

var contents = func() []string {
	texts := []string{""}
	for _, psd := range []string{"u", "y", "n"} {
		for _, p := range []string{"p=none", "p=reject", "p=reject; sp=quarantine; np=none", "p=quarantine; t=y"} {
			texts = append(texts, "v=DMARC1; "+p+"; psd="+psd)
		}
	}
	return texts
}()

func (w world) resolver() *fake {
	f := policies()
	for i, n := range walkNames(w.author) {
		name := dns.MustName("_dmarc." + n.String())
		switch c := w.records[i]; {
		case c < 0:
			f.faults[name] = dns.Timeout
		case c > 0:
			f.txt[name] = []string{contents[c]}
		}
	}
	switch w.author2 {
	case -1:
		f.faults[w.author] = dns.Timeout
	case 1:
		f.nxdomain[w.author] = true
	}
	return f
}

// complete returns every world that w may be.
func (w world) complete() []world {
	for i, c := range w.records {
		if c >= 0 {
			continue
		}
		var all []world
		for c := range contents {
			v := w
			v.records = slices.Clone(w.records)
			v.records[i] = c
			all = append(all, v.complete()...)
		}
		return all
	}
	if w.author2 >= 0 {
		return []world{w}
	}
	yes, no := w, w
	yes.author2, no.author2 = 0, 1
	return []world{yes, no}
}

// TestFailuresExactly: what Discover knows in spite of failures is the same in
// every world that the failures may hide, and what it does not know is not.
func TestFailuresExactly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := world{author: "a.b.example.com", records: make([]int, 4)}
		if rapid.Bool().Draw(t, "deep") {
			w.author, w.records = "a.b.c.d.e.f.g.h.example.com", make([]int, 8)
		}
		for i := range w.records {
			if rapid.IntRange(0, 2).Draw(t, "any") == 0 {
				w.records[i] = rapid.IntRange(0, len(contents)-1).Draw(t, "record")
			}
		}
		for range rapid.IntRange(0, 2).Draw(t, "failures") {
			w.records[rapid.IntRange(0, len(w.records)-1).Draw(t, "fails")] = -1
		}
		w.author2 = rapid.IntRange(-1, 1).Draw(t, "exists")
		got := Discover(t.Context(), w.resolver(), w.author)
		orgs, places, policies, effective := map[dns.Name]bool{}, map[string]bool{}, map[Policy]bool{}, map[Policy]bool{}
		for _, v := range w.complete() {
			d := Discover(t.Context(), v.resolver(), v.author)
			if d.Err != nil || d.OrgErr != nil {
				t.Fatalf("%+v: a failure in a world without: %v, %v", v, d.Err, d.OrgErr)
			}
			orgs[d.Org], policies[d.Policy], effective[d.Effective] = true, true, true
			places[d.Source.String()+" "+d.PolicyDomain.String()+" "+d.Record.Text()] = true
		}
		check := func(what string, known, only bool, n int) {
			if known != (n == 1) || known && !only {
				t.Fatalf("%s: known %v, in %d versions: %s", what, known, n, summary(got))
			}
		}
		check("organization", got.Org != "", orgs[got.Org], len(orgs))
		check("place", got.Source != FromUnknown, places[got.Source.String()+" "+got.PolicyDomain.String()+" "+got.Record.Text()], len(places))
		check("policy", got.Policy != Unknown, policies[got.Policy], len(policies))
		check("effective", got.Effective != Unknown, effective[got.Effective], len(effective))
	})
}

// checkDiscovery holds what is true of every discovery.
func checkDiscovery(t interface{ Fatalf(string, ...any) }, d Discovery, f *fake) {
	walked := 0
	for _, k := range f.asked {
		if strings.HasPrefix(string(k.Name), "_dmarc.") && k.Name != d.Author {
			walked++
		}
	}
	if len(d.Walk) > 8 || walked > 8 {
		t.Fatalf("%d steps, %d questions", len(d.Walk), walked)
	}
	if d.Org != "" && !d.Author.Below(d.Org) || d.PolicyDomain != "" && !d.Author.Below(d.PolicyDomain) {
		t.Fatalf("%s is no ancestor of %s", summary(d), d.Author)
	}
	if d.Policy <= Reject && d.Effective != Unknown && d.Effective > d.Policy {
		t.Fatalf("%s: stricter than it says", summary(d))
	}
	if d.Policy != NoPolicy && d.Source == FromNowhere || d.Policy == NoPolicy && d.Source != FromNowhere {
		t.Fatalf("%s", summary(d))
	}
}

func FuzzDiscover(f *testing.F) {
	f.Add("a.mail.example.com", "\x00v=DMARC1; p=reject; t=y\n\x02v=DMARC1; p=none; psd=y\n\x03!\n\x02v=spf1 -all", true)
	f.Add("a.b.c.d.e.f.g.h.i.example", "\x04v=DMARC1; p=reject; np=none; sp=quarantine\n\x00!", false)
	f.Fuzz(func(t *testing.T, author, data string, nx bool) {
		name, err := dns.RawName(author)
		if err != nil {
			return
		}
		r := policies()
		r.nxdomain[name] = nx
		names := walkNames(name)
		for line := range strings.SplitSeq(data, "\n") {
			if line == "" || len(names) == 0 {
				continue
			}
			at, err := names[int(line[0])%len(names)].Child("_dmarc")
			if err != nil {
				continue
			}
			if line[1:] == "!" {
				r.faults[at] = dns.ServFail
			} else {
				r.txt[at] = append(r.txt[at], line[1:])
			}
		}
		checkDiscovery(t, Discover(t.Context(), r, name), r)
		r.asked = nil
		checkDiscovery(t, Discover7489(t.Context(), r, name, suffix), r)
	})
}

func TestDiscoverProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		labels := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "mail", "example", "com", "xn--bcher-kva"}), 1, 14).Draw(t, "labels")
		w := world{author: dns.MustName(strings.Join(labels, "."))}
		w.records = rapid.SliceOfN(rapid.IntRange(-1, len(contents)-1), 8, 8).Draw(t, "records")
		f := w.resolver()
		checkDiscovery(t, Discover(t.Context(), f, w.author), f)
	})
}

func BenchmarkDiscover(b *testing.B) {
	f := policies("example.com", "v=DMARC1; p=reject; rua=mailto:d@example.com")
	for b.Loop() {
		f.asked = f.asked[:0]
		Discover(b.Context(), f, "a.b.c.d.e.f.g.h.example.com")
	}
}

func BenchmarkDiscoverAllFail(b *testing.B) {
	f := policies()
	for _, n := range walkNames("a.b.c.d.e.f.g.h.example.com") {
		f.faults[dns.MustName("_dmarc."+n.String())] = dns.Timeout
	}
	for b.Loop() {
		f.asked = f.asked[:0]
		Discover(b.Context(), f, "a.b.c.d.e.f.g.h.example.com")
	}
}
