package proof

import (
	"net/netip"
	"slices"

	"sendplan/internal/dns"
	"sendplan/internal/method"
)

// The orders in which one verdict stands for several, the first that is among
// them. A pass of something that is not known proves nothing, so Unknown comes
// first; but one failure of DMARC is enough, whatever else is not known.
var (
	doubtful = []Verdict{Unknown, PermError, Fail, SoftFail, Neutral, None, Depends, Pass}
	severest = []Verdict{Fail, Unknown, None, Pass}
)

// worst returns the first in order that is among the verdicts, NotJudged if none
// is.
func worst(order []Verdict, verdicts ...Verdict) Verdict {
	for _, v := range order {
		if slices.Contains(verdicts, v) {
			return v
		}
	}
	return NotJudged
}

// Judge follows the mail over its hops.
func (r *Receiver) Judge(m Mail) Outcome {
	out := Outcome{Right: method.True}
	for _, h := range m.Hops {
		o := HopOutcome{Hop: h}
		if h.Judged != method.False {
			o = r.hop(m, h)
			out.take(o)
		}
		out.Hops = append(out.Hops, o)
	}
	if out.Why == "" {
		out.Why = "no receiver judges it"
	}
	return out
}

// Source judges unsigned mail whose From and MAIL FROM are of one domain, from
// the networks given.
func (r *Receiver) Source(domain dns.Name, networks []netip.Prefix) Outcome {
	h := method.Hop{
		From: "an address that the record names", To: "receivers", Judged: method.True, Addresses: networks,
		MailFrom: method.MailFrom{Known: method.True, Domains: []dns.Name{domain}}, Signer: method.Signer{Signed: method.False},
	}
	return r.Judge(Mail{From: []dns.Name{domain}, Hops: []method.Hop{h}})
}

// take adds a hop that is judged, or may be. At one that may be, a pass is good
// either way.
func (o *Outcome) take(h HopOutcome) {
	right, unsure := h.Right, ""
	verdict := func(v Verdict) Verdict { return v }
	if h.Hop.Judged == method.Unknown {
		unsure = ", if the hop is judged, which is not known"
		if right != method.True {
			right = method.Unknown
		}
		verdict = func(v Verdict) Verdict {
			if v != Pass {
				return Unknown
			}
			return v
		}
	}
	o.SPF = worst(doubtful, o.SPF, verdict(h.SPF))
	o.DKIM = worst(doubtful, o.DKIM, verdict(h.DKIM))
	o.DMARC = worst(severest, o.DMARC, verdict(h.DMARC))
	next := weaker(o.Right, right)
	switch {
	case next != o.Right || o.Why == "":
		o.Right, o.Why, o.Err = next, h.Hop.From+" to "+h.Hop.To+unsure+": "+h.Why, h.Err
	case next == method.Unknown && o.Err == nil:
		o.Err = h.Err
	}
}

// hop judges the mail at one hop.
func (r *Receiver) hop(m Mail, h method.Hop) HopOutcome {
	o := HopOutcome{Hop: h, Right: method.True, Signatures: r.signatures(h, m.Selector)}
	o.Envelopes, o.Notes = r.envelopes(h)
	if h.Judged == method.Unknown {
		o.Notes = append(o.Notes, "whether the receiver of this hop judges the mail is not known")
	}
	o.SPF = worstOf(doubtful, o.Envelopes, func(e SPFOutcome) Verdict { return e.Verdict })
	o.DKIM = worstOf(doubtful, o.Signatures, func(k DKIMOutcome) Verdict { return k.Verdict })
	for i, from := range m.From {
		o.add(r.author(from, its(o.Envelopes, i, len(m.From)), its(o.Signatures, i, len(m.From))))
	}
	if len(m.From) == 0 {
		o.DMARC, o.Right, o.Why = Unknown, method.Unknown, "the domain of From is not known"
	}
	return o
}

// add takes what DMARC says for one domain of From.
func (o *HopOutcome) add(a Author) {
	o.Authors = append(o.Authors, a)
	for _, d := range []DMARCOutcome{a.DMARC, a.DMARC7489} {
		o.DMARC = worst(severest, o.DMARC, d.Verdict)
		next := weaker(o.Right, d.Right)
		switch {
		case next != o.Right || o.Why == "":
			o.Right, o.Why, o.Err = next, d.Why, d.Err
		case next == method.Unknown && o.Err == nil:
			o.Err = d.Err
		}
	}
}

// its returns what goes with the i-th of n domains of From: its own where there
// is one for each, else all.
func its[T any](list []T, i, n int) []T {
	if n > 1 && len(list) == n {
		return list[i : i+1]
	}
	return list
}

// worstOf returns what stands for a list.
func worstOf[T any](order []Verdict, list []T, verdict func(T) Verdict) Verdict {
	all := make([]Verdict, len(list))
	for i, e := range list {
		all[i] = verdict(e)
	}
	return worst(order, all...)
}
