package render

import (
	"time"

	"sendplan/internal/dns"
	"sendplan/planner"
)

// verifyDoc is the result of "sendplan verify".
type verifyDoc struct {
	verifyJSON
	verified Verified
}

// verifyJSON is its form for programs.
type verifyJSON struct {
	Schema    int                `json:"schema"`
	Date      string             `json:"date"`
	Live      any                `json:"live"` // true, false or "unknown"
	Servers   []standingJSON     `json:"servers"`
	Resolver  verifyResolverJSON `json:"resolver"`
	WaitS     int                `json:"wait_s"` // how long other resolvers may keep what was there, from when all servers have all
	Unknown   []unknownJSON      `json:"unknown"`
	NextKnown bool               `json:"next_known"` // each zone has a server that has all, so next is known
	Next      *stageJSON         `json:"next"`       // null if nothing is left to be done, or it is not known
}

type standingJSON struct {
	Zone    string       `json:"zone"`
	Name    string       `json:"name"`
	Address string       `json:"address"` // "" if none is known
	State   string       `json:"state"`   // all, lacking or unknown
	Lacks   []changeJSON `json:"lacks"`
	Cause   *dnsErrJSON  `json:"cause"`    // of unknown
	Remark  bool         `json:"remark"`   // the cause does not matter: the host answers at another address
	NoRoute bool         `json:"no_route"` // this machine may have no way to servers by IPv6
}

type verifyResolverJSON struct {
	Compared int         `json:"compared"` // sets
	Differs  []staleJSON `json:"differs"`
}

type staleJSON struct {
	Name  string      `json:"name"`
	Type  string      `json:"type"`
	Held  []string    `json:"held"`
	TTL   int         `json:"ttl_s"`
	Cause *dnsErrJSON `json:"cause"` // why it did not answer
}

func newVerification(v Verified) verifyDoc {
	doc := verifyJSON{
		Schema: Schema, Date: v.Date.Format(time.DateOnly), Live: truth(v.Live), WaitS: seconds(v.Wait), Unknown: mapped(v.Unknown, newUnknown),
		Servers:  mapped(v.Servers, newStanding),
		Resolver: verifyResolverJSON{v.Compared, mapped(v.Resolver, newStale)},
	}
	doc.NextKnown = v.Next != nil
	if v.next() != nil {
		doc.Next = &Planned{Plan: *v.Next}.stagesJSON()[0]
	}
	return verifyDoc{doc, v}
}

func newStanding(s planner.ServerStanding) standingJSON {
	out := standingJSON{
		Zone: octets(s.Zone.String()), Name: octets(s.Host.String()), State: "all", Cause: newDNSErr(s.Err), Remark: s.Remark, NoRoute: s.NoRoute,
		Lacks: mapped(s.Lacks, func(c dns.Change) changeJSON { return Planned{}.changeJSON(c) }),
	}
	if s.Addr.IsValid() {
		out.Address = s.Addr.String()
	}
	switch {
	case s.Err != nil:
		out.State = "unknown"
	case len(s.Lacks) > 0:
		out.State = "lacking"
	}
	return out
}

func newStale(s planner.Stale) staleJSON {
	return staleJSON{octets(s.Key.Name.String()), s.Key.Type.String(), mapped(s.Held, recordText), seconds(s.TTL), newDNSErr(s.Err)}
}
