package spf

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// match evaluates one mechanism.
func (e *evaluator) match(f *frame, t Term) (bool, *stop) {
	switch t.Kind {
	case KindAll:
		return e.decided(f, t, true, "all matches every address"), nil
	case KindIP4, KindIP6:
		return e.matchNetwork(f, t), nil
	}
	to, stop := e.enter(f, t)
	if stop != nil {
		return false, stop
	}
	switch {
	// RFC 8616 §4: such a term never matches.
	case usesLocalPart(t.Domain) && !isASCII(e.local):
		return e.decided(f, t, false, "the local part of the sender is not US-ASCII"), nil
	case t.Kind == KindInclude:
		return e.include(f, t, to)
	// RFC 7208 §4.8 leaves the result open; no match is the common reading.
	case to.name == "":
		return e.decided(f, t, false, show(to.text)+" is no domain name"), nil
	case t.Kind == KindA:
		return e.matchA(f, t, to)
	case t.Kind == KindMX:
		return e.matchMX(f, t, to)
	case t.Kind == KindPTR:
		return e.matchPTR(f, t, to)
	}
	return e.matchExists(f, t, to)
}

// decided puts a mechanism's outcome into the trace and returns it.
func (e *evaluator) decided(f *frame, t Term, matched bool, words string) bool {
	s := f.at(t.Span)
	s.Matched = matched
	if matched {
		s.Words = fmt.Sprintf("%s: match, %s", words, t.Qualifier.Result())
	} else {
		s.Words = words + ": no match"
	}
	e.step(s)
	return matched
}

// matchNetwork is ip4 and ip6 (RFC 7208 §5.6). An IPv4 client, mapped or not,
// matches no ip6 (§5).
func (e *evaluator) matchNetwork(f *frame, t Term) bool {
	if t.Prefix.Contains(e.ip) {
		return e.decided(f, t, true, fmt.Sprintf("%s is in %s", e.ip, t.Prefix))
	}
	return e.decided(f, t, false, fmt.Sprintf("%s is not in %s", e.ip, t.Prefix))
}

// include is RFC 7208 §5.2.
func (e *evaluator) include(f *frame, t Term, to target) (bool, *stop) {
	s := f.at(t.Span)
	s.Words = fmt.Sprintf("the record of %s is evaluated", show(to.text))
	e.step(s)
	o := e.check(to, f.depth+1, t.Span, f)
	switch o.result {
	case Pass:
		return e.decided(f, t, true, fmt.Sprintf("%s gives pass", to.name)), nil
	case None:
		return false, e.permerror(f, t.Span, ProblemIncludeNone, fmt.Sprintf("include leads to %s, which has no SPF record", show(to.text)))
	case TempError, PermError:
		return false, o.stop
	}
	return e.decided(f, t, false, fmt.Sprintf("%s gives %s", to.name, o.result)), nil
}

// matchA is RFC 7208 §5.3.
func (e *evaluator) matchA(f *frame, t Term, to target) (bool, *stop) {
	ips, stop := e.addresses(f, t.Span, to.name)
	if stop != nil {
		return false, stop
	}
	if hit, ok := e.among(ips, t); ok {
		return e.decided(f, t, true, fmt.Sprintf("%s has %s, which covers %s", to.name, hit, e.ip)), nil
	}
	return e.decided(f, t, false, fmt.Sprintf("%s has %s", to.name, listAddrs(ips))), nil
}

// matchMX is RFC 7208 §5.4. The hosts are asked in the order of preference,
// until one matches.
func (e *evaluator) matchMX(f *frame, t Term, to target) (bool, *stop) {
	ans, stop := e.ask(f, t.Span, to.name, dns.TypeMX, false)
	if stop != nil {
		return false, stop
	}
	hosts, n := mxHosts(ans)
	// §4.6.4
	if n > e.limits.MXHosts {
		return false, e.permerror(f, t.Span, ProblemMXHosts, fmt.Sprintf("%s has %d MX records, at most %d are allowed", to.name, n, e.limits.MXHosts))
	}
	for _, h := range hosts {
		ips, stop := e.addresses(f, t.Span, h)
		if stop != nil {
			return false, stop
		}
		if hit, ok := e.among(ips, t); ok {
			return e.decided(f, t, true, fmt.Sprintf("%s, an MX host of %s, has %s, which covers %s", h, to.name, hit, e.ip)), nil
		}
	}
	// A name without MX is not its own MX host here.
	return e.decided(f, t, false, fmt.Sprintf("%s has %d MX hosts, none covers %s", to.name, len(hosts), e.ip)), nil
}

// mxHosts returns the hosts of an MX answer in the order of preference, without
// the null MX of RFC 7505, and how many records there are.
func mxHosts(ans dns.Answer) (hosts []dns.Name, n int) {
	var mxs []dns.MX
	for _, r := range ans.Records {
		if mx, ok := r.Data.(dns.MX); ok {
			mxs = append(mxs, mx)
		}
	}
	slices.SortStableFunc(mxs, func(a, b dns.MX) int {
		if a.Preference != b.Preference {
			return int(a.Preference) - int(b.Preference)
		}
		return strings.Compare(string(a.Host), string(b.Host))
	})
	for _, mx := range mxs {
		if mx.Host != dns.Root && mx.Host != "" {
			hosts = append(hosts, mx.Host)
		}
	}
	return hosts, len(mxs)
}

// matchExists is RFC 7208 §5.7: the question is for A also when the client has
// an IPv6 address.
func (e *evaluator) matchExists(f *frame, t Term, to target) (bool, *stop) {
	ans, stop := e.ask(f, t.Span, to.name, dns.TypeA, false)
	if stop != nil {
		return false, stop
	}
	if ips := addrs(ans); len(ips) > 0 {
		return e.decided(f, t, true, fmt.Sprintf("%s has %s", to.name, listAddrs(ips))), nil
	}
	return e.decided(f, t, false, fmt.Sprintf("%s has no IPv4 address", to.name)), nil
}

// addresses asks for the addresses of the client's family (RFC 7208 §5).
func (e *evaluator) addresses(f *frame, span Span, name dns.Name) ([]netip.Addr, *stop) {
	ans, stop := e.ask(f, span, name, e.addressType(), false)
	return addrs(ans), stop
}

func (e *evaluator) addressType() dns.Type {
	if e.ip.Is4() {
		return dns.TypeA
	}
	return dns.TypeAAAA
}

// among returns the first network, of an address and the term's prefix length,
// that holds the client.
func (e *evaluator) among(ips []netip.Addr, t Term) (netip.Prefix, bool) {
	bits := t.Bits6()
	if e.ip.Is4() {
		bits = t.Bits4()
	}
	for _, ip := range ips {
		if p, err := ip.Prefix(bits); err == nil && p.Contains(e.ip) {
			return p, true
		}
	}
	return netip.Prefix{}, false
}

func addrs(ans dns.Answer) []netip.Addr {
	var ips []netip.Addr
	for _, r := range ans.Records {
		if d, ok := r.Data.(dns.Addr); ok {
			ips = append(ips, d.IP)
		}
	}
	return ips
}

// listAddrs words a list of addresses, the first few of them.
func listAddrs(ips []netip.Addr) string {
	const most = 5
	if len(ips) == 0 {
		return "no address"
	}
	var s []string
	for _, ip := range ips[:min(len(ips), most)] {
		s = append(s, ip.String())
	}
	if len(ips) > most {
		s = append(s, fmt.Sprintf("%d more", len(ips)-most))
	}
	return strings.Join(s, ", ")
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 })
}
