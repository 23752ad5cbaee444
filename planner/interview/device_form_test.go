package interview_test

import (
	"slices"
	"strings"
	"testing"

	"sendplan/internal/inventory"
	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

// What is asked follows from what was answered.
func TestDeviceAsks(t *testing.T) {
	t.Parallel()
	office := interviewtest.Office(t)
	nowhere := withDraft(t, "version: 1\ndomains:\n  - name: nordwind.example\n")
	const usual = "name recipients kind site from now auth tls method"
	for _, c := range []struct {
		what  string
		state interview.State
		given interview.Answers
		want  string
	}{
		{"nothing yet", office, nil, strings.Replace(usual, " method", " per_day method", 1)},
		{"a scanner", office, interview.Answers{"name": "scanner-3og", "recipients": "internal"}, usual},
		{"no site to choose", nowhere, interview.Answers{"name": "scanner"}, strings.Replace(usual, " site", "", 1)},
		{"a program, whose code can be changed", nowhere, interview.Answers{"name": "erp", "recipients": "anyone"}, "name recipients kind from now auth tls https per_day method"},
		{"a service, whose login is its own matter", office, interview.Answers{"name": "crm", "kind": "service", "recipients": "anyone", "now": "relay:brevo"}, "name recipients kind from now method"},
		{"a newsletter that runs at the site", office, interview.Answers{"name": "newsletter", "site": "hq"}, usual},
		{"a service that is not named", office, interview.Answers{"name": "x", "now": "relay:"}, "name recipients kind site from now now_name auth tls per_day method"},
		{"a relay to be chosen", office, interview.Answers{"name": "scanner", "method": "relay:"}, usual + " method_name"},
	} {
		if got := asked(c.state, aboutDevice(""), c.given); got != c.want {
			t.Errorf("%s: asks\n%s, want\n%s", c.what, got, c.want)
		}
	}
	if got, want := asked(office, aboutDevice("erp"), nil), "name recipients kind site from now auth tls https per_day method"; got != want {
		t.Errorf("of a device of the draft that is asked which it says:\n%s, want\n%s", got, want)
	}
	if got := office.Questions(aboutDevice("nobody"), nil); len(got) == 0 {
		t.Error("a device that is gone has no form")
	}
}

// What is proposed says on what it rests; what the draft says, does not.
func TestDeviceProposals(t *testing.T) {
	t.Parallel()
	office := interviewtest.Office(t)
	type proposal struct{ answer, basis string }
	for _, c := range []struct {
		what  string
		given interview.Answers
		id    interview.ID
		want  proposal
	}{
		{"the only site", interview.Answers{"name": "ups"}, "site", proposal{"hq", "it is the only site"}},
		{"an address like the name", interview.Answers{"name": "Scanner Küche"}, "from", proposal{"scanner-kueche@nordwind.example", "a proposal: change it to what the device really uses"}},
		{"no letter for an address", interview.Answers{"name": "扫描仪"}, "from", proposal{}},
		{"any address of a service", interview.Answers{"name": "x", "kind": "service"}, "from", proposal{"*@nordwind.example", "a service may write as any address of the domain: narrow it if you know"}},
		{"whom it writes to is not guessed", interview.Answers{"name": "scanner"}, "recipients", proposal{}},
		{"a password, since it logs in", interview.Answers{"name": "scanner"}, "auth", proposal{"basic", "it logs in today; choose OAuth 2.0 if its settings have it"}},
		{"TLS 1.2, since it logs in", interview.Answers{"name": "scanner"}, "tls", proposal{"1.2", "it logs in today, and the usual server takes nothing older"}},
		{"Direct Send tells nothing of a login", interview.Answers{"name": "scanner", "now": "direct-send"}, "auth", proposal{}},
		{"nor of TLS", interview.Answers{"name": "scanner", "now": "direct-send", "auth": "basic"}, "tls", proposal{}},
		{"of today's method the frequent one", interview.Answers{"name": "scanner"}, "now", proposal{"smtp-auth", "a guess: what most devices do; change it if this one has no name and password in its settings"}},
		{"a service does not log in here", interview.Answers{"name": "x", "kind": "service"}, "now", proposal{}},
		{"the service that the DNS names", interview.Answers{"name": "x", "kind": "service", "now": "relay:"}, "now_name",
			proposal{"mailchimp", "the only one: seen in DKIM k2._domainkey.nordwind.example to dkim2.mcsv.net, DKIM k3._domainkey.nordwind.example to dkim3.mcsv.net"}},
	} {
		q := ask(t, office, aboutDevice(""), c.given, c.id)
		if got := (proposal{q.Answer, q.Basis}); got != c.want {
			t.Errorf("%s:\n%+v, want\n%+v", c.what, got, c.want)
		}
	}
	for _, q := range office.Questions(aboutDevice("scanner-2og"), nil) {
		if q.Basis != "" {
			t.Errorf("%s is in the draft, and rests on %q", q.ID, q.Basis)
		}
	}
	legacy := withDraft(t, "version: 1\ntenant: {legacy_tls: true}\ndomains: [{name: nordwind.example}]\n")
	if q := ask(t, legacy, aboutDevice(""), interview.Answers{"name": "scanner"}, "tls"); q.Answer != "" {
		t.Errorf("where old TLS is taken, %q is proposed", q.Answer)
	}
}

func TestSiteByName(t *testing.T) {
	t.Parallel()
	s := withDraft(t, "version: 1\nsites: [{name: hq}, {name: Halle}, {name: Halle 2}]\n")
	for name, want := range map[string]string{"scanner": "", "scanner-hq": "hq", "Scanner HALLE": "Halle", "scanner Halle 2": ""} {
		if q := ask(t, s, aboutDevice(""), interview.Answers{"name": name}, "site"); q.Answer != want {
			t.Errorf("%q is put at %q, want %q", name, q.Answer, want)
		}
	}
}

func TestDevicePut(t *testing.T) {
	t.Parallel()
	office := interviewtest.Office(t)
	for _, c := range []struct {
		what  string
		about string
		given interview.Answers
		want  string // what changes in the draft
	}{
		{"a new one, as proposed", "", interview.Answers{"name": "ups", "recipients": "one-external"},
			"+  - name: ups\n+    kind: ups\n+    site: hq\n+    method: connector-ip\n+    now: smtp-auth\n+    from: [ups@nordwind.example]\n+    recipients: one-external\n+    auth: basic\n+    tls: \"1.2\"\n"},
		{"a new one with what nobody asks", "", interview.Answers{"name": "x", "now": "", "from": "", "site": "", "auth": "", "tls": "", "method": "", "helo": "x.nordwind.example", "login": "x@nordwind.example", "mail_from": "<>", "per_minute": "3", "certificate": "true", "review": "seen once"},
			"+  - name: x\n+    mail_from: <>\n+    helo: x.nordwind.example\n+    login: x@nordwind.example\n+    certificate: true\n+    per_minute: 3\n+    review: seen once\n"},
		{"a service", "", interview.Answers{"name": "letters", "kind": "service", "now": "relay:", "now_name": "brevo", "method": ""},
			"+  - name: letters\n+    kind: service\n+    now: relay:brevo\n+    from: [\"*@nordwind.example\"]\n"},
		{"nothing", "scanner-2og", nil, ""},
		{"the same again", "scanner-2og", interview.Answers{"recipients": "internal", "kind": " scanner "}, ""},
		{"a name, whose comment stays", "scanner-2og", interview.Answers{"name": "scanner"}, "-  - name: scanner-2og # replaced in spring\n+  - name: scanner # replaced in spring\n"},
		{"what is not known", "scanner-2og", interview.Answers{"recipients": "", "per_day": "", "site": ""},
			"-    per_day: 200\n-    recipients: internal\n-    site: hq\n+    recipients: unknown\n"},
		{"a list", "scanner-2og", interview.Answers{"from": "scan@nordwind.example; <scan2@bücher.example>"},
			"-    from: [scan@nordwind.example]\n+    from: [scan@nordwind.example, scan2@xn--bcher-kva.example]\n"},
		{"the method that is proposed", "erp", nil, "+    method: graph\n"},
		{"no method", "erp", interview.Answers{"method": ""}, ""},
	} {
		next := put(t, office, aboutDevice(c.about), c.given)
		checkText(t, c.what, changed(office, next), c.want)
	}
}

func TestDeviceMistakes(t *testing.T) {
	t.Parallel()
	office := interviewtest.Office(t)
	for _, c := range []struct {
		about string
		given interview.Answers
		want  interview.Mistake
	}{
		{"", nil, interview.Mistake{ID: "name", Message: "it has no name", Fix: "type a name"}},
		{"", interview.Answers{"name": "ERP"}, interview.Mistake{ID: "name", Message: `"erp" is there already: names differ in more than case`, Fix: "type another name"}},
		{"", interview.Answers{"name": "x", "from": "scan"}, interview.Mistake{ID: "from", Message: `"scan" is no mail address: it has no @`, Fix: "type an address such as scan@contoso.com"}},
		{"", interview.Answers{"name": "x", "from": "*@localhost"}, interview.Mistake{ID: "from", Message: `"localhost" is not a whole domain: it has no dot`, Fix: "type a domain such as contoso.com"}},
		{"", interview.Answers{"name": "erp2", "per_day": "a few"}, interview.Mistake{ID: "per_day", Message: `"a few" is no number`, Fix: "type a whole number, as 200, or leave it empty"}},
		{"", interview.Answers{"name": "x", "recipients": "boss"}, interview.Mistake{ID: "recipients", Message: `"boss" is none of the answers`,
			Fix: "take mailboxes of the tenant only, one address outside the tenant, addresses of one other organisation, anyone or not known"}},
		{"", interview.Answers{"name": "x", "method": "relay:", "method_name": ""}, interview.Mistake{ID: "method_name", Message: "it is not said which one", Fix: "take one of the list, or leave the method undecided"}},
		{"gone", nil, interview.Mistake{Message: `there is no device "gone"`, Fix: "take one of the table"}},
	} {
		next, err := office.Put(aboutDevice(c.about), c.given)
		checkMistake(t, err, c.want)
		if next.Draft != office.Draft {
			t.Errorf("%v changes the draft", c.given)
		}
	}
}

const relayText = `version: 1
tenant: {outbound: own-server:MX1} # since 2019
sites: [{name: hq}]
domains: [{name: nordwind.example}]
devices:
  - {name: mx1, kind: relay, site: hq, method: own-server} # in the rack
  - name: scanner
    now: via:mx1 # port 25
    method: via:mx1
  - {name: ups, now: "via:MX1"}
`

// A name that changes changes where it is named too.
func TestDeviceRenamed(t *testing.T) {
	t.Parallel()
	s := withDraft(t, relayText)
	next := put(t, s, aboutDevice("mx1"), interview.Answers{"name": "smarthost", "method": "own-server"})
	want := strings.NewReplacer("{name: mx1", "{name: smarthost", "via:mx1", "via:smarthost", "\"via:MX1\"", "via:smarthost", "own-server:MX1", "own-server:smarthost").Replace(relayText)
	checkText(t, "renamed", string(next.Draft.Bytes()), want)
}

func TestDeviceDeleted(t *testing.T) {
	t.Parallel()
	s := withDraft(t, relayText)
	_, err := s.Delete(aboutDevice("mx1"))
	checkMistake(t, err, interview.Mistake{
		Message: `"mx1" cannot be deleted: "scanner" and "ups" hand their mail to it and the tenant's mail goes out by it`, Fix: "let them use something else first",
	})
	_, err = s.Delete(aboutDevice("gone"))
	checkMistake(t, err, interview.Mistake{Message: `there is no device "gone"`, Fix: "take one of the table"})
	for _, name := range []string{"scanner", "UPS"} {
		var err error
		if s, err = s.Delete(aboutDevice(name)); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(s.Draft.Devices); got != 1 {
		t.Errorf("%d devices are left, want 1", got)
	}
	alone := withDraft(t, "version: 1\ndevices:\n  - name: x\n")
	if alone, err = alone.Delete(aboutDevice("x")); err != nil || len(alone.Draft.Devices) != 0 {
		t.Errorf("the last device stays: %v", err)
	}
}

// A copy is the same device under another name.
func TestDeviceCopied(t *testing.T) {
	t.Parallel()
	s := withDraft(t, "version: 1\nsites: [{name: hq}]\ndevices: [{name: a, kind: nas, site: hq, method: hve, from: [a@b.example], login: a@b.example, helo: a.b.example, recipients: internal, auth: basic, tls: \"1.2\", per_day: 3, note: hot}]\n")
	given := s.Copy(aboutDevice("a"))
	if given["name"] != "" || given["login"] != "" {
		t.Errorf("the copy has the name %q and the login %q", given["name"], given["login"])
	}
	given["name"], given["now"] = "b", ""
	s = put(t, s, aboutDevice(""), given)
	want := s.Draft.Devices[0]
	want.Name, want.Login = "b", inventory.Address{}
	if got := s.Draft.Devices[1]; len(s.Draft.Devices) != 2 || got.Note != want.Note || got.HELO != want.HELO || got.Method != want.Method || got.PerDay != want.PerDay || !slices.Equal(got.From, want.From) {
		t.Errorf("the copy is\n%+v, want\n%+v", got, want)
	}
	if got := s.Copy(aboutDevice("gone")); got != nil {
		t.Errorf("a copy of nothing: %v", got)
	}
}
