package planner

import "testing"

func TestPlanSPF(t *testing.T) {
	t.Parallel()
	runCases(t, []planCase{
		{"no record", "a record that did not exist ends softly, so that a forgotten sender is not refused", office{own: `@ TXT "MS=ms1"`}, `
			publish TXT nordwind.example
			  = "MS=ms1"
			  + "v=spf1 ip4:203.0.113.10 ~all"
			gains 203.0.113.10/32: none
			scanner none/none/none > pass/none/none true`},
		{"no need", "without a sender nothing is said about a domain", office{own: `@ TXT "MS=ms1"`, devices: nothing}, ``},
		{"met already", "what is met needs no change, whatever the record's style", office{own: `@ TXT "V=SPF1  +IP4:203.0.113.0/24   ?all "`}, `
			scanner pass/none/none > pass/none/none true`},
		{"address first", "RFC 7208 §4.6.4: ip4 costs nothing, and in front it is decided before a lookup can fail", office{own: `@ TXT "v=spf1 ip4:198.51.100.1 include:i.nordwind.example -all"
i TXT "v=spf1 ip4:198.51.100.2 -all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 ip4:198.51.100.1 include:i.nordwind.example -all"
			  + "v=spf1 ip4:198.51.100.1 ip4:203.0.113.10 include:i.nordwind.example -all"
			gains 203.0.113.10/32: fail
			scanner fail/none/none > pass/none/none true`},
		{"TTL of the set", "RFC 2181 §5.2: all records of a set have one TTL, and the plan keeps it", office{own: `@ 300 TXT "v=spf1 -all"
@ 300 TXT "MS=ms1"`}, `
			publish TXT nordwind.example
			  - 300 "v=spf1 -all"
			  = 300 "MS=ms1"
			  + 300 "v=spf1 ip4:203.0.113.10 -all"
			gains 203.0.113.10/32: fail
			scanner fail/none/none > pass/none/none true`},
		{"several strings", "RFC 7208 §3.3: strings are joined without a blank; a record that stays keeps its strings", office{own: `@ TXT "v=spf1 ip4:198.51" ".100.1 -all"
@ TXT "one" "two" ""`}, `
			publish TXT nordwind.example
			  - "v=spf1 ip4:198.51" ".100.1 -all"
			  = "one" "two" ""
			  + "v=spf1 ip4:198.51.100.1 ip4:203.0.113.10 -all"
			gains 203.0.113.10/32: fail
			scanner fail/none/none > pass/none/none true`},
		{"empty string", "a TXT record without text is foreign, and no record that was meant for SPF", office{own: `@ TXT ""`}, `
			publish TXT nordwind.example
			  = ""
			  + "v=spf1 ip4:203.0.113.10 ~all"
			gains 203.0.113.10/32: none
			scanner none/none/none > pass/none/none true`},
		{"foreign octets", "what other strings hold is not read, not even as text", office{own: `@ TXT "v=spf1 -all"
@ TXT "\000\255;\"\\ odd"
@ TXT "v=spf10 +all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 -all"
			  = "\000\255;\"\\ odd"
			  = "v=spf10 +all"
			  + "v=spf1 ip4:203.0.113.10 -all"
			gains 203.0.113.10/32: fail
			scanner fail/none/none > pass/none/none true`},
		{"near miss", "RFC 7208 §4.5: a blank must follow the version; what was meant comes into force, with all that it says", office{own: `@ TXT "v=spf1;ip4:198.51.100.1 -all"`}, `
			publish TXT nordwind.example
			  - "v=spf1;ip4:198.51.100.1 -all"
			  + "v=spf1 ip4:198.51.100.1 ip4:203.0.113.10 ~all"
			note a TXT record was meant as an SPF record: after v=spf1 stands ";" instead of a blank, so this is no SPF record
			gains 198.51.100.1/32: none
			gains 203.0.113.10/32: none
			scanner none/none/none > pass/none/none true`},
		{"near miss beside a record", "then there is one record, and the other string is not the plan's business", office{own: `@ TXT "v=spf1;ip4:198.51.100.1 -all"
@ TXT "v=spf1 -all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 -all"
			  = "v=spf1;ip4:198.51.100.1 -all"
			  + "v=spf1 ip4:203.0.113.10 -all"
			gains 203.0.113.10/32: fail
			scanner fail/none/none > pass/none/none true`},
		{"two near misses", "which of them was meant is not known", office{own: `@ TXT "v=spf1;ip4:198.51.100.1 -all"
@ TXT "v=spf1;ip4:198.51.100.2 -all"`}, `
			publish TXT nordwind.example
			  = "v=spf1;ip4:198.51.100.1 -all"
			  = "v=spf1;ip4:198.51.100.2 -all"
			  + "v=spf1 ip4:203.0.113.10 ~all"
			gains 203.0.113.10/32: none
			scanner none/none/none > pass/none/none true`},
		{"repair", "RFC 7208 §4.6: one error makes the whole record permerror; ipv4: can only be ip4:", office{own: `@ TXT "v=spf1 ipv4:198.51.100.1 -all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 ipv4:198.51.100.1 -all"
			  + "v=spf1 ip4:198.51.100.1 ip4:203.0.113.10 -all"
			gains 198.51.100.1/32: permerror
			gains 203.0.113.10/32: permerror
			scanner permerror/none/none > pass/none/none true`},
		{"broken term", "what it was meant for is not known, so it stays until a person says otherwise", office{own: `@ TXT "v=spf1 blah:x.example -all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 blah:x.example -all"
			  + "v=spf1 ip4:203.0.113.10 blah:x.example -all"
			scanner permerror/none/none > permerror/none/none false
			blocked spf-permerror nordwind.example, yes: spf-drop/nordwind.example/blah:x.example
			blocked device-not-right scanner
			offer spf-drop/nordwind.example/blah:x.example`},
		{"broken term dropped", "with a yes the record is one again", office{own: `@ TXT "v=spf1 blah:x.example -all"`, yes: []string{"spf-drop/nordwind.example/blah:x.example"}}, `
			publish TXT nordwind.example
			  - "v=spf1 blah:x.example -all"
			  + "v=spf1 ip4:203.0.113.10 -all"
			gains 203.0.113.10/32: permerror
			scanner permerror/none/none > pass/none/none true`},
		{"unknown modifier", "RFC 7208 §6: an unknown modifier is right, and stays", office{own: `@ TXT "v=spf1 x-note=%{d} -all exp=why.nordwind.example"`}, `
			publish TXT nordwind.example
			  - "v=spf1 x-note=%{d} -all exp=why.nordwind.example"
			  + "v=spf1 ip4:203.0.113.10 x-note=%{d} -all exp=why.nordwind.example"
			gains 203.0.113.10/32: fail
			scanner fail/none/none > pass/none/none true`},
		{"redirect only", "RFC 7208 §6.1: a redirect counts where nothing matched, so an address before it does not disturb it", office{own: `@ TXT "v=spf1 redirect=r.nordwind.example"
r TXT "v=spf1 ip4:198.51.100.1 -all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 redirect=r.nordwind.example"
			  + "v=spf1 ip4:203.0.113.10 redirect=r.nordwind.example"
			gains 203.0.113.10/32: fail
			scanner fail/none/none > pass/none/none true`},
	})
}

func TestMergeSPF(t *testing.T) {
	t.Parallel()
	runCases(t, []planCase{
		{"two records", "RFC 7208 §4.5: two are permerror to all; together they are meant to allow both; the softer end stays", office{devices: nothing, own: `@ TXT "v=spf1 ip4:198.51.100.1 -all"
@ TXT "v=spf1 ip4:198.51.100.2 ip4:198.51.100.3 ~all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 ip4:198.51.100.1 -all"
			  - "v=spf1 ip4:198.51.100.2 ip4:198.51.100.3 ~all"
			  + "v=spf1 ip4:198.51.100.2 ip4:198.51.100.3 ip4:198.51.100.1 ~all"`},
		{"the same text in other strings", "both are the same to receivers, yet two; one of them stays as it is", office{devices: nothing, own: `@ TXT "v=spf1 ip4:198.51.100.1" " -all"
@ TXT "v=spf1 ip4:198.51.100.1 -all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 ip4:198.51.100.1" " -all"
			  = "v=spf1 ip4:198.51.100.1 -all"`},
		{"one is broken", "each is repaired as if alone", office{devices: nothing, own: `@ TXT "v=spf1 ip4:198.51.100.1 -all"
@ TXT "v=spf1 ipv4:198.51.100.2 -all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 ip4:198.51.100.1 -all"
			  - "v=spf1 ipv4:198.51.100.2 -all"
			  + "v=spf1 ip4:198.51.100.1 ip4:198.51.100.2 -all"
			gains 198.51.100.2/32: permerror`},
		{"one allows everybody", "+all was in force for nobody, but it was meant: taking it away needs a yes", office{devices: nothing, own: `@ TXT "v=spf1 ip4:198.51.100.1 -all"
@ TXT "v=spf1 +all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 +all"
			  = "v=spf1 ip4:198.51.100.1 -all"
			loses 33 networks by +all: fail
			blocked sender-loses nordwind.example, yes: spf-all/nordwind.example/merge, holds TXT nordwind.example
			offer spf-all/nordwind.example/merge`},
		{"one allows everybody, agreed", "with the yes only what +all alone allowed is lost", office{devices: nothing, own: `@ TXT "v=spf1 ip4:198.51.100.1 -all"
@ TXT "v=spf1 +all"`, yes: []string{"spf-all/nordwind.example/merge"}}, `
			publish TXT nordwind.example
			  - "v=spf1 +all"
			  = "v=spf1 ip4:198.51.100.1 -all"
			loses 2 networks by everybody but those whom the record names, by +all: fail`},
		{"both allow everybody", "that is what both say", office{devices: nothing, own: `@ TXT "v=spf1 ip4:198.51.100.1 +all"
@ TXT "v=spf1 +all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 +all"
			  = "v=spf1 ip4:198.51.100.1 +all"`},
		{"one keeps out what the other has no word on", "each keeps out its own refusals; made one, an order must be found that does too", office{devices: nothing, own: `@ TXT "v=spf1 -ip4:198.51.100.7 ip4:198.51.100.0/28 -all"
@ TXT "v=spf1 ip4:192.0.2.1 -all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 -ip4:198.51.100.7 ip4:198.51.100.0/28 -all"
			  - "v=spf1 ip4:192.0.2.1 -all"
			  + "v=spf1 ip4:192.0.2.1 -ip4:198.51.100.7 ip4:198.51.100.0/28 -all"`},
		{"one refuses what the other allows", "one of them allows it, so it was meant to pass", office{devices: nothing, own: `@ TXT "v=spf1 -ip4:198.51.100.7 ip4:198.51.100.0/28 -all"
@ TXT "v=spf1 ip4:198.51.100.7 -all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 -ip4:198.51.100.7 ip4:198.51.100.0/28 -all"
			  - "v=spf1 ip4:198.51.100.7 -all"
			  + "v=spf1 ip4:198.51.100.7 ip4:198.51.100.0/28 -all"`},
		{"one redirects", "an all would end the redirect (RFC 7208 §6.1), so it becomes an include", office{devices: nothing, own: `@ TXT "v=spf1 redirect=r.nordwind.example"
@ TXT "v=spf1 ip4:198.51.100.2 -all"
r TXT "v=spf1 ip4:198.51.100.1 -all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 ip4:198.51.100.2 -all"
			  - "v=spf1 redirect=r.nordwind.example"
			  + "v=spf1 ip4:198.51.100.2 include:r.nordwind.example -all"`},
	})
}
