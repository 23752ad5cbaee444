package check

import (
	"slices"
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

// Transport is what a domain publishes about the encryption of mail on its way
// to it, and about its logo. Nothing of it is needed for mail to flow.
type Transport struct {
	Root   Lookup // the root's NS records: signed, so a resolver that validates says so of them
	STS    Lookup // TXT at _mta-sts (RFC 8461 §3.1)
	TLSRPT Lookup // TXT at _smtp._tls (RFC 8460 §3)
	BIMI   Lookup // TXT at default._bimi
	TLSA   []TLSA // of the first hosts of Exchange, in their order
	Policy STSPolicy
}

// TLSA is what a mail exchanger publishes for DANE (RFC 7672).
type TLSA struct {
	Host   Host
	Lookup Lookup // TLSA at _25._tcp of the host
}

// maxTLSA bounds the mail exchangers that are asked about.
const maxTLSA = 10

func lookTransport(r dns.Resolver, d *Domain) Transport {
	t := Transport{BIMI: lookBelow(r, d.Name, "default._bimi", dns.TypeTXT)}
	if d.Exchange.MX.Err != nil || d.Exchange.Null() || d.Exchange.Implicit() {
		return t
	}
	t.Root = lookup(r, dns.Root, dns.TypeNS)
	t.STS = lookBelow(r, d.Name, "_mta-sts", dns.TypeTXT)
	t.TLSRPT = lookBelow(r, d.Name, "_smtp._tls", dns.TypeTXT)
	for _, h := range d.Exchange.Hosts[:min(len(d.Exchange.Hosts), maxTLSA)] {
		if h.Name != dns.Root && !h.Literal.IsValid() {
			t.TLSA = append(t.TLSA, TLSA{h, lookBelow(r, h.Name, "_25._tcp", dns.TypeTLSA)})
		}
	}
	return t
}

// lookBelow asks for labels below name; where that is too long for a name,
// nothing can be there.
func lookBelow(r dns.Resolver, name dns.Name, labels string, t dns.Type) Lookup {
	below, err := name.Child(labels)
	if err != nil {
		return Lookup{}
	}
	return lookup(r, below, t)
}

// Validates reports whether the resolver says of answers that it validated them,
// so that an answer of which it does not is not signed.
func (t Transport) Validates() bool { return t.Root.Err == nil && t.Root.Answer.Secure }

// asked reports whether a question was put at all.
func (l Lookup) asked() bool {
	return l.Err != nil || l.Answer.Server != "" || !l.Answer.Void() || l.Answer.Exists
}

// records returns the TXT records that begin with a version, in the order of the
// answer.
func (l Lookup) records(version string) []string {
	var found []string
	for _, r := range l.Answer.Records {
		if txt, ok := r.Data.(dns.TXT); ok && strings.HasPrefix(txt.Joined(), version) {
			found = append(found, txt.Joined())
		}
	}
	return found
}

// usable returns the records that a sender can use. RFC 7672 §3.1.3: usages 0
// and 1 are unusable for SMTP; §3.1.1: an unknown parameter, or data of another
// length than the digest's, is as well.
func (t TLSA) usable() []dns.TLSA {
	var found []dns.TLSA
	for _, r := range t.Lookup.Answer.Records {
		d, ok := r.Data.(dns.TLSA)
		octets := map[uint8]int{1: 32, 2: 64}[d.Matching]
		if ok && (d.Usage == 2 || d.Usage == 3) && d.Selector <= 1 && d.Matching <= 2 && (octets == 0 || len(d.Data) == 2*octets) {
			found = append(found, d)
		}
	}
	return found
}

// Secure reports whether senders use DANE for the host: RFC 7672 §2.2, the MX
// records, the host's addresses and its TLSA records must all be signed.
func (t TLSA) Secure(d *Domain) bool {
	addressed := t.Host.A.Answer.Secure && t.Host.A.Err == nil || t.Host.AAAA.Answer.Secure && t.Host.AAAA.Err == nil
	return d.Exchange.MX.Answer.Secure && addressed && t.Lookup.Answer.Secure
}

// lookupFindings is a check of whether a question was answered.
func lookupFindings(d *Domain, l Lookup, labels, what string) []finding.Finding {
	switch name, err := d.Name.Child(labels); {
	case err != nil || !l.asked():
		return nil
	case l.Err != nil:
		return []finding.Finding{unknown(name, "could not find out whether the domain publishes "+what, l.Err)}
	}
	return nil
}

// tag is name=value of a record that is a list of tags.
type tag struct{ Name, Value string }

// splitTags reads a list of tags parted by semicolons. ok is false where a part
// is none.
func splitTags(text string) (tags []tag, ok bool) {
	parts := strings.Split(text, ";")
	if strings.TrimSpace(parts[len(parts)-1]) == "" {
		parts = parts[:len(parts)-1]
	}
	for _, part := range parts {
		name, value, found := strings.Cut(part, "=")
		if name = strings.TrimSpace(name); !found || name == "" {
			return nil, false
		}
		tags = append(tags, tag{name, strings.TrimSpace(value)})
	}
	return tags, true
}

func tagValue(tags []tag, name string) (string, bool) {
	i := slices.IndexFunc(tags, func(t tag) bool { return t.Name == name })
	if i < 0 {
		return "", false
	}
	return tags[i].Value, true
}
