package render

import (
	"fmt"
	"io"
	"strings"

	"sendplan/dkim"
	"sendplan/internal/dns"
	"sendplan/internal/term"
	"sendplan/internal/words"
)

// NewKey is a key that was made for a selector.
type NewKey struct {
	Domain   dns.Name
	Selector string
	Name     dns.Name // of the record
	Record   dkim.Record
	File     string // that holds the private key
	Standing Standing
	Warnings []string
}

// Standing says whether the name of a record can be published at.
type Standing string

// The standings of a name.
const (
	NameFree    Standing = "free"    // nothing is published there
	NameTaken   Standing = "taken"   // something else is: the record must not be published there
	NameUnknown Standing = "unknown" // the DNS could not tell
	NameUnasked Standing = "unasked" // the DNS was not asked
)

// keygenDoc is the result of "sendplan dkim keygen".
type keygenDoc struct {
	Schema   int         `json:"schema"`
	Domain   string      `json:"domain"`
	Selector string      `json:"selector"`
	KeyType  string      `json:"key_type"`
	KeyBits  int         `json:"key_bits"`
	File     string      `json:"file"`
	Standing string      `json:"standing"` // of the name: free, taken, unknown or unasked
	Record   newTextJSON `json:"record"`
	Zone     string      `json:"zone"` // the record in a zone file; "" if it must not be published at this name
	Warnings []string    `json:"warnings"`
	Notes    []string    `json:"notes"`
}

type newTextJSON struct {
	Name    string   `json:"name"`
	Type    string   `json:"type"`
	Value   string   `json:"value"`
	Strings []string `json:"strings"` // the value in parts of at most 255 octets
}

// NewKey writes the record of a new key, as it is to be published.
func (f Format) NewKey(w io.Writer, p Page, k NewKey) error {
	doc := keygenDoc{
		Schema: Schema, Domain: octets(k.Domain.String()), Selector: octets(k.Selector), KeyType: string(k.Record.KeyType()), KeyBits: k.Record.KeyBits(),
		File: octets(k.File), Standing: string(k.Standing), Zone: k.zone(), Warnings: escaped(k.Warnings), Notes: k.notes(),
		Record: newTextJSON{octets(k.Name.String()), dns.TypeTXT.String(), k.Record.Text(), dns.NewTXT(k.Record.Text()).Strings()},
	}
	return f.document(w, p, doc, func(t *Text) { t.newKey(k) })
}

func escaped(list []string) []string {
	out := []string{}
	for _, s := range list {
		out = append(out, octets(s))
	}
	return out
}

// zone is the record as lines of a zone file, with the TTL that the zone has for
// all.
//
// RFC 1035 §3.3: a character-string has at most 255 octets. RFC 6376 §3.6.2.2:
// verifiers join the strings with nothing between.
func (k NewKey) zone() string {
	if k.Standing == NameTaken {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s IN TXT (", k.Name.Zone())
	for _, part := range dns.NewTXT(k.Record.Text()).Strings() {
		fmt.Fprintf(&b, "\n  %s", dns.NewTXT(part))
	}
	return b.String() + " )"
}

// notes are what to do with the key, and what not.
func (k NewKey) notes() []string {
	lookup := "sendplan dkim lookup --selector " + k.Selector + " " + k.Domain.String()
	var notes []string
	switch k.Standing {
	case NameTaken:
		notes = append(notes, "Do not publish this record at "+k.Name.String()+", which is taken, and do not remove what stands there. The key fits any other selector of the domain.")
	case NameUnknown:
		notes = append(notes, "Whether the name is free could not be told. Publish the record only after this has shown that nothing stands there: "+lookup)
	}
	if k.Standing != NameTaken {
		notes = append(notes, "Publish the record first. Let the server sign when this shows the key as live: "+lookup)
	}
	if k.Record.KeyType() == dkim.Ed25519 {
		notes = append(notes, "An Ed25519 key is for a second signature. Large receivers, Gmail and Outlook among them, are not known to verify it: go on signing with an RSA key of another selector.")
	}
	return notes
}

func (t *Text) newKey(k NewKey) {
	t.Para(0, "", fmt.Sprintf("%s, selector %s: a new %s key of %d bits", shownName(k.Domain), k.Selector, words.KeyType(k.Record.KeyType()), k.Record.KeyBits()), t.Style.Bold)
	t.Para(2, "private key  ", k.File, term.Pen{})
	t.Blank()
	t.Line("%s", t.Style.Bold.Draw("TXT record"))
	if k.Standing != NameTaken {
		t.Para(2, "name   ", k.Name.String(), term.Pen{})
	}
	t.Line("  value, in one line:")
	t.Line("%s", k.Record.Text())
	if zone := k.zone(); zone != "" {
		t.Blank()
		t.Line("%s", t.Style.Bold.Draw("The same in a zone file"))
		t.Line("%s", zone)
	}
	t.Blank()
	for _, note := range k.notes() {
		t.Para(0, "- ", note, term.Pen{})
	}
}
