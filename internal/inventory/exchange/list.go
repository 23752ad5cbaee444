package exchange

import (
	"fmt"
	"strings"
)

// readList reads what Format-List prints: "Name : value" by the line, an empty
// line behind each object, and values that go on in indented lines.
func readList(text, file string) ([]object, error) {
	l := lister{file: file}
	n := 0
	for raw := range strings.Lines(text) {
		n++
		if err := l.line(strings.TrimRight(raw, blanks), n); err != nil {
			return nil, err
		}
	}
	return l.done(), nil
}

// maxValue bounds what one property's lines add up to.
const maxValue = 64 << 10

type lister struct {
	file    string
	objects []object
	now     *object
	last    string // the property that lines may continue
	command Cmdlet
}

func (l *lister) line(text string, n int) error {
	trimmed := strings.Trim(text, blanks)
	name, value, found := split(trimmed)
	command, pasted := prompt(trimmed)
	switch {
	case trimmed == "":
		l.end()
	case pasted:
		l.end()
		l.command = command
	case strings.TrimLeft(text, blanks) != text && l.last != "":
		return l.proceed(trimmed, n)
	case !found && l.last != "" && isCut(l.now.properties[l.last].text):
		return l.proceed(trimmed, n)
	case !found:
		return &Error{l.file, n, fmt.Sprintf("%q is no line of a list: expected \"Name : value\", as | Format-List prints it; a table does not show all", short(trimmed))}
	default:
		l.property(name, value, n)
	}
	return nil
}

// split divides a line at the colon between a name and its value.
func split(line string) (name, value string, found bool) {
	name, value, found = strings.Cut(line, ":")
	name = strings.Trim(name, blanks)
	if !found || name == "" || strings.ContainsAny(name, blanks+"{}@/\\\"") {
		return "", "", false
	}
	return name, strings.Trim(value, blanks), true
}

// isCut reports whether a value must go on in the next line.
func isCut(text string) bool {
	return strings.HasPrefix(text, "{") && !strings.HasSuffix(text, "}")
}

// prompt reads a pasted command such as "PS C:\> Get-CASMailbox x"; its cmdlet
// is Unknown when it is none of ours.
func prompt(line string) (Cmdlet, bool) {
	command := line
	if strings.HasPrefix(line, "PS ") || strings.HasPrefix(line, "PS>") || strings.HasPrefix(line, "[PS]") || strings.HasPrefix(line, ">") {
		_, command, _ = strings.Cut(line, ">")
		command = strings.TrimLeft(command, blanks+">")
	}
	words := strings.Fields(command)
	if command == line && (len(words) == 0 || !strings.HasPrefix(strings.ToLower(words[0]), "get-")) {
		return Unknown, false
	}
	for _, c := range Cmdlets() {
		if len(words) > 0 && strings.EqualFold(words[0], string(c)) {
			return c, true
		}
	}
	return Unknown, true
}

func (l *lister) end() {
	if l.now != nil {
		l.objects = append(l.objects, *l.now)
	}
	l.now, l.last = nil, ""
}

func (l *lister) done() []object {
	l.end()
	for i, o := range l.objects {
		for name, p := range o.properties {
			l.objects[i].properties[name] = p.unpacked()
		}
	}
	return l.objects
}

func (l *lister) property(name, value string, n int) {
	name = strings.ToLower(name)
	if l.now != nil {
		if _, twice := l.now.properties[name]; twice { // the empty line was lost
			l.end()
		}
	}
	if l.now == nil {
		l.now = &object{line: n, properties: map[string]property{}, command: l.command}
	}
	l.now.properties[name] = property{line: n, text: value}
	l.last = name
}

// proceed adds a wrapped line. Names without blanks are cut at the edge of the
// window, other texts at a blank.
func (l *lister) proceed(more string, n int) error {
	p := l.now.properties[l.last]
	if len(p.text)+len(more) > maxValue {
		return &Error{l.file, n, fmt.Sprintf("the value of %s has more than %d bytes", l.last, maxValue)}
	}
	glue := ""
	if strings.HasSuffix(p.text, ",") || !strings.HasPrefix(p.text, "{") && strings.ContainsAny(p.text, " ") {
		glue = " "
	}
	p.text += glue + more
	l.now.properties[l.last] = p
	return nil
}

// unpacked makes a list of "{a, b}".
func (p property) unpacked() property {
	inner, ok := strings.CutPrefix(p.text, "{")
	if !ok {
		return p
	}
	if inner, ok = strings.CutSuffix(inner, "}"); !ok {
		return p
	}
	p.list, p.text = true, ""
	for item := range strings.SplitSeq(inner, ",") {
		if item = strings.Trim(item, blanks); item != "" {
			p.item = append(p.item, item)
		}
	}
	return p
}

// short cuts a text for a message.
func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "..."
	}
	return s
}
