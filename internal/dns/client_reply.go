package dns

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	mdns "github.com/miekg/dns"
)

// reply is what one message says about one question.
type reply struct {
	Answer
	complete bool // false: the server did not say what the chain's last target holds
}

// refusesEDNS reports whether a reply may mean that its server does not know
// EDNS (RFC 6891 §7).
func refusesEDNS(msg []byte) bool {
	code := int(msg[3] & rcodeBits)
	return code == mdns.RcodeFormatError || code == mdns.RcodeNotImplemented
}

// readReply reads a message that answers the question for key. It takes nothing
// for an absence that is not said to be one.
func readReply(msg []byte, key Key) (reply, *Error) {
	m, failed := readMessage(msg)
	if failed != nil {
		return reply{}, failed
	}
	return interpret(m, key)
}

// readMessage reads a message whose response code is NOERROR or NXDOMAIN; every
// other one says that its server failed.
func readMessage(msg []byte) (*mdns.Msg, *Error) {
	m := new(mdns.Msg)
	if err := m.Unpack(msg); err != nil {
		return nil, malformed("it cannot be read: %v", err)
	}
	// The library takes a message that ends early for one with fewer records.
	for i, n := range []int{len(m.Question), len(m.Answer), len(m.Ns), len(m.Extra)} {
		if n != int(binary.BigEndian.Uint16(msg[4+2*i:])) {
			return nil, malformed("it ends before its last record")
		}
	}
	switch m.Rcode {
	case mdns.RcodeSuccess, mdns.RcodeNameError:
		return m, nil
	case mdns.RcodeServerFailure:
		return nil, &Error{Cause: ServFail, Detail: extendedErrors(m)}
	case mdns.RcodeRefused:
		return nil, &Error{Cause: Refused, Detail: extendedErrors(m)}
	}
	detail, known := mdns.RcodeToString[m.Rcode]
	if !known {
		detail = fmt.Sprintf("RCODE %d", m.Rcode)
	}
	if more := extendedErrors(m); more != "" {
		detail += ", " + more
	}
	return nil, &Error{Cause: BadRcode, Detail: detail}
}

func malformed(format string, args ...any) *Error {
	return &Error{Cause: Malformed, Detail: fmt.Sprintf(format, args...)}
}

// interpret reads the answer of a message whose response code is NOERROR or
// NXDOMAIN.
func interpret(m *mdns.Msg, key Key) (reply, *Error) {
	found, failed := sortAnswer(m.Answer, key.Type)
	if failed != nil {
		return reply{}, failed
	}
	var r reply
	r.Secure = m.AuthenticatedData
	target, failed := found.follow(key.Name, &r.Answer)
	if failed != nil {
		return reply{}, failed
	}
	nxdomain := m.Rcode == mdns.RcodeNameError
	if len(r.Records) > 0 {
		if nxdomain {
			return reply{}, malformed("it says NXDOMAIN and holds records of %s", target)
		}
		r.Exists, r.complete = true, true
		return r, nil
	}
	// RFC 6604 §3: the response code is about the chain's last target.
	r.Exists = !nxdomain
	if r.Negative, failed = negativeSOA(m.Ns, target); failed != nil {
		return reply{}, failed
	}
	if nxdomain {
		r.complete = true
		return r, nil
	}
	if len(r.Chain) > 0 {
		r.complete = r.Negative != nil
		return r, nil
	}
	r.complete = true
	return r, notNoData(m, r.Negative)
}

// notNoData says why a NOERROR reply without an answer is no statement that
// the set does not exist, nil if it is one (RFC 2308 §2.2).
func notNoData(m *mdns.Msg, soa *Record) *Error {
	isNS := func(rr mdns.RR) bool { return rr.Header().Rrtype == mdns.TypeNS }
	switch {
	case len(m.Answer) > 0:
		return malformed("its answer section holds only records that were not asked for")
	case soa != nil:
		return nil
	case slices.ContainsFunc(m.Ns, isNS):
		return malformed("it is a referral: the server does not resolve for us")
	case !m.Authoritative && !m.RecursionAvailable:
		return malformed("it is empty, from a server that is neither recursive nor authoritative")
	}
	return nil
}

// answerSection is an answer section by owner name.
type answerSection struct {
	records map[Name][]Record // of the type asked for
	aliases map[Name]Record
}

// sortAnswer converts the records that can be part of the answer; what else the
// section holds (signatures, DNAMEs, other classes) is passed over. One record
// that cannot be read spoils the answer: without it a set would look smaller
// than it is.
func sortAnswer(section []mdns.RR, t Type) (answerSection, *Error) {
	found := answerSection{map[Name][]Record{}, map[Name]Record{}}
	for _, rr := range section {
		h := rr.Header()
		rt := Type(h.Rrtype)
		if h.Class != mdns.ClassINET || rt != t && rt != TypeCNAME {
			continue
		}
		r, failed := readRecord(rr)
		if failed != nil {
			return found, failed
		}
		if rt == t {
			found.records[r.Name] = append(found.records[r.Name], r)
			continue
		}
		if other, ok := found.aliases[r.Name]; ok && other.Data != r.Data {
			return found, malformed("%s has two CNAME records", r.Name)
		}
		found.aliases[r.Name] = r
	}
	return found, nil
}

func readRecord(rr mdns.RR) (Record, *Error) {
	r, err := fromRR(rr)
	if err != nil {
		return Record{}, malformed("a record cannot be read: %v", err)
	}
	return r, nil
}

// follow walks the chain from name and sets Chain and Records of a. The order
// of the section does not matter. It returns the chain's last target; a chain
// that never ends is cut, one link too long.
func (s answerSection) follow(name Name, a *Answer) (Name, *Error) {
	for len(a.Chain) <= maxChain {
		alias, ok := s.aliases[name]
		if !ok {
			break
		}
		// RFC 2181 §10.1: an alias has no other data. Who asks which of the two
		// is used gets different answers from different resolvers.
		if len(s.records[name]) > 0 {
			return name, malformed("%s has a CNAME and other records", name)
		}
		a.Chain = append(a.Chain, alias)
		name = alias.Data.(CNAME).Target
	}
	a.Records = tidy(s.records[name])
	return name, nil
}

// tidy sorts a set by its text and drops duplicates (RFC 2181 §5); of two that
// differ in TTL the shorter stays.
func tidy(set []Record) []Record {
	slices.SortFunc(set, func(a, b Record) int {
		return cmp.Or(strings.Compare(a.Data.String(), b.Data.String()), cmp.Compare(a.TTL, b.TTL))
	})
	return slices.CompactFunc(set, func(a, b Record) bool { return a.Data == b.Data })
}

// negativeSOA returns the SOA of the zone that lacks target (RFC 2308 §2), nil
// if the authority section has none.
func negativeSOA(authority []mdns.RR, target Name) (*Record, *Error) {
	for _, rr := range authority {
		if h := rr.Header(); h.Rrtype != mdns.TypeSOA || h.Class != mdns.ClassINET {
			continue
		}
		soa, failed := readRecord(rr)
		if failed != nil {
			return nil, failed
		}
		if target.Below(soa.Name) {
			return &soa, nil
		}
	}
	return nil, nil
}

const (
	maxExtended     = 4   // extended errors that are kept of a reply
	maxExtendedText = 256 // octets kept of each one's text
)

// extendedErrors returns the extended DNS errors of a reply in words (RFC 8914
// §2); their text is the server's.
func extendedErrors(m *mdns.Msg) string {
	opt := m.IsEdns0()
	if opt == nil {
		return ""
	}
	var words []string
	for _, o := range opt.Option {
		e, ok := o.(*mdns.EDNS0_EDE)
		if !ok || len(words) == maxExtended {
			continue
		}
		s := fmt.Sprintf("EDE %d", e.InfoCode)
		if name, known := mdns.ExtendedErrorCodeToString[e.InfoCode]; known {
			s += " " + name
		}
		text := e.ExtraText[:min(len(e.ExtraText), maxExtendedText)]
		if text = strings.ToValidUTF8(text, "\uFFFD"); text != "" {
			s += ": " + text
		}
		words = append(words, s)
	}
	return strings.Join(words, "; ")
}
