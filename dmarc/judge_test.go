package dmarc

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
	"sendplan/internal/dns"
)

func TestAligned(t *testing.T) {
	t.Parallel()
	f := policies("example.com", "v=DMARC1; p=none", "split.example.com", "v=DMARC1; p=none; psd=n", "co.uk", "v=DMARC1; p=reject; psd=y")
	f.faults["_dmarc.broken.org"] = dns.ServFail
	f.faults["_dmarc.lame.org"] = dns.Timeout
	for _, tt := range []struct {
		a, b    string
		mode    Mode
		want    bool
		queries int // -1: a failure
	}{
		{"example.com", "example.com", Strict, true, 0},
		{"example.com", "example.com", Relaxed, true, 0},
		{"broken.org", "broken.org", Relaxed, true, 0},
		{"mail.example.com", "example.com", Strict, false, 0},
		{"mail.example.com", "example.com", Relaxed, true, 5},
		{"a.b.example.com", "c.example.com", Relaxed, true, 7},
		{"split.example.com", "example.com", Relaxed, false, 3}, // psd=n ends the walk at once
		{"x.split.example.com", "split.example.com", Relaxed, true, 3},
		{"x.split.example.com", "example.com", Relaxed, false, 4},
		{"a.one.co.uk", "b.one.co.uk", Relaxed, true, 6},
		{"a.one.co.uk", "two.co.uk", Relaxed, false, 5},
		{"one.net", "sub.one.net", Relaxed, false, 5}, // no record anywhere: each its own organization
		{"example.com", "example.net", Relaxed, false, 0},
		{"broken.org", "mail.broken.net", Relaxed, false, 0},
		{"example.com", "", Relaxed, false, 0},
		{"mail.broken.org", "lame.org", Relaxed, false, -1},
	} {
		f.asked = nil
		got, err := Aligned(dns.Name(tt.a), dns.Name(tt.b), tt.mode, TreeOrg(t.Context(), f))
		if got != tt.want || (err != nil) != (tt.queries < 0) || err == nil && len(f.asked) != tt.queries {
			t.Errorf("%s, %s (%s): %v, %v, %d questions; want %v, %d", tt.a, tt.b, tt.mode, got, err, len(f.asked), tt.want, tt.queries)
		}
	}
}

func TestAlignedIsSymmetric(t *testing.T) {
	t.Parallel()
	names := []string{"example.com", "mail.example.com", "a.mail.example.com", "b.mail.example.com", "com", "other.com", "x.other.com", ""}
	rapid.Check(t, func(t *rapid.T) {
		f := policies()
		for _, n := range []string{"example.com", "mail.example.com", "com", "other.com", "b.mail.example.com"} {
			switch c := rapid.IntRange(-1, len(contents)-1).Draw(t, n); {
			case c < 0:
				f.faults[dns.MustName("_dmarc."+n)] = rapid.SampledFrom([]dns.Cause{dns.ServFail, dns.Timeout}).Draw(t, "cause")
			case c > 0:
				f.txt[dns.MustName("_dmarc."+n)] = []string{contents[c]}
			}
		}
		a, b := dns.Name(rapid.SampledFrom(names).Draw(t, "a")), dns.Name(rapid.SampledFrom(names).Draw(t, "b"))
		mode := rapid.SampledFrom([]Mode{Relaxed, Strict}).Draw(t, "mode")
		ab, errAB := Aligned(a, b, mode, TreeOrg(t.Context(), f))
		ba, errBA := Aligned(b, a, mode, TreeOrg(t.Context(), f))
		if ab != ba || dns.AsError(errAB) != dns.AsError(errBA) && errAB.Error() != errBA.Error() {
			t.Fatalf("%s, %s: %v, %v; reversed %v, %v", a, b, ab, errAB, ba, errBA)
		}
		if relaxed, err := Aligned(a, b, Relaxed, TreeOrg(t.Context(), f)); mode == Strict && ab && (!relaxed || err != nil) {
			t.Fatalf("%s, %s are aligned strictly but not relaxed", a, b)
		}
	})
}

func TestJudge(t *testing.T) {
	t.Parallel()
	pass := func(d dns.Name) Authenticated { return Authenticated{d, Pass} }
	temp := func(d dns.Name) Authenticated { return Authenticated{d, Temporary} }
	fail := func(d dns.Name) Authenticated { return Authenticated{d, NotPass} }
	base := []string{"example.com", "v=DMARC1; p=reject; sp=quarantine"}
	for _, tt := range []struct {
		name    string
		author  dns.Name
		records []string
		fails   string
		spf     Authenticated
		dkim    []Authenticated
		want    string // status, disposition, alignment of SPF and of each signature
	}{
		{"SPF aligned", "example.com", base, "", pass("bounce.example.com"), nil, "pass  yes"},
		{"SPF passes unaligned", "example.com", base, "", pass("bounce.esp.net"), nil, "fail reject no"},
		{"subdomain gets sp", "news.example.com", base, "", fail("news.example.com"), nil, "fail quarantine yes"},
		{"DKIM saves a failing SPF", "example.com", base, "", fail("example.com"), []Authenticated{pass("esp.net"), pass("mail.example.com")}, "pass  yes no yes"},
		{"a failing signature aligned is nothing", "example.com", base, "", Authenticated{}, []Authenticated{fail("example.com")}, "fail reject no yes"},
		{"nothing passed", "example.com", base, "", Authenticated{}, nil, "fail reject no"},
		{"strict SPF", "example.com", []string{"example.com", "v=DMARC1; p=quarantine; aspf=s"}, "", pass("bounce.example.com"), []Authenticated{fail("example.com")}, "fail quarantine no yes"},
		{"strict DKIM does not bind SPF", "example.com", []string{"example.com", "v=DMARC1; p=quarantine; adkim=s"}, "", pass("bounce.example.com"), []Authenticated{pass("x.example.com")}, "pass  yes no"},
		{"no policy", "example.com", nil, "", pass("example.com"), nil, "none  yes"},
		{"unusable record", "example.com", []string{"example.com", "v=DMARC1; p=rejct"}, "", pass("example.com"), nil, "none  yes"},
		{"p=none fails", "example.com", []string{"example.com", "v=DMARC1; p=none"}, "", fail("example.com"), nil, "fail none yes"},
		{"t=y lowers", "example.com", []string{"example.com", "v=DMARC1; p=reject; t=y"}, "", fail(""), nil, "fail quarantine no"},
		{"SPF unknown, aligned", "example.com", base, "", temp("example.com"), nil, "unknown unknown yes"},
		{"SPF unknown, p=none asks for nothing either way", "example.com", []string{"example.com", "v=DMARC1; p=none"}, "", temp("example.com"), nil, "unknown none yes"},
		{"SPF unknown, unaligned anyway", "example.com", base, "", temp("esp.net"), nil, "fail reject no"},
		{"SPF unknown, DKIM passes", "example.com", base, "", temp("example.com"), []Authenticated{pass("example.com")}, "pass  yes yes"},
		{"policy unknown", "example.com", base, "_dmarc.example.com", pass("example.com"), nil, "unknown unknown yes"},
		{"organization unknown, names equal", "example.com", base, "_dmarc.com", pass("example.com"), nil, "pass  yes"},
		{"organization unknown, names differ", "example.com", base, "_dmarc.com", pass("bounce.example.com"), nil, "unknown unknown unknown"},
		{"organization unknown, not passed", "example.com", base, "_dmarc.com", fail("bounce.example.com"), nil, "fail reject unknown"},
		{"walk of a failing identifier is not made", "example.com", base, "_dmarc.bounce.example.com", fail("bounce.example.com"), nil, "fail reject unknown"},
		{"walk of the identifier fails", "example.com", base, "_dmarc.bounce.example.com", pass("bounce.example.com"), nil, "unknown unknown unknown"},
		{"existence unknown, and it fails", "x.example.com", []string{"example.com", "v=DMARC1; p=reject; sp=none; np=reject"}, "x.example.com", fail(""), nil, "fail unknown no"},
		{"existence unknown, but it passes", "x.example.com", []string{"example.com", "v=DMARC1; p=reject; sp=none; np=reject"}, "x.example.com", pass("x.example.com"), nil, "pass  yes"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := policies(tt.records...)
			for _, n := range strings.Fields(tt.fails) {
				f.faults[dns.MustName(n)] = dns.ServFail
			}
			d := Discover(t.Context(), f, tt.author)
			v := Judge(d, tt.spf, tt.dkim, TreeOrg(t.Context(), f))
			got := []string{v.Status.String(), v.Disposition.String(), v.SPF.Aligned.String()}
			for _, k := range v.DKIM {
				got = append(got, k.Aligned.String())
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got %q, want %q", strings.Join(got, " "), tt.want)
			}
			if v.Err != nil && v.Status != StatusUnknown {
				t.Errorf("%s with error %v", v.Status, v.Err)
			}
			if strings.Contains(tt.name, "policy unknown") && v.Err == nil {
				t.Error("no reason")
			}
		})
	}
}

func TestDiscover7489(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		author  dns.Name
		records []string
		fails   string
		want    string
		pct     int
		diffs   []string
	}{
		{"the same", "mail.example.com", []string{"example.com", "v=DMARC1; p=reject"}, "",
			"org=example.com org@example.com reject/reject", 100, nil},
		{"author's own record", "mail.example.com", []string{"mail.example.com", "v=DMARC1; p=none; sp=reject", "example.com", "v=DMARC1; p=reject"}, "",
			"org=example.com author@mail.example.com none/none", 100, nil},
		{"pct=0", "example.com", []string{"example.com", "v=DMARC1; p=reject; pct=0"}, "",
			"org=example.com author@example.com reject/quarantine", 100, []string{"the policy is reject (p) by RFC 9989, quarantine (p=reject with pct=0) by RFC 7489"}},
		{"pct=20", "example.com", []string{"example.com", "v=DMARC1; p=reject; pct=20"}, "",
			"org=example.com author@example.com reject/reject", 20, []string{"the policy is for all failing mail by RFC 9989, for 20 percent of it by RFC 7489 (pct)"}},
		{"t is no tag", "example.com", []string{"example.com", "v=DMARC1; p=reject; t=y"}, "",
			"org=example.com author@example.com reject/reject", 100, []string{"the policy is quarantine (p=reject with t=y) by RFC 9989, reject (p) by RFC 7489"}},
		{"np is no tag", "nope.example.com", []string{"example.com", "v=DMARC1; p=none; sp=quarantine; np=reject"}, "",
			"org=example.com org@example.com quarantine/quarantine", 100, []string{"the policy is reject (np) by RFC 9989, quarantine (sp) by RFC 7489"}},
		{"invalid np is no matter", "example.com", []string{"example.com", "v=DMARC1; p=reject; np=bogus; rua=mailto:a@example.com"}, "",
			"org=example.com author@example.com reject/reject", 100, []string{"the policy is none by RFC 9989, reject (p) by RFC 7489"}},
		{"invalid sp with rua", "example.com", []string{"example.com", "v=DMARC1; p=reject; sp=bogus; rua=mailto:a@example.com"}, "",
			"org=example.com author@example.com none/none", 100, nil},
		{"unusable", "example.com", []string{"example.com", "v=DMARC1; p=bogus"}, "",
			"org=example.com none@example.com /", 100, nil},
		{"two records end the search", "mail.example.com", []string{"mail.example.com", "v=DMARC1; p=reject", "mail.example.com", "v=DMARC1; p=none", "example.com", "v=DMARC1; p=reject"}, "",
			"org=example.com none@ /", 100, []string{"the policy record is at example.com by RFC 9989, nowhere by RFC 7489", "the policy is reject (p) by RFC 9989, not applied by RFC 7489"}},
		{"psd=n above the public suffix", "a.dept.example.com", []string{"dept.example.com", "v=DMARC1; p=none; psd=n", "example.com", "v=DMARC1; p=reject"}, "",
			"org=example.com org@example.com reject/reject", 100, []string{
				"the organizational domain is dept.example.com by RFC 9989 (psd=n), example.com by RFC 7489 (public suffix list)",
				"the policy record is at dept.example.com by RFC 9989, at example.com by RFC 7489",
				"the policy is none (p) by RFC 9989, reject (p) by RFC 7489"}},
		{"record of a public suffix", "one.co.uk", []string{"co.uk", "v=DMARC1; p=reject; psd=y"}, "",
			"org=one.co.uk none@ /", 100, []string{"the policy record is at co.uk by RFC 9989, nowhere by RFC 7489", "the policy is reject (p) by RFC 9989, not applied by RFC 7489"}},
		{"a public suffix itself", "co.uk", []string{"co.uk", "v=DMARC1; p=reject; psd=y"}, "",
			"org=co.uk author@co.uk reject/reject", 100, nil},
		{"author fails", "mail.example.com", []string{"example.com", "v=DMARC1; p=reject"}, "_dmarc.mail.example.com",
			"org=example.com unknown@ unknown/unknown", 100, nil},
		{"organization fails", "mail.example.com", nil, "_dmarc.example.com",
			"org=example.com unknown@ unknown/unknown", 100, nil},
		{"organization fails, not needed", "mail.example.com", []string{"mail.example.com", "v=DMARC1; p=none"}, "_dmarc.example.com",
			"org=example.com author@mail.example.com none/none", 100, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := policies(tt.records...)
			f.nxdomain["nope.example.com"] = true
			if tt.fails != "" {
				f.faults[dns.MustName(tt.fails)] = dns.ServFail
			}
			d := Discover7489(t.Context(), f, tt.author, suffix)
			if got := summary(d); got != tt.want || d.PCT != tt.pct || (d.Err != nil) != (d.Source == FromUnknown) {
				t.Errorf("got  %s, pct %d, %v\nwant %s, pct %d", got, d.PCT, d.Err, tt.want, tt.pct)
			}
			if got := Differences(Discover(t.Context(), f, tt.author), d); !slices.Equal(got, tt.diffs) {
				t.Errorf("differences\n%q, want\n%q", got, tt.diffs)
			}
		})
	}
}

func TestSuffixOrg(t *testing.T) {
	t.Parallel()
	for name, want := range map[dns.Name]dns.Name{
		"a.b.one.co.uk": "one.co.uk", "one.co.uk": "one.co.uk", "co.uk": "co.uk", "a.example.com": "example.com", "com": "com",
	} {
		if got, err := SuffixOrg(suffix)(name); got != want || err != nil {
			t.Errorf("%s: %s, %v, want %s", name, got, err, want)
		}
	}
}
