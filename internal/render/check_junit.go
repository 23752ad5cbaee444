package render

import (
	"encoding/xml"
	"io"
	"strings"

	"sendplan/internal/check"
	"sendplan/internal/finding"
	"sendplan/internal/term"
)

// junitChecks writes JUnit XML: a test suite per domain, a test case per check
// that applied to it. CI servers know three bad ends of a test, and they are
// used so that the server's verdict is that of the exit status:
//
//   - failure: the check failed with a severity that makes the run fail (status 1)
//   - error: the check could not be made (status 3)
//   - passed, with the finding as the test's output: a fault below --fail-on
type junitChecks struct {
	w    io.Writer
	page Page
	doc  junitDoc
}

type junitDoc struct {
	XMLName xml.Name `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	junitCounts
	Suites []junitSuite `xml:"testsuite"`
}

type junitCounts struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
}

type junitSuite struct {
	Name string `xml:"name,attr"`
	junitCounts
	Time  string      `xml:"time,attr"`
	Cases []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string       `xml:"classname,attr"` // the domain
	Name    string       `xml:"name,attr"`      // the ID of the check
	Time    string       `xml:"time,attr"`
	Failure *junitFault  `xml:"failure"`
	Error   *junitFault  `xml:"error"`
	Output  *junitOutput `xml:"system-out"`
}

type junitFault struct {
	Type    string `xml:"type,attr"` // the severity, or unknown
	Message string `xml:"message,attr"`
	Text    string `xml:",cdata"`
}

type junitOutput struct {
	Text string `xml:",cdata"`
}

func newJUnitChecks(w io.Writer, p Page) Writer {
	return &junitChecks{w: w, page: p, doc: junitDoc{Name: "sendplan"}}
}

func (c *junitChecks) Report(r check.Report) error {
	suite := junitSuite{Name: r.Domain.Name.String(), Time: "0"}
	byID := make(map[finding.ID][]finding.Finding)
	for _, f := range append(r.Findings[:len(r.Findings):len(r.Findings)], r.Passed...) {
		byID[f.ID] = append(byID[f.ID], f)
	}
	for _, one := range check.All {
		if findings := byID[one.ID]; len(findings) > 0 {
			suite.add(c.newCase(suite.Name, findings))
		}
	}
	c.doc.add(suite)
	return nil
}

func (d *junitDoc) add(suite junitSuite) {
	d.Suites = append(d.Suites, suite)
	d.Tests += suite.Tests
	d.Failures += suite.Failures
	d.Errors += suite.Errors
}

func (s *junitSuite) add(c junitCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	}
}

// newCase turns the findings of one check into a test case. A failure counts
// more than what could not be told, as in the exit status.
func (c *junitChecks) newCase(domain string, findings []finding.Finding) junitCase {
	one := junitCase{Class: domain, Name: string(findings[0].ID), Time: "0"}
	var fails, unknowns, rest []finding.Finding
	for _, f := range findings {
		switch {
		case f.Status == finding.Unknown:
			unknowns = append(unknowns, f)
		case f.Status == finding.Fail && c.page.Fails != nil && c.page.Fails(f.Severity):
			fails = append(fails, f)
		default:
			rest = append(rest, f)
		}
	}
	switch {
	case len(fails) > 0:
		one.Failure = newJUnitFault(fails[0].Severity.String(), append(fails, unknowns...))
	case len(unknowns) > 0:
		one.Error = newJUnitFault(finding.Unknown.String(), unknowns)
	}
	if len(rest) > 0 {
		one.Output = &junitOutput{plainText(rest)}
	}
	return one
}

func newJUnitFault(kind string, findings []finding.Finding) *junitFault {
	return &junitFault{Type: kind, Message: term.SafeMax(findings[0].Message, maxSpan), Text: plainText(findings)}
}

// newJUnitWords is a bad end that is no finding.
func newJUnitWords(kind, message, fix string) *junitFault {
	text := term.SafeMax(message, maxSpan)
	if fix != "" {
		text += "\nfix: " + term.SafeMax(fix, maxSpan)
	}
	return &junitFault{Type: kind, Message: term.SafeMax(message, maxSpan), Text: text}
}

// plainText draws findings for people, passed ones in a line each.
func plainText(findings []finding.Finding) string {
	t := Text{Page: Page{Width: markdownWidth}}
	for _, f := range findings {
		if f.Status == finding.Pass {
			t.Para(0, "", f.Message, term.Pen{})
			continue
		}
		t.Finding(f)
	}
	return strings.TrimRight(t.b.String(), "\n")
}

func (c *junitChecks) Close(int) error { return writeJUnit(c.w, c.doc) }

func writeJUnit(w io.Writer, doc junitDoc) error {
	text, err := xml.MarshalIndent(doc, "", "  ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, xml.Header+string(text)+"\n")
	return err
}
