package words

import (
	"slices"
	"testing"
	"time"

	"sendplan/internal/dns"
	"sendplan/internal/method"
	"sendplan/internal/proof"
	"sendplan/planner"
	"sendplan/spf"
)

func TestDuration(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "0 seconds", time.Second: "1 second", 90 * time.Second: "90 seconds", time.Minute: "1 minute", 5 * time.Minute: "5 minutes",
		time.Hour: "1 hour", 90 * time.Minute: "90 minutes", 24 * time.Hour: "1 day", 48 * time.Hour: "2 days", 25 * time.Hour: "25 hours",
	} {
		if got := Duration(d); got != want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
}

func TestCounts(t *testing.T) {
	t.Parallel()
	got := []string{Plural(0, "answer"), Plural(1, "answer"), Plural(2, "unknown"), Count(1, "device is", "devices are"), Count(2, "device is", "devices are"), OrUnknown(""), OrUnknown("x")}
	if want := []string{"0 answers", "1 answer", "2 unknown", "1 device is", "2 devices are", "unknown", "x"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// What blocks comes before what is to be done, and nothing is left out.
func TestPlan(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		plan planner.Plan
		want string
	}{
		{planner.Plan{}, "Nothing is to be done."},
		{planner.Plan{Unknown: make([]planner.Unknown, 2)}, "Nothing is planned. 2 things are not known."},
		{planner.Plan{Devices: []planner.Device{{Right: method.False}}}, "Nothing is planned. 1 device is not right after it."},
		{planner.Plan{Stages: []planner.Stage{{Changes: make([]dns.Change, 2)}, {Tasks: make([]planner.Task, 1)}}}, "The plan is made: 2 changes and 1 task in 2 stages."},
		{
			planner.Plan{Stages: make([]planner.Stage, 1), Blocked: make([]planner.Block, 1), Unknown: make([]planner.Unknown, 1), Devices: []planner.Device{{Right: method.True}, {Right: method.False}, {}, {}}},
			"The plan is blocked by 1 thing. 1 thing is not known. 1 device is not right after it. Whether 2 devices are right after it is not known.",
		},
	} {
		if got := Plan(test.plan); got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
}

// Only an outcome that is right tells that nobody judges.
func TestVerdict(t *testing.T) {
	t.Parallel()
	none := proof.Outcome{}
	internal := proof.Outcome{Right: method.True}
	passing := proof.Outcome{SPF: proof.Pass, DKIM: proof.Pass, DMARC: proof.Pass, Right: method.True}
	if got := Steps(none, passing); !slices.Equal(got, []string{"unknown -> pass", "unknown -> pass", "unknown -> pass"}) {
		t.Errorf("got %q", got)
	}
	if got := Steps(internal, internal); !slices.Equal(got, []string{NotJudged, NotJudged, NotJudged}) {
		t.Errorf("got %q", got)
	}
}

// What could not be counted to its end is a least.
func TestCosts(t *testing.T) {
	t.Parallel()
	s := planner.SPF{Before: []string{"a"}, LookupsBefore: spf.Counts{Lookups: 11, Partial: true, Voids4: 1, Voids6: 3}, LookupsAfter: spf.Counts{Lookups: 2}}
	if got, want := Costs(s), "at least 11 -> 2 of 10 lookups, 3 -> 0 of 2 void"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	s.Before = []string{"a", "b"}
	if got, want := Costs(s), "permerror, because there are 2 records -> 2 of 10 lookups, 0 of 2 void"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A set says what befalls it as a whole.
func TestSet(t *testing.T) {
	t.Parallel()
	set := func(ttl uint32) []dns.Record { return []dns.Record{{TTL: ttl}} }
	for want, c := range map[string]dns.Change{
		"a new set, TTL 60": {New: set(60)}, "the whole set goes": {Old: set(60)}, "TTL 60 -> 300": {Old: set(60), New: set(300)}, "TTL 60": {Old: set(60), New: set(60)},
	} {
		if got := Set(c); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
