package cli

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sendplan/internal/dns"
	"sendplan/internal/dns/dnsserver"
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
