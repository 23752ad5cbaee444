package render

import (
	"sendplan/internal/dns"
	"sendplan/internal/method"
	"sendplan/internal/term"
	"sendplan/internal/words"
	"sendplan/planner"
)

func (t *Text) verification(v Verified) {
	t.Para(0, "", "Verification of the plan of "+v.Inventory+" as of "+v.Date.Format("2 January 2006"), t.Style.Bold)
	pens := map[method.Truth]term.Pen{method.True: t.Style.Green, method.False: t.Style.Yellow, method.Unknown: t.Style.Magenta}
	t.Para(0, "", v.words(), pens[v.Live])
	var zone dns.Name
	for _, s := range v.Servers {
		if s.Zone != zone {
			zone = s.Zone
			t.Blank()
			t.Para(0, "", "Zone "+shownName(zone), t.Style.Bold)
		}
		t.server(s)
	}
	t.Blank()
	t.Line("%s", t.Style.Bold.Draw("Resolver"))
	t.Para(2, "", v.resolverWords(), term.Pen{})
	items(t, 2, v.Resolver, func(s planner.Stale) {
		t.Para(2, "", words.Key(s.Key), t.Style.Yellow)
		t.Para(6, "", staleWords(s), term.Pen{})
	})
	if words := v.cacheWords(); words != "" {
		t.Blank()
		t.Para(0, "", words, term.Pen{})
	}
	t.unknown(Planned{Plan: planner.Plan{Unknown: v.Unknown}})
	t.next(v)
}

func (t *Text) server(s planner.ServerStanding) {
	pen := t.Style.Green
	switch {
	case s.Err != nil:
		pen = t.Style.Magenta
	case len(s.Lacks) > 0:
		pen = t.Style.Yellow
	}
	t.Para(2, serverLabel(s), serverState(s), pen)
	items(t, 6, serverRemarks(s), func(words string) { t.Para(6, "", words, term.Pen{}) })
}

// serverLabel is a server as a label of its state.
func serverLabel(s planner.ServerStanding) string { return term.Safe(serverName(s.Nameserver)) + ": " }

func (t *Text) next(v Verified) {
	t.Blank()
	t.Line("%s", t.Style.Bold.Draw("What comes next"))
	stage := v.next()
	if stage == nil {
		t.Para(2, "", v.nextWords(), term.Pen{})
		return
	}
	t.stage(1, *stage, Planned{Plan: *v.Next})
}

func (doc verifyDoc) markdown(m *Markdown) {
	v := doc.verified
	m.Line("# Verification of mail DNS as of %s\n\nOf the plan of %s. %s", doc.Date, code(v.Inventory), v.words())
	m.planPart("Servers", len(v.Servers))
	m.Line("\n| Zone | Server | State | Remarks |\n| --- | --- | --- | --- |")
	for _, s := range v.Servers {
		remarks := ""
		for i, words := range serverRemarks(s) {
			if i > 0 {
				remarks += "; "
			}
			remarks += cell(words)
		}
		m.Line("| %s | %s | %s | %s |", cell(shownName(s.Zone)), cell(serverName(s.Nameserver)), serverState(s), remarks)
	}
	m.planPart("Resolver", 1)
	m.Line("\n%s.\n", upperOne(prose(v.resolverWords())))
	bullets(m, v.Resolver, func(s planner.Stale) { m.Line("- %s: %s", code(words.Key(s.Key)), code(staleWords(s))) })
	if words := v.cacheWords(); words != "" {
		m.Line("\n%s", words)
	}
	m.unknown(Planned{Plan: planner.Plan{Unknown: v.Unknown}})
	m.planPart("What comes next", 1)
	if stage := v.next(); stage != nil {
		m.stage(1, *stage, Planned{Plan: *v.Next})
		return
	}
	m.Line("\n%s", prose(v.nextWords()))
}
