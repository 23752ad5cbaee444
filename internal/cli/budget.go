package cli

import (
	"context"
	"encoding/json"
	"sync"

	"sendplan/internal/dns"
	"sendplan/internal/survey"
)

// metaUnasked is where a recording keeps what a spent budget left unasked, as
// JSON: questions by domain. The answers alone do not tell, because another
// domain of the run may have asked the same question in time.
const metaUnasked = "unasked"

// ledger notes the questions that the budget of a domain did not allow. It is
// safe for use by several goroutines at once.
type ledger struct {
	mu     sync.Mutex
	byName map[dns.Name][]dns.Question
}

func (l *ledger) note(name dns.Name, unasked []dns.Question) {
	if len(unasked) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.byName == nil {
		l.byName = make(map[dns.Name][]dns.Question)
	}
	l.byName[name] = unasked
}

// text returns the ledger for a recording, "" if it is empty.
func (l *ledger) text() (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.byName) == 0 {
		return "", nil
	}
	questions := make(map[dns.Name][]string)
	for name, unasked := range l.byName {
		for _, q := range unasked {
			questions[name] = append(questions[name], q.String())
		}
	}
	text, err := json.Marshal(questions)
	return string(text), err
}

// withheld answers like a recording, but for the questions that the budget of
// one domain did not allow.
type withheld struct {
	dns.Resolver
	unasked map[string]bool // questions as text
	budget  int
}

// Lookup returns what the domain got when the recording was made.
func (w withheld) Lookup(ctx context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	return w.Ask(ctx, dns.Question{Source: dns.Given, Key: dns.Key{Name: name, Type: t}})
}

// Ask is Lookup for any source.
func (w withheld) Ask(ctx context.Context, q dns.Question) (dns.Answer, error) {
	if w.unasked[q.String()] {
		return dns.Answer{}, survey.OverBudget(q.Key, w.budget)
	}
	return dns.At(w.Resolver, q.Source).Lookup(ctx, q.Key.Name, q.Key.Type)
}

// readUnasked reads what a recording says of spent budgets.
func readUnasked(text string) (map[dns.Name]map[string]bool, error) {
	if text == "" {
		return nil, nil
	}
	var questions map[dns.Name][]string
	if err := json.Unmarshal([]byte(text), &questions); err != nil {
		return nil, err
	}
	unasked := make(map[dns.Name]map[string]bool)
	for name, list := range questions {
		unasked[name] = make(map[string]bool)
		for _, question := range list {
			unasked[name][question] = true
		}
	}
	return unasked, nil
}
