package prompt

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sendplan/planner/interview"
)

// The words for an answer that is not known, or is to be nothing.
const (
	nothing = "-"
	unknown = "unknown"
)

// options lists what can be chosen, with what speaks for and against it.
func (r *session) options(q interview.Question) {
	for i, o := range q.Options {
		r.out.item(fmt.Sprintf("  %d. ", i+1), described(o))
	}
}

func described(o interview.Option) string {
	text := ended(name(o))
	switch {
	case len(o.Against) > 0:
		return against(o)
	case o.Recommended:
		text = name(o) + ": recommended."
	}
	return text + prefixed(" ", sentences(o.Note))
}

// against says that an option cannot be taken, why, and what to take instead.
func against(o interview.Option) string {
	text := ended(name(o) + " cannot be taken: " + strings.Join(o.Against, "; "))
	if o.Instead != "" {
		text += " Instead, take " + ended(o.Instead)
	}
	return text
}

// name is what an option is called, behind the word that the inventory has for
// it, if that tells more.
func name(o interview.Option) string {
	switch {
	case o.Value == unknown, o.Value == "true", o.Value == "false", strings.HasSuffix(o.Value, ":"),
		strings.Contains(strings.ToLower(o.Text), strings.ToLower(o.Value)):
		return o.Text
	}
	return o.Value + ", " + o.Text
}

// proposal says what an empty line takes, and what that rests on.
func (r *session) proposal(q interview.Question) {
	if q.Basis == "" {
		return
	}
	shown, basis := q.Answer, strings.TrimRight(q.Basis, ".")
	if chosen := chosen(q); len(chosen) > 0 {
		var names []string
		for _, i := range chosen {
			o := q.Options[i]
			names = append(names, name(o))
			basis = strings.TrimRight(strings.Replace(basis, o.Note, "", 1), ": ") // it was said beside the option
		}
		shown = strings.Join(names, "; ")
	}
	if shown != "" {
		r.out.text(ended("Proposed: " + shown + prefixed(" (", basis, ")")))
	}
}

// chosen are the options that q proposes.
func chosen(q interview.Question) []int {
	var values []string
	if q.Kind == interview.Choices {
		values = parted(q.Answer)
	} else {
		values = []string{q.Answer}
	}
	var list []int
	for i, o := range q.Options {
		if slices.Contains(values, o.Value) {
			list = append(list, i)
		}
	}
	return list
}

func parted(answer string) []string {
	return strings.FieldsFunc(answer, func(r rune) bool { return r == ',' || r == ' ' })
}

// bracket is what stands before the place to type at: what is asked in a word,
// and what an empty line takes, if anything.
func bracket(q interview.Question) string {
	shown := q.Answer
	if q.Kind == interview.Choice || q.Kind == interview.Choices {
		var numbers []string
		for _, i := range chosen(q) {
			numbers = append(numbers, strconv.Itoa(i+1))
		}
		shown = strings.Join(numbers, ", ")
	}
	label := q.Label
	if label == "" {
		label = "Answer"
	}
	return label + prefixed(" [", shown, "]")
}

// prefixed is the parts in a row, or nothing where the middle one is empty.
func prefixed(before, text string, after ...string) string {
	if text == "" {
		return ""
	}
	return before + text + strings.Join(after, "")
}

// explain says why a question is asked and what can be typed.
func (r *session) explain(q interview.Question) {
	r.out.text(sentences(q.Why, "type "+takes(q)))
	if q.Example != "" {
		r.out.text("For example: " + q.Example)
	}
	r.options(q)
	r.proposal(q)
}

// takes says what a question takes.
func takes(q interview.Question) string {
	var what string
	switch q.Kind {
	case interview.List:
		what = "one or several, parted by commas"
	case interview.Choice:
		what = fmt.Sprintf("a number from 1 to %d, or the beginning of a name", len(q.Options))
	case interview.Choices:
		what = fmt.Sprintf("numbers from 1 to %d parted by commas, or all", len(q.Options))
	default:
		what = "a line of text"
	}
	if i := notKnown(q.Options); i >= 0 && q.Kind == interview.Choice {
		what += "; " + nothing + " or " + unknown + " for " + name(q.Options[i])
	} else if q.Kind != interview.Choice {
		what += "; " + nothing + " for none"
	}
	return what
}

// notKnown is the option that stands for not known, or -1.
func notKnown(options []interview.Option) int {
	i := slices.IndexFunc(options, func(o interview.Option) bool { return o.Value == unknown })
	if i < 0 {
		i = slices.IndexFunc(options, func(o interview.Option) bool { return o.Value == "" })
	}
	return i
}

// read makes the answer to q of a line, or says why it cannot be one.
func read(q interview.Question, line string) (value, problem string) {
	switch {
	case q.Kind == interview.Choice:
		return pick(q, line)
	case line == nothing:
		return "", ""
	case q.Kind == interview.Choices:
		return pickAll(q, line)
	}
	return line, ""
}

// pickAll reads several options, or all that can be taken.
func pickAll(q interview.Question, line string) (value, problem string) {
	var values []string
	if line == "all" {
		for _, o := range q.Options {
			if len(o.Against) == 0 && o.Value != "" {
				values = append(values, o.Value)
			}
		}
	} else {
		for _, word := range parted(line) {
			value, problem := pick(q, word)
			if problem != "" {
				return "", problem
			}
			if !slices.Contains(values, value) {
				values = append(values, value)
			}
		}
	}
	return strings.Join(values, ", "), ""
}

// pick reads one option: its number, its value or name, or the beginning of one
// that no other has.
func pick(q interview.Question, word string) (value, problem string) {
	found := matches(q.Options, word)
	switch len(found) {
	case 0:
		return "", fmt.Sprintf("%q is none of the options. Type %s.", word, takes(q))
	case 1:
	default:
		var names []string
		for _, i := range found {
			names = append(names, fmt.Sprintf("%d (%s)", i+1, name(q.Options[i])))
		}
		return "", fmt.Sprintf("%q can be %s. Type the number.", word, strings.Join(names, " or "))
	}
	o := q.Options[found[0]]
	if len(o.Against) > 0 {
		return "", against(o)
	}
	return o.Value, ""
}

func matches(options []interview.Option, word string) []int {
	if n, err := strconv.Atoi(word); err == nil && n >= 1 && n <= len(options) {
		return []int{n - 1}
	}
	if i := notKnown(options); i >= 0 && (word == nothing || word == unknown) {
		return []int{i}
	}
	var begin []int
	for i, o := range options {
		if strings.EqualFold(o.Value, word) || strings.EqualFold(o.Text, word) {
			return []int{i}
		}
		if begins(o.Value, word) || begins(o.Text, word) {
			begin = append(begin, i)
		}
	}
	return begin
}

func begins(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
