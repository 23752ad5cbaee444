package prompt

import (
	"errors"
	"fmt"
	"strings"

	"sendplan/planner/interview"
)

// maxPasted bounds what is pasted.
const maxPasted = 4 << 20

// paste reads lines until an empty one, a dot, or the end of the input.
func (r *session) paste(string) (move, error) {
	r.out.text("Paste the list. An empty line, or a dot alone, ends it.")
	var text strings.Builder
	about := EndedError{Question: "the list to paste", Answer: "lines, and an empty one or a dot at the end"}
	for {
		line, err := r.raw(about)
		if err != nil {
			return stay, err
		}
		if trimmed := strings.TrimSpace(line); trimmed == "" || trimmed == "." {
			break
		}
		if text.Len()+len(line) > maxPasted {
			return stay, fmt.Errorf("the list that was pasted is longer than %d MB; put it into a file and type import with its name", maxPasted>>20)
		}
		text.WriteString(line + "\n")
	}
	return stay, r.read(text.String())
}

func (r *session) importFile(path string) (move, error) { return stay, r.read(path) }

// read lets devices be read of a text, or the file that it names, and asks which
// of them to take.
func (r *session) read(text string) error {
	if strings.TrimSpace(text) == "" {
		r.out.text("There is nothing in it.")
		return nil
	}
	got, err := r.world.Read(r.state, text)
	if err != nil {
		r.out.text("It could not be read: " + sentences(err.Error()))
		return nil
	}
	r.out.lines(0, got.Lead)
	if got.Draft != nil {
		yes, err := r.yes("Take over what it says of the tenant", true)
		if err != nil {
			return err
		}
		if yes {
			next := r.state
			next.Draft, next.Plan = got.Draft, nil
			r.taken(next)
		}
	}
	if len(got.Devices) == 0 {
		return nil
	}
	chosen, err := r.offered(got.Devices)
	if err != nil {
		return err
	}
	before := r.listed()
	if err := r.takeAll(chosen); err != nil || len(chosen) == 0 {
		return err
	}
	r.news(before)
	return nil
}

// offered asks which of the devices to take.
func (r *session) offered(list []interview.Offered) ([]interview.Offered, error) {
	var proposed []string
	for i, d := range list {
		text := ended(d.Title)
		if d.Refused {
			text = ended(d.Title + ": cannot be taken")
		}
		r.row(i, strings.TrimSpace(text+" "+sentences(d.Why)))
		if d.Take && !d.Refused {
			proposed = append(proposed, fmt.Sprint(i+1))
		}
	}
	empty := strings.Join(proposed, ", ")
	if empty == "" {
		empty = "none"
	}
	about := EndedError{Question: "Which of these devices shall be added?", Answer: "numbers, all or none"}
	r.out.blank()
	for {
		line, err := r.line("Which shall be added? Numbers, all or none ["+empty+"]", about)
		if err != nil {
			return nil, err
		}
		if line == "" {
			line = empty
		}
		switch line {
		case "none", nothing, "back":
			return nil, nil
		case "quit":
			return nil, errQuit
		}
		chosen, problem := selected(list, line)
		if problem == "" {
			return chosen, nil
		}
		r.out.text(problem)
	}
}

// selected are the devices that a line names.
func selected(list []interview.Offered, line string) (chosen []interview.Offered, problem string) {
	picked, wrong := numbers(line, len(list))
	if wrong != "" {
		return nil, outOf(wrong, len(list))
	}
	for _, i := range picked {
		switch {
		case !list[i].Refused:
			chosen = append(chosen, list[i])
		case line != "all":
			return nil, fmt.Sprintf("Number %d cannot be taken. %s", i+1, sentences(list[i].Why))
		}
	}
	return chosen, ""
}

// takeAll puts devices into the draft. Of one that cannot be put as it was read,
// the questions are asked.
func (r *session) takeAll(list []interview.Offered) error {
	for len(list) > 0 {
		next, n, err := r.state.AddDevices(list)
		if n > 0 {
			r.taken(next)
		}
		if err == nil {
			return nil
		}
		if err := r.unadded(list[n], err); err != nil {
			return err
		}
		list = list[n+1:]
	}
	return nil
}

// unadded asks the questions about a device that cannot be put as it was read.
func (r *session) unadded(d interview.Offered, why error) error {
	about := interview.Subject{Of: interview.OfDevice}
	r.out.blank()
	r.out.text(d.Title + " needs an answer.")
	if err := r.refused(why); err != nil {
		return err
	}
	err := r.form(about, d.Answers)
	if errors.Is(err, errBack) {
		r.out.text(d.Title + " is left out.")
		delete(r.begun, about)
		return nil
	}
	return err
}
