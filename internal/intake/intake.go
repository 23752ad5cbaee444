// Package intake turns what was seen of mail, in the DNS and in exports, into parts
// of an inventory, for a person to review.
package intake

import (
	"net/netip"
	"slices"
	"strings"

	"sendplan/internal/evidence"
	"sendplan/internal/inventory"
)

// Proposal is one sender that was seen, and what it would be in the inventory.
type Proposal struct {
	Seen   evidence.Suggestion
	Device inventory.Device // zero where Known or Problem is set
	Known  []string         // the devices of the inventory that write as the same address
	// Problem says why the sender cannot stand in an inventory; empty: it can.
	Problem string
}

// New reports whether the inventory lacks the sender, and could hold it.
func (p Proposal) New() bool { return len(p.Known) == 0 && p.Problem == "" }

// IsDevice reports whether the sender is new and probably a device. One whose way
// of sending the file does not tell may as well be a person's mailbox.
func (p Proposal) IsDevice() bool { return p.New() && p.Seen.Method != evidence.MethodUnknown }

// Propose compares what was seen with an inventory, in the order of what was
// seen. An inventory that holds nothing knows no sender.
func Propose(inv *inventory.Inventory, found []evidence.Found) []Proposal {
	var taken []string
	for _, d := range inv.Devices {
		taken = append(taken, d.Name)
	}
	seen := evidence.Suggest(found, taken)
	list := make([]Proposal, len(seen))
	for i, s := range seen {
		list[i] = propose(inv, s)
	}
	return list
}

func propose(inv *inventory.Inventory, s evidence.Suggestion) Proposal {
	p := Proposal{Seen: s}
	from, err := inventory.ParseAddress(s.From)
	if err != nil {
		p.Problem = err.Error()
		return p
	}
	if p.Known = writers(inv, from); len(p.Known) > 0 {
		return p
	}
	p.Device = device(inv, s, from)
	return p
}

// writers returns the devices that write or log in as an address.
func writers(inv *inventory.Inventory, from inventory.Address) []string {
	same := func(a inventory.Address) bool {
		return a.Domain == from.Domain && strings.EqualFold(a.Local, from.Local)
	}
	var list []string
	for _, d := range inv.Devices {
		if slices.ContainsFunc(d.From, same) || same(d.Login) {
			list = append(list, d.Name)
		}
	}
	return list
}

func device(inv *inventory.Inventory, s evidence.Suggestion, from inventory.Address) inventory.Device {
	d := inventory.Device{
		Name: s.Name, Site: siteOf(inv, s.Address), Now: now(inv, s), From: []inventory.Address{from},
		MailFrom: mailFrom(s.MailFrom), PerDay: perDay(s), Review: review(s),
	}
	if s.Method == evidence.MethodSMTPAuth {
		d.Login = from
	}
	if s.Auth != evidence.AuthUnknown {
		d.Auth = inventory.Auth(s.Auth)
	}
	if s.TLS != "" {
		d.TLS = inventory.TLS(s.TLS)
	}
	if s.Recipients != evidence.ScopeUnknown {
		d.Recipients = inventory.Recipients(s.Recipients)
	}
	return d
}

// perDay prefers recipients, which is what limits count, to messages.
func perDay(s evidence.Suggestion) int {
	if s.RcptPerDay > 0 {
		return s.RcptPerDay
	}
	return s.PerDay
}

// siteOf returns the site that has an address.
func siteOf(inv *inventory.Inventory, addr netip.Addr) string {
	for _, s := range inv.Sites {
		if slices.ContainsFunc(s.Addresses, func(p netip.Prefix) bool { return p.Contains(addr.Unmap()) }) {
			return s.Name
		}
	}
	return ""
}

// now returns the method in the words of the inventory. By what a connector
// knows its senders is in the inventory, or not known.
func now(inv *inventory.Inventory, s evidence.Suggestion) inventory.Method {
	switch s.Method {
	case evidence.MethodSMTPAuth:
		return inventory.SMTPAuth
	case evidence.MethodDirectSend:
		return inventory.DirectSend
	case evidence.MethodConnector:
		for _, c := range inv.Tenant.Connectors {
			if strings.EqualFold(c.Name, s.Connector) {
				return byConnector(c)
			}
		}
	}
	return ""
}

func byConnector(c inventory.Connector) inventory.Method {
	switch {
	case c.Certificate != "" && len(c.Addresses) == 0:
		return inventory.ConnectorCert
	case c.Certificate == "" && len(c.Addresses) > 0:
		return inventory.ConnectorIP
	}
	return ""
}

func mailFrom(s string) inventory.MailFrom {
	if s == "<>" {
		return inventory.MailFrom{Null: true}
	}
	a, err := inventory.ParseAddress("a@" + s)
	if s == "" || err != nil {
		return inventory.MailFrom{}
	}
	return inventory.MailFrom{Domain: a.Domain}
}

// maxReview keeps the text on its line of the file, in octets. The other
// reasons are in the output.
const maxReview = 90

// review is what a person has to confirm: how sure the method is and the reason
// for it.
func review(s evidence.Suggestion) string {
	text := string(s.Confidence) + " confidence"
	for _, why := range s.Why {
		if len(text)+len(why)+2 > maxReview {
			break
		}
		text += "; " + why
	}
	return text
}
