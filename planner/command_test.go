package planner

import (
	"strings"
	"testing"
)

// What a plan has typed names the inventory's file, where it has a name.
func TestCommandsNameTheInventory(t *testing.T) {
	t.Parallel()
	const undecided = `version: 1
sites: [{name: hq}]
domains: [{name: nordwind.example}]
devices:
  - {name: the erp, site: hq, now: smtp-auth, method: direct-send, from: [erp@nordwind.example], auth: basic}
  - {name: nobody knows, from: [x@nordwind.example]}
`
	for name, want := range map[string]string{"": "FILE", "-": "FILE", "inventory.yaml": "inventory.yaml", "my $(x).yaml": "'my $(x).yaml'"} {
		p := Make(read(t, undecided), zones(t, world(apex)), Options{Date: day, Inventory: name})
		var all []string
		for _, s := range p.Stages {
			for _, task := range s.Tasks {
				all = append(all, task.Command)
			}
		}
		for _, u := range p.Unknown {
			all = append(all, u.Fix)
		}
		text := strings.Join(all, "\n")
		for _, device := range []string{"'the erp'", "'nobody knows'"} {
			if command := "sendplan devices -i " + want + " --explain " + device; !strings.Contains(text, command) {
				t.Errorf("%q: %s is not in\n%s", name, command, text)
			}
		}
		if strings.Count(text, " -i ") != strings.Count(text, " -i "+want+" ") {
			t.Errorf("%q: another file is named in\n%s", name, text)
		}
	}
}
