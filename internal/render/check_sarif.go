package render

import (
	"io"
	"strings"
	"unicode/utf8"

	"sendplan/internal/check"
	"sendplan/internal/finding"
	"sendplan/internal/term"
)

// sarifChecks writes SARIF 2.1.0 (OASIS Standard with errata 01): failed
// findings as results of kind fail, and what could not be told as results of
// kind open, which is SARIF's word for "insufficient information to decide"
// (§3.27.9).
type sarifChecks struct {
	w     io.Writer
	run   sarifRun
	rules map[finding.ID]int // where a rule stands in the list
	notes []sarifNotification
}

func newSARIFChecks(w io.Writer, p Page) Writer {
	c := &sarifChecks{w: w, rules: make(map[finding.ID]int)}
	c.run = sarifRun{Results: []sarifResult{}, ColumnKind: "unicodeCodePoints"}
	c.run.Tool.Driver = sarifDriver{Name: "sendplan", Version: p.Version, Rules: []sarifRule{}}
	for i, one := range check.All {
		c.rules[one.ID] = i
		c.run.Tool.Driver.Rules = append(c.run.Tool.Driver.Rules, newSARIFRule(one))
	}
	return c
}

func newSARIFRule(c check.Check) sarifRule {
	paragraphs := strings.Split(c.Explain, "\n\n")
	for i, p := range paragraphs {
		paragraphs[i] = strings.Join(strings.Fields(p), " ")
	}
	return sarifRule{
		ID: c.ID, Short: sarifText{c.Title}, Full: sarifText{paragraphs[0]}, Help: sarifText{strings.Join(paragraphs, "\n\n")},
		Default: sarifConfiguration{c.Severity.String()}, Properties: sarifRuleProperties{emptyNotNull(c.Refs)},
	}
}

func (c *sarifChecks) Report(r check.Report) error {
	target := sarifTarget{Location: sarifArtifact{"dns:" + escapeURI(r.Domain.Name.String())}, Roles: []string{"analysisTarget"}}
	c.run.Artifacts = append(c.run.Artifacts, target)
	for _, f := range r.Findings {
		result := c.newResult(r, f)
		c.run.Results = append(c.run.Results, result)
		if f.Cause != nil {
			c.notes = append(c.notes, sarifNotification{Level: "warning", Message: sarifText{sarifMessage(f.Cause.Error())}, Rule: sarifRuleRef{f.ID, result.RuleIndex}})
		}
	}
	return nil
}

func (c *sarifChecks) newResult(r check.Report, f finding.Finding) sarifResult {
	domain := r.Domain.Name.String()
	text := stopped(f.Message)
	if f.Fix != "" {
		text += " Fix: " + stopped(f.Fix)
	}
	result := sarifResult{
		RuleID: f.ID, RuleIndex: c.rules[f.ID], Kind: "fail", Level: f.Severity.String(), Message: sarifText{sarifMessage(text)},
		Locations:    []sarifLocation{newSARIFLocation(f)},
		Fingerprints: map[string]string{"sendplan/v1": domain + " " + string(f.Fingerprint())},
		Properties:   sarifProperties{Domain: domain, Fix: octets(f.Fix), Refs: emptyNotNull(f.Refs)},
	}
	// SARIF §3.27.10: the level of all kinds but fail is none.
	if f.Status == finding.Unknown {
		result.Kind, result.Level = "open", "none"
	}
	return result
}

// sarifMessage returns a message of plain text. Viewers make links of
// "[text](target)" even in plain text (SARIF §3.11.6), so text from the network
// must not hold that.
func sarifMessage(s string) string {
	return strings.ReplaceAll(term.SafeMax(s, maxSpan), "](", "] (")
}

func newSARIFLocation(f finding.Finding) sarifLocation {
	name := f.Subject.String()
	location := sarifLocation{
		Physical: sarifPhysical{Artifact: sarifArtifact{dnsURI(f)}},
		Logical:  []sarifLogical{{Name: name, Full: name, Kind: "domain name"}},
	}
	if f.Record != "" {
		region, whole := newSARIFRegions(f.Record, f.Span)
		location.Physical.Region = &region
		if whole != region {
			location.Physical.Context = &whole
		}
	}
	return location
}

// newSARIFRegions returns the marked part of a record and the record as a whole.
// The artifact is the record's text, made safe, on one line.
func newSARIFRegions(record string, span finding.Span) (marked, whole sarifRegion) {
	record, span = window(record, span)
	if span.Start < 0 || span.End > len(record) || span.Start >= span.End {
		span = finding.Span{Start: 0, End: len(record)}
	}
	before, part, after := term.Safe(record[:span.Start]), term.Safe(record[span.Start:span.End]), term.Safe(record[span.End:])
	return newSARIFRegion(utf8.RuneCountInString(before), part), newSARIFRegion(0, before+part+after)
}

func newSARIFRegion(offset int, text string) sarifRegion {
	n := utf8.RuneCountInString(text)
	return sarifRegion{Line: 1, Column: offset + 1, EndColumn: offset + n + 1, Offset: offset, Length: n, Snippet: sarifText{text}}
}

// dnsURI names the record set that a finding is about (RFC 4501).
func dnsURI(f finding.Finding) string {
	uri := "dns:" + escapeURI(f.Subject.String())
	if t := recordType(f); t != "" {
		uri += "?type=" + t
	}
	return uri
}

// recordType guesses the type of the records that a finding is about; "" if
// that is not plain.
func recordType(f finding.Finding) string {
	if f.Cause != nil {
		return f.Cause.Key.Type.String()
	}
	family, _, _ := strings.Cut(string(f.ID), "-")
	switch {
	case family == "mx":
		return "MX"
	case family == "spf" || family == "dmarc" || strings.HasPrefix(f.Record, "v="):
		return "TXT"
	}
	return ""
}

// escapeURI writes the octets of a name that may not stand in a URI as %XX
// (RFC 3986 §2.1). A slash would start an authority.
func escapeURI(name string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for _, c := range []byte(name) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		}
	}
	return b.String()
}

// sarifStatus says what the exit statuses mean that a finished run can have.
var sarifStatus = map[int]string{
	0: "fine", 1: "findings at or above --fail-on", 3: "could not tell: something in the DNS did not answer",
}

func (c *sarifChecks) Close(status int) error {
	c.run.Invocations = []sarifInvocation{{Successful: true, ExitCode: status, About: sarifStatus[status], Notes: c.notes}}
	return encode(c.w, sarifDoc{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{c.run}}, "  ")
}
