package prompt

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"sendplan/internal/dns"
	"sendplan/internal/survey"
	"sendplan/planner"
	"sendplan/planner/interview"
)

// cutShort is how a person need not wait for the DNS.
const cutShort = "An empty line stops the asking; what is not answered by then is unknown."

// look asks the DNS and takes what it tells into the state; again asks anew what
// failed before. It is not ok if that cannot be taken.
func (r *session) look(again bool) (ok bool, err error) {
	domains := r.state.Scope()
	found, err := await(r, fmt.Sprintf("Asking the DNS about %s.", named(domains)), cutShort, func(ctx context.Context, progress func(survey.Progress)) interview.Found {
		return r.world.Look(ctx, domains, again, progress)
	})
	if err != nil {
		return false, err
	}
	next, err := r.state.Learn(found)
	if err != nil {
		return false, r.refused(err)
	}
	r.taken(next)
	return true, nil
}

// plan makes the plan of the draft, if the state has none of it.
func (r *session) plan(again bool) error {
	if r.state.Plan != nil && !again {
		return nil
	}
	draft := r.state.Draft
	plan, err := await(r, "Making the plan.", cutShort, func(ctx context.Context, progress func(survey.Progress)) planner.Plan {
		return r.world.Plan(ctx, &draft.Inventory, again, progress)
	})
	if err == nil {
		r.state.Plan = &plan
	}
	return err
}

// named lists domains, if they are few.
func named(list []dns.Name) string {
	const few = 4
	if len(list) > few {
		return fmt.Sprintf("%d domains", len(list))
	}
	var names []string
	for _, n := range list {
		names = append(names, n.Unicode())
	}
	return strings.Join(names, ", ")
}

// await carries out work that asks the DNS and says from time to time how far it
// is. Where a cut is possible, an empty line that is typed on a terminal meanwhile
// makes it; another line is for the next question.
func await[T any](r *session, what, cut string, work func(context.Context, func(survey.Progress)) T) (T, error) {
	var none T
	ctx, cancel := context.WithCancel(r.ctx)
	defer cancel()
	var meanwhile <-chan typed
	if r.terminal && cut != "" {
		meanwhile = r.in.next()
		what += " " + cut
	}
	r.out.text(what)
	var seen gauge
	done, fell := make(chan T, 1), make(chan error, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				fell <- panicked(p)
			}
		}()
		done <- work(ctx, seen.add)
	}()
	for {
		select {
		case result := <-done:
			return result, r.ctx.Err()
		case err := <-fell:
			return none, err
		case <-r.ctx.Done():
			return none, r.ctx.Err()
		case <-r.tick:
			r.out.lines(0, seen.news())
		case got := <-meanwhile:
			meanwhile = nil
			if got.err != nil || strings.TrimSpace(got.text) != "" {
				r.in.put(got)
				continue
			}
			r.in.take()
			cancel()
			r.out.text("The asking stops.")
		}
	}
}

// gauge is how far an asking is. It is filled by one goroutine and read by another.
type gauge struct {
	mu    sync.Mutex
	tally interview.Tally
	said  map[string]bool
}

func (g *gauge) add(p survey.Progress) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.tally = g.tally.Add(p)
}

// news is what is worth saying and was not said: how far it is, and what failed.
func (g *gauge) news() []interview.Line {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.said == nil {
		g.said = make(map[string]bool)
	}
	var list []interview.Line
	for i, l := range g.tally.Lines() {
		l.Text = strings.Join(strings.Fields(l.Text), " ") // columns are for the eye
		if (i == 0 || l.Mark == interview.Unknown) && !g.said[l.Text] {
			g.said[l.Text] = true
			list = append(list, l)
		}
	}
	return list
}
