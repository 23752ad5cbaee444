// Package planner turns an inventory and what the DNS holds into a plan: the
// record changes that keep every sender working, with their proof, in stages.
//
// [Make] is pure. It reads a resolver, which may be a survey that is still
// growing: what that lacks is asked and Make is called again.
package planner

import (
	"net/netip"
	"slices"
	"time"

	"sendplan/internal/dns"
	"sendplan/internal/fleet"
	"sendplan/internal/inventory"
	"sendplan/internal/method"
	"sendplan/internal/proof"
	"sendplan/spf"
)

// Plan is what to change, in which order, and what comes of it.
type Plan struct {
	Date    time.Time
	Domains []Domain  // in the order of the inventory, then the others that devices send from
	Stages  []Stage   // in the order in which they are to be carried out
	Devices []Device  // in the order of the inventory
	Senders []Sender  // whom the records allow besides, by domain
	Blocked []Block   // what keeps changes from being made, or devices from being right
	Unknown []Unknown // what could not be found out
	Offers  []Offer   // what the administrator can say yes to
}

// Changes returns the changes of all stages whose conditions are met, but for
// those that a block holds back: what may be published, in its order. Where a
// set changes in several stages, each of its changes is there, up to the first
// that has to wait.
func (p Plan) Changes() []dns.Change { return slices.Concat(p.publishable()...) }

// publishable returns Changes by stage.
func (p Plan) publishable() [][]dns.Change {
	lists := make([][]dns.Change, len(p.Stages))
	waiting := map[dns.Key]bool{}
	for i, s := range p.Stages {
		for _, c := range s.Changes {
			switch {
			case !s.Open():
				waiting[c.Key] = true
			case !waiting[c.Key] && !p.Held(c.Key):
				lists[i] = append(lists[i], c)
			}
		}
	}
	return lists
}

// current returns the index of the stage that is due: the first with something
// that may be published; where none has that, with something to do; where all
// wait, the first.
func (p Plan) current() int {
	if i := slices.IndexFunc(p.publishable(), func(list []dns.Change) bool { return len(list) > 0 }); i >= 0 {
		return i
	}
	return max(0, slices.IndexFunc(p.Stages, func(s Stage) bool { return s.Open() && len(s.Tasks) > 0 }))
}

// Held reports whether a block holds back the changes of a set.
func (p Plan) Held(k dns.Key) bool {
	return slices.ContainsFunc(p.Blocked, func(b Block) bool { return slices.Contains(b.Holds, k) })
}

// Right reports whether every device is right after the plan.
func (p Plan) Right() method.Truth {
	right := method.True
	for _, d := range p.Devices {
		switch d.Right {
		case method.False:
			return method.False
		case method.Unknown:
			right = method.Unknown
		}
	}
	return right
}

// Count returns how many devices are right after the plan, or are not, or may be.
func (p Plan) Count(right method.Truth) int {
	n := 0
	for _, d := range p.Devices {
		if d.Right == right {
			n++
		}
	}
	return n
}

// Stage is a group of changes and tasks that go together.
type Stage struct {
	Title      string
	Current    bool      // what is in the DNS already is in no stage: the first that has something to publish now, or else to do
	BeforeDate bool      // a device stops on a known day if it is not done before
	Until      time.Time // that day, the first one; zero without one
	Overdue    bool      // a device that it is for should be refused already
	Conditions []Condition
	Changes    []dns.Change
	Tasks      []Task
	// Wait is how long resolvers may go on with what they had before, from when
	// the changes are published on all servers: the longest TTL of what goes, or
	// of the answer that a name is not there (RFC 2308 §5).
	Wait time.Duration
}

// Open reports whether all conditions of the stage are met.
func (s Stage) Open() bool {
	return !slices.ContainsFunc(s.Conditions, func(c Condition) bool { return !c.Met })
}

// Undo returns the changes that take the stage back, in their order.
func (s Stage) Undo() []dns.Change {
	list := make([]dns.Change, 0, len(s.Changes))
	for _, c := range slices.Backward(s.Changes) {
		list = append(list, dns.Change{Zone: c.Zone, Key: c.Key, Old: c.New, New: c.Old, Why: []string{"as it was before the stage"}})
	}
	sortChanges(list)
	return list
}

// Condition is something that must be so before a stage.
type Condition struct {
	Text   string
	Met    bool
	Why    string   // what is known of it
	Accept AcceptID // the yes that stands in for it; "" if none can
}

// AcceptID names one thing that the administrator can say yes to: a kind, the
// domain, and what it is about, parted by slashes.
type AcceptID string

// Offer is something that the administrator can say yes to, and has not.
type Offer struct {
	Accept  AcceptID
	Subject string // a domain
	Text    string // what a yes does
	// Pin is what the inventory must hold instead of the yes, of a term that is
	// to be flattened; nil for all other offers.
	Pin *Pin
}

// Pin is the addresses of a term of a domain's SPF record, as of a day.
type Pin struct {
	Domain dns.Name
	inventory.Flattened
}

// Task is something to do outside the zones that the plan changes.
type Task struct {
	Who     string // who can do it, in words: "tenant admin", "DNS host of example.net"
	Subject string // a domain or a device
	Text    string // what to do, in the imperative
	Command string // that does it, or prints what is needed; "" if there is none
	Why     string
}

// BlockID names a kind of block.
type BlockID string

// The kinds of blocks.
const (
	BlockLoses      BlockID = "sender-loses"     // a sender that passed, or was meant to, would not any more
	BlockPermError  BlockID = "spf-permerror"    // the SPF record would be, or stays, permerror
	BlockLookups    BlockID = "spf-lookups"      // it takes more than ten lookups
	BlockGain       BlockID = "spf-gain"         // more would be authorised than a plan may add without a yes
	BlockRefused    BlockID = "spf-refused"      // the record refuses an address by name that a device sends from
	BlockAlias      BlockID = "alias"            // the name is an alias, so its records are somebody else's
	BlockDKIMSigner BlockID = "dkim-signer"      // another signer's key stands where Microsoft's must
	BlockPolicy     BlockID = "dmarc-policy"     // a stricter policy would hit a device
	BlockVeto       BlockID = "method-veto"      // a device shall use a method that does not fit it
	BlockEnds       BlockID = "method-ends"      // a device shall go on with a method that ends on a known day
	BlockNotRight   BlockID = "device-not-right" // receivers would not take a device's mail for what it is
	BlockParked     BlockID = "parked"           // something sends from, or mail goes to, a parked domain
	BlockWildcard   BlockID = "wildcard"         // a new name would stop a wildcard that cannot be carried over
	BlockUnguarded  BlockID = "dmarc-lost"       // of [Compare]: receivers would do less with what others send in the domain's name
)

// Block is a reason why part of the plan cannot be carried out as it stands.
type Block struct {
	ID      BlockID
	Accept  AcceptID  // the yes that lifts it; "" if only other facts can
	Subject string    // a domain or a device
	Message string    // what is so
	Fix     string    // what can be done, in the imperative
	Holds   []dns.Key // the sets whose changes it holds back; none: nothing is made worse by the rest
}

// Unknown is something that the plan needed and could not find out.
type Unknown struct {
	Subject string // a domain, a set or a device
	Message string
	Fix     string     // what would tell, in the imperative
	Cause   *dns.Error // nil where the inventory is silent rather than the DNS
}

// Device is what becomes of one device.
type Device struct {
	fleet.Device
	Method method.ID // that it shall use, or uses where nothing is decided
	Hops   []method.Hop
	Before proof.Outcome // by the method of today, in the DNS of today
	After  proof.Outcome // by Method, after the plan
	Right  method.Truth  // no veto, and each receiver that judges it lets it pass
	Why    string        // of a Right that is not True
}

// Sender is somebody whom the records of a domain allow to send for it: what a
// term of the SPF record names, or the mailboxes of the tenant.
type Sender struct {
	Domain dns.Name
	What   string // the term, or a description
	Who    string // the operator, if known
	Before proof.Outcome
	After  proof.Outcome
}

// Domain is what becomes of the records of one domain.
type Domain struct {
	Name  dns.Name
	SPF   SPF
	Notes []string // what else is worth telling: wishes that have no effect, for one
}

// Action is what a plan does with a term.
type Action string

// The actions.
const (
	Keep    Action = "keep"
	Add     Action = "add"
	Remove  Action = "remove"
	Replace Action = "replace"
)

// Term is one term of an SPF record, or of the one that it becomes.
type Term struct {
	Action Action
	Text   string // as written, or to be written
	With   string // of Replace: what stands there instead
	Why    string
}

// SPF is what becomes of the SPF record of a domain.
type SPF struct {
	Before []string // texts of the records, none if there is none
	After  string   // "" if no record is planned and none is there
	Terms  []Term   // in the order of the record; those to be removed where they stood

	LookupsBefore, LookupsAfter spf.Counts
	Gained, Lost                []Difference
	Warnings                    []string // about what is planned: its size, what it leaves open
}

// Difference is a network that gains or loses the right to send for a domain.
type Difference struct {
	Prefix netip.Prefix
	Who    string     // to whom it belongs or which term named it, in words
	Result spf.Result // what it got before, of a gain; what it gets after, of a loss
}
