package runbook

import (
	"strings"

	"sendplan/internal/inventory"
	"sendplan/internal/method"
	"sendplan/planner"
)

// last is the stage after all others: basic authentication is switched off by
// oneself, device by device, while it can still be switched back.
func (b *book) last() {
	for _, d := range b.plan.Devices {
		if moves(d) && leavesBasic(d) {
			b.doc.Last = append(b.doc.Last, b.farewell(d))
		}
	}
}

// leavesBasic reports whether a device logs in with a password today, and will
// not use client submission any more.
func leavesBasic(d planner.Device) bool {
	return method.ID(d.Today()).Kind() == method.SMTPAuth && d.Device.Device.Auth != inventory.AuthOAuth && d.Target().Method.Kind() != method.SMTPAuth
}

func (b *book) farewell(d planner.Device) Farewell {
	f := Farewell{Device: d.Name}
	wait := Step{Who: tenantAdmin, Subject: d.Name, Text: "wait until the device has sent by " + string(d.Target().Method) + " for a week, and the report of SMTP AUTH clients (Exchange admin center, Reports, Mail flow) has no row of its mailbox since the switch"}
	f.Steps = []Step{wait}
	if d.Login.Domain == "" {
		f.Steps = append(f.Steps, Step{Who: tenantAdmin, Subject: d.Name, Text: "find out which mailbox it logged in as, and write it into the inventory (devices.login)",
			Why: "no command is given for a mailbox that is not known; From need not be it"})
		return f
	}
	f.Login = d.Login.String()
	if others := b.stillUsing(d); len(others) > 0 {
		f.Steps = append(f.Steps, Step{Who: tenantAdmin, Subject: d.Name, Text: "leave its mailbox as it is", Why: "these use client submission too, and are not known to log in as another mailbox: " + strings.Join(others, ", ")})
		return f
	}
	f.Steps = append(f.Steps, switchOff(d, f.Login), watch(d), forget(d))
	return f
}

// stillUsing names the devices that stay with client submission and may log in
// as the mailbox of d.
func (b *book) stillUsing(d planner.Device) []string {
	var list []string
	for _, o := range b.plan.Devices {
		now := method.ID(o.Today()).Kind() == method.SMTPAuth && !moves(o)
		then := moves(o) && o.Target().Method.Kind() == method.SMTPAuth
		if o.Name != d.Name && (now || then) && (o.Login.Domain == "" || sameMailbox(o.Login, d.Login)) {
			list = append(list, o.Name)
		}
	}
	return list
}

func sameMailbox(a, b inventory.Address) bool { return strings.EqualFold(a.String(), b.String()) }

func switchOff(d planner.Device, login string) Step {
	return Step{
		Who: tenantAdmin, Subject: d.Name, Text: "switch client submission off for its mailbox yourself",
		Why:      "what was forgotten then shows itself while it can be switched back; the setting is that of the whole mailbox, OAuth included",
		Commands: switched(login, "$true", "$false"),
		Sign:     "Get-CASMailbox shows SmtpClientAuthenticationDisabled True",
	}
}

func watch(d planner.Device) Step {
	return Step{
		Who: tenantAdmin, Subject: d.Name, Text: "watch for a week: does its mail arrive, and does anybody miss any?",
		Sign: "nothing is missed, and nothing shows 535 5.7.139 SmtpClientAuthentication is disabled for the Mailbox",
		Undo: "the undo of the command above; after the end of December 2026 it may not be enough, since basic authentication is then off by default as well",
	}
}

func forget(d planner.Device) Step {
	return Step{Who: keeperOf(d), Subject: d.Name, Text: "take the mailbox's password out of the device, and delete now of the device in the inventory: method says what it uses"}
}
