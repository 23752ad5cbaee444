package planner

import (
	"fmt"
	"strings"
	"testing"
)

const (
	target1 = "selector1-nordwind-example._domainkey.nordwind.r-v1.dkim.mail.microsoft"
	target2 = "selector2-nordwind-example._domainkey.nordwind.r-v1.dkim.mail.microsoft"
	edKey   = `"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="`

	bothAliases = "selector1._domainkey CNAME " + target1 + ".\nselector2._domainkey CNAME " + target2 + ".\n"
	switchOn    = "publish task nordwind.example: switch DKIM signing on once the two aliases are published, and write the new state into the inventory"
	lookSigned  = "publish task nordwind.example: look whether the tenant signs, and write what it prints into the inventory"
	askTargets  = "prepare task nordwind.example: ask Exchange Online where the DKIM aliases must lead, and put what it prints into the inventory (sendplan import exchange)"
)

// keys is the zone of Microsoft's keys with keys at the targets given.
func keys(targets ...string) string {
	zone := `
$ORIGIN dkim.mail.microsoft.
@ 3600 IN SOA ns1 host 1 7200 3600 1209600 300
@ NS ns1
ns1 A 192.0.2.63
`
	for _, name := range targets {
		zone += name + ". TXT " + edKey + "\n"
	}
	return zone
}

// signing is a tenant with what Get-DkimSigningConfig printed.
func signing(state string) string {
	return fmt.Sprintf(`{initial_domain: nordwind.onmicrosoft.com, cloud: worldwide, inbound: direct, outbound: direct, reject_direct_send: false, connectors: [],
dkim: [{domain: nordwind.example, %s, selector1_cname: %s, selector2_cname: %s}]}`, state, target1, target2)
}

func TestSelectors(t *testing.T) {
	t.Parallel()
	signs := signing("enabled: true, status: Valid")
	spfRecord := `@ TXT "v=spf1 include:spf.protection.outlook.com -all"` + "\n"
	second := "selector2._domainkey CNAME " + target2 + ".\n"
	const (
		added    = "  + " + target1 + "."
		onFirst  = "prepare CNAME selector1._domainkey.nordwind.example"
		blocked  = "blocked dkim-signer selector1._domainkey.nordwind.example, yes: dkim-replace/nordwind.example/selector1"
		offer    = "offer dkim-replace/nordwind.example/selector1"
		yes      = "dkim-replace/nordwind.example/selector1"
		live1    = "key1.other.example."
		otherKey = `
$ORIGIN other.example.
@ 3600 IN SOA ns1 host 1 7200 3600 1209600 300
@ NS ns1
ns1 A 192.0.2.64
key1 TXT ` + edKey + "\n"
	)
	cases := []struct {
		name, why string
		records   string // at selector1
		more      string
		yes       []string
		devices   string
		want      []string
	}{
		{"right", "nothing is to be done", "CNAME " + target1 + ".", keys(target1, target2), nil, nothing, nil},
		{"right in capitals", "names have no case (RFC 4343)", "CNAME " + strings.ToUpper(target1) + ".", keys(target1, target2), nil, nothing, nil},
		{"missing", "the target is Microsoft's, as the inventory has it", "", keys(target1, target2), nil, nothing, []string{onFirst, added, lookSigned}},
		{"another target of Microsoft's, and a key at the new one", "Microsoft moved it; no mail is without a key at any time", "300 CNAME selector1-nordwind-example._domainkey.nordwind.onmicrosoft.com.", `
$ORIGIN onmicrosoft.com.
@ 3600 IN SOA ns1 host 1 7200 3600 1209600 300
@ NS ns1
ns1 A 192.0.2.65
selector1-nordwind-example._domainkey.nordwind TXT ` + edKey + keys(target1, target2), nil, nothing,
			[]string{onFirst, "  - 300 selector1-nordwind-example._domainkey.nordwind.onmicrosoft.com.", "  + 300 " + target1 + ".", lookSigned}},
		{"another target of Microsoft's, and no key at the new one", "the key that works would be lost", "CNAME selector1-nordwind-example._domainkey.nordwind.onmicrosoft.com.", `
$ORIGIN onmicrosoft.com.
@ 3600 IN SOA ns1 host 1 7200 3600 1209600 300
@ NS ns1
ns1 A 192.0.2.65
selector1-nordwind-example._domainkey.nordwind TXT ` + edKey + keys(target2), nil, nothing,
			[]string{blocked, offer}},
		{"a target without a key", "nobody can verify with it, so nothing is lost", "CNAME selector1-nordwind-example._domainkey.nordwind.onmicrosoft.com.", `
$ORIGIN onmicrosoft.com.
@ 3600 IN SOA ns1 host 1 7200 3600 1209600 300
@ NS ns1
ns1 A 192.0.2.65
` + keys(target1, target2), nil, nothing,
			[]string{onFirst, "  - selector1-nordwind-example._domainkey.nordwind.onmicrosoft.com.", added, lookSigned}},
		{"another signer's key", "somebody may sign with it", "CNAME " + live1, otherKey + keys(target1, target2), nil, nothing, []string{blocked, offer}},
		{"another signer's key, agreed", "the administrator says that nobody does", "CNAME " + live1, otherKey + keys(target1, target2), []string{yes}, nothing,
			[]string{onFirst, "  - " + live1, added, lookSigned}},
		{"another signer's target without a key", "nobody can sign with it", "CNAME gone.other.example.", otherKey + keys(target1, target2), nil, nothing,
			[]string{onFirst, "  - gone.other.example.", added, lookSigned}},
		{"a target that does not answer", "whether a key is in use is not known", "CNAME " + live1, otherKey + keys(target1, target2) + ";! timeout key1.other.example. TXT\n", nil, nothing,
			[]string{blocked, "unknown selector1._domainkey.nordwind.example: whether a key is in use behind the present alias to key1.other.example is not known", offer}},
		{"the name as text", "a CNAME record was meant", `TXT "` + target1 + `"`, keys(target1, target2), nil, nothing,
			[]string{"prepare TXT selector1._domainkey.nordwind.example", `  - "` + target1 + `"`, onFirst, added, lookSigned}},
		{"a key of its own", "somebody may sign with it", "TXT " + edKey, keys(target1, target2), nil, nothing, []string{blocked, offer}},
		{"a key of its own, agreed", "an alias cannot stand beside it (RFC 1034 §3.6.2)", "TXT " + edKey, keys(target1, target2), []string{yes}, nothing,
			[]string{"prepare TXT selector1._domainkey.nordwind.example", "  - " + edKey, onFirst, added, lookSigned}},
		{"a withdrawn key", "an empty p= says that a key was withdrawn (RFC 6376 §3.6.1), which somebody did on purpose", `TXT "v=DKIM1; p="`, keys(target1, target2), nil, nothing, []string{blocked, offer}},
		{"any other text", "what it is for is not known", `TXT "hello"`, keys(target1, target2), nil, nothing, []string{blocked, offer}},
		{"a set that cannot be read", "nothing is planned on it", "", keys(target1, target2) + ";! timeout selector1._domainkey.nordwind.example. CNAME\n", nil, nothing,
			[]string{"unknown CNAME selector1._domainkey.nordwind.example: its record set could not be read from the authoritative servers, so nothing is planned for it"}},
		{"a wildcard's answer", "nobody wrote it for this selector", "", keys(target1, target2) + "$ORIGIN nordwind.example.\n*._domainkey TXT \"v=DKIM1; p=\"\n", nil, nothing,
			[]string{onFirst, added, lookSigned}},
		{"a device signs with it", "the tenant and the device cannot share a selector, and no yes makes them", "TXT " + edKey, keys(target1, target2), nil,
			`[{name: relay, kind: relay, site: hq, method: own-server, from: [app@nordwind.example], recipients: anyone, auth: none, tls: "1.2", signs_as: nordwind.example, sign_selector: Selector1, helo: mx.nordwind.example}]`,
			[]string{"blocked dkim-signer selector1._domainkey.nordwind.example"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			o := office{tenant: signs, own: spfRecord + second, more: tc.more, devices: tc.devices, yes: tc.yes}
			if tc.records != "" {
				o.own += "selector1._domainkey " + tc.records + "\n"
			}
			if tc.devices != nothing {
				o.own += `@ TXT "x"` + "\n"
			}
			var got []string
			for line := range strings.Lines(brief(o.plan(t))) {
				if line = strings.TrimSuffix(line, "\n"); !strings.HasPrefix(line, "relay ") && !strings.Contains(line, "203.0.113.10") && !strings.Contains(line, "TXT nordwind.example") && !strings.Contains(line, `"v=spf1`) && !strings.Contains(line, `"x"`) {
					got = append(got, line)
				}
			}
			if a, b := strings.Join(got, "\n"), strings.Join(tc.want, "\n"); a != b {
				t.Errorf("%s\ngot\n%s\nwant\n%s\nin full\n%s", tc.why, a, b, sketch(o.plan(t)))
			}
		})
	}
}

func TestSigningTasks(t *testing.T) {
	t.Parallel()
	record := `@ TXT "v=spf1 include:spf.protection.outlook.com -all"` + "\n"
	makeKeys := "prepare task nordwind.example: let Exchange Online make the keys, and write what it prints into the inventory"
	with := func(state string) office {
		return office{devices: nothing, own: microsoftMX + record + bothAliases, more: keys(target1, target2), tenant: signing(state)}
	}
	half := with("enabled: true, status: Valid")
	half.tenant = strings.Replace(half.tenant, ", selector2_cname: "+target2, "", 1)
	noTargets := with("enabled: false, status: NoDKIMKeys")
	noTargets.own = microsoftMX + record
	noTargets.tenant = strings.Replace(strings.Replace(noTargets.tenant, ", selector2_cname: "+target2, "", 1), ", selector1_cname: "+target1, "", 1)
	runCases(t, []planCase{
		{"signs", "Enabled and Valid is the proof (promise 8)", with("enabled: true, status: Valid"), ``},
		{"off", "keys are published, but nothing is signed", with("enabled: false, status: Valid"), switchOn},
		{"aliases missing by Exchange", "it has to be switched on again once they are there", with("enabled: true, status: CnameMissing"), switchOn},
		{"no keys", "without keys nothing can be switched on", with("enabled: false, status: NoDKIMKeys"), makeKeys},
		{"no keys and no targets", "Exchange must make them, then tell where", noTargets, askTargets + "\n" + makeKeys},
		{"state not known", "a published key is no proof that the tenant signs (promise 8)", with("status: Valid"), lookSigned},
		{"status not known", "likewise", with("enabled: true"), lookSigned},
		{"one target only", "the other one is asked for, never derived (promise 6)", half, askTargets},
	})
}

func TestKeysOfDevices(t *testing.T) {
	t.Parallel()
	device := `[{name: mx1, kind: server, site: hq, method: own-server, from: [app@nordwind.example], recipients: anyone, auth: none, tls: "1.2", signs_as: nordwind.example, sign_selector: own1, helo: mx1.nordwind.example}]`
	record := `@ TXT "v=spf1 ip4:203.0.113.10 -all"` + "\n"
	make1 := "prepare task nordwind.example: publish the key that mx1 signs with, or make a new one\n"
	runCases(t, []planCase{
		{"there", "", office{devices: device, own: record + "own1._domainkey TXT " + edKey}, `
			mx1 pass/pass/none > pass/pass/none true`},
		{"missing", "", office{devices: device, own: record}, make1 + `mx1 pass/fail/none > pass/fail/none true`},
		{"withdrawn", "", office{devices: device, own: record + `own1._domainkey TXT "v=DKIM1; p="`}, make1 + `mx1 pass/fail/none > pass/fail/none true`},
		{"does not answer", "a failure is no proof that a key lacks (promise 1)", office{devices: device, own: record, more: ";! timeout own1._domainkey.nordwind.example. TXT\n"}, `
			mx1 pass/unknown/none > pass/unknown/none true`},
	})
}
