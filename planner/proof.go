package planner

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/dmarc"
	"sendplan/internal/dns"
	"sendplan/internal/fleet"
	"sendplan/internal/inventory"
	"sendplan/internal/method"
	"sendplan/internal/proof"
	"sendplan/spf"
)

// prove judges every device and every sender that the records were meant to
// allow, in the DNS of today and in the one after the plan.
func (m *maker) prove() { m.proveIn(m.with(m.plan.Changes())) }

// proveIn is prove with another DNS in the place of the one after the plan.
func (m *maker) proveIn(then dns.Resolver) {
	before, after := proof.At(m.now), proof.At(then)
	for _, d := range m.fleet.Devices {
		m.plan.Devices = append(m.plan.Devices, m.proveDevice(d, before, after))
	}
	for _, d := range m.domains {
		m.proveSenders(d, before, after)
	}
}

// mailOf is what a device sends by a method.
func (m *maker) mailOf(d fleet.Device, id method.ID) proof.Mail {
	mail := proof.Mail{Hops: method.Route(d.Input, id), Selector: m.selector(d.Device, id)}
	for _, a := range d.From {
		if !slices.Contains(mail.From, a.Domain) {
			mail.From = append(mail.From, a.Domain)
		}
	}
	return mail
}

// selector returns the selector of the signature that a device's mail gets by a
// method: a relay that it goes through signs in its place.
func (m *maker) selector(d inventory.Device, id method.ID) string {
	names := []string{}
	if id.Kind() == method.Via {
		names = append(names, id.Name())
	}
	if family, name := m.inv.Tenant.Outbound.Of(); family == inventory.OwnServerFamily && id.Kind().Tenant() {
		names = append(names, name)
	}
	for _, name := range names {
		if relay, ok := m.inv.Device(name); ok && relay.SignsAs != "" {
			return relay.SignSelector
		}
	}
	return d.SignSelector
}

func (m *maker) proveDevice(d fleet.Device, before, planned *proof.Receiver) Device {
	out := Device{Device: d, Method: after(d)}
	mail := m.mailOf(d, out.Method)
	out.Hops = mail.Hops
	out.Before, out.After = before.Judge(m.mailOf(d, method.ID(d.Today()))), planned.Judge(mail)
	out.Right, out.Why = right(d, out)
	if named, why := m.reverse(out.Hops); named != method.True && out.Right == method.True {
		out.Right, out.Why = named, why
	}
	m.judgeDevice(out)
	return out
}

// right says whether a device is right after the plan: nothing is against its
// method, and each receiver that judges it lets it pass.
func right(d fleet.Device, out Device) (method.Truth, string) {
	fits := d.Fits()
	switch {
	case out.Method == "":
		return method.Unknown, "no method is chosen"
	case fits == method.False:
		return method.False, d.Judged().Vetoes[0].Reason
	case out.After.Right == method.False:
		return method.False, out.After.Why
	case d.Device.Method == "":
		return method.Unknown, "no method is chosen; " + future(d)
	case out.After.Right == method.Unknown:
		return method.Unknown, out.After.Why
	case lacking(d) != "":
		return method.Unknown, "it works only when this is done: " + lacking(d)
	case fits == method.Unknown:
		return method.Unknown, "whether the method fits depends on: " + d.Judged().Questions[0].Text
	}
	return method.True, ""
}

// future says how long the method of today lasts.
func future(d fleet.Device) string {
	switch until := d.Until(); {
	case !until.IsZero():
		return fmt.Sprintf("today's, %s, ends on %s", d.Today(), until.Format("2 January 2006"))
	case d.Advice.Today.State == method.Free:
		return "today's, " + string(d.Today()) + ", would do"
	}
	return "today's is " + string(d.Today())
}

// lacking is what must be done before a device's method works, "" if nothing.
func lacking(d fleet.Device) string {
	for _, c := range d.Judged().Conditions {
		if c.Todo {
			return c.Text
		}
	}
	return ""
}

// judgeDevice says what of a device blocks the plan, or is not known.
func (m *maker) judgeDevice(d Device) {
	switch {
	case d.Before.Right == method.True && d.After.Right == method.False && d.Method == method.ID(d.Today()) && enforced(d.After):
		m.block(Block{ID: BlockLoses, Subject: d.Name, Message: "receivers let its mail pass today, and would not afterwards: " + d.After.Why,
			Fix: "leave out what takes it away; see its hops", Holds: m.takingAway(m.mailOf(d.Device, d.Method))})
	case d.Right == method.False && d.Fits() != method.False:
		m.block(Block{ID: BlockNotRight, Subject: d.Name, Message: d.Why, Fix: notRightFix(d)})
	case d.Right == method.Unknown && d.Device.Method == "":
		m.unknown(Unknown{Subject: d.Name, Message: d.Why, Fix: m.chooseFix(d)})
	case d.Right == method.Unknown && !asking(d.After.Err):
		m.unknown(Unknown{Subject: d.Name, Message: d.Why, Fix: m.unknownFix(d), Cause: d.After.Err})
	}
}

// enforced reports whether receivers act on a policy that the mail fails: p=none
// asks them for nothing.
func enforced(o proof.Outcome) bool {
	acts := func(d proof.DMARCOutcome) bool {
		return d.Verdict != proof.Fail || d.Policy == dmarc.Quarantine || d.Policy == dmarc.Reject
	}
	for _, hop := range o.Hops {
		for _, a := range hop.Authors {
			if a.DMARC.Right == method.False && acts(a.DMARC) || a.DMARC7489.Right == method.False && acts(a.DMARC7489) {
				return true
			}
		}
	}
	return false
}

func (m *maker) chooseFix(d Device) string {
	if rec := d.Advice.Recommended; rec != "" {
		return "write devices.method: " + string(rec) + " is recommended"
	}
	return "write devices.method; " + m.explaining(d.Name) + " shows what fits"
}

// unknownFix says what would tell whether a device is right.
func (m *maker) unknownFix(d Device) string {
	if lacking(d.Device) != "" {
		return "do it, and write it into the inventory"
	}
	if d.After.Right == method.True && len(d.Judged().Questions) > 0 {
		return "answer it in the inventory: " + strings.Replace(d.Judged().Questions[0].Field, "device.", "devices.", 1)
	}
	for _, hop := range d.Hops {
		if hop.Judged != method.False && hop.MailFrom.Known == method.Unknown && !hop.MailFrom.Null {
			return "write devices.mail_from: the sender that the service puts on the envelope"
		}
	}
	return m.explaining(d.Name) + " shows the way of its mail"
}

func notRightFix(d Device) string {
	if rec := d.Advice.Recommended; rec != "" && rec != d.Method {
		return "let it use " + string(rec) + ", or mend what its hops show"
	}
	return "mend what its hops show"
}

// takingAway returns the sets whose changes take a sender's mail away: those
// without which receivers would let it pass; if it is no single one, all.
func (m *maker) takingAway(mail proof.Mail) []dns.Key {
	changes := m.plan.Changes()
	var all, guilty []dns.Key
	for _, c := range changes {
		if slices.Contains(all, c.Key) {
			continue
		}
		all = append(all, c.Key)
		others := slices.DeleteFunc(slices.Clone(changes), func(o dns.Change) bool { return o.Key == c.Key })
		if proof.At(m.with(others)).Judge(mail).Right != method.False {
			guilty = append(guilty, c.Key)
		}
	}
	if len(guilty) == 0 {
		return all
	}
	return guilty
}

// judgeMethods blocks devices that shall use a method that does not fit them.
func (m *maker) judgeMethods() {
	for _, d := range m.fleet.Devices {
		if d.Fits() != method.False {
			m.ends(d)
			continue
		}
		fix := "choose another method"
		if rec := d.Advice.Recommended; rec != "" {
			fix = "let it use " + string(rec)
		}
		m.block(Block{ID: BlockVeto, Subject: d.Name, Message: fmt.Sprintf("%s, but %s", uses(d), d.Judged().Vetoes[0].Reason), Fix: fix})
	}
}

// ends blocks devices that shall go on with a method that ends on a known day.
func (m *maker) ends(d fleet.Device) {
	until := d.Until()
	if d.Device.Method == "" || until.IsZero() {
		return
	}
	o := Offer{Accept: acceptID("method-ends", "device", d.Name), Subject: d.Name, Text: "let it use " + string(d.Device.Method) + " until " + until.Format("2 January 2006")}
	if m.accepts(o) {
		return
	}
	fix := "choose another method"
	if rec := d.Advice.Recommended; rec != "" && rec != method.ID(d.Device.Method) {
		fix = "let it use " + string(rec)
	}
	m.block(Block{ID: BlockEnds, Accept: o.Accept, Subject: d.Name, Message: fmt.Sprintf("it shall use %s, which ends on %s as it does it", d.Device.Method, until.Format("2 January 2006")), Fix: fix})
}

// uses says by which method a device sends, or shall send.
func uses(d fleet.Device) string {
	if d.Device.Method == "" {
		return fmt.Sprintf("it uses %s, and no other method is chosen", d.Today())
	}
	return "it shall use " + string(d.Device.Method)
}

// proveSenders judges whom the old records of a domain allow, term by term, and
// the mailboxes of the tenant.
func (m *maker) proveSenders(d *domain, before, after *proof.Receiver) {
	if err := m.mailboxesUnknown(d); err != nil {
		m.unknown(Unknown{Subject: string(d.Name), Message: "whether the tenant holds mailboxes of the domain is not known", Fix: "plan again when its MX records can be read", Cause: err})
	}
	if m.hasMailboxes(d) {
		mail := mailOfDomain(d.Name, m.mailboxHop(d))
		s := Sender{Domain: d.Name, What: mailboxesOf(d), Who: "Microsoft 365", Before: before.Judge(mail), After: after.Judge(mail)}
		m.plan.Senders = append(m.plan.Senders, s)
		m.judgeMailboxes(s, mail.Hops[0])
	}
	for _, text := range d.spf.Before {
		tree := spf.ExpandText(m.ctx, m.now, d.Name, text)
		for _, share := range tree.Coverage().Shares {
			if share.Result != spf.Pass || share.Node.Term.Kind == spf.KindAll || share.Addresses.IsEmpty() {
				continue
			}
			prefixes := share.Addresses.Prefixes()
			m.plan.Senders = append(m.plan.Senders, Sender{
				Domain: d.Name, What: share.Node.Term.Text, Who: who(share.Node),
				Before: before.Source(d.Name, prefixes), After: after.Source(d.Name, prefixes),
			})
		}
		if tree.Root != nil {
			m.openSenders(d, tree)
		}
	}
}

// judgeMailboxes says what of the people's mail is not right after the plan.
func (m *maker) judgeMailboxes(s Sender, hop method.Hop) {
	switch {
	case hop.Judged == method.Unknown:
		m.unknown(Unknown{Subject: string(s.Domain), Message: "how the mail of its mailboxes leaves the tenant is not known", Fix: "write tenant.outbound into the inventory"})
	case s.Before.Right == method.True && s.After.Right == method.False && enforced(s.After):
		m.block(Block{ID: BlockLoses, Subject: string(s.Domain), Message: "receivers let the mail of its mailboxes pass today, and would not after the plan: " + s.After.Why,
			Fix: "leave out what takes it away", Holds: m.takingAway(mailOfDomain(s.Domain, hop))})
	case s.After.Right == method.False:
		m.block(Block{ID: BlockNotRight, Subject: string(s.Domain), Message: "the mail of its mailboxes is not right: " + s.After.Why, Fix: "mend what stands in the way of it; the sender is in the table"})
	case s.After.Right == method.Unknown && !asking(s.After.Err):
		m.unknown(Unknown{Subject: string(s.Domain), Message: "whether receivers accept the mail of its mailboxes is not known: " + s.After.Why, Fix: "see the sender in the table", Cause: s.After.Err})
	}
}

func mailOfDomain(name dns.Name, hop method.Hop) proof.Mail {
	return proof.Mail{From: []dns.Name{name}, Hops: []method.Hop{hop}}
}

// openSenders lists the terms whose addresses cannot be told: they depend on the
// message, or the DNS did not answer.
func (m *maker) openSenders(d *domain, tree spf.Tree) {
	open := tree.Coverage().OpenNodes
	for _, n := range tree.Root.Children {
		i := slices.IndexFunc(open, func(o *spf.Node) bool { return within(n, o) })
		if i < 0 {
			continue
		}
		outcome := proof.Outcome{SPF: proof.Unknown, DKIM: proof.None, DMARC: proof.Unknown, Right: method.Unknown, Why: open[i].Trouble(), Err: open[i].Err}
		m.plan.Senders = append(m.plan.Senders, Sender{Domain: d.Name, What: n.Term.Text, Who: who(n), Before: outcome, After: outcome})
	}
}

// within reports whether a node is n or below it.
func within(n, node *spf.Node) bool {
	return n == node || slices.ContainsFunc(n.Children, func(c *spf.Node) bool { return within(c, node) })
}

func who(n *spf.Node) string {
	text := operatorOf(n)
	if text == "" {
		return ""
	}
	return text[2 : len(text)-1]
}
