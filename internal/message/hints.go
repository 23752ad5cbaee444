package message

import (
	"net/netip"
	"strings"
)

// hints collects what servers wrote about the client whose SPF they judged, the
// newest first: Received-SPF (RFC 7208 §9.1), Exchange Online's
// X-Forefront-Antispam-Report, and Authentication-Results.
func (m *Message) hints() []hint {
	var list []hint
	for _, f := range m.Fields {
		h := hint{field: strings.TrimRight(f.Name, " \t"), line: f.Line}
		text := f.Text()
		switch {
		case f.Is("Received-SPF"):
			h.ip, h.helo = addr(pair(text, "client-ip")), pair(text, "helo")
		case f.Is("X-Forefront-Antispam-Report"):
			h.ip, h.helo = addr(part(text, "CIP")), part(text, "H")
		case f.Is("Authentication-Results"), f.Is("X-MS-Exchange-Authentication-Results"):
			h.ip = senderIP(text)
		}
		if h.ip.IsValid() && public(h.ip) && len(list) < maxHints {
			list = append(list, h)
		}
	}
	return list
}

// maxHints bounds what hostile headers make us compare.
const maxHints = 50

func addr(s string) netip.Addr {
	ip, _ := literal(s)
	return ip
}

// pair finds key=value in a list of pairs; the value may be quoted.
func pair(text, key string) string {
	for piece := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ';' || r == ' ' || r == '\t' }) {
		if name, value, ok := strings.Cut(piece, "="); ok && strings.EqualFold(name, key) {
			return strings.Trim(value, `"`)
		}
	}
	return ""
}

// part finds KEY:value in a list with semicolons, as Exchange Online writes it.
func part(text, key string) string {
	for piece := range strings.SplitSeq(text, ";") {
		if name, value, ok := strings.Cut(strings.TrimSpace(piece), ":"); ok && strings.EqualFold(name, key) {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// senderIP reads the client from Exchange Online's "(sender IP is 192.0.2.1)"
// or from smtp.remote-ip= or smtp.client-ip=.
func senderIP(text string) netip.Addr {
	const words = "sender ip is "
	if i := strings.Index(strings.ToLower(text), words); i >= 0 && i+len(words) <= len(text) {
		s, _, _ := strings.Cut(text[i+len(words):], ")")
		return addr(strings.TrimSpace(s))
	}
	for _, key := range []string{"smtp.remote-ip", "smtp.client-ip"} {
		if s := pair(text, key); s != "" {
			return addr(s)
		}
	}
	return netip.Addr{}
}
