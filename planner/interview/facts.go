package interview

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"sendplan/dkim"
	"sendplan/dmarc"
	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
	"sendplan/internal/words"
	"sendplan/spf"
)

// protocol is what a question, a finding or a part of a page is about.
type protocol uint8

// The protocols, in the order in which they are shown. The last takes what fits
// no other.
const (
	aboutMX protocol = iota
	aboutSPF
	aboutDKIM
	aboutDMARC
	aboutOther
)

var protocolNames = [...]string{aboutMX: "MX", aboutSPF: "SPF", aboutDKIM: "DKIM", aboutDMARC: "DMARC", aboutOther: "Other"}

// protocolOf tells from the name of a check what it is about.
func protocolOf(id finding.ID) protocol {
	about := strings.TrimPrefix(string(id), "parked-")
	for p, name := range protocolNames[:aboutOther] {
		if word := strings.ToLower(name); about == word || strings.HasPrefix(about, word+"-") {
			return protocol(p)
		}
	}
	return aboutOther
}

// again is what can be done about an answer that is lacking.
const again = "it can be asked again; going on is possible, and what is not known stays open"

// unanswered is an item for what could not be found out, with the reasons.
func unanswered(title string, why ...*dns.Error) Item {
	var more lines
	for _, e := range why {
		if e != nil && !slices.ContainsFunc(more, func(l Line) bool { return l.Text == failure(e) }) {
			more.add(Unknown, 0, failure(e))
		}
	}
	more.add(Muted, 0, again)
	return item(Unknown, title, more)
}

// mailFailure is why it is not known where mail for a domain goes; nil if it is.
func mailFailure(x check.Exchange) *dns.Error {
	switch {
	case x.MX.Err != nil:
		return x.MX.Err
	case x.Implicit() && len(x.Hosts[0].Addresses()) == 0:
		return x.Hosts[0].Err()
	}
	return nil
}

// mailHosts are the mail exchangers of a domain.
func mailHosts(x check.Exchange) lines {
	var more lines
	for _, h := range x.Hosts {
		if !x.Implicit() {
			more.add(Code, 0, fmt.Sprintf("%d %s", h.Preference, h.Name))
		}
		if h.Provider != "" {
			more.add(Muted, 1, "of "+h.Provider)
		}
		if h.Leftover {
			more.add(Muted, 1, "a left-over proof of ownership: it takes no mail")
		}
		switch err := h.Err(); {
		case h.Name == dns.Root:
			more.add(Plain, 1, "null MX")
		case h.Literal.IsValid():
			more.add(Plain, 1, "an address, not a name")
		case err != nil:
			more.add(Unknown, 1, "its address is not known: "+failure(err))
		case len(h.Addresses()) == 0:
			more.add(Plain, 1, "it has no address")
		default:
			more.add(Muted, 1, list(h.Addresses(), netip.Addr.String))
		}
	}
	return more
}

// spfAbsence says why there is no SPF record to show.
func spfAbsence(tree spf.Tree) string {
	switch n := len(tree.Selection.Records); {
	case tree.Result == spf.UnknownErrors:
		return "the SPF record is not known"
	case n > 1:
		return fmt.Sprintf("%d SPF records, so none counts (permerror)", n)
	}
	return "no SPF record"
}

// selectorWords say how a selector stands, and whose keys it has.
func selectorWords(s dkim.Selector) string {
	text := words.Selector(s)
	if signer := check.Signer(s); signer != "" {
		text += " (" + signer + ")"
	}
	return text
}

// selectorRecords are what stands at a selector's name.
func selectorRecords(s dkim.Selector) lines {
	var more lines
	for _, link := range s.Chain {
		more.add(Code, 0, fmt.Sprintf("%s CNAME %s", link.Name, link.Data))
	}
	for _, text := range s.Texts {
		more.add(Code, 0, text)
	}
	for _, problem := range s.Problems {
		more.add(Warn, 0, problem.Message)
	}
	if s.Err != nil {
		more.add(Unknown, 0, failure(s.Err))
	}
	return more
}

// reportLines say where DMARC reports go.
func reportLines(p check.Policy) lines {
	var more lines
	for _, d := range p.Reports {
		text := fmt.Sprintf("%s %s: allowed: %s; %s", d.Tag, d.URI.Text, d.Authorised, d.Why)
		switch d.Authorised {
		case dmarc.Yes:
			more.add(Plain, 0, text)
		case dmarc.NotKnown:
			more.add(Unknown, 0, text)
		default:
			more.add(Warn, 0, text)
		}
		if d.Err != nil {
			more.add(Unknown, 1, failure(d.Err))
		}
	}
	return more
}
