package inventory

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Value is what an edit writes: a text, a list or fields. Build it with [Text],
// [Number], [Bool], [Date], [Texts], [List] and [Fields].
type Value struct {
	shape  shape
	text   string // as the file shall hold it, quotes included
	raw    string // the same without quotes
	items  []Value
	fields []Pair
}

// Pair is a field of a Value.
type Pair struct {
	Key   string
	Value Value
}

// Text is a text, put in quotes where YAML would take it for something else.
func Text(s string) Value { return Value{shape: scalar, text: quote(s), raw: s} }

// Number is a whole number.
func Number(n int) Value { return Value{shape: scalar, text: strconv.Itoa(n)} }

// Bool is true, false or unknown.
func Bool(t Truth) Value {
	if t == Unknown {
		return Value{shape: scalar, text: "unknown"}
	}
	return Value{shape: scalar, text: string(t)}
}

// Date is a day.
func Date(t time.Time) Value { return Text(t.Format(time.DateOnly)) }

// Texts is a list of texts.
func Texts(list ...string) Value {
	v := Value{shape: sequence}
	for _, s := range list {
		v.items = append(v.items, Text(s))
	}
	return v
}

// List is a list of values.
func List(items ...Value) Value { return Value{shape: sequence, items: items} }

// Fields is a mapping.
func Fields(pairs ...Pair) Value { return Value{shape: mapping, fields: pairs} }

// quote writes a text as YAML, plain where every reader takes it for a text.
func quote(s string) string {
	if plainText(s) && !strings.ContainsAny(s, `,[]{}"'\`) && validText(s) &&
		strings.IndexByte("&*!|>%@`#-?:", s[0]) < 0 && !strings.Contains(s, ": ") && !strings.Contains(s, " #") &&
		!strings.HasSuffix(s, ":") && strings.TrimSpace(s) == s {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

var (
	sexagesimal = regexp.MustCompile(`^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$`) // of YAML 1.1
	timestamp   = regexp.MustCompile(`^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?$`)
)

// plainText reports whether every reader of YAML, of version 1.1 or 1.2, takes s
// without quotes for a text.
func plainText(s string) bool {
	switch strings.ToLower(s) {
	case "", "~", "null", "true", "false", "yes", "no", "y", "n", "on", "off", ".inf", "-.inf", "+.inf", ".nan", "<<", "=":
		return false
	}
	digits := strings.ReplaceAll(s, "_", "")
	if strings.ContainsAny(s, "0123456789") {
		if _, err := strconv.ParseFloat(digits, 64); err == nil {
			return false
		}
		if _, err := strconv.ParseInt(digits, 0, 64); err == nil {
			return false
		}
	}
	return !sexagesimal.MatchString(s) && !timestamp.MatchString(s)
}

// flow writes a value on one line.
func (v Value) flow() string {
	switch v.shape {
	case sequence:
		items := make([]string, len(v.items))
		for i, item := range v.items {
			items[i] = item.flow()
		}
		return "[" + strings.Join(items, ", ") + "]"
	case mapping:
		pairs := make([]string, len(v.fields))
		for i, p := range v.fields {
			pairs[i] = p.Key + ": " + p.Value.flow()
		}
		return "{" + strings.Join(pairs, ", ") + "}"
	default:
		return v.text
	}
}

// maxInline is how long a list may be on one line.
const maxInline = 100

// fold writes a value in brackets as flow does, but long lists with an item to the
// line, indented by dent spaces.
func (v Value) fold(dent int) string {
	switch {
	case v.shape == sequence && v.long():
		return "[\n" + strings.Repeat(" ", dent) + v.joined(dent) + "\n" + strings.Repeat(" ", dent-2) + "]"
	case v.shape == sequence:
		return "[" + v.joined(dent) + "]"
	case v.shape == mapping:
		return "{" + v.joined(dent) + "}"
	default:
		return v.text
	}
}

// joined writes what fold writes between the brackets.
func (v Value) joined(dent int) string {
	gap := ", "
	if v.shape == sequence && v.long() {
		gap = ",\n" + strings.Repeat(" ", dent)
	}
	var parts []string
	for _, p := range v.fields {
		parts = append(parts, p.Key+": "+p.Value.fold(dent))
	}
	for _, item := range v.items {
		parts = append(parts, item.fold(dent+2))
	}
	return strings.Join(parts, gap)
}

func (v Value) long() bool { return len(v.flow()) >= maxInline }

// inline reports whether a value fits behind its key: texts, and lists of them.
func (v Value) inline() bool {
	switch v.shape {
	case scalar:
		return true
	case mapping:
		return false
	}
	for _, item := range v.items {
		if item.shape != scalar {
			return false
		}
	}
	return !v.long()
}

// block writes a field and its value as lines indented by dent spaces.
func (p Pair) block(dent int) []string {
	key := strings.Repeat(" ", dent) + p.Key + ":"
	if p.Value.inline() {
		return []string{key + " " + p.Value.flow()}
	}
	return append([]string{key}, p.Value.block(dent+2)...)
}

// block writes the fields of a mapping, or the items of a sequence, as lines
// indented by dent spaces.
func (v Value) block(dent int) []string {
	var lines []string
	for _, p := range v.fields {
		lines = append(lines, p.block(dent)...)
	}
	for _, item := range v.items {
		lines = append(lines, item.item(dent)...)
	}
	return lines
}

// item writes a value as an item of a sequence whose dashes are indented by
// dent spaces.
func (v Value) item(dent int) []string {
	dash := strings.Repeat(" ", dent) + "- "
	if v.shape != mapping || len(v.fields) == 0 {
		return []string{dash + v.flow()}
	}
	lines := v.block(dent + 2)
	lines[0] = dash + lines[0][dent+2:]
	return lines
}
