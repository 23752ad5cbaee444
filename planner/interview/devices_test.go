package interview_test

import (
	"strings"
	"testing"

	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

func TestDeviceTable(t *testing.T) {
	t.Parallel()
	s := on(t, "2026-11-22")
	table := s.Table()
	var got []string
	for _, r := range table.Rows {
		if len(r.Cells) != len(table.Columns) {
			t.Errorf("%q has %d cells, there are %d columns", r.Cells, len(r.Cells), len(table.Columns))
		}
		line := r.Cells[0] + ": " + r.Cells[5]
		if word := r.Mark.Word(); word != "" {
			line += " (" + word + ")"
		}
		got = append(got, line)
	}
	checkText(t, "how they stand", strings.Join(got, "\n"), strings.Join([]string{
		"scanner: recommended: connector-ip (warning)",
		"scanner-branch: recommended: hve (warning)",
		"ups: vetoed (error)",
		"erp: recommended: graph (warning)",
		"old-copier: recommended: via (error)",
		"nas: ends 31 Dec 2026 (warning)",
		"unclear: 1 question (warning)",
		"dead: fits",
		"mailchimp: seen in DKIM k2._domainkey.nordwind.example to dkim2.mcsv.net, DKIM k3._domainkey.nordwind.example to dkim3.mcsv.net (note)",
	}, "\n"))
	for _, empty := range []interview.State{withDraft(t, "version: 1\n"), interviewtest.Empty()} {
		empty.At = interview.Devices
		if table := empty.Table(); len(table.Rows) != 0 || table.Empty == "" {
			t.Errorf("an empty inventory has %d rows and says %q", len(table.Rows), table.Empty)
		}
	}
}

// What the DNS names and the inventory lacks is suggested, once for all domains.
func TestDeviceSuggested(t *testing.T) {
	t.Parallel()
	s := learnt(t, interviewtest.New(t), withDraft(t, "version: 1\ndomains: [{name: nordwind.example}]\n"), "nordwind.example")
	s.At = interview.Devices
	rows := s.Table().Rows
	if len(rows) != 1 || !rows[0].Suggested || rows[0].About != aboutDevice("") {
		t.Fatalf("suggested are %+v", rows)
	}
	next := put(t, s, rows[0].About, rows[0].Answers)
	checkText(t, "taken in", changed(s, next), "+devices:\n+  - name: mailchimp\n+    kind: service\n+    method: relay:mailchimp\n+    now: relay:mailchimp\n+    from: [\"*@nordwind.example\"]\n")
	if rows := next.Table().Rows; len(rows) != 1 || rows[0].Suggested {
		t.Errorf("taken in, and there is\n%+v", rows)
	}
	other := withDraft(t, "version: 1\ndomains: [{name: nordwind.example}]\ndevices: [{name: letters, now: \"relay:mailchimp\"}]\n")
	if rows := learnt(t, interviewtest.New(t), other, "nordwind.example").Table().Rows; len(rows) > 1 {
		t.Errorf("a service under another name is suggested again:\n%+v", rows)
	}
}

func TestRecommend(t *testing.T) {
	t.Parallel()
	s := on(t, "2026-11-22")
	next, err := s.Recommend("Scanner-Branch")
	if err != nil {
		t.Fatal(err)
	}
	if got := next.Draft.Devices[1].Method; got != "hve" {
		t.Errorf("scanner-branch has %q", got)
	}
	all, err := s.Recommend("")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range all.Draft.Devices {
		got = append(got, d.Name+" "+string(d.Method))
	}
	checkText(t, "all", strings.Join(got, ", "), "scanner connector-ip, scanner-branch hve, ups direct-send, erp graph, old-copier , nas smtp-auth, unclear , dead connector-ip")
	if same, err := s.Recommend("dead"); err != nil || same.Draft != s.Draft {
		t.Errorf("what it has already changes the draft: %v", err)
	}
	for name, want := range map[string]interview.Mistake{
		"unclear":    {Message: `what fits "unclear" best is open: can it log in: not at all, with a password, or by OAuth?`, Fix: "answer what is open"},
		"old-copier": {Message: `a relay on the LAN fits "old-copier" best, and the inventory has none`, Fix: "add it as a device of that kind, then choose it"},
		"gone":       {Message: `there is no device "gone"`, Fix: "take one of the table"},
	} {
		_, err := s.Recommend(name)
		checkMistake(t, err, want)
	}
	_, err = all.Recommend("")
	checkMistake(t, err, interview.Mistake{Message: `nothing can be recommended yet for "old-copier" and "unclear"`, Fix: "answer what is open about them"})
	decided := withDraft(t, "version: 1\ndevices: [{name: x, method: hve}]\n")
	_, err = decided.Recommend("")
	checkMistake(t, err, interview.Mistake{Message: "there is no device whose method is not decided"})
}

// With a relay in the inventory the relay is recommended by its name.
func TestRecommendRelay(t *testing.T) {
	t.Parallel()
	s := put(t, on(t, "2026-11-22"), aboutDevice(""), interview.Answers{"name": "mx1", "kind": "relay", "site": "branch", "now": "smtp-auth", "auth": "oauth", "tls": "1.3", "recipients": "anyone", "method": ""})
	s, err := s.Recommend("old-copier")
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Draft.Devices[4].Method; got != "via:mx1" {
		t.Errorf("old-copier has %q", got)
	}
}
