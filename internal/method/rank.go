package method

import (
	"cmp"
	"slices"
	"strconv"

	"sendplan/internal/provider"
)

// rank orders the methods that no veto is against. Smaller is better, the
// fields decide in their order.
type rank struct {
	fit   int // what the decision rules say: 0 recommended, 1 the second choice, 2 neither, 3 only for who has it already
	lasts int // 0 no end is known, 1 its end is prepared without a date, 2 a login that ends in 2028, 3 one that ends before
	cost  int // 0 none, 1 a mailbox, a machine or a certificate, 2 billed
	used  int // 0 used at the same site already, 1 not
	dns   int // records to change: 0 none, 1 a term of SPF, 2 a domain to verify and sign
	state int // 0 free, 1 depends
	order int // last of all, the usual order
}

func (r rank) compare(s rank) int {
	return cmp.Or(cmp.Compare(r.fit, s.fit), cmp.Compare(r.lasts, s.lasts), cmp.Compare(r.cost, s.cost), cmp.Compare(r.used, s.used),
		cmp.Compare(r.dns, s.dns), cmp.Compare(r.state, s.state), cmp.Compare(r.order, s.order))
}

// usual is the order of methods that are otherwise equal.
var usual = []Kind{Graph, SMTPAuth, ConnectorIP, ConnectorCert, HVE, ACS, Relay, Via, Hoster, DirectSend, OwnServer}

func rankOf(in Input, o Option) (rank, []Reason) {
	kind := o.Method.Kind()
	fit, why := fitOf(in, o)
	reasons := []Reason{why}
	add := func(n int, r Reason) int {
		reasons = append(reasons, r)
		return n
	}
	lasts := add(lasting(o))
	// A second choice that ends soon must not stand before what lasts; nor may
	// anything that no source establishes.
	if fit == 1 && lasts == ends || unestablished(o) {
		fit = max(fit, 2)
	}
	r := rank{
		fit:   fit,
		lasts: lasts,
		cost:  add(cost(in, o)),
		used:  add(used(in, o)),
		dns:   add(records(kind)),
		order: slices.Index(usual, kind)*2 + 1,
	}
	if o.State == Depends {
		r.state = 1
	}
	if o.Method.Name() != "" {
		r.order-- // one that is there comes before one still to be chosen
	}
	return r, reasons
}

// unestablished reports whether no source says that the method works for such a
// device.
func unestablished(o Option) bool {
	return slices.ContainsFunc(o.Questions, func(q Question) bool { return !q.Fact.Established() })
}

// The worst of rank.lasts, and of rank.fit.
const (
	ends      = 3
	elsewhere = 3
)

func lasting(o Option) (int, Reason) {
	switch kind := o.Method.Kind(); {
	case kind == SMTPAuth && o.Auth == AuthBasic:
		return ends, Reason{"does not last: basic authentication is going", factBasicOff}
	case kind == HVE && o.Auth == AuthBasic:
		return 2, Reason{"lasts until September 2028 with a password", factHVEBasic}
	case kind == DirectSend:
		return 1, Reason{"its end is prepared, without a date", factDirectSendDefault}
	case kind == Via:
		return 0, Reason{"lasts as long as the relay's own method", Lookup(o.Method, "").Dates[0].What}
	}
	return 0, Reason{"lasts past 2028 as far as is announced", open("no end is announced")}
}

func cost(in Input, o Option) (int, Reason) {
	m := Lookup(o.Method, o.Auth)
	inUse := inUse(in, o.Method)
	switch kind := o.Method.Kind(); {
	case kind == ConnectorIP || kind == ConnectorCert || kind == DirectSend:
		return 0, Reason{"no new cost", m.Cost}
	case kind == Graph:
		return 0, Reason{"no new cost where the mailbox exists", m.Licence}
	case kind == SMTPAuth && in.Device.Today().Kind() == SMTPAuth:
		return 0, Reason{"no new cost: the mailbox exists", m.Licence}
	case kind == SMTPAuth:
		return 1, Reason{"costs a mailbox with a licence", m.Licence}
	case kind == Via && o.Method.Name() != "":
		return 0, Reason{"no new cost: the relay exists", m.Cost}
	case kind == Via || kind == OwnServer && !inUse:
		return 1, Reason{"costs a machine and its upkeep", m.Cost}
	case kind == OwnServer:
		return 0, Reason{"no new cost: the server exists", m.Cost}
	case (kind == Relay || kind == Hoster) && inUse:
		return 0, Reason{"no new cost: it is used already", m.Cost}
	}
	return 2, Reason{"is billed", m.Cost}
}

// inUse reports whether the device, or another one of its site, uses the method.
func inUse(in Input, id ID) bool {
	return in.Device.Today() == id || slices.Contains(in.Site.Methods, id)
}

func used(in Input, o Option) (int, Reason) {
	if inUse(in, o.Method) {
		return 0, Reason{"is used at the site already", Fact{}}
	}
	return 1, Reason{"is new at the site", Fact{}}
}

func records(kind Kind) (int, Reason) {
	m := Lookup(ID(kind), "")
	switch kind {
	case ConnectorIP, DirectSend, ConnectorCert:
		return 1, Reason{"needs an address in SPF", m.DNS}
	case ACS, Relay, Hoster, OwnServer:
		return 2, Reason{"needs records for its own signature", m.DNS}
	}
	return 0, Reason{"needs no record of its own", Lookup(SMTPAuthID, AuthOAuth).DNS}
}

// pick is a method that a decision rule names.
type pick struct {
	kind Kind
	auth Auth
}

var (
	graph      = pick{Graph, ""}
	withOAuth  = pick{SMTPAuth, AuthOAuth}
	withBasic  = pick{SMTPAuth, AuthBasic}
	byAddress  = pick{ConnectorIP, ""}
	byCert     = pick{ConnectorCert, ""}
	highVolume = pick{HVE, ""}
	azure      = pick{ACS, ""}
	service    = pick{Relay, ""}
	lanRelay   = pick{Via, ""}
	direct     = pick{DirectSend, ""}
)

// decision is one of the rules by which methods fit devices. What is not known
// of a device counts as fitting: its question then stands before the method.
type decision struct {
	when   func(Input) bool
	best   []pick
	second []pick
	firm   bool // a constraint: what only other rules recommend becomes a second choice
	why    string
}

var decisions = []decision{
	{func(in Input) bool {
		return in.Device.HTTPS != False && !(in.Device.HTTPS == Unknown && in.Device.uncoded())
	},
		[]pick{graph}, []pick{withOAuth}, false, "it can call a web API"},
	{func(in Input) bool { return in.may(AuthOAuth) && in.modern() && in.Device.HTTPS != True },
		[]pick{withOAuth}, []pick{byAddress, byCert, service, azure}, false, "it can do OAuth"},
	{func(in Input) bool { return in.internal() && in.may(AuthBasic) && in.modern() },
		[]pick{highVolume}, []pick{withBasic}, false, "it writes to internal recipients only and can log in"},
	{func(in Input) bool { return in.internal() && in.Device.Auth != AuthOAuth && in.fixed() },
		[]pick{byAddress}, []pick{direct}, false, "it writes to internal recipients only, from a static address of its own"},
	{func(in Input) bool {
		return in.may(AuthNone) && in.Device.hosted() != True && (in.Site.fixed() != True || in.Site.Port25 == False)
	}, []pick{lanRelay}, []pick{direct}, false, "it cannot log in, and its address can be no proof"},
	{func(in Input) bool { return in.outside() && in.Device.Auth != AuthOAuth && in.fixed() },
		[]pick{byAddress}, []pick{azure, service}, false, "it writes to external recipients, from a static address of its own"},
	{func(in Input) bool {
		return in.outside() && in.may(AuthBasic) && in.modern() && (in.Site.fixed() != True || in.Site.Port25 == False)
	}, []pick{azure, service}, []pick{withBasic}, false, "it writes to external recipients, can log in, and its address can be no proof"},
	{func(in Input) bool { return in.Device.Certificate == True },
		[]pick{byCert}, nil, true, "it can present a certificate for an accepted domain"},
	{func(in Input) bool { return old(in.Device.TLS) },
		[]pick{lanRelay, byAddress}, nil, true, "it cannot do TLS 1.2"},
	{func(in Input) bool { return in.Device.varies() },
		[]pick{byAddress, byCert}, []pick{withOAuth, withBasic}, true, "its From varies"},
	{func(in Input) bool { return in.Device.hosted() == True },
		[]pick{service}, []pick{withOAuth}, true, "it is hosted by somebody else"},
	{func(in Input) bool { return in.internal() && in.Device.PerDay > maxPerDay },
		[]pick{highVolume}, []pick{byAddress, byCert}, true, "it writes to over 10,000 internal recipients a day"},
	{func(in Input) bool { return in.bulk() },
		[]pick{azure, service}, nil, true, "it sends bulk mail"},
}

// fitOf returns what the decision rules say of a method, and the rule that says
// it.
func fitOf(in Input, o Option) (int, Reason) {
	firm := slices.ContainsFunc(decisions, func(d decision) bool { return d.firm && d.when(in) })
	fit, why := 2, "no decision rule recommends it"
	if kind := o.Method.Kind(); (kind == OwnServer || kind == Hoster) && !inUse(in, o.Method) {
		fit, why = elsewhere, "only for who has one already"
	}
	for i, d := range decisions {
		if !d.when(in) {
			continue
		}
		n := fit
		switch {
		case named(d.best, o):
			n = 0
			if firm && !d.firm && i != 0 {
				n = 1
			}
		case named(d.second, o):
			n = 1
		}
		if n < fit {
			fit, why = n, ruleText(i, n)+d.why
		}
	}
	return fit, Reason{why, fact(Inferred, "RULES", "decision rules: recommended, second choice, never")}
}

func ruleText(i, n int) string {
	if n == 0 {
		return "recommended by rule " + strconv.Itoa(i+1) + ": "
	}
	return "the second choice by rule " + strconv.Itoa(i+1) + ": "
}

func named(picks []pick, o Option) bool {
	return slices.ContainsFunc(picks, func(p pick) bool {
		return p.kind == o.Method.Kind() && (p.auth == "" || p.auth == o.Auth)
	})
}

// may reports whether that could be the best authentication of the device, or
// is within it.
func (in Input) may(a Auth) bool { return in.Device.Auth == a || in.Device.Auth == AuthUnknown }

func (in Input) modern() bool { return !old(in.Device.TLS) }

func (in Input) internal() bool { return !in.Device.external() }

func (in Input) outside() bool { return in.Device.Recipients != Internal }

func (in Input) fixed() bool { return in.Site.fixed() != False && in.Device.hosted() != True }

func (in Input) bulk() bool {
	d := in.Device
	if !in.outside() {
		return false
	}
	public := d.Recipients == Anyone || d.Recipients == RecipientsUnknown
	if public && d.PerDay >= bulkPerDay || d.PerDay > maxPerDay {
		return true
	}
	j := judgment{in: in, kind: SMTPAuth}
	j.tenantLimit()
	return len(j.out.Vetoes) > 0
}

// candidates returns the methods to judge for a device: all of them, and of
// relays, hosters and relays on the LAN those that are in use, or one that is
// still to be chosen.
func candidates(in Input) []Option {
	options := []Option{
		{Method: ID(Graph)}, {Method: SMTPAuthID, Auth: AuthOAuth}, {Method: SMTPAuthID, Auth: AuthBasic},
		{Method: ID(ConnectorIP)}, {Method: ID(ConnectorCert)}, {Method: ID(HVE)}, {Method: ID(ACS)},
	}
	inUse := append([]ID{in.Device.Method, in.Device.Now}, in.Site.Methods...)
	for _, name := range in.Site.Relays {
		inUse = append(inUse, ID(string(Via)+":"+name))
	}
	for _, kind := range []Kind{Relay, Hoster, Via} {
		ids := namedIDs(kind, inUse, in.Device.Name)
		if len(ids) == 0 {
			ids = []ID{ID(kind)}
		}
		for _, id := range ids {
			options = append(options, Option{Method: id})
		}
	}
	for _, kind := range []Kind{DirectSend, OwnServer, PopBeforeSMTP, OpenRelay} {
		options = append(options, Option{Method: ID(kind)})
	}
	return options
}

// namedIDs returns the methods of a kind among ids that name something, each
// once, without a relay that would be the device itself.
func namedIDs(kind Kind, ids []ID, self string) []ID {
	var found []ID
	for _, id := range ids {
		if id.Kind() == kind && id.Name() != "" && !(kind == Via && id.Name() == self) && !slices.Contains(found, id) {
			found = append(found, id)
		}
	}
	return found
}

// serviceID returns the catalogue's entry of a relay, hoster or gateway.
func serviceID(name string) (provider.Entry, bool) { return provider.ByID(provider.ID(name)) }
