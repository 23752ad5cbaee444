package cli

import (
	"encoding/json"
	"testing"
)

// TestNoStateBetweenDomains: what is said about a domain is the same alone and
// among others, in any order.
func TestNoStateBetweenDomains(t *testing.T) {
	t.Parallel()
	results := func(command string) map[string]string {
		var doc struct{ Results []map[string]any }
		if err := json.Unmarshal([]byte(run(t, command).stdout), &doc); err != nil {
			t.Fatal(err)
		}
		texts := make(map[string]string)
		for _, r := range doc.Results {
			texts[r["domain"].(string)] = scrub(t, r)
		}
		return texts
	}
	names := []string{"nordwind.example", "parked.example", "two-spf.example", "too-many-lookups.example"}
	forward := results("check --demo --format json " + names[0] + " " + names[1] + " " + names[2] + " " + names[3])
	backward := results("check --demo --format json " + names[3] + " " + names[2] + " " + names[1] + " " + names[0])
	for _, name := range names {
		alone := results("check --demo --format json " + name)[name]
		if alone == "" || forward[name] != alone || backward[name] != alone {
			t.Errorf("%s: alone\n%s\nfirst to last\n%s\nlast to first\n%s", name, alone, forward[name], backward[name])
		}
	}
}
