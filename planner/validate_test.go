package planner

import (
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/method"
	"sendplan/internal/survey"
)

// sender is an inventory with one server that sends for itself.
const sender = `version: 1
tenant: {outbound: direct}
sites:
  - {name: hq, addresses: [203.0.113.10], static: true, shared: false, port25: open}
domains:
  - name: nordwind.example
devices:
  - {name: erp, site: hq, method: own-server, now: own-server, from: [erp@nordwind.example], recipients: anyone, auth: none, tls: "1.2"}
`

// compareWith compares the zones of today with a zone file, by way of a survey.
func compareWith(t *testing.T, inventory, today, file string) Plan {
	t.Helper()
	inv, live, planned := read(t, inventory), zones(t, world(today)), zones(t, file)
	judge := func(r dns.Resolver) Plan {
		return Compare(inv, r, Unpublished(planned, planned.Apexes()[0], nil), Options{Date: day})
	}
	gathered := survey.Gather(t.Context(), live, survey.Options{}, func(r dns.Resolver) { judge(r) })
	fromSurvey, direct := judge(gathered), judge(live)
	if sketch(fromSurvey) != sketch(direct) || len(gathered.Lacking()) > 0 {
		t.Errorf("from the survey, which lacks %v\n%s\ndirectly\n%s", gathered.Lacking(), sketch(fromSurvey), sketch(direct))
	}
	if len(direct.Stages) > 0 {
		t.Errorf("it plans something:\n%s", sketch(direct))
	}
	return direct
}

// verdicts are what a comparison says, in short: of the device, who loses, and
// what is not known.
func verdicts(p Plan) string {
	var words []string
	for _, d := range p.Devices {
		words = append(words, d.Name+" "+string(d.Before.Right)+" -> "+string(d.After.Right)+" right "+string(d.Right))
	}
	for _, b := range p.Blocked {
		words = append(words, string(b.ID)+" "+b.Subject+": "+b.Message)
	}
	for _, u := range p.Unknown {
		words = append(words, "unknown "+u.Subject+": "+u.Message)
	}
	return strings.Join(words, "\n")
}

func TestCompare(t *testing.T) {
	t.Parallel()
	const allowed = `@ TXT "v=spf1 ip4:203.0.113.10 -all"` + "\n"
	const fine = "erp true -> true right true"
	for name, test := range map[string]struct{ today, file, want string }{
		"the same":                   {allowed, allowed, fine},
		"the device is added":        {`@ TXT "v=spf1 -all"`, allowed, "erp false -> true right true"},
		"the device goes":            {allowed, `@ TXT "v=spf1 -all"`, "sender-loses nordwind.example: the SPF record does not allow any more what that of today does: 203.0.113.10"},
		"the record goes":            {allowed, "", "erp true -> false right false"},
		"a network goes":             {`@ TXT "v=spf1 ip4:203.0.113.10 ip4:192.0.2.128/25 -all"`, allowed, "does not allow any more what that of today does: 192.0.2.128/25"},
		"part of a network goes":     {`@ TXT "v=spf1 ip4:203.0.113.10 ip4:192.0.2.128/25 -all"`, `@ TXT "v=spf1 ip4:203.0.113.10 ip4:192.0.2.128/26 -all"`, "today does: 192.0.2.192/26"},
		"another term for it":        {`@ TXT "v=spf1 ip4:203.0.113.10 a:mail.nordwind.example -all"` + "\nmail A 192.0.2.25", `@ TXT "v=spf1 ip4:203.0.113.10 ip4:192.0.2.25 -all"`, fine},
		"the address of a host goes": {`@ TXT "v=spf1 ip4:203.0.113.10 a:mail.nordwind.example -all"` + "\nmail A 192.0.2.25", `@ TXT "v=spf1 ip4:203.0.113.10 a:mail.nordwind.example -all"`, "today does: 192.0.2.25"},
		"two records become one":     {allowed + `@ TXT "v=spf1 ip4:192.0.2.25 ~all"`, `@ TXT "v=spf1 ip4:203.0.113.10 ip4:192.0.2.25 ~all"`, "erp false -> true right true"},
		"one of two records is left": {allowed + `@ TXT "v=spf1 ip4:192.0.2.25 ~all"`, allowed, "today does: 192.0.2.25"},
		"one record becomes two":     {allowed, allowed + `@ TXT "v=spf1 -all"`, "sender-loses nordwind.example: receivers would not let pass what ip4:203.0.113.10 sends"},
		"everybody is no sender":     {`@ TXT "v=spf1 ip4:203.0.113.10 +all"`, allowed, fine},
		"everybody for one":          {allowed, `@ TXT "v=spf1 +all"`, fine},
		"it depends on the message":  {`@ TXT "v=spf1 ip4:203.0.113.10 exists:%{i}.l.nordwind.example -all"`, allowed, "today does: exists:%{i}.l.nordwind.example"},
		"and stays":                  {`@ TXT "v=spf1 ip4:203.0.113.10 exists:%{i}.l.nordwind.example -all"`, `@ TXT "v=spf1 ip4:203.0.113.10 exists:%{i}.l.nordwind.example ~all"`, fine},
		"an include does not answer": {";! servfail deaf.example. TXT\n" + `@ TXT "v=spf1 ip4:203.0.113.10 include:deaf.example -all"`, `@ TXT "v=spf1 ip4:203.0.113.10 include:deaf.example -all"`, fine},
		"and is left out":            {";! servfail deaf.example. TXT\n" + `@ TXT "v=spf1 ip4:203.0.113.10 include:deaf.example -all"`, allowed, "unknown nordwind.example: what the SPF record leaves out could not be told, because TXT deaf.example was not answered"},
		"or takes a place":           {";! servfail deaf.example. TXT\n" + `@ TXT "v=spf1 ip4:203.0.113.10 ip4:192.0.2.25 -all"`, `@ TXT "v=spf1 ip4:203.0.113.10 include:deaf.example -all"`, "unknown nordwind.example: what the SPF record leaves out"},
		"today cannot be read":       {";! servfail nordwind.example. TXT", allowed, "unknown nordwind.example: its SPF record of today could not be read, so it is not known who would lose"},
		"none today":                 {"", allowed, "erp false -> true right true"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := verdicts(compareWith(t, sender, apex+test.today, apex+test.file))
			if exact := strings.HasPrefix(test.want, "erp"); exact && got != test.want && test.file != "" || !strings.Contains(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// A failure of today's DNS never makes somebody lose, and one of the file's
// targets never makes a device wrong.
func TestCompareFailureIsNoLoss(t *testing.T) {
	t.Parallel()
	const today = apex + ";! timeout mail.example. A\n;! timeout mail.example. AAAA\n" + `@ TXT "v=spf1 a:mail.example -all"`
	p := compareWith(t, sender, today, apex+`@ TXT "v=spf1 a:mail.example a:mail.example -all"`)
	if got := p.Devices[0].Right; got != method.Unknown {
		t.Errorf("right %s", got)
	}
	for _, b := range p.Blocked {
		t.Errorf("blocked: %s %s", b.ID, b.Message)
	}
}

// What the file delegates and what lies outside is asked live; names in it are
// never.
func TestUnpublished(t *testing.T) {
	t.Parallel()
	live := zones(t, world(apex+`
@ TXT "live"
gone TXT "live only"
sub NS ns.sub
ns.sub A 192.0.2.99
out CNAME there.example.
$ORIGIN sub.nordwind.example.
@ 3600 IN SOA ns host 1 7200 3600 1209600 300
@ NS ns
ns A 192.0.2.99
@ TXT "sub, live"
back CNAME www.nordwind.example.
$ORIGIN example.
there TXT "there, live"
into CNAME www.nordwind.example.
into-gone CNAME gone.nordwind.example.
`))
	file := zones(t, apex+`
@ TXT "file"
www TXT "www, file"
sub NS ns.sub
ns.sub A 192.0.2.99
x.sub TXT "hidden by the delegation"
out CNAME there.example.
in CNAME www
*.wild TXT "wild"
dead NS ns.dead.invalid.
`)
	r := Unpublished(file, "nordwind.example", nil)(live)
	for name, want := range map[dns.Name]string{
		"nordwind.example":          `"file"`,
		"www.nordwind.example":      `"www, file"`,
		"gone.nordwind.example":     "NXDOMAIN",
		"in.nordwind.example":       `> www.nordwind.example. "www, file"`,
		"a.wild.nordwind.example":   `"wild"`,
		"sub.nordwind.example":      `"sub, live"`,
		"x.sub.nordwind.example":    "NXDOMAIN",
		"back.sub.nordwind.example": `> www.nordwind.example. "www, file"`,
		"out.nordwind.example":      `> there.example. "there, live"`,
		"there.example":             `"there, live"`,
		"into.example":              `> www.nordwind.example. "www, file"`,
		"into-gone.example":         "> gone.nordwind.example. NXDOMAIN",
		"dead.nordwind.example":     "error",
	} {
		a, err := r.Lookup(t.Context(), name, dns.TypeTXT)
		var words []string
		for _, link := range a.Chain {
			words = append(words, "> "+link.Data.String())
		}
		for _, record := range a.Records {
			words = append(words, record.Data.String())
		}
		switch {
		case err != nil:
			words = []string{"error"}
		case !a.Exists:
			words = append(words, "NXDOMAIN")
		}
		if got := strings.Join(words, " "); got != want {
			t.Errorf("%s: %s, want %s (%v)", name, got, want, err)
		}
	}
}

// A zone that nobody serves yet is judged by its file.
func TestCompareNewZone(t *testing.T) {
	t.Parallel()
	inventory := strings.ReplaceAll(sender, "nordwind.example", "fresh.example")
	file := strings.ReplaceAll(apex, "nordwind.example", "fresh.example") + `@ TXT "v=spf1 ip4:203.0.113.10 -all"`
	p := compareWith(t, inventory, apex, file)
	if len(p.Blocked) > 0 || p.Devices[0].After.Right != method.True {
		t.Errorf("%s", verdicts(p))
	}
}
