package evidence

import (
	"bytes"
	"regexp"
	"strings"

	"sendplan/internal/dns"
)

// atoms is a local part that needs no quotes (RFC 5322 §3.2.3, dot-atom). Names
// in other scripts are left out: no device has one, and no method takes one.
var atoms = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$")

// system is the sender of Exchange's own reports.
var system = regexp.MustCompile(`^microsoftexchange[0-9a-f]{32}$`)

const maxLocal = 64 // RFC 5321 §4.5.3.1.1

// address is a mailbox that can go into an inventory. Exchange does not tell
// upper from lower case, so neither do we.
type address struct {
	local  string
	domain dns.Name
}

func (a address) String() string { return a.local + "@" + string(a.domain) }

// parseAddress reads an address, which may stand in angle brackets.
func parseAddress(cell []byte) (address, bool) {
	if len(cell) > 320 {
		return address{}, false
	}
	text := string(bytes.TrimSuffix(bytes.TrimPrefix(cell, []byte("<")), []byte(">")))
	i := strings.LastIndexByte(text, '@')
	if i < 1 || i > maxLocal || !atoms.MatchString(text[:i]) {
		return address{}, false
	}
	domain, err := dns.ParseName(text[i+1:])
	if err != nil || !strings.Contains(string(domain), ".") || domain == dns.Root {
		return address{}, false
	}
	return address{local: strings.ToLower(text[:i]), domain: domain}, true
}

// forOneMessage reports whether the local part was made for one message and
// holds another address: variable envelope return paths
// (bounce+anna=fabrikam.example), SRS and BATV all write "=". Such an address
// would carry a recipient into the result, and each is seen once.
func (a address) forOneMessage() bool { return strings.Contains(a.local, "=") }

// empty reports whether a cell is a null sender.
func empty(cell []byte) bool { return len(cell) == 0 || string(cell) == "<>" }

// below reports whether a domain is under one of the accepted ones.
func below(domain dns.Name, accepted []dns.Name) bool {
	for _, a := range accepted {
		if strings.HasSuffix(string(domain), "."+string(a)) {
			return true
		}
	}
	return false
}
