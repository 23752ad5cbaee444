// Package interviewtest is a world for tests of the interview and of what drives
// it: the embedded zones as the DNS, files in memory, and interviews that are
// some way through. It needs no network and no clock.
package interviewtest

import (
	"context"
	"sync"
	"testing"
	"time"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/survey"
	"sendplan/internal/world"
	"sendplan/planner"
	"sendplan/planner/interview"
)

// Date is as of when everything is judged.
var Date = time.Date(2026, time.November, 22, 0, 0, 0, 0, time.UTC)

// Server is who fails where an answer does.
const Server = "192.0.2.53:53"

// World is an [interview.World]. Its exported fields are to be set while nothing
// is under way.
type World struct {
	DNS   dns.Resolver
	Fails func(dns.Question) bool // which answers are timeouts; nil: none
	// Gate, if set, holds answers back: each waits until it receives from it, or
	// until its context ends. Closing it lets all go.
	Gate chan struct{}
	// Broken is what every call of the desk fails with; nil: they work.
	Broken error

	mu    sync.Mutex
	files map[string][]byte
	kept  []byte
}

var _ interview.World = (*World)(nil)

// New returns a world that answers at once and holds no files.
func New(t testing.TB) *World {
	t.Helper()
	embedded, err := world.Zones()
	if err != nil {
		t.Fatal(err)
	}
	more, err := dns.ParseZones(longZones, "long.zone")
	if err != nil {
		t.Fatal(err)
	}
	zones, err := dns.MergeZones(embedded, more)
	if err != nil {
		t.Fatal(err)
	}
	return &World{DNS: zones, files: make(map[string][]byte)}
}

// Dead returns a world in which every answer is a timeout.
func Dead(t testing.TB) *World {
	t.Helper()
	w := New(t)
	w.Fails = func(dns.Question) bool { return true }
	return w
}

// Look asks for the domains, all in one survey.
func (w *World) Look(ctx context.Context, domains []dns.Name, _ bool, progress func(survey.Progress)) interview.Found {
	options := check.Options{NoHTTPS: true}
	asked := survey.Gather(ctx, (*answers)(w), bounds(len(domains), progress), func(r dns.Resolver) {
		for _, d := range domains {
			check.Look(r, d, options)
		}
	})
	found := interview.Found{DNS: asked}
	for _, d := range domains {
		found.Reports = append(found.Reports, check.Examine(asked, d, options, nil))
	}
	return found
}

// Plan makes the plan of an inventory, as of [Date].
func (w *World) Plan(ctx context.Context, inv *inventory.Inventory, _ bool, progress func(survey.Progress)) planner.Plan {
	options := planner.Options{Date: Date}
	asked := survey.Gather(ctx, (*answers)(w), bounds(len(inv.Domains), progress), func(r dns.Resolver) { planner.Make(inv, r, options) })
	return planner.Make(inv, asked, options)
}

func bounds(domains int, progress func(survey.Progress)) survey.Options {
	return survey.Options{MaxQueries: survey.DefaultMaxQueries * max(domains, 1), Progress: progress}
}

// answers is the world as a resolver.
type answers World

func (a *answers) Lookup(ctx context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	return a.Ask(ctx, dns.Question{Key: dns.Key{Name: name, Type: t}})
}

func (a *answers) Ask(ctx context.Context, q dns.Question) (dns.Answer, error) {
	if a.Gate != nil {
		select {
		case <-a.Gate:
		case <-ctx.Done():
		}
	}
	switch {
	case ctx.Err() != nil:
		return dns.Answer{}, &dns.Error{Key: q.Key, Cause: dns.Canceled}
	case a.Fails != nil && a.Fails(q):
		return dns.Answer{}, &dns.Error{Key: q.Key, Cause: dns.Timeout, Server: Server, Detail: "no answer within 2s"}
	}
	return dns.At(a.DNS, q.Source).Lookup(ctx, q.Key.Name, q.Key.Type)
}
