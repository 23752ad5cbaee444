package interview

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/inventory"
	"sendplan/internal/words"
)

// The bounds of a pasted list.
const (
	maxPasted     = 1000    // lines
	maxPastedLine = 4 << 10 // octets
	maxFrom       = 100     // addresses of a device
	maxQuoted     = 60      // octets of a cell in a message
)

// ParseDevices reads a pasted list of devices: one to the line, as a name, as a
// name with what is known of it behind commas, semicolons or tabs, or as a bare
// address. The first line may say what the columns are. Every line that is not
// taken is told with the reason.
func (s State) ParseDevices(text string) Import {
	p := paste{state: s}
	for i, line := range strings.Split(strings.TrimPrefix(unifyEnds(text), "\ufeff"), "\n") {
		if i == maxPasted {
			p.left(fmt.Sprintf("only the first %d lines are read: paste the rest afterwards", maxPasted))
			break
		}
		p.number = i + 1
		p.line(strings.TrimSpace(line))
	}
	return p.imported()
}

func unifyEnds(text string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
}

// paste is how far a list was read.
type paste struct {
	state   State
	number  int // of the line, from 1
	columns []ID
	begun   bool // a line with something in it was seen
	guessed bool // a method was taken for that of today
	remarks lines
	offered []Offered
	taken   []inventory.Device // those that are not refused
}

func (p *paste) left(why string) { p.remarks.add(Warn, 0, why) }

// drop tells why the line is not taken.
func (p *paste) drop(format string, args ...any) {
	p.left(fmt.Sprintf("line %d is left out: ", p.number) + fmt.Sprintf(format, args...))
}

// remark tells what of the line is not taken.
func (p *paste) remark(format string, args ...any) {
	p.remarks.add(Note, 0, fmt.Sprintf("line %d: ", p.number)+fmt.Sprintf(format, args...))
}

func quoted(text string) string { return fmt.Sprintf("%q", bounded(text, maxQuoted)) }

func (p *paste) line(line string) {
	switch {
	case line == "":
		return
	case len(line) > maxPastedLine:
		p.drop("it has %d octets, at most %d are read", len(line), maxPastedLine)
		return
	case strings.HasPrefix(line, "#"):
		p.drop("it is a comment")
		return
	}
	cells := cellsOf(line)
	first := !p.begun
	p.begun = true
	if first && p.header(cells) {
		return
	}
	if p.columns != nil {
		p.take(p.byColumn(cells))
		return
	}
	p.take(p.byContent(cells))
}

// cellsOf parts a line where a spreadsheet, or else a person, would. An address
// that several names share a line with is no list of cells.
func cellsOf(line string) []string {
	sign := ','
	for _, s := range []rune{'\t', ';'} {
		if strings.ContainsRune(line, s) {
			sign = s
			break
		}
	}
	r := csv.NewReader(strings.NewReader(line))
	r.Comma, r.LazyQuotes, r.TrimLeadingSpace, r.FieldsPerRecord = sign, true, sign != '\t', -1
	cells, err := r.Read()
	if err != nil {
		cells = strings.Split(line, string(sign))
	}
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells
}

// header takes the first line as headings if it names a name or a From, and
// nothing in it is an address.
func (p *paste) header(cells []string) bool {
	columns := make([]ID, len(cells))
	for i, c := range cells {
		if columns[i] = headOf(c); slices.Contains(columns[:i], columns[i]) {
			columns[i] = ""
		}
	}
	if strings.Contains(strings.Join(cells, ""), "@") || !slices.Contains(columns, "name") && !slices.Contains(columns, "from") {
		return false
	}
	p.columns = columns
	for i, c := range cells {
		if columns[i] == "" && c != "" {
			p.remark("the column %s is not read", quoted(c))
		}
	}
	return true
}

// byColumn reads a line by the headings.
func (p *paste) byColumn(cells []string) Answers {
	given := Answers{}
	for i, c := range cells {
		switch {
		case c == "":
		case i >= len(p.columns):
			p.remark("%s stands in no column and is left out", quoted(c))
		case p.columns[i] != "":
			p.answer(given, p.columns[i], c)
		}
	}
	return given
}

// byContent reads a line without headings: the first cell is the name, or an
// address, the others are told by what they hold.
func (p *paste) byContent(cells []string) Answers {
	given := Answers{}
	for i, c := range cells {
		switch {
		case c == "":
		case strings.Contains(c, "@"):
			p.answer(given, "from", c)
		case i == 0 || given["name"] == "" && !p.guess(given, c, plainWords):
			given["name"] = c
		case given["name"] != "" && !p.guess(given, c, anyWords):
			p.remark("%s is not understood and left out", quoted(c))
		}
	}
	return given
}

// What a cell without a heading may hold, in the order in which it is tried. A kind
// comes last: its words may be part of others, and of a name.
var (
	plainWords = []ID{"site", "now", "recipients", "auth", "tls"}
	anyWords   = append(plainWords[:len(plainWords):len(plainWords)], "kind")
)

// guess takes a cell for the first thing that it can be, and reports whether it can
// be any.
func (p *paste) guess(given Answers, cell string, among []ID) bool {
	for _, id := range among {
		answer, ok := p.state.answerFor(id, cell)
		if _, there := given[id]; ok && !there {
			given[id] = answer
			p.guessed = p.guessed || id == "now"
			return true
		}
	}
	return false
}

// answer takes a cell of a known column.
func (p *paste) answer(given Answers, id ID, cell string) {
	switch id {
	case "name":
		given[id] = cell
	case "from":
		p.from(given, cell)
	case "per_day":
		if _, err := parseCount(id, cell); err != nil {
			p.remark("%s is no number of mails a day and is left out", quoted(cell))
			return
		}
		given[id] = cell
	default:
		answer, ok := p.state.answerFor(id, cell)
		if !ok {
			p.remark("%s is not understood as %s and is left out", quoted(cell), headWords[id])
			if id == "kind" {
				return
			}
			answer = "" // something else was said than would be proposed
		}
		given[id] = answer
	}
}

// headWords are what the columns of words hold, in a sentence.
var headWords = map[ID]string{
	"site": "a site of the inventory", "now": "a method", "method": "a method", "kind": "a kind of device",
	"recipients": "whom it writes to", "tls": "a version of TLS", "auth": "a login",
}

// from takes addresses, and out of "Name <address>" the name too.
func (p *paste) from(given Answers, cell string) {
	if before, rest, ok := strings.Cut(cell, "<"); ok && strings.HasSuffix(rest, ">") && !strings.Contains(before, "@") {
		cell = strings.TrimSuffix(rest, ">")
		if name := strings.Trim(strings.TrimSpace(before), `"'`); name != "" && given["name"] == "" {
			given["name"] = name
		}
	}
	if have := given["from"]; have != "" {
		cell = have + ", " + cell
	}
	given["from"] = cell
}

// take offers what a line says, or tells why not.
func (p *paste) take(given Answers) {
	from, err := parsed("from", given["from"], parseSender)
	switch {
	case err != nil:
		p.drop("%s", err)
		return
	case len(given) == 0 || given["name"] == "" && len(from) == 0:
		p.drop("it names no device")
		return
	case len(from) > maxFrom:
		p.drop("it has %d addresses, at most %d are read", len(from), maxFrom)
		return
	}
	if len(from) > 0 {
		given["from"] = list(from, shownAddress)
	}
	p.offer(given, from)
}

func (p *paste) offer(given Answers, from []inventory.Address) {
	bare := given["name"] == ""
	if bare {
		given["name"] = from[0].Local
		if from[0].Local == inventory.AnyLocal {
			given["name"] = string(from[0].Domain)
		}
	}
	why := p.named(given["name"])
	if bare {
		if why = p.written(from[0]); why == "" {
			given["name"] = freeName(given["name"], p.names())
		}
	}
	if _, err := parseName("name", given["name"], nil); err != nil {
		p.drop("%s", err)
		return
	}
	p.method(given, why)
	f := p.state.beginDevice("", given)
	f.identity()
	p.offered = append(p.offered, Offered{Answers: given, Title: titleOf(f.device), Why: why, Take: why == "", Refused: why != ""})
	if why == "" {
		p.taken = append(p.taken, f.device)
	}
}

// method keeps the method that a line names, if nothing is against it. Without one
// nothing is decided: what would be proposed, nobody has seen.
func (p *paste) method(given Answers, why string) {
	if given["method"] == "" || why != "" {
		given["method"] = ""
		return
	}
	if err := p.state.deviceForm("", given).fault; err != nil {
		p.remark("the method is left out: %s", err)
		given["method"] = ""
	}
}

// names are those of the draft and of the list so far.
func (p *paste) names() []string {
	var names []string
	for _, d := range slices.Concat(p.state.inventory().Devices, p.taken) {
		names = append(names, d.Name)
	}
	return names
}

// named says where a name is there already.
func (p *paste) named(name string) string {
	same := func(d inventory.Device) bool { return strings.EqualFold(d.Name, name) }
	if d, ok := p.state.inventory().Device(name); ok {
		return fmt.Sprintf("the inventory has a device %q already", d.Name)
	}
	if i := slices.IndexFunc(p.taken, same); i >= 0 {
		return fmt.Sprintf("%q stands in this list twice", p.taken[i].Name)
	}
	return ""
}

// written says who writes as an address already, for a line that has no more.
func (p *paste) written(from inventory.Address) string {
	writes := func(d inventory.Device) bool { return slices.Contains(d.From, from) }
	have := p.state.inventory().Devices
	if i := slices.IndexFunc(have, writes); i >= 0 {
		return fmt.Sprintf("the device %q writes as %s already", have[i].Name, shownAddress(from))
	}
	if i := slices.IndexFunc(p.taken, writes); i >= 0 {
		return fmt.Sprintf("%q of this list writes as %s already", p.taken[i].Name, shownAddress(from))
	}
	return ""
}

// titleOf is a device in a line, with what is proposed for it.
func titleOf(d inventory.Device) string {
	parts := []string{kindText(d.Kind)}
	if from := fromAnswer(&d); from != "" {
		parts = append(parts, "from "+from)
	}
	if d.Site != "" {
		parts = append(parts, "at "+d.Site)
	}
	if d.Now != "" {
		parts = append(parts, "today "+string(d.Now))
	}
	return d.Name + ": " + strings.Join(parts, ", ")
}

func (p *paste) imported() Import {
	var lead lines
	take := len(p.taken)
	switch {
	case len(p.offered) == 0:
		lead.add(Warn, 0, "no device is in it: paste a line for each, as its name, or as name, From address and the method of today behind commas")
	case take == len(p.offered):
		lead.add(Good, 0, words.Plural(take, "device")+" to add; what is not said is proposed and can be changed afterwards")
	default:
		lead.add(Note, 0, fmt.Sprintf("%s to add, %d there already; what is not said is proposed and can be changed afterwards", words.Plural(take, "device"), len(p.offered)-take))
	}
	if p.guessed {
		lead.add(Note, 0, "methods are taken as those of today")
	}
	return Import{Lead: append(lead, p.remarks...), Devices: p.offered}
}
