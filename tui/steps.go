package tui

import (
	"context"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"sendplan/internal/dns"
	"sendplan/internal/survey"
	"sendplan/internal/term"
	"sendplan/planner/interview"
)

// enter shows the step where the interview stands, and asks the DNS for what it
// needs.
func (m model) enter() (model, tea.Cmd) {
	m = m.leave()
	m.layers, m.planned = []layer{m.bottom()}, m.state.Plan != nil
	m = m.doubting()
	return m.needs(false)
}

// bottom is the layer of the step.
func (m model) bottom() layer {
	var l layer
	switch m.state.At {
	case interview.Domains:
		l = m.form(start{about: interview.Subject{Of: interview.OfDomains}}, nil, model.next)
	case interview.Tenant:
		l = m.form(start{about: interview.Subject{Of: interview.OfTenant}}, nil, model.next)
	case interview.Export:
		l = m.form(start{about: interview.Subject{Of: interview.OfExport}}, nil, model.prepare)
	case interview.Sites, interview.Devices, interview.Wishes:
		l = layer{view: m.table(), actions: model.listActions}
	default:
		l = layer{view: m.page(), actions: model.pageActions}
	}
	l.name = m.state.At.Title()
	if l.escape = nil; m.state.At != interview.Domains {
		l.escape = func(m model) (model, tea.Cmd) { return m.remembering().back() }
	}
	return l
}

// page is the page of the step, with what was open in it before.
func (m model) page() view {
	before, ok := m.places[m.state.At].(held[pageView])
	if !ok {
		return held[pageView]{newPageView(m.st, m.state.Page())}
	}
	return held[pageView]{before.c.withPage(m.state.Page())}
}

// table is the table of the step, with the cursor where it was before.
func (m model) table() view {
	before, ok := m.places[m.state.At].(held[tableView])
	if !ok {
		return held[tableView]{newTableView(m.st, m.state.Table())}
	}
	return held[tableView]{before.c.withTable(m.state.Table())}
}

// refreshed shows at the bottom what is so by now.
func (m model) refreshed() model {
	m.places[m.state.At] = m.layers[0].view
	m = m.doubting()
	switch v := m.layers[0].view.(type) {
	case held[pageView]:
		return m.withLayer(0, m.page())
	case held[tableView]:
		return m.withLayer(0, m.table())
	case held[form]:
		if !v.c.touched() {
			return m.withLayer(0, m.bottom().view)
		}
	}
	return m
}

// next goes to the following step, back to the one before.
func (m model) next() (model, tea.Cmd) { return m.moved(m.state.Next()) }
func (m model) back() (model, tea.Cmd) { return m.moved(m.state.Back()) }

func (m model) moved(s interview.State) (model, tea.Cmd) {
	m.places[m.state.At] = m.layers[0].view
	m.state = s
	m, look := m.enter()
	m, keep := m.keep()
	return m, tea.Batch(look, keep)
}

// needs starts what the step cannot be shown without. again asks anew for what
// failed.
func (m model) needs(again bool) (model, tea.Cmd) {
	at := m.state.At
	looks := at == interview.Look || at == interview.Verify
	plans := at == interview.Plan || at == interview.Export
	switch {
	case m.state.Lacks() || looks && again:
		return m.look(again)
	case plans && (again || m.state.Plan == nil):
		return m.plan(again)
	}
	return m, nil
}

// again asks anew for what failed.
func (m model) again() (model, tea.Cmd) { return m.needs(true) }

// look asks the DNS about the domains.
func (m model) look(again bool) (model, tea.Cmd) {
	domains := m.state.Scope()
	return m.start(task{
		doing: "looking at " + names(domains), asks: true, covers: true, escape: model.back,
		work: func(ctx context.Context, progress func(survey.Progress)) then {
			found := m.world.Look(ctx, domains, again, progress)
			found.DNS = guarded(found.DNS)
			return func(m model) (model, tea.Cmd) { return m.learned(found) }
		},
	})
}

// learned takes what a look found. A domain that does not exist is to be
// corrected.
func (m model) learned(found interview.Found) (model, tea.Cmd) {
	s, err := m.state.Learn(found)
	if err != nil {
		m.state.At = interview.Domains
		m, cmd := m.enter()
		return m.mistaken(err), cmd
	}
	m.state = s
	m = m.refreshed()
	if !m.state.Looked() {
		return m, nil
	}
	return m.needs(false)
}

// plan makes the plan. What was planned before is shown meanwhile.
func (m model) plan(again bool) (model, tea.Cmd) {
	inv := m.state.Draft.Inventory
	return m.start(task{
		doing: "planning for " + names(m.state.Scope()), asks: true, covers: again || !m.planned, escape: model.back,
		work: func(ctx context.Context, progress func(survey.Progress)) then {
			plan := m.world.Plan(ctx, &inv, again, progress)
			return func(m model) (model, tea.Cmd) {
				m.state.Plan, m.planned = &plan, true
				return m.refreshed(), nil
			}
		},
	})
}

// names puts domains in a few words.
func names(domains []dns.Name) string {
	switch len(domains) {
	case 0:
		return "no domain"
	case 1:
		return term.Safe(domains[0].Unicode())
	}
	return fmt.Sprintf("%s and %d more", term.Safe(domains[0].Unicode()), len(domains)-1)
}
