package render

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"sendplan/internal/dns"
	"sendplan/internal/method"
	"sendplan/internal/words"
	"sendplan/planner"
)

// Verified is how far a plan is published, with what its reader knows it by.
type Verified struct {
	planner.Standing
	Inventory string
}

// Verification writes what the servers and the resolver have, and what comes
// next.
func (f Format) Verification(w io.Writer, p Page, v Verified) error {
	return f.document(w, p, newVerification(v), func(t *Text) { t.verification(v) })
}

// Line is how far it is, in one line.
func (v Verified) Line() string {
	has, all := 0, 0
	for _, s := range v.Servers {
		if s.Err != nil {
			continue
		}
		all++
		if len(s.Lacks) == 0 {
			has++
		}
	}
	words := fmt.Sprintf("%d of %s up to date", has, words.Plural(all, "server"))
	if n := len(v.Servers) - all; n > 0 {
		words += fmt.Sprintf(", %d did not answer", n)
	}
	return words + ", " + v.resolverLine()
}

// resolverWords are what the resolver has.
func (v Verified) resolverWords() string {
	if v.Compared == 0 {
		return "it is not compared: no server has all yet"
	}
	return v.resolverLine() + ", " + words.Plural(v.Compared, "set") + " compared"
}

// resolverLine is what the resolver has, in short.
func (v Verified) resolverLine() string {
	differ, silent := 0, 0
	for _, s := range v.Resolver {
		if s.Err != nil {
			silent++
		} else {
			differ++
		}
	}
	switch {
	case v.Compared == 0:
		return "the resolver is not compared"
	case differ > 0:
		return "the resolver differs about " + words.Plural(differ, "set")
	case silent > 0:
		return "the resolver does not answer about " + words.Plural(silent, "set")
	}
	return "the resolver agrees"
}

// words are the verdict in a sentence.
func (v Verified) words() string {
	lacking := slices.ContainsFunc(v.Servers, func(s planner.ServerStanding) bool { return len(s.Lacks) > 0 })
	switch {
	case v.Live == method.True:
		return "Live: all servers have all that may be published, and the resolver agrees."
	case lacking:
		return "Not yet: a server lacks something that may be published."
	case v.Live == method.False:
		return "Not yet: all servers that answered have all that may be published, but the resolver still says something else."
	}
	return "Could not tell whether everything is live."
}

// serverName is a server and its address.
func serverName(s dns.Nameserver) string {
	switch {
	case !s.Addr.IsValid():
		return s.Host.Unicode()
	case s.Addr.Port() == 53:
		return s.Host.Unicode() + " (" + s.Addr.Addr().String() + ")"
	}
	return s.Host.Unicode() + " (" + s.Addr.String() + ")"
}

// serverState is what a server has, in a word or two.
func serverState(s planner.ServerStanding) string {
	switch {
	case s.Err != nil:
		return "did not answer"
	case len(s.Lacks) > 0:
		return "lacks " + words.Plural(len(lackedSets(s)), "set")
	}
	return "has all"
}

// lackedSets are the sets that a server lacks, each once: one may change in
// several stages.
func lackedSets(s planner.ServerStanding) []dns.Key {
	var keys []dns.Key
	for _, c := range s.Lacks {
		if !slices.Contains(keys, c.Key) {
			keys = append(keys, c.Key)
		}
	}
	return keys
}

// serverRemarks are what else is worth telling of a server.
func serverRemarks(s planner.ServerStanding) []string {
	var list []string
	for _, k := range lackedSets(s) {
		list = append(list, words.Key(k))
	}
	if s.Err == nil {
		return list
	}
	words := s.Err.Error()
	if s.NoRoute {
		words += "; this machine may have no way there by IPv6"
	}
	if s.Remark {
		words += "; it answers at another address"
	}
	return append(list, words)
}

// staleWords say what the resolver holds and for how long.
func staleWords(s planner.Stale) string {
	switch {
	case s.Err != nil:
		return "no answer: " + s.Err.Error()
	case len(s.Held) == 0:
		return "it says that nothing is there, for " + words.Duration(s.TTL) + " at most"
	}
	var held []string
	for _, r := range s.Held {
		held = append(held, r.Data.String())
	}
	return "it says " + strings.Join(held, ", ") + ", for " + words.Duration(s.TTL) + " at most"
}

// cacheWords say what is so at other resolvers.
func (v Verified) cacheWords() string {
	if v.Wait == 0 {
		return ""
	}
	if v.Live == method.True {
		return fmt.Sprintf("Other resolvers may keep what was there before for the TTL that it had. By the TTLs of today that is %s at most, from when the last server had all.", words.Duration(v.Wait))
	}
	return fmt.Sprintf("Other resolvers may keep what was there before for %s at most, from when the last server has all.", words.Duration(v.Wait))
}

// next is the first stage that is left, nil if nothing is left or it is not
// known.
func (v Verified) next() *planner.Stage {
	if v.Next == nil || len(v.Next.Stages) == 0 {
		return nil
	}
	return &v.Next.Stages[0]
}

// nextWords say what comes next where that is no stage.
func (v Verified) nextWords() string {
	switch {
	case v.Next == nil:
		return "It is told once each zone has a server that has all."
	case len(v.Next.Blocked) > 0:
		return "Nothing else can be published: the plan is blocked by " + words.Plural(len(v.Next.Blocked), "thing") + ", see sendplan plan."
	case len(v.Next.Unknown) > 0:
		return "Nothing is left to be done as far as is known; " + words.Count(len(v.Next.Unknown), "thing is", "things are") + " not known, see sendplan plan."
	}
	return "Nothing is left to be done."
}

// seconds is a duration in whole seconds.
func seconds(d time.Duration) int { return int(d.Seconds()) }
