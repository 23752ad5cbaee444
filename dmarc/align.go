package dmarc

import (
	"context"

	"sendplan/internal/dns"
)

// OrgFunc returns the organizational domain of a name. Its error is a
// [*dns.Error].
type OrgFunc func(dns.Name) (dns.Name, error)

// OrgDomain returns the organizational domain of a name by a tree walk (RFC
// 9989 §4.10.2). Its error is a [*dns.Error] and means that a failure matters.
func OrgDomain(ctx context.Context, r dns.Resolver, name dns.Name) (dns.Name, error) {
	d := Discovery{Walk: walk(ctx, r, name)}
	d.organization(outcomes(name, d.Walk))
	if d.OrgErr != nil {
		return "", d.OrgErr
	}
	return d.Org, nil
}

// TreeOrg is [OrgDomain] as an [OrgFunc].
func TreeOrg(ctx context.Context, r dns.Resolver) OrgFunc {
	return func(name dns.Name) (dns.Name, error) { return OrgDomain(ctx, r, name) }
}

// SuffixOrg finds organizational domains by the public suffix list, as RFC 7489
// §3.2 did: one label below the public suffix, which suffix returns. A name that
// is itself a public suffix has no label below; it stands for itself.
func SuffixOrg(suffix func(dns.Name) dns.Name) OrgFunc {
	return func(name dns.Name) (dns.Name, error) {
		s := suffix(name)
		if name == s || !name.Below(s) {
			return name, nil
		}
		return below(name, s), nil
	}
}

// Answer is yes, no, or not known.
type Answer uint8

// The answers.
const (
	No Answer = iota
	Yes
	NotKnown
)

var answerNames = [...]string{"no", "yes", "unknown"}

// String returns "no", "yes" or "unknown".
func (a Answer) String() string { return answerNames[a] }

// Aligned reports whether two domains are aligned (RFC 9989 §4.4, 4.10.2):
// equal if the mode is strict, of one organizational domain if it is relaxed. It
// asks for organizational domains only where it must, then for both, and is
// symmetric.
func Aligned(a, b dns.Name, mode Mode, org OrgFunc) (bool, error) {
	if known := compare(a, b, mode); known != NotKnown {
		return known == Yes, nil
	}
	if b < a {
		a, b = b, a // one of two errors is returned, the same in either order
	}
	orgA, errA := org(a)
	orgB, errB := org(b)
	switch {
	case errA != nil:
		return false, errA
	case errB != nil:
		return false, errB
	}
	return orgA == orgB, nil
}

// compare decides alignment by the names alone, as far as that goes. An
// organizational domain has at least the top-level domain in common with its
// names, so names of different ones are never aligned.
func compare(a, b dns.Name, mode Mode) Answer {
	switch {
	case a == "" || b == "": // no domain: no identifier
		return No
	case a == b:
		return Yes
	case mode == Strict || top(a) != top(b):
		return No
	}
	return NotKnown
}

func top(n dns.Name) dns.Name {
	for p := n.Parent(); p != dns.Root; p = n.Parent() {
		n = p
	}
	return n
}
