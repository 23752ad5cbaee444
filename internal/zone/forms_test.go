package zone

import (
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendplan/internal/dns"
)

// written is what a form makes of a batch.
func written(t testing.TB, form string, b Batch) string {
	t.Helper()
	f, ok := FormByName(form)
	if !ok {
		t.Fatalf("no form %q", form)
	}
	out, err := Emit(f, b, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// of is a batch of changes of one set.
func of(old, now []dns.Record) Batch {
	b := Batch{Zone: "contoso.example", Stage: "stage 1"}
	b.Changes = []dns.Change{{Zone: b.Zone, Key: keyOf(slices.Concat(old, now)[0]), Old: old, New: now}}
	return b
}

func lines(text, prefix string) []string {
	var list []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSuffix(line, "\n"); strings.HasPrefix(line, prefix) {
			list = append(list, line)
		}
	}
	return list
}

// An update names old records by value, never a set, and re-adds a whole set only
// where its TTL changes.
func TestNsupdateLines(t *testing.T) {
	t.Parallel()
	keep, old, now := `contoso.example. 3600 IN TXT "keep"`, `contoso.example. 3600 IN TXT "v=spf1 " "-all"`, `contoso.example. 3600 IN TXT "v=spf1 ~all"`
	for _, test := range []struct {
		name   string
		batch  Batch
		update []string
		prereq []string
	}{
		{"one record of a set", of(recordList(t, keep, old), recordList(t, keep, now)),
			[]string{`update delete contoso.example. TXT "v=spf1 " "-all"`, `update add contoso.example. 3600 TXT "v=spf1 ~all"`},
			[]string{`prereq yxrrset contoso.example. TXT "keep"`, `prereq yxrrset contoso.example. TXT "v=spf1 " "-all"`}},
		{"another TTL", of(recordList(t, keep), recordList(t, strings.Replace(keep, "3600", "300", 1))),
			[]string{`update delete contoso.example. TXT "keep"`, `update add contoso.example. 300 TXT "keep"`},
			[]string{`prereq yxrrset contoso.example. TXT "keep"`}},
		{"a set that goes", of(recordList(t, keep, old), nil),
			[]string{`update delete contoso.example. TXT "keep"`, `update delete contoso.example. TXT "v=spf1 " "-all"`},
			[]string{`prereq yxrrset contoso.example. TXT "keep"`, `prereq yxrrset contoso.example. TXT "v=spf1 " "-all"`}},
		{"a new set", of(nil, recordList(t, keep)),
			[]string{`update add contoso.example. 3600 TXT "keep"`},
			[]string{"prereq nxrrset contoso.example. TXT", "prereq nxrrset contoso.example. CNAME"}},
		{"a new alias", of(nil, recordList(t, "a.contoso.example. 60 IN CNAME x.example.")),
			[]string{"update add a.contoso.example. 60 CNAME x.example."},
			[]string{"prereq nxrrset a.contoso.example. CNAME", "prereq nxdomain a.contoso.example."}},
		{"a name that Knot reads only with an escape", of(nil, recordList(t, `a+b.contoso.example. 60 IN MX 10 it's.example.`)),
			[]string{`update add a\+b.contoso.example. 60 MX 10 it\'s.example.`},
			[]string{`prereq nxrrset a\+b.contoso.example. MX`, `prereq nxrrset a\+b.contoso.example. CNAME`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			out := written(t, "nsupdate", test.batch)
			if got := lines(out, "update"); !slices.Equal(got, test.update) {
				t.Errorf("%q, want %q", got, test.update)
			}
			if got := lines(out, "prereq"); !slices.Equal(got, test.prereq) {
				t.Errorf("%q, want %q", got, test.prereq)
			}
			if !strings.HasSuffix(out, "\nsend\n") || strings.Count(out, "\nsend\n") != 1 {
				t.Errorf("not one message:\n%s", out)
			}
		})
	}
}

// A panel names which record becomes which, and leaves alone what stays.
func TestPanelSteps(t *testing.T) {
	t.Parallel()
	txt := func(s string) string { return `contoso.example. 3600 IN TXT "` + s + `"` }
	for _, test := range []struct {
		name     string
		old, now []string
		want     []string
	}{
		{"by purpose", []string{txt("a=1"), txt("V=spf1 -all"), txt("b=1")}, []string{txt("b=2"), txt("v=spf1 ~all"), txt("a=1")},
			[]string{"leave this record as it is: a=1", "change this record ...: V=spf1 -all", "... into this one: v=spf1 ~all", "change this record ...: b=1", "... into this one: b=2"}},
		{"two become one", []string{txt("v=spf1 a -all"), txt("v=spf1 mx -all")}, []string{txt("v=spf1 a mx -all")},
			[]string{"change this record ...: v=spf1 a -all", "... into this one: v=spf1 a mx -all", "delete this record: v=spf1 mx -all"}},
		{"of different purpose", []string{txt("v=spf1 a -all")}, []string{txt("v=DMARC1; p=none")},
			[]string{"delete this record: v=spf1 a -all", "add this record: v=DMARC1; p=none"}},
		{"another TTL", []string{txt("a=1"), txt("a=2")}, []string{strings.Replace(txt("a=2"), "3600", "60", 1), strings.Replace(txt("a=1"), "3600", "60", 1)},
			[]string{"change this record ...: a=1", "... into this one: a=1", "change this record ...: a=2", "... into this one: a=2"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, s := range steps(of(recordList(t, test.old...), recordList(t, test.now...)).Changes[0]) {
				got = append(got, s.action+": "+s.record.Data.(dns.TXT).Joined())
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// Hints come where they apply, and only there.
func TestPanelHints(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		now  []string
		want []string
	}{
		{"an address", []string{"a.contoso.example. 3600 IN A 192.0.2.1"}, nil},
		{"a short text below an underscore", []string{`_dmarc.contoso.example. 3600 IN TXT "v=DMARC1; p=none"`}, []string{"A host with an underscore"}},
		{"a long text", []string{`a.contoso.example. 3600 IN TXT "` + strings.Repeat("x", 255) + `" "y"`}, []string{"A value of over 255 octets"}},
		{"exactly 255", []string{`a.contoso.example. 3600 IN TXT "` + strings.Repeat("x", 255) + `"`}, nil},
		{"mail servers of the zone", []string{"contoso.example. 3600 IN MX 0 mx.example."}, []string{"A name in a value", `The host "@"`}},
		{"two texts of the zone", []string{`contoso.example. 3600 IN TXT "x"`, `contoso.example. 3600 IN TXT "y"`}, []string{"Several TXT records", `The host "@"`}},
		{"a key below an underscore", []string{`s1._domainkey.contoso.example. 3600 IN TXT "v=DKIM1; p="`}, []string{"A host with an underscore"}},
		{"a wildcard", []string{`*.a.contoso.example. 3600 IN TXT "x"`}, []string{`A host with "*"`}},
		{"no mail", []string{"a.contoso.example. 3600 IN MX 0 ."}, []string{`The mail server "."`, "A name in a value"}},
		{"an unusual TTL", []string{`a.contoso.example. 300 IN TXT "x"`}, []string{"A TTL"}},
		{"an alias", []string{"a.contoso.example. 3600 IN CNAME x.example."}, []string{"A name in a value", "An alias (CNAME)"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := hints(of(nil, recordList(t, test.now...)))
			if len(got) != len(test.want) {
				t.Fatalf("%q, want %q", got, test.want)
			}
			for i, h := range got {
				if !strings.HasPrefix(h, test.want[i]) {
					t.Errorf("%q, want %q", h, test.want[i])
				}
			}
		})
	}
}

// The script says what it cannot do, and then does nothing of it.
func TestPowerShellByHand(t *testing.T) {
	t.Parallel()
	alias := of(recordList(t, `a.contoso.example. 60 IN TXT "x" "y"`), nil)
	alias.Changes = append(alias.Changes, of(nil, recordList(t, "a.contoso.example. 60 IN CNAME x.example.")).Changes...)
	below := func(name string) Batch {
		b := of(nil, recordList(t, `*.a.contoso.example. 60 IN TXT "x"`))
		b.Changes = append(b.Changes, of(nil, recordList(t, name+".contoso.example. 60 IN A 192.0.2.1")).Changes...)
		return b
	}
	for _, test := range []struct {
		name     string
		batch    Batch
		commands int
		byHand   int
	}{
		{"one string", of(nil, recordList(t, `a.contoso.example. 60 IN TXT "it's"`)), 1, 0},
		{"254 characters", of(nil, recordList(t, `a.contoso.example. 60 IN TXT "`+strings.Repeat("x", 254)+`"`)), 1, 0},
		{"255 characters", of(nil, recordList(t, `a.contoso.example. 60 IN TXT "`+strings.Repeat("x", 255)+`"`)), 0, 1},
		{"two strings", of(nil, recordList(t, `a.contoso.example. 60 IN TXT "x" "y"`)), 0, 1},
		{"two strings that go", of(recordList(t, `a.contoso.example. 60 IN TXT "x" "y"`), recordList(t, `a.contoso.example. 60 IN TXT "z"`)), 0, 1},
		{"two strings that stay", of(recordList(t, `a.contoso.example. 60 IN TXT "x" "y"`), recordList(t, `a.contoso.example. 60 IN TXT "z"`, `a.contoso.example. 60 IN TXT "x" "y"`)), 1, 0},
		{"an alias that could only be made by half", alias, 0, 2},
		{"a wildcard that a new name needs", below("a"), 0, 2},
		{"a wildcard of another name", below("b"), 1, 1},
		{"no text", of(nil, recordList(t, `a.contoso.example. 60 IN TXT ""`)), 0, 1},
		{"a line end", of(nil, recordList(t, `a.contoso.example. 60 IN TXT "x\010Remove-Item"`)), 0, 1},
		{"other letters", of(nil, recordList(t, `a.contoso.example. 60 IN TXT "\226\128\152"`)), 0, 1},
		{"a null MX", of(nil, recordList(t, `contoso.example. 60 IN MX 0 .`)), 0, 1},
		{"another type", of(nil, recordList(t, `contoso.example. 60 IN CAA 0 issue ";"`)), 0, 1},
		{"a name with a quote", of(nil, recordList(t, `it's.contoso.example. 60 IN TXT "x"`)), 0, 1},
		{"addresses", of(recordList(t, `a.contoso.example. 60 IN AAAA 2001:db8::1`), recordList(t, `a.contoso.example. 60 IN AAAA 2001:db8::2`)), 2, 0},
		{"a set that moves to another TTL", of(recordList(t, `a.contoso.example. 60 IN A 192.0.2.1`), recordList(t, `a.contoso.example. 61 IN A 192.0.2.1`)), 2, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			out := written(t, "powershell-dns", test.batch)
			commands := append(lines(out, "Add-"), lines(out, "Remove-")...)
			if len(commands) != test.commands || len(lines(out, "# BY HAND")) != test.byHand || (test.byHand > 0) != strings.Contains(out, "Write-Warning") {
				t.Errorf("%d commands, %d by hand:\n%s", len(commands), len(lines(out, "# BY HAND")), out)
			}
		})
	}
}

// What comes is added before what goes is removed, but where a server cannot have
// both.
func TestPowerShellOrder(t *testing.T) {
	t.Parallel()
	first := func(b Batch) string {
		for line := range strings.Lines(written(t, "powershell-dns", b)) {
			if strings.HasPrefix(line, "Add-") || strings.HasPrefix(line, "Remove-") {
				return line[:strings.Index(line, "-")]
			}
		}
		return ""
	}
	if got := first(of(recordList(t, `a.contoso.example. 60 IN TXT "x"`), recordList(t, `a.contoso.example. 60 IN TXT "y"`))); got != "Add" {
		t.Errorf("a text: %s first", got)
	}
	if got := first(of(recordList(t, `a.contoso.example. 60 IN CNAME x.`), recordList(t, `a.contoso.example. 60 IN CNAME y.`))); got != "Remove" {
		t.Errorf("an alias: %s first", got)
	}
	if got := first(of(recordList(t, `a.contoso.example. 60 IN TXT "x"`), recordList(t, `a.contoso.example. 61 IN TXT "x"`))); got != "Remove" {
		t.Errorf("a TTL: %s first", got)
	}
}

// A tampered script is noticed: the readers hold commands against the comments.
func TestPowerShellReadBack(t *testing.T) {
	t.Parallel()
	f, _ := FormByName("powershell-dns")
	b := sample(t)
	out := written(t, f.Name, b)
	for _, change := range [][2]string{
		{"FromSeconds(3600)", "FromSeconds(360)"}, {"-DescriptiveText 'v=spf1 ip4", "-DescriptiveText 'v=spf1 ip6"},
		{"Remove-Record -Name '@' -Type 'MX'", "# Remove-Record -Name '@' -Type 'MX'"}, {"-Preference 0", "-Preference 1"}, {"Remove-Record -Name '@'", "Remove-Record -Name 'x'"},
	} {
		bad := strings.Replace(out, change[0], change[1], 1)
		sets, err := f.Read([]byte(bad), b)
		if err == nil {
			err = compare(sets, b)
		}
		if bad == out || err == nil {
			t.Errorf("%q for %q was not noticed", change[1], change[0])
		}
	}
}

// No cell begins as a formula does, whatever a spreadsheet takes for a separator,
// and the guard can be taken off again.
func TestGuard(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[;'"=+\-@ a-z\\.]{0,12}`).Draw(t, "cell")
		g := guard(s)
		if unguard(g) != s {
			t.Fatalf("%q -> %q -> %q", s, g, unguard(g))
		}
		for _, cell := range strings.Split(g, ";") {
			if bare := strings.TrimLeft(cell, " \""); bare != "" && strings.IndexByte("=+-@", bare[0]) >= 0 {
				t.Fatalf("%q has the cell %q", g, cell)
			}
		}
	})
}

func TestCSVActions(t *testing.T) {
	t.Parallel()
	b := of(recordList(t, `contoso.example. 60 IN TXT "=1+1"`, `contoso.example. 60 IN TXT "old"`), recordList(t, `contoso.example. 60 IN TXT "=1+1"`, `contoso.example. 60 IN TXT "new"`))
	rows, err := csv.NewReader(strings.NewReader(written(t, "csv", b))).ReadAll()
	want := [][]string{csvColumns, {"contoso.example", "contoso.example", "TXT", "60", "keep", `'"=1+1"`, `'"=1+1"`},
		{"contoso.example", "contoso.example", "TXT", "60", "remove", `"old"`, ""}, {"contoso.example", "contoso.example", "TXT", "60", "add", "", `"new"`}}
	if err != nil || !slices.EqualFunc(rows, want, slices.Equal[[]string]) {
		t.Errorf("%q, %v, want %q", rows, err, want)
	}
}

// JSON holds octets that are no text only in the data, and ASCII only.
func TestJSONRecords(t *testing.T) {
	t.Parallel()
	out := written(t, "json", of(nil, recordList(t, `contoso.example. 60 IN TXT "b\195\188ro" "\255"`, `contoso.example. 60 IN TXT "b\195\188ro"`)))
	if strings.ContainsFunc(out, func(r rune) bool { return r > '~' }) {
		t.Errorf("not ASCII: %s", out)
	}
	var got jsonBatch
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	list := got.Changes[0].New
	if list[0].Strings != nil || list[0].Data != `"b\195\188ro" "\255"` || !slices.Equal(list[1].Strings, []string{"büro"}) {
		t.Errorf("%+v", list)
	}
}

// Forms are what help and documentation list: each has all that these show.
func TestFormTable(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, f := range Forms {
		if f.Name == "" || f.Title == "" || !strings.HasPrefix(f.Extension, ".") || f.Write == nil || seen[f.Name] {
			t.Errorf("%+v", f)
		}
		seen[f.Name] = true
	}
	if _, ok := FormByName("none"); ok {
		t.Error("a form that is none")
	}
}
