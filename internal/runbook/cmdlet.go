package runbook

import (
	"strings"

	"sendplan/internal/method"
)

// cmdlet is a command of Exchange Online PowerShell.
type cmdlet struct {
	name    string
	source  method.SourceKey
	changes bool // so it has -WhatIf
}

// cmdlets are those that this package knows.
var cmdlets = []cmdlet{
	{"Get-InboundConnector", sourceConnectors, false},
	{"New-InboundConnector", "NIC26", true},
	{"Set-InboundConnector", sourceConnectors, true},
	{"Remove-InboundConnector", sourceConnectors, true},
	{"Get-DkimSigningConfig", sourceDKIM, false},
	{"New-DkimSigningConfig", sourceDKIM, true},
	{"Set-DkimSigningConfig", sourceDKIM, true},
	{"Get-CASMailbox", "PSCAS", false},
	{"Set-CASMailbox", "PSCAS", true},
	{"Get-AcceptedDomain", sourceAccepted, false},
	{"Get-MessageTraceV2", sourceTrace, false},
	{"New-MailUser", sourceMailUser, true},
	{"Remove-MailUser", sourceMailUser, true},
}

// Keys of the sources of commands that the facts on methods do not need.
const (
	sourceConnectors method.SourceKey = "PSIC"
	sourceDKIM       method.SourceKey = "PSDKIM"
	sourceAccepted   method.SourceKey = "PSAD"
	sourceTrace      method.SourceKey = "PSMT"
	sourceMailUser   method.SourceKey = "PSMU"
)

const powerShellDocs = "MicrosoftDocs/office-docs-powershell, "

// ownSources are those of these keys.
var ownSources = []method.Source{
	{Key: sourceConnectors, Where: powerShellDocs + "Get-, Set- and Remove-InboundConnector.md", AsOf: "2026"},
	{Key: sourceDKIM, Where: powerShellDocs + "Get-, New- and Set-DkimSigningConfig.md", AsOf: "2026-08-21"},
	{Key: sourceAccepted, Where: powerShellDocs + "Get-AcceptedDomain.md", AsOf: "2026-08-21"},
	{Key: sourceTrace, Where: powerShellDocs + "Get-MessageTraceV2.md", AsOf: "2026-08-21"},
	{Key: sourceMailUser, Where: powerShellDocs + "New- and Remove-MailUser.md", AsOf: "2026"},
}

func sourceOf(key method.SourceKey) (method.Source, bool) {
	for _, s := range ownSources {
		if s.Key == key {
			return s, true
		}
	}
	return method.SourceOf(key)
}

func cmdletOf(text string) (cmdlet, bool) {
	name, _, _ := strings.Cut(text, " ")
	for _, c := range cmdlets {
		if c.name == name {
			return c, true
		}
	}
	return cmdlet{}, false
}

// arg is one parameter of a command: a word of ours, or data that is quoted.
type arg struct {
	name  string
	word  string
	data  []string
	blank string // what a person fills in
}

func word(name, w string) arg             { return arg{name: name, word: w} }
func data(name string, d ...string) arg   { return arg{name: name, data: d} }
func toFill(name, description string) arg { return arg{name: name, blank: description} }

// text writes the parameter; ok is false if its data cannot be typed.
func (a arg) text() (text string, ok bool) {
	switch {
	case a.blank != "":
		return "-" + a.name + " <" + a.blank + ">", true
	case a.word != "":
		return "-" + a.name + " " + a.word, true
	case len(a.data) == 0:
		return "-" + a.name, true
	}
	var list []string
	for _, d := range a.data {
		q, ok := quote(d)
		if !ok {
			return "", false
		}
		list = append(list, q)
	}
	return "-" + a.name + " " + strings.Join(list, ","), true
}

// typed writes a command of Exchange Online PowerShell; ok is false if some of
// its data cannot be typed.
func typed(g Grade, name string, args ...arg) (c Command, ok bool) {
	known, _ := cmdletOf(name)
	c = Command{Shell: ExchangeOnline, Text: name, Grade: g, Source: known.source, WhatIf: known.changes}
	for _, a := range args {
		text, ok := a.text()
		if !ok {
			return Command{}, false
		}
		c.Text += " " + text
		c.Fill = c.Fill || a.blank != ""
	}
	return c, true
}

// undoing gives a command the one that takes it back.
func (c Command) undoing(name string, args ...arg) Command {
	if back, ok := typed(Microsoft, name, args...); ok {
		c.Undo = back.Text
	}
	return c
}

// piped ends a command that only asks with what its answer is cut down to.
func (c Command) piped(to string) Command {
	c.Text += " | " + to
	return c
}

// list keeps the commands that can be typed.
type list []Command

func (l *list) add(c Command, ok bool) bool {
	if ok {
		*l = append(*l, c)
	}
	return ok
}
