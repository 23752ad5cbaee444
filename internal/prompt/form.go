package prompt

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"sendplan/planner/interview"
)

// form asks all questions about a subject and puts their answers into the
// state. begin is what is answered already; without it the form goes on where it
// was left. It is errBack if the person goes back before the first question.
func (r *session) form(about interview.Subject, begin interview.Answers) error {
	f := asking{about: about, given: maps.Clone(begin)}
	if f.given == nil {
		f.given = maps.Clone(r.begun[about])
	}
	if f.given == nil {
		f.given = make(interview.Answers)
	}
	err := r.ask(&f)
	switch {
	case err == nil:
		delete(r.begun, about)
	case errors.Is(err, errBack) && f.typed:
		r.begun[about] = f.given
	}
	return err
}

// asking is a form that is being filled in.
type asking struct {
	about interview.Subject
	given interview.Answers
	at    int  // the question whose turn it is
	typed bool // something was answered
}

func (r *session) ask(f *asking) error {
	for {
		questions := r.state.Questions(f.about, f.given)
		if f.at >= len(questions) {
			done, err := r.finish(f, questions)
			if done || err != nil {
				return err
			}
			continue
		}
		err := r.question(f, questions)
		switch {
		case errors.Is(err, errBack) && f.at == 0:
			return err
		case errors.Is(err, errBack):
			f.at--
		case err != nil:
			return err
		default:
			f.at++
		}
	}
}

// finish puts the answers. If one is a mistake, it is asked for again.
func (r *session) finish(f *asking, questions []interview.Question) (done bool, err error) {
	next, err := r.state.Put(f.about, f.given)
	if err == nil {
		r.taken(next)
		return true, nil
	}
	if err := r.refused(err); err != nil {
		return false, err
	}
	if len(questions) == 0 {
		return false, errBack
	}
	f.at = max(0, slices.IndexFunc(questions, func(q interview.Question) bool { return q.ID == mistaken(err) }))
	return false, nil
}

// mistaken is the question that an error of Put is about.
func mistaken(err error) interview.ID {
	var m *interview.Mistake
	if errors.As(err, &m) {
		return m.ID
	}
	return ""
}

// question asks one question until it is answered with something that can be
// taken.
func (r *session) question(f *asking, questions []interview.Question) error {
	q := questions[f.at]
	title := q.Text
	if len(questions) > 1 {
		title = fmt.Sprintf("%d of %d: %s", f.at+1, len(questions), q.Text)
	}
	r.out.blank()
	r.out.text(title)
	r.options(q)
	r.proposal(q)
	about := EndedError{Question: q.Text, Answer: takes(q)}
	for {
		line, err := r.line(bracket(q), about)
		if err != nil {
			return err
		}
		switch line {
		case "":
			if r.fits(f, q.ID, f.given) {
				return nil
			}
		case "?":
			r.explain(q)
		case "back":
			return errBack
		case "done":
			f.at = len(questions)
			return nil
		case "quit":
			if err := r.quit(f); err != nil {
				return err
			}
		default:
			if r.answer(f, q, line) {
				return nil
			}
		}
		r.out.text(title)
	}
}

// answer takes a line as the answer to q, or says why it cannot be that.
func (r *session) answer(f *asking, q interview.Question, line string) bool {
	value, problem := read(q, line)
	if problem != "" {
		r.out.text("Not taken: " + problem)
		return false
	}
	given := maps.Clone(f.given)
	given[q.ID] = value
	if !r.fits(f, q.ID, given) {
		return false
	}
	f.given, f.typed = given, true
	r.understood(f, q.ID)
	return true
}

// understood says what a typed answer was taken for, where that is not plain.
func (r *session) understood(f *asking, id interview.ID) {
	for _, q := range r.state.Questions(f.about, f.given) {
		if q.ID == id && q.Basis != "" {
			r.out.text(sentences(q.Basis))
		}
	}
}

// fits says what is wrong with the answer to one question, though others may not
// be answered yet.
func (r *session) fits(f *asking, id interview.ID, given interview.Answers) bool {
	_, err := r.state.Put(f.about, given)
	if err == nil || mistaken(err) != id {
		return true
	}
	return r.refused(err) != nil
}

// quit leaves the interview. Answers of an unfinished form would be lost, so
// that is asked.
func (r *session) quit(f *asking) error {
	if f.typed {
		yes, err := r.yes("Stop here and lose the answers of these questions", false)
		if err != nil || !yes {
			return err
		}
	}
	return errQuit
}

// yes asks a question that takes yes or no. Going back is a no.
func (r *session) yes(question string, proposed bool) (bool, error) {
	about := EndedError{Question: question + "?", Answer: "yes or no"}
	words := map[bool]string{true: "yes", false: "no"}
	r.out.blank()
	for {
		line, err := r.line(question+"? yes or no ["+words[proposed]+"]", about)
		if err != nil {
			return false, err
		}
		switch line {
		case "":
			return proposed, nil
		case "yes", "y":
			return true, nil
		case "no", "n", "back":
			return false, nil
		case "quit":
			return false, errQuit
		}
		r.out.text("Type yes or no.")
	}
}
