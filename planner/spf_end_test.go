package planner

import (
	"net/netip"
	"strings"
	"testing"

	"sendplan/spf"
)

func TestEndOfSPF(t *testing.T) {
	t.Parallel()
	softfail, fail := `[{name: nordwind.example, spf: {all: softfail}}]`, `[{name: nordwind.example, spf: {all: fail}}]`
	runCases(t, []planCase{
		{"keep", "no wish, no change", office{devices: nothing, own: `@ TXT "v=spf1 ip4:198.51.100.1 ?all"`}, ``},
		{"softfail", "", office{devices: nothing, domains: softfail, own: `@ TXT "v=spf1 ip4:198.51.100.1 ?all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 ip4:198.51.100.1 ?all"
			  + "v=spf1 ip4:198.51.100.1 ~all"`},
		{"fail", "", office{devices: nothing, domains: fail, own: `@ TXT "v=spf1 ip4:198.51.100.1 ~all exp=x.nordwind.example"`}, `
			publish TXT nordwind.example
			  - "v=spf1 ip4:198.51.100.1 ~all exp=x.nordwind.example"
			  + "v=spf1 ip4:198.51.100.1 -all exp=x.nordwind.example"`},
		{"without all", "RFC 7208 §4.7: without a match it is neutral, so the end is added", office{devices: nothing, domains: softfail, own: `@ TXT "v=spf1 ip4:198.51.100.1"`}, `
			publish TXT nordwind.example
			  - "v=spf1 ip4:198.51.100.1"
			  + "v=spf1 ip4:198.51.100.1 ~all"`},
		{"softer", "the wish is the administrator's word", office{devices: nothing, domains: softfail, own: `@ TXT "v=spf1 ip4:198.51.100.1 -all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 ip4:198.51.100.1 -all"
			  + "v=spf1 ip4:198.51.100.1 ~all"`},
		{"there already", "", office{devices: nothing, domains: fail, own: `@ TXT "v=spf1 ip4:198.51.100.1 -ALL"`}, ``},
		{"everybody", "who passes by +all alone is given up by the wish", office{devices: nothing, domains: softfail, own: `@ TXT "v=spf1 -ip4:198.51.100.1 ip4:0.0.0.0/1 +all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 -ip4:198.51.100.1 ip4:0.0.0.0/1 +all"
			  + "v=spf1 -ip4:198.51.100.1 ip4:0.0.0.0/1 ~all"
			loses 32 networks by +all: softfail`},
		{"everybody, in one of two", "the wish is the yes to what +all of one of them means", office{devices: nothing, domains: fail, own: `@ TXT "v=spf1 ip4:198.51.100.1 -all"
@ TXT "v=spf1 all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 all"
			  = "v=spf1 ip4:198.51.100.1 -all"
			loses 2 networks by everybody but those whom the record names, by +all: fail`},
		{"redirect", "an all would end the redirect (RFC 7208 §6.1)", office{devices: nothing, domains: fail, own: `@ TXT "v=spf1 redirect=r.nordwind.example"
r TXT "v=spf1 ip4:198.51.100.1 ~all"`}, `
			note SPF: the record ends as redirect=r.nordwind.example says, so domains.spf.all has no effect`},
		{"redirect beside all", "then the all counts", office{devices: nothing, domains: fail, own: `@ TXT "v=spf1 ~all redirect=r.nordwind.example"`}, `
			publish TXT nordwind.example
			  - "v=spf1 ~all redirect=r.nordwind.example"
			  + "v=spf1 -all redirect=r.nordwind.example"`},
		{"no record", "an end alone would make mail fail", office{devices: nothing, domains: fail, own: `@ TXT "MS=ms1"`}, ``},
		{"a new record", "the wish goes before the soft end of a new record", office{domains: fail}, `
			publish TXT nordwind.example
			  + "v=spf1 ip4:203.0.113.10 -all"
			gains 203.0.113.10/32: none
			scanner none/none/none > pass/none/none true`},
	})
}

func TestParked(t *testing.T) {
	t.Parallel()
	parked := `[{name: nordwind.example}, {name: old.example, parked: true}]`
	zone := func(records string) string {
		return `
$ORIGIN old.example.
@ 3600 IN SOA ns1 host 1 7200 3600 1209600 300
@ NS ns1
ns1 A 192.0.2.62
` + records + "\n"
	}
	runCases(t, []planCase{
		{"nothing there", "RFC 7505, 7208 and 9989: takes no mail, sends none, refuse what says so, at once", office{devices: nothing, domains: parked, more: zone("")}, `
			publish TXT _dmarc.old.example
			  + "v=DMARC1; p=reject;"
			publish MX old.example
			  + 0 .
			publish TXT old.example
			  + "v=spf1 -all"`},
		{"right already", "", office{devices: nothing, domains: parked, more: zone(`@ MX 0 .
@ TXT "v=spf1 -all"
_dmarc TXT "v=DMARC1; p=reject"`)}, ``},
		{"sent before", "nobody sends for it, the inventory says, so whom the record names goes", office{devices: nothing, domains: parked, more: zone(`@ MX 0 .
@ 60 TXT "v=spf1 ip4:198.51.100.1 ~all"
@ 60 TXT "MS=ms1"
_dmarc 120 TXT "v=DMARC1; p=none; rua=mailto:d@old.example"`)}, `
			publish TXT _dmarc.old.example
			  - 120 "v=DMARC1; p=none; rua=mailto:d@old.example"
			  + 120 "v=DMARC1; p=reject; rua=mailto:d@old.example"
			publish TXT old.example
			  - 60 "v=spf1 ip4:198.51.100.1 ~all"
			  = 60 "MS=ms1"
			  + 60 "v=spf1 -all"
			loses 198.51.100.1/32 by ip4:198.51.100.1: fail`},
		{"two records", "one that allows nobody takes their place", office{devices: nothing, domains: parked, more: zone(`@ MX 0 .
@ TXT "v=spf1 ip4:198.51.100.1 ~all"
@ TXT "v=spf1 -all"
_dmarc TXT "v=DMARC1; p=reject"`)}, `
			publish TXT old.example
			  - "v=spf1 ip4:198.51.100.1 ~all"
			  = "v=spf1 -all"
			loses 198.51.100.1/32 by ip4:198.51.100.1: fail`},
		{"takes mail", "somebody may read it: that is not taken away", office{devices: nothing, domains: parked, more: zone(`@ MX 10 mx.other.example.
@ TXT "v=spf1 -all"
_dmarc TXT "v=DMARC1; p=reject"`)}, `
			blocked parked old.example, holds TXT old.example, holds TXT _dmarc.old.example`},
		{"takes mail by a wildcard", "likewise", office{devices: nothing, domains: `[{name: nordwind.example}, {name: x.old.example, parked: true}]`, more: zone(`* MX 10 mx.other.example.
* TXT "v=spf1 -all"`)}, `
			publish MX *.x.old.example
			  + 10 mx.other.example.
			publish TXT *.x.old.example
			  + "v=spf1 -all"
			publish TXT _dmarc.x.old.example
			  + "v=DMARC1; p=reject;"
			publish MX x.old.example
			  + 10 mx.other.example.
			publish TXT x.old.example
			  + "v=spf1 -all"
			blocked parked x.old.example, holds TXT x.old.example, holds TXT _dmarc.x.old.example, holds MX x.old.example, holds MX *.x.old.example, holds TXT *.x.old.example`},
		{"an alias", "whoever keeps its target must say it", office{devices: nothing, domains: parked, more: zone(`@ MX 0 .
@ TXT "v=spf1 -all"
_dmarc CNAME reject.old.example.
reject TXT "v=DMARC1; p=reject"`)}, ``},
	})
}

// TestNobodyLoses holds promise 2 of the plans: whoever passed, or was meant to,
// passes after, unless the administrator gave it up.
func TestNobodyLoses(t *testing.T) {
	t.Parallel()
	runCases(t, []planCase{
		{"what depends on the message stays", "whom exists: or ptr lets send is not known, so the term stays where it stands", office{own: `@ TXT "v=spf1 exists:%{i}.x.nordwind.example ptr -all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 exists:%{i}.x.nordwind.example ptr -all"
			  + "v=spf1 ip4:203.0.113.10 exists:%{i}.x.nordwind.example ptr -all"
			gains 203.0.113.10/32: fail
			scanner fail/none/none > pass/none/none true`},
		{"below an include too", "", office{own: `@ TXT "v=spf1 include:m.nordwind.example -all"
m TXT "v=spf1 exists:%{i}.x.nordwind.example -all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 include:m.nordwind.example -all"
			  + "v=spf1 ip4:203.0.113.10 include:m.nordwind.example -all"
			gains 203.0.113.10/32: fail
			scanner fail/none/none > pass/none/none true`},
		{"an include that fails", "additions are allowed, the term stays word for word", office{own: `@ TXT "v=spf1 Include:M.nordwind.example -all"`, more: ";! servfail m.nordwind.example. TXT\n"}, `
			publish TXT nordwind.example
			  - "v=spf1 Include:M.nordwind.example -all"
			  + "v=spf1 ip4:203.0.113.10 Include:M.nordwind.example -all"
			gains 203.0.113.10/32: temperror
			scanner unknown/none/none > pass/none/none true
			unknown nordwind.example: what the SPF record authorises is not fully known: TXT m.nordwind.example was not answered, so nothing is taken out of it`},
		{"named already, and an include fails", "a failure is no reason to name the address twice", office{own: `@ TXT "v=spf1 include:m.nordwind.example ip4:203.0.113.10 -all"`, more: ";! servfail m.nordwind.example. TXT\n"}, `
			scanner unknown/none/none > unknown/none/none unknown
			unknown nordwind.example: what the SPF record authorises is not fully known: TXT m.nordwind.example was not answered, so nothing is taken out of it
			unknown scanner: scanner to the tenant's MX host: no DMARC policy applies to nordwind.example; SPF: 203.0.113.10: TXT m.nordwind.example: SERVFAIL (planned fault) from zone; DKIM: nobody signs`},
		{"set that cannot be read", "nothing is planned on it", office{own: `@ TXT "v=spf1 -all"`, more: ";! timeout nordwind.example. TXT\n"}, `
			scanner unknown/none/none > unknown/none/none unknown
			unknown TXT nordwind.example: its record set could not be read from the authoritative servers, so nothing is planned for it
			unknown scanner: scanner to the tenant's MX host: no DMARC policy applies to nordwind.example; SPF: 203.0.113.10: TXT nordwind.example: timeout (planned fault) from zone; DKIM: nobody signs`},
	})
}

// TestGainsNeedAYes holds promise 9: what a mended record allows is a gain.
func TestGainsNeedAYes(t *testing.T) {
	t.Parallel()
	runCases(t, []planCase{
		{"mended range", "ipv4: allowed nobody until now, and a /16 is not a handful", office{devices: nothing, own: `@ TXT "v=spf1 ipv4:198.18.0.0/16 -all"`}, `
			blocked spf-permerror nordwind.example, yes: spf-drop/nordwind.example/ipv4:198.18.0.0/16
			offer spf-gain/nordwind.example/ip4:198.18.0.0/16
			offer spf-drop/nordwind.example/ipv4:198.18.0.0/16`},
		{"mended range, agreed", "", office{devices: nothing, own: `@ TXT "v=spf1 ipv4:198.18.0.0/16 -all"`, yes: []string{"spf-gain/nordwind.example/ip4:198.18.0.0/16"}}, `
			publish TXT nordwind.example
			  - "v=spf1 ipv4:198.18.0.0/16 -all"
			  + "v=spf1 ip4:198.18.0.0/16 -all"
			gains 198.18.0.0/16: permerror`},
		{"a near miss for everybody", "a record that is in force for nobody does not come into force with +all", office{own: `@ TXT "v=spf1;ip4:198.51.100.1 +all"`}, `
			publish TXT nordwind.example
			  = "v=spf1;ip4:198.51.100.1 +all"
			  + "v=spf1 ip4:203.0.113.10 ~all"
			gains 203.0.113.10/32: none
			scanner none/none/none > pass/none/none true
			offer spf-gain/nordwind.example/+all`},
	})
}

// TestByAll: given up with +all is who passes by that alone, in whichever record.
func TestByAll(t *testing.T) {
	t.Parallel()
	z := zones(t, world(apex))
	var in intention
	for _, text := range []string{"v=spf1 -ip4:192.0.2.1 +all", "v=spf1 ip4:198.51.100.1 -all"} {
		in.coverage = append(in.coverage, spf.ExpandText(ctx, z, "nordwind.example", text).Coverage())
	}
	named := spf.NewAddressSet(netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("198.51.100.1/32"))
	if got := in.byAll(); !got.Equal(spf.Everywhere().Subtract(named)) {
		t.Errorf("all but %s", spf.Everywhere().Subtract(got))
	}
}

// TestBlockTells: a block that a yes lifts says which, and a message says what
// is so and what to do.
func TestBlockTells(t *testing.T) {
	t.Parallel()
	p := office{own: `@ TXT "v=spf1 blah:x.example -all"`}.plan(t)
	want := []Block{{ID: BlockPermError, Accept: "spf-drop/nordwind.example/blah:x.example", Subject: "nordwind.example",
		Message: `the SPF record is permerror, and stays so: unknown mechanism "blah"`, Fix: "correct the record that is named, or have its owner do that"}}
	if got := p.Blocked[0]; got.Message != want[0].Message || got.Fix != want[0].Fix || got.Accept != want[0].Accept {
		t.Errorf("got %+v, want %+v", got, want[0])
	}
	long := AcceptID("")
	for _, term := range []string{"include:" + strings.Repeat("a", 300), "include:" + strings.Repeat("a", 301), "include:\xff", "include:\xfe"} {
		id := acceptID("spf-drop", "nordwind.example", term)
		if len(id) > 200 || id == long || strings.ContainsFunc(string(id), func(r rune) bool { return r <= ' ' || r > '~' }) {
			t.Errorf("%q gets the ID %q", term, id)
		}
		long = id
	}
}
