package dkim

import "sendplan/internal/dns"

// State is what was found at a selector's name.
type State string

// The states of a selector. [Lookup] sets those without a remark.
const (
	Live       State = "live"        // a usable key was found, behind a CNAME or not
	Missing    State = "missing"     // nothing is published at the name
	Dangling   State = "dangling"    // a CNAME leads to a name that holds no TXT record
	WrongType  State = "wrong-type"  // a TXT record holds the name that a CNAME should lead to
	Wildcard   State = "wildcard"    // the answer is that of any name: set by [Guard]
	KeyRevoked State = "revoked"     // the key record says that the key was withdrawn
	Invalid    State = "invalid"     // what is published gives verifiers no usable key
	Unknown    State = "unknown"     // the DNS could not be asked; Err says why
	Dormant    State = "dormant"     // needs Microsoft knowledge, set by internal/provider: no key yet, the sibling selector is live
	NotEnabled State = "not-enabled" // needs Microsoft knowledge, set by internal/provider: both CNAMEs are right, neither leads to a key
)

// Selector is what the DNS holds at one selector's name.
type Selector struct {
	Selector string // as [ParseSelector] returns it
	Name     dns.Name
	State    State
	Chain    []dns.Record // CNAME records followed
	Target   dns.Name     // target of the first CNAME, the one that the domain's owner publishes; "" without a CNAME
	Texts    []string     // every TXT record found, its strings joined
	Record   Record       // the text judged as key record; zero without one
	KeyType  KeyType
	KeyBits  int
	Testing  bool
	Err      *dns.Error // of an Unknown: why the DNS could not tell
	Problems []Problem  // those of Record, and those of the name
}
