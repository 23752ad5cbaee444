package check_test

import (
	"context"
	"testing"
	"time"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/dns/dnsserver"
	"sendplan/internal/finding"
	"sendplan/internal/survey"
	"sendplan/internal/world"
)

// examineFaulty checks a domain of the embedded world over sockets, with a fault for
// the questions of key, or for all if key is zero.
func examineFaulty(t *testing.T, name dns.Name, key dns.Key, mode dnsserver.Mode) check.Report {
	t.Helper()
	zones, err := world.Zones()
	if err != nil {
		t.Fatal(err)
	}
	server, err := dnsserver.Start(dnsserver.Options{Zones: zones, Faults: map[dns.Key]dnsserver.Fault{key: {Mode: mode}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	timeout := 150 * time.Millisecond
	switch mode {
	case dnsserver.Answer, dnsserver.ServFail, dnsserver.Refused, dnsserver.Truncate:
		timeout = 10 * time.Second // there is always an answer, which a busy machine may delay
	}
	client, err := dns.NewClient(dns.ClientOptions{
		Servers: []dns.Server{{Transport: dns.UDP, Addr: server.Addr()}}, Timeout: timeout, Attempts: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	s := check.Gather(ctx, dns.NewCache(client), name, check.Options{}, survey.Options{})
	if ctx.Err() != nil {
		t.Error("the check did not end within its deadline")
	}
	return check.Examine(s, name, check.Options{}, nil)
}

// A server that fails every question, in whatever way, leaves nothing to fail:
// all is unknown.
func TestFailingServerGivesOnlyUnknown(t *testing.T) {
	t.Parallel()
	modes := map[string]dnsserver.Mode{
		"drop": dnsserver.Drop, "servfail": dnsserver.ServFail, "refused": dnsserver.Refused,
		"cut in the middle of TCP": dnsserver.TruncateThenCut, "wrong ID": dnsserver.WrongID,
		"wrong question": dnsserver.WrongQuestion, "garbage": dnsserver.Garbage,
	}
	for what, mode := range modes {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			r := examineFaulty(t, "no-dmarc.example", dns.Key{}, mode)
			if r.Status() != check.StatusUnknown {
				t.Errorf("status %s", r.Status())
			}
			for _, f := range r.Findings {
				if f.Status != finding.Unknown || f.Cause == nil {
					t.Errorf("%s %s: %s", f.ID, f.Status, f.Message)
				}
			}
			for _, f := range r.Passed {
				t.Errorf("%s passed on nothing: %s", f.ID, f.Message)
			}
		})
	}
}

// Truncated answers are asked again over TCP and change nothing.
func TestTruncationChangesNothing(t *testing.T) {
	t.Parallel()
	for _, name := range []dns.Name{"nordwind.example", "too-many-lookups.example"} {
		plain := examineFaulty(t, name, dns.Key{}, dnsserver.Answer)
		truncated := examineFaulty(t, name, dns.Key{}, dnsserver.Truncate)
		if a, b := ids(plain), ids(truncated); a != b {
			t.Errorf("%s: %s, truncated %s", name, a, b)
		}
	}
}

func ids(r check.Report) string {
	var list string
	for _, f := range r.Findings {
		list += string(f.ID) + "(" + f.Status.String() + ") "
	}
	return list
}

// One failing question makes unknown what hangs on it, and nothing else.
func TestOneFailingQuestion(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		key  dns.Key
		want finding.ID
	}{
		{dns.Key{Name: "nordwind.example", Type: dns.TypeMX}, "mx-lookup"},
		{dns.Key{Name: "nordwind.example", Type: dns.TypeTXT}, "spf-lookup"},
		{dns.Key{Name: "spf.protection.outlook.com", Type: dns.TypeTXT}, "spf-lookup"},
		{dns.Key{Name: "_dmarc.nordwind.example", Type: dns.TypeTXT}, "dmarc-lookup"},
		{dns.Key{Name: "selector1._domainkey.nordwind.example", Type: dns.TypeTXT}, "dkim-lookup"},
	} {
		t.Run(test.key.String(), func(t *testing.T) {
			t.Parallel()
			r := examineFaulty(t, "nordwind.example", test.key, dnsserver.ServFail)
			found := false
			for _, f := range r.Findings {
				switch {
				case f.Status == finding.Unknown && f.ID == test.want:
					found = true
				case f.Status == finding.Unknown:
					t.Errorf("%s is unknown too: %s", f.ID, f.Message)
				case f.Severity > finding.Note:
					t.Errorf("%s fails: %s", f.ID, f.Message)
				}
			}
			if !found {
				t.Errorf("no unknown %s in %s", test.want, ids(r))
			}
		})
	}
}
