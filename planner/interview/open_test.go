package interview_test

import (
	"strings"
	"testing"

	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

var aboutOpen = interview.Subject{Of: interview.OfOpen}

const openText = `version: 1
tenant: {initial_domain: nordwind.onmicrosoft.com, inbound: direct, outbound: direct} # ours
sites: [{name: hq, addresses: [203.0.113.10]}, {name: lab}]
domains: [{name: nordwind.example}]
devices:
  - {name: scanner, kind: scanner, site: hq, now: smtp-auth, from: [scan@nordwind.example], recipients: internal, auth: basic, tls: "1.2"}
  - {name: copier, kind: copier, site: hq, method: direct-send, from: [copy@nordwind.example]}
  - {name: lost, kind: nas, from: [nas@nordwind.example], recipients: anyone, auth: none}
  - {name: mx1, kind: relay, site: lab, method: connector-ip, from: [mx1@nordwind.example]}
  - {name: plc, kind: machine, site: hq, method: via:mx1, from: [plc@nordwind.example], recipients: internal, auth: none}
`

func openState(t testing.TB) interview.State {
	t.Helper()
	return learnt(t, interviewtest.New(t), withDraft(t, openText), "nordwind.example")
}

func TestOpenQuestions(t *testing.T) {
	t.Parallel()
	s := openState(t)
	checkText(t, "asked", strings.ReplaceAll(asked(s, aboutOpen, nil), " ", "\n"), strings.Join([]string{
		"tenant.reject_direct_send",
		"site.hq.static", "site.hq.shared", "site.hq.port25",
		"site.lab.static", "site.lab.shared", "site.lab.addresses", "site.lab.port25",
		"device.copier.recipients", "device.lost.site",
	}, "\n"))
	q := ask(t, s, aboutOpen, nil, "site.lab.static")
	const want = "Asked because of mx1 and plc: a connector by address wants a static, public, unshared IPv4 address; a dynamic one is not allowed. Only"
	if q.Text != "lab: Do the addresses stay the same?" || !strings.HasPrefix(q.Why, want) || q.Answer != "" {
		t.Errorf("%q, because %q, answered %q", q.Text, q.Why, q.Answer)
	}
	if got := ask(t, s, aboutOpen, interview.Answers{"site.lab.static": "true"}, "site.lab.static").Answer; got != "true" {
		t.Errorf("answered and shown as %q", got)
	}
	if got := asked(interviewtest.Empty(), aboutOpen, nil); got != "" {
		t.Errorf("without a draft there is asked %s", got)
	}
}

func TestOpenPut(t *testing.T) {
	t.Parallel()
	s := openState(t)
	for _, c := range []struct {
		given interview.Answers
		want  string
	}{
		{nil, ""},
		{interview.Answers{"tenant.reject_direct_send": "", "site.hq.static": " "}, ""},
		{interview.Answers{"tenant.reject_direct_send": "false"}, "-tenant: {initial_domain: nordwind.onmicrosoft.com, inbound: direct, outbound: direct} # ours\n" +
			"+tenant: {initial_domain: nordwind.onmicrosoft.com, inbound: direct, outbound: direct, reject_direct_send: false} # ours\n"},
		{interview.Answers{"site.lab.static": "true", "site.lab.addresses": "203.0.113.20", "device.lost.site": "hq"},
			"-sites: [{name: hq, addresses: [203.0.113.10]}, {name: lab}]\n-  - {name: lost, kind: nas, from: [nas@nordwind.example], recipients: anyone, auth: none}\n" +
				"+sites: [{name: hq, addresses: [203.0.113.10]}, {name: lab, static: true, addresses: [203.0.113.20]}]\n+  - {name: lost, kind: nas, from: [nas@nordwind.example], recipients: anyone, auth: none, site: hq}\n"},
		{interview.Answers{"device.copier.recipients": "internal"}, "-  - {name: copier, kind: copier, site: hq, method: direct-send, from: [copy@nordwind.example]}\n" +
			"+  - {name: copier, kind: copier, site: hq, method: direct-send, from: [copy@nordwind.example], recipients: internal}\n"},
	} {
		next := put(t, s, aboutOpen, c.given)
		got := strings.NewReplacer("addresses: [203.0.113.20], static: true", "static: true, addresses: [203.0.113.20]").Replace(changed(s, next))
		checkText(t, "changes", got, c.want)
	}
	for id, want := range map[interview.ID]interview.Mistake{
		"site.hq.static":     {ID: "site.hq.static", Message: `"perhaps" is none of the answers`, Fix: "take yes, no or not known"},
		"site.lab.addresses": {ID: "site.lab.addresses", Message: `"perhaps" is no IP address: expected an address or a range such as 203.0.113.10 or 203.0.113.8/29`, Fix: "type an address such as 203.0.113.10, or a range such as 203.0.113.8/29"},
	} {
		_, err := s.Put(aboutOpen, interview.Answers{id: "perhaps"})
		checkMistake(t, err, want)
	}
}

// Answering all that is open, again and again, comes to an end, with a method for
// each device or nothing that fits it.
func TestOpenEnds(t *testing.T) {
	t.Parallel()
	answers := map[string]string{
		"reject_direct_send": "false", "static": "true", "shared": "false", "port25": "open", "recipients": "internal", "auth": "basic", "tls": "1.2", "https": "false", "certificate": "false",
		"cloud": "worldwide", "licences": "40", "per_day": "20",
	}
	free := 30
	for _, s := range []interview.State{openState(t), on(t, "2026-11-22"), on(t, "2027-01-01"), interviewtest.Many(t)} {
		s.At = interview.Devices
		for round := 0; ; round++ {
			given := interview.Answers{}
			for _, q := range s.Questions(aboutOpen, nil) {
				parts := strings.Split(string(q.ID), ".")
				given[q.ID] = answers[parts[len(parts)-1]]
				switch parts[len(parts)-1] {
				case "addresses":
					free++
					given[q.ID] = "198.51.100." + string(rune('0'+free/10)) + string(rune('0'+free%10))
				case "site":
					given[q.ID] = q.Options[0].Value
				case "basic_smtp":
					given[q.ID] = "true"
				}
			}
			if len(given) == 0 {
				break
			}
			if round == 6 {
				t.Fatalf("still open: %v", given)
			}
			s = put(t, s, aboutOpen, given)
		}
		for _, r := range s.Table().Rows {
			if strings.Contains(r.Cells[5], "question") {
				t.Errorf("%s has %s, and nothing is asked", r.Cells[0], r.Cells[5])
			}
		}
	}
}
