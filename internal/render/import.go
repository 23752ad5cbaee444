package render

import (
	"fmt"
	"io"
	"strings"

	"sendplan/internal/evidence"
	"sendplan/internal/intake"
	"sendplan/internal/term"
	"sendplan/internal/words"
)

// importDoc is the result of "sendplan import smtp-auth" and "import trace".
type importDoc struct {
	Schema   int            `json:"schema"`
	Kind     string         `json:"kind"` // smtp-auth or trace
	Rows     int            `json:"rows"`
	First    string         `json:"first"` // days, "" if the file has none
	Last     string         `json:"last"`
	UTC      bool           `json:"utc"`
	Devices  []importedJSON `json:"devices"`
	Skipped  []skippedJSON  `json:"skipped"`
	Notes    []string       `json:"notes"`
	Written  int            `json:"written"` // devices that were added to the inventory
	report   evidence.Report
	proposed []intake.Proposal
}

type importedJSON struct {
	Name       string   `json:"name"`
	From       string   `json:"from"`
	MailFrom   string   `json:"mail_from"`
	Site       string   `json:"site"`
	Address    string   `json:"address"`
	Connector  string   `json:"connector"`
	Now        string   `json:"now"`
	Auth       string   `json:"auth"`
	TLS        string   `json:"tls"`
	PerDay     int      `json:"per_day"`
	Messages   int      `json:"messages"`
	Recipients string   `json:"recipients"`
	Confidence string   `json:"confidence"`
	Why        []string `json:"why"`
	Known      []string `json:"known"`   // devices of the inventory that write as this address
	New        bool     `json:"new"`     // the inventory lacks it, and --write adds it
	Problem    string   `json:"problem"` // why it cannot stand in an inventory
}

type skippedJSON struct {
	Reason string `json:"reason"`
	Rows   int    `json:"rows"`
	Line   int    `json:"line"`
}

// Imported writes the devices that an export of Exchange Online shows. written
// is how many of them were added to the inventory.
func (f Format) Imported(w io.Writer, p Page, r evidence.Report, proposed []intake.Proposal, written int) error {
	doc := importDoc{
		Schema: Schema, Kind: string(r.Kind), Rows: r.Rows, First: r.First, Last: r.Last, UTC: r.UTC, Devices: []importedJSON{},
		Skipped: []skippedJSON{}, Notes: []string{}, Written: written, report: r, proposed: proposed,
	}
	for _, one := range proposed {
		doc.Devices = append(doc.Devices, newImported(one))
	}
	for _, s := range r.Skipped {
		doc.Skipped = append(doc.Skipped, skippedJSON{string(s.Reason), s.Rows, s.Line})
	}
	for _, n := range r.Notes {
		doc.Notes = append(doc.Notes, octets(n))
	}
	return f.write(w, p, doc, doc.rows, doc.text)
}

func newImported(p intake.Proposal) importedJSON {
	s := p.Seen
	out := importedJSON{
		Name: octets(s.Name), From: octets(s.From), MailFrom: octets(s.MailFrom), Site: octets(p.Device.Site), Connector: octets(s.Connector),
		Now: string(s.Method), Auth: string(s.Auth), TLS: words.OrUnknown(string(s.TLS)), PerDay: max(s.RcptPerDay, s.PerDay), Messages: s.Messages,
		Recipients: string(s.Recipients), Confidence: string(s.Confidence), Why: []string{}, Known: []string{}, New: p.IsDevice(), Problem: octets(p.Problem),
	}
	if s.Address.IsValid() {
		out.Address = s.Address.String()
	}
	for _, why := range s.Why {
		out.Why = append(out.Why, octets(why))
	}
	for _, name := range p.Known {
		out.Known = append(out.Known, octets(name))
	}
	return out
}

func (doc importDoc) rows() [][]string {
	rows := [][]string{{"name", "from", "mail_from", "site", "address", "connector", "now", "auth", "tls", "per_day", "messages", "recipients", "confidence", "why", "known", "problem"}}
	for _, d := range doc.Devices {
		rows = append(rows, []string{
			d.Name, d.From, d.MailFrom, d.Site, d.Address, d.Connector, d.Now, d.Auth, d.TLS, fmt.Sprint(d.PerDay), fmt.Sprint(d.Messages),
			d.Recipients, d.Confidence, strings.Join(d.Why, "; "), strings.Join(d.Known, ", "), d.Problem,
		})
	}
	return rows
}

func (doc importDoc) text(t *Text) {
	when := ""
	if doc.First != "" {
		when = ", " + doc.First + " to " + doc.Last
	}
	t.Para(0, "", fmt.Sprintf("%s: %d rows%s, %d senders, to be reviewed", doc.Kind, doc.Rows, when, len(doc.proposed)), t.Style.Bold)
	for _, p := range doc.proposed {
		t.Blank()
		t.imported(p)
	}
	t.Blank()
	for _, s := range doc.report.Skipped {
		t.Para(0, "left out: ", fmt.Sprintf("%d rows (the first on line %d): %s", s.Rows, s.Line, s.Reason), t.Style.Dim)
	}
	for _, n := range doc.report.Notes {
		t.Para(0, "note: ", n, t.Style.Yellow)
	}
	if doc.Written > 0 {
		t.Line("%d devices were added to the inventory, each with what is to be reviewed.", doc.Written)
	}
}

func (t *Text) imported(p intake.Proposal) {
	s := p.Seen
	t.Para(0, "", s.From, t.Style.Bold)
	switch {
	case p.Problem != "":
		t.Para(2, "", "cannot stand in an inventory: "+p.Problem, t.Style.Red)
	case len(p.Known) > 0:
		t.Para(2, "", "in the inventory as: "+strings.Join(p.Known, ", "), t.Style.Green)
	case p.IsDevice():
		t.Para(2, "", "new, as "+s.Name, t.Style.Yellow)
	default:
		t.Para(2, "", "a device or a person: --write does not add it", t.Style.Yellow)
	}
	where := "not known"
	if s.Address.IsValid() {
		where = s.Address.String()
	}
	t.Para(2, term.Pad("now", 12), string(s.Method)+" ("+string(s.Confidence)+" confidence)", term.Pen{})
	t.Para(2, term.Pad("login, TLS", 12), string(s.Auth)+", "+words.OrUnknown(string(s.TLS)), term.Pen{})
	t.Para(2, term.Pad("address", 12), where, term.Pen{})
	if s.Connector != "" {
		t.Para(2, term.Pad("connector", 12), s.Connector, term.Pen{})
	}
	t.Para(2, term.Pad("writes to", 12), fmt.Sprintf("%s; messages: %d, on the busiest day: %s", s.Recipients, s.Messages, orNotKnown(s.PerDay)), term.Pen{})
	for _, why := range s.Why {
		t.Para(2, "- ", why, t.Style.Dim)
	}
}

func orNotKnown(n int) string {
	if n == 0 {
		return "not known"
	}
	return fmt.Sprint(n)
}
