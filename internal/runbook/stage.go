package runbook

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/inventory"
	"sendplan/internal/method"
	"sendplan/internal/shell"
	"sendplan/internal/zone"
	"sendplan/planner"
)

// stages are those of the plan, with the same numbers.
func (b *book) stages() {
	for i, s := range b.plan.Stages {
		stage := Stage{Stage: s, Number: i + 1, Batches: zone.Batches(b.plan, i+1, false), Verify: b.verifying(i)}
		// By its title: numbers count what is left, so those of today are those of
		// other stages as soon as one is done.
		stage.Emit = "sendplan emit -i " + b.doc.File + " --stage " + shell.Word(s.Title) + " --as " + zone.Forms[0].Name
		stage.EmitUndo = stage.Emit + " --undo # before you publish: afterwards the plan does not know what was there"
		devices := b.movingIn(s)
		connecting := b.devicesOf(s, connects)
		for _, t := range s.Tasks {
			full := func(d planner.Device) bool { return switches(t, d) || connects(t, d) }
			if !slices.ContainsFunc(b.plan.Devices, full) {
				stage.Steps = append(stage.Steps, b.stepOf(t))
			}
		}
		stage.Steps = append(stage.Steps, b.connectorSteps(append(connecting, b.connected(devices)...))...)
		stage.Steps = append(stage.Steps, b.accountSteps(devices)...)
		stage.Steps = append(stage.Steps, b.firewallSteps(devices)...)
		for _, d := range devices {
			stage.Sheets = append(stage.Sheets, b.sheet(d))
		}
		b.doc.Stages = append(b.doc.Stages, stage)
	}
}

// verifying looks whether a stage is live. While later stages can be published
// too, verify finds their sets lacking, so that waiting for it would be in vain;
// a plan, too, looks at all servers.
func (b *book) verifying(stage int) string {
	for i := range b.plan.Stages[stage+1:] {
		for _, batch := range zone.Batches(b.plan, stage+2+i, false) {
			if len(batch.Changes) > 0 {
				return "sendplan plan -i " + b.doc.File + " # it has no change in a stage of this title any more"
			}
		}
	}
	return "sendplan verify -i " + b.doc.File + " --wait"
}

// movingIn returns the devices that a stage switches.
func (b *book) movingIn(s planner.Stage) []planner.Device { return b.devicesOf(s, switches) }

// devicesOf returns the devices that some task of a stage is about, in the order
// of the plan.
func (b *book) devicesOf(s planner.Stage, about func(planner.Task, planner.Device) bool) []planner.Device {
	var out []planner.Device
	for _, d := range b.plan.Devices {
		if slices.ContainsFunc(s.Tasks, func(t planner.Task) bool { return about(t, d) }) {
			out = append(out, d)
		}
	}
	return out
}

// connects reports whether a task of the plan is that a device needs a connector.
// The steps of that say in full what the task says in short.
func connects(t planner.Task, d planner.Device) bool {
	switch d.Judged().Method.Kind() {
	case method.ConnectorIP, method.ConnectorCert:
	default:
		return false
	}
	return t.Who == tenantAdmin && t.Subject == d.Name && slices.ContainsFunc(d.Judged().Conditions, func(c method.Condition) bool {
		return c.Todo && strings.HasPrefix(t.Text, c.Text)
	})
}

// connected returns those of some devices that no stage makes a connector for, so
// that one is there, or may be.
func (b *book) connected(devices []planner.Device) []planner.Device {
	return slices.DeleteFunc(slices.Clone(devices), func(d planner.Device) bool {
		return slices.ContainsFunc(b.plan.Stages, func(s planner.Stage) bool {
			return slices.ContainsFunc(s.Tasks, func(t planner.Task) bool { return connects(t, d) })
		})
	})
}

// stepOf is a task of the plan, with what is known of its command.
func (b *book) stepOf(t planner.Task) Step {
	s := Step{Who: t.Who, Subject: t.Subject, Text: t.Text, Why: t.Why}
	if t.Command == "" {
		return s
	}
	known, ok := cmdletOf(t.Command)
	switch {
	case !ok:
		s.Commands = []Command{{Shell: AnyShell, Text: b.named(t.Command)}}
	case !shell.Bare(t.Subject):
		s.Lines = append(s.Lines, Line{Text: "no command is given: its name holds characters that are not typed here"})
	default:
		c := Command{Shell: ExchangeOnline, Text: t.Command, WhatIf: known.changes, Grade: Microsoft, Source: known.source}
		c.Undo, s.Undo = undoOf(t.Command)
		s.Commands = []Command{c}
		s.Sign = signOf(known.name)
	}
	return s
}

// undoOf is the way back from a command of a task: a command, or words.
func undoOf(command string) (back, words string) {
	if on, ok := strings.CutSuffix(command, " -Enabled $true"); ok && strings.HasPrefix(command, "Set-DkimSigningConfig ") {
		return on + " -Enabled $false", ""
	}
	if strings.HasPrefix(command, "New-DkimSigningConfig ") {
		return "", "none is needed: keys that are not enabled sign nothing"
	}
	return "", ""
}

// signOf is what shows that a cmdlet of a task did its work.
func signOf(name string) string {
	switch name {
	case "Set-DkimSigningConfig":
		return "Get-DkimSigningConfig shows Enabled True and Status Valid (minutes, up to 4 days), and a test mail to another provider carries a signature with d= of the domain"
	case "New-DkimSigningConfig":
		return "Get-DkimSigningConfig shows Selector1CNAME and Selector2CNAME"
	}
	return ""
}

// firewallSteps are the lines of the firewall, site by site.
func (b *book) firewallSteps(devices []planner.Device) []Step {
	var steps []Step
	var done []string
	for _, d := range devices {
		if d.Site == "" || slices.Contains(done, d.Site) {
			continue
		}
		done = append(done, d.Site)
		steps = append(steps, b.firewall(d.Site, devices)...)
	}
	return steps
}

// firewall lets the devices of a site out. What else sends by port 25 from there
// is named, so that nobody closes it by closing the port.
func (b *book) firewall(site string, devices []planner.Device) []Step {
	s := Step{Who: networkAdmin(site), Text: "let the devices out, and only them where it is port 25",
		Sign: "the test of the connection of each device, below", Undo: "take the lines out again; the devices then do not reach their server"}
	port25 := false
	for _, d := range devices {
		e := endpointOf(d.Settings())
		if d.Site != site || e.port == 0 {
			continue
		}
		port25 = port25 || e.port == 25
		s.Lines = append(s.Lines, Line{Text: fmt.Sprintf("allow TCP from the LAN address of %s (not in the inventory) to %s, port %d", d.Name, e.name(), e.port)})
		for _, line := range b.leavesBy(d) {
			if !slices.Contains(s.Lines, line) {
				s.Lines = append(s.Lines, line)
			}
		}
	}
	if len(s.Lines) == 0 {
		return nil
	}
	s.Lines = append(s.Lines, Line{Fact: method.Fact{Open: "the addresses of these servers, which change: allow them by name"}})
	if port25 {
		s.Lines = append(s.Lines, b.closing(site, devices)...)
	}
	return []Step{s}
}

// leavesBy is what a device must be seen as where its address is its proof.
func (b *book) leavesBy(d planner.Device) []Line {
	kind := d.Target().Method.Kind()
	if kind != method.ConnectorIP && kind != method.DirectSend {
		return nil
	}
	site, _ := b.inv.Site(d.Site)
	lines := []Line{{Text: "on the internet it must be seen as " + strings.Join(texts(site.Addresses), " or ") + ", by which receivers know it"}}
	if site.IPv6 == inventory.Unknown {
		const text = "find out whether mail can leave the site over IPv6 (sites.ipv6): by default the MX host has AAAA records, and over IPv6 it is another address: no connector and no ip4 term matches that"
		lines = append(lines, from(method.Inferred, "MC835648", text))
	}
	return lines
}

func (b *book) closing(site string, devices []planner.Device) []Line {
	lines := []Line{{Text: "log all other TCP to port 25 for a week; what sends mail and is not in the inventory shows itself there"}}
	var others []string
	for _, d := range b.plan.Devices {
		moving := slices.ContainsFunc(devices, func(m planner.Device) bool { return m.Name == d.Name })
		if d.Site == site && !moving && sendsBy25(d) {
			others = append(others, d.Name+" ("+orNotKnown(d.Today())+")")
		}
	}
	if len(others) > 0 {
		lines = append(lines, Line{Text: "these are not moved here and leave by port 25 too, allow them as well: " + strings.Join(others, ", ")})
	}
	return append(lines, Line{Text: "only then deny the rest of TCP to port 25 from the LAN; a device that is taken over sends spam by it"})
}
