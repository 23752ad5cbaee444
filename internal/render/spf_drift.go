package render

import (
	"fmt"
	"io"
	"net/netip"
	"strings"
	"time"

	"sendplan/internal/dns"
	"sendplan/internal/term"
	"sendplan/spf"
)

// PinDrift is what became of a term in whose place the record of a domain holds
// networks.
type PinDrift struct {
	Domain    dns.Name
	Term      string
	Since     time.Time // the day of the addresses; zero: not known
	Addresses []netip.Prefix
	Drift     spf.Drift
}

type driftDoc struct {
	Schema  int         `json:"schema"`
	Date    string      `json:"date"`
	Results []driftJSON `json:"results"`
	pins    []PinDrift
}

// driftLine is a driftJSON that stands alone.
type driftLine struct {
	Schema int `json:"schema"`
	driftJSON
}

type driftJSON struct {
	Domain    string         `json:"domain"`
	Term      string         `json:"term"`
	Since     string         `json:"since"` // the day of the addresses, "" if the inventory does not say
	Addresses []string       `json:"addresses"`
	State     spf.DriftState `json:"state"` // unchanged, changed, broken or unknown
	Gained    []string       `json:"gained"`
	Lost      []string       `json:"lost"`
	Unknown   []driftNode    `json:"unknown"` // terms that could not be told: more may be gained or lost
	Broken    []driftNode    `json:"broken"`  // terms that are an error to receivers
	Advice    []string       `json:"advice"`
}

type driftNode struct {
	Domain string `json:"domain"`
	Term   string `json:"term"`
	Cause  string `json:"cause"`
}

// SPFDrift writes how terms differ from the networks in their place.
func (f Format) SPFDrift(w io.Writer, p Page, pins []PinDrift) error {
	doc := driftDoc{Schema: Schema, Date: p.Date, Results: []driftJSON{}, pins: pins}
	for _, pin := range pins {
		doc.Results = append(doc.Results, newDrift(pin))
	}
	if !f.Stream {
		return f.write(w, p, doc, doc.rows, func(t *Text) { t.drift(pins) })
	}
	for _, one := range doc.Results {
		if err := f.document(w, p, driftLine{Schema, one}, nil); err != nil {
			return err
		}
	}
	return nil
}

func newDrift(p PinDrift) driftJSON {
	return driftJSON{
		Domain: octets(p.Domain.String()), Term: octets(p.Term), Since: day(p.Since), Addresses: networks(p.Addresses), State: p.Drift.State(),
		Gained: networks(p.Drift.Gained.Prefixes()), Lost: networks(p.Drift.Lost.Prefixes()),
		Unknown: driftNodes(p.Drift.Unknown), Broken: driftNodes(p.Drift.Broken), Advice: driftAdvice(p.Drift),
	}
}

// day writes a date, "" if it is not known.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// networks lists networks, single addresses without their length.
func networks(list []netip.Prefix) []string {
	out := []string{}
	for _, p := range list {
		out = append(out, ranges([]netip.Prefix{p}))
	}
	return out
}

func driftNodes(list []*spf.Node) []driftNode {
	out := []driftNode{}
	for _, n := range list {
		out = append(out, driftNode{octets(n.Domain.String()), octets(n.Term.Text), octets(n.Trouble())})
	}
	return out
}

// driftAdvice says what to do about a drift.
func driftAdvice(d spf.Drift) []string {
	advice := []string{}
	if !d.Gained.IsEmpty() {
		advice = append(advice, "add the gained addresses to the record and to this entry of the inventory: until then mail from them passes SPF only if another term of the record allows it")
	}
	if !d.Lost.IsEmpty() && len(d.Broken) == 0 {
		advice = append(advice, "ask the operator about the lost addresses, which others may get: take them out of the record and of this entry once nothing of yours sends from there")
	}
	if len(d.Broken) > 0 {
		advice = append(advice, "leave the addresses in the record until the operator has repaired what is broken, or says that it is given up: receivers could not evaluate the term itself")
	}
	if len(d.Unknown) > 0 {
		advice = append(advice, "try again: until all could be asked, more may have come or gone than is said here")
	}
	return advice
}

func (doc driftDoc) rows() [][]string {
	rows := [][]string{{"domain", "term", "since", "state", "gained", "lost", "unknown", "broken", "advice"}}
	for _, d := range doc.Results {
		rows = append(rows, []string{
			d.Domain, d.Term, d.Since, string(d.State), strings.Join(d.Gained, ", "), strings.Join(d.Lost, ", "),
			strings.Join(d.lines(d.Unknown), "; "), strings.Join(d.lines(d.Broken), "; "), strings.Join(d.Advice, "; "),
		})
	}
	return rows
}

// lines says of terms, which the drift leads to, what is the matter with them.
func (d driftJSON) lines(list []driftNode) []string {
	lines := []string{}
	for _, n := range list {
		where := ""
		if n.Domain != d.Domain { // the pinned term itself stands in no record any more
			where = " in the record of " + n.Domain
		}
		lines = append(lines, fmt.Sprintf("%q%s: %s", n.Term, where, n.Cause))
	}
	return lines
}

func (doc driftDoc) markdown(m *Markdown) {
	m.Line("# Addresses in the place of SPF terms as of %s\n", doc.Date)
	if len(doc.Results) == 0 {
		m.Line("%s.", noPins)
		return
	}
	m.Line("| Domain | Term | Since | State | Gained | Lost |")
	m.Line("| --- | --- | --- | --- | --- | --- |")
	for _, d := range doc.Results {
		m.Line("| %s | %s | %s | %s | %s | %s |", cell(d.Domain), cell(d.Term), d.Since, d.State, cellOf(d.Gained), cellOf(d.Lost))
	}
	for _, d := range doc.Results {
		if len(d.Advice) == 0 {
			continue
		}
		m.Line("\n## %s of %s\n", code(d.Term), code(d.Domain))
		for _, line := range d.lines(d.Unknown) {
			m.Line("- could not tell: %s", prose(line))
		}
		for _, line := range d.lines(d.Broken) {
			m.Line("- broken: %s", prose(line))
		}
		for _, a := range d.Advice {
			m.Line("- %s", sentence(a))
		}
	}
}

// cellOf is a cell with a list, of which the first few are shown.
func cellOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return cell(some(list))
}

// noPins is said of an inventory without pins.
const noPins = "The inventory names no term that is replaced by addresses"

// maxNetworks is how many networks of a list are shown to people.
const maxNetworks = 20

// some is a list for people.
func some(list []string) string {
	text := strings.Join(list[:min(len(list), maxNetworks)], ", ")
	if more := len(list) - maxNetworks; more > 0 {
		text += fmt.Sprintf(" and %d more (--format json has them all)", more)
	}
	return text
}

func (t *Text) drift(pins []PinDrift) {
	if len(pins) == 0 {
		t.Line("%s", noPins)
	}
	for i, p := range pins {
		if i > 0 {
			t.Blank()
		}
		t.pinDrift(newDrift(p))
	}
}

func (t *Text) pinDrift(d driftJSON) {
	pens := map[spf.DriftState]term.Pen{
		spf.DriftNone: t.Style.Green, spf.DriftChanged: t.Style.Red, spf.DriftBroken: t.Style.Red, spf.DriftUnknown: t.Style.Magenta,
	}
	words := map[spf.DriftState]string{
		spf.DriftNone: "unchanged", spf.DriftChanged: "changed", spf.DriftBroken: "broken", spf.DriftUnknown: "could not tell",
	}
	since := ""
	if d.Since != "" {
		since = ", as of " + d.Since
	}
	t.Para(0, "", fmt.Sprintf("%s: %s%s: %s", d.Domain, d.Term, since, words[d.State]), pens[d.State])
	for _, list := range []struct {
		label string
		all   []string
	}{{"gained  ", d.Gained}, {"lost    ", d.Lost}} {
		if len(list.all) > 0 {
			t.Para(2, list.label, some(list.all), term.Pen{})
		}
	}
	for _, line := range limited(d.lines(d.Unknown)) {
		t.Para(2, "unknown ", line, t.Style.Magenta)
	}
	for _, line := range limited(d.lines(d.Broken)) {
		t.Para(2, "broken  ", line, t.Style.Red)
	}
	for _, a := range d.Advice {
		t.Para(2, "do      ", a, term.Pen{})
	}
}

// limited is a list of lines of which the first few are shown.
func limited(lines []string) []string {
	if more := len(lines) - maxNetworks; more > 0 {
		return append(lines[:maxNetworks:maxNetworks], fmt.Sprintf("and %d more", more))
	}
	return lines
}
