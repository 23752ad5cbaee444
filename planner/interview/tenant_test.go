package interview_test

import (
	"slices"
	"strings"
	"testing"

	"sendplan/internal/inventory"
	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

var aboutTenant = interview.Subject{Of: interview.OfTenant}

// The way out is proposed as far as the records suggest one, and never as more
// than a guess.
func TestOutboundProposed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		domains       []string
		answer, basis string
	}{
		{[]string{"nordwind.example"}, "direct", "a guess, to be confirmed: SPF includes Microsoft 365, and no gateway is named by MX, SPF or DKIM"},
		{[]string{"rheintal.example"}, "gateway:hornetsecurity", "a guess, to be confirmed: SPF or DKIM of rheintal.example name Hornetsecurity"},
		{[]string{"nordwind.example", "lahnwerk.example"}, "", "the records differ: SPF of nordwind.example names Microsoft 365 and no gateway, SPF or DKIM of lahnwerk.example name Mimecast Email Security"},
		{[]string{"rheintal.example", "lahnwerk.example"}, "", "the records differ: SPF or DKIM of rheintal.example name Hornetsecurity, SPF or DKIM of lahnwerk.example name Mimecast Email Security"},
		{[]string{"rheintal.example", "parked.example"}, "gateway:hornetsecurity", "a guess, to be confirmed: SPF or DKIM of rheintal.example name Hornetsecurity"},
		{[]string{"mx-mixed.example"}, "", "the MX record of mx-mixed.example does not lead to Microsoft 365 alone, and mail may leave elsewhere too"},
		{[]string{"nordwind.example", "mx-address.example"}, "", "the MX record of mx-address.example does not lead to Microsoft 365 alone, and mail may leave elsewhere too"},
		{[]string{"nordwind.example", "parked.example"}, "direct", "a guess, to be confirmed: SPF includes Microsoft 365, and no gateway is named by MX, SPF or DKIM"},
		{[]string{"kuestenladen.example"}, "", ""},
		{[]string{"nordwind.example", "spf-macro.example"}, "", ""},
		{[]string{"slow.example"}, "", ""},
	} {
		q := ask(t, begun(t, c.domains...), aboutTenant, nil, "outbound")
		if q.Answer != c.answer || q.Basis != c.basis {
			t.Errorf("%v: %q (%s), want %q (%s)", c.domains, q.Answer, q.Basis, c.answer, c.basis)
		}
	}
	dead := learnt(t, interviewtest.Dead(t), interviewtest.Empty(), "nordwind.example")
	if q := ask(t, dead, aboutTenant, nil, "outbound"); q.Answer != "" || q.Basis != "" {
		t.Errorf("with no answer of the DNS: %q (%s)", q.Answer, q.Basis)
	}
	said := interviewtest.Office(t)
	if q := ask(t, said, aboutTenant, nil, "outbound"); q.Answer != "direct" || q.Basis != "" {
		t.Errorf("what the inventory says: %q (%s)", q.Answer, q.Basis)
	}
}

func values(q interview.Question) string {
	var list []string
	for _, o := range q.Options {
		list = append(list, o.Value)
	}
	return strings.Join(list, " ")
}

func TestPaths(t *testing.T) {
	t.Parallel()
	options := func(s interview.State) string { return values(ask(t, s, aboutTenant, nil, "outbound")) }
	checkText(t, "none named", options(begun(t, "nordwind.example")), "direct gateway own-server ")
	checkText(t, "one named", options(begun(t, "rheintal.example")), "direct gateway:hornetsecurity gateway own-server ")
	servers := withDraft(t, `version: 1
tenant: {outbound: "own-server:MX1"}
devices: [{name: mx1, kind: relay, from: [a@b.example]}, {name: scanner, kind: scanner, from: [a@b.example]}, {name: mx2, kind: server, from: [a@b.example]}]
`)
	checkText(t, "servers", options(servers), "direct own-server:MX1 own-server:mx2 gateway ")
	checkText(t, "of the inventory", options(withDraft(t, "version: 1\ntenant: {outbound: gateway:exclaimer}\n")), "direct gateway:exclaimer gateway own-server ")

	_, err := begun(t, "nordwind.example").Put(aboutTenant, interview.Answers{"outbound": "own-server"})
	checkMistake(t, err, interview.Mistake{ID: "outbound", Message: "through a server of our own cannot be taken: no server or relay is among the devices yet",
		Fix: "take not known for now; add the server as a device, then come back"})
	_, err = begun(t, "rheintal.example").Put(aboutTenant, interview.Answers{"outbound": "gateway:nobody"})
	checkMistake(t, err, interview.Mistake{ID: "outbound", Message: `"gateway:nobody" is none of the answers`,
		Fix: "take directly from Exchange Online, through Hornetsecurity, through another gateway or signature service, through a server of our own or not known"})
}

// A gateway that the records do not name is chosen from the whole catalogue.
func TestAnotherGateway(t *testing.T) {
	t.Parallel()
	s := begun(t, "nordwind.example")
	given := interview.Answers{"outbound": "gateway"}
	checkText(t, "asked", asked(s, aboutTenant, given), "outbound outbound_gateway reject_direct_send smtp_auth")
	q := ask(t, s, aboutTenant, given, "outbound_gateway")
	if !slices.IsSortedFunc(q.Options[:len(q.Options)-1], func(a, b interview.Option) int {
		return strings.Compare(strings.ToLower(a.Text), strings.ToLower(b.Text))
	}) {
		t.Errorf("not in order: %v", values(q))
	}
	if len(q.Options) < 10 || q.Answer != "" {
		t.Errorf("%d gateways, %q proposed", len(q.Options), q.Answer)
	}
	none := put(t, s, aboutTenant, given)
	if none.Draft.Tenant.Outbound != inventory.PathUnknown {
		t.Errorf("none of these: %s", none.Draft.Tenant.Outbound)
	}
	given["outbound_gateway"] = "exclaimer"
	checkText(t, "draft", changed(s, put(t, s, aboutTenant, given)),
		"-  outbound: unknown                    # how mail leaves: direct, gateway:<id> or own-server:<device>\n"+
			"+  outbound: gateway:exclaimer                    # how mail leaves: direct, gateway:<id> or own-server:<device>\n")
}

// It asks little, because it looks first: what the DNS told is not asked.
func TestTenantAsksLittle(t *testing.T) {
	t.Parallel()
	const always = "reject_direct_send smtp_auth"
	for _, c := range []struct {
		state interview.State
		given interview.Answers
		want  string
	}{
		{begun(t, "nordwind.example"), nil, "outbound "},
		{begun(t, "nordwind.example", "kuestenladen.example"), nil, "outbound inbound "},
		{begun(t, "gcc-high.example"), nil, "outbound cloud "},
		{learnt(t, interviewtest.Dead(t), interviewtest.Empty(), "nordwind.example"), nil, "outbound inbound cloud initial_domain "},
		{changedCloud(t), nil, "outbound cloud "},
		{withDraft(t, "version: 1\n"), interview.Answers{"inbound": "gateway"}, "outbound inbound inbound_gateway cloud initial_domain "},
	} {
		checkText(t, "asked", asked(c.state, aboutTenant, c.given), c.want+always)
	}
}

// changedCloud returns an interview whose draft contradicts the DNS.
func changedCloud(t testing.TB) interview.State {
	t.Helper()
	return learnt(t, interviewtest.New(t), withDraft(t, `version: 1
tenant: {initial_domain: nordwind.onmicrosoft.com, cloud: china, inbound: direct}
domains: [{name: nordwind.example}]
`), "nordwind.example")
}

func TestTenantPut(t *testing.T) {
	t.Parallel()
	const text = `version: 1
tenant:
  outbound: direct # for now
  smtp_auth: true # they say
  # the end
domains: [{name: nordwind.example}]
`
	for _, c := range []struct {
		name  string
		given interview.Answers
		want  string
	}{
		{"nothing", nil, ""},
		{"what is there", interview.Answers{"outbound": "direct", "smtp_auth": "true", "reject_direct_send": "", "cloud": "", "inbound": "", "initial_domain": " "}, ""},
		{"other values", interview.Answers{"outbound": "gateway:mimecast", "smtp_auth": "false"}, "refused"},
		{"not known any more", interview.Answers{"outbound": "", "smtp_auth": ""},
			"-  outbound: direct # for now\n-  smtp_auth: true # they say\n+  outbound: unknown # for now\n+  smtp_auth: unknown # they say\n"},
		{"new fields", interview.Answers{"inbound": "direct", "cloud": "worldwide", "initial_domain": "Contoso", "reject_direct_send": "true"},
			"+  inbound: direct\n+  cloud: worldwide\n+  initial_domain: contoso.onmicrosoft.com\n+  reject_direct_send: true\n"},
		{"a whole name", interview.Answers{"initial_domain": "https://contoso.onmicrosoft.us/"}, "+  initial_domain: contoso.onmicrosoft.us\n"},
		{"not asked", interview.Answers{"color": "red"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := withDraft(t, text)
			next, err := s.Put(aboutTenant, c.given)
			if c.want == "refused" {
				if err == nil || string(next.Draft.Bytes()) != text {
					t.Errorf("taken: %v\n%s", err, next.Draft.Bytes())
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			checkText(t, "draft", changed(s, next), c.want)
		})
	}
	s := withDraft(t, text)
	_, err := s.Put(aboutTenant, interview.Answers{"initial_domain": "a b"})
	checkMistake(t, err, interview.Mistake{ID: "initial_domain", Message: `"a b" is not a domain name: it holds ' '`, Fix: "type a domain such as contoso.com"})
	_, err = interviewtest.Empty().Put(aboutTenant, nil)
	checkMistake(t, err, interview.Mistake{Message: "there is no inventory yet", Fix: "look at the domains first"})
}

// Each question says why it is asked, and can be answered with not known.
func TestTenantQuestionsAreWhole(t *testing.T) {
	t.Parallel()
	s := withDraft(t, "version: 1\n")
	for _, q := range s.Questions(aboutTenant, interview.Answers{"outbound": "gateway", "inbound": "gateway"}) {
		if q.Why == "" || q.Label == "" || !strings.HasSuffix(q.Text, "?") {
			t.Errorf("%s: %+v", q.ID, q)
		}
		if q.Kind == interview.Choice && !slices.ContainsFunc(q.Options, func(o interview.Option) bool { return o.Value == "" }) {
			t.Errorf("%s cannot be left open", q.ID)
		}
	}
}
