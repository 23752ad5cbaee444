package runbook

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/method"
	"sendplan/internal/zone"
	"sendplan/planner"
)

// stages are those of the plan, with the same numbers.
func (b *book) stages() {
	for i, s := range b.plan.Stages {
		stage := Stage{Stage: s, Number: i + 1, Batches: zone.Batches(b.plan, i+1, false), Verify: "sendplan verify -i FILE --wait"}
		stage.Emit = fmt.Sprintf("sendplan emit -i FILE --stage %d --as %s", stage.Number, zone.Forms[0].Name)
		stage.EmitUndo = stage.Emit + " --undo"
		devices := b.movingIn(s)
		for _, t := range s.Tasks {
			if !slices.ContainsFunc(devices, func(d planner.Device) bool { return switches(t, d) }) {
				stage.Steps = append(stage.Steps, stepOf(t))
			}
		}
		stage.Steps = append(stage.Steps, b.connectorSteps(devices)...)
		stage.Steps = append(stage.Steps, b.accountSteps(devices)...)
		stage.Steps = append(stage.Steps, b.firewallSteps(devices)...)
		for _, d := range devices {
			stage.Sheets = append(stage.Sheets, b.sheet(d))
		}
		b.doc.Stages = append(b.doc.Stages, stage)
	}
}

// movingIn returns the devices that a stage switches, in the order of the plan.
func (b *book) movingIn(s planner.Stage) []planner.Device {
	var out []planner.Device
	for _, d := range b.plan.Devices {
		if slices.ContainsFunc(s.Tasks, func(t planner.Task) bool { return switches(t, d) }) {
			out = append(out, d)
		}
	}
	return out
}

// stepOf is a task of the plan, with what is known of its command.
func stepOf(t planner.Task) Step {
	s := Step{Who: t.Who, Subject: t.Subject, Text: t.Text, Why: t.Why}
	if t.Command == "" {
		return s
	}
	known, ok := cmdletOf(t.Command)
	switch {
	case !ok:
		s.Commands = []Command{{Shell: AnyShell, Text: t.Command}}
	case !bare(t.Subject):
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
		if by := b.leavesBy(d); by != "" && !slices.Contains(s.Lines, Line{Text: by}) {
			s.Lines = append(s.Lines, Line{Text: by})
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
func (b *book) leavesBy(d planner.Device) string {
	switch d.Target().Method.Kind() {
	case method.ConnectorIP, method.DirectSend:
		site, _ := b.inv.Site(d.Site)
		return "on the internet it must be seen as " + strings.Join(texts(site.Addresses), " or ") + ", by which receivers know it"
	}
	return ""
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
