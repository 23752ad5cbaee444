package render

import (
	"fmt"

	"sendplan/internal/dns"
	"sendplan/internal/method"
	"sendplan/internal/runbook"
	"sendplan/internal/words"
)

func tellStages(w bookWriter, stages []runbook.Stage) {
	for _, s := range stages {
		w.heading(2, words.Stage(s.Number, s.Stage))
		if !s.Open() {
			w.item(0, "not now", "a condition of the stage is not met", "", doubtful)
		}
		for _, c := range s.Conditions {
			w.item(0, "when", words.Condition(c), "", conditionTone(c.Met))
		}
		tellRecords(w, s)
		tellSteps(w, "", s.Steps)
		for _, sheet := range s.Sheets {
			tellSheet(w, sheet)
		}
	}
}

func conditionTone(met bool) tone {
	if met {
		return plain
	}
	return doubtful
}

// tellRecords is the short form of the changes of a stage.
func tellRecords(w bookWriter, s runbook.Stage) {
	changes := 0
	for _, b := range s.Batches {
		w.item(0, "DNS host", "zone "+b.Zone.String(), "", plain)
		for _, c := range b.Changes {
			tellChange(w, c)
		}
		for _, h := range b.Held {
			w.item(1, "not now", words.Key(h.Key)+": "+h.Why, "", doubtful)
		}
		changes += len(b.Changes)
	}
	if changes == 0 {
		return
	}
	w.copied(1, "in the form of the DNS host", s.Emit)
	w.copied(1, "undo, write it first", s.EmitUndo)
	w.copied(1, "sign", s.Verify)
	w.item(1, "then", words.Wait(s.Stage), "", plain)
}

func tellChange(w bookWriter, c dns.Change) {
	d := differenceOf(c)
	w.item(1, "change", words.Key(c.Key)+fmt.Sprintf(", TTL %d: %s, %s, %s", finalTTL(c), words.Count(len(d.gone), "goes", "go"), words.Count(len(d.come), "comes", "come"), words.Count(len(d.kept), "stays", "stay")), "", plain)
	for _, r := range d.gone {
		w.copied(2, "goes", r.Data.String())
	}
	for _, r := range d.come {
		w.copied(2, "comes", r.Data.String())
	}
}

// tellSteps writes steps; title is their heading, "" if they need none.
func tellSteps(w bookWriter, title string, steps []runbook.Step) {
	if title != "" && len(steps) > 0 {
		w.heading(3, title)
	}
	for _, s := range steps {
		who := s.Who
		if s.Subject != "" {
			who += ", " + s.Subject
		}
		w.item(0, who, s.Text, "", plain)
		w.item(1, "why", s.Why, "", lesser)
		for _, l := range s.Lines {
			tellLine(w, l)
		}
		for _, c := range s.Commands {
			tellCommand(w, c)
		}
		w.item(1, "sign", s.Sign, "", plain)
		w.item(1, "undo", s.Undo, "", plain)
	}
}

func tellLine(w bookWriter, l runbook.Line) {
	if l.Text == "" {
		w.item(1, "", l.Fact.String(), "", plain)
		return
	}
	w.item(1, "", l.Text, citeWords(l.Fact), plain)
}

func tellCommand(w bookWriter, c runbook.Command) {
	if c.WhatIf {
		w.copied(1, "first, in "+string(c.Shell), c.Text+" -WhatIf")
		w.copied(1, "then", c.Text)
	} else {
		w.copied(1, "in "+string(c.Shell), c.Text)
	}
	if c.Undo != "" {
		w.copied(1, "undo", c.Undo)
	}
	if c.Fill {
		w.item(1, "fill in", "what stands between < and >", "", doubtful)
	}
	w.item(1, "note", c.Note, "", plain)
	if c.Grade != runbook.Local {
		w.item(1, "grade", gradeWords(c.Grade), string(c.Grade)+" "+string(c.Source), lesser)
	}
}

func gradeWords(g runbook.Grade) string {
	switch g {
	case runbook.Microsoft:
		return "text of Microsoft"
	case runbook.Observed:
		return "seen in use in public, no text of Microsoft shows it whole"
	}
	return "its parameters are documented, seen nowhere whole"
}

// tellSheet is what to do for one device, by whoever stands in front of it.
func tellSheet(w bookWriter, s runbook.Sheet) {
	w.heading(3, fmt.Sprintf("%s: from %s to %s (%s)", s.Device, words.OrUnknown(string(s.From)), s.To, s.Name))
	w.item(0, "whom to ask", s.Ask, "", plain)
	switch s.Right {
	case method.False:
		w.item(0, "not now", "it would not be right after the plan: "+s.Why, "", urgent)
	case method.Unknown:
		w.item(0, "doubt", "that it is right after the plan is not proved, so the test mail decides: "+s.Why, "", doubtful)
	}
	for _, q := range s.Questions {
		w.item(0, "answer first, "+q.Field, q.Text, "", doubtful)
	}
	w.item(0, "before", "write down what is typed into the device now: that is the way back", "", plain)
	for _, v := range s.Back {
		tellValue(w, v, lesser)
	}
	w.item(0, "type", "into the device", "", plain)
	for _, v := range s.Settings {
		tellValue(w, v, plain)
	}
	for _, c := range s.Conditions {
		w.item(0, "see to it", c.Text, citeWords(c.Fact), plain)
	}
	tellSteps(w, "", s.Tests)
	if len(s.Replies) > 0 {
		w.item(0, "if it is refused", "what the reply means", "", plain)
	}
	for _, r := range s.Replies {
		tellLine(w, r)
	}
}

// tellValue is one value to type, or that it is not established.
func tellValue(w bookWriter, v method.Setting, how tone) {
	cite := ""
	if v.Value.Established() {
		cite = citeWords(v.Value)
	}
	w.item(1, v.Name, v.Value.String(), cite, how)
}

// tellLast is the stage after the plan.
func tellLast(w bookWriter, list []runbook.Farewell) {
	if len(list) > 0 {
		w.heading(2, "Last: switch basic authentication off yourself")
		w.say("One device after the other, as soon as it is switched; it waits for no policy.")
	}
	for _, f := range list {
		title := f.Device
		if f.Login != "" {
			title += ", which logged in as " + f.Login
		}
		tellSteps(w, title, f.Steps)
	}
}
