package interview

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"sendplan/internal/inventory"
)

// siteQuestions asks about a site; "" is a new one.
func (s State) siteQuestions(name string, given Answers) []Question {
	site, known := s.inventory().Site(name)
	if !known && name != "" {
		return nil
	}
	f := form{given: given}
	named := Question{
		ID: "name", Kind: Text, Text: "What is the site called?", Label: "Site", Example: "office", Answer: site.Name,
		Why: "A site is a place from which devices reach the internet: an office, a branch, a data centre. Devices at the same public address are at the same site.",
	}
	if !known {
		named.Answer, named.Basis = freeName("office", s.siteNames()), "a name that is free"
	}
	f.ask(named)
	f.ask(Question{
		ID: "addresses", Kind: List, Text: "Which public addresses does its mail come from?", Label: "Public addresses", Example: "203.0.113.10, 203.0.113.16/29",
		Why: "What the internet sees: IPv4, IPv6 or ranges. The devices' own addresses (192.168..., 10...) are behind the router and of no use here. " +
			"A computer at the site shows it: curl https://ifconfig.me, or any page that tells your address. Where the line has IPv6 too, name both (curl -4, curl -6): mail may leave by either. Leave it empty if the address changes.",
		Answer: list(site.Addresses, prefixText),
	})
	f.ask(Question{
		ID: "static", Kind: Choice, Text: "Do the addresses stay the same?", Label: "Fixed", Answer: string(site.Static),
		Why: "Only an address that stays can stand in an SPF record or in a connector: a changing one would soon let a stranger send as you, and no longer your devices.",
		Options: truths("a fixed address: the contract says so (that of a business line may change too)", "a line whose address changes, every night or when the router restarts",
			"nothing is planned that needs a fixed address; the contract or the provider tells"),
	})
	f.ask(Question{
		ID: "shared", Kind: Choice, Text: "Do strangers send from the same addresses?", Label: "Shared", Answer: string(site.Shared),
		Why: "So it is behind carrier-grade NAT, on mobile lines and in most clouds. Whoever shares an address that is authorised may send as you.",
		Options: truths("carrier-grade NAT, a mobile line, a cloud's common way out", "the addresses are yours alone",
			"compare the router's outer address with the public one: if they differ, the address is shared"),
	})
	f.ask(Question{
		ID: "port25", Kind: Choice, Text: "Can devices reach port 25 on the internet?", Label: "Port 25", Answer: string(site.Port25),
		Why: "Direct Send, connectors and own servers hand over mail at port 25, which many providers and firewalls block. A Windows computer at the site tells: Test-NetConnection " + s.mailHost() + " -Port 25",
		Options: []Option{
			{Value: string(inventory.PortOpen), Text: "open", Note: "the test says TcpTestSucceeded: True"},
			{Value: string(inventory.PortBlocked), Text: "blocked", Note: "then only methods that log in, or use the web, are left"},
			{Text: "not known", Note: "methods that need it stay open until it is tested"},
		},
	})
	return f.questions
}

// mailHost is a host that takes mail, to test port 25 with.
func (s State) mailHost() string {
	if s.Found != nil {
		for _, r := range s.Found.Reports {
			for _, h := range r.Domain.Exchange.Hosts {
				if h.Microsoft.Label != "" {
					return h.Name.String()
				}
			}
		}
	}
	return "smtp.office365.com"
}

// siteNames are the names of all sites.
func (s State) siteNames() []string {
	var names []string
	for _, site := range s.inventory().Sites {
		names = append(names, site.Name)
	}
	return names
}

func (s State) putSite(name string, given Answers) (State, error) {
	have, known := s.inventory().Site(name)
	if !known && name != "" {
		return s, noSite(name)
	}
	want, err := s.answeredSite(have, given)
	if err != nil {
		return s, err
	}
	return s.edited(func(f *inventory.File) error {
		if !known {
			return f.AddSites(want)
		}
		return changeSite(f, have, want)
	})
}

func noSite(name string) error {
	return &Mistake{Message: fmt.Sprintf("there is no site %q", name), Fix: "choose one of the list"}
}

// answeredSite returns a site as the answers make it. The error is a *[Mistake].
func (s State) answeredSite(have inventory.Site, given Answers) (inventory.Site, error) {
	answers, err := taken(s.siteQuestions(have.Name, given))
	if err != nil {
		return have, err
	}
	others := slices.DeleteFunc(s.siteNames(), func(n string) bool { return n == have.Name })
	want := have
	if want.Name, err = parseName("name", answers["name"], others); err != nil {
		return have, err
	}
	if want.Addresses, err = s.siteAddresses(have.Name, answers["addresses"]); err != nil {
		return have, err
	}
	want.Static, want.Shared = inventory.Truth(answers["static"]), inventory.Truth(answers["shared"])
	want.Port25 = inventory.Port(answers["port25"])
	return want, nil
}

// siteAddresses reads the addresses of a site: each belongs to one site, and
// stands in its list once.
func (s State) siteAddresses(name, answer string) ([]netip.Prefix, error) {
	list, err := parsed("addresses", answer, parsePrefix)
	if err != nil {
		return nil, err
	}
	for i, p := range list {
		for _, q := range list[:i] {
			if p.Overlaps(q) {
				return nil, &Mistake{ID: "addresses", Message: fmt.Sprintf("%s and %s overlap", prefixText(q), prefixText(p)), Fix: "leave out the smaller of them"}
			}
		}
		if other, q, ok := s.at(p); ok && other != name {
			return nil, &Mistake{ID: "addresses", Message: fmt.Sprintf("%s is of the site %q, which has %s: an address belongs to one site", prefixText(p), other, prefixText(q)), Fix: "take it away there first, or leave it out here"}
		}
	}
	return list, nil
}

// at returns the site that has addresses of a range, and which of its own.
func (s State) at(p netip.Prefix) (site string, own netip.Prefix, ok bool) {
	for _, other := range s.inventory().Sites {
		for _, q := range other.Addresses {
			if p.Overlaps(q) {
				return other.Name, q, true
			}
		}
	}
	return "", netip.Prefix{}, false
}

func changeSite(f *inventory.File, have, want inventory.Site) error {
	at := inventory.SiteAt(have.Name)
	for _, err := range []error{
		changeTexts(f, at.Key("addresses"), prefixTexts(have.Addresses), prefixTexts(want.Addresses)),
		change(f, at.Key("static"), have.Static, want.Static, inventory.Bool),
		change(f, at.Key("shared"), have.Shared, want.Shared, inventory.Bool),
		change(f, at.Key("port25"), have.Port25, want.Port25, word),
	} {
		if err != nil {
			return err
		}
	}
	if have.Name == want.Name {
		return nil
	}
	return f.RenameSite(have.Name, want.Name)
}

func prefixTexts(list []netip.Prefix) []string {
	texts := make([]string, len(list))
	for i, p := range list {
		texts[i] = prefixText(p)
	}
	return texts
}

// copySite begins a site like another one. Its addresses are not copied: an address
// belongs to one site.
func (s State) copySite(name string) Answers {
	site, ok := s.inventory().Site(name)
	if !ok {
		return nil
	}
	return Answers{"name": freeName(site.Name, s.siteNames()), "static": string(site.Static), "shared": string(site.Shared), "port25": string(site.Port25)}
}

func (s State) deleteSite(name string) (State, error) {
	site, ok := s.inventory().Site(name)
	if !ok {
		return s, noSite(name)
	}
	if names := s.devicesAt(site.Name); len(names) > 0 {
		return s, &Mistake{Message: fmt.Sprintf("devices are at the site %q: %s", site.Name, named(names)), Fix: "give them another site, or delete them first"}
	}
	return s.edited(func(f *inventory.File) error { return f.Delete(inventory.SiteAt(site.Name)) })
}

// devicesAt are the devices of a site.
func (s State) devicesAt(site string) []string {
	var names []string
	for _, d := range s.inventory().Devices {
		if strings.EqualFold(d.Site, site) {
			names = append(names, d.Name)
		}
	}
	return names
}
