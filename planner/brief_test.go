package planner

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
)

// office is what a plan is made of: the records of nordwind.example, further
// zones and faults, and the parts of an inventory. What is left out is the
// default: a scanner at a site with one address, which uses Direct Send.
type office struct {
	own  string // records, relative to nordwind.example
	more string // zones, and faults

	tenant, sites, domains, devices string
	yes                             []string
}

const (
	usualTenant  = `{initial_domain: nordwind.onmicrosoft.com, cloud: worldwide, inbound: direct, outbound: direct, reject_direct_send: false, connectors: []}`
	usualSites   = `[{name: hq, addresses: [203.0.113.10], static: true, shared: false, port25: open}]`
	usualDomains = `[{name: nordwind.example}]`
	usualDevices = `[{name: scanner, site: hq, method: direct-send, from: [scan@nordwind.example], recipients: internal, auth: none, tls: "1.2"}]`
	nothing      = "[]"

	microsoftMX = "@ MX 0 nordwind-example.mail.protection.outlook.com.\n"
)

func (o office) inventory() string {
	var b strings.Builder
	part := func(name, text, usual string) {
		if text == "" {
			text = usual
		}
		if text != nothing {
			fmt.Fprintf(&b, "%s: %s\n", name, strings.ReplaceAll(text, "\n", ""))
		}
	}
	b.WriteString("version: 1\n")
	part("tenant", o.tenant, usualTenant)
	part("sites", o.sites, usualSites)
	part("domains", o.domains, usualDomains)
	part("devices", o.devices, usualDevices)
	if len(o.yes) > 0 {
		b.WriteString("accepted:\n")
	}
	for _, id := range o.yes {
		fmt.Fprintf(&b, "  - {id: '%s', date: 2026-11-20}\n", id)
	}
	return b.String()
}

func (o office) zones(t testing.TB) dns.Resolver {
	t.Helper()
	return servers{zones(t, world(apex+o.own+"\n")+o.more)}
}

// servers answer as the zones do. To the question for the SOA record of an alias
// they add that of its zone, as servers do that find nothing at its target.
type servers struct{ *dns.Zones }

func (s servers) Ask(ctx context.Context, q dns.Question) (dns.Answer, error) {
	a, err := s.Zones.Ask(ctx, q)
	if err == nil && q.Key.Type == dns.TypeSOA && len(a.Chain) > 0 {
		zone, _ := s.Lookup(ctx, "nordwind.example", dns.TypeSOA)
		a.Negative = &zone.Records[0]
	}
	return a, err
}

func (o office) read(t testing.TB) *inventory.Inventory {
	t.Helper()
	return read(t, o.inventory())
}

func (o office) plan(t testing.TB) Plan {
	t.Helper()
	return Make(o.read(t), o.zones(t), Options{Date: day})
}

// brief writes all of a plan that can be wrong, one thing to the line, without
// the reasons.
func brief(p Plan) string {
	var b strings.Builder
	for _, s := range p.Stages {
		name := strings.ToLower(strings.Fields(strings.TrimRight(s.Title, ":"))[0])
		name = strings.TrimSuffix(name, ":")
		for _, c := range s.Conditions {
			fmt.Fprintf(&b, "%s only if: %s (%s)%s\n", name, c.Text, c.Why, map[bool]string{true: " met"}[c.Met])
		}
		for _, c := range s.Changes {
			fmt.Fprintf(&b, "%s %s\n", name, c.Key)
			writeSet(&b, "-", c.Old, c.New)
			writeSet(&b, "=", c.New, notIn(c.New, c.Old))
			writeSet(&b, "+", c.New, c.Old)
		}
		for _, task := range s.Tasks {
			fmt.Fprintf(&b, "%s task %s: %s\n", name, task.Subject, task.Text)
		}
	}
	for _, d := range p.Domains {
		for _, n := range slices.Concat(d.Notes, d.SPF.Warnings) {
			fmt.Fprintf(&b, "note %s\n", n)
		}
		writeDifferences(&b, "gains", d.SPF.Gained)
		writeDifferences(&b, "loses", d.SPF.Lost)
	}
	for _, d := range p.Devices {
		fmt.Fprintf(&b, "%s %s/%s/%s > %s/%s/%s %s\n", d.Name, d.Before.SPF, d.Before.DKIM, d.Before.DMARC, d.After.SPF, d.After.DKIM, d.After.DMARC, cmp.Or(string(d.Right), "unknown"))
	}
	for _, x := range p.Blocked {
		fmt.Fprintf(&b, "blocked %s %s", x.ID, x.Subject)
		if x.Accept != "" {
			fmt.Fprintf(&b, ", yes: %s", x.Accept)
		}
		for _, k := range x.Holds {
			fmt.Fprintf(&b, ", holds %s", k)
		}
		b.WriteByte('\n')
	}
	for _, x := range p.Unknown {
		fmt.Fprintf(&b, "unknown %s: %s\n", x.Subject, x.Message)
	}
	for _, x := range p.Offers {
		fmt.Fprintf(&b, "offer %s\n", x.Accept)
	}
	return b.String()
}

// writeDifferences writes how many networks a term gains or loses; one by itself.
func writeDifferences(b *strings.Builder, what string, list []Difference) {
	for len(list) > 0 {
		same := func(d Difference) bool { return d.Who == list[0].Who && d.Result == list[0].Result }
		n := 1
		for n < len(list) && same(list[n]) {
			n++
		}
		nets := list[0].Prefix.String()
		if n > 1 {
			nets = fmt.Sprintf("%d networks", n)
		}
		who := ""
		if what == "loses" {
			who = " by " + list[0].Who
		}
		fmt.Fprintf(b, "%s %s%s: %s\n", what, nets, who, list[0].Result)
		list = list[n:]
	}
}

// writeSet writes the records that are not in others, with a TTL that is not
// the usual one.
func writeSet(b *strings.Builder, mark string, records, others []dns.Record) {
	for _, r := range notIn(records, others) {
		ttl := ""
		if r.TTL != defaultTTL {
			ttl = fmt.Sprintf("%d ", r.TTL)
		}
		fmt.Fprintf(b, "  %s %s%s\n", mark, ttl, r.Data)
	}
}

func notIn(records, others []dns.Record) []dns.Record {
	return slices.DeleteFunc(slices.Clone(records), func(r dns.Record) bool { return slices.Contains(others, r) })
}

// planCase is a plan as it must come out.
type planCase struct {
	name string // what is special
	why  string
	office
	want string
}

func runCases(t *testing.T, cases []planCase) {
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := brief(tc.plan(t))
			if want := unindent(tc.want); got != want {
				t.Errorf("%s\ngot\n%s\nwant\n%s\nin full\n%s", tc.why, got, want, sketch(tc.plan(t)))
			}
		})
	}
}

// unindent takes the indentation of the first line off all lines.
func unindent(text string) string {
	text = strings.Trim(text, "\n\t")
	if text == "" {
		return ""
	}
	var b strings.Builder
	for line := range strings.Lines(text + "\n") {
		b.WriteString(strings.TrimLeft(line, "\t"))
	}
	return b.String()
}
