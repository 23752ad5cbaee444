// Package proof says what receivers make of a device's mail on its way: SPF,
// DKIM and DMARC at every hop where they are judged, by the full evaluators.
//
// It is pure: it reads a resolver, which may be the DNS of today or the one
// after a plan. What that cannot tell is unknown, and never a guess.
package proof

import (
	"net/netip"

	"sendplan/dmarc"
	"sendplan/internal/dns"
	"sendplan/internal/method"
	"sendplan/spf"
)

// Verdict is what receivers say, over everything that a message may be. Its zero
// value means that nobody judges.
type Verdict string

// The verdicts. SPF knows all of them, DKIM and DMARC only Pass, Fail, None and
// Unknown.
const (
	NotJudged Verdict = ""
	Pass      Verdict = "pass"
	Fail      Verdict = "fail" // of DKIM: the message claims a signature that has no usable key
	SoftFail  Verdict = "softfail"
	Neutral   Verdict = "neutral"
	None      Verdict = "none" // no SPF record, nobody who signs, or no DMARC policy that applies
	PermError Verdict = "permerror"
	Depends   Verdict = "depends" // on which of its addresses a message leaves from
	Unknown   Verdict = "unknown"
)

// Mail is what a device sends.
type Mail struct {
	From     []dns.Name // the domains of From, each once
	Hops     []method.Hop
	Selector string // s= of the device's own signature; "" if it is not known
}

// Outcome is what becomes of a device's mail over all hops. The verdicts are the
// worst of the judged hops; a hop that may be judged makes them unknown where it
// does not pass.
type Outcome struct {
	SPF, DKIM, DMARC Verdict
	// Right reports whether each judged hop lets the mail pass: DMARC passes or,
	// where no DMARC policy applies, SPF or DKIM does. It is True where no hop is
	// judged.
	Right method.Truth
	Hops  []HopOutcome // all of them, in their order
	Why   string       // the reason for a Right that is not True, or for the pass
	Err   *dns.Error   // why something that matters is not known, if the DNS is the reason
}

// HopOutcome is what the receiver of one hop makes of the mail. At a hop that is
// not judged only Hop is set.
type HopOutcome struct {
	Hop              method.Hop
	SPF, DKIM, DMARC Verdict      // the worst of those below
	Right            method.Truth // as if the hop is judged for certain
	Envelopes        []SPFOutcome // one for each domain of MAIL FROM
	Signatures       []DKIMOutcome
	Authors          []Author // one for each domain of From
	Why              string
	Err              *dns.Error
	Notes            []string // what was assumed or left out
}

// SPFOutcome is SPF for one envelope sender, from everywhere that a message may
// leave.
type SPFOutcome struct {
	Verdict Verdict
	Domain  dns.Name // of MAIL FROM, or HELO of the null sender; "" if it is not known
	Samples []Sample // of the addresses that are known, in their order
	Term    string   // the term that matched, if it is the same for all samples
	Lookups int      // the most that a sample took
	Why     string
	Err     *dns.Error // of an Unknown

	// Foreign reports that MAIL FROM is somebody else's domain, so SPF is that
	// one's business and never aligned.
	Foreign bool
	// Complete reports that Samples stand for all addresses, or that Verdict is
	// the same whatever the address.
	Complete bool
	fixed    bool // the same whatever the address, and no pass
}

// Sample is SPF for one address.
type Sample struct {
	Addr        netip.Addr
	Block       netip.Prefix // that it stands for
	Result      spf.Result
	Mechanism   string   // the term that matched, "" if none did
	MatchDomain dns.Name // whose record holds it
	Lookups     int
	Voids       int
	Doubt       string     // why Result may be another for a real message, "" if it is certain
	Cause       *dns.Error // why Result is not certain, if the DNS is the reason
}

// DKIMOutcome is one signature, as far as the DNS can tell.
type DKIMOutcome struct {
	Verdict  Verdict
	Domain   dns.Name // d=; "" if it is not known, or nobody signs
	Selector string   // whose key was found, or should have been
	Why      string
	Err      *dns.Error // of an Unknown
}

// Author is what DMARC says about mail from one domain of From.
type Author struct {
	Domain dns.Name
	// The two generations of receivers: RFC 9989, and RFC 7489 with the public
	// suffix list.
	DMARC, DMARC7489 DMARCOutcome
}

// DMARCOutcome is what one generation of receivers says.
type DMARCOutcome struct {
	Verdict   Verdict
	Right     method.Truth // passes or, where no policy applies, SPF or DKIM does
	Policy    dmarc.Policy // in effect for mail that fails
	PCT       int          // the percentage of it that Policy is for
	Found     dns.Name     // where the policy was found
	Worst     netip.Addr   // the first sample that Verdict is about, if there is one
	Why       string
	Err       *dns.Error // of an Unknown
	Discovery dmarc.Discovery
}

// Receiver judges mail with what one resolver says. It remembers what does not
// depend on the sender, so it is not for concurrent use.
type Receiver struct {
	r         dns.Resolver
	trees     map[dns.Name]spf.Tree
	samples   map[question]Sample
	policies  map[dns.Name]policies
	keys      map[keyQuestion]DKIMOutcome
	organised map[dns.Name]organisation
}

// At returns a receiver that sees the DNS as r does.
func At(r dns.Resolver) *Receiver {
	return &Receiver{
		r: r, trees: map[dns.Name]spf.Tree{}, samples: map[question]Sample{}, policies: map[dns.Name]policies{},
		keys: map[keyQuestion]DKIMOutcome{}, organised: map[dns.Name]organisation{},
	}
}
