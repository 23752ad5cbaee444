package inventory

import (
	"strings"

	"sendplan/internal/dns"
)

// parked finds what uses a domain that sends nothing and takes no mail: its
// records would be written to forbid that.
func (c *checker) parked() {
	for i, d := range c.file.Domains {
		for j, rua := range d.DMARC.RUA {
			c.parkedReports(c.file.root.at("domains", i, "dmarc", "rua", j), rua)
		}
	}
	for i, d := range c.file.Devices {
		c.parkedDevice(d, func(path ...any) *node { return c.file.root.at(append([]any{"devices", i}, path...)...) })
	}
}

func (c *checker) parkedReports(at *node, rua string) {
	domain := dns.Name(rua[strings.LastIndexByte(rua, '@')+1:])
	if line, parked := c.parkedOn(domain); parked {
		c.fault(at, "rua: %s is parked (line %d), so it takes no mail: expected an address that reports can reach", domain, line)
	}
}

func (c *checker) parkedDevice(d Device, at func(path ...any) *node) {
	for j, a := range d.From {
		c.parkedSender(at("from", j), "from", a.Domain)
	}
	c.parkedSender(at("mail_from"), "mail_from", d.MailFrom.Domain)
	c.parkedSender(at("signs_as"), "signs_as", d.SignsAs)
	// RFC 7208 §2.4: with the null sender the name in HELO is what is checked.
	if line, parked := c.parkedOn(d.HELO); parked && d.MailFrom.Null {
		c.fault(at("helo"), "helo: %s is parked (line %d), but with the null sender it is what SPF is checked for", d.HELO, line)
	} else if parked {
		c.doubt(at("helo"), "helo: %s is parked (line %d): receivers that check SPF of this name too will find that nothing may send", d.HELO, line)
	}
}

func (c *checker) parkedSender(at *node, key string, domain dns.Name) {
	if domain == "" {
		return
	}
	if line, parked := c.parkedOn(domain); parked {
		c.fault(at, "%s: %s is parked (line %d), so nothing sends from it: expected another domain, or no parked there", key, domain, line)
		return
	}
	if above, line := c.parkedAbove(domain); above != "" {
		c.doubt(at, "%s: %s is parked (line %d), and what is published for it reaches %s: list %s under domains with its own policy", key, above, line, domain, domain)
	}
}

// parkedOn returns the line that says that a domain is parked.
func (c *checker) parkedOn(n dns.Name) (line int, parked bool) {
	i, listed := c.domains[n]
	if !listed || c.file.Domains[i].Parked != True {
		return 0, false
	}
	return c.file.root.at("domains", i, "parked").start.line + 1, true
}

// parkedAbove returns the domain listed next above n if that is parked and n
// itself is not listed.
func (c *checker) parkedAbove(n dns.Name) (above dns.Name, line int) {
	for ; n != dns.Root; n = n.Parent() {
		if _, listed := c.domains[n]; listed {
			if line, parked := c.parkedOn(n); parked {
				return n, line
			}
			return "", 0
		}
	}
	return "", 0
}
