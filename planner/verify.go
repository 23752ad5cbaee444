package planner

import (
	"time"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/method"
)

// Standing is how far what is planned is published.
//
// There is no plan to compare with: a plan is a function of what the servers
// hold. So each server is taken for the only one of its zone, and what would be
// planned then and may be published is what it lacks.
type Standing struct {
	Date     time.Time
	Servers  []ServerStanding // by zone
	Resolver []Stale          // where the resolver does not say what the servers do that have all
	Compared int              // how many sets were compared with the resolver
	Unknown  []Unknown        // what else keeps from telling whether something is lacking
	// Live reports whether all servers have all that may be published, and the
	// resolver says the same.
	Live method.Truth
	// Wait is how long other resolvers may keep what was there before, from when
	// all servers have all.
	Wait time.Duration
	// Next is what is to be done next, the plan of servers that have all; nil
	// while a zone has no such server.
	Next *Plan
}

// ServerStanding is what one authoritative server has of a zone.
type ServerStanding struct {
	Zone dns.Name
	dns.Nameserver
	Lacks []dns.Change // what it does not have yet
	Err   *dns.Error   // why that could not be found out
	// Remark is set if nothing depends on Err: the same host answers at another
	// address.
	Remark bool
	// NoRoute is set if Err may be the fault of this machine: no server of the
	// zone is reached by IPv6.
	NoRoute bool
}

// Stale is a record set that the resolver does not hold as the servers do.
type Stale struct {
	Key  dns.Key
	Held []dns.Record // what it says instead; none if it says that nothing is there
	TTL  time.Duration
	Err  *dns.Error // why it said nothing
}

// Verify finds out how far the plan for an inventory is published. It is pure,
// and goes on past a question that r lacks to all the others.
func Verify(inv *inventory.Inventory, r dns.Resolver, o Options) Standing {
	v := &verifier{inv: inv, r: r, options: o}
	v.findZones()
	for v.round() {
	}
	s := Standing{Date: o.Date}
	for _, z := range v.zones {
		s.Servers = append(s.Servers, z.standings()...)
	}
	if m := v.upToDate(); m != nil {
		s.Next = &m.plan
	}
	v.askResolver(&s)
	s.Unknown, s.Wait = v.unknown, v.wait
	s.Live = s.live()
	return s
}

// live sums up.
func (s Standing) live() method.Truth {
	live := method.True
	if len(s.Unknown) > 0 || len(s.Servers) == 0 {
		live = method.Unknown
	}
	for _, one := range s.Servers {
		switch {
		case len(one.Lacks) > 0:
			return method.False
		case one.Err != nil && !one.Remark:
			live = method.Unknown
		}
	}
	for _, one := range s.Resolver {
		if one.Err == nil {
			return method.False
		}
		live = method.Unknown
	}
	return live
}
