package interview_test

import (
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/world"
	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

// withZones is a world that has some zones more.
func withZones(t testing.TB, text string) *interviewtest.World {
	t.Helper()
	embedded, err := world.Zones()
	if err != nil {
		t.Fatal(err)
	}
	more, err := dns.ParseZones(text, "more.zone")
	if err != nil {
		t.Fatal(err)
	}
	zones, err := dns.MergeZones(embedded, more)
	if err != nil {
		t.Fatal(err)
	}
	w := interviewtest.New(t)
	w.DNS = zones
	return w
}

// zoneOf is a zone with the records of its top.
func zoneOf(name string, records ...string) string {
	text := "$ORIGIN " + name + ".\n$TTL 3600\n@ SOA ns.dns-kontor.example. hostmaster.dns-kontor.example. 1 7200 900 1209600 300\n@ NS ns.dns-kontor.example.\n"
	return text + strings.Join(records, "\n") + "\n"
}

// A gateway that is only known to take mail, or one of two, is not proposed for the
// way out: the plan would authorise its customers.
func TestOutboundOfMixedRecords(t *testing.T) {
	t.Parallel()
	const microsoft = "include:spf.protection.outlook.com"
	w := withZones(t, zoneOf("way-in.example", "@ MX 10 eu-smtp-inbound-1.mimecast.com.", `@ TXT "v=spf1 `+microsoft+` ~all"`)+
		zoneOf("two.example", "@ MX 10 two-example.mail.protection.outlook.com.", `@ TXT "v=spf1 include:eu._netblocks.mimecast.com include:spf.hornetsecurity.com `+microsoft+` ~all"`)+
		zoneOf("one.example", "@ MX 10 one-example.mail.protection.outlook.com.", `@ TXT "v=spf1 include:eu._netblocks.mimecast.com `+microsoft+` ~all"`))
	for domain, want := range map[string][2]string{
		"way-in.example": {"", "mail for way-in.example comes in through Mimecast Email Security, but its SPF record does not name that for the way out"},
		"two.example":    {"", "the records of two.example name Mimecast Email Security and Hornetsecurity"},
		"one.example":    {"gateway:mimecast", "a guess, to be confirmed: SPF or DKIM of one.example name Mimecast Email Security"},
	} {
		s := learnt(t, w, interviewtest.Empty(), domain)
		if q := ask(t, s, aboutTenant, nil, "outbound"); q.Answer != want[0] || q.Basis != want[1] {
			t.Errorf("%s: %q (%s), want %q", domain, q.Answer, q.Basis, want)
		}
		if want[0] != "" {
			continue
		}
		if taken := put(t, s, aboutTenant, nil); taken.Draft.Tenant.Outbound != inventory.PathUnknown {
			t.Errorf("%s: taken as proposed the way out is %q", domain, taken.Draft.Tenant.Outbound)
		}
	}
}

// Domains of two tenants leave open which tenant it is about, and the look says so.
func TestTwoTenants(t *testing.T) {
	t.Parallel()
	s := begun(t, "china.example", "nordwind.example")
	if tenant := s.Draft.Tenant; tenant.Cloud != "" || tenant.InitialDomain != "" {
		t.Errorf("the draft takes one of the two: %q in %q", tenant.InitialDomain, tenant.Cloud)
	}
	checkText(t, "asked", asked(s, aboutTenant, nil), "outbound cloud initial_domain reject_direct_send smtp_auth")
	if text := pageText(pageAt(s, interview.Look)); !strings.Contains(text, "probably of several tenants") {
		t.Errorf("the look does not say so:\n%s", text)
	}
	if text := pageText(pageAt(begun(t, "nordwind.example", "parked.example"), interview.Look)); strings.Contains(text, "several tenants") {
		t.Errorf("a parked domain makes a second tenant:\n%s", text)
	}
}

// A domain that takes no mail does not hide how the others take it.
func TestParkedHasNoWayIn(t *testing.T) {
	t.Parallel()
	if got := begun(t, "parked.example", "nordwind.example").Draft.Tenant.Inbound; got != inventory.PathDirect {
		t.Errorf("the way in is %q", got)
	}
}

// Addresses that SPF allows are asked about with what speaks against a site's.
func TestSitesOfStrangers(t *testing.T) {
	t.Parallel()
	w := withZones(t, zoneOf("shop.example", "@ MX 10 mail", "mail A 198.51.100.25", `@ TXT "v=spf1 ip4:198.51.100.25 ip4:192.0.2.0/24 ip4:203.0.113.8/29 include:_spf.shop.example ~all"`,
		`_spf.shop.example. TXT "v=spf1 ip4:203.0.113.8 ~all"`))
	s := learnt(t, w, interviewtest.Empty(), "shop.example")
	s.At = interview.Sites
	var got []string
	for _, row := range s.Table().Rows {
		for _, l := range row.More {
			got = append(got, l.Text)
		}
		if row.Answers["static"] != "" || row.Answers["shared"] != "" {
			t.Errorf("%v says more than the record", row.Answers)
		}
	}
	checkText(t, "hints", strings.Join(got, "\n"), `SPF of shop.example allows ip4:198.51.100.25: is it yours?
it takes the mail of shop.example as mail.shop.example: a server, perhaps at a hoster, and no line of an office
SPF of shop.example allows ip4:192.0.2.0/24: is it yours?
192.0.2.0/24 are 256 addresses: so many are rather a provider's than a site's
SPF of shop.example allows ip4:203.0.113.8/29: is it yours?
it is among the addresses of _spf.shop.example too, which others share`)
}

// A method that is chosen counts as that of today where that is not known: neither
// enter nor the recommendation may choose it.
func TestMethodWaitsForToday(t *testing.T) {
	t.Parallel()
	s := interviewtest.Office(t)
	given := interview.Answers{"name": "fax", "recipients": "internal", "now": "", "auth": "basic", "tls": "1.2"}
	if q := ask(t, s, aboutDevice(""), given, "method"); q.Answer != "" || !strings.Contains(q.Basis, "how it sends today is not known") {
		t.Errorf("proposed is %q (%s)", q.Answer, q.Basis)
	}
	s = put(t, s, aboutDevice(""), given)
	_, err := s.Recommend("fax")
	checkMistake(t, err, interview.Mistake{Message: `how "fax" sends today is not known: the recommended method would count as that of today too`,
		Fix: "edit the device and say how it sends today, or choose the method there"})
	given["now"] = "smtp-auth"
	if q := ask(t, s, aboutDevice(""), given, "method"); q.Answer == "" {
		t.Errorf("nothing is proposed where today's is known: %s", q.Basis)
	}
}

// A website stands rarely at the office, and a gateway is no sender.
func TestNotAtTheOffice(t *testing.T) {
	t.Parallel()
	s := interviewtest.Office(t)
	for id, want := range map[interview.ID]string{"site": "", "now": "", "kind": "website"} {
		if q := ask(t, s, aboutDevice(""), interview.Answers{"name": "website"}, id); q.Answer != want {
			t.Errorf("%s of a website is proposed as %q", id, q.Answer)
		}
	}
	gateway := begun(t, "ten-lookups.example")
	gateway.At = interview.Devices
	for _, row := range gateway.Table().Rows {
		if row.Answers["name"] == "mimecast" {
			t.Error("the gateway is suggested as a device")
		}
	}
}

// Of a domain that only a device names it is told that nobody looked at it.
func TestUnlistedDomains(t *testing.T) {
	t.Parallel()
	s := put(t, interviewtest.Office(t), aboutDevice(""), interview.Answers{"name": "x", "from": "x@gmail.example, y@gmail.example", "method": ""})
	text := pageText(pageAt(s, interview.Verify))
	if n := strings.Count(text, "gmail.example is not looked at, and x writes as it"); n != 1 {
		t.Errorf("said %d times:\n%s", n, text)
	}
	if text := pageText(pageAt(interviewtest.Office(t), interview.Verify)); strings.Contains(text, "is not looked at") {
		t.Errorf("said of what was looked at:\n%s", text)
	}
}

// Who parks a domain is told what it takes away, and it is never proposed then.
func TestParkedTellsWhatItLoses(t *testing.T) {
	t.Parallel()
	q := ask(t, begun(t, "no-dmarc.example"), interview.Subject{Of: interview.OfDomain, Name: "no-dmarc.example"}, nil, "parked")
	if want := "what its records allow today would be refused: mail that nodmarc-example0e.mail.protection.outlook.com takes for it and mail from Microsoft 365"; q.Answer != "false" || !strings.Contains(q.Options[1].Note, want) {
		t.Errorf("%q: %s", q.Answer, q.Options[1].Note)
	}
	q = ask(t, begun(t, "parked.example"), interview.Subject{Of: interview.OfDomain, Name: "parked.example"}, nil, "parked")
	if q.Answer != "true" || strings.Contains(q.Options[1].Note, "refused") {
		t.Errorf("%q: %s", q.Answer, q.Options[1].Note)
	}
}
