package planner

import "testing"

// A policy that falls by wish falls for the domain alone: subdomains keep theirs
// unless the inventory says otherwise.
func TestLoweredPolicyKeepsSubdomains(t *testing.T) {
	t.Parallel()
	for wish, want := range map[string]string{
		"target: none":                   "v=DMARC1; p=none; sp=reject; rua=mailto:d@nordwind.example",
		"target: none, subdomains: none": "v=DMARC1; p=none; rua=mailto:d@nordwind.example",
	} {
		inv := read(t, "version: 1\ndomains:\n  - {name: nordwind.example, dmarc: {"+wish+"}}\n")
		p := Make(inv, zones(t, world(apex+"_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:d@nordwind.example\"\n")), Options{Date: day})
		changes := p.Changes()
		if len(changes) == 0 {
			t.Fatalf("%s: %s", wish, sketch(p))
		}
		if got := texts(changes[len(changes)-1].New); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", wish, got, want)
		}
	}
}
