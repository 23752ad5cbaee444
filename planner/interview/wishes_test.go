package interview_test

import (
	"slices"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

func aboutWishes(name string) interview.Subject {
	return interview.Subject{Of: interview.OfDomain, Name: name}
}

const wishesText = `version: 1
domains:
  - name: bücher.example # the shop
    # as agreed
    dmarc: {target: reject, rua: [mailto:d@bücher.example]} # in May
    ttl: {during: 300, normal: 3600}
  - {name: nordwind.example, spf: {all: softfail}}
  - {name: parked.example, parked: true}
devices:
  - {name: scanner, from: [scan@nordwind.example]}
  - {name: fax, from: [fax@fax.example], mail_from: bounce@bücher.example}
`

func TestWishesPut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, domain string
		given        interview.Answers
		want         string
	}{
		{"nothing", "bücher.example", nil, ""},
		{"the same", "xn--bcher-kva.example", interview.Answers{"target": "reject", "rua": "<d@BÜCHER.example>", "all": "keep", "parked": "false"}, ""},
		{"parked and the rest stays", "parked.example", interview.Answers{"target": "none", "all": "fail"}, ""},
		{"a goal", "nordwind.example", interview.Answers{"target": "quarantine"},
			"-  - {name: nordwind.example, spf: {all: softfail}}\n+  - {name: nordwind.example, spf: {all: softfail}, dmarc: {target: quarantine}}\n"},
		{"reports more", "bücher.example", interview.Answers{"rua": "d@bücher.example mailto:x@reports.example"},
			"-    dmarc: {target: reject, rua: [mailto:d@bücher.example]} # in May\n+    dmarc: {target: reject, rua: [mailto:d@bücher.example, mailto:x@reports.example]} # in May\n"},
		{"reports as they are", "bücher.example", interview.Answers{"rua": ""},
			"-    dmarc: {target: reject, rua: [mailto:d@bücher.example]} # in May\n+    dmarc: {target: reject, rua: []} # in May\n"},
		{"an end", "nordwind.example", interview.Answers{"all": "fail"},
			"-  - {name: nordwind.example, spf: {all: softfail}}\n+  - {name: nordwind.example, spf: {all: fail}}\n"},
		{"used again", "parked.example", interview.Answers{"parked": "false"},
			"-  - {name: parked.example, parked: true}\n+  - {name: parked.example, parked: false}\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := withDraft(t, wishesText)
			checkText(t, "draft", changed(s, put(t, s, aboutWishes(c.domain), c.given)), c.want)
		})
	}
}

func TestWishesMistakes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		domain string
		given  interview.Answers
		want   interview.Mistake
	}{
		{"nordwind.example", interview.Answers{"parked": "true"}, interview.Mistake{ID: "parked", Message: "parked cannot be taken: scanner writes as it", Fix: "take used, or change these devices first"}},
		{"bücher.example", interview.Answers{"parked": "true"}, interview.Mistake{ID: "parked", Message: "parked cannot be taken: fax has it in MAIL FROM", Fix: "take used, or change these devices first"}},
		{"nordwind.example", interview.Answers{"target": "p=reject"}, interview.Mistake{ID: "target", Message: `"p=reject" is none of the answers`, Fix: "take as it is, none, quarantine or reject"}},
		{"nordwind.example", interview.Answers{"all": "-all"}, interview.Mistake{ID: "all", Message: `"-all" is none of the answers`, Fix: "take as it is, ~all (softfail) or -all (fail)"}},
		{"nordwind.example", interview.Answers{"rua": "nordwind.example"}, interview.Mistake{ID: "rua", Message: `"nordwind.example" is no mail address: it has no @`, Fix: "type an address such as scan@contoso.com"}},
		{"nordwind.example", interview.Answers{"rua": "größe@nordwind.example"}, interview.Mistake{ID: "rua",
			Message: `"größe@nordwind.example" cannot get reports: before the @ only ASCII letters, digits and signs other than ! are possible`, Fix: "type another address"}},
		{"nordwind.example", interview.Answers{"rua": "a@b@c.example"}, interview.Mistake{ID: "rua",
			Message: `"a@b@c.example" is no mail address: "b@c.example" is not a domain name: it holds '@'`, Fix: "type a bare address, without a name before it"}},
		{"nordwind.example", interview.Answers{"rua": "a@parked.example"}, interview.Mistake{Message: "rua: parked.example is parked (line 8), so it takes no mail: expected an address that reports can reach"}},
		{"other.example", nil, interview.Mistake{Message: `the inventory has no domain "other.example"`, Fix: "choose one of the list"}},
	} {
		s := withDraft(t, wishesText)
		next, err := s.Put(aboutWishes(c.domain), c.given)
		checkMistake(t, err, c.want)
		checkText(t, "draft", string(next.Draft.Bytes()), wishesText)
		if len(next.Answered) != 0 {
			t.Errorf("%v counts as answered", next.Answered)
		}
	}
}

func recommended(q interview.Question) string {
	i := slices.IndexFunc(q.Options, func(o interview.Option) bool { return o.Recommended })
	if i < 0 {
		return "nothing"
	}
	return q.Options[i].Value
}

func TestGoalProposed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ domain, today, answer, basis, recommended string }{
		{"nordwind.example", "p=reject", "keep", "", "keep"},
		{"no-dmarc.example", "no record", "none", "there is no record, and none changes nothing for your mail", "none"},
		{"dmarc-none.example", "p=none", "keep", "", "quarantine"},
		{"dmarc-two.example", "no record", "none", "there is no record, and none changes nothing for your mail", "none"},
		{"servfail.example", "not known", "keep", "", "nothing"},
	} {
		q := ask(t, begun(t, c.domain), aboutWishes(c.domain), nil, "target")
		if q.Answer != c.answer || q.Basis != c.basis || recommended(q) != c.recommended || !strings.HasPrefix(q.Options[0].Note, "today: "+c.today) {
			t.Errorf("%s: %q (%s), %s is recommended; %s", c.domain, q.Answer, q.Basis, recommended(q), q.Options[0].Note)
		}
	}
}

// A goal below the policy of today is possible, and said to be one.
func TestGoalLooser(t *testing.T) {
	t.Parallel()
	for domain, want := range map[string]string{"nordwind.example": "none quarantine", "dmarc-none.example": "", "no-dmarc.example": "", "servfail.example": ""} {
		var looser []string
		for _, o := range ask(t, begun(t, domain), aboutWishes(domain), nil, "target").Options {
			if strings.Contains(o.Note, "looser than today") {
				looser = append(looser, o.Value)
			}
		}
		checkText(t, domain, strings.Join(looser, " "), want)
	}
}

// Who wants to do without a record is not led to one again and again.
func TestGoalStays(t *testing.T) {
	t.Parallel()
	s := begun(t, "no-dmarc.example")
	about := aboutWishes("no-dmarc.example")
	kept := put(t, s, about, interview.Answers{"target": "keep"})
	again := put(t, kept, about, nil)
	checkText(t, "draft", string(again.Draft.Bytes()), string(s.Draft.Bytes()))
	if taken := put(t, s, about, nil); taken.Draft.Domains[0].DMARC.Target != "none" {
		t.Errorf("proposed, and not written: %+v", taken.Draft.Domains[0])
	}
}

func TestParkedProposed(t *testing.T) {
	t.Parallel()
	s := begun(t, "parked.example", "nordwind.example")
	if q := ask(t, s, aboutWishes("parked.example"), nil, "parked"); q.Answer != "true" || q.Basis != "its MX and SPF records refuse all mail" {
		t.Errorf("%q (%s)", q.Answer, q.Basis)
	}
	checkText(t, "asked", asked(s, aboutWishes("parked.example"), nil), "parked")
	checkText(t, "asked", asked(s, aboutWishes("parked.example"), interview.Answers{"parked": "false"}), "parked target rua all")
	used := put(t, s, aboutWishes("parked.example"), interview.Answers{"parked": "false"})
	checkText(t, "asked again", asked(used, aboutWishes("parked.example"), nil), "parked target rua all")
	if q := ask(t, s, aboutWishes("nordwind.example"), nil, "parked"); q.Answer != "false" || q.Basis != "" {
		t.Errorf("%q (%s)", q.Answer, q.Basis)
	}
}

func TestEnd(t *testing.T) {
	t.Parallel()
	for domain, want := range map[string]string{
		"nordwind.example": "~all keep", "spf-no-all.example": "no end, so neutral softfail", "plus-all.example": "+all softfail", "no-spf.example": "no SPF record keep",
		"kuestenladen.example": "the end of redirect=_spf.strato.com keep", "two-spf.example": "2 SPF records, so none counts (permerror) keep",
	} {
		q := ask(t, begun(t, domain), aboutWishes(domain), nil, "all")
		if got := strings.TrimPrefix(q.Options[0].Note, "today: ") + " " + recommended(q); got != want {
			t.Errorf("%s: %s, want %s", domain, got, want)
		}
	}
	dead := learnt(t, interviewtest.Dead(t), interviewtest.Empty(), "no-spf.example")
	if q := ask(t, dead, aboutWishes("no-spf.example"), nil, "all"); q.Options[0].Note != "today: not known" {
		t.Errorf("with no answer of the DNS: %s", q.Options[0].Note)
	}
}

func TestWishTable(t *testing.T) {
	t.Parallel()
	s := withDraft(t, wishesText+"  - {name: ups, from: [ups@other.example]}\n")
	s = learnt(t, interviewtest.New(t), s, "nordwind.example", "parked.example", "no-dmarc.example", "servfail.example", "dmarc-none.example")
	s.At = interview.Wishes
	checkText(t, "table", tableText(s.Table()), `Domain | DMARC today | Goal | SPF end
bücher.example | not looked at | p=reject | not looked at (unknown)
  Reports shall go to: d@bücher.example
nordwind.example | p=reject | as it is | ~all
  Reports go to: dmarc@nordwind.example, nordwind@rua.dmarc-lotse.example
parked.example | p=reject | parked | -all
  It shall refuse all mail, in both directions.
no-dmarc.example | no record | as it is | ~all (error)
  Reports go to: nowhere
  error: Without a DMARC policy nothing asks receivers to stop mail that only claims to be from this domain, and you do not hear of it.
servfail.example | not known | as it is | ~all (unknown)
  unknown: TXT _dmarc.servfail.example: SERVFAIL (planned fault) from zone
dmarc-none.example | p=none | as it is | ~all (warning)
  Reports go to: nowhere
`)
	if s.Table().Rows[0].About != aboutWishes("xn--bcher-kva.example") {
		t.Errorf("a row is about %v", s.Table().Rows[0].About)
	}
}

// What applies today is said with where it comes from.
func TestPolicyToday(t *testing.T) {
	t.Parallel()
	for domain, want := range map[string]string{
		"dmarc-pct.example":     "p=reject",
		"mail.nordwind.example": "p=reject at nordwind.example",
		"dmarc-typo.example":    "none, as the record has no policy that counts",
		"testing.example":       "p=reject with t=y, so quarantine",
		"unusable.example":      "a record that cannot be used",
	} {
		w := interviewtest.New(t)
		more, err := dns.ParseZones(`$ORIGIN testing.example.
@ 60 IN SOA ns1.dns-kontor.example. hostmaster.dns-kontor.example. 1 7200 3600 1209600 300
@ 60 IN NS ns1.dns-kontor.example.
@ 60 IN TXT "v=spf1 ip4:198.51.100.7 ?all"
_dmarc 60 IN TXT "v=DMARC1; p=reject; t=y"
$ORIGIN unusable.example.
@ 60 IN SOA ns1.dns-kontor.example. hostmaster.dns-kontor.example. 1 7200 3600 1209600 300
@ 60 IN NS ns1.dns-kontor.example.
@ 60 IN TXT "v=spf1 ip4:198.51.100.7 ?all"
_dmarc 60 IN TXT "v=DMARC1; p=sometimes"
$ORIGIN mail.nordwind.example.
@ 60 IN SOA ns1.dns-kontor.example. hostmaster.dns-kontor.example. 1 7200 3600 1209600 300
@ 60 IN NS ns1.dns-kontor.example.
@ 60 IN A 198.51.100.9
`, "today.zone")
		if err != nil {
			t.Fatal(err)
		}
		if w.DNS, err = dns.MergeZones(more, w.DNS.(*dns.Zones)); err != nil {
			t.Fatal(err)
		}
		s := learnt(t, w, interviewtest.Empty(), domain)
		s.At = interview.Wishes
		checkText(t, domain, s.Table().Rows[0].Cells[1], want)
	}
}

// The table shows the end that the record shall have where it is another.
func TestEndInTable(t *testing.T) {
	t.Parallel()
	s := begun(t, "nordwind.example")
	s.At = interview.Wishes
	for all, want := range map[string]string{"keep": "~all", "softfail": "~all", "fail": "~all, shall be -all"} {
		next := put(t, s, aboutWishes("nordwind.example"), interview.Answers{"all": all})
		checkText(t, all, next.Table().Rows[0].Cells[3], want)
	}
}
