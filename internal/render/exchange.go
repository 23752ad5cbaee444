package render

import (
	"fmt"
	"io"
	"strings"
	"time"

	"sendplan/internal/inventory"
	"sendplan/internal/inventory/exchange"
	"sendplan/internal/term"
	"sendplan/internal/words"
)

// exchangeDoc is the result of "sendplan import exchange".
type exchangeDoc struct {
	Schema  int            `json:"schema"`
	Cmdlets []string       `json:"cmdlets"`
	Changes []exchangeJSON `json:"changes"` // what the output says, in the words of the inventory
	Notes   []string       `json:"notes"`
	Written bool           `json:"written"`
}

// exchangeJSON is one thing that the output says.
type exchangeJSON struct {
	Field string `json:"field"` // of the inventory's tenant
	Name  string `json:"name"`  // of the entry in a list
	Value string `json:"value"`
}

// Exchange writes what cmdlets of Exchange Online said of a tenant, and whether
// it was written into the inventory.
func (f Format) Exchange(w io.Writer, p Page, e *exchange.Export, written bool) error {
	doc := exchangeDoc{Schema: Schema, Cmdlets: []string{}, Changes: exchangeChanges(e), Notes: []string{}, Written: written}
	for _, c := range e.Of() {
		doc.Cmdlets = append(doc.Cmdlets, string(c))
	}
	for _, n := range e.Notes {
		doc.Notes = append(doc.Notes, octets(n))
	}
	return f.document(w, p, doc, doc.text)
}

func (doc exchangeDoc) text(t *Text) {
	t.Para(0, "", "read: "+strings.Join(doc.Cmdlets, ", "), t.Style.Bold)
	for _, c := range doc.Changes {
		label := "tenant." + c.Field
		if c.Name != "" {
			label += " " + term.SafeMax(c.Name, maxColumn)
		}
		t.Para(2, label+": ", c.Value, term.Pen{})
	}
	for _, n := range doc.Notes {
		t.Para(0, "note: ", n, t.Style.Yellow)
	}
	if doc.Written {
		t.Line("This was written into the inventory.")
	}
}

// exchangeChanges lists what an export says, in the order of the inventory.
func exchangeChanges(e *exchange.Export) []exchangeJSON {
	list := []exchangeJSON{}
	add := func(field, name, value string) {
		if value != "" {
			list = append(list, exchangeJSON{field, octets(name), octets(value)})
		}
	}
	if !e.Created.IsZero() {
		add("created", "", e.Created.Format(time.DateOnly))
	}
	add("reject_direct_send", "", string(e.RejectDirectSend))
	add("smtp_auth", "", string(e.SMTPAuth))
	add("legacy_tls", "", string(e.LegacyTLS))
	for _, m := range e.Mailboxes {
		add("mailboxes", m.Address.String(), "smtp_auth "+string(m.SMTPAuth))
	}
	for _, k := range e.DKIM {
		add("dkim", string(k.Domain), fmt.Sprintf("enabled %v, status %s, selector1 to %s, selector2 to %s",
			truth(k.Enabled), words.OrUnknown(string(k.Status)), words.OrUnknown(string(k.Selector1)), words.OrUnknown(string(k.Selector2))))
	}
	for _, c := range e.Connectors {
		add("connectors", c.Name, connectorWords(c))
	}
	for _, c := range e.OutboundConnectors {
		add("outbound_connectors", c.Name, fmt.Sprintf("%s, enabled %v, to %s", c.Type, truth(c.Enabled), smartHosts(c)))
	}
	return list
}

func smartHosts(c inventory.OutboundConnector) string {
	if len(c.SmartHosts) == 0 {
		return "the recipients' MX hosts"
	}
	return strings.Join(c.SmartHosts, ", ")
}

// connectorWords says by what a connector knows its senders.
func connectorWords(c inventory.Connector) string {
	var parts []string
	if len(c.Addresses) > 0 {
		parts = append(parts, "addresses "+ranges(c.Addresses))
	}
	if c.Certificate != "" {
		parts = append(parts, "certificate "+c.Certificate)
	}
	for _, p := range c.SenderDomains {
		parts = append(parts, "senders "+string(p))
	}
	return strings.Join(append([]string{string(c.Type), fmt.Sprintf("enabled %v", truth(c.Enabled))}, parts...), ", ")
}
