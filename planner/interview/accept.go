package interview

import (
	"fmt"
	"slices"
	"time"

	"sendplan/internal/inventory"
	"sendplan/internal/words"
	"sendplan/planner"
)

// Accept writes the yes to what the plan offers under an ID into the draft: the
// addresses that go with it, or else its ID with the date. Its error is a
// *[Mistake].
func (s State) Accept(id planner.AcceptID) (State, error) {
	if s.Plan == nil || !slices.Contains(s.Plan.Accepts(), id) {
		return s, &Mistake{Message: fmt.Sprintf("the plan does not offer %q", id), Fix: "make the plan again and look at what it offers"}
	}
	return s.edited(func(f *inventory.File) error {
		_, err := Accept(f, *s.Plan, id, s.Date)
		return err
	})
}

// Accept puts a yes to something of a plan into an inventory: the addresses that
// go with it, or else its ID as of a date. It returns what it did, in words.
func Accept(f *inventory.File, p planner.Plan, id planner.AcceptID, date time.Time) ([]string, error) {
	var done []string
	for _, o := range p.Offers {
		if o.Accept != id || o.Pin == nil {
			continue
		}
		if err := f.PutFlattened(o.Pin.Domain, o.Pin.Flattened); err != nil {
			return nil, err
		}
		done = append(done, fmt.Sprintf("%s of %s is held as %s", o.Pin.Term, o.Pin.Domain, words.Plural(len(o.Pin.Addresses), "network")))
	}
	if len(done) > 0 {
		return done, nil
	}
	if err := f.Accept(string(id), date); err != nil {
		return nil, err
	}
	return []string{fmt.Sprintf("accepted %s as of %s", id, date.Format(time.DateOnly))}, nil
}
