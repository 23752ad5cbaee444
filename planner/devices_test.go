package planner

import (
	"strings"
	"testing"
)

// TestDevices: what blocks a device, or is not known of it.
func TestDevices(t *testing.T) {
	t.Parallel()
	device := func(fields string) string {
		return `[{name: scanner, site: hq, from: [scan@nordwind.example], login: scan@nordwind.example, recipients: internal, tls: "1.2", ` + fields + `}]`
	}
	record := `@ TXT "v=spf1 ip4:203.0.113.10 include:spf.protection.outlook.com -all"` + "\n@ A 198.51.100.1\n"
	refusing := strings.Replace(usualTenant, "reject_direct_send: false", "reject_direct_send: true", 1)
	runCases(t, []planCase{
		{"no method is chosen, and today's would do", "a recommendation is never planned until it is written", office{own: record, devices: device(`now: direct-send, auth: none`)}, `
			scanner pass/none/none > pass/none/none unknown
			unknown scanner: no method is chosen; today's, direct-send, would do`},
		{"no method is chosen, and today's ends", "", office{own: record, devices: device(`now: smtp-auth, auth: basic`)}, `
			scanner // > // unknown
			unknown scanner: no method is chosen; today's, smtp-auth, ends on 31 December 2026`},
		{"no method at all", "", office{own: record, devices: device(`auth: basic`)}, `
			scanner unknown/unknown/unknown > unknown/unknown/unknown unknown
			unknown scanner: no method is chosen`},
		{"a method that ends", "it is known to end, so going on with it needs a yes", office{own: record, devices: device(`method: smtp-auth, auth: basic`)}, `
			scanner // > // true
			blocked method-ends scanner, yes: method-ends/device/scanner
			offer method-ends/device/scanner`},
		{"a method that ends, agreed", "", office{own: record, devices: device(`method: smtp-auth, auth: basic`), yes: []string{"method-ends/device/scanner"}}, `
			scanner // > // true`},
		{"a veto", "RejectDirectSend refuses it, whatever the records say", office{own: record, tenant: refusing, devices: device(`method: direct-send, now: smtp-auth, auth: basic`)}, `
			scanner // > pass/none/none false
			blocked method-veto scanner`},
		{"a veto against today's method", "", office{own: record, tenant: refusing, devices: device(`now: direct-send, auth: basic`)}, `
			scanner pass/none/none > pass/none/none false
			blocked method-veto scanner`},
		{"a method that depends on something", "what is not known is asked", office{own: record, tenant: strings.Replace(usualTenant, ", reject_direct_send: false", "", 1), devices: device(`method: direct-send, auth: none`)}, `
			scanner pass/none/none > pass/none/none unknown
			unknown scanner: whether the method fits depends on: what does Get-OrganizationConfig say of RejectDirectSend?`},
	})
}

// TestNamesOfAddresses: over IPv6 an address needs a PTR record, whatever SPF says.
func TestNamesOfAddresses(t *testing.T) {
	t.Parallel()
	const address = "7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.7.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. "
	zone := "ip6.arpa. 3600 IN SOA ns1.example. host.example. 1 7200 3600 1209600 300\n"
	o := office{own: `@ TXT "v=spf1 ip6:2001:db8:7::7 -all"`, sites: `[{name: hq, addresses: ["2001:db8:7::7"], static: true, shared: false, port25: open}]`}
	with := func(more string) office { o.more = more; return o }
	runCases(t, []planCase{
		{"a name", "", with(zone + address + "PTR scanner.nordwind.example.\n"), `scanner pass/none/none > pass/none/none true`},
		{"no name", "", with(zone), `
			prepare task scanner: have a PTR record made for 2001:db8:7::7, or keep the device on IPv4
			scanner pass/none/none > pass/none/none false
			blocked device-not-right scanner`},
		{"a name that does not answer", "a failure is no lack of a name (promise 1)", with(zone + ";! timeout " + address + "PTR\n"), `
			scanner pass/none/none > pass/none/none unknown
			unknown scanner: whether 2001:db8:7::7 has a PTR record is not known`},
	})
}

// TestServiceKeys: services sign with keys that only they can name.
func TestServiceKeys(t *testing.T) {
	t.Parallel()
	o := office{own: `@ TXT "v=spf1 -all"` + "\n", devices: `[{name: shop, kind: service, method: "relay:sendgrid", from: [shop@nordwind.example], recipients: anyone, auth: basic, tls: "1.2"}]`}
	task := "prepare task nordwind.example: have the service sign for the domain, and publish the records that it shows for that\n"
	if got := brief(o.plan(t)); !strings.Contains(got, task) {
		t.Errorf("without a key the plan is\n%s", got)
	}
	o.own += "s1._domainkey CNAME s1.domainkey.u1.wl001.sendgrid.net.\n"
	o.more = `
$ORIGIN sendgrid.net.
@ 3600 IN SOA ns1 host 1 7200 3600 1209600 300
@ NS ns1
ns1 A 192.0.2.66
s1.domainkey.u1.wl001 TXT ` + edKey + "\n"
	if got := brief(o.plan(t)); strings.Contains(got, task) {
		t.Errorf("with a key the plan is\n%s", got)
	}
}

// TestOtherRecords: a record that leads to one that changes, changes with it.
func TestOtherRecords(t *testing.T) {
	t.Parallel()
	zone := `old TXT "v=spf1 ip4:198.51.100.1 -all"
old MX 0 .
_dmarc.old TXT "v=DMARC1; p=reject"
`
	domains := `[{name: nordwind.example}, {name: old.nordwind.example, parked: true}]`
	runCases(t, []planCase{
		{"nobody leads there", "", office{devices: nothing, domains: domains, own: `@ TXT "v=spf1 -all"` + "\n" + zone}, `
			publish TXT old.nordwind.example
			  - "v=spf1 ip4:198.51.100.1 -all"
			  + "v=spf1 -all"
			loses 198.51.100.1/32 by ip4:198.51.100.1: fail`},
		{"a record includes it", "what parking takes away there would be lost here too (promise 2)", office{devices: nothing, domains: domains, own: `@ TXT "v=spf1 include:old.nordwind.example -all"` + "\n" + zone}, `
			publish TXT old.nordwind.example
			  - "v=spf1 ip4:198.51.100.1 -all"
			  + "v=spf1 -all"
			loses 198.51.100.1/32 by ip4:198.51.100.1: fail
			blocked sender-loses nordwind.example, holds TXT old.nordwind.example`},
	})
}
