package planner

import (
	"fmt"
	"strings"
	"testing"

	"sendplan/internal/dns"
)

// outline is the stages of a plan with the TTLs that they change.
func outline(p Plan) string {
	var parts []string
	for _, s := range p.Stages {
		var sets []string
		for _, c := range s.Changes {
			sets = append(sets, fmt.Sprintf("%s %d>%d", c.Key.Name, firstTTL(c.Old), firstTTL(c.New)))
		}
		parts = append(parts, s.Title+": "+strings.Join(sets, ", "))
	}
	return strings.Join(parts, "; ")
}

func firstTTL(records []dns.Record) uint32 {
	if len(records) == 0 {
		return 0
	}
	return records[0].TTL
}

// A TTL changes only by the wish, in a pair of stages; where the DNS stands in
// between shows from what it holds.
func TestTTLStages(t *testing.T) {
	t.Parallel()
	const wish = `version: 1
sites: [{name: hq, addresses: [203.0.113.10], static: true, shared: false}]
domains:
  - name: nordwind.example
    ttl: {during: 300, normal: 7200}
devices:
  - {name: scanner, site: hq, method: own-server, from: [scan@nordwind.example]}
`
	const old, changed = `"v=spf1 include:spf.protection.outlook.com -all"`, `"v=spf1 ip4:203.0.113.10 include:spf.protection.outlook.com -all"`
	for _, tc := range []struct{ name, record, want string }{
		{"before anything", "@ 7200 TXT " + old, "Lower the TTLs: nordwind.example 7200>300; Publish the records: nordwind.example 300>300; Restore the TTLs: nordwind.example 300>7200"},
		{"lowered", "@ 300 TXT " + old, "Publish the records: nordwind.example 300>300; Restore the TTLs: nordwind.example 300>7200"},
		{"changed", "@ 300 TXT " + changed, "Restore the TTLs: nordwind.example 300>7200"},
		{"restored", "@ 7200 TXT " + changed, ""},
		{"a TTL that is lower already stays until the change", "@ 60 TXT " + old, "Publish the records: nordwind.example 60>60"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := Make(read(t, wish), zones(t, world(apex+tc.record+"\n")), Options{Date: day})
			if got := outline(p); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}
