package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"sendplan/dkim"
	"sendplan/dmarc"
	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
	"sendplan/internal/term"
	"sendplan/internal/words"
	"sendplan/spf"
)

// textChecks writes reports for people, and after several a table of them.
type textChecks struct {
	w       io.Writer
	text    Text
	reports []check.Report
}

func newTextChecks(w io.Writer, p Page) Writer { return &textChecks{w: w, text: Text{Page: p}} }

func (c *textChecks) Report(r check.Report) error {
	if len(c.reports) > 0 {
		c.text.Blank()
	}
	c.reports = append(c.reports, r)
	c.text.report(r)
	return c.text.flush(c.w)
}

func (c *textChecks) Close(int) error {
	if len(c.reports) > 1 {
		c.text.Blank()
		c.text.summary(c.reports)
	}
	return c.text.flush(c.w)
}

// labelWidth is the column in which the text of a report starts.
const labelWidth = 9

func (t *Text) report(r check.Report) {
	d := r.Domain
	t.Line("%s  %s", t.Style.Bold.Draw(term.Safe(shownName(d.Name))), t.status(r.Status()))
	t.Blank()
	t.mx(d.Exchange)
	t.spf(d.SPF)
	t.dkim(d.DKIM)
	t.dmarc(d.DMARC)
	t.transport(d)
	t.authority(d.Authority)
	for _, f := range bySeverity(r.Findings) {
		t.Blank()
		t.Finding(f)
	}
	t.Blank()
	t.Para(0, "", tally(r), t.Style.Dim)
	if r.Since != nil {
		t.Para(0, "", sinceLine(*r.Since), t.Style.Dim)
	}
}

// shownName returns a name for people: with its A-label form where that
// differs.
func shownName(n dns.Name) string {
	if u := n.Unicode(); u != n.String() {
		return u + " (" + n.String() + ")"
	}
	return n.String()
}

func (t *Text) status(s check.Status) string {
	pens := map[check.Status]term.Pen{
		check.StatusPass: t.Style.Green, check.StatusWarning: t.Style.Yellow,
		check.StatusFail: t.Style.Red, check.StatusUnknown: t.Style.Magenta,
	}
	return pens[s].Draw(string(s))
}

// label returns text padded to the column where values start.
func label(s string) string { return term.Pad("  "+s, labelWidth) }

func (t *Text) mx(x check.Exchange) {
	first := label("MX")
	row := func(text string, pen term.Pen) {
		t.Para(0, first, text, pen)
		first = label("")
	}
	switch mxResult(x) {
	case "unknown":
		row("unknown: "+cause(x.MX.Err, x.Hosts), t.Style.Magenta)
	case "none":
		row("none, and no address either", term.Pen{})
	case "null":
		row("null MX: the domain takes no mail", term.Pen{})
	case "implicit":
		row("none: mail goes to the domain's own address "+addresses(x.Hosts[0]), term.Pen{})
	default:
		for _, h := range x.Hosts {
			row(fmt.Sprintf("%d %s%s", h.Preference, h.Name, hostRemark(h)), term.Pen{})
		}
	}
}

func cause(err *dns.Error, hosts []check.Host) string {
	if err == nil && len(hosts) > 0 {
		err = hosts[0].Err()
	}
	if err == nil {
		return "not asked"
	}
	return err.Error()
}

func hostRemark(h check.Host) string {
	var remarks []string
	if h.Provider != "" {
		remarks = append(remarks, h.Provider)
	}
	switch {
	case h.Name == dns.Root:
		remarks = append(remarks, "null MX")
	case h.Literal.IsValid():
		remarks = append(remarks, "an address, not a name")
	case h.Err() != nil:
		remarks = append(remarks, "address unknown: "+h.Err().Cause.String())
	case len(h.Addresses()) == 0:
		remarks = append(remarks, "no address")
	}
	if len(remarks) == 0 {
		return ""
	}
	return " (" + strings.Join(remarks, ", ") + ")"
}

func addresses(h check.Host) string {
	var list []string
	for _, ip := range h.Addresses() {
		list = append(list, ip.String())
	}
	return strings.Join(list, ", ")
}

func (t *Text) spf(tree spf.Tree) {
	if tree.Root.Record == nil {
		t.Para(0, label("SPF"), spfAbsence(tree), t.validity(tree.Result))
		return
	}
	t.Para(0, label("SPF"), tree.Root.Record.Text(), term.Pen{})
	t.Para(0, label(""), words.Tree(tree), t.validity(tree.Result))
}

func spfAbsence(tree spf.Tree) string {
	switch n := len(tree.Selection.Records); {
	case tree.Result == spf.UnknownErrors:
		return "unknown: " + cause(tree.Root.Err, nil)
	case n > 1:
		return fmt.Sprintf("%d records, so none counts (permerror)", n)
	}
	return "no record"
}

func (t *Text) validity(v spf.Validity) term.Pen {
	switch v {
	case spf.Valid:
		return t.Style.Green
	case spf.UnknownErrors:
		return t.Style.Magenta
	}
	return t.Style.Red
}

func (t *Text) dkim(d check.DKIM) {
	first := label("DKIM")
	row := func(text string, pen term.Pen) {
		t.Para(0, first, text, pen)
		first = label("")
	}
	counts := make(map[dkim.State]int)
	for _, s := range d.Selectors {
		counts[s.State]++
		if s.State == dkim.Missing || s.State == dkim.Wildcard {
			continue
		}
		line := selectorLine(s)
		if s.Target != "" {
			line += ", CNAME to " + s.Target.String() + signer(s)
		}
		row(line, t.selectorPen(s.State))
	}
	switch n := counts[dkim.Wildcard]; {
	case n > 0 && d.Probe.State == dkim.KeyRevoked:
		row(fmt.Sprintf("a wildcard declares every key revoked (%s asked)", words.Plural(n, "name")), term.Pen{})
	case n > 0:
		row(fmt.Sprintf("a wildcard answers at %s", words.Plural(n, "name")), t.Style.Yellow)
	}
	switch n := counts[dkim.Missing]; {
	case n == len(d.Selectors):
		row(fmt.Sprintf("not found at %s (name yours with --selector)", words.Plural(n, "usual name")), t.Style.Dim)
	case n > 0:
		row(fmt.Sprintf("nothing at %s", words.Plural(n, "other name")), t.Style.Dim)
	}
}

// signer names in parentheses who keeps a selector's keys.
func signer(s dkim.Selector) string {
	if name := check.Signer(s); name != "" {
		return " (" + name + ")"
	}
	return ""
}

func selectorLine(s dkim.Selector) string {
	line := words.Selector(s)
	if s.Err != nil {
		line += ": " + s.Err.Error()
	}
	return line
}

func (t *Text) selectorPen(s dkim.State) term.Pen {
	switch s {
	case dkim.Live:
		return t.Style.Green
	case dkim.Unknown:
		return t.Style.Magenta
	case dkim.Invalid, dkim.WrongType:
		return t.Style.Red
	case dkim.Dormant, dkim.KeyRevoked:
		return term.Pen{}
	}
	return t.Style.Yellow
}

func (t *Text) dmarc(p check.Policy) {
	if p.PolicyDomain != "" {
		t.Para(0, label("DMARC"), p.Record.Text(), term.Pen{})
		t.Para(0, label(""), policyLine(p.Discovery), t.policyPen(p.Effective))
		return
	}
	t.Para(0, label("DMARC"), policyLine(p.Discovery), t.policyPen(p.Effective))
}

// policyLine says which policy applies and why, or why that is not known.
func policyLine(d dmarc.Discovery) string {
	if d.Effective == dmarc.Unknown {
		return "unknown: " + cause(d.Err, nil)
	}
	return words.Policy(d)
}

func (t *Text) policyPen(p dmarc.Policy) term.Pen {
	switch p {
	case dmarc.Quarantine, dmarc.Reject:
		return t.Style.Green
	case dmarc.None:
		return t.Style.Yellow
	case dmarc.Unknown:
		return t.Style.Magenta
	}
	return t.Style.Red
}

// bySeverity returns the findings for people: errors first, then what could not
// be told, then the rest.
func bySeverity(findings []finding.Finding) []finding.Finding {
	rank := func(f finding.Finding) int {
		if f.Status == finding.Unknown {
			return 1
		}
		return []int{finding.Error: 0, finding.Warning: 2, finding.Note: 3}[f.Severity]
	}
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b finding.Finding) int { return rank(a) - rank(b) })
	return sorted
}

// Finding writes one finding: what is so, the record with the place underlined,
// what to do.
func (t *Text) Finding(f finding.Finding) {
	word, pen := f.Severity.String(), t.severityPen(f.Severity)
	if f.Status == finding.Unknown {
		word, pen = "unknown", t.Style.Magenta
	}
	indent := strings.Repeat(" ", labelWidth)
	head, subject := pen.Draw(term.Pad(word, labelWidth))+t.Style.Bold.Draw(string(f.ID)), f.Subject.Unicode()
	if labelWidth+len(f.ID)+2+term.Cells(term.Safe(subject)) <= t.Width {
		t.Line("%s  %s", head, t.Style.Dim.Draw(term.Safe(subject)))
	} else {
		t.Line("%s", head)
		t.Para(0, indent, subject, t.Style.Dim)
	}
	t.Para(0, indent, f.Message, term.Pen{})
	if f.Cause != nil {
		t.Para(0, indent, "cause: "+f.Cause.Error(), term.Pen{})
	}
	if f.Record != "" {
		t.Mark(labelWidth+2, f.Record, f.Span.Start, f.Span.End, pen)
	}
	if f.Fix != "" {
		t.Para(labelWidth, "fix: ", f.Fix, term.Pen{})
	}
	if len(f.Refs) > 0 {
		t.Para(labelWidth, "", strings.Join(f.Refs, ", "), t.Style.Dim)
	}
}

func (t *Text) severityPen(s finding.Severity) term.Pen {
	return []term.Pen{finding.Note: t.Style.Cyan, finding.Warning: t.Style.Yellow, finding.Error: t.Style.Red}[s]
}

// tally counts a report's findings in words.
func tally(r check.Report) string {
	var parts []string
	c := count(r)
	for _, p := range []struct {
		n    int
		word string
	}{{c.errors, "error"}, {c.unknown, "unknown"}, {c.warnings, "warning"}, {c.notes, "note"}} {
		if p.n > 0 {
			parts = append(parts, words.Plural(p.n, p.word))
		}
	}
	if len(parts) == 0 {
		parts = append(parts, nothing(r))
	}
	return strings.Join(parts, ", ") + "; " + words.Plural(r.Queries, "question") + " asked"
}

// nothing says that there are no findings.
func nothing(r check.Report) string {
	if r.Since != nil && r.Since.Known > 0 {
		return "nothing new"
	}
	return "nothing to complain about"
}

// sinceLine says what a baseline took out.
func sinceLine(s check.Since) string {
	line := fmt.Sprintf("baseline: %s known and left out, %d gone", words.Plural(s.Known, "finding"), s.Gone)
	if s.Unseen > 0 {
		line += fmt.Sprintf(", %d not seen while something could not be asked", s.Unseen)
	}
	return line
}

type counts struct{ errors, unknown, warnings, notes int }

func count(r check.Report) counts {
	var c counts
	for _, f := range r.Findings {
		switch {
		case f.Status == finding.Unknown:
			c.unknown++
		case f.Severity == finding.Error:
			c.errors++
		case f.Severity == finding.Warning:
			c.warnings++
		default:
			c.notes++
		}
	}
	return c
}

// summary writes a table of all domains.
func (t *Text) summary(reports []check.Report) {
	const numbers, least = 2 + 9 + 32, 20
	if t.Width < least+numbers {
		t.shortSummary(reports)
		return
	}
	width := 0
	for _, r := range reports {
		width = max(width, term.Cells(term.Safe(r.Domain.Name.Unicode())))
	}
	width = min(width, t.Width-numbers)
	t.Line("%s", t.Style.Bold.Draw(term.Pad("domain", width)+"  "+term.Pad("status", 9)+"errors  unknown  warnings  notes"))
	for _, r := range reports {
		c := count(r)
		name := term.Pad(term.SafeMax(r.Domain.Name.Unicode(), width), width)
		status := t.status(r.Status()) + strings.Repeat(" ", 9-len(r.Status()))
		t.Line("%s  %s%6d  %7d  %8d  %5d", name, status, c.errors, c.unknown, c.warnings, c.notes)
	}
}

// shortSummary is the table for a narrow screen: the status and the name.
func (t *Text) shortSummary(reports []check.Report) {
	for _, r := range reports {
		status := t.status(r.Status()) + strings.Repeat(" ", labelWidth-len(r.Status()))
		t.Line("%s%s", status, term.SafeMax(r.Domain.Name.Unicode(), t.Width-labelWidth))
	}
}
