package planner

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
)

var day = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

// read parses an inventory.
func read(t testing.TB, text string) *inventory.Inventory {
	t.Helper()
	f, err := inventory.Parse([]byte(text), "inventory.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	return &f.Inventory
}

// zones parses zone text.
func zones(t testing.TB, text string) *dns.Zones {
	t.Helper()
	z, err := dns.ParseZones(text, "zones")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// sketch writes a plan in short lines.
func sketch(p Plan) string {
	var b strings.Builder
	for _, s := range p.Stages {
		fmt.Fprintf(&b, "stage %s\n", s.Title)
		for _, c := range s.Conditions {
			fmt.Fprintf(&b, "  condition %v %s (%s)\n", c.Met, c.Text, c.Why)
		}
		for _, c := range s.Changes {
			fmt.Fprintf(&b, "  change %s %s\n", c.Key, strings.Join(c.Why, "; "))
			for _, r := range c.Old {
				fmt.Fprintf(&b, "    - %s\n", r)
			}
			for _, r := range c.New {
				fmt.Fprintf(&b, "    + %s\n", r)
			}
		}
		for _, task := range s.Tasks {
			fmt.Fprintf(&b, "  task %s: %s\n", task.Subject, task.Text)
		}
	}
	for _, d := range p.Devices {
		fmt.Fprintf(&b, "device %s %s right=%s %s: %s/%s/%s -> %s/%s/%s\n", d.Name, d.Method, d.Right, d.Why, d.Before.SPF, d.Before.DKIM, d.Before.DMARC, d.After.SPF, d.After.DKIM, d.After.DMARC)
	}
	for _, d := range p.Senders {
		fmt.Fprintf(&b, "sender %s %s: %s/%s/%s -> %s/%s/%s\n", d.Domain, d.What, d.Before.SPF, d.Before.DKIM, d.Before.DMARC, d.After.SPF, d.After.DKIM, d.After.DMARC)
	}
	for _, x := range p.Blocked {
		fmt.Fprintf(&b, "blocked %s %s: %s holds %v accept %s\n", x.ID, x.Subject, x.Message, x.Holds, x.Accept)
	}
	for _, x := range p.Unknown {
		fmt.Fprintf(&b, "unknown %s: %s (%v)\n", x.Subject, x.Message, x.Cause)
	}
	for _, x := range p.Offers {
		fmt.Fprintf(&b, "offer %s: %s\n", x.Accept, x.Text)
	}
	return b.String()
}

// world is the zones above those of a test, and the providers.
func world(own string) string {
	return own + `
$ORIGIN protection.outlook.com.
@ 3600 IN SOA ns1 host 1 7200 3600 1209600 300
@ NS ns1
ns1 A 192.0.2.54
spf TXT "v=spf1 ip4:40.92.0.0/15 ip6:2a01:111:f400::/48 -all"
$ORIGIN example.
@ 3600 IN SOA ns1 host 1 7200 3600 1209600 300
@ NS ns1
ns1 A 192.0.2.55
nordwind NS ns1.nordwind
ns1.nordwind A 192.0.2.53
$ORIGIN .
. 3600 IN SOA ns1 host 1 7200 3600 1209600 300
. NS ns1.
ns1. A 192.0.2.56
example. NS ns1.example.
ns1.example. A 192.0.2.55
`
}

const apex = `
$ORIGIN nordwind.example.
@ 3600 IN SOA ns1 host 1 7200 3600 1209600 300
@ NS ns1
ns1 A 192.0.2.53
`

const scanner = `version: 1
tenant: {initial_domain: nordwind.onmicrosoft.com, cloud: worldwide, inbound: direct, outbound: direct, reject_direct_send: false, dkim: [{domain: nordwind.example, enabled: false, selector1_cname: selector1-nordwind-example._domainkey.nordwind.r-v1.dkim.mail.microsoft, selector2_cname: selector2-nordwind-example._domainkey.nordwind.r-v1.dkim.mail.microsoft}]}
sites:
  - {name: hq, addresses: [203.0.113.10], static: true, shared: false, port25: open}
domains:
  - name: nordwind.example
devices:
  - {name: scanner, site: hq, method: direct-send, from: [scan@nordwind.example], recipients: internal, auth: none, tls: "1.2"}
`
