package render

import (
	"io"

	"sendplan/dkim"
	"sendplan/dmarc"
	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
	"sendplan/spf"
)

// checkDoc is the JSON document of a run of checks.
type checkDoc struct {
	Schema  int        `json:"schema"`
	Tool    string     `json:"tool"` // "sendplan"
	Version string     `json:"version"`
	Date    string     `json:"date"` // that is judged, YYYY-MM-DD
	Results []checkOne `json:"results"`
}

// checkOne is the report of one domain: an element of results, and with schema
// a line of jsonl.
type checkOne struct {
	Schema   int           `json:"schema,omitempty"` // in jsonl only
	Domain   string        `json:"domain"`
	Status   check.Status  `json:"status"`   // pass, warning, fail or unknown
	Findings []findingJSON `json:"findings"` // failed and unknown ones
	Passed   []findingJSON `json:"passed"`   // what was looked at and found well
	MX       mxJSON        `json:"mx"`
	SPF      spfJSON       `json:"spf"`
	DKIM     dkimJSON      `json:"dkim"`
	DMARC    dmarcJSON     `json:"dmarc"`

	Transport transportJSON `json:"transport"`

	DNS dnsJSON `json:"dns"`

	Authority *authorityJSON `json:"authority,omitempty"` // with --authoritative
	Baseline  *baselineJSON  `json:"baseline,omitempty"`  // with --baseline only
}

// baselineJSON counts the failed findings of the baseline: those that are still
// there and left out, those that are gone, and those that were not seen while
// something could not be asked.
type baselineJSON struct {
	Known  int `json:"known"`
	Gone   int `json:"gone"`
	Unseen int `json:"unseen"`
}

type findingJSON struct {
	ID       finding.ID  `json:"id"`
	Severity string      `json:"severity"`         // error, warning or note
	Status   string      `json:"status"`           // pass, fail or unknown
	Subject  string      `json:"subject"`          // the name that it is about
	Record   string      `json:"record,omitempty"` // as published
	Span     *spanJSON   `json:"span,omitempty"`   // the part of record that it is about
	Cut      bool        `json:"cut,omitempty"`    // record is a part of a very long one
	Message  string      `json:"message"`
	Fix      string      `json:"fix,omitempty"`
	Cause    *dnsErrJSON `json:"cause,omitempty"` // of an unknown: why the DNS did not answer
	Refs     []string    `json:"refs"`

	// Fingerprint is the same in another run if the finding is.
	Fingerprint finding.Fingerprint `json:"fingerprint"`
}

// spanJSON is a range of octets, end exclusive.
type spanJSON struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// dnsErrJSON is a question that could not be answered.
type dnsErrJSON struct {
	Question string `json:"question"` // "TXT _dmarc.example.com"
	Cause    string `json:"cause"`    // "SERVFAIL", "timeout", ...
	Server   string `json:"server,omitempty"`
	Detail   string `json:"detail,omitempty"`
}

type mxJSON struct {
	Result string       `json:"result"` // records, null, implicit, none or unknown
	Hosts  []mxHostJSON `json:"hosts"`
	Error  *dnsErrJSON  `json:"error,omitempty"`
}

type mxHostJSON struct {
	Preference uint16      `json:"preference"`
	Host       string      `json:"host"`
	Addresses  []string    `json:"addresses"`
	Provider   string      `json:"provider,omitempty"`
	Error      *dnsErrJSON `json:"error,omitempty"`
}

type dkimJSON struct {
	Selectors []selectorJSON `json:"selectors"`
}

type selectorJSON struct {
	Selector string      `json:"selector"`
	State    dkim.State  `json:"state"`
	Target   string      `json:"target,omitempty"`   // of the CNAME at the selector
	Provider string      `json:"provider,omitempty"` // who keeps the keys that it leads to
	KeyType  string      `json:"key_type,omitempty"`
	KeyBits  int         `json:"key_bits,omitempty"`
	Record   string      `json:"record,omitempty"`
	Problems []string    `json:"problems,omitempty"`
	Error    *dnsErrJSON `json:"error,omitempty"`
}

type dnsJSON struct {
	Queries int      `json:"queries"` // different questions asked for this domain
	Servers []string `json:"servers"`
}

func newCheckOne(r check.Report) checkOne {
	d := r.Domain
	return checkOne{
		Domain: d.Name.String(), Status: r.Status(),
		Findings: findingsJSON(r.Findings), Passed: findingsJSON(r.Passed),
		MX: newMX(d.Exchange), SPF: newSPF(d.SPF), DKIM: dkimJSON{newSelectors(d.DKIM.Selectors)},
		DMARC:     newDMARC(d.DMARC.Discovery),
		Transport: newTransport(d),
		DNS:       dnsJSON{r.Queries, emptyNotNull(r.Servers)},
		Authority: newAuthority(d.Authority),
		Baseline:  (*baselineJSON)(r.Since),
	}
}

// emptyNotNull keeps an empty list from becoming null in JSON.
func emptyNotNull[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func findingsJSON(findings []finding.Finding) []findingJSON {
	list := []findingJSON{}
	for _, f := range findings {
		record, span := window(f.Record, f.Span)
		one := findingJSON{
			ID: f.ID, Severity: f.Severity.String(), Status: f.Status.String(), Subject: f.Subject.String(),
			Record: octets(record), Cut: len(record) < len(f.Record), Message: octets(f.Message), Fix: octets(f.Fix),
			Cause: newDNSErr(f.Cause), Refs: emptyNotNull(f.Refs), Fingerprint: f.Fingerprint(),
		}
		if span != (finding.Span{}) {
			one.Span = newSpan(record, span.Start, span.End)
		}
		list = append(list, one)
	}
	return list
}

// maxRecord is how much of a record a finding carries, in octets. Only hostile
// records are longer.
const maxRecord = 4096

// window returns the part of a very long record around a span, and the span in
// that part.
func window(record string, span finding.Span) (string, finding.Span) {
	if len(record) <= maxRecord {
		return record, span
	}
	start := max(0, min(span.Start-maxRecord/4, len(record)-maxRecord))
	shown := finding.Span{Start: start, End: start + maxRecord}.Whole(record)
	part := record[shown.Start:shown.End]
	return part, finding.Span{Start: span.Start - shown.Start, End: min(span.End-shown.Start, len(part))}
}

// newSpan returns a span of the record as it stands in the JSON: counted in
// octets of its UTF-8, and of whole characters.
func newSpan(record string, start, end int) *spanJSON {
	span := finding.Span{Start: start, End: end}.Whole(record)
	return &spanJSON{len(octets(record[:span.Start])), len(octets(record[:span.End]))}
}

func newDNSErr(err *dns.Error) *dnsErrJSON {
	if err == nil {
		return nil
	}
	return &dnsErrJSON{Question: err.Key.String(), Cause: err.Cause.String(), Server: err.Server, Detail: octets(err.Detail)}
}

func newMX(x check.Exchange) mxJSON {
	m := mxJSON{Result: mxResult(x), Hosts: []mxHostJSON{}, Error: newDNSErr(x.MX.Err)}
	for _, h := range x.Hosts {
		if h.Name == dns.Root {
			continue
		}
		host := mxHostJSON{Preference: h.Preference, Host: h.Name.String(), Addresses: []string{}, Provider: h.Provider, Error: newDNSErr(h.Err())}
		for _, ip := range h.Addresses() {
			host.Addresses = append(host.Addresses, ip.String())
		}
		m.Hosts = append(m.Hosts, host)
	}
	return m
}

// mxResult says in a word where mail for the domain goes.
func mxResult(x check.Exchange) string {
	switch {
	case x.MX.Err != nil:
		return "unknown"
	case x.Null():
		return "null"
	case !x.Implicit():
		return "records"
	case len(x.Hosts[0].Addresses()) > 0:
		return "implicit"
	case x.Hosts[0].Err() != nil:
		return "unknown"
	}
	return "none"
}

func newSelectors(selectors []dkim.Selector) []selectorJSON {
	list := []selectorJSON{}
	for _, s := range selectors {
		one := selectorJSON{
			Selector: s.Selector, State: s.State, Target: s.Target.String(), Provider: check.Signer(s), KeyType: string(s.KeyType), KeyBits: s.KeyBits,
			Record: octets(s.Record.Text()), Error: newDNSErr(s.Err),
		}
		for _, p := range s.Problems {
			one.Problems = append(one.Problems, octets(p.Message))
		}
		list = append(list, one)
	}
	return list
}

// spfJSON is a domain's SPF.
type spfJSON struct {
	Record      string       `json:"record"` // "" unless there is exactly one
	Result      spf.Validity `json:"result"` // none, valid, permerror or temperror
	Lookups     int          `json:"lookups"`
	VoidLookups int          `json:"void_lookups"`          // for an IPv4 client
	LowerBound  bool         `json:"lower_bound,omitempty"` // something could not be asked or was cut: the counts may be higher
	Problems    []string     `json:"problems,omitempty"`
	Tree        *nodeJSON    `json:"tree"` // null without a record
}

// nodeJSON is a record of the include tree with its terms, or one term.
type nodeJSON struct {
	Term        string      `json:"term,omitempty"` // as written; not at the root
	Domain      string      `json:"domain"`         // whose record holds the term; at the root, whose record it is
	State       spf.State   `json:"state"`
	Note        string      `json:"note,omitempty"`
	Cost        int         `json:"cost"`    // lookups of this term alone
	Lookups     int         `json:"lookups"` // with everything below
	VoidLookups int         `json:"void_lookups"`
	BeyondLimit bool        `json:"beyond_limit,omitempty"` // ten lookups are spent before this term
	Target      string      `json:"target,omitempty"`
	Record      string      `json:"record,omitempty"`   // found at target
	Provider    string      `json:"provider,omitempty"` // who is behind target
	Error       *dnsErrJSON `json:"error,omitempty"`
	Children    []*nodeJSON `json:"children,omitempty"`
	Omitted     int         `json:"omitted,omitempty"` // children that are left out of a very long record
}

const (
	maxTerms    = 500 // of one record that are shown; only hostile records have more
	maxProblems = 50  // of one tree that are shown
)

func newSPF(t spf.Tree) spfJSON {
	s := spfJSON{Result: t.Result, Lookups: t.Lookups, VoidLookups: t.Voids4, LowerBound: t.Partial || t.Truncated}
	for _, p := range t.Problems[:min(len(t.Problems), maxProblems)] {
		s.Problems = append(s.Problems, octets(p.Message))
	}
	if t.Root.Record != nil {
		s.Record = octets(t.Root.Record.Text())
		s.Tree = newNode(t.Root)
	}
	return s
}

func newNode(n *spf.Node) *nodeJSON {
	node := &nodeJSON{
		Term: octets(n.Term.Text), Domain: n.Domain.String(), State: n.State, Note: octets(n.Note),
		Cost: n.Cost, Lookups: n.Lookups, VoidLookups: n.Voids4, BeyondLimit: n.Beyond,
		Target: n.Target.String(), Provider: check.Operator(n), Error: newDNSErr(n.Err),
	}
	if n.Record != nil {
		node.Record = octets(n.Record.Text())
	}
	for _, c := range n.Children[:min(len(n.Children), maxTerms)] {
		node.Children = append(node.Children, newNode(c))
	}
	node.Omitted = len(n.Children) - len(node.Children)
	return node
}

// dmarcJSON is the policy that applies to mail from a domain.
type dmarcJSON struct {
	Record          string      `json:"record"`           // that applies, "" if none does
	RecordDomain    *string     `json:"record_domain"`    // where it was found; null if none applies
	OrgDomain       *string     `json:"org_domain"`       // null if it is not known
	Policy          *string     `json:"policy"`           // as the record says it; null if none applies, "unknown" if that is not known
	EffectivePolicy *string     `json:"effective_policy"` // as receivers apply it: null if none applies, "unknown" if that is not known
	Source          string      `json:"source"`           // author, org, psd, none or unknown
	Error           *dnsErrJSON `json:"error,omitempty"`
}

func newDMARC(d dmarc.Discovery) dmarcJSON {
	j := dmarcJSON{
		Policy: newPolicy(d.Policy), EffectivePolicy: newPolicy(d.Effective), Source: d.Source.String(),
		RecordDomain: newName(d.PolicyDomain), OrgDomain: newName(d.Org), Error: newDNSErr(d.Err),
	}
	if d.PolicyDomain != "" {
		j.Record = octets(d.Record.Text())
	}
	return j
}

func newName(n dns.Name) *string {
	if n == "" {
		return nil
	}
	s := n.String()
	return &s
}

func newPolicy(p dmarc.Policy) *string {
	if p == dmarc.NoPolicy {
		return nil
	}
	s := p.String()
	return &s
}

type jsonChecks struct {
	w   io.Writer
	doc checkDoc
}

func newJSONChecks(w io.Writer, p Page) Writer {
	return &jsonChecks{w, checkDoc{Schema: Schema, Tool: "sendplan", Version: p.Version, Date: p.Date, Results: []checkOne{}}}
}

func (c *jsonChecks) Report(r check.Report) error {
	c.doc.Results = append(c.doc.Results, newCheckOne(r))
	return nil
}

func (c *jsonChecks) Close(int) error { return encode(c.w, c.doc, "  ") }

type jsonlChecks struct{ w io.Writer }

func newJSONLChecks(w io.Writer, _ Page) Writer { return jsonlChecks{w} }

func (c jsonlChecks) Report(r check.Report) error {
	one := newCheckOne(r)
	one.Schema = Schema
	return encode(c.w, one, "")
}

func (jsonlChecks) Close(int) error { return nil }
