package runbook

import (
	"net/netip"
	"slices"
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/method"
	"sendplan/planner"
)

// lockedOut names the senders whose mail a connector of type Partner would
// reject, if it is scoped to a domain and restricted to some addresses: all of
// the domain that hand over from elsewhere, or from nobody knows where. except
// is the device that it is for.
func (b *book) lockedOut(domain dns.Name, except string, in []netip.Prefix) []string {
	var out []string
	for _, d := range b.plan.Devices {
		if d.Name != except && writesAs(d, domain) && !b.within(d, in) {
			out = append(out, d.Name)
		}
	}
	for _, s := range b.plan.Senders {
		if s.Domain == domain && !own(s) && !termWithin(s.What, in) && !slices.Contains(out, s.What) {
			out = append(out, s.What)
		}
	}
	if !b.closed(domain) {
		out = append(out, "whoever else the SPF record does not refuse by -all")
	}
	return out
}

// writesAs reports whether a device uses a domain as MAIL FROM or From.
func writesAs(d planner.Device, domain dns.Name) bool {
	return slices.Contains(d.Device.Device.Envelopes(), domain) || slices.ContainsFunc(d.Device.Device.From, func(a inventory.Address) bool { return a.Domain == domain })
}

// within reports whether all mail of a device comes from some addresses, or by a
// login. Today's method counts as well as the one that it shall use.
func (b *book) within(d planner.Device, in []netip.Prefix) bool {
	for _, id := range []method.ID{method.ID(d.Today()), method.ID(d.Device.Device.Method)} {
		switch id.Kind() {
		case method.SMTPAuth, method.HVE, method.Graph:
		case method.DirectSend, method.ConnectorIP, method.ConnectorCert, method.OwnServer:
			if !b.siteWithin(d, in) {
				return false
			}
		default: // somebody else hands it over, or it is not known who
			if id != "" || d.Today() == "" {
				return false
			}
		}
	}
	return true
}

func (b *book) siteWithin(d planner.Device, in []netip.Prefix) bool {
	site, ok := b.inv.Site(d.Site)
	return ok && len(site.Addresses) > 0 && site.Static == inventory.True && covered(site.Addresses, in)
}

// termWithin reports whether a term of an SPF record names addresses that all
// lie in some.
func termWithin(term string, in []netip.Prefix) bool {
	text, ok := strings.CutPrefix(strings.TrimPrefix(strings.ToLower(term), "+"), "ip4:")
	if !ok {
		return false
	}
	p, err := inventory.ParsePrefix(text)
	return err == nil && covered([]netip.Prefix{p}, in)
}

// closed reports whether the SPF record of a domain says that it names all
// senders.
func (b *book) closed(domain dns.Name) bool {
	for _, d := range b.plan.Domains {
		if d.Name == domain {
			return slices.ContainsFunc(d.SPF.Terms, func(t planner.Term) bool {
				return strings.EqualFold(t.Text, "-all") && t.Action == planner.Keep
			})
		}
	}
	return false
}

// own reports whether a sender is the tenant's own mailboxes, or the cloud that
// holds them: their mail to the tenant does not come in by a connector.
func own(s planner.Sender) bool { return s.Who == "Microsoft 365" }
