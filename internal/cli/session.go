package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sendplan/internal/dns"
	"sendplan/internal/dns/dnsserver"
	"sendplan/internal/fetch"
	"sendplan/internal/survey"
	"sendplan/internal/world"
)

// network says where a command's answers come from. Its zero value is the
// system's resolvers.
type network struct {
	resolvers  []string
	timeout    time.Duration
	deadline   time.Duration
	maxQueries int
	date       string
	record     string
	replay     string
	demo       bool
	view       view
}

func (n *network) flags(f *pflag.FlagSet) {
	f.StringArrayVar(&n.resolvers, "resolver", nil, "ask this recursive resolver, `SERVER` as "+dns.ServerForms+"; may be repeated (default: the system's)")
	f.DurationVar(&n.timeout, "timeout", 0, "wait this long for one answer of one server (default 2s, with --demo 500ms)")
	f.DurationVar(&n.deadline, "deadline", 20*time.Second, "finish with a domain after this long; what is open then is unknown")
	f.IntVar(&n.maxQueries, "max-queries", survey.DefaultMaxQueries, "ask at most this many questions for a domain")
	f.StringVar(&n.date, "date", "", "judge as on this day, `YYYY-MM-DD` (default: today)")
	f.StringVar(&n.record, "record", "", "write all answers to this `FILE`")
	f.StringVar(&n.replay, "replay", "", "answer from a `FILE` that --record wrote, without network")
	f.BoolVar(&n.demo, "demo", false, "use the embedded world of zones instead of the internet")
}

// completeDomain offers the domains of the embedded world to the shell when that
// is asked for; others cannot be listed.
func (n *network) completeDomain(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	if n.demo {
		for _, name := range world.Domains() {
			names = append(names, name.String())
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// session is an open network: one cache for the whole run.
type session struct {
	resolver   dns.Resolver
	deadline   time.Duration
	maxQueries int
	date       time.Time
	recorder   *dns.Recorder
	recordTo   string
	public     bool                         // a resolver was named for the public view
	places     dns.Places                   // where authoritative servers are reached
	unasked    ledger                       // while recording: what the budgets did not allow
	withheld   map[dns.Name]map[string]bool // while replaying: the same, from the recording
	close      func() error
}

const dateForm = "2006-01-02"

// open checks the options and returns the session, which the caller finishes.
func (n *network) open() (*session, error) {
	s := &session{deadline: n.deadline, maxQueries: n.maxQueries, recordTo: n.record, close: func() error { return nil }}
	if err := n.check(); err != nil {
		return nil, err
	}
	if n.replay != "" {
		return s, s.openReplay(n.replay)
	}
	if err := s.setDate(n.date); err != nil {
		return nil, err
	}
	reached, err := n.reach(s)
	if err != nil {
		return nil, err
	}
	s.resolver = dns.NewCache(fetch.New(reached, fetch.Options{Offline: n.demo}))
	if n.record != "" {
		s.recorder = dns.NewRecorder(s.resolver)
		s.resolver = s.recorder
	}
	return s, nil
}

func (n *network) check() error {
	sources := 0
	for _, given := range []bool{n.demo, n.replay != "", len(n.resolvers) > 0} {
		if given {
			sources++
		}
	}
	switch {
	case sources > 1:
		return usageError("name one source of answers", "--demo, --replay and --resolver exclude each other")
	case n.replay != "" && n.record != "":
		return usageError("a replay is a recording already", "--replay and --record exclude each other")
	case n.view.given() && (n.demo || n.replay != ""):
		return usageError("the embedded world and recordings have their own servers", "--public and --nameserver are for the network, not for --demo and --replay")
	case n.replay != "" && n.date != "":
		return usageError("a recording holds its date", "--replay and --date exclude each other")
	case n.timeout < 0 || n.deadline <= 0:
		return usageError("write 500ms, 2s or 1m", "--timeout and --deadline must be more than nothing")
	case n.maxQueries < 1:
		return usageError("", "--max-queries must be at least 1, not %d", n.maxQueries)
	}
	return nil
}

func (s *session) setDate(text string) error {
	if text == "" {
		s.date = time.Now()
		return nil
	}
	date, err := time.Parse(dateForm, text)
	if err != nil {
		return usageError("write it as 2026-12-31", "--date %q is not a date", text)
	}
	s.date = date
	return nil
}

// reach returns what asks the network: the system's or the given resolvers and
// authoritative servers, or a server of our own that plays them all and serves
// the embedded world.
func (n *network) reach(s *session) (*dns.Network, error) {
	servers, err := n.servers(s)
	if err != nil {
		return nil, err
	}
	options := dns.NetworkOptions{Timeout: n.patience()}
	if n.demo {
		options.Everywhere = servers[0].Addr
	}
	given, err := n.clientOf(servers)
	if err != nil {
		return nil, err
	}
	options.Given = given
	if s.places, err = parsePlaces(n.view.nameservers); err != nil {
		return nil, err
	}
	trusted, err := n.trusted()
	if err != nil {
		return nil, err
	}
	if s.public = trusted != nil; s.public {
		options.Trusted = trusted
	}
	reached, served := dns.NewNetwork(options), s.close
	s.close = func() error { return errors.Join(reached.Close(), served()) }
	return reached, nil
}

// patience is how long one try may take; 0 leaves it to the client.
func (n *network) patience() time.Duration {
	if n.timeout == 0 && n.demo {
		return demoTimeout
	}
	return n.timeout
}

func (n *network) clientOf(servers []dns.Server) (*dns.Client, error) {
	client, err := dns.NewClient(dns.ClientOptions{Servers: servers, Timeout: n.patience()})
	if err != nil {
		return nil, usageError("", "%v", err)
	}
	return client, nil
}

// demoTimeout is short, because one name of the embedded world never answers and
// all others answer at once.
const demoTimeout = 500 * time.Millisecond

func (n *network) servers(s *session) ([]dns.Server, error) {
	switch {
	case n.demo:
		return serveWorld(s)
	case len(n.resolvers) == 0:
		servers, err := dns.SystemServers()
		if err != nil {
			return nil, usageError("name a resolver with --resolver, or look at the embedded world with --demo", "%v", err)
		}
		return servers, nil
	}
	return parseServers("--resolver", n.resolvers)
}

func serveWorld(s *session) ([]dns.Server, error) {
	zones, err := world.Zones()
	if err != nil {
		return nil, err
	}
	server, err := dnsserver.Start(dnsserver.Options{Zones: zones})
	if err != nil {
		return nil, fmt.Errorf("the embedded world cannot be served on loopback: %w", err)
	}
	s.close = server.Close
	return []dns.Server{{Transport: dns.UDP, Addr: server.Addr()}}, nil
}

// metaMaxQueries is where a recording keeps the budget that it was made with.
const metaMaxQueries = "max-queries"

func (s *session) openReplay(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return usageError("", "--replay: %v", err)
	}
	defer file.Close()
	replay, err := dns.ReadRecording(file)
	if err != nil {
		return usageError("name a file that --record wrote", "--replay %s: %v", path, err)
	}
	s.date, err = time.Parse(dateForm, replay.Date)
	if err != nil {
		return usageError("name a file that --record wrote", "--replay %s: the date %q cannot be read", path, replay.Date)
	}
	// What the recording lacks was not asked because the budget was spent; the
	// count itself must not end the replay earlier.
	budget, err := strconv.Atoi(replay.Meta[metaMaxQueries])
	if err != nil {
		return usageError("name a file that --record wrote", "--replay %s: the budget %q cannot be read", path, replay.Meta[metaMaxQueries])
	}
	s.withheld, err = readUnasked(replay.Meta[metaUnasked])
	if err != nil {
		return usageError("name a file that --record wrote", "--replay %s: what was not asked cannot be read: %v", path, err)
	}
	if err := s.restoreView(replay.Meta); err != nil {
		return usageError("name a file that --record wrote", "--replay %s: %v", path, err)
	}
	s.resolver, s.maxQueries = spent{replay, budget}, math.MaxInt
	return nil
}

// spent answers from a recording; what is not in it had no budget left.
type spent struct {
	recording dns.Resolver
	budget    int
}

// Lookup returns the recorded answer.
func (r spent) Lookup(ctx context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	return r.Ask(ctx, dns.Question{Source: dns.Given, Key: dns.Key{Name: name, Type: t}})
}

// Ask is Lookup for any source.
func (r spent) Ask(ctx context.Context, q dns.Question) (dns.Answer, error) {
	answer, err := dns.At(r.recording, q.Source).Lookup(ctx, q.Key.Name, q.Key.Type)
	if e := dns.AsError(err); e != nil && e.Cause == dns.NotAsked {
		return dns.Answer{}, survey.OverBudget(e.Key, r.budget)
	}
	return answer, err
}

// gatherFor is gather for one of several domains. Their budgets are kept apart
// in a recording.
func (s *session) gatherFor(ctx context.Context, name dns.Name, progress func(survey.Progress), judge func(dns.Resolver)) *survey.Survey {
	one := session{resolver: s.resolver, deadline: s.deadline, maxQueries: s.maxQueries}
	if replay, ok := s.resolver.(spent); ok {
		one.resolver = withheld{replay, s.withheld[name], replay.budget}
	}
	gathered := one.gather(ctx, progress, judge)
	if s.recorder != nil {
		s.unasked.note(name, gathered.Unasked())
	}
	return gathered
}

// gather surveys what judge needs, within the deadline and the budget.
func (s *session) gather(ctx context.Context, progress func(survey.Progress), judge func(dns.Resolver)) *survey.Survey {
	ctx, cancel := context.WithTimeout(ctx, s.deadline)
	defer cancel()
	return survey.Gather(ctx, s.resolver, survey.Options{MaxQueries: s.maxQueries, Progress: progress}, judge)
}

// finish closes the network, writes the recording, if one is wanted, and returns
// how the command ended: with err, unless the recording could not be written.
// An interrupted run leaves no recording.
func (s *session) finish(ctx context.Context, err error) error {
	closed := s.close()
	if err == nil {
		err = closed
	}
	if s.recorder == nil || ctx.Err() != nil {
		return err
	}
	recording := s.recorder.Replay()
	recording.Date = s.date.Format(dateForm)
	recording.Meta = map[string]string{metaMaxQueries: strconv.Itoa(s.maxQueries)}
	s.keepView(recording.Meta)
	if unasked, failed := s.unasked.text(); failed != nil {
		return failed
	} else if unasked != "" {
		recording.Meta[metaUnasked] = unasked
	}
	if failed := writeFile(s.recordTo, recording); failed != nil {
		return usageError("name a file that can be written", "--record: %v", failed)
	}
	return err
}

// writeFile writes a file whole or not at all: beside its place first, then
// moved there. A symbolic link stays and its target is written; what is no
// ordinary file, such as /dev/null or a named pipe, is refused: the move would
// put a file in its place. A file that is there keeps its permissions.
func writeFile(path string, content io.WriterTo) error {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	info, err := os.Lstat(path)
	if err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no ordinary file", path)
	}
	there := err == nil
	temp, err := os.CreateTemp(filepath.Dir(path), ".sendplan-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // fails, rightly, once the file is moved
	if _, err := content.WriteTo(temp); err != nil {
		temp.Close()
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	if there {
		if err := os.Chmod(temp.Name(), info.Mode().Perm()); err != nil {
			return err
		}
	}
	return os.Rename(temp.Name(), path)
}
