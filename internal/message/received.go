package message

import (
	"net/mail"
	"net/netip"
	"strings"
	"time"
)

// Hop is one Received field: what a server wrote down when it took the message
// (RFC 5321 §4.4). Whatever cannot be read is empty.
type Hop struct {
	Number int        // from 1, the newest
	Line   int        // of the file
	IP     netip.Addr // of the client
	HELO   string     // what the client called itself
	PTR    string     // the name that the server found for the client's address
	By     string     // who wrote this
	With   string     // the protocol
	Sender string     // MAIL FROM, if the server wrote it down (Exim)
	Date   time.Time
	Text   string // the whole field
}

// Hops reads the Received fields of a message, the newest first.
func (m *Message) Hops() []Hop {
	var hops []Hop
	for _, f := range m.all("Received") {
		h := parseReceived(f.Text())
		h.Number, h.Line = len(hops)+1, f.Line
		hops = append(hops, h)
	}
	return hops
}

// word is a piece of a Received field: an atom, or a comment without its
// parentheses.
type word struct {
	text    string
	comment bool
}

// parseReceived reads a field's text. Servers write it in many ways; these are
// read: "from HELO (PTR [IP])" of Postfix and sendmail, "from HELO (IP)" of
// Exchange, "from PTR ([IP] helo=HELO)" and "from [IP] (helo=HELO)" of Exim,
// "from PTR (HELO HELO) (IP)" of qmail.
func parseReceived(text string) Hop {
	words, date := received(text)
	p := hopParser{Hop: Hop{Text: text}}
	if t, err := mail.ParseDate(date); err == nil {
		p.Date = t.UTC()
	}
	clause := ""
	for _, w := range words {
		lower := strings.ToLower(w.text)
		switch {
		case w.comment:
			p.comment(clause, w.text)
		case lower == "from" && clause == "", lower == "by", lower == "via", lower == "with", lower == "id", lower == "for":
			clause = lower
		default:
			p.atom(clause, w.text)
		}
	}
	if p.HELO == "" {
		p.HELO = p.PTR
	}
	return p.Hop
}

type hopParser struct {
	Hop
	told bool // a comment told the address of the connection
}

func (p *hopParser) atom(clause, text string) {
	switch {
	case clause == "by" && p.By == "":
		p.By = text
	case clause == "with" && p.With == "":
		p.With = text
	case clause == "from" && p.HELO == "":
		p.HELO = text
		if ip, ok := literal(text); ok {
			p.IP = ip // until a comment tells more
		}
	}
}

// comment reads what the server itself saw, which stands in comments.
func (p *hopParser) comment(clause, text string) {
	p.envelope(text)
	if clause != "from" {
		return
	}
	parts := strings.Fields(text)
	for i, part := range parts {
		name, value, named := strings.Cut(part, "=")
		ip, address := literal(part)
		switch {
		case named && strings.EqualFold(name, "helo"): // Exim
			p.called(value)
		case (strings.EqualFold(part, "helo") || strings.EqualFold(part, "ehlo")) && i+1 < len(parts): // qmail
			p.called(parts[i+1])
			return
		case address && !p.told:
			p.IP, p.told = ip, true
		case i == 0 && !p.told && strings.Contains(part, ".") && !strings.ContainsAny(part, "=:"):
			p.PTR = strings.TrimSuffix(part, ".")
		}
	}
}

// called takes a HELO name from a comment: what stood after "from" was the name
// of the address, or the address.
func (p *hopParser) called(name string) {
	if _, address := literal(p.HELO); !address && p.PTR == "" {
		p.PTR = p.HELO
	}
	p.HELO = name
}

// envelope reads Exim's "(envelope-from <a@b>)".
func (p *hopParser) envelope(comment string) {
	_, rest, ok := strings.Cut(comment, "envelope-from ")
	if !ok || p.Sender != "" {
		return
	}
	if sender, _, ok := strings.Cut(strings.TrimSpace(rest), ">"); ok && strings.HasPrefix(sender, "<") {
		p.Sender = sender + ">"
	}
}

// literal reads an address, in brackets or not, as RFC 5321 §4.1.3 and less
// careful servers write it.
func literal(s string) (netip.Addr, bool) {
	if inside, ok := strings.CutPrefix(s, "["); ok {
		s, _, _ = strings.Cut(inside, "]") // a port may follow
	}
	if len(s) > 5 && strings.EqualFold(s[:5], "IPv6:") {
		s = s[5:]
	}
	if _, host, ok := strings.Cut(s, "@"); ok { // qmail: ident@address
		s = host
	}
	ip, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Addr{}, false
	}
	return ip.Unmap().WithZone(""), true
}

// received cuts a field into words and the date behind the last semicolon
// outside of comments. An unclosed comment ends with the text.
func received(text string) (words []word, date string) {
	depth, start, semicolon, before := 0, 0, -1, 0
	flush := func(end int, comment bool) {
		if start < end {
			words = append(words, word{text[start:end], comment})
		}
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && depth > 0:
			i++
		case c == '(':
			if depth == 0 {
				flush(i, false)
				start = i + 1
			}
			depth++
		case c == ')' && depth > 0:
			depth--
			if depth == 0 {
				flush(i, true)
				start = i + 1
			}
		case depth == 0 && (c == ' ' || c == '\t' || c == ';'):
			flush(i, false)
			start = i + 1
			if c == ';' {
				semicolon, before = i, len(words)
			}
		}
	}
	flush(len(text), depth > 0)
	if semicolon < 0 {
		return words, ""
	}
	return words[:before], strings.TrimSpace(text[semicolon+1:])
}
