package render_test

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
	"pgregory.net/rapid"

	"sendplan/internal/check"
	"sendplan/internal/compare"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

// github reads Markdown as GitHub does, bare links included.
var github = goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote, extension.DefinitionList))

// dull is text that no reader of Markdown makes anything of: no @, #, <, &, no
// line ends.
var dull = regexp.MustCompile(`^[A-Za-z0-9 .,;:()'?!§|-]*$`)

// live returns the first node that is more than text, code, or our own frame.
func live(source []byte) (what string) {
	refs := make(map[string]bool)
	for _, c := range check.All {
		for _, ref := range c.Refs {
			refs[ref] = true
		}
	}
	_ = ast.Walk(github.Parser().Parse(text.NewReader(source)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.CodeSpan, *ast.FencedCodeBlock:
			return ast.WalkSkipChildren, nil
		case *ast.AutoLink:
			if refs[string(n.URL(source))] {
				return ast.WalkContinue, nil
			}
		case *ast.Text:
			if dull.Match(n.Segment.Value(source)) || refs[string(n.Segment.Value(source))] {
				return ast.WalkContinue, nil
			}
			what = "text " + string(n.Segment.Value(source))
			return ast.WalkStop, nil
		default:
			if slices.Contains([]string{"Document", "Heading", "Paragraph", "TextBlock", "List", "ListItem", "Table", "TableHeader", "TableRow", "TableCell"}, n.Kind().String()) {
				return ast.WalkContinue, nil
			}
		}
		what = n.Kind().String()
		return ast.WalkStop, nil
	})
	return what
}

// shape counts the blocks of a document.
func shape(source string) map[string]int {
	n := make(map[string]int)
	_ = ast.Walk(github.Parser().Parse(text.NewReader([]byte(source))), func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering && node.Type() == ast.TypeBlock {
			n[node.Kind().String()]++
		}
		return ast.WalkContinue, nil
	})
	return n
}

// Text from the DNS is never live in Markdown, whatever it holds.
func TestMarkdownIsDead(t *testing.T) {
	t.Parallel()
	markdown := format(t, "markdown")
	rapid.Check(t, func(t *rapid.T) {
		var b bytes.Buffer
		w := markdown.Checks(&b, page())
		findings := 0
		for range rapid.IntRange(1, 3).Draw(t, "reports") {
			r := hostileReport(t)
			findings += len(r.Findings)
			if err := w.Report(r); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(0); err != nil {
			t.Fatal(err)
		}
		if what := live(b.Bytes()); what != "" {
			t.Fatalf("%s in\n%s", what, b.String())
		}
	})
}

// A hostile report has the headings, code blocks and tables that a tame one has:
// nothing ends a block early.
func TestMarkdownKeepsItsShape(t *testing.T) {
	t.Parallel()
	markdown := format(t, "markdown")
	rapid.Check(t, func(t *rapid.T) {
		r := hostileReport(t)
		tame := r
		tame.Findings = nil
		for _, f := range r.Findings {
			f.Message, f.Subject = "calm", "contoso.example"
			if f.Fix != "" {
				f.Fix = "calm"
			}
			if f.Record != "" {
				f.Record, f.Span = "calm", finding.Span{}
			}
			tame.Findings = append(tame.Findings, f)
		}
		tame.Domain = check.Look(published{"v=spf1 -all", "v=DMARC1; p=none"}, "contoso.example", check.Options{})
		got, want := shape(write(t, markdown, r, r)), shape(write(t, markdown, tame, tame))
		for _, kind := range []string{"Heading", "FencedCodeBlock", "TableRow", "TableCell"} {
			if got[kind] != want[kind] {
				t.Fatalf("%d of %s, want %d, in\n%s", got[kind], kind, want[kind], write(t, markdown, r))
			}
		}
	})
}

// The same for what differs between two files, which anybody may have written.
func TestMarkdownOfDifferencesIsDead(t *testing.T) {
	t.Parallel()
	markdown := format(t, "markdown")
	rapid.Check(t, func(t *rapid.T) {
		words := hostileText()
		one := compare.Finding{ID: "spf-syntax", Status: finding.Fail, Subject: words.Draw(t, "subject"), Marked: words.Draw(t, "marked"), Message: words.Draw(t, "message")}
		other := one
		other.Message = words.Draw(t, "new message")
		fact := compare.Fact{What: "DKIM " + words.Draw(t, "selector"), Text: words.Draw(t, "old"), Known: true}
		d := compare.Difference{Domains: []compare.DomainDifference{{
			Domain: dns.Name("contoso.example"), Old: "fail", New: "unknown", OldPartial: true, NewPartial: true,
			Appeared: []compare.Finding{one}, Gone: []compare.Finding{other}, Changed: []compare.Change{{Old: one, New: other}},
			Facts: []compare.FactChange{{Old: fact, New: compare.Fact{What: fact.What, Known: true}}},
		}}}
		var b bytes.Buffer
		if err := markdown.Difference(&b, page(), d); err != nil {
			t.Fatal(err)
		}
		if what := live(b.Bytes()); what != "" {
			t.Fatalf("%s in\n%s", what, b.String())
		}
	})
}

// All explanations are Markdown without accidents.
func TestMarkdownOfExplanations(t *testing.T) {
	t.Parallel()
	markdown := format(t, "markdown")
	for _, c := range check.All {
		var b bytes.Buffer
		if err := markdown.Explain(&b, page(), c); err != nil {
			t.Fatal(err)
		}
		if what := live(b.Bytes()); what != "" {
			t.Errorf("%s: %s in\n%s", c.ID, what, b.String())
		}
		if strings.Contains(b.String(), `\n`) {
			t.Errorf("%s: an escaped line end in\n%s", c.ID, b.String())
		}
	}
}

// What comes out of a code span is what went in, as far as it is visible.
func TestCodeSpansKeepTheirText(t *testing.T) {
	t.Parallel()
	markdown := format(t, "markdown")
	for _, record := range []string{"a`b", "`", "``", "`a`", " a ", "  ", "a``b`c", `a\`, "|", `\|`, "<b>", "&lt;"} {
		fact := compare.Fact{What: "SPF", Text: record, Known: true}
		d := compare.Difference{Domains: []compare.DomainDifference{{Domain: "contoso.example", Old: "pass", New: "pass", Facts: []compare.FactChange{{Old: compare.Fact{Known: true}, New: fact}}}}}
		var b bytes.Buffer
		if err := markdown.Difference(&b, page(), d); err != nil {
			t.Fatal(err)
		}
		var spans []string
		_ = ast.Walk(github.Parser().Parse(text.NewReader(b.Bytes())), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if span, ok := n.(*ast.CodeSpan); ok && entering {
				var content []byte
				for child := span.FirstChild(); child != nil; child = child.NextSibling() {
					content = append(content, child.(*ast.Text).Segment.Value(b.Bytes())...)
				}
				spans = append(spans, string(content))
			}
			return ast.WalkContinue, nil
		})
		if !slices.Contains(spans, record) {
			t.Errorf("%q is not among %q", record, spans)
		}
	}
}
