package spf

import (
	"sendplan/internal/dns"
)

// The sizes at which an answer with TXT records becomes harder to get, in octets.
const (
	AdviceOctets = 450  // of the name and its TXT records: RFC 7208 §3.4 advises to stay below
	PlainOctets  = 512  // of a message over UDP without EDNS (RFC 1035 §4.2.1)
	UDPOctets    = 1232 // of a message over UDP that fits everywhere without fragments (RFC 9715 §3)
)

// Size is what the answer to a question for the TXT records of a name takes, in
// octets. All records count, because all come in one answer.
type Size struct {
	Longest int // of the longest record's text: over [dns.MaxString] it must be split into strings
	Content int // of the name and all texts, to be held against AdviceOctets
	Plain   int // of the message that answers a question without EDNS, to be held against PlainOctets
	Message int // of the message that answers a question with EDNS, to be held against UDPOctets
}

// SizeOf returns the size of the answer with the TXT records of a name, each
// given as its joined text.
func SizeOf(name dns.Name, txts ...string) Size {
	// RFC 1035 §4.1: the name stands in the question as it is on the wire, and in
	// each record as a pointer. RFC 6891 §6.1.2: the OPT record.
	const header, question, record, opt = 12, 4, 12, 11
	size := Size{Content: len(name), Plain: header + len(name) + 2 + question}
	for _, t := range txts {
		size.Longest = max(size.Longest, len(t))
		size.Content += len(t)
		size.Plain += record + stringsOf(t) + len(t)
	}
	size.Message = size.Plain + opt
	return size
}

// stringsOf returns how many character-strings a text takes (RFC 1035 §3.3.14).
func stringsOf(text string) int { return max(1, (len(text)+dns.MaxString-1)/dns.MaxString) }
