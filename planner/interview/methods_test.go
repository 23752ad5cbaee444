package interview_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

// office is an inventory of the devices that most offices have.
const officeDevices = `version: 1
tenant: {initial_domain: nordwind.onmicrosoft.com, cloud: worldwide, inbound: direct, outbound: direct, reject_direct_send: false, security_defaults: false}
sites:
  - {name: hq, addresses: [203.0.113.10], static: true, shared: false, port25: open}
  - {name: branch, static: false, shared: false, port25: blocked}
domains: [{name: nordwind.example}]
devices:
  - {name: scanner, kind: scanner, site: hq, now: smtp-auth, from: [scan@nordwind.example], recipients: internal, auth: basic, tls: "1.2"}
  - {name: scanner-branch, kind: scanner, site: branch, now: smtp-auth, from: [scan@nordwind.example], recipients: internal, auth: basic, tls: "1.2"}
  - {name: ups, kind: ups, site: hq, now: smtp-auth, method: direct-send, from: [ups@nordwind.example], recipients: one-external, auth: basic, tls: "1.2"}
  - {name: erp, kind: application, site: hq, now: smtp-auth, from: [erp@nordwind.example], recipients: anyone, auth: oauth, tls: "1.3", https: true}
  - {name: old-copier, kind: copier, site: branch, now: direct-send, from: [copy@nordwind.example], recipients: internal, auth: none, tls: "1.0"}
  - {name: nas, kind: nas, now: smtp-auth, method: smtp-auth, from: [nas@nordwind.example], recipients: internal, auth: basic, tls: "1.2"}
  - {name: unclear, kind: alarm, site: hq, from: [alarm@nordwind.example], note: behind the door, review: is it still there}
  - {name: dead, kind: machine, site: hq, now: open-relay, method: connector-ip, from: [root@nordwind.example], recipients: internal, auth: none, tls: none}
`

func on(t testing.TB, day string) interview.State {
	t.Helper()
	s := learnt(t, interviewtest.New(t), withDraft(t, officeDevices), "nordwind.example")
	var err error
	if s.Date, err = time.Parse(time.DateOnly, day); err != nil {
		t.Fatal(err)
	}
	s.At = interview.Devices
	return s
}

// methodsText writes the options of a choice with all that they say.
func methodsText(q interview.Question) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n= %q (%s)\n", q.Text, q.Why, q.Answer, q.Basis)
	for _, o := range q.Options {
		fmt.Fprintf(&b, "- %s [%s]", o.Text, o.Value)
		if o.Recommended {
			b.WriteString(" recommended")
		}
		b.WriteString("\n")
		for _, text := range o.Against {
			fmt.Fprintf(&b, "    not: %s\n", text)
		}
		if o.Note != "" {
			fmt.Fprintf(&b, "    %s\n", o.Note)
		}
		if o.Instead != "" {
			fmt.Fprintf(&b, "    take %s\n", o.Instead)
		}
	}
	return b.String()
}

// The table of the devices and their methods, before the day on which passwords
// end by default, on it and after it.
func TestGoldenDevices(t *testing.T) {
	t.Parallel()
	for _, day := range []string{"2026-11-22", "2026-12-31", "2027-01-01"} {
		s := on(t, day)
		var b strings.Builder
		b.WriteString(tableText(s.Table()))
		for _, d := range s.Draft.Devices {
			fmt.Fprintf(&b, "\n## %s\n%s", d.Name, methodsText(ask(t, s, aboutDevice(d.Name), nil, "method")))
		}
		golden(t, "devices-"+day, b.String())
	}
}

// What the dates mean is said in plain words.
func TestMethodEnds(t *testing.T) {
	t.Parallel()
	for day, want := range map[string]string{
		"2026-11-22": "works until 31 December 2026, 39 days left",
		"2026-12-30": "works until 31 December 2026, 1 day left",
		"2026-12-31": "works until 31 December 2026: today is the last day",
		"2027-01-01": "basic authentication went off by default at the end of December 2026, 1 day ago: it is refused with 535 5.7.139, unless an administrator has re-enabled it",
	} {
		s := on(t, day)
		q := ask(t, s, aboutDevice("scanner"), nil, "method")
		i := slices.IndexFunc(q.Options, func(o interview.Option) bool { return o.Value == "smtp-auth" })
		if got := q.Options[i].Note; !strings.HasPrefix(got, want) {
			t.Errorf("on %s SMTP AUTH %q, want %q", day, got, want)
		}
		if rows := s.Table().Rows; !slices.ContainsFunc(rows[0].More, func(l interview.Line) bool { return strings.HasSuffix(l.Text, want) }) {
			t.Errorf("on %s the table does not say %q:\n%v", day, want, rows[0].More)
		}
	}
}

// What can be taken comes first, the recommended before all; each of the others
// says why it cannot, and what to take. Each is there once.
func TestMethodOptions(t *testing.T) {
	t.Parallel()
	states := []interview.State{on(t, "2026-11-22"), on(t, "2027-01-01"), interviewtest.Many(t), interviewtest.Long(t), withDraft(t, relayText)}
	for _, s := range states {
		for _, d := range s.Draft.Devices[:min(len(s.Draft.Devices), 8)] {
			q := ask(t, s, aboutDevice(d.Name), nil, "method")
			var values []string
			var against bool
			for i, o := range q.Options {
				values = append(values, o.Value)
				if o.Recommended && i != 0 {
					t.Errorf("%s: %s is recommended and is not the first", d.Name, o.Value)
				}
				if against && len(o.Against) == 0 {
					t.Errorf("%s: %s can be taken and stands behind what cannot", d.Name, o.Value)
				}
				against = len(o.Against) > 0 && o.Value != "via:" // for which a relay is lacking, no more
				if len(o.Against) == 0 && o.Instead != "" {
					t.Errorf("%s: %s can be taken, and says to take %s", d.Name, o.Value, o.Instead)
				}
			}
			slices.Sort(values)
			if len(slices.Compact(slices.Clone(values))) != len(values) || !slices.Contains(values, "") {
				t.Errorf("%s: the methods are %q", d.Name, values)
			}
			checkEach(t, s, d.Name, q)
		}
	}
}

// checkEach takes each option.
func checkEach(t *testing.T, s interview.State, name string, q interview.Question) {
	t.Helper()
	d, _ := s.Draft.Device(name)
	for _, o := range q.Options {
		_, err := s.Put(aboutDevice(name), interview.Answers{"method": o.Value})
		var m *interview.Mistake
		switch vetoed := len(o.Against) > 0 && o.Value != string(d.Method); {
		case !vetoed && err == nil:
		case !vetoed && strings.HasSuffix(o.Value, ":") && errors.As(err, &m) && m.ID == "method_name": // which one is to be said
		case vetoed && errors.As(err, &m) && m.ID == "method" && strings.Contains(m.Message, o.Against[0]):
			if want := "take " + o.Instead; o.Instead != "" && m.Fix != want {
				t.Errorf("%s: in the place of %s %q, want %q", name, o.Value, m.Fix, want)
			}
		default:
			t.Errorf("%s: %s, against which is %q: %v", name, o.Value, o.Against, err)
		}
	}
}

func TestMethodThatNames(t *testing.T) {
	t.Parallel()
	s := on(t, "2026-11-22")
	next := put(t, s, aboutDevice("scanner"), interview.Answers{"method": "relay:", "method_name": "brevo"})
	if got := next.Draft.Devices[0].Method; got != "relay:brevo" {
		t.Errorf("the method is %q", got)
	}
	// A service that wants a login is none for what cannot log in.
	_, err := s.Put(aboutDevice("old-copier"), interview.Answers{"method": "relay:", "method_name": "brevo"})
	var m *interview.Mistake
	if !errors.As(err, &m) || !strings.Contains(m.Message, "it cannot log in") {
		t.Errorf("Brevo for a copier that cannot log in: %v", err)
	}
	_, err = s.Put(aboutDevice("scanner"), interview.Answers{"method": "via:"})
	checkMistake(t, err, interview.Mistake{ID: "method", Message: "relay on the LAN in front cannot be taken: the inventory has no relay yet: add it as a device of that kind first",
		Fix: "take SMTP relay by a connector with the address (connector-ip)"})
	s = withDraft(t, relayText)
	q := ask(t, s, aboutDevice("scanner"), interview.Answers{"now": "via:"}, "now_name")
	if q.Answer != "mx1" || q.Basis != "the only one: a relay on the LAN, which hands on mail of others" {
		t.Errorf("%q is proposed: %q", q.Answer, q.Basis)
	}
	if got := put(t, s, aboutDevice("scanner"), interview.Answers{"now": "relay:", "now_name": ""}).Draft.Devices[1].Now; got != "" {
		t.Errorf("a service that is not known is %q", got)
	}
}

// The advice of a form is that of the whole inventory, though only the devices
// around are judged.
func TestAdviceAround(t *testing.T) {
	t.Parallel()
	for _, s := range []interview.State{on(t, "2026-11-22"), interviewtest.Many(t), withDraft(t, relayText)} {
		for _, row := range s.Table().Rows {
			if row.Suggested {
				continue
			}
			d, _ := s.Draft.Device(row.About.Name)
			q := ask(t, s, row.About, nil, "method")
			got := "" // no recommendation
			if q.Options[0].Recommended {
				got = "recommended: " + strings.TrimSuffix(q.Options[0].Value, ":")
			}
			if stands := row.Cells[5]; d.Method == "" && strings.HasPrefix(stands, "recommended") != (got != "") || strings.HasPrefix(stands, "recommended") && stands != got {
				t.Errorf("%s: the table says %q, the form %q", d.Name, stands, got)
			}
		}
	}
}
