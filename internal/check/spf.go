package check

import (
	"iter"
	"slices"

	"golang.org/x/net/publicsuffix"

	"sendplan/internal/dns"
	"sendplan/internal/finding"
	"sendplan/internal/provider"
	"sendplan/spf"
)

// maxLookups is how many terms of an evaluation may ask the DNS, and maxVoids
// how many of their questions may go without an answer (RFC 7208 §4.6.4).
const (
	maxLookups = spf.MaxLookups
	maxVoids   = spf.MaxVoids
)

// spfRecord is one SPF record of a domain's tree.
type spfRecord struct {
	Name   dns.Name // whose record it is
	Node   *spf.Node
	Record *spf.Record
}

// terms returns the record's terms that an evaluation can come to.
func (r spfRecord) terms() iter.Seq[*spf.Node] {
	return func(yield func(*spf.Node) bool) {
		for _, n := range r.Node.Children {
			if n.State != spf.StateIgnored && !yield(n) {
				return
			}
		}
	}
}

// fail is a finding about one term.
func (r spfRecord) fail(t spf.Term, message, fix string) finding.Finding {
	return failAt(r.Name, r.Record.Text(), finding.Span(t.Span), message, fix)
}

// spfNodes returns the tree's nodes in the order of an evaluation that matches
// nothing: the root first, the terms of a record before its redirect.
func (d *Domain) spfNodes() iter.Seq[*spf.Node] {
	return func(yield func(*spf.Node) bool) { walkSPF(d.SPF.Root, yield) }
}

func walkSPF(n *spf.Node, yield func(*spf.Node) bool) bool {
	if !yield(n) {
		return false
	}
	for _, redirect := range []bool{false, true} {
		for _, c := range n.Children {
			// RFC 7208 §6.1: redirect comes last, wherever it is written.
			if (c.Term.Kind == spf.KindRedirect) == redirect && !walkSPF(c, yield) {
				return false
			}
		}
	}
	return true
}

// spfRecords returns the records of the tree, each once, the domain's own first.
func (d *Domain) spfRecords() []spfRecord {
	if !d.Exists() {
		return nil
	}
	seen := make(map[dns.Name]bool)
	var records []spfRecord
	for n := range d.spfNodes() {
		name := n.Target
		if n == d.SPF.Root {
			name = d.Name
		}
		if n.Record != nil && !seen[name] {
			seen[name] = true
			records = append(records, spfRecord{name, n, n.Record})
		}
	}
	return records
}

// ownSPF returns the records of the tree that belong to the organisation of the
// domain, so that its administrator can change them.
func (d *Domain) ownSPF() []spfRecord {
	return slices.DeleteFunc(d.spfRecords(), func(r spfRecord) bool { return !d.own(r.Name) })
}

// own reports whether name belongs to the organisation of the domain.
func (d *Domain) own(name dns.Name) bool {
	if name == d.Name {
		name = d.alias()
	}
	if name.Below(d.Name) {
		return true
	}
	a, errA := publicsuffix.EffectiveTLDPlusOne(d.Name.String())
	b, errB := publicsuffix.EffectiveTLDPlusOne(name.String())
	return errA == nil && errB == nil && a == b
}

// spfEnd returns the record that decides when no term matches: the domain's
// own, or where redirect leads. ok is false if there is none, or it is not known.
func (d *Domain) spfEnd() (end spfRecord, ok bool) {
	if !d.Exists() {
		return spfRecord{}, false
	}
	name, n := d.Name, d.SPF.Root
	for n.Record != nil {
		i := slices.IndexFunc(n.Children, func(c *spf.Node) bool {
			return c.Term.Kind == spf.KindRedirect && c.State != spf.StateIgnored
		})
		if i < 0 {
			return spfRecord{name, n, n.Record}, true
		}
		n = n.Children[i]
		name = n.Target
	}
	return spfRecord{}, false
}

// spfAnswered reports whether everything that the tree leads to was answered, so
// that its counts do not depend on a failure.
func (d *Domain) spfAnswered() bool {
	return len(d.spfProblems(spf.ProblemUnanswered)) == 0
}

// spfProblems returns the tree's problems of a kind.
func (d *Domain) spfProblems(kind spf.ProblemKind) []spf.Problem {
	if !d.Exists() {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(d.SPF.Problems), func(p spf.Problem) bool { return p.Kind != kind })
}

// microsoftCloud returns the cloud whose domains include name in SPF, or "".
// GCC High and DoD share theirs.
func microsoftCloud(name dns.Name) provider.Cloud {
	for _, c := range []provider.Cloud{provider.Worldwide, provider.GCCHigh, provider.China} {
		if c.SPFInclude() == name {
			return c
		}
	}
	return ""
}

// exchangeCloud returns the cloud of Microsoft 365 to which the MX records lead,
// "" if they lead to none or to several. DoD counts as GCC High here: their
// names are the same.
func (d *Domain) exchangeCloud() provider.Cloud {
	var found provider.Cloud
	for _, h := range d.Exchange.Hosts {
		for _, c := range h.Microsoft.Family.Clouds() {
			c = microsoftCloud(c.SPFInclude())
			if found != "" && found != c {
				return ""
			}
			found = c
		}
	}
	return found
}

// cloudNames are the clouds in words for people.
var cloudNames = map[provider.Cloud]string{
	provider.Worldwide: "the worldwide cloud (which GCC uses too)",
	provider.GCCHigh:   "GCC High and DoD",
	provider.China:     "the cloud of 21Vianet in China",
}
