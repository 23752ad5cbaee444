package planner

import (
	"fmt"
	"strings"
	"testing"
)

// many returns n includes of names with one network each, and their records.
func many(n int) (terms, records string) {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("include:i%d.nordwind.example", i))
		records += fmt.Sprintf("i%d TXT \"v=spf1 ip4:198.18.%d.0/24 -all\"\n", i, i)
	}
	return strings.Join(list, " "), records
}

func TestFitLookups(t *testing.T) {
	t.Parallel()
	ten, tenRecords := many(10)
	nine, nineRecords := many(9)
	offered := func(kind, terms string) string {
		var b strings.Builder
		list := strings.Fields(terms)
		for i := range list {
			fmt.Fprintf(&b, "\noffer spf-%s/nordwind.example/%s", kind, list[len(list)-1-i])
		}
		return b.String()
	}
	runCases(t, []planCase{
		{"ten", "RFC 7208 §4.6.4: ten are allowed", office{devices: nothing, own: `@ TXT "v=spf1 ` + ten + ` -all"
` + tenRecords}, ``},
		{"eleven, nothing free", "nothing is taken without a yes; each way is offered, the cheapest loss first", office{devices: nothing, own: `@ TXT "v=spf1 ` + ten + ` a:h.nordwind.example -all"
h A 198.51.100.1
h AAAA 2001:db8::1
` + tenRecords}, `
			blocked spf-lookups nordwind.example` + offered("unused", ten+" a:h.nordwind.example") + offered("flatten", ten+" a:h.nordwind.example")},
		{"eleven, one unused with a yes", "then ten are left, and nothing else is asked", office{devices: nothing, own: `@ TXT "v=spf1 ` + ten + ` a:h.nordwind.example -all"
h A 198.51.100.1
h AAAA 2001:db8::1
` + tenRecords, yes: []string{"spf-unused/nordwind.example/a:h.nordwind.example"}}, `
			publish TXT nordwind.example
			  - "v=spf1 ` + ten + ` a:h.nordwind.example -all"
			  + "v=spf1 ` + ten + ` -all"
			loses 2 networks by a:h.nordwind.example: fail`},
		{"an include of nothing", "it authorises nobody and breaks all: it goes without a yes", office{devices: nothing, own: `@ TXT "v=spf1 include:gone.nordwind.example ip4:198.51.100.1 -all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 include:gone.nordwind.example ip4:198.51.100.1 -all"
			  + "v=spf1 ip4:198.51.100.1 -all"`},
		{"a redirect to nothing", "RFC 7208 §6.1: likewise", office{devices: nothing, own: `@ TXT "v=spf1 ip4:198.51.100.1 redirect=gone.nordwind.example"`}, `
			publish TXT nordwind.example
			  - "v=spf1 ip4:198.51.100.1 redirect=gone.nordwind.example"
			  + "v=spf1 ip4:198.51.100.1"`},
		{"a loop", "an include of itself never ends", office{devices: nothing, own: `@ TXT "v=spf1 include:nordwind.example ip4:198.51.100.1 -all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 include:nordwind.example ip4:198.51.100.1 -all"
			  + "v=spf1 ip4:198.51.100.1 -all"`},
		{"three voids", "RFC 7208 §4.6.4: two lookups without an answer are allowed; what names no address allows nobody", office{devices: nothing, own: `@ TXT "v=spf1 a:v1.nordwind.example a:v2.nordwind.example a:v3.nordwind.example ip4:198.51.100.1 -all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 a:v1.nordwind.example a:v2.nordwind.example a:v3.nordwind.example ip4:198.51.100.1 -all"
			  + "v=spf1 a:v1.nordwind.example a:v2.nordwind.example ip4:198.51.100.1 -all"`},
		{"two voids", "they cost nobody anything", office{devices: nothing, own: `@ TXT "v=spf1 a:v1.nordwind.example a:v2.nordwind.example ip4:198.51.100.1 -all"`}, ``},
		{"voids for IPv6 clients", "a host without an IPv6 address is a void to an IPv6 client only; flattening would help", office{devices: nothing, own: `@ TXT "v=spf1 a:h1.nordwind.example a:h2.nordwind.example a:h3.nordwind.example -all"
h1 A 198.51.100.1
h2 A 198.51.100.2
h3 A 198.51.100.3`}, strings.TrimPrefix(offered("unused", "a:h1.nordwind.example a:h2.nordwind.example a:h3.nordwind.example")+offered("flatten", "a:h1.nordwind.example a:h2.nordwind.example a:h3.nordwind.example"), "\n")},
		{"covered", "what other terms allow too goes without a yes", office{devices: nothing, own: `@ TXT "v=spf1 ` + nine + ` a:h.nordwind.example mx -all"
@ MX 0 h
h A 198.18.3.7
` + nineRecords}, `
			publish TXT nordwind.example
			  - "v=spf1 ` + nine + ` a:h.nordwind.example mx -all"
			  + "v=spf1 ` + nine + ` a:h.nordwind.example -all"`},
		{"cheaper names", "the service's other names allow the same for fewer lookups", office{devices: nothing, own: `@ TXT "v=spf1 ` + nine + ` include:antispameurope.com -all"
` + nineRecords, more: `
$ORIGIN antispameurope.com.
@ 3600 IN SOA ns1 host 1 7200 3600 1209600 300
@ NS ns1
ns1 A 192.0.2.59
@ TXT "v=spf1 include:spf.hornetsecurity.com -all"
$ORIGIN hornetsecurity.com.
@ 3600 IN SOA ns1 host 1 7200 3600 1209600 300
@ NS ns1
ns1 A 192.0.2.60
spf TXT "v=spf1 ip4:198.19.0.0/16 -all"
`}, `
			publish TXT nordwind.example
			  - "v=spf1 ` + nine + ` include:antispameurope.com -all"
			  + "v=spf1 ` + nine + ` include:spf.hornetsecurity.com -all"`},
		{"an include that fails", "nothing is taken out on an answer that was not got, and what is added is added in front", office{own: `@ TXT "v=spf1 ` + ten + ` a:h.nordwind.example include:i3.nordwind.example -all"
h A 198.51.100.1
` + tenRecords + `;! timeout i3.nordwind.example. TXT`}, `
			x`},
		{"used by a device", "a device's own term is never offered", office{own: `@ TXT "v=spf1 ` + ten + ` a:h.nordwind.example -all"
h A 203.0.113.10
` + tenRecords}, `
			x`},
		{"needed by people", "the include of the tenant's mailboxes is never offered to be dropped", office{devices: nothing, own: microsoftMX + `@ TXT "v=spf1 ` + ten + ` include:spf.protection.outlook.com -all"
` + tenRecords}, `
			x`},
		{"keeps out", "a term that refuses is no sender: it is not offered to be dropped", office{devices: nothing, own: `@ TXT "v=spf1 -include:i0.nordwind.example ` + ten[len("include:i0.nordwind.example "):] + ` a:h.nordwind.example ip4:198.18.0.0/23 -all"
h A 198.51.100.1
h AAAA 2001:db8::1
` + tenRecords}, `
			x`},
		{"a broken include", "an include whose record is permerror breaks this one; only its owner can mend it", office{devices: nothing, own: `@ TXT "v=spf1 include:bad.nordwind.example ip4:198.51.100.1 -all"
bad TXT "v=spf1 ipv4:198.51.100.2 -all"`}, `
			x`},
	})
}
