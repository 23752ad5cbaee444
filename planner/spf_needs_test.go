package planner

import "testing"

const (
	peopleByOAuth   = `[{name: app, method: smtp-auth, from: [app@nordwind.example], login: app@nordwind.example, recipients: anyone, auth: oauth, tls: "1.2", site: hq}]`
	dynamicSite     = `[{name: hq, addresses: [203.0.113.10], static: false, shared: false, port25: open}]`
	sharedSite      = `[{name: hq, addresses: [203.0.113.10], static: true, shared: true, port25: open}]`
	doubtfulSite    = `[{name: hq, addresses: [203.0.113.10], shared: false, port25: open}]`
	someSharingSite = `[{name: hq, addresses: [203.0.113.10], static: true, port25: open}]`
	wideSite        = `[{name: hq, addresses: [203.0.113.0/24], static: true, shared: false, port25: open}]`
	handfulSite     = `[{name: hq, addresses: [203.0.113.8/29], static: true, shared: false, port25: open}]`
	bothFamilies    = `[{name: hq, addresses: [203.0.113.10, "2001:db8:7::/64"], static: true, shared: false, port25: open}]`

	byRetarus  = `{initial_domain: nordwind.onmicrosoft.com, cloud: worldwide, inbound: direct, outbound: "gateway:retarus", reject_direct_send: false, connectors: []}`
	byMimecast = `{initial_domain: nordwind.onmicrosoft.com, cloud: worldwide, inbound: direct, outbound: "gateway:mimecast", reject_direct_send: false, connectors: []}`

	retarus = `
$ORIGIN retarus.com.
@ 3600 IN SOA ns1 host 1 7200 3600 1209600 300
@ NS ns1
ns1 A 192.0.2.57
_spf TXT "v=spf1 ip4:198.18.1.0/24 -all"
`
	mimecast = `
$ORIGIN mimecast.com.
@ 3600 IN SOA ns1 host 1 7200 3600 1209600 300
@ NS ns1
ns1 A 192.0.2.58
eu._netblocks TXT "v=spf1 ip4:198.18.2.0/24 -all"
`
)

func TestNeedsOfAddresses(t *testing.T) {
	t.Parallel()
	runCases(t, []planCase{
		{"dynamic site", "an address that changes would be a stranger's tomorrow, so it is never put into a record", office{own: `@ TXT "v=spf1 -all"`, sites: dynamicSite}, `
			note SPF: 203.0.113.10 of scanner is not put into the record: the addresses of site hq change
			scanner fail/none/none > fail/none/none false
			blocked device-not-right scanner`},
		{"shared site", "strangers send from a shared address", office{own: `@ TXT "v=spf1 -all"`, sites: sharedSite}, `
			note SPF: 203.0.113.10 of scanner is not put into the record: site hq shares its addresses with strangers
			scanner fail/none/none > fail/none/none false
			blocked device-not-right scanner`},
		{"static or not is not known", "that is asked for, not guessed", office{own: `@ TXT "v=spf1 -all"`, sites: doubtfulSite}, `
			scanner fail/none/none > fail/none/none false
			blocked device-not-right scanner
			unknown scanner: whether the addresses of site hq are static is not known: so 203.0.113.10 is not put into the SPF record of nordwind.example`},
		{"shared or not is not known", "likewise", office{own: `@ TXT "v=spf1 -all"`, sites: someSharingSite}, `
			scanner fail/none/none > fail/none/none false
			blocked device-not-right scanner
			unknown scanner: whether site hq has its addresses for itself is not known: so 203.0.113.10 is not put into the SPF record of nordwind.example`},
		{"not known, and no record", "a record that names nobody would only make mail of others softfail", office{sites: doubtfulSite}, `
			scanner none/none/none > none/none/none false
			blocked device-not-right scanner
			unknown scanner: whether the addresses of site hq are static is not known: so 203.0.113.10 is not put into the SPF record of nordwind.example`},
		{"a handful of addresses", "a /29 is what one line has", office{own: `@ TXT "v=spf1 -all"`, sites: handfulSite}, `
			publish TXT nordwind.example
			  - "v=spf1 -all"
			  + "v=spf1 ip4:203.0.113.8/29 -all"
			gains 203.0.113.8/29: fail
			scanner fail/none/none > pass/none/none true`},
		{"a handful, partly there", "the rest of it would fail", office{own: `@ TXT "v=spf1 ip4:203.0.113.8/30 -all"`, sites: handfulSite}, `
			publish TXT nordwind.example
			  - "v=spf1 ip4:203.0.113.8/30 -all"
			  + "v=spf1 ip4:203.0.113.8/30 ip4:203.0.113.8/29 -all"
			gains 203.0.113.12/30: fail
			scanner depends/none/none > pass/none/none true`},
		{"a wide range", "a range wider than /29 needs a yes", office{own: `@ TXT "v=spf1 -all"`, sites: wideSite}, `
			scanner fail/none/none > fail/none/none false
			blocked spf-gain nordwind.example, yes: spf-gain/nordwind.example/203.0.113.0/24
			blocked device-not-right scanner
			offer spf-gain/nordwind.example/203.0.113.0/24`},
		{"a wide range, agreed", "", office{own: `@ TXT "v=spf1 -all"`, sites: wideSite, yes: []string{"spf-gain/nordwind.example/203.0.113.0/24"}}, `
			publish TXT nordwind.example
			  - "v=spf1 -all"
			  + "v=spf1 ip4:203.0.113.0/24 -all"
			gains 203.0.113.0/24: fail
			scanner fail/none/none > pass/none/none true`},
		{"a wide range, in two terms", "what the record says in other words is enough", office{own: `@ TXT "v=spf1 ip4:203.0.113.0/25 ip4:203.0.113.128/25 -all"`, sites: wideSite}, `
			scanner pass/none/none > pass/none/none true`},
		{"a wide range, its first address only", "each address counts, not the first", office{own: `@ TXT "v=spf1 ip4:203.0.113.0 -all"`, sites: wideSite}, `
			scanner depends/none/none > depends/none/none false
			blocked spf-gain nordwind.example, yes: spf-gain/nordwind.example/203.0.113.0/24
			blocked device-not-right scanner
			offer spf-gain/nordwind.example/203.0.113.0/24`},
		{"refused by name", "somebody keeps the address out on purpose, or by mistake: which, a person must say", office{own: `@ TXT "v=spf1 -ip4:203.0.113.10 ip4:203.0.113.0/24 -all"`}, `
			scanner fail/none/none > fail/none/none false
			blocked spf-refused nordwind.example, yes: spf-overrule/nordwind.example/203.0.113.10/32
			blocked device-not-right scanner
			offer spf-overrule/nordwind.example/203.0.113.10/32`},
		{"refused by name, overruled", "the first term that matches decides (RFC 7208 §4.6.2), so it goes in front", office{own: `@ TXT "v=spf1 ip4:198.51.100.1 -ip4:203.0.113.10 ip4:203.0.113.0/24 -all"`, yes: []string{"spf-overrule/nordwind.example/203.0.113.10/32"}}, `
			publish TXT nordwind.example
			  - "v=spf1 ip4:198.51.100.1 -ip4:203.0.113.10 ip4:203.0.113.0/24 -all"
			  + "v=spf1 ip4:198.51.100.1 ip4:203.0.113.10 -ip4:203.0.113.10 ip4:203.0.113.0/24 -all"
			gains 203.0.113.10/32: fail
			scanner fail/none/none > pass/none/none true`},
		{"one of a wide range is refused", "the yes to the range is no yes to the one that is kept out", office{own: `@ TXT "v=spf1 ~ip4:203.0.113.77 -all"`, sites: wideSite, yes: []string{"spf-gain/nordwind.example/203.0.113.0/24"}}, `
			scanner depends/none/none > depends/none/none false
			blocked spf-refused nordwind.example, yes: spf-overrule/nordwind.example/203.0.113.0/24
			blocked device-not-right scanner
			offer spf-overrule/nordwind.example/203.0.113.0/24`},
		{"refused by a list", "what depends on the message is evaluated", office{own: `@ TXT "v=spf1 -exists:%{i}.bad.nordwind.example ?all"
203.0.113.10.bad A 127.0.0.2`}, `
			scanner fail/none/none > fail/none/none false
			blocked spf-refused nordwind.example, yes: spf-overrule/nordwind.example/203.0.113.10/32
			blocked device-not-right scanner
			offer spf-overrule/nordwind.example/203.0.113.10/32`},
		{"refused by all", "the end of a record refuses nobody by name", office{own: `@ TXT "v=spf1 ~all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 ~all"
			  + "v=spf1 ip4:203.0.113.10 ~all"
			gains 203.0.113.10/32: softfail
			scanner softfail/none/none > pass/none/none true`},
		{"both families", "over IPv6 the ip4 term does not match, and a /64 is what one network has", office{own: `@ TXT "v=spf1 -all"`, sites: bothFamilies}, `
			publish TXT nordwind.example
			  - "v=spf1 -all"
			  + "v=spf1 ip4:203.0.113.10 ip6:2001:db8:7::/64 -all"
			gains 2 networks: fail
			scanner fail/none/none > pass/none/none unknown
			unknown scanner: whether the address of 2001:db8:7::/64 that it leaves from has a PTR record cannot be told; list the address itself in the inventory`},
		{"connector by address", "Microsoft asks for the address of a device that relays; outsiders see Microsoft's", office{own: `@ TXT "v=spf1 -all"`,
			devices: `[{name: scanner, site: hq, method: connector-ip, from: [scan@nordwind.example], recipients: internal, auth: none, tls: "1.2"}]`,
			tenant:  `{initial_domain: nordwind.onmicrosoft.com, cloud: worldwide, inbound: direct, outbound: direct, reject_direct_send: false, connectors: [{name: hq, type: OnPremises, addresses: [203.0.113.10], enabled: true}]}`}, `
			prepare task nordwind.example: give the domain an MX record
			publish TXT nordwind.example
			  - "v=spf1 -all"
			  + "v=spf1 ip4:203.0.113.10 -all"
			gains 203.0.113.10/32: fail
			scanner // > // true`},
		{"relay that uses the connector", "then the relay's address is what Microsoft sees", office{own: `@ A 198.51.100.1
@ TXT "v=spf1 -all"`, sites: `[{name: hq, addresses: [203.0.113.10], static: true, shared: false, port25: open}, {name: dc, addresses: [203.0.113.20], static: true, shared: false, port25: open}]`,
			devices: `[{name: scanner, site: hq, method: "via:mx1", from: [scan@nordwind.example], recipients: internal, auth: none, tls: "1.0"}, {name: mx1, kind: relay, site: dc, method: connector-ip, from: [mx1@nordwind.onmicrosoft.com], recipients: internal, auth: none, tls: "1.2"}]`,
			tenant:  `{initial_domain: nordwind.onmicrosoft.com, cloud: worldwide, inbound: direct, outbound: direct, reject_direct_send: false, connectors: [{name: dc, type: OnPremises, addresses: [203.0.113.20], enabled: true}]}`}, `
			publish TXT nordwind.example
			  - "v=spf1 -all"
			  + "v=spf1 ip4:203.0.113.20 -all"
			gains 203.0.113.20/32: fail
			scanner // > // true
			mx1 // > // true`},
		{"own MAIL FROM", "SPF is looked up at the domain of MAIL FROM (RFC 7208 §2.4), not of From", office{own: `@ TXT "v=spf1 -all"`,
			devices: `[{name: scanner, site: hq, method: direct-send, from: [scan@nordwind.example], mail_from: bounce@bounce.nordwind.example, recipients: internal, auth: none, tls: "1.2"}]`}, `
			publish TXT bounce.nordwind.example
			  + "v=spf1 ip4:203.0.113.10 ~all"
			gains 203.0.113.10/32: none
			scanner none/none/none > pass/none/none true`},
		{"null sender", "RFC 7208 §2.4: without MAIL FROM it is postmaster at the name of HELO", office{own: `@ TXT "v=spf1 -all"`,
			devices: `[{name: scanner, site: hq, method: direct-send, from: [scan@nordwind.example], mail_from: "<>", helo: scan1.nordwind.example, recipients: internal, auth: none, tls: "1.2"}]`}, `
			publish TXT scan1.nordwind.example
			  + "v=spf1 ip4:203.0.113.10 ~all"
			gains 203.0.113.10/32: none
			scanner none/none/none > pass/none/none true`},
		{"alias", "a record cannot be put beside an alias (RFC 1034 §3.6.2): whoever keeps its target must", office{
			own: `@ TXT "v=spf1 -all"
bounce CNAME spf.other.nordwind.example.
spf.other TXT "v=spf1 ip4:198.51.100.1 -all"`,
			devices: `[{name: scanner, site: hq, method: direct-send, from: [scan@nordwind.example], mail_from: bounce@bounce.nordwind.example, recipients: internal, auth: none, tls: "1.2"}]`}, `
			scanner fail/none/none > fail/none/none false
			blocked alias bounce.nordwind.example
			blocked device-not-right scanner`},
		{"alias to the right record", "then nothing is to be done", office{
			own: `@ TXT "v=spf1 -all"
bounce CNAME spf.other.nordwind.example.
spf.other TXT "v=spf1 ip4:203.0.113.0/24 -all"`, sites: wideSite,
			devices: `[{name: scanner, site: hq, method: direct-send, from: [scan@nordwind.example], mail_from: bounce@bounce.nordwind.example, recipients: internal, auth: none, tls: "1.2"}]`}, `
			scanner pass/none/none > pass/none/none true`},
		{"alias that cannot be followed", "what stands there is not known", office{
			own: `@ TXT "v=spf1 -all"
bounce CNAME spf.other.nordwind.example.
spf.other TXT "v=spf1 ip4:203.0.113.10 -all"
;! timeout spf.other.nordwind.example. TXT`,
			devices: `[{name: scanner, site: hq, method: direct-send, from: [scan@nordwind.example], mail_from: bounce@bounce.nordwind.example, recipients: internal, auth: none, tls: "1.2"}]`}, `
			scanner unknown/none/none > unknown/none/none unknown
			unknown bounce.nordwind.example: bounce.nordwind.example is an alias, and whether the SPF record behind it allows its senders is not known
			unknown scanner: scanner to the tenant's MX host: no DMARC policy applies to nordwind.example; SPF: 203.0.113.10: TXT spf.other.nordwind.example: timeout (planned fault) from zone; DKIM: nobody signs`},
		{"wildcard", "a record of the name's own ends what the wildcard gives it: the SPF record is continued, the other strings come along", office{
			own: `@ TXT "v=spf1 -all"
* 600 TXT "v=spf1 ip4:198.51.100.1 -all"
* 600 TXT "MS=ms1"`, devices: `[{name: scanner, site: hq, method: direct-send, from: [scan@dev.nordwind.example], recipients: internal, auth: none, tls: "1.2"}]`}, `
			publish TXT *.dev.nordwind.example
			  + 600 "MS=ms1"
			  + 600 "v=spf1 ip4:198.51.100.1 -all"
			publish TXT dev.nordwind.example
			  + 600 "MS=ms1"
			  + 600 "v=spf1 ip4:198.51.100.1 ip4:203.0.113.10 -all"
			gains 203.0.113.10/32: fail
			scanner fail/none/none > pass/none/none true`},
		{"wildcard that is right", "then nothing is to be done", office{own: `* TXT "v=spf1 ip4:203.0.113.10 -all"`,
			devices: `[{name: scanner, site: hq, method: direct-send, from: [scan@dev.nordwind.example], recipients: internal, auth: none, tls: "1.2"}]`}, `
			scanner pass/none/none > pass/none/none true`},
	})
}

func TestNeedsOfServices(t *testing.T) {
	t.Parallel()
	runCases(t, []planCase{
		{"include", "outsiders see Microsoft's addresses", office{own: microsoftMX + `@ TXT "v=spf1 -all"`, devices: peopleByOAuth}, `
			prepare task nordwind.example: ask Exchange Online where the DKIM aliases must lead, and put what it prints into the inventory (sendplan import exchange)
			publish TXT nordwind.example
			  - "v=spf1 -all"
			  + "v=spf1 include:spf.protection.outlook.com -all"
			gains 2 networks: fail
			app fail/none/none > pass/none/none true`},
		{"people only", "the mailboxes of a domain need it without any device", office{own: microsoftMX + `@ TXT "v=spf1 ~all"`, devices: nothing}, `
			prepare task nordwind.example: ask Exchange Online where the DKIM aliases must lead, and put what it prints into the inventory (sendplan import exchange)
			publish TXT nordwind.example
			  - "v=spf1 ~all"
			  + "v=spf1 include:spf.protection.outlook.com ~all"
			gains 2 networks: softfail`},
		{"mail goes elsewhere", "without MX records or a signature nothing shows that the tenant holds mailboxes", office{own: `@ MX 0 mx.other.example.
@ TXT "v=spf1 ~all"`, devices: nothing}, ``},
		{"include below an include", "what is included leads to it", office{own: microsoftMX + `@ TXT "v=spf1 include:i.nordwind.example -all"
i TXT "v=spf1 include:spf.protection.outlook.com -all"`, devices: nothing}, `
			prepare task nordwind.example: ask Exchange Online where the DKIM aliases must lead, and put what it prints into the inventory (sendplan import exchange)`},
		{"redirect to it", "a redirect is followed like an include", office{own: microsoftMX + `@ TXT "v=spf1 redirect=spf.protection.outlook.com"`, devices: nothing}, `
			prepare task nordwind.example: ask Exchange Online where the DKIM aliases must lead, and put what it prints into the inventory (sendplan import exchange)`},
		{"include that does not pass", "~include: softfails what it names", office{own: microsoftMX + `@ TXT "v=spf1 ~include:spf.protection.outlook.com -all"`, devices: nothing}, `
			prepare task nordwind.example: ask Exchange Online where the DKIM aliases must lead, and put what it prints into the inventory (sendplan import exchange)
			blocked spf-refused nordwind.example, yes: spf-overrule/nordwind.example/spf.protection.outlook.com
			blocked device-not-right nordwind.example
			offer spf-overrule/nordwind.example/spf.protection.outlook.com`},
		{"include that does not pass, overruled", "the first term that matches decides (RFC 7208 §4.6.2)", office{own: microsoftMX + `@ TXT "v=spf1 ip4:198.51.100.1 ~include:spf.protection.outlook.com -all"`, devices: nothing, yes: []string{"spf-overrule/nordwind.example/spf.protection.outlook.com"}}, `
			prepare task nordwind.example: ask Exchange Online where the DKIM aliases must lead, and put what it prints into the inventory (sendplan import exchange)
			publish TXT nordwind.example
			  - "v=spf1 ip4:198.51.100.1 ~include:spf.protection.outlook.com -all"
			  + "v=spf1 ip4:198.51.100.1 include:spf.protection.outlook.com ~include:spf.protection.outlook.com -all"
			gains 2 networks: softfail`},
		{"one of the service is refused", "what was kept out on purpose stays out", office{own: microsoftMX + `@ TXT "v=spf1 -ip4:40.92.0.7 -all"`, devices: nothing}, `
			prepare task nordwind.example: ask Exchange Online where the DKIM aliases must lead, and put what it prints into the inventory (sendplan import exchange)
			publish TXT nordwind.example
			  - "v=spf1 -ip4:40.92.0.7 -all"
			  + "v=spf1 -ip4:40.92.0.7 include:spf.protection.outlook.com -all"
			gains 18 networks: fail
			blocked device-not-right nordwind.example`},
		{"include behind all", "RFC 7208 §5.1: mechanisms after all are ignored", office{own: microsoftMX + `@ TXT "v=spf1 -all include:spf.protection.outlook.com"`, devices: nothing}, `
			prepare task nordwind.example: ask Exchange Online where the DKIM aliases must lead, and put what it prints into the inventory (sendplan import exchange)
			publish TXT nordwind.example
			  - "v=spf1 -all include:spf.protection.outlook.com"
			  + "v=spf1 include:spf.protection.outlook.com -all include:spf.protection.outlook.com"
			gains 2 networks: fail`},
		{"covered by addresses", "all that the include names is allowed already", office{own: microsoftMX + `@ TXT "v=spf1 ip4:40.92.0.0/15 ip6:2a01:111::/32 -all"`, devices: nothing}, `
			prepare task nordwind.example: ask Exchange Online where the DKIM aliases must lead, and put what it prints into the inventory (sendplan import exchange)`},
		{"covered in part", "one family lacks", office{own: microsoftMX + `@ TXT "v=spf1 ip4:40.92.0.0/15 -all"`, devices: nothing}, `
			prepare task nordwind.example: ask Exchange Online where the DKIM aliases must lead, and put what it prints into the inventory (sendplan import exchange)
			publish TXT nordwind.example
			  - "v=spf1 ip4:40.92.0.0/15 -all"
			  + "v=spf1 ip4:40.92.0.0/15 include:spf.protection.outlook.com -all"
			gains 2a01:111:f400::/48: fail`},
		{"gateway", "receivers see the gateway; Microsoft's include, which the record has, stays", office{own: microsoftMX + `@ TXT "v=spf1 include:spf.protection.outlook.com -all"`, devices: nothing, tenant: byRetarus, more: retarus}, `
			prepare task nordwind.example: ask Exchange Online where the DKIM aliases must lead, and put what it prints into the inventory (sendplan import exchange)
			publish TXT nordwind.example
			  - "v=spf1 include:spf.protection.outlook.com -all"
			  + "v=spf1 include:spf.protection.outlook.com include:_spf.retarus.com -all"
			gains 198.18.1.0/24: fail`},
		{"gateway with regions", "which of its names is the customer's, only the customer or the gateway knows", office{own: microsoftMX + `@ TXT "v=spf1 -all"`, devices: nothing, tenant: byMimecast, more: mimecast}, `
			prepare task nordwind.example: ask Exchange Online where the DKIM aliases must lead, and put what it prints into the inventory (sendplan import exchange)
			unknown mailboxes of nordwind.example in Microsoft 365: what the SPF record of nordwind.example must name for mimecast is not known
			unknown nordwind.example: whether receivers accept the mail of its mailboxes is not known: mimecast to receivers: no DMARC policy applies to nordwind.example; SPF: no name is known that lists the addresses of mimecast; DKIM: whether anybody signs for nordwind.example is not known (perhaps the gateway, if it is set up to sign)`},
		{"gateway by its region", "the name of a region is one of the service's", office{own: microsoftMX + `@ TXT "v=spf1 include:eu._netblocks.mimecast.com -all"`, devices: nothing, tenant: byMimecast, more: mimecast}, `
			prepare task nordwind.example: ask Exchange Online where the DKIM aliases must lead, and put what it prints into the inventory (sendplan import exchange)`},
		{"include without a record", "RFC 7208 §5.2: an include of nothing is permerror for everybody, so it is not published", office{own: microsoftMX + `@ TXT "v=spf1 ip4:198.51.100.1 -all"`, devices: nothing, tenant: byRetarus, more: `
$ORIGIN retarus.com.
@ 3600 IN SOA ns1 host 1 7200 3600 1209600 300
@ NS ns1
ns1 A 192.0.2.57
`}, `
			prepare task nordwind.example: ask Exchange Online where the DKIM aliases must lead, and put what it prints into the inventory (sendplan import exchange)
			unknown mailboxes of nordwind.example in Microsoft 365: _spf.retarus.com, which an SPF record must name for retarus, has no SPF record, so nothing is put into that of nordwind.example
			unknown nordwind.example: whether receivers accept the mail of its mailboxes is not known: retarus to receivers: no DMARC policy applies to nordwind.example; SPF: _spf.retarus.com lists no addresses: it has not exactly one SPF record; DKIM: whether anybody signs for nordwind.example is not known (perhaps the gateway, if it is set up to sign)`},
		{"outbound path not known", "how mail leaves is asked, not guessed", office{own: microsoftMX + `@ TXT "v=spf1 -all"`, devices: nothing,
			tenant: `{initial_domain: nordwind.onmicrosoft.com, cloud: worldwide, reject_direct_send: false, connectors: []}`}, `
			prepare task nordwind.example: ask Exchange Online where the DKIM aliases must lead, and put what it prints into the inventory (sendplan import exchange)
			unknown nordwind.example: how the mail of its mailboxes leaves the tenant is not known`},
	})
}
