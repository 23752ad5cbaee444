package check_test

import (
	"context"
	"testing"
	"time"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/dns/dnsserver"
	"sendplan/internal/survey"
	"sendplan/internal/world"
)

// BenchmarkCold checks domains of the embedded world over loopback sockets, each
// answer delayed by 30 ms, with nothing known before. It reports the questions
// asked and how many delays the check took: the longest chain of questions that
// need each other.
func BenchmarkCold(b *testing.B) {
	const delay = 30 * time.Millisecond
	zones, err := world.Zones()
	if err != nil {
		b.Fatal(err)
	}
	server, err := dnsserver.Start(dnsserver.Options{Zones: zones, Delay: delay})
	if err != nil {
		b.Fatal(err)
	}
	defer server.Close()
	client, err := dns.NewClient(dns.ClientOptions{Servers: []dns.Server{{Transport: dns.UDP, Addr: server.Addr()}}})
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range []dns.Name{"nordwind.example", "too-many-lookups.example", "parked.example"} {
		b.Run(string(name), func(b *testing.B) {
			questions := 0
			for b.Loop() {
				before := len(server.Queries())
				s := check.Gather(context.Background(), dns.NewCache(client), name, check.Options{}, survey.Options{})
				check.Examine(s, name, check.Options{}, nil)
				questions = len(server.Queries()) - before
			}
			b.ReportMetric(float64(questions), "questions")
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(delay), "delays")
		})
	}
}

// BenchmarkJudge is the part without network: look at a closed survey and judge.
func BenchmarkJudge(b *testing.B) {
	zones, err := world.Zones()
	if err != nil {
		b.Fatal(err)
	}
	const name = dns.Name("nordwind.example")
	s := check.Gather(context.Background(), zones, name, check.Options{}, survey.Options{})
	for b.Loop() {
		check.Examine(s, name, check.Options{}, nil)
	}
}
