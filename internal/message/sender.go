package message

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// Sender is the MAIL FROM of the message.
type Sender struct {
	Known   bool
	Address string // "<>" is the null sender
	Bare    bool   // only the domain is known; postmaster stands for the rest, as in RFC 7208 §4.3
	Why     string // where it was found, or why it is not known
}

// String returns what is known of the address.
func (s Sender) String() string {
	if s.Bare {
		return s.Address[strings.LastIndexByte(s.Address, '@')+1:]
	}
	return s.Address
}

// found is a sender read from a place in the message; ok is false if the text is
// no address.
func found(text, format string, args ...any) (s Sender, ok bool) {
	address, ok := reversePath(text)
	bare := address != "<>" && !strings.Contains(text, "@")
	return Sender{ok, address, bare, fmt.Sprintf(format, args...)}, ok
}

// sender finds MAIL FROM. The server that delivers a message keeps it in
// Return-Path (RFC 5321 §4.4).
func (m *Message) sender(hop Hop) Sender {
	for _, f := range m.all("Return-Path") {
		if s, ok := found(f.Text(), "Return-Path in line %d", f.Line); ok {
			return s
		}
	}
	for _, f := range m.all("Received-SPF") {
		if s, ok := found(pair(f.Text(), "envelope-from"), "envelope-from of Received-SPF in line %d", f.Line); ok {
			return s
		}
	}
	if s, ok := found(hop.Sender, "envelope-from of hop %d", hop.Number); ok {
		return s
	}
	for _, f := range m.Fields {
		if !f.Is("Authentication-Results") && !f.Is("X-MS-Exchange-Authentication-Results") {
			continue
		}
		if s, ok := found(pair(f.Text(), "smtp.mailfrom"), "smtp.mailfrom of %s in line %d", strings.TrimRight(f.Name, " \t"), f.Line); ok {
			return s
		}
	}
	return Sender{Why: "neither Return-Path, Received-SPF nor Authentication-Results tells the MAIL FROM"}
}

// ParseSender reads a MAIL FROM address as people type it.
func ParseSender(text string) (Sender, error) {
	s, ok := found(text, "as you said")
	if !ok {
		return s, fmt.Errorf("%s is no address", quote(text))
	}
	return s, nil
}

// reversePath reads <local@domain>, local@domain, <> or a domain alone, which
// some servers write.
func reversePath(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if inside, ok := strings.CutPrefix(s, "<"); ok {
		s, _, _ = strings.Cut(inside, ">")
		if s == "" {
			return "<>", true
		}
	}
	local, host := "", s
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		local, host = s[:i], s[i+1:]
	}
	if name, err := dns.ParseName(host); err != nil || len(name.Labels()) < 2 {
		return "", false
	}
	if local == "" {
		local = "postmaster"
	}
	return local + "@" + host, true
}

// Author is whom the message says that it is from.
type Author struct {
	Fields []string // the From fields as written, unfolded
	Domain dns.Name // of the one author domain, "" if there is not exactly one
	Why    string   // why there is none
}

// author reads the From fields.
//
// RFC 9989 §5.3.1 and §11.5: DMARC is about messages with one From field whose
// addresses are all of one domain; others are out of its scope.
func (m *Message) author() Author {
	var a Author
	fields := m.all("From")
	for _, f := range fields {
		a.Fields = append(a.Fields, f.Text())
	}
	switch len(fields) {
	case 0:
		a.Why = "the message has no From field"
		return a
	case 1:
	default:
		a.Why = fmt.Sprintf("the message has %d From fields, where one is allowed", len(fields))
		return a
	}
	domains, err := fromDomains(a.Fields[0])
	switch {
	case err != nil:
		a.Why = fmt.Sprintf("the From field cannot be read: %v", err)
	case len(domains) > 1:
		a.Why = fmt.Sprintf("the From field has addresses of %d domains", len(domains))
	default:
		a.Domain = domains[0]
	}
	return a
}

// fromDomains returns the domains of the addresses in a From field.
func fromDomains(text string) ([]dns.Name, error) {
	var hosts []string
	list, err := mail.ParseAddressList(text)
	if err != nil {
		host, ok := loneAddress(text)
		if !ok {
			return nil, fmt.Errorf("%s", strings.TrimPrefix(err.Error(), "mail: "))
		}
		hosts = []string{host}
	}
	for _, a := range list {
		hosts = append(hosts, a.Address[strings.LastIndexByte(a.Address, '@')+1:])
	}
	var names []dns.Name
	for _, host := range hosts {
		name, err := dns.ParseName(host)
		if err != nil {
			return nil, err
		}
		if len(name.Labels()) < 2 {
			return nil, fmt.Errorf("%q is no mail domain", host)
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("it holds no address")
	}
	return names, nil
}

// loneAddress reads a field whose display name breaks the grammar, as many do,
// if there can be no doubt: one "<", one "@" behind it.
func loneAddress(text string) (host string, ok bool) {
	if strings.Count(text, "<") != 1 || strings.Count(text, ">") != 1 || !strings.HasSuffix(strings.TrimSpace(text), ">") {
		return "", false
	}
	_, inside, _ := strings.Cut(text, "<")
	inside, _, _ = strings.Cut(inside, ">")
	if strings.Count(inside, "@") != 1 || strings.ContainsAny(inside, " \t\",;:()") {
		return "", false
	}
	_, host, _ = strings.Cut(inside, "@")
	return host, true
}
