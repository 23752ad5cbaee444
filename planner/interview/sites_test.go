package interview_test

import (
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

func aboutSite(name string) interview.Subject {
	return interview.Subject{Of: interview.OfSite, Name: name}
}

const sitesText = `version: 1
# where we are
sites:
  # the main one
  - name: hq # Hauptsitz
    addresses:
      - 203.0.113.10 # fibre
      - 2001:db8:1::/48
    static: true # by contract
    ipv6: true
  - {name: branch, addresses: [], static: false, port25: blocked} # DSL
domains: [{name: nordwind.example}]
devices:
  - {name: scanner, site: HQ, from: [scan@nordwind.example]} # main
  - name: fax
    site: hq # too
    from: [fax@nordwind.example]
`

func TestSitePut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, site string
		given      interview.Answers
		want       string
	}{
		{"nothing", "hq", nil, ""},
		{"the same", "HQ", interview.Answers{"name": "hq", "addresses": "203.0.113.10 2001:db8:1::/48", "static": "true"}, ""},
		{"an address more", "hq", interview.Answers{"addresses": "203.0.113.10, 203.0.113.16/29, 2001:db8:1::/48"}, "+      - 203.0.113.16/29\n"},
		{"an address less", "hq", interview.Answers{"addresses": "203.0.113.10/32"}, "-      - 2001:db8:1::/48\n"},
		{"no address", "hq", interview.Answers{"addresses": " "}, "-      - 203.0.113.10 # fibre\n-      - 2001:db8:1::/48\n"},
		{"not known any more", "hq", interview.Answers{"static": "", "shared": "false"}, "-    static: true # by contract\n+    static: unknown # by contract\n+    shared: false\n"},
		{"a term of SPF is pasted", "branch", interview.Answers{"addresses": "ip4:198.51.100.7"},
			"-  - {name: branch, addresses: [], static: false, port25: blocked} # DSL\n+  - {name: branch, addresses: [198.51.100.7], static: false, port25: blocked} # DSL\n"},
		{"another name", "hq", interview.Answers{"name": "Köln: Süd", "port25": "open"}, `-  - name: hq # Hauptsitz
-  - {name: scanner, site: HQ, from: [scan@nordwind.example]} # main
-    site: hq # too
+  - name: "Köln: Süd" # Hauptsitz
+    port25: open
+  - {name: scanner, site: "Köln: Süd", from: [scan@nordwind.example]} # main
+    site: "Köln: Süd" # too
`},
		{"a new one", "", interview.Answers{"addresses": "198.51.100.7", "static": "true"}, "+  - name: office\n+    addresses: [198.51.100.7]\n+    static: true\n"},
		{"a new one of which nothing is known", "", interview.Answers{"name": " home "}, "+  - name: home\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := withDraft(t, sitesText)
			checkText(t, "draft", changed(s, put(t, s, aboutSite(c.site), c.given)), c.want)
		})
	}
}

func TestSiteMistakes(t *testing.T) {
	t.Parallel()
	const public = "type the public address: run curl https://ifconfig.me on a computer at the site, or open a page there that tells your address"
	const address = "type an address such as 203.0.113.10, or a range such as 203.0.113.8/29"
	for _, c := range []struct {
		site    string
		id      interview.ID
		answer  string
		message string
		fix     string
	}{
		{"branch", "name", "Hq", `"hq" is there already: names differ in more than case`, "type another name"},
		{"", "name", "branch", `"branch" is there already: names differ in more than case`, "type another name"},
		{"hq", "name", "", "it has no name", "type a name"},
		{"hq", "name", "a\x1bb", `"a\x1bb" holds what cannot be shown`, "type a name of letters, digits, blanks and signs"},
		{"hq", "name", strings.Repeat("ü", 65), `"` + strings.Repeat("ü", 65) + `" is longer than 64 characters`, "type a shorter name"},
		{"branch", "addresses", "192.168.1.5", `"192.168.1.5" is private: nobody on the internet sees it`, public},
		{"branch", "addresses", "fd00::1", `"fd00::1" is private: nobody on the internet sees it`, public},
		{"branch", "addresses", "100.64.3.1", `"100.64.3.1" is an address of carrier-grade NAT: the internet sees another one, which customers share`, public},
		{"branch", "addresses", "mail.contoso.com", `"mail.contoso.com" is no IP address: expected an address or a range such as 203.0.113.10 or 203.0.113.8/29`, address},
		{"branch", "addresses", "198.51.100.9/29", `"198.51.100.9/29" has bits of a host: the range that holds it is 198.51.100.8/29, the address alone 198.51.100.9`, address},
		{"branch", "addresses", "198.0.0.0/8", `"198.0.0.0/8" is wider than any site`, "type a range no wider than /16, or /32 for IPv6"},
		{"branch", "addresses", "2001:db8::/31", `"2001:db8::/31" is wider than any site`, "type a range no wider than /16, or /32 for IPv6"},
		{"branch", "addresses", "198.51.100.7, 198.51.100.0/24", "198.51.100.7 and 198.51.100.0/24 overlap", "leave out the smaller of them"},
		{"branch", "addresses", "203.0.113.8/29", `203.0.113.8/29 is of the site "hq", which has 203.0.113.10: an address belongs to one site`, "take it away there first, or leave it out here"},
		{"hq", "static", "perhaps", `"perhaps" is none of the answers`, "take yes, no or not known"},
		{"hq", "port25", "25", `"25" is none of the answers`, "take open, blocked or not known"},
	} {
		s := withDraft(t, sitesText)
		next, err := s.Put(aboutSite(c.site), interview.Answers{c.id: c.answer})
		checkMistake(t, err, interview.Mistake{ID: c.id, Message: c.message, Fix: c.fix})
		checkText(t, c.answer, string(next.Draft.Bytes()), sitesText)
	}
	s := withDraft(t, sitesText)
	_, err := s.Put(aboutSite("hall"), nil)
	checkMistake(t, err, interview.Mistake{Message: `there is no site "hall"`, Fix: "choose one of the list"})
	_, err = withDraft(t, "version: 1\nsites: [{name: a, ipv6: false}]\n").Put(aboutSite("a"), interview.Answers{"addresses": "2001:db8::1"})
	checkMistake(t, err, interview.Mistake{Message: "ipv6: the site has the IPv6 addresses 2001:db8::1: expected true, or the addresses without them"})
}

func TestSiteQuestions(t *testing.T) {
	t.Parallel()
	s := interviewtest.Office(t)
	if q := ask(t, s, aboutSite(""), nil, "name"); q.Answer != "office" || q.Basis == "" {
		t.Errorf("a new one: %+v", q)
	}
	s = put(t, s, aboutSite(""), nil)
	if q := ask(t, s, aboutSite(""), nil, "name"); q.Answer != "office-2" {
		t.Errorf("one more: %q", q.Answer)
	}
	if q := ask(t, s, aboutSite(""), nil, "port25"); !strings.Contains(q.Why, "Test-NetConnection nordwind-example.mail.protection.outlook.com -Port 25") {
		t.Errorf("no test: %s", q.Why)
	}
	if got := s.Questions(aboutSite("nowhere"), nil); got != nil {
		t.Errorf("about a site that there is not: %v", got)
	}
	for _, q := range s.Questions(aboutSite("hq"), nil) {
		if q.Why == "" || q.Label == "" || !strings.HasSuffix(q.Text, "?") {
			t.Errorf("%s: %+v", q.ID, q)
		}
	}
}

func TestSiteCopiedAndDeleted(t *testing.T) {
	t.Parallel()
	s := withDraft(t, sitesText)
	again := put(t, s, aboutSite(""), s.Copy(aboutSite("hq")))
	checkText(t, "copy", changed(s, again), "+  - name: hq-2\n+    static: true\n")
	if s.Copy(aboutSite("nowhere")) != nil {
		t.Error("a copy of nothing")
	}

	_, err := s.Delete(aboutSite("Hq"))
	checkMistake(t, err, interview.Mistake{Message: `devices are at the site "hq": scanner and fax`, Fix: "give them another site, or delete them first"})
	_, err = s.Delete(aboutSite("nowhere"))
	checkMistake(t, err, interview.Mistake{Message: `there is no site "nowhere"`, Fix: "choose one of the list"})
	less, err := s.Delete(aboutSite("branch"))
	if err != nil {
		t.Fatal(err)
	}
	checkText(t, "deleted", changed(s, less), "-  - {name: branch, addresses: [], static: false, port25: blocked} # DSL\n")
}

// tableText writes a table, a line for each row.
func tableText(table interview.Table) string {
	var b strings.Builder
	b.WriteString(strings.Join(table.Columns, " | ") + "\n")
	for _, r := range table.Rows {
		b.WriteString(strings.Join(r.Cells, " | "))
		if r.Suggested {
			b.WriteString(" ?")
		}
		if word := r.Mark.Word(); word != "" {
			b.WriteString(" (" + word + ")")
		}
		b.WriteString("\n")
		for _, l := range r.More {
			b.WriteString("  " + strings.TrimLeft(l.Mark.Word()+": "+l.Text, ": ") + "\n")
		}
	}
	return b.String()
}

func TestSiteTable(t *testing.T) {
	t.Parallel()
	s := withDraft(t, sitesText)
	s.At = interview.Sites
	checkText(t, "table", tableText(s.Table()), `Site | Public addresses | Fixed | Shared | Port 25
hq | 203.0.113.10, 2001:db8:1::/48 | yes | not known | not known (unknown)
  unknown: Whether its addresses can stand in SPF or in a connector depends on what is not known yet.
  Devices here: scanner and fax.
branch | none | no | not known | blocked
  Its addresses change: they cannot stand in SPF or in a connector.
  Port 25 is blocked: Direct Send, connectors and own servers cannot be used from here.
  No device is here.
`)
	if empty := (interview.State{At: interview.Sites}).Table(); len(empty.Rows) != 0 || empty.Empty == "" {
		t.Errorf("empty: %+v", empty)
	}
}

// Addresses that SPF allows are offered, unless a site has them.
func TestSitesSuggested(t *testing.T) {
	t.Parallel()
	s := begun(t, "bergen-vogtland.example", "moving.example", "nordwind.example")
	s.At = interview.Sites
	checkText(t, "table", tableText(s.Table()), `Site | Public addresses | Fixed | Shared | Port 25
office | 203.0.113.12 | not known | not known | not known ?
  note: SPF of bergen-vogtland.example allows ip4:203.0.113.12: is it yours?
office-2 | 2001:db8:bc::10 | not known | not known | not known ?
  note: SPF of bergen-vogtland.example allows ip6:2001:db8:bc::10: is it yours?
office-3 | 203.0.113.14 | not known | not known | not known ?
  note: SPF of moving.example allows ip4:203.0.113.14: is it yours?
office-4 | 203.0.113.10 | not known | not known | not known ?
  note: SPF of nordwind.example allows ip4:203.0.113.10: is it yours?
`)
	rows := s.Table().Rows
	s = put(t, s, rows[2].About, rows[2].Answers)
	s.At = interview.Sites
	if site, ok := s.Draft.Site("office-3"); !ok || len(site.Addresses) != 1 || site.Static != inventory.Unknown {
		t.Errorf("taken: %+v", s.Draft.Sites)
	}
	if got := len(s.Table().Rows); got != 4 {
		t.Errorf("%d rows, want one site and three hints", got)
	}
}

// Whether an address can be authorised is said in plain words.
func TestSiteUse(t *testing.T) {
	t.Parallel()
	for fields, want := range map[string]string{
		"static: true, shared: true, addresses: [198.51.100.7]": "Strangers share its addresses: they cannot stand in SPF or in a connector.",
		"static: false, addresses: [198.51.100.7]":              "Its addresses change: they cannot stand in SPF or in a connector.",
		"static: true":  "warning: It has a fixed address, but none is given: name it, so that it can stand in SPF or in a connector.",
		"shared: false": "It has no public address that could stand in SPF or in a connector.",
		"static: true, shared: false, addresses: [198.51.100.7]": "ok: Its addresses can stand in SPF and in a connector.",
		"static: true, addresses: [198.51.100.7]":                "unknown: Whether its addresses can stand in SPF or in a connector depends on what is not known yet.",
	} {
		s := withDraft(t, "version: 1\nsites: [{name: a, "+fields+"}]\n")
		s.At = interview.Sites
		got, _, _ := strings.Cut(shownLines(s.Table().Rows[0].More), "\n")
		checkText(t, fields, got, want)
	}
}

// One address that several domains allow, and one that no site can have.
func TestSiteHints(t *testing.T) {
	t.Parallel()
	w := interviewtest.New(t)
	more, err := dns.ParseZones(`$ORIGIN hints.example.
@ 60 IN SOA ns1.dns-kontor.example. hostmaster.dns-kontor.example. 1 7200 3600 1209600 300
@ 60 IN NS ns1.dns-kontor.example.
@ 60 IN TXT "v=spf1 ip4:203.0.113.10 ip4:203.0.0.0/8 ip4:10.0.0.1 ip4:203.0.113.11 ~all"
`, "hints.zone")
	if err != nil {
		t.Fatal(err)
	}
	if w.DNS, err = dns.MergeZones(more, w.DNS.(*dns.Zones)); err != nil {
		t.Fatal(err)
	}
	s := learnt(t, w, interviewtest.Empty(), "hints.example", "nordwind.example")
	s.At = interview.Sites
	checkText(t, "table", tableText(s.Table()), `Site | Public addresses | Fixed | Shared | Port 25
office | 203.0.113.10 | not known | not known | not known ?
  note: SPF of hints.example allows ip4:203.0.113.10: is it yours?
  note: SPF of nordwind.example allows ip4:203.0.113.10: is it yours?
office-2 | 203.0.113.11 | not known | not known | not known ?
  note: SPF of hints.example allows ip4:203.0.113.11: is it yours?
`)
}
