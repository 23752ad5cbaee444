package evidence

import (
	"bytes"
	"hash/maphash"
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// scope narrows down whom messages went to. Of the recipients outside it holds
// two hashes with a seed that is gone after the reading.
type scope struct {
	inside        bool
	unread        bool   // a recipient that is no address
	who, where    uint64 // hash of the first address outside, and of its domain; 0: none
	others, wider bool   // there is a second address, a second domain
}

// add counts one recipient. own are the accepted domains, domain is without an
// upper case letter.
func (s *scope) add(seed maphash.Seed, own []dns.Name, recipient []byte) {
	at := bytes.LastIndexByte(recipient, '@')
	if at < 1 || at == len(recipient)-1 {
		s.unread = true
		return
	}
	lower := bytes.ToLower(recipient)
	domain := domainOf(lower[bytes.LastIndexByte(lower, '@')+1:])
	if slices.Contains(own, domain) {
		s.inside = true
		return
	}
	s.outside(maphash.Bytes(seed, lower)|1, maphash.String(seed, string(domain))|1) // never 0
}

// outside counts an address by its hash and that of its domain.
func (s *scope) outside(who, where uint64) {
	if s.who == 0 {
		s.who, s.where = who, where
		return
	}
	s.others = s.others || s.who != who
	s.wider = s.wider || s.where != where
}

// merge adds what another scope has seen.
func (s *scope) merge(o scope) {
	s.inside = s.inside || o.inside
	s.unread = s.unread || o.unread
	if o.who != 0 {
		s.outside(o.who, o.where)
	}
	s.others = s.others || o.others
	s.wider = s.wider || o.wider
}

func (s scope) result() Scope {
	switch {
	case s.wider:
		return ScopeAnyone
	case s.unread, !s.inside && s.who == 0:
		return ScopeUnknown
	case s.who == 0:
		return ScopeInternal
	case s.others:
		return ScopeOneDomain
	}
	return ScopeOneExternal
}

// domainOf is the name that accepted domains are compared with. What is no name
// stays as it is: then it is no accepted domain either.
func domainOf(text []byte) dns.Name {
	for _, c := range text {
		if c >= 0x80 {
			if n, err := dns.ParseName(string(text)); err == nil {
				return n
			}
			break
		}
	}
	return dns.Name(strings.TrimSuffix(string(text), "."))
}

// recipients calls visit for each recipient of a cell and returns how many
// there are. An enhanced summary writes "addr##Receive, Deliver;addr##...".
func recipients(cell []byte, visit func([]byte)) int {
	n := 0
	for part := range bytes.SplitSeq(cell, []byte(";")) {
		addr, _, _ := bytes.Cut(part, []byte("##"))
		addr = bytes.Trim(addr, " \t\r\n<>'")
		if len(addr) > 0 {
			n++
			visit(addr)
		}
	}
	return n
}
