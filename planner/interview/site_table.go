package interview

import (
	"fmt"
	"net/netip"
	"slices"

	"sendplan/internal/check"
	"sendplan/internal/intake"
	"sendplan/internal/inventory"
	"sendplan/spf"
)

func (s State) siteTable() Table {
	t := Table{
		Columns: []string{"Site", "Public addresses", "Fixed", "Shared", "Port 25"},
		Empty:   "No site is known yet: add the places from which your devices reach the internet.",
	}
	for _, site := range s.inventory().Sites {
		t.Rows = append(t.Rows, s.siteRow(site))
	}
	names := s.siteNames()
	for _, h := range s.siteHints() {
		name := freeName("office", names)
		names = append(names, name)
		t.Rows = append(t.Rows, h.row(name))
	}
	return t
}

// truthWords are how a table shows a truth.
func truthWords(t inventory.Truth) string {
	switch t {
	case inventory.True:
		return "yes"
	case inventory.False:
		return "no"
	}
	return "not known"
}

func portWords(p inventory.Port) string {
	if p == inventory.PortUnknown {
		return "not known"
	}
	return string(p)
}

func (s State) siteRow(site inventory.Site) Row {
	addresses := list(site.Addresses, prefixText)
	if addresses == "" {
		addresses = "none"
	}
	mark, use := siteUse(site)
	row := Row{
		About: Subject{OfSite, site.Name}, Mark: mark,
		Cells: []string{site.Name, addresses, truthWords(site.Static), truthWords(site.Shared), portWords(site.Port25)},
		More:  []Line{{Mark: mark, Text: use}},
	}
	if site.Port25 == inventory.PortBlocked {
		row.More = append(row.More, Line{Text: "Port 25 is blocked: Direct Send, connectors and own servers cannot be used from here."})
	}
	devices := "No device is here."
	if names := s.devicesAt(site.Name); len(names) > 0 {
		devices = "Devices here: " + named(names) + "."
	}
	row.More = append(row.More, Line{Text: devices})
	return row
}

// siteUse says whether the addresses of a site can be authorised.
func siteUse(site inventory.Site) (Mark, string) {
	switch {
	case site.Shared == inventory.True:
		return Plain, "Strangers share its addresses: they cannot stand in SPF or in a connector."
	case site.Static == inventory.False:
		return Plain, "Its addresses change: they cannot stand in SPF or in a connector."
	case len(site.Addresses) == 0 && site.Static == inventory.True:
		return Warn, "It has a fixed address, but none is given: name it, so that it can stand in SPF or in a connector."
	case len(site.Addresses) == 0:
		return Plain, "It has no public address that could stand in SPF or in a connector."
	case site.Static == inventory.True && site.Shared == inventory.False:
		return Good, "Its addresses can stand in SPF and in a connector."
	}
	return Unknown, "Whether its addresses can stand in SPF or in a connector depends on what is not known yet."
}

// siteHint is a range that SPF allows and no site has.
type siteHint struct {
	prefix netip.Prefix
	why    []string
}

// siteHints are what the SPF records allow beside the addresses of sites, each
// range once.
func (s State) siteHints() []siteHint {
	var hints []siteHint
	if s.Found == nil {
		return nil
	}
	for _, r := range s.Found.Reports {
		one := intake.Domain(r.Domain)
		for _, source := range one.Sources {
			why := []string{fmt.Sprintf("SPF of %s allows %s: is it yours?", one.Domain.Unicode(), source.Why)}
			hints = s.addHint(hints, siteHint{source.Prefix, append(why, strangers(r.Domain, source.Prefix)...)})
		}
	}
	return hints
}

// office is how many addresses the line of an office has at most, in bits: more
// are rather those of a provider.
const office = 3

// strangers are the signs that addresses are somebody else's.
func strangers(d *check.Domain, p netip.Prefix) []string {
	var signs []string
	if p.Addr().Is4() && p.Addr().BitLen()-p.Bits() > office {
		signs = append(signs, fmt.Sprintf("%s are %d addresses: so many are rather a provider's than a site's", prefixText(p), 1<<(p.Addr().BitLen()-p.Bits())))
	}
	for _, h := range d.Exchange.Hosts {
		if slices.ContainsFunc(h.Addresses(), p.Contains) {
			signs = append(signs, fmt.Sprintf("it takes the mail of %s as %s: a server, perhaps at a hoster, and no line of an office", d.Name.Unicode(), h.Name.Unicode()))
		}
	}
	if d.SPF.Root != nil {
		for _, n := range d.SPF.Root.Children {
			if n.Term.Kind == spf.KindInclude && holds(n, p) {
				signs = append(signs, fmt.Sprintf("it is among the addresses of %s too, which others share", targetName(n)))
			}
		}
	}
	return signs
}

// holds reports whether what a term includes names addresses of a range.
func holds(n *spf.Node, p netip.Prefix) bool {
	return slices.ContainsFunc(n.Children, func(c *spf.Node) bool {
		direct := c.Term.Kind == spf.KindIP4 || c.Term.Kind == spf.KindIP6
		return direct && c.Term.Prefix.IsValid() && c.Term.Prefix.Overlaps(p) || holds(c, p)
	})
}

// addHint adds a hint, or its reason to one about the same addresses. What no
// site can have is left out.
func (s State) addHint(hints []siteHint, h siteHint) []siteHint {
	if _, err := parsePrefix("", h.prefix.String()); err != nil {
		return hints
	}
	if _, _, ok := s.at(h.prefix); ok {
		return hints
	}
	for i, have := range hints {
		if have.prefix.Overlaps(h.prefix) {
			hints[i].why = append(have.why, h.why...)
			return hints
		}
	}
	return append(hints, h)
}

func (h siteHint) row(name string) Row {
	address := prefixText(h.prefix)
	row := Row{
		About: Subject{Of: OfSite}, Suggested: true, Answers: Answers{"name": name, "addresses": address},
		Cells: []string{name, address, truthWords(""), truthWords(""), portWords("")},
	}
	for _, why := range h.why {
		row.More = append(row.More, Line{Mark: Note, Text: why})
	}
	return row
}
