package runbook

import (
	"sendplan/internal/method"
	"sendplan/planner"
)

// sheet is what to do for one device that moves.
func (b *book) sheet(d planner.Device) Sheet {
	target := d.Target()
	s := Sheet{
		Device: d.Name, Kind: string(d.Kind), Site: d.Site, Ask: keeperOf(d),
		From: method.ID(d.Today()), To: target.Method, Name: target.Name(), Right: d.Right, Why: d.Why,
		Questions: target.Questions, Conditions: target.Conditions,
		Settings: d.Settings(), Replies: repliesTo(target.Method.Kind()),
	}
	if today := d.Advice.Today; today.Method != "" && !today.Method.Kind().Dead() {
		s.Back = method.Settings(d.Input, today.Method, today.Auth)
	}
	s.Tests = b.tests(d, endpointOf(s.Settings))
	return s
}

// accountSteps are what the tenant needs besides connectors: mailboxes that may
// log in, and accounts.
func (b *book) accountSteps(devices []planner.Device) []Step {
	var steps []Step
	for _, d := range devices {
		switch d.Target().Method.Kind() {
		case method.SMTPAuth:
			steps = append(steps, submission(d))
		case method.HVE:
			steps = append(steps, highVolume(d))
		case method.ACS, method.Graph, method.Relay, method.Hoster:
			m := method.Lookup(d.Target().Method, d.Target().Auth)
			steps = append(steps, Step{
				Who: accountKeeper(d.Target().Method.Kind()), Subject: d.Name, Text: "make the account that it logs in with: " + m.Name,
				Lines: []Line{{"login: " + m.Login.String(), m.Login}, {"licence: " + m.Licence.String(), m.Licence}, {"which commands or pages make it is not established here", method.Fact{}}},
			})
		}
	}
	return steps
}

func accountKeeper(k method.Kind) string {
	if k == method.ACS || k == method.Graph {
		return tenantAdmin
	}
	return "whoever keeps the account at the service"
}

// submission lets a mailbox log in.
func submission(d planner.Device) Step {
	s := Step{Who: tenantAdmin, Subject: d.Name, Text: "let its mailbox use client submission",
		Why: "the mailbox's setting beats that of the tenant; OAuth needs it too"}
	login := d.Login.String()
	if d.Login.Domain == "" {
		s.Lines = append(s.Lines, Line{Text: "no command is given: the inventory does not say which mailbox it logs in as (devices.login)"})
		return s
	}
	s.Commands = switched(login, "$false", "$true")
	s.Sign = "Get-CASMailbox shows SmtpClientAuthenticationDisabled False"
	return s
}

// switched looks at the setting of a mailbox and changes it.
func switched(login, value, back string) []Command {
	var l list
	if c, ok := typed(Microsoft, "Get-CASMailbox", data("Identity", login)); ok {
		c.Note = "write down what it shows: empty means as the tenant"
		l.add(c.piped("Format-List PrimarySmtpAddress,SmtpClientAuthenticationDisabled"), ok)
	}
	c, ok := typed(Microsoft, "Set-CASMailbox", data("Identity", login), word("SmtpClientAuthenticationDisabled", value))
	c.Note = "where the first command showed nothing, the way back is $null instead of " + back
	l.add(c.undoing("Set-CASMailbox", data("Identity", login), word("SmtpClientAuthenticationDisabled", back)), ok)
	return l
}

// highVolume makes an account of High Volume Email.
func highVolume(d planner.Device) Step {
	m := method.Lookup(d.Target().Method, d.Target().Auth)
	s := Step{Who: tenantAdmin, Subject: d.Name, Text: "make an account of High Volume Email for it", Lines: []Line{
		{"licence: " + m.Licence.String(), m.Licence}, {"From is the account: " + m.From.String(), m.From},
		{"whether an address that a mailbox has today can become that of the account is not established; take another one, or ask first", method.Fact{}},
	}}
	var l list
	name := "Device " + d.Name
	if len(name) > 60 {
		name = "Device HVE"
	}
	c, ok := typed(Untested, "New-MailUser", data("HVEAccount"), data("Name", name), word("Password", "(Get-Credential).Password"), toFill("PrimarySmtpAddress", "address of the account"))
	l.add(c.undoing("Remove-MailUser", data("Identity", name)), ok)
	s.Commands = l
	s.Sign = "the device logs in with the account, and its test mail arrives"
	return s
}
