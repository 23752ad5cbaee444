package provider

import (
	"bytes"
	_ "embed" // what is known about includes
	"encoding/json"
	"sync"

	"sendplan/internal/dns"
)

// Include is what is known about one name that domains include, beyond whose it
// is. Empty fields say that nothing is known, not that all is well.
type Include struct {
	Name    dns.Name   `json:"name"`
	Retired string     `json:"retired,omitempty"` // why nobody needs it any more
	Wide    string     `json:"wide,omitempty"`    // what it authorises that its name does not say
	Cheaper []dns.Name `json:"cheaper,omitempty"` // names of the same service that cost fewer lookups
	Source  string     `json:"source"`            // what was read or measured
}

// IncludeByName returns what is known about an include; ok is false if nothing
// is.
func IncludeByName(name dns.Name) (known Include, ok bool) {
	known, ok = includes()[name]
	return known, ok
}

//go:embed data/includes.json
var includesJSON []byte

var includes = sync.OnceValue(func() map[dns.Name]Include {
	var f struct {
		Schema   int       `json:"schema"`
		Checked  string    `json:"checked"`
		Includes []Include `json:"includes"`
	}
	d := json.NewDecoder(bytes.NewReader(includesJSON))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		panic("provider: built-in list of includes: " + err.Error()) // tests read all of it
	}
	byName := make(map[dns.Name]Include, len(f.Includes))
	for _, known := range f.Includes {
		byName[known.Name] = known
	}
	return byName
})

// Useless reports whether a term on the customer's own domain that leads to the
// entry is known to have no effect: the envelope sender of its mail is in
// another domain. An entry that is only guessed does not count.
func (e Entry) Useless() bool {
	return e.SPF.Needed == NotNeeded && e.SPF.Where != CustomerDomain && e.Confidence != Guess
}
