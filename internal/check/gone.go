package check

import (
	"fmt"
	"strings"

	"golang.org/x/net/publicsuffix"

	"sendplan/internal/dns"
	"sendplan/spf"
)

// Gone is a name that the domain's records trust, and that does not exist.
type Gone struct {
	Name        dns.Name
	Registrable dns.Name // the domain that would have to be registered to own it
	Owner       Lookup   // whether that exists
	Registry    Lookup   // whether the name above it does: nobody can register below "local"
}

// Unregistered reports whether the name does not exist because nobody owns the
// domain that it is in.
func (g Gone) Unregistered() bool {
	_, gone := nonexistent(g.Owner, g.Registrable)
	_, nowhere := nonexistent(g.Registry, g.Registrable.Parent())
	return gone && len(g.Owner.Answer.Chain) == 0 && g.Registry.Err == nil && !nowhere
}

// lookGone asks for the owner of each name that an SPF record of the tree, or an
// MX record, leads to and that does not exist (RFC 8020: then nothing exists
// below it either).
func lookGone(r dns.Resolver, d *Domain) []Gone {
	var found []Gone
	seen := map[dns.Name]bool{}
	look := func(name dns.Name, t dns.Type) {
		end, gone := nonexistent(lookup(r, name, t), name)
		registrable := registrableDomain(end)
		if !gone || registrable == "" || seen[name] {
			return
		}
		seen[name] = true
		found = append(found, Gone{name, registrable, lookup(r, registrable, dns.TypeNS), lookup(r, registrable.Parent(), dns.TypeNS)})
	}
	for n := range d.spfNodes() {
		if t, asks := askedBy(n); asks {
			look(n.Target, t)
		}
	}
	for _, h := range d.Exchange.Hosts {
		if h.Name != dns.Root && !h.Literal.IsValid() && !d.Exchange.Implicit() {
			look(h.Name, dns.TypeA)
		}
	}
	return found
}

// nonexistent returns the name that an answer is about in the end, and whether
// that is one that does not exist.
func nonexistent(l Lookup, name dns.Name) (end dns.Name, gone bool) {
	return l.Answer.Target(name), l.Err == nil && l.Answer.Void() && !l.Answer.Exists
}

// askedBy returns the type of record that an evaluation asks for at the target
// of a term; ok is false if there is none that is the same for all messages.
func askedBy(n *spf.Node) (t dns.Type, ok bool) {
	if n.Parent == nil || n.Target == "" || n.State == spf.StateIgnored || n.State == spf.StateSender || n.State == spf.StateTruncated {
		return 0, false
	}
	switch n.Term.Kind {
	case spf.KindInclude, spf.KindRedirect:
		return dns.TypeTXT, true
	case spf.KindA, spf.KindExists:
		return dns.TypeA, true
	case spf.KindMX:
		return dns.TypeMX, true
	}
	return 0, false
}

// registrableDomain returns the domain that a registry would have to hand out
// for name to come into being, "" if there is none. Suffixes that are no
// registry's, such as those of hosters, do not count: who can get a name there,
// only the hoster knows.
func registrableDomain(name dns.Name) dns.Name {
	labels := name.Labels()
	for i := len(labels) - 2; i >= 0; i-- {
		candidate := strings.Join(labels[i:], ".")
		suffix, registry := publicsuffix.PublicSuffix(candidate)
		if suffix != candidate || !registry {
			return dns.Name(candidate)
		}
	}
	return ""
}

// words says which domain does not exist, after the name.
func (g Gone) words() string {
	if g.Name == g.Registrable {
		return "which does not exist"
	}
	return fmt.Sprintf("but %s does not exist", g.Registrable.Unicode())
}

// gone returns what is known about a name that does not exist.
func (d *Domain) gone(name dns.Name) (Gone, bool) {
	for _, g := range d.Gone {
		if g.Name == name {
			return g, true
		}
	}
	return Gone{}, false
}
