package interview

import (
	"cmp"
	"slices"
	"strings"

	"sendplan/internal/check"
	"sendplan/internal/intake"
	"sendplan/internal/inventory"
	"sendplan/internal/provider"
	"sendplan/spf"
)

// anotherGateway is the answer that has the catalogue asked about.
const anotherGateway = "gateway"

// askPath asks for a way of mail, and which gateway it is if it is one that the
// records do not name.
func (s State) askPath(f *form, q Question) {
	if f.ask(q) == anotherGateway {
		f.ask(catalogueQuestion(q.ID + "_gateway"))
	}
}

// pathOf is the way that was answered, or the one there is if it was not asked.
func pathOf(answers Answers, id ID, have inventory.Path) inventory.Path {
	answer, asked := answers[id]
	switch {
	case !asked:
		return have
	case answer != anotherGateway:
		return inventory.Path(answer)
	case answers[id+"_gateway"] == "":
		return inventory.PathUnknown
	}
	return inventory.Path(gatewayPrefix + answers[id+"_gateway"])
}

const gatewayPrefix = string(inventory.Gateway) + ":"

func catalogueQuestion(id ID) Question {
	q := Question{
		ID: id, Kind: Choice, Text: "Which gateway or signature service is it?", Label: "Gateway",
		Why: "Its addresses and its SPF include come from the catalogue.",
	}
	for _, known := range intake.Catalogue(inventory.Gateway) {
		q.Options = append(q.Options, Option{Value: known, Text: gatewayName(known)})
	}
	slices.SortStableFunc(q.Options, func(a, b Option) int { return cmp.Compare(strings.ToLower(a.Text), strings.ToLower(b.Text)) })
	q.Options = append(q.Options, Option{Text: "none of these", Note: "then the path counts as not known, and what it adds to the mail's way is not judged"})
	return q
}

func gatewayName(id string) string {
	if e, ok := provider.ByID(provider.ID(id)); ok {
		return e.ShortName()
	}
	return id
}

func (s State) outboundQuestion() Question {
	have := s.inventory().Tenant.Outbound
	q := Question{
		ID: "outbound", Kind: Choice, Text: "How does mail leave the tenant for other organisations?", Label: "Outbound path", Answer: string(have),
		Why: "Receivers judge SPF by the last server on the way. About one Microsoft 365 domain in five sends out through a gateway or signature service, which the MX record does not show. " +
			"Exchange Online PowerShell tells: Get-OutboundConnector | Format-List Name,Enabled,SmartHosts,RecipientDomains",
		Options: s.paths(have, "directly from Exchange Online", "no outbound connector with a smart host takes this mail"),
	}
	if have == "" && s.proposes() {
		q.Answer, q.Basis = s.likelyOutbound()
	}
	return q
}

// includes reports whether the domain's SPF record includes Microsoft 365, and
// whether it includes what the catalogue does not know, which can be a gateway.
func includes(d *check.Domain) (microsoft, unknown bool) {
	if d.SPF.Root == nil {
		return false, false
	}
	for _, n := range d.SPF.Root.Children {
		if n.Term.Kind != spf.KindInclude && n.Term.Kind != spf.KindRedirect {
			continue
		}
		if isMicrosoft(n) {
			microsoft = true
		} else if _, known := provider.ByInclude(n.Target); !known {
			unknown = true
		}
	}
	return microsoft, unknown
}

func isMicrosoft(n *spf.Node) bool {
	return slices.ContainsFunc([]provider.Cloud{provider.Worldwide, provider.GCCHigh, provider.DoD, provider.China},
		func(c provider.Cloud) bool { return n.Target != "" && n.Target == c.SPFInclude() })
}

// inboundQuestion asks for the way in; proposed is the one that the DNS tells.
func (s State) inboundQuestion(proposed inventory.Path) Question {
	have := s.inventory().Tenant.Inbound
	q := Question{
		ID: "inbound", Kind: Choice, Text: "What takes the mail for your domains from the internet?", Label: "Inbound path", Answer: string(have),
		Why:     "Where mail comes in by way of a gateway, Direct Send would go around it, and the tenant often refuses that. The MX records did not tell, or tell something else than the inventory.",
		Options: s.paths(have, "Exchange Online itself", "the MX record leads to a host of Microsoft"),
	}
	if have == "" && proposed != "" {
		q.Answer, q.Basis = string(proposed), "the MX record leads there"
	}
	return q
}

// paths are the ways that mail can take: those that the records name and the one
// there is, the servers of the inventory, any other gateway.
func (s State) paths(have inventory.Path, direct, note string) []Option {
	options := []Option{{Value: string(inventory.PathDirect), Text: direct, Note: note}}
	for _, g := range s.gateways() {
		options = append(options, Option{Value: gatewayPrefix + g.Name, Text: "through " + g.Title, Note: "named by " + g.Why})
	}
	servers := s.servers()
	for _, name := range servers {
		value := string(inventory.OwnServerFamily) + ":" + name
		if strings.EqualFold(value, string(have)) {
			value = string(have) // as the file has it
		}
		options = append(options, Option{Value: value, Text: "through our own server " + name, Note: "it is among the devices"})
	}
	has := func(o Option) bool { return o.Value == string(have) }
	if family, name := have.Of(); family != "" && !slices.ContainsFunc(options, has) {
		if family == inventory.Gateway {
			name = gatewayName(name)
		}
		options = append(options, Option{Value: string(have), Text: "through " + name, Note: "the inventory says so"})
	}
	options = append(options, Option{Value: anotherGateway, Text: "through another gateway or signature service", Note: "from a list"})
	if len(servers) == 0 {
		options = append(options, Option{
			Value: string(inventory.OwnServerFamily), Text: "through a server of our own",
			Against: []string{"no server or relay is among the devices yet"}, Instead: "not known for now; add the server as a device, then come back",
		})
	}
	return append(options, Option{Text: "not known", Note: "then what depends on it stays open in the plan"})
}

// servers are the devices that mail of a tenant can pass.
func (s State) servers() []string {
	var names []string
	for _, d := range s.inventory().Devices {
		if d.Kind == inventory.Server || d.Kind == inventory.LANRelay {
			names = append(names, d.Name)
		}
	}
	return names
}
