package dns

import (
	"cmp"
	"slices"

	mdns "github.com/miekg/dns"
)

// readDirect reads what a server that was asked without recursion says about
// key: for itself as an authority, or that others are asked. An alias is not
// followed, because what stands behind it need not be for this server to say.
func readDirect(msg []byte, key Key) (reply, *Error) {
	m, failed := readMessage(msg)
	if failed != nil {
		return reply{}, failed
	}
	r := reply{complete: true}
	found, failed := sortAnswer(m.Answer, key.Type)
	if failed != nil {
		return reply{}, failed
	}
	if r.Negative, failed = negativeSOA(m.Ns, key.Name); failed != nil {
		return reply{}, failed
	}
	if len(m.Answer) == 0 && m.Rcode == mdns.RcodeSuccess && r.Negative == nil {
		if r.Referral, failed = referral(m, key.Name); failed != nil || r.Referral != nil {
			r.Exists = true
			return r, failed
		}
	}
	if !m.Authoritative {
		return reply{}, &Error{Cause: Lame, Detail: "its answer is not marked as authoritative"}
	}
	return found.own(r, key, m)
}

// own is what an authoritative answer says about the name itself.
func (s answerSection) own(r reply, key Key, m *mdns.Msg) (reply, *Error) {
	r.Records = tidy(s.records[key.Name])
	alias, aliased := s.aliases[key.Name]
	nxdomain := m.Rcode == mdns.RcodeNameError
	switch {
	case aliased && len(r.Records) > 0:
		return reply{}, malformed("%s has a CNAME and other records", key.Name)
	case aliased: // RFC 6604 §3: the response code is about the alias's target
		r.Chain, r.Exists, r.Negative = []Record{alias}, true, nil
	case len(r.Records) > 0 && nxdomain:
		return reply{}, malformed("it says NXDOMAIN and holds records of %s", key.Name)
	case len(r.Records) > 0:
		r.Exists, r.Negative = true, nil
	case len(m.Answer) > 0:
		return reply{}, malformed("its answer section holds only records that were not asked for")
	default:
		r.Exists = !nxdomain
	}
	return r, nil
}

// referral returns the NS records of the zone that holds name, and the addresses
// of their hosts that came along (RFC 1034 §4.3.2 step 3b); nil if the message
// refers to nobody. A reference to the root is none: servers send it for names
// that they know nothing about.
func referral(m *mdns.Msg, name Name) ([]Record, *Error) {
	var servers, addresses []Record
	hosts := map[Name]bool{}
	for _, rr := range m.Ns {
		if h := rr.Header(); h.Rrtype != mdns.TypeNS || h.Class != mdns.ClassINET {
			continue
		}
		r, failed := readRecord(rr)
		if failed != nil {
			return nil, failed
		}
		if r.Name == Root || !name.Below(r.Name) || len(servers) > 0 && servers[0].Name != r.Name {
			return nil, &Error{Cause: Lame, Detail: "it refers to the servers of " + r.Name.String()}
		}
		servers = append(servers, r)
		hosts[r.Data.(NS).Host] = true
	}
	for _, rr := range m.Extra {
		if t := rr.Header().Rrtype; t != mdns.TypeA && t != mdns.TypeAAAA || servers == nil {
			continue
		}
		r, failed := readRecord(rr)
		if failed != nil {
			return nil, failed
		}
		if hosts[r.Name] {
			addresses = append(addresses, r)
		}
	}
	return append(tidy(servers), sortedAddresses(addresses)...), nil
}

// sortedAddresses sorts address records by host and address and drops
// duplicates.
func sortedAddresses(records []Record) []Record {
	slices.SortFunc(records, func(a, b Record) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Data.String(), b.Data.String()), cmp.Compare(a.TTL, b.TTL))
	})
	return slices.CompactFunc(records, func(a, b Record) bool { return a.Name == b.Name && a.Data == b.Data })
}
