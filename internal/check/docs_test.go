package check_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"sendplan/internal/check"
	"sendplan/internal/finding"
)

var update = flag.Bool("update", false, "rewrite docs/checks.md")

// families are the parts of the document: the first word of the IDs, a heading,
// and what is judged.
var families = []struct{ prefix, heading, about string }{
	{"split-", "The view", "Whether the answers are those that the internet gets."},
	{"ns-", "The name servers", "Whether all authoritative servers say the same: with `--authoritative`."},
	{"domain-", "The domain", "Whether the name exists, and whose records it has."},
	{"mx-", "MX", "Where mail for the domain goes."},
	{"spf-", "SPF", "Which servers may send with the domain in the envelope."},
	{"dkim-", "DKIM", "The keys that the domain's signatures are verified with."},
	{"dmarc-", "DMARC", "What receivers do with mail that claims to come from the domain."},
	{"mta-sts-", "MTA-STS", "Whether senders must encrypt mail for the domain, by a policy on the web."},
	{"tls-rpt-", "TLS-RPT", "Who learns of failures to encrypt."},
	{"dane-", "DANE", "Whether senders must encrypt mail for the domain, by signed TLSA records."},
	{"bimi-", "BIMI", "The logo that mail services may show."},
	{"source-", "Sending addresses", "Their names and what block lists say, with `--source` and `--dnsbl` only."},
	{"parked-", "Parked domains", "Whether a domain that is not used is locked, with `--profile parked` only."},
	{"sending-", "Sending domains", "With `--profile sending` only."},
}

const docsIntro = `# The checks

What ` + "`sendplan check`" + ` looks at, with an example of each finding. This file is made from the program and its tests:
` + "`go test ./internal/check -run TestDocs -update`" + ` rewrites it.

An **error** means that mail is lost or that forged mail gets in, a **warning** that something works but is fragile or
unwise, a **note** is worth knowing. A finding about something that the DNS did not answer is *unknown*, never an error:
only the checks whose name ends in ` + "`-lookup`" + `, and those about name servers and views, tell it, and all others stay
silent about what is not known.

The name of a check stays the same for ever. ` + "`sendplan explain NAME`" + ` prints its text.
`

func TestDocs(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(docsIntro)
	b.WriteString("\n| Check | Severity | What is wrong |\n|---|---|---|\n")
	for _, c := range check.All {
		fmt.Fprintf(&b, "| [%s](#%[1]s) | %s | %s |\n", c.ID, c.Severity, markdown(c.Title))
	}
	for _, family := range families {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", family.heading, family.about)
		for _, c := range check.All {
			if strings.HasPrefix(string(c.ID), family.prefix) {
				writeCheck(t, &b, c)
			}
		}
	}
	compareFile(t, filepath.Join("..", "..", "docs", "checks.md"), b.String())
}

func writeCheck(t *testing.T, b *strings.Builder, c check.Check) {
	fmt.Fprintf(b, "\n### %s\n\n**%s**: %s\n\n%s\n\n", c.ID, c.Severity, markdown(c.Title), markdown(c.Explain))
	for _, ref := range c.Refs {
		fmt.Fprintf(b, "- %s\n", markdown(ref))
	}
	ex := loadExample(t, c.ID, "fires")
	fmt.Fprintf(b, "\nWith this zone\n\n```dns\n%s```\n\n`%s` says\n\n```text\n", strings.TrimLeft(ex.Text, "\n"), ex.Command)
	report, _ := reportOn(ex.Zones, ex.Domain, ex.Options)
	for i, f := range byID(report, c.ID) {
		if i > 0 {
			b.WriteByte('\n')
		}
		writeFinding(b, f)
	}
	b.WriteString("```\n")
}

// docsWidth is the width of a finding in the document.
const docsWidth = 100

func writeFinding(b *strings.Builder, f finding.Finding) {
	word := f.Severity.String()
	if f.Status == finding.Unknown {
		word = f.Status.String()
	}
	fmt.Fprintf(b, "%-9s%s  %s\n", word, f.ID, f.Subject)
	writeWrapped(b, f.Message)
	if f.Cause != nil {
		writeWrapped(b, "cause: "+f.Cause.Error())
	}
	if f.Record != "" {
		record, marks := excerpt(f.Record, f.Span)
		fmt.Fprintf(b, "           %s\n", record)
		if marks != "" {
			fmt.Fprintf(b, "           %s\n", marks)
		}
	}
	writeWrapped(b, "fix: "+f.Fix)
}

// excerpt returns what fits of a record, and the line that marks the span.
func excerpt(record string, span finding.Span) (text, marks string) {
	const room = docsWidth - 11
	if len(record) > room {
		start := min(max(span.Start-room/3, 0), len(record)-room)
		end := start + room
		span = finding.Span{Start: max(span.Start-start, 0), End: min(span.End-start, room)}
		if start > 0 {
			start += len("...")
			text = "..."
		}
		if end < len(record) {
			text += record[start:end-len("...")] + "..."
		} else {
			text += record[start:end]
		}
	} else {
		text = record
	}
	if span.End > span.Start {
		marks = strings.Repeat(" ", utf8.RuneCountInString(text[:span.Start])) +
			strings.Repeat("^", utf8.RuneCountInString(text[span.Start:span.End]))
	}
	return text, marks
}

// writeWrapped writes text broken at blanks, in the column of messages.
func writeWrapped(b *strings.Builder, text string) {
	const indent = "         "
	line := indent
	for i, word := range strings.Fields(text) {
		if i > 0 && len(line)+1+len(word) > docsWidth {
			b.WriteString(line + "\n")
			line = indent + "  "
		} else if i > 0 {
			line += " "
		}
		line += word
	}
	b.WriteString(line + "\n")
}

// markdown keeps prose from being read as Markdown.
func markdown(s string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `_`, `\_`, `<`, `\<`, `|`, `\|`, "`", "\\`").Replace(s)
}

// compareFile holds a file against what it should be, or rewrites it.
func compareFile(t *testing.T, file, want string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got = bytes.ReplaceAll(got, []byte("\r\n"), []byte("\n")); string(got) != want {
		t.Errorf("%s is not up to date: run go test ./internal/check -run TestDocs -update", file)
	}
}
