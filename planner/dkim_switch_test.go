package planner

import "testing"

// Signing can be switched on once both aliases lead to the tenant's keys. Where
// one of them will not, what waits for it is a stage of its own, which holds up
// nothing else.
func TestSwitchOnSigning(t *testing.T) {
	t.Parallel()
	const (
		record   = `@ TXT "v=spf1 include:spf.protection.outlook.com -all"` + "\n"
		first    = "selector1._domainkey CNAME " + target1 + ".\n"
		second   = "selector2._domainkey CNAME " + target2 + ".\n"
		isAlias  = "switch only if: selector1._domainkey.nordwind.example is an alias to the key of Microsoft 365 "
		second1  = "switch only if: selector2._domainkey.nordwind.example is an alias to the key of Microsoft 365 (it leads to " + target2 + ") met\n"
		switched = "switch task nordwind.example: switch DKIM signing on once the two aliases are published, and write the new state into the inventory\n"
		off      = "enabled: false, status: CnameMissing"
	)
	noTargets := `{initial_domain: nordwind.onmicrosoft.com, cloud: worldwide, inbound: direct, outbound: direct, reject_direct_send: false, connectors: [], dkim: [{domain: nordwind.example, enabled: false}]}`
	runCases(t, []planCase{
		{"both are planned", "", office{devices: nothing, own: microsoftMX + record, tenant: signing(off)}, `
			prepare CNAME selector1._domainkey.nordwind.example
			  + ` + target1 + `.
			prepare CNAME selector2._domainkey.nordwind.example
			  + ` + target2 + `.
			` + switchOn},
		{"both are there", "", office{devices: nothing, own: microsoftMX + record + first + second, tenant: signing(off)}, switchOn},
		{"another signer's key", "the yes that lifts the block lifts the condition", office{devices: nothing, own: microsoftMX + record + "selector1._domainkey TXT " + edKey + "\n" + second, tenant: signing(off)}, isAlias +
			"(a key of another signer stands there, where Microsoft 365 needs its alias)\n" + second1 + switched + `blocked dkim-signer selector1._domainkey.nordwind.example, yes: dkim-replace/nordwind.example/selector1
			offer dkim-replace/nordwind.example/selector1`},
		{"it does not answer", "", office{devices: nothing, own: microsoftMX + record + second, more: ";! servfail selector1._domainkey.nordwind.example. CNAME\n", tenant: signing(off)}, isAlias +
			"(CNAME selector1._domainkey.nordwind.example: SERVFAIL (not every authoritative server answers: ns1.nordwind.example (192.0.2.53): SERVFAIL, planned fault) from zone)\n" + second1 + switched + `unknown CNAME selector1._domainkey.nordwind.example: its record set could not be read from the authoritative servers, so nothing is planned for it`},
		{"where they must lead is not known", "", office{devices: nothing, own: microsoftMX + record + second, tenant: noTargets},
			askTargets + "\n" + isAlias + "(where it must lead only Exchange Online can say)\n" + second1 + switched},
		{"nor known, but they are there", "Exchange Online looks itself", office{devices: nothing, own: microsoftMX + record + first + second, tenant: noTargets}, askTargets + "\n" + switchOn},
	})
}
