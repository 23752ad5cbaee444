package render

import (
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/words"
	"sendplan/planner"
)

func (doc planDoc) markdown(m *Markdown) {
	p := doc.plan
	m.Line("# Mail DNS plan as of %s\n\nMade from the inventory %s. %s", doc.Date, code(p.Inventory), words.Plan(p.Plan))
	m.blocked(p)
	m.unknown(p)
	m.planRecords(p)
	m.stages(p)
	m.outcomes(p)
	m.offers(p)
}

// planPart is the heading of a part that has something in it.
func (m *Markdown) planPart(title string, n int) {
	if n > 0 {
		m.Line("\n## %s", title)
	}
}

// bullets writes a list that may be long.
func bullets[T any](m *Markdown, list []T, draw func(T)) {
	shown, rest := firsts(list)
	for _, item := range shown {
		draw(item)
	}
	if rest != "" {
		m.Line("- %s", rest)
	}
}

// proseCell is prose for a table, where a pipe ends a cell.
func proseCell(s string) string { return strings.ReplaceAll(prose(s), "|", `\x7c`) }

func (m *Markdown) blocked(p Planned) {
	m.planPart("What blocks it", len(p.Blocked))
	shown, rest := firsts(p.Blocked)
	for _, b := range shown {
		m.Line("\n### %s\n\nAbout %s: %s\n", b.ID, code(b.Subject), sentence(b.Message))
		m.point("fix", prose(b.Fix), b.Fix != "")
		m.point("or say yes", code("--accept "+string(b.Accept)), b.Accept != "")
		for _, k := range b.Holds {
			m.Line("- holds back: %s", code(words.Key(k)))
		}
	}
	if rest != "" {
		m.Line("\n%s", rest)
	}
}

// point is an item of a list, if there is something to say.
func (m *Markdown) point(label, text string, there bool) {
	if there {
		m.Line("- %s: %s", label, text)
	}
}

func (m *Markdown) unknown(p Planned) {
	m.planPart("What is not known", len(p.Unknown))
	if len(p.Unknown) > 0 {
		m.Blank()
	}
	bullets(m, p.Unknown, func(u planner.Unknown) {
		words := "about " + code(u.Subject) + ": " + prose(u.Message)
		if u.Cause != nil {
			words += "; cause: " + code(u.Cause.Error())
		}
		if u.Fix != "" {
			words += "; fix: " + prose(u.Fix)
		}
		m.Line("- %s", words)
	})
}

func (m *Markdown) planRecords(p Planned) {
	head := 1
	for _, g := range p.byDomain() {
		if g.silent() {
			continue
		}
		m.planPart("Records", head)
		head = 0
		m.Line("\n### %s", code(shownName(g.Name)))
		if len(g.Changes) > 0 {
			m.Line("\nWhat goes has a minus, what comes a plus, what stays an equals sign.\n")
			m.Text(func(t *Text) {
				for _, c := range g.Changes {
					t.change(c)
				}
			})
		}
		if words.Changed(g.SPF) {
			m.planSPF(g.SPF)
		}
		bullets(m, g.Notes, func(note string) { m.point("note", prose(note), true) })
	}
}

func (m *Markdown) planSPF(s planner.SPF) {
	m.Line("\n| SPF term | Action | Why |\n| --- | --- | --- |")
	shown, rest := firsts(s.Terms)
	for _, one := range shown {
		m.Line("| %s | %s | %s |", cell(words.Term(one)), one.Action, proseCell(one.Why))
	}
	m.Blank()
	m.point("more terms", rest, rest != "")
	m.Line("- cost: %s", code(words.Costs(s)))
	bullets(m, s.Gained, func(d planner.Difference) { m.point("gained", prose(words.Gain(d)), true) })
	bullets(m, s.Lost, func(d planner.Difference) { m.point("lost", prose(words.Loss(d)), true) })
	bullets(m, s.Warnings, func(w string) { m.point("warning", prose(w), true) })
}

func (m *Markdown) stages(p Planned) {
	m.planPart("Stages", len(p.Stages))
	for i, s := range p.Stages {
		m.stage(i+1, s, p)
	}
}

func (m *Markdown) stage(n int, s planner.Stage, p Planned) {
	m.Line("\n### %s\n", prose(words.Stage(n, s)))
	for _, c := range s.Conditions {
		m.point("when", prose(words.Condition(c)), true)
		m.point("or say yes", code("--accept "+string(c.Accept)), c.Accept != "" && !c.Met)
	}
	bullets(m, s.Changes, func(c dns.Change) {
		held := ""
		if p.Held(c.Key) {
			held = ", " + planner.HeldBack
		}
		m.Line("- change: %s%s", code(words.Key(c.Key)), held)
	})
	m.point("then", prose(words.Wait(s)), s.Wait > 0)
	bullets(m, s.Tasks, m.task)
}

func (m *Markdown) task(task planner.Task) {
	words := prose(words.Task(task))
	if task.Command != "" {
		words += ": " + code(task.Command)
	}
	if task.Why != "" {
		words += "; why: " + prose(task.Why)
	}
	m.Line("- task: %s", words)
}

func (m *Markdown) outcomes(p Planned) {
	m.planPart("Devices", len(p.Devices))
	var rows []outcomeRow
	for _, d := range p.Devices {
		rows = append(rows, deviceRow(d))
	}
	m.verdictTable("Device", rows)
	m.planPart("Whom the records allow besides", len(p.Senders))
	rows = nil
	for _, s := range p.Senders {
		rows = append(rows, senderRow(s))
	}
	m.verdictTable("Sender", rows)
}

// verdictTable is the verdicts before and after; one word is both.
func (m *Markdown) verdictTable(name string, rows []outcomeRow) {
	if len(rows) > 0 {
		m.Line("\nA cell with one word is the same before and after.")
		m.outcomeTable(name, outcomeHead, rows)
	}
}

func (m *Markdown) outcomeTable(name string, heads []string, rows []outcomeRow) {
	if len(rows) == 0 {
		return
	}
	head := heads[:len(rows[0].Cells)]
	m.Line("\n| %s | %s | How |\n|%s", name, strings.Join(head, " | "), strings.Repeat(" --- |", len(head)+2))
	for _, r := range rows {
		line := "| " + cell(r.Name)
		for _, c := range r.Cells {
			line += " | " + cell(c)
		}
		var how []string
		if r.Why != "" {
			how = append(how, proseCell(r.Why))
		}
		how = append(how, mapped(r.Remarks, proseCell)...)
		m.Line("%s | %s |", line, strings.Join(how, "; "))
	}
}

func (m *Markdown) offers(p Planned) {
	m.planPart("What you can say yes to", len(p.Offers))
	if len(p.Offers) == 0 {
		return
	}
	m.Line("\n| Option | About | What a yes does |\n| --- | --- | --- |")
	shown, rest := firsts(p.Offers)
	for _, o := range shown {
		m.Line("| %s | %s | %s |", cell("--accept "+string(o.Accept)), cell(o.Subject), proseCell(o.Text))
	}
	if rest != "" {
		m.Line("\n%s", rest)
	}
}
