package interview_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/survey"
	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

// tallyLine is the line of a group.
func tallyLine(t interview.Tally, group string) interview.Line {
	for _, l := range t.Lines() {
		if strings.HasPrefix(l.Text, group+" ") {
			return l
		}
	}
	return interview.Line{}
}

func TestTallyGroups(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		key   dns.Key
		group string
	}{
		{dns.Key{Name: "contoso.com", Type: dns.TypeMX}, "MX"},
		{dns.Key{Name: "contoso.com", Type: dns.TypeTXT}, "SPF"},
		{dns.Key{Name: "spf.protection.outlook.com", Type: dns.TypeTXT}, "SPF"},
		{dns.Key{Name: "selector1._domainkey.contoso.com", Type: dns.TypeTXT}, "DKIM"},
		{dns.Key{Name: "selector1._domainkey.contoso.com", Type: dns.TypeCNAME}, "DKIM"},
		{dns.Key{Name: "_dmarc.contoso.com", Type: dns.TypeTXT}, "DMARC"},
		{dns.Key{Name: "contoso.com._report._dmarc.reports.example", Type: dns.TypeTXT}, "DMARC"},
		{dns.Key{Name: "_mta-sts.contoso.com", Type: dns.TypeTXT}, "Other"},
		{dns.Key{Name: "_smtp._tls.contoso.com", Type: dns.TypeTXT}, "Other"},
		{dns.Key{Name: "default._bimi.contoso.com", Type: dns.TypeTXT}, "Other"},
		{dns.Key{Name: "contoso.com", Type: dns.TypeNS}, "Other"},
		{dns.Key{Name: "contoso.com", Type: dns.TypeA}, "Other"},
	} {
		tally := interview.Tally{}.Add(survey.Progress{Asked: 3, Answered: 1, Last: test.key})
		if l := tallyLine(tally, test.group); !strings.HasSuffix(l.Text, " 1 answer") {
			t.Errorf("%s is none of %s: %+v", test.key, test.group, tally.Lines())
		}
		if head := tally.Lines()[0].Text; !strings.HasPrefix(head, "1 of 3 answered") || !strings.HasSuffix(head, test.key.Type.String()+" "+test.key.Name.String()) {
			t.Errorf("%s: %q", test.key, head)
		}
	}
}

func TestTallyFailures(t *testing.T) {
	t.Parallel()
	key := dns.Key{Name: "contoso.com", Type: dns.TypeTXT}
	var tally interview.Tally
	first := tally
	for i, err := range []*dns.Error{nil, {Key: key, Cause: dns.ServFail, Server: "192.0.2.2"}, {Key: key, Cause: dns.Timeout, Server: "192.0.2.1"}, nil} {
		tally = tally.Add(survey.Progress{Asked: 9, Answered: i + 1, Last: key, Err: err})
	}
	if l := tallyLine(tally, "SPF"); l != (interview.Line{Mark: interview.Unknown, Indent: 1, Text: "SPF     2 answers, 2 failed: timeout from 192.0.2.1"}) {
		t.Errorf("%+v", l)
	}
	if head := tally.Lines()[0].Text; head != "2 of 9 answered, 2 failed, the last TXT contoso.com" {
		t.Errorf("%q: what failed is no answer", head)
	}
	if lines := first.Lines(); len(lines) != len(tally.Lines()) || lines[0].Text != "nothing is answered yet" {
		t.Errorf("the tally before is another: %+v", lines)
	}
}

// The answers of several looks are counted together, and none is lost.
func TestTallyCountsAll(t *testing.T) {
	t.Parallel()
	var tally interview.Tally
	n, failed := 0, 0
	count := func(p survey.Progress) {
		tally, n = tally.Add(p), n+1
		if p.Err != nil {
			failed++
		}
	}
	w := interviewtest.New(t)
	for _, name := range []dns.Name{"nordwind.example", "servfail.example"} {
		w.Look(context.Background(), []dns.Name{name}, false, count)
	}
	if want := fmt.Sprintf("%d of %d answered, %d failed, ", n-failed, n, failed); !strings.HasPrefix(tally.Lines()[0].Text, want) {
		t.Errorf("%q, want %q", tally.Lines()[0].Text, want)
	}
	if l := tallyLine(tally, "DMARC"); l.Mark != interview.Unknown || !strings.Contains(l.Text, "failed: SERVFAIL") {
		t.Errorf("%+v", l)
	}
}
