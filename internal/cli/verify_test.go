package cli

import (
	"bytes"
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"sendplan/internal/dns"
	"sendplan/internal/method"
	"sendplan/internal/render"
	"sendplan/planner"
)

func TestVerifyUsage(t *testing.T) {
	t.Parallel()
	file := inventoryFile(t, smallInventory)
	for _, test := range []struct{ name, args, want string }{
		{"no inventory", "--demo", "name the inventory with -i FILE"},
		{"a time without waiting", "--demo -i " + file + " --for 5m", "--for says how long --wait goes on"},
		{"no time", "--demo -i " + file + " --wait --for 0s", "--for must be more than nothing"},
		{"waiting for a recording", "-i " + file + " --wait --replay x", "--wait cannot be used with --record and --replay"},
		{"a format for tables", "--demo -i " + file + " --format csv", "must be one of text, json, jsonl, markdown"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := run(t, "verify "+test.args)
			if got.status != "2" || got.stdout != "" || !strings.Contains(got.stderr, test.want) {
				t.Errorf("want %q: %s", test.want, got)
			}
		})
	}
}

func TestVerifyStatus(t *testing.T) {
	t.Parallel()
	for live, want := range map[method.Truth]int{method.True: 0, method.False: 1, method.Unknown: 3} {
		if got, ok := verifyStatus[live]; got != want || !ok {
			t.Errorf("%q: %d, want %d", live, got, want)
		}
	}
}

// lacking, behind and live are three states on the way.
var (
	lacking = standing(method.False, planner.Standing{Servers: []planner.ServerStanding{{Lacks: []dns.Change{{}}}, {}}})
	silent  = standing(method.Unknown, planner.Standing{Servers: []planner.ServerStanding{{Err: &dns.Error{Cause: dns.Timeout}}}})
	live    = standing(method.True, planner.Standing{Servers: []planner.ServerStanding{{}}, Compared: 1})
)

func standing(live method.Truth, s planner.Standing) render.Verified {
	s.Live = live
	return render.Verified{Standing: s}
}

func behind(ttl time.Duration) render.Verified {
	return standing(method.False, planner.Standing{Servers: []planner.ServerStanding{{}}, Compared: 1, Resolver: []planner.Stale{{TTL: ttl}}})
}

// wait carries --wait out with a clock of its own, and returns the result, how
// long each pause was, and what was said.
func wait(t *testing.T, patience time.Duration, rounds ...render.Verified) (last render.Verified, pauses []time.Duration, said []string) {
	t.Helper()
	var now time.Duration
	w := waiting{
		patience: patience,
		elapsed:  func() time.Duration { return now },
		sleep: func(_ context.Context, d time.Duration) error {
			pauses, now = append(pauses, d), now+d
			return nil
		},
		said: func(line string) { said = append(said, line) },
	}
	n := 0
	last, err := w.until(t.Context(), func() (render.Verified, error) {
		n++
		return rounds[min(n, len(rounds))-1], nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return last, pauses, said
}

func TestWait(t *testing.T) {
	t.Parallel()
	const s = time.Second
	for _, test := range []struct {
		name     string
		patience time.Duration
		rounds   []render.Verified
		live     method.Truth
		pauses   []time.Duration
	}{
		{"at once", time.Hour, []render.Verified{live}, method.True, nil},
		{"a server is behind", time.Hour, []render.Verified{lacking, lacking, silent, live}, method.True, []time.Duration{5 * s, 7500 * time.Millisecond, 11250 * time.Millisecond}},
		{"the resolver lets go in 20 s", time.Hour, []render.Verified{behind(20 * s), live}, method.True, []time.Duration{20 * s}},
		{"in a second", time.Hour, []render.Verified{behind(s), live}, method.True, []time.Duration{5 * s}},
		{"in an hour", time.Hour, []render.Verified{behind(time.Hour), live}, method.True, []time.Duration{time.Minute}},
		{"the time is over, after a last look", 12 * s, []render.Verified{lacking}, method.False, []time.Duration{5 * s, 7 * s}},
		{"never told", 7 * s, []render.Verified{silent}, method.Unknown, []time.Duration{5 * s, 2 * s}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			last, pauses, said := wait(t, test.patience, test.rounds...)
			if last.Live != test.live || !slices.Equal(pauses, test.pauses) || len(said) != len(pauses)+1 {
				t.Errorf("%q after %v, said %q", last.Live, pauses, said)
			}
		})
	}
}

// The pauses grow to a minute, and the whole is no longer than wanted.
func TestWaitGrows(t *testing.T) {
	t.Parallel()
	_, pauses, _ := wait(t, 30*time.Minute, lacking)
	var sum time.Duration
	for i, p := range pauses {
		sum += p
		if p > longestPause || i > 0 && i < len(pauses)-1 && p < pauses[i-1] {
			t.Errorf("pause %d is %s after %v", i, p, pauses[:i])
		}
	}
	if sum != 30*time.Minute || len(pauses) > 40 {
		t.Errorf("%s in %d pauses", sum, len(pauses))
	}
}

// What is said is how far it is.
func TestWaitSays(t *testing.T) {
	t.Parallel()
	_, _, said := wait(t, time.Minute, lacking, behind(7*time.Second), live)
	want := []string{
		"after 0s: 1 of 2 servers up to date, the resolver is not compared, asking again in 5s",
		"after 5s: 1 of 1 server up to date, the resolver differs about 1 set, asking again in 7s",
		"after 12s: 1 of 1 server up to date, the resolver agrees",
	}
	if !slices.Equal(said, want) {
		t.Errorf("%q", said)
	}
}

// An interrupted pause ends at once, and so does an interrupted round.
func TestWaitInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	w := waiting{patience: time.Hour, elapsed: func() time.Duration { return 0 }, sleep: sleep, said: func(string) { cancel() }}
	_, err := w.until(ctx, func() (render.Verified, error) { return lacking, ctx.Err() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if _, err = w.until(ctx, func() (render.Verified, error) { return live, ctx.Err() }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// changing are zones that change when a test says so.
type changing struct{ *dns.Zones }

// Each round asks anew: what is published during a pause is seen after it.
func TestWaitAsksAnew(t *testing.T) {
	t.Parallel()
	parse := func(spf string) *dns.Zones {
		z, err := dns.ParseZones(". 60 IN SOA ns1. h. 1 2 3 4 5\n. NS ns1.\nns1. A 192.0.2.1\ncontoso.example. 60 IN SOA ns1. h. 1 2 3 4 5\ncontoso.example. NS ns1.\ncontoso.example. TXT \""+spf+"\"\n", "zones")
		if err != nil {
			t.Fatal(err)
		}
		return z
	}
	net := &changing{parse("v=spf1 -all")}
	inventory, err := os.ReadFile("testdata/plan-made.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	streams := Streams{In: bytes.NewReader(inventory), Err: &errs, Getenv: func(string) string { return "" }}
	file, err := loadInventory(streams, "-")
	if err != nil {
		t.Fatal(err)
	}
	flags := verifyFlags{wait: true, patience: time.Hour, sleep: func(context.Context, time.Duration) error {
		net.Zones = parse("v=spf1 ip4:192.0.2.10 -all")
		return nil
	}}
	m := planMaker{session: &session{uncached: net, deadline: time.Minute, maxQueries: 300}, progress: newProgress(streams), name: "-"}
	v, err := flags.look(t.Context(), streams, m, &file.Inventory)
	if err != nil || v.Live != method.True || strings.Count(errs.String(), "\n") != 2 || !strings.Contains(errs.String(), "after 0s: 0 of 1 server up to date") {
		t.Errorf("%q, %v, said:\n%s", v.Live, err, &errs)
	}
}
