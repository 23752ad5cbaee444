package provider

import (
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// ID names one entry of the catalogue for ever; inventories hold it as
// "gateway:<id>", "relay:<id>" and "hoster:<id>".
type ID string

// Kind is what a provider does for its customers' mail.
type Kind string

// The kinds that sendplan's code asks about; the catalogue has more.
const (
	Mailbox    Kind = "mailbox"
	Hoster     Kind = "hoster"
	Gateway    Kind = "security-gateway"
	Signature  Kind = "signature" // signature services loop mail through themselves
	Encryption Kind = "encryption"
	Relay      Kind = "relay"
	Forwarding Kind = "forwarding"
	DMARCHost  Kind = "dmarc-service"
)

// Confidence says how well an entry is established.
type Confidence string

// The grades of confidence.
const (
	Documented Confidence = "documented" // the provider's own text was read
	Observed   Confidence = "observed"   // seen in the DNS of several unrelated domains
	Guess      Confidence = "guess"      // general knowledge: check before relying on it
)

// Need says whether a domain's own SPF record must name the provider.
type Need string

// The answers to "must SPF name it?".
const (
	Needed    Need = "yes"
	NotNeeded Need = "no" // the term on the customer's domain has no effect
	NeedOpen  Need = "unknown"
)

// Place is the domain whose SPF record receivers look at.
type Place string

// The places of a provider's SPF terms.
const (
	CustomerDomain  Place = "customer_domain"
	BounceSubdomain Place = "bounce_subdomain"
	ProviderDomain  Place = "provider_domain"
	Nowhere         Place = "none"
)

// SPF is what a provider wants in SPF. Names may hold {placeholders}.
type SPF struct {
	Mechanisms []string `json:"mechanisms"`
	Also       []string `json:"also,omitempty"` // names of other regions, and old names, that domains include
	Needed     Need     `json:"needed"`
	Where      Place    `json:"where"`
}

// DKIMRecord is one record that a provider wants for DKIM. Selector and Target
// may hold {placeholders}.
type DKIMRecord struct {
	Selector string `json:"selector"`
	Type     string `json:"type"`   // "CNAME", "TXT" or "CNAME or TXT"
	Target   string `json:"target"` // of a CNAME; the beginning of the text of a TXT record
}

// Entry is one provider.
type Entry struct {
	ID         ID           `json:"id"`
	Name       string       `json:"name"`
	Kinds      []Kind       `json:"kind"`
	Confidence Confidence   `json:"confidence"`
	SPF        SPF          `json:"spf"`
	DKIM       []DKIMRecord `json:"dkim,omitempty"`
	DKIMProbe  []string     `json:"dkim_probe,omitempty"` // selectors worth asking for
	MX         []string     `json:"mx,omitempty"`         // regular expressions on an MX host's name
	Notes      string       `json:"notes,omitempty"`
	Sources    []string     `json:"sources,omitempty"` // pages of the provider
	Evidence   string       `json:"evidence"`          // what was read or measured
	Checked    string       `json:"-"`                 // date of that, YYYY-MM-DD
}

// Is reports whether the entry is of that kind.
func (e Entry) Is(k Kind) bool { return slices.Contains(e.Kinds, k) }

// ShortName returns the name as a remark: without what stands in parentheses
// or after a slash.
func (e Entry) ShortName() string {
	name, _, _ := strings.Cut(e.Name, " (")
	name, _, _ = strings.Cut(name, " / ")
	return name
}

// Includes returns the names that customers' SPF records include for the entry.
// Those that differ by customer are left out.
func (e Entry) Includes() []dns.Name {
	var names []dns.Name
	for _, term := range e.SPF.Mechanisms {
		target, ok := strings.CutPrefix(term, "include:")
		if name, err := dns.ParseName(target); ok && err == nil && !strings.ContainsAny(target, "{}") {
			names = append(names, name)
		}
	}
	return names
}

// Entries returns the whole catalogue, in its own order.
func Entries() []Entry { return builtin().entries }

// ByID returns the entry with that ID.
func ByID(id ID) (e Entry, ok bool) {
	for _, e := range Entries() {
		if e.ID == id {
			return e, true
		}
	}
	return Entry{}, false
}

// ByMX returns the entries whose MX hosts are named like host: several where a
// provider has services behind the same hosts.
func ByMX(host dns.Name) []Entry {
	c := builtin()
	var found []Entry
	last := -1
	for _, p := range c.mx {
		if p.entry != last && p.match(host) {
			found = append(found, c.entries[p.entry])
			last = p.entry
		}
	}
	return found
}

// ByInclude returns the entry that wants target in an include or redirect of
// SPF, or gives each customer a name like it. Of several services behind the
// same name it is the one that the catalogue lists first.
func ByInclude(target dns.Name) (Entry, bool) {
	c := builtin()
	return c.find(c.includes, target)
}

// ByDKIMTarget returns the entry to whose keys a CNAME with that target leads.
// Microsoft 365 is recognised by its zones, so that a target which is misspelt
// to the left of them is still known to be meant for it.
func ByDKIMTarget(target dns.Name) (Entry, bool) {
	for _, zone := range microsoftDKIMZones {
		if target != zone && target.Below(zone) {
			return ByID(microsoftWorldwide)
		}
	}
	c := builtin()
	return c.find(c.targets, target)
}

// microsoftDKIMZones are the zones below which Microsoft 365 keeps its
// worldwide tenants' keys, and microsoftWorldwide is its entry.
var microsoftDKIMZones = []dns.Name{"onmicrosoft.com", "dkim.mail.microsoft"}

const microsoftWorldwide ID = "m365-worldwide"
