package render

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"sendplan/internal/term"
)

// Markdown collects CommonMark. Text that may come from the network stands in
// code spans and code blocks only: not even extensions such as bare links,
// @mentions and #references look into these.
type Markdown struct{ b strings.Builder }

// markdowner is a document that knows better than to be drawn as text in a code
// block.
type markdowner interface{ markdown(*Markdown) }

// markdownWidth is the width of text in code blocks, in cells.
const markdownWidth = 100

func writeMarkdown(w io.Writer, _ Page, doc any, text func(*Text)) error {
	var m Markdown
	if d, ok := doc.(markdowner); ok {
		d.markdown(&m)
	} else {
		m.Text(text)
	}
	return m.flush(w)
}

func (m *Markdown) flush(w io.Writer) error {
	_, err := io.WriteString(w, m.b.String())
	m.b.Reset()
	return err
}

// Line writes a line that is ours, of parts that are safe.
func (m *Markdown) Line(format string, args ...any) { fmt.Fprintf(&m.b, format+"\n", args...) }

// Blank writes an empty line.
func (m *Markdown) Blank() { m.b.WriteByte('\n') }

// Text writes what is drawn for people as a code block.
func (m *Markdown) Text(draw func(*Text)) {
	t := Text{Page: Page{Width: markdownWidth}}
	draw(&t)
	text := strings.TrimRight(t.b.String(), "\n")
	fence := strings.Repeat("`", max(longestRun(text, '`')+1, 3))
	m.Line("%stext\n%s\n%s", fence, text, fence)
}

// longestRun counts the longest row of c in s.
func longestRun(s string, c byte) int {
	longest, run := 0, 0
	for i := range len(s) {
		if s[i] != c {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

const (
	maxSpan      = 4096 // cells of one text
	maxBackticks = 8    // in a row; readers of Markdown give up on very long ones
)

// code returns text from the network as a code span.
func code(s string) string {
	s = term.SafeMax(s, maxSpan)
	if s == "" {
		return "(empty)"
	}
	run := longestRun(s, '`')
	if run > maxBackticks {
		s, run = strings.ReplaceAll(s, "`", `\x60`), 0
	}
	fence := strings.Repeat("`", run+1)
	// Readers take one space off at each end, unless there is nothing else.
	if strings.Trim(s, " ") != "" && (strings.ContainsAny(s[:1], "` ") || strings.ContainsAny(s[len(s)-1:], "` ")) {
		s = " " + s + " "
	}
	return fence + s + fence
}

// cell is code for a table, where a pipe ends a cell even in a code span.
func cell(s string) string { return strings.ReplaceAll(code(s), "|", `\x7c`) }

// word is what may stand outside a code span: letters, and numbers that are too
// short for the hash of a commit.
var word = regexp.MustCompile(`^([A-Za-z]+([-'][A-Za-z]+)*|[0-9]{1,6})$`)

// hash is a word that forges link to the commit of that hash.
var hash = regexp.MustCompile(`^[0-9a-fA-F]{7,}$`)

// prose returns a sentence in which our words and text from the network mix.
// Plain words stay as they are, everything else becomes code; so does what
// stands between double quotes, together.
func prose(s string) string {
	fields := strings.Fields(term.SafeMax(s, maxSpan))
	var parts []string
	for len(fields) > 0 {
		before, core, after := trimmed(fields[0])
		if word.MatchString(core) && !hash.MatchString(core) {
			parts = append(parts, before+core+after)
			fields = fields[1:]
			continue
		}
		n := together(fields)
		before, core, after = trimmed(strings.Join(fields[:n], " "))
		if fields = fields[n:]; len(fields) > 0 && strings.HasPrefix(after, ".") { // of a name, as zone files want it
			core, after = core+".", after[1:]
		}
		if core != "" {
			core = code(core)
		}
		parts = append(parts, before+core+after)
	}
	return strings.Join(parts, " ")
}

// sentence is prose with its full stop.
func sentence(s string) string { return stopped(prose(s)) }

// stopped ends a sentence that has no end.
func stopped(s string) string {
	if strings.HasSuffix(s, "?") || strings.HasSuffix(s, "!") {
		return s
	}
	return s + "."
}

// trimmed parts a text from the punctuation of the sentence around it.
func trimmed(s string) (before, core, after string) {
	core = strings.TrimLeft(s, "(")
	before = s[:len(s)-len(core)]
	s = core
	core = strings.TrimRight(s, ",;:.)?!")
	if open := strings.Count(core, "(") - strings.Count(core, ")"); open > 0 && strings.HasPrefix(s[len(core):], ")") {
		core = s[:len(core)+1] // it closes what was opened inside
	}
	return before, core, s[len(core):]
}

// together returns how many fields make one piece of code: a quotation, or a
// record in the form of a zone file.
func together(fields []string) int {
	n := quoted(fields)
	if n+2 < len(fields) && fields[n] == "IN" {
		n += 2 + quoted(fields[n+2:])
	}
	return n
}

// quoted returns how many fields belong together because a double quote is open.
func quoted(fields []string) int {
	open := false
	for i, f := range fields {
		unescaped := strings.ReplaceAll(strings.ReplaceAll(f, `\\`, ""), `\"`, "")
		open = open != (strings.Count(unescaped, `"`)%2 == 1)
		if !open {
			return i + 1
		}
	}
	return len(fields)
}

// reference returns where to read more; addresses of ours become links.
func reference(ref string) string {
	if strings.HasPrefix(ref, "https://") && !strings.ContainsAny(ref, " <>") {
		return "<" + ref + ">"
	}
	return ref
}
