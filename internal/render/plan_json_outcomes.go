package render

import (
	"net/netip"

	"sendplan/internal/method"
	"sendplan/internal/proof"
	"sendplan/internal/words"
	"sendplan/planner"
)

// plannedJSON is a device in a plan.
type plannedJSON struct {
	Name        string      `json:"name"`
	Method      string      `json:"method"` // that it shall use, or uses where nothing is decided
	Now         string      `json:"now"`
	Recommended string      `json:"recommended"`
	Vetoes      []vetoJSON  `json:"vetoes"` // of method
	Hops        []deviceHop `json:"hops"`   // of method
	Before      outcomeJSON `json:"before"` // by now, in the DNS of today
	After       outcomeJSON `json:"after"`  // by method, after the plan
	Right       any         `json:"right"`  // true, false or "unknown"
	Why         string      `json:"why"`    // of a right that is not true
}

type senderJSON struct {
	Domain string      `json:"domain"`
	What   string      `json:"what"`
	Who    string      `json:"who"`
	Before outcomeJSON `json:"before"`
	After  outcomeJSON `json:"after"`
}

// outcomeJSON are the verdicts over all hops, then hop by hop.
type outcomeJSON struct {
	SPF   string           `json:"spf"`
	DKIM  string           `json:"dkim"`
	DMARC string           `json:"dmarc"`
	Right any              `json:"right"`
	Why   string           `json:"why"`
	Cause *dnsErrJSON      `json:"cause"`
	Hops  []hopOutcomeJSON `json:"hops"`
}

type hopOutcomeJSON struct {
	From       string          `json:"from"`
	To         string          `json:"to"`
	Judged     any             `json:"judged"`
	SPF        string          `json:"spf"`
	DKIM       string          `json:"dkim"`
	DMARC      string          `json:"dmarc"`
	Right      any             `json:"right"` // null of a hop that is not judged
	Why        string          `json:"why"`
	Cause      *dnsErrJSON     `json:"cause"`
	Envelopes  []envelopeJSON  `json:"envelopes"`
	Signatures []signatureJSON `json:"signatures"`
	Authors    []authorJSON    `json:"authors"`
	Notes      []string        `json:"notes"`
}

type envelopeJSON struct {
	Domain   string       `json:"domain"` // of MAIL FROM, or HELO of the null sender
	Result   string       `json:"result"`
	Term     string       `json:"term"` // that matched, if it is the same for all samples
	Lookups  int          `json:"lookups"`
	Foreign  bool         `json:"foreign"`  // it is somebody else's domain, and never aligned
	Complete bool         `json:"complete"` // the samples stand for all addresses
	Why      string       `json:"why"`
	Cause    *dnsErrJSON  `json:"cause"`
	Samples  []sampleJSON `json:"samples"`
}

type sampleJSON struct {
	Address     string      `json:"address"`
	Block       string      `json:"block"`
	Result      string      `json:"result"`
	Mechanism   string      `json:"mechanism"`
	Domain      string      `json:"domain"` // whose record holds it
	Lookups     int         `json:"lookups"`
	VoidLookups int         `json:"void_lookups"`
	Doubt       string      `json:"doubt"`
	Cause       *dnsErrJSON `json:"cause"`
}

type signatureJSON struct {
	Domain   string      `json:"domain"`
	Selector string      `json:"selector"`
	Result   string      `json:"result"`
	Why      string      `json:"why"`
	Cause    *dnsErrJSON `json:"cause"`
}

type authorJSON struct {
	Domain  string         `json:"domain"`
	RFC9989 generationJSON `json:"rfc9989"`
	RFC7489 generationJSON `json:"rfc7489"`
}

type generationJSON struct {
	Result string      `json:"result"`
	Right  any         `json:"right"`
	Policy string      `json:"policy"` // in effect for mail that fails
	PCT    int         `json:"pct"`
	Found  string      `json:"found"` // where the policy was found
	Worst  string      `json:"worst"` // the first address that the result is about, "" if there is none
	Cause  *dnsErrJSON `json:"cause"`
}

func (s *sources) plannedDevice(d planner.Device) plannedJSON {
	return plannedJSON{
		Name: octets(d.Name), Method: octets(string(d.Method)), Now: octets(string(d.Today())), Recommended: string(d.Advice.Recommended),
		Vetoes: s.vetoes(d.Judged().Vetoes), Hops: mapped(d.Hops, s.hop), Before: newOutcome(d.Before), After: newOutcome(d.After),
		Right: truth(d.Right), Why: octets(d.Why),
	}
}

func newSender(s planner.Sender) senderJSON {
	return senderJSON{octets(s.Domain.String()), octets(s.What), octets(s.Who), newOutcome(s.Before), newOutcome(s.After)}
}

func newOutcome(o proof.Outcome) outcomeJSON {
	v := words.Verdicts(o)
	return outcomeJSON{v[0], v[1], v[2], truth(o.Right), octets(o.Why), newDNSErr(o.Err), mapped(o.Hops, newHopOutcome)}
}

func newHopOutcome(h proof.HopOutcome) hopOutcomeJSON {
	out := hopOutcomeJSON{
		From: octets(h.Hop.From), To: octets(h.Hop.To), Judged: truth(h.Hop.Judged), SPF: words.NotJudged, DKIM: words.NotJudged, DMARC: words.NotJudged,
		Why: octets(h.Why), Cause: newDNSErr(h.Err), Envelopes: mapped(h.Envelopes, newEnvelope),
		Signatures: mapped(h.Signatures, newSignature), Authors: mapped(h.Authors, newAuthor), Notes: mapped(h.Notes, octets),
	}
	if h.Hop.Judged != method.False {
		out.SPF, out.DKIM, out.DMARC = words.Verdict(h.SPF, h.Right), words.Verdict(h.DKIM, h.Right), words.Verdict(h.DMARC, h.Right)
		out.Right = truth(h.Right)
	}
	return out
}

func newEnvelope(e proof.SPFOutcome) envelopeJSON {
	return envelopeJSON{
		octets(e.Domain.String()), string(e.Verdict), octets(e.Term), e.Lookups, e.Foreign, e.Complete, octets(e.Why), newDNSErr(e.Err), mapped(e.Samples, newSample),
	}
}

func newSample(s proof.Sample) sampleJSON {
	return sampleJSON{
		s.Addr.String(), s.Block.String(), string(s.Result), octets(s.Mechanism), octets(s.MatchDomain.String()), s.Lookups, s.Voids, octets(s.Doubt), newDNSErr(s.Cause),
	}
}

func newSignature(d proof.DKIMOutcome) signatureJSON {
	return signatureJSON{octets(d.Domain.String()), octets(d.Selector), string(d.Verdict), octets(d.Why), newDNSErr(d.Err)}
}

func newAuthor(a proof.Author) authorJSON {
	return authorJSON{octets(a.Domain.String()), newGeneration(a.DMARC), newGeneration(a.DMARC7489)}
}

func newGeneration(d proof.DMARCOutcome) generationJSON {
	out := generationJSON{
		Result: words.Verdict(d.Verdict, d.Right), Right: truth(d.Right), Policy: d.Policy.String(), PCT: d.PCT, Found: octets(d.Found.String()), Cause: newDNSErr(d.Err),
	}
	if d.Worst.IsValid() {
		out.Worst = d.Worst.String()
	}
	return out
}

// prefixes are networks one by one.
func prefixes(list []netip.Prefix) []string {
	return mapped(list, func(p netip.Prefix) string { return ranges([]netip.Prefix{p}) })
}
