package tui

import (
	"fmt"
	"sync"

	tea "github.com/charmbracelet/bubbletea"

	"sendplan/planner/interview"
)

// keeper saves drafts, one after the other, the newest last. It outlives the
// screen: what was not saved when that is gone is saved then.
type keeper struct {
	desk interview.Desk

	mu      sync.Mutex // held while saving
	waiting sync.Mutex // guards what follows
	wanted  int        // number of the newest draft
	newest  interview.State

	saved int // number of the draft that was saved last
	path  string
	err   error
}

// want tells which draft is the newest.
func (k *keeper) want(s interview.State) {
	k.waiting.Lock()
	defer k.waiting.Unlock()
	k.wanted++
	k.newest = s
}

// drop tells that there is nothing to save any more.
func (k *keeper) drop() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.waiting.Lock()
	k.saved, k.path, k.err = k.wanted, "", nil
	k.waiting.Unlock()
	if err := k.desk.Drop(); err != nil {
		return fmt.Errorf("the draft could not be taken away: %w", err)
	}
	return nil
}

// save saves the newest draft, unless that was done, and returns where it is.
func (k *keeper) save() (path string, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.waiting.Lock()
	number, s := k.wanted, k.newest
	k.waiting.Unlock()
	if number > k.saved {
		k.path, k.err = k.desk.Keep(s)
		if k.saved = number; k.err != nil {
			k.path, k.err = "", fmt.Errorf("the draft could not be kept: %w", k.err)
		}
	}
	return k.path, k.err
}

// keptMsg tells how the saving of a draft went.
type keptMsg struct {
	path string
	err  error
}

// keep saves the draft, away from the screen.
func (m model) keep() (model, tea.Cmd) {
	if !m.work {
		return m, nil
	}
	m.keeper.want(m.state)
	return m, func() tea.Msg {
		path, err := m.keeper.save()
		return keptMsg{path, err}
	}
}

// kept takes how the saving went. The work goes on if it failed.
func (m model) kept(msg keptMsg) (model, tea.Cmd) {
	m.keptAt = msg.path
	if msg.err != nil {
		return m.noted(interview.Warn, msg.err.Error()), nil
	}
	return m, nil
}
