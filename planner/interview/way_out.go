package interview

import (
	"fmt"
	"slices"

	"sendplan/internal/check"
	"sendplan/internal/intake"
	"sendplan/internal/inventory"
	"sendplan/internal/provider"
	"sendplan/spf"
)

// likelyOutbound is the way out that the records suggest, and why it is no more
// than likely. Where domains differ, or the MX and the SPF record of one do, nothing
// is suggested: of a wrong guess the plan would authorise strangers.
func (s State) likelyOutbound() (answer, basis string) {
	if s.Found == nil {
		return "", ""
	}
	var first wayOut
	for _, r := range s.Found.Reports {
		switch way := outOf(r.Domain); {
		case way.silent:
		case way.path == "":
			return "", way.why
		case first.path == "":
			first = way
		case way.path != first.path:
			return "", fmt.Sprintf("the records differ: %s, %s", first.why, way.why)
		}
	}
	switch first.path {
	case "":
		return "", ""
	case inventory.PathDirect:
		return string(first.path), "a guess, to be confirmed: SPF includes Microsoft 365, and no gateway is named by MX, SPF or DKIM"
	}
	return string(first.path), "a guess, to be confirmed: " + first.why
}

// wayOut is what the records of one domain suggest.
type wayOut struct {
	path   inventory.Path // empty: they do not tell
	why    string
	silent bool // the domain does not send from the tenant
}

func outOf(d *check.Domain) wayOut {
	microsoft, unknown := includes(d)
	if intake.Unasked(d) || unknown {
		return wayOut{}
	}
	name, seen := d.Name.Unicode(), intake.Domain(d)
	named := namedGateways(d, seen)
	switch {
	case len(named) > 1:
		return wayOut{why: fmt.Sprintf("the records of %s name %s and %s", name, gatewayName(named[0]), gatewayName(named[1]))}
	case len(named) == 1:
		return wayOut{path: inventory.Path(gatewayPrefix + named[0]), why: fmt.Sprintf("SPF or DKIM of %s name %s", name, gatewayName(named[0]))}
	case seen.Gateway != "":
		return wayOut{why: fmt.Sprintf("mail for %s comes in through %s, but its SPF record does not name that for the way out", name, seen.Gateway)}
	case !microsoft:
		return wayOut{silent: true}
	case seen.Inbound != inventory.PathDirect && !d.Exchange.Null():
		return wayOut{why: fmt.Sprintf("the MX record of %s does not lead to Microsoft 365 alone, and mail may leave elsewhere too", name)}
	}
	return wayOut{path: inventory.PathDirect, why: fmt.Sprintf("SPF of %s names Microsoft 365 and no gateway", name)}
}

// namedGateways are the gateways that SPF or DKIM of a domain name. An MX tells of the
// way in alone.
func namedGateways(d *check.Domain, seen inventory.Seen) []string {
	known := intake.Catalogue(inventory.Gateway)
	var list []string
	add := func(id string) {
		if slices.Contains(known, id) && !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	if d.SPF.Root != nil {
		for _, n := range d.SPF.Root.Children {
			if n.Term.Kind == spf.KindInclude || n.Term.Kind == spf.KindRedirect {
				if e, ok := provider.ByInclude(n.Target); ok {
					add(string(e.ID))
				}
			}
		}
	}
	for _, v := range seen.Services {
		add(v.Name)
	}
	return list
}
