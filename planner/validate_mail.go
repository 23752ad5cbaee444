package planner

import (
	"slices"

	"sendplan/internal/dns"
	"sendplan/internal/fleet"
	"sendplan/internal/inventory"
)

// reach is how mail to a domain finds its host.
type reach struct {
	mx      bool // by MX records
	null    bool // it takes none, as its MX record says (RFC 7505)
	address bool // by the address records of the domain itself, if it has no MX record (RFC 5321 §5.1)
	ipv4    bool // one of these is an A record
	err     *dns.Error
}

// reachOf asks for the MX records of a domain and its addresses.
func (m *maker) reachOf(r dns.Resolver, name dns.Name) reach {
	mx, err := r.Lookup(m.ctx, name, dns.TypeMX)
	a, err4 := r.Lookup(m.ctx, name, dns.TypeA)
	aaaa, err6 := r.Lookup(m.ctx, name, dns.TypeAAAA)
	found := reach{mx: len(mx.Records) > 0, null: null(mx.Records), address: len(a.Records)+len(aaaa.Records) > 0, ipv4: len(a.Records) > 0, err: dns.AsError(err)}
	for _, failed := range []error{err4, err6} {
		if found.err == nil && !found.mx && !found.address {
			found.err = dns.AsError(failed)
		}
	}
	return found
}

// compareMail blocks where mail to a domain would find its host no more: then
// nobody can answer, reports of failures get lost, and the domain is none that
// mail may come from.
func (m *maker) compareMail(d *domain, then dns.Resolver) {
	today, later := m.reachOf(m.now, d.Name), m.reachOf(then, d.Name)
	sends, tenant := m.sendsAs(d)
	if d.wish.Parked == inventory.True || later.mx && !later.null {
		return
	}
	loses := func(what, fix string) {
		m.block(Block{ID: BlockLoses, Subject: string(d.Name), Message: what, Fix: fix})
	}
	const takeAgain = "take the MX records into the zone again"
	switch {
	case today.err != nil && later.err != nil: // the same question as far as that shows
	case today.err != nil || later.err != nil && (today.mx || today.address):
		m.mailNotCompared(d, today.err, later.err)
	case today.null || !today.mx && !(sends && today.address):
		m.unreachable(d, later, tenant)
	case later.null:
		loses("it would take no mail any more (a null MX record): receivers may refuse it as a sender, and nobody can answer (RFC 7505 §4.2)", takeAgain)
	case !later.address || tenant && !later.ipv4:
		loses("it would have neither MX nor A record: nobody can answer what comes from there, receivers may refuse it, and Microsoft 365 sends it from the pool for high risks", takeAgain)
	case today.mx:
		loses("its MX records go, so that mail to it, answers and reports of failures too, goes to the host of its address record (RFC 5321 §5.1)", takeAgain)
	}
}

// unreachable says what that is worth where it is no loss: nothing led to the
// domain before.
func (m *maker) unreachable(d *domain, later reach, tenant bool) {
	if tenant && later.err == nil && !later.mx && !later.ipv4 {
		m.unknown(Unknown{Subject: string(d.Name), Message: "it has neither MX nor A record, today and afterwards: Microsoft 365 sends its mail from the pool for high risks, and whether receivers take that is not known",
			Fix: "give it an MX record"})
	}
}

func (m *maker) mailNotCompared(d *domain, causes ...*dns.Error) {
	for _, cause := range causes {
		if cause != nil && !asking(cause) {
			m.unknown(Unknown{Subject: string(d.Name), Message: "whether mail to it still finds its host is not known, because " + cause.Key.String() + " was not answered", Fix: "try again when that name answers", Cause: cause})
			return
		}
	}
}

// sendsAs reports whether something sends from a domain, and whether that leaves
// through the tenant.
func (m *maker) sendsAs(d *domain) (sends, tenant bool) {
	tenant = m.hasMailboxes(d) || len(m.sendingThroughTenant(d.Name)) > 0
	sends = tenant || slices.ContainsFunc(m.fleet.Devices, func(device fleet.Device) bool {
		from := slices.ContainsFunc(device.From, func(a inventory.Address) bool { return a.Domain == d.Name })
		return from || slices.Contains(device.Envelopes(), d.Name)
	})
	return sends, tenant
}
