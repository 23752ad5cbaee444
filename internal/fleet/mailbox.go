package fleet

import (
	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/method"
)

// Mailbox returns what method needs to know of the people's mailboxes of a
// domain: mail to anyone that Exchange Online sends on.
func Mailbox(inv *inventory.Inventory, domain dns.Name) method.Input {
	d := inventory.Device{
		Name: "mailboxes of " + string(domain), Method: inventory.SMTPAuth, Recipients: inventory.Anyone,
		From: []inventory.Address{{Local: inventory.AnyLocal, Domain: domain}},
	}
	return method.Input{Device: device(d, Seen{}), Tenant: tenant(inv, d, Seen{}), Others: neighbours(inv, Seen{})}
}

func neighbours(inv *inventory.Inventory, seen Seen) []method.Neighbour {
	list := make([]method.Neighbour, len(inv.Devices))
	for i, d := range inv.Devices {
		list[i] = method.Neighbour{Device: device(d, seen), Site: site(inv, d)}
	}
	return list
}
