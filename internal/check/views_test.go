package check_test

import (
	"context"
	"strings"
	"testing"

	"sendplan/internal/dns"
)

// asker is a resolver that can be asked as any server.
type asker interface {
	dns.Resolver
	dns.Asker
}

// views is what a resolver says, and what servers say that see other zones.
type views struct {
	*dns.Zones
	at map[dns.Source]*dns.Zones
}

// Ask asks the zones of the source, if it has its own.
func (v views) Ask(ctx context.Context, q dns.Question) (dns.Answer, error) {
	if zones, ok := v.at[q.Source]; ok {
		return zones.Ask(ctx, q)
	}
	return v.Zones.Ask(ctx, q)
}

// viewMark begins the zones of one server in an example. What stands before the
// first is what the resolver and all other servers say.
const viewMark = "; asked directly, "

// parseViews reads the zones of an example.
func parseViews(t testing.TB, text, file string) asker {
	t.Helper()
	parts := strings.Split(text, viewMark)
	zones := make([]*dns.Zones, len(parts))
	at := make(map[dns.Source]*dns.Zones)
	for i, part := range parts {
		heading, rest := "", part
		if i > 0 {
			heading, rest, _ = strings.Cut(part, "\n")
		}
		var err error
		if zones[i], err = dns.ParseZones(rest, file); err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			at[dns.Source(strings.TrimSuffix(heading, " says:")+":53")] = zones[i]
		}
	}
	if len(at) == 0 {
		return zones[0]
	}
	return views{zones[0], at}
}
