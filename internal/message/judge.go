package message

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"sendplan/dkim"
	"sendplan/dmarc"
	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/spf"
)

// Options replace what would else be read from the message.
type Options struct {
	Hop      int        // the Received field to take the client from, 0 for our choice
	IP       netip.Addr // of the client
	HELO     string
	MailFrom Sender    // if it is known
	Date     time.Time // to judge at, if the message does not tell when it was received
}

// Judgement is everything that can be said about a message.
type Judgement struct {
	Hops   []Hop
	Client Client
	Sender Sender
	Author Author
	At     time.Time // when it was received
	SPF    SPF
	DKIM   []dkim.Verification
	DMARC  DMARC // by RFC 9989
	Old    DMARC // by RFC 7489, with the public suffix list

	Carried []Carried // what servers wrote down
}

// SPF is the result for the client and MAIL FROM.
type SPF struct {
	Known bool
	Why   string // why it is not known
	spf.Evaluation
}

// DMARC is a policy and what it makes of the message.
type DMARC struct {
	Applies bool // the message has one author domain
	dmarc.Discovery
	dmarc.Verdict
}

// CheckHop reports whether the message has a Received field of that number which
// tells the client's address.
func (m *Message) CheckHop(n int) error {
	hops := m.Hops()
	switch {
	case n < 1 || n > len(hops):
		return fmt.Errorf("there is no hop %d, the message has %d", n, len(hops))
	case !hops[n-1].IP.IsValid():
		return fmt.Errorf("hop %d names no client address", n)
	}
	return nil
}

// Look asks r everything that Judge needs. It takes every signature that has a
// key for good, so that no question depends on cryptography.
func Look(r dns.Resolver, m *Message, opts Options) {
	ctx := context.Background() // r answers from memory: there is nothing to cancel
	keys := dkim.Keys(ctx, r, dkim.Signatures(m.signed()))
	for i := range keys {
		if keys[i].Outcome == "" {
			keys[i].Outcome = dkim.OutcomePass
		}
	}
	m.judge(ctx, r, opts, func(time.Time) []dkim.Verification { return keys })
}

// Judge says what r, the DNS of today, makes of the message.
func Judge(r dns.Resolver, m *Message, opts Options) Judgement {
	ctx := context.Background()
	j := m.judge(ctx, r, opts, func(at time.Time) []dkim.Verification {
		return dkim.Verify(ctx, r, m.signed(), at)
	})
	j.Carried = m.carried(j)
	return j
}

func (m *Message) judge(ctx context.Context, r dns.Resolver, opts Options, verify func(time.Time) []dkim.Verification) Judgement {
	j := Judgement{Hops: m.Hops(), Author: m.author(), At: opts.Date}
	j.choose(m, opts)
	j.SPF = evaluate(ctx, r, j.Client, j.Sender)
	j.DKIM = verify(j.At)
	if j.Author.Domain == "" {
		return j
	}
	ids := make([]dmarc.Authenticated, len(j.DKIM))
	for i, v := range j.DKIM {
		ids[i] = dmarc.Authenticated{Domain: v.Signature.Domain, Result: signatureResult(v.Outcome)}
	}
	id := j.spfIdentifier()
	j.DMARC = judgeDMARC(dmarc.Discover(ctx, r, j.Author.Domain), id, ids, dmarc.TreeOrg(ctx, r))
	j.Old = judgeDMARC(dmarc.Discover7489(ctx, r, j.Author.Domain, check.PublicSuffix), id, ids, suffixOrg())
	return j
}

// suffixOrg finds organisations by the public suffix list.
func suffixOrg() dmarc.OrgFunc { return dmarc.SuffixOrg(check.PublicSuffix) }

// judgeDMARC gives the verdict, with the alignment of all identifiers: the
// verdict itself needs that of those only that passed.
func judgeDMARC(d dmarc.Discovery, spf dmarc.Authenticated, dkim []dmarc.Authenticated, org dmarc.OrgFunc) DMARC {
	v := dmarc.Judge(d, spf, dkim, org)
	settle := func(a *dmarc.Alignment) {
		if a.Aligned != dmarc.NotKnown || a.Err != nil {
			return
		}
		same, err := dmarc.Aligned(a.Domain, d.Author, a.Mode, org)
		switch {
		case err != nil:
			a.Err = dns.AsError(err)
		case same:
			a.Aligned = dmarc.Yes
		default:
			a.Aligned = dmarc.No
		}
	}
	settle(&v.SPF)
	for i := range v.DKIM {
		settle(&v.DKIM[i])
	}
	return DMARC{true, d, v}
}

// choose settles whom SPF is about, and when the message was received.
func (j *Judgement) choose(m *Message, opts Options) {
	switch {
	case opts.Hop > 0:
		j.Client = fromHop(j.Hops[opts.Hop-1], "as you said")
	default:
		j.Client = choose(j.Hops, m.hints(), suffixOrg())
	}
	if opts.IP.IsValid() {
		if opts.Hop == 0 {
			j.Client = Client{HELO: heloOf(j.Hops, opts.IP)}
		}
		j.Client.IP, j.Client.Why = opts.IP, "as you said"
	}
	if opts.HELO != "" {
		j.Client.HELO = opts.HELO
	}
	var hop Hop
	if j.Client.Hop > 0 {
		hop = j.Hops[j.Client.Hop-1]
	}
	j.At = receivedAt(hop, j.Hops, j.At)
	j.Sender = m.sender(hop)
	if opts.MailFrom.Known {
		j.Sender = opts.MailFrom
	}
}

// receivedAt returns the date of the hop that SPF is about, or of the newest that
// has one.
func receivedAt(chosen Hop, hops []Hop, otherwise time.Time) time.Time {
	if !chosen.Date.IsZero() {
		return chosen.Date
	}
	for _, h := range hops {
		if !h.Date.IsZero() {
			return h.Date
		}
	}
	return otherwise
}

// heloOf returns what a client called itself in the newest hop from its address.
func heloOf(hops []Hop, ip netip.Addr) string {
	for _, h := range hops {
		if h.IP == ip {
			return h.HELO
		}
	}
	return ""
}

func evaluate(ctx context.Context, r dns.Resolver, c Client, s Sender) SPF {
	switch {
	case !c.IP.IsValid():
		return SPF{Why: "the client's address is not known: " + c.Why}
	case !s.Known:
		return SPF{Why: "the MAIL FROM is not known: " + s.Why}
	case s.Address == "<>" && c.HELO == "":
		return SPF{Why: "the null sender is judged by the HELO name, which is not known"}
	}
	e := spf.Evaluate(ctx, r, spf.Query{IP: c.IP, MailFrom: s.Address, Helo: c.HELO})
	return SPF{Known: true, Evaluation: e}
}

// spfIdentifier is what DMARC makes of SPF. A result that is not known may be a
// pass, of a domain that may be the author's.
func (j *Judgement) spfIdentifier() dmarc.Authenticated {
	if !j.SPF.Known {
		id := dmarc.Authenticated{Domain: j.Author.Domain, Result: dmarc.Temporary}
		if name, ok := domainOf(j.Sender.Address); ok {
			id.Domain = name
		}
		return id
	}
	id := dmarc.Authenticated{Domain: j.SPF.Domain}
	switch j.SPF.Result {
	case spf.Pass:
		id.Result = dmarc.Pass
	case spf.TempError:
		id.Result = dmarc.Temporary
	}
	return id
}

// signatureResult is what DMARC makes of a signature. One that was not looked at
// may be good.
func signatureResult(o dkim.Outcome) dmarc.Result {
	switch o {
	case dkim.OutcomePass:
		return dmarc.Pass
	case dkim.OutcomeTempError, dkim.OutcomeNeutral, "":
		return dmarc.Temporary
	}
	return dmarc.NotPass
}

// Unknown reports whether the DNS or the message left something open.
func (j *Judgement) Unknown() bool {
	if !j.SPF.Known || j.SPF.Result == spf.TempError || j.DMARC.Status == dmarc.StatusUnknown || j.Old.Status == dmarc.StatusUnknown {
		return true
	}
	for _, v := range j.DKIM {
		if v.Outcome == dkim.OutcomeTempError {
			return true
		}
	}
	return false
}
