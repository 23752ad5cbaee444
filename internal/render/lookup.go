package render

import (
	"fmt"
	"io"
	"strings"

	"sendplan/dkim"
	"sendplan/dmarc"
	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/term"
)

type dmarcDoc struct {
	Schema int    `json:"schema"`
	Domain string `json:"domain"`
	dmarcJSON
	Walk    []walkJSON    `json:"walk"` // every query of the tree walk, in order
	RFC7489 oldPolicyJSON `json:"rfc7489"`
	Reports []reportJSON  `json:"reports"` // where the record asks reports to be sent
}

type walkJSON struct {
	Name   string      `json:"name"`
	Texts  []textJSON  `json:"texts"`
	CNAME  string      `json:"cname,omitempty"` // where the name leads to
	Kept   bool        `json:"kept"`
	Exists bool        `json:"exists"`
	Error  *dnsErrJSON `json:"error,omitempty"`
}

type textJSON struct {
	Text string `json:"text"`
	Fate string `json:"fate"`
}

// oldPolicyJSON is what receivers see that still follow RFC 7489 with the
// public suffix list.
type oldPolicyJSON struct {
	dmarcJSON
	PCT         int      `json:"pct"`
	Differences []string `json:"differences"` // from RFC 9989, in words
}

type reportJSON struct {
	Tag        string      `json:"tag"` // rua or ruf
	URI        string      `json:"uri"`
	External   string      `json:"external"`   // yes, no or unknown
	Question   string      `json:"question"`   // the name asked for the destination's agreement, "" if none is needed
	Authorised string      `json:"authorised"` // yes, no or unknown
	Why        string      `json:"why"`
	Error      *dnsErrJSON `json:"error,omitempty"`
}

// DMARC writes the policy of a domain and how it was found.
func (f Format) DMARC(w io.Writer, p Page, policy check.Policy) error {
	doc := dmarcDoc{
		Schema: Schema, Domain: policy.Author.String(), dmarcJSON: newDMARC(policy.Discovery), Walk: []walkJSON{}, Reports: []reportJSON{},
		RFC7489: oldPolicyJSON{newDMARC(policy.Old), policy.Old.PCT, emptyNotNull(dmarc.Differences(policy.Discovery, policy.Old))},
	}
	for _, s := range policy.Walk {
		doc.Walk = append(doc.Walk, newWalk(s))
	}
	for _, d := range policy.Reports {
		doc.Reports = append(doc.Reports, reportJSON{
			Tag: d.Tag, URI: octets(d.URI.Text), External: yesNo(d.Outside), Question: d.Name.String(),
			Authorised: yesNo(d.Authorised), Why: octets(d.Why), Error: newDNSErr(d.Err),
		})
	}
	return f.document(w, p, doc, func(t *Text) { t.policy(policy) })
}

func newWalk(s dmarc.Step) walkJSON {
	step := walkJSON{Name: s.Name.String(), Texts: []textJSON{}, Kept: s.Kept, Exists: s.Exists, Error: newDNSErr(s.Err)}
	if len(s.Chain) > 0 {
		step.CNAME = s.Chain[0].Data.String()
	}
	for _, text := range s.Texts {
		step.Texts = append(step.Texts, textJSON{octets(text.Text), text.Fate.String()})
	}
	return step
}

func yesNo(a dmarc.Answer) string {
	return [...]string{dmarc.No: "no", dmarc.Yes: "yes", dmarc.NotKnown: "unknown"}[a]
}

func (t *Text) policy(p check.Policy) {
	t.Line("%s", t.Style.Bold.Draw(term.Safe(shownName(p.Author))))
	t.dmarc(p)
	if p.Org != "" {
		t.Para(0, label(""), fmt.Sprintf("organizational domain %s (%s)", p.Org, p.OrgRule), term.Pen{})
	}
	t.Blank()
	t.Line("tree walk (RFC 9989)")
	for _, s := range p.Walk {
		t.walkStep(s)
	}
	t.Blank()
	t.Para(0, "receivers of RFC 7489: ", policyLine(p.Old), t.policyPen(p.Old.Effective))
	for _, difference := range dmarc.Differences(p.Discovery, p.Old) {
		t.Para(2, "- ", difference, term.Pen{})
	}
	if len(p.Reports) > 0 {
		t.Blank()
		t.Line("reports")
	}
	for _, d := range p.Reports {
		t.Para(2, d.Tag+" ", fmt.Sprintf("%s: allowed: %s; %s", d.URI.Text, yesNo(d.Authorised), d.Why), term.Pen{})
	}
}

func (t *Text) walkStep(s dmarc.Step) {
	what := "nothing"
	switch {
	case s.Err != nil:
		what = "unknown: " + s.Err.Error()
	case s.Name == "":
		what = s.Domain.String() + " is too long for a name below _dmarc"
	case !s.Exists && len(s.Texts) == 0:
		what = "does not exist"
	}
	if len(s.Chain) > 0 {
		t.Para(2, s.Name.String()+"  ", "CNAME to "+s.Chain[0].Data.String(), term.Pen{})
	}
	if len(s.Texts) == 0 {
		t.Para(2, s.Name.String()+"  ", what, t.Style.Dim)
	}
	for _, text := range s.Texts {
		t.Para(2, s.Name.String()+"  ", text.Text, term.Pen{})
		if text.Fate != dmarc.Kept {
			t.Para(4, "", text.Fate.String(), t.Style.Yellow)
		}
	}
}

type dkimDoc struct {
	Schema    int            `json:"schema"`
	Domain    string         `json:"domain"`
	Wildcard  bool           `json:"wildcard"` // names that nobody published answer too
	Selectors []selectorJSON `json:"selectors"`
}

// DKIM writes what stands at a domain's selectors.
func (f Format) DKIM(w io.Writer, p Page, domain dns.Name, found check.DKIM) error {
	doc := dkimDoc{Schema, domain.String(), found.Wildcard(), newSelectors(found.Selectors)}
	return f.document(w, p, doc, func(t *Text) {
		t.Line("%s", t.Style.Bold.Draw(term.Safe(shownName(domain))))
		t.selectors(found)
	})
}

func (t *Text) selectors(found check.DKIM) {
	if found.Wildcard() {
		t.Para(2, "", "a wildcard answers for every name below _domainkey", t.Style.Yellow)
	}
	var missing []string
	for _, s := range found.Selectors {
		if s.State == dkim.Missing {
			missing = append(missing, s.Selector)
			continue
		}
		t.Para(2, "", selectorLine(s), t.selectorPen(s.State))
		if s.Target != "" {
			t.Para(4, "", "CNAME to "+s.Target.String()+signer(s), term.Pen{})
		}
		for _, text := range s.Texts {
			t.Para(4, "", text, t.Style.Dim)
		}
		for _, problem := range s.Problems {
			t.Para(4, "- ", problem.Message, t.Style.Yellow)
		}
	}
	if len(missing) > 0 {
		t.Para(2, "missing: ", strings.Join(missing, ", "), t.Style.Dim)
	}
}
