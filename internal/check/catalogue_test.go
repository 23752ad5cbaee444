package check

import (
	"context"
	"fmt"
	"maps"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"

	"sendplan/dkim"
	"sendplan/internal/dns"
	"sendplan/internal/provider"
	"sendplan/spf"
)

// sharedNames are services that stand behind names of another entry, with the
// entry that those names are told as: the DNS alone does not tell them apart.
var sharedNames = map[provider.ID]provider.ID{
	"m365-dod":                     "m365-gcc-high",
	"m365-hve":                     "m365-worldwide",
	"azure-communication-services": "m365-worldwide",
	"resend":                       "amazon-ses",
	"cloudflare-email-sending":     "cloudflare-email-routing",
	"customer-io":                  "mailgun",
}

// unnamed are the entries that leave no name of their own in a customer's zone:
// software on the customer's own hosts, services that send from their own
// domains only, and those whose targets only their console tells.
var unnamed = []provider.ID{
	"dynamics-365-marketing", "emailoctopus", "inxmail", "gorgias", "docusign", "adobe-sign", "papercut-hive", "printer-direct",
	"sw-cpanel", "sw-plesk", "sw-directadmin", "sw-hestiacp", "sw-mailcow", "sw-mailinabox", "sw-docker-mailserver",
	"sw-postal", "sw-stalwart", "sw-mox",
}

// foreignTargets are DKIM targets of the catalogue that name nobody: what is not
// a customer's value in them is too little to tell a service by.
var foreignTargets = []string{"x7._domainkey.dkim1.x7send.com", "eo._domainkey.x7"}

// Every entry is recognised in a zone of its own that holds all its MX hosts,
// includes and DKIM targets.
func TestCatalogueThroughZones(t *testing.T) {
	t.Parallel()
	var none []provider.ID
	for _, e := range provider.Entries() {
		z := newCustomerZone(e)
		if len(z.hosts)+len(z.includes)+len(z.targets) == 0 {
			none = append(none, e.ID)
			continue
		}
		t.Run(string(e.ID), func(t *testing.T) {
			t.Parallel()
			z.check(t, e)
		})
	}
	slices.Sort(none)
	if want := slices.Sorted(slices.Values(unnamed)); !slices.Equal(none, want) {
		t.Errorf("without a name are %v, want %v", none, want)
	}
}

// customerZone is what a customer of one entry publishes.
type customerZone struct {
	hosts, includes []string
	targets         map[string]string // by selector
}

func newCustomerZone(e provider.Entry) customerZone {
	z := customerZone{targets: map[string]string{}}
	for _, expr := range e.MX {
		re, err := syntax.Parse(expr, syntax.Perl)
		if err != nil {
			continue // a test of the catalogue says so
		}
		host := matched(re)
		if strings.HasPrefix(host, ".") {
			host = "mx" + host
		}
		z.hosts = append(z.hosts, host)
	}
	for _, m := range e.SPF.Mechanisms {
		if i := strings.IndexAny(m, ":="); i >= 0 && (m[:i] == "include" || m[:i] == "redirect") {
			z.includes = append(z.includes, filledIn(m[i+1:]))
		}
	}
	for _, name := range e.SPF.Also {
		z.includes = append(z.includes, filledIn(name))
	}
	for i, r := range e.DKIM {
		target := filledIn(r.Target)
		if _, err := dns.ParseName(target); err != nil || !strings.Contains(r.Type, "CNAME") ||
			!strings.Contains(target, ".") || slices.Contains(foreignTargets, target) {
			continue
		}
		z.targets[fmt.Sprintf("s%d", i)] = target
	}
	return z
}

func (z customerZone) text() string {
	text := contosoSOA
	for i, host := range z.hosts {
		text += fmt.Sprintf("contoso.example. IN MX %d %s.\n", i, host)
	}
	if len(z.includes) > 0 {
		text += `contoso.example. IN TXT "v=spf1" " include:` + strings.Join(z.includes, `" " include:`) + `" " ~all"` + "\n"
	}
	for _, s := range slices.Sorted(maps.Keys(z.targets)) {
		text += s + "._domainkey.contoso.example. IN CNAME " + z.targets[s] + ".\n"
	}
	return text + rootSOA
}

func (z customerZone) check(t *testing.T, e provider.Entry) {
	t.Helper()
	zones, err := dns.ParseZones(z.text(), string(e.ID))
	if err != nil {
		t.Fatal(err)
	}
	known := []string{e.ShortName()}
	if as, ok := sharedNames[e.ID]; ok {
		other, _ := provider.ByID(as)
		known = append(known, other.ShortName())
	}
	d := Look(zones, "contoso.example", Options{})
	for i, host := range z.hosts {
		if got := d.Exchange.Hosts[i]; string(got.Name) != host || !slices.Contains(known, got.Provider) {
			t.Errorf("MX %s: %q", host, got.Provider)
		}
	}
	var found []string
	for _, n := range d.SPF.Root.Children {
		if n.Term.Kind != spf.KindInclude {
			continue
		}
		found = append(found, string(n.Target))
		if !slices.Contains(known, Operator(n)) {
			t.Errorf("%s: %q", n.Term.Text, Operator(n))
		}
	}
	if !slices.Equal(found, z.includes) {
		t.Errorf("includes %v, want %v", found, z.includes)
	}
	for selector, target := range z.targets {
		if got := Signer(dkim.Lookup(context.Background(), zones, "contoso.example", selector)); !slices.Contains(known, got) {
			t.Errorf("DKIM %s: %q", target, got)
		}
	}
}

// filledIn returns a name of the catalogue with a customer's values.
func filledIn(name string) string {
	name = strings.ReplaceAll(name, "{domain}", "contoso.example")
	for {
		before, rest, ok := strings.Cut(name, "{")
		_, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			return strings.ToLower(name)
		}
		name = strings.TrimSuffix(before, "%") + "x7" + after
	}
}

// matched returns a short text that an expression matches.
func matched(re *syntax.Regexp) string {
	switch re.Op {
	case syntax.OpLiteral:
		return string(re.Rune)
	case syntax.OpCharClass:
		return string(re.Rune[len(re.Rune)-1])
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return "a"
	case syntax.OpConcat:
		var text strings.Builder
		for _, sub := range re.Sub {
			text.WriteString(matched(sub))
		}
		return text.String()
	case syntax.OpCapture, syntax.OpPlus, syntax.OpAlternate:
		return matched(re.Sub[0])
	case syntax.OpRepeat:
		return strings.Repeat(matched(re.Sub[0]), re.Min)
	default:
		return ""
	}
}
