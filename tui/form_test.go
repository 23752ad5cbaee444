package tui

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendplan/planner/interview"
)

// deviceQuestions is a form as the wizard has them: a question that comes and
// goes with another's answer, and one with a veto.
func deviceQuestions(given interview.Answers) []interview.Question {
	all := []interview.Question{
		{ID: "name", Label: "Name", Text: "What is the device called?", Example: "Scanner reception",
			Why: "It is the name under which it stands in the inventory. Choose what people in the office call it."},
		{ID: "kind", Label: "Kind", Text: "What is it?", Kind: interview.Choice, Answer: "printer", Basis: "its name says scanner", Options: []interview.Option{
			{Value: "printer", Text: "printer or scanner"}, {Value: "nas", Text: "NAS"}, {Value: "erp", Text: "ERP"}, {Text: "not known"},
		}},
		{ID: "method", Label: "Method", Text: "How does it hand over mail?", Kind: interview.Choice, Answer: "connector-ip", Basis: "it is the best one here",
			Why: "The method decides which records the plan changes, and what has to be set on the device.", Options: []interview.Option{
				{Value: "connector-ip", Text: "Connector, by the address of the site", Recommended: true, Note: "lasts; needs a fixed address, which the site has"},
				{Value: "direct-send", Text: "Direct Send", Note: "lasts, but reaches only mailboxes of the tenant"},
				{Value: "smtp-auth", Text: "SMTP AUTH with a password", Note: "off by default from the end of December 2026",
					Against: []string{"basic authentication ends, and the device knows no OAuth"}, Instead: "connector-ip"},
			}},
		{ID: "from", Label: "From", Text: "Which address does it send from?", Answer: "scanner@nordwind.example", Basis: "it is made of the name and the domain"},
		{ID: "addresses", Label: "Addresses", Text: "Which addresses does it send from?", Kind: interview.List, Example: "192.0.2.1, 192.0.2.2"},
	}
	for i, q := range all {
		if a, ok := given[q.ID]; ok {
			all[i].Answer, all[i].Basis = a, ""
		}
	}
	if all[1].Answer == "erp" {
		all = slices.Insert(all, 2, interview.Question{ID: "volume", Label: "Volume", Text: "How many messages a day?"})
	}
	return all
}

func device(st *styles, given interview.Answers) form {
	return newForm(st, "New device", deviceQuestions, given)
}

// manyOptions is a question with more options than a screen has lines.
func manyOptions(kind interview.Kind) []interview.Question {
	q := interview.Question{ID: "relay", Label: "Relay", Text: "Which relay?", Kind: kind, Why: "Each has its own include."}
	for i := range 30 {
		name := "relay " + strings.Repeat(string(rune('a'+i%26)), 3)
		q.Options = append(q.Options, interview.Option{Value: name[6:] + string(rune('0'+i/26)), Text: name, Note: "a note about " + name})
	}
	return []interview.Question{q, {ID: "last", Label: "Last", Text: "And last?"}}
}

func fixed(questions ...interview.Question) func(interview.Answers) []interview.Question {
	return func(interview.Answers) []interview.Question { return questions }
}

func formStates(st *styles) map[string]form {
	taken := interview.Answers{"name": "Scanner", "kind": "printer"}
	vetoed := pressed(device(st, taken), "tab", "tab", "down", "down", "enter")
	mistaken := device(st, interview.Answers{"name": "Scanner", "addresses": "192.0.2.300"}).withMistake(&interview.Mistake{
		ID: "addresses", Message: `address "192.0.2.300": no part may be above 255`, Fix: "write an address as 192.0.2.30"})
	whole := device(st, taken).withMistake(&interview.Mistake{Message: `the device "Scanner" is there already`, Fix: "choose another name"})
	nastyOption := interview.Option{Value: "n", Text: nasty, Note: long, Against: []string{nasty, long}, Instead: nasty}
	bad := newForm(st, nasty, fixed(
		interview.Question{ID: "a", Text: nasty + long, Label: nasty, Why: long, Answer: nasty + long, Basis: nasty, Kind: interview.List},
		interview.Question{ID: "b", Text: nasty, Label: long, Why: nasty, Answer: "n", Kind: interview.Choice, Options: []interview.Option{nastyOption, {Value: "m", Text: long, Recommended: true}}},
		interview.Question{ID: "c", Text: nasty, Label: "c", Answer: "n, x", Basis: long, Kind: interview.Choices, Options: []interview.Option{nastyOption}},
	), nil)
	return map[string]form{
		"empty":     newForm(st, "Nothing", fixed(), nil),
		"first":     device(st, nil),
		"one":       newForm(st, "Domains", fixed(interview.Question{ID: "domains", Label: "Domains", Text: "Which domains is it about?", Kind: interview.List, Example: "nordwind.example"}), nil),
		"typed":     pressed(device(st, nil), "S", "c", "a", "n"),
		"choice":    pressed(device(st, taken), "tab", "tab"),
		"proposed":  pressed(device(st, taken), "tab", "tab", "tab"),
		"vetoed":    vetoed,
		"mistake":   mistaken,
		"mistaken":  whole,
		"why":       pressed(device(st, taken), "tab", "tab", "ctrl+g"),
		"many":      pressed(newForm(st, "Relay", fixed(manyOptions(interview.Choice)...), nil), "down", "down", "down", "down", "down", "down"),
		"searching": pressed(newForm(st, "Relay", fixed(manyOptions(interview.Choice)...), nil), "/", "b", "b"),
		"missed":    pressed(newForm(st, "Relay", fixed(manyOptions(interview.Choice)...), nil), "/", "ä"),
		"marked":    pressed(newForm(st, "Relays", fixed(manyOptions(interview.Choices)...), nil), " ", "down", "down", " "),
		"nasty":     bad,
		"nasty-2":   pressed(bad, "tab", "enter"),
		"nasty-3":   pressed(bad, "tab", "tab", " "),
		"nasty-4":   pressed(bad, "right"),
	}
}

func TestFormIsGoneThrough(t *testing.T) {
	t.Parallel()
	f := pressed(device(plainStyles(), nil), "S", "c", "a", "n", "enter", "enter", "enter", "enter")
	if q, _ := f.question(); q.ID != "addresses" {
		t.Fatalf("at %q", q.ID)
	}
	if !f.typing() {
		t.Error("a text has the focus, but nothing is typed into it")
	}
	f, _ = f.Update(pasted("192.0.2.1\r\n192.0.2.2\n"))
	f, said := after(f, "enter")
	want := interview.Answers{"name": "Scan", "kind": "printer", "method": "connector-ip", "from": "scanner@nordwind.example", "addresses": "192.0.2.1, 192.0.2.2"}
	if done, ok := said.(formDoneMsg); !ok || !maps.Equal(done.answers, want) {
		t.Errorf("said %#v, want %v", said, want)
	}
	if !maps.Equal(f.answers(), want) {
		t.Errorf("kept %v", f.answers())
	}
}

func TestFormIsDoneAtOnce(t *testing.T) {
	t.Parallel()
	_, said := after(device(plainStyles(), nil), "N", "A", "S", "ctrl+s")
	if done, ok := said.(formDoneMsg); !ok || !maps.Equal(done.answers, interview.Answers{"name": "NAS"}) {
		t.Errorf("said %#v", said)
	}
}

func TestFormQuestionsComeAndGo(t *testing.T) {
	t.Parallel()
	f := pressed(device(plainStyles(), nil), "tab", "3")
	if q, _ := f.question(); q.ID != "volume" || len(f.questions) != 6 {
		t.Fatalf("at %q of %d", q.ID, len(f.questions))
	}
	f = pressed(f, "9", "shift+tab", "2")
	if q, _ := f.question(); q.ID != "method" || len(f.questions) != 5 {
		t.Errorf("at %q of %d", q.ID, len(f.questions))
	}
	if got := f.answers()["volume"]; got != "9" {
		t.Errorf("the answer to what is not asked any more is lost: %q", got)
	}
}

func TestFormQuestionThatAnswersItselfAway(t *testing.T) {
	t.Parallel()
	ask := func(given interview.Answers) []interview.Question {
		all := []interview.Question{{ID: "a", Text: "a?"}, {ID: "b", Text: "b?"}, {ID: "c", Text: "c?"}}
		if given["b"] != "" {
			all = slices.Delete(all, 1, 2)
		}
		return all
	}
	f := pressed(newForm(plainStyles(), "", ask, nil), "enter", "x", "enter")
	if q, _ := f.question(); q.ID != "c" {
		t.Errorf("at %q, want c", q.ID)
	}
	if _, said := after(f, "enter"); said == nil {
		t.Error("not done after the last question")
	}
}

func TestFormProposal(t *testing.T) {
	t.Parallel()
	at := pressed(device(plainStyles(), nil), "tab", "tab", "tab")
	tests := map[string]struct {
		keys []string
		want string
	}{
		"enter takes it":               {[]string{"enter"}, "scanner@nordwind.example"},
		"typing replaces it":           {[]string{"x", "enter"}, "x"},
		"right changes it":             {[]string{"right", "s", "enter"}, "scanner@nordwind.examples"},
		"backspace changes it":         {[]string{"backspace", "backspace", "enter"}, "scanner@nordwind.exampl"},
		"emptied is left open":         {[]string{"right", "ctrl+u", "enter"}, ""},
		"backspace in nothing is back": {[]string{"x", "backspace", "backspace", "enter"}, "scanner@nordwind.example"},
	}
	for name, test := range tests {
		if got := pressed(at, test.keys...).answers()["from"]; got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
	if got, ok := pressed(at, "tab").answers()["from"]; ok {
		t.Errorf("passing by answers %q", got)
	}
}

func TestFormVeto(t *testing.T) {
	t.Parallel()
	f := pressed(device(plainStyles(), nil), "tab", "tab")
	for name, keys := range map[string][]string{"enter": {"down", "down", "enter"}, "its number": {"3"}} {
		got := pressed(f, keys...)
		if q, _ := got.question(); q.ID != "method" || got.answers()["method"] != "" {
			t.Errorf("%s takes it: %v", name, got.answers())
		}
		view := got.View(80, 40)
		for _, want := range []string{"not possible", "knows no OAuth", "instead: Connector", `error    "SMTP AUTH with a password" cannot be taken here`, "take Connector, by the address of the site instead"} {
			if !strings.Contains(view, want) {
				t.Errorf("%s: %q is not said:\n%s", name, want, view)
			}
		}
	}
	if view := pressed(f, "3", "up").View(80, 40); strings.Contains(view, "error") {
		t.Errorf("the mistake stays:\n%s", view)
	}
}

func TestFormMistake(t *testing.T) {
	t.Parallel()
	given := interview.Answers{"name": "Scanner", "addresses": "192.0.2.300"}
	m := &interview.Mistake{ID: "name", Message: `there is a device "Scanner"`, Fix: "choose another name"}
	f := pressed(device(plainStyles(), given), "tab").withMistake(m)
	if view := f.View(80, 24); !strings.Contains(view, m.Message) || !strings.Contains(view, m.Fix) {
		t.Errorf("not shown:\n%s", view)
	}
	f, said := after(f, "2", "enter")
	if done, ok := said.(formDoneMsg); !ok || done.answers["name"] != "Scanner2" {
		t.Errorf("said %#v", said)
	}
	if view := f.View(80, 24); strings.Contains(view, m.Message) {
		t.Errorf("still shown:\n%s", view)
	}
	if _, said := after(f.withMistake(m), "tab", "shift+tab", "enter"); said != nil {
		t.Errorf("who goes through the form again is not asked: %#v", said)
	}
	kind := f.withMistake(&interview.Mistake{ID: "kind", Message: "no"})
	if kind, said = after(kind, "3"); said != nil || kind.questions[kind.at].ID != "volume" {
		t.Errorf("mending asked something new, but is at %v and said %v", kind.at, said)
	}
}

func TestFormSearch(t *testing.T) {
	t.Parallel()
	f := newForm(plainStyles(), "Relay", fixed(manyOptions(interview.Choice)...), nil)
	if f.typing() || f.takesEsc() {
		t.Error("it searches from the beginning")
	}
	f = pressed(f, "/", "c", "c")
	if !f.typing() || !f.takesEsc() {
		t.Error("letters do not go into the search")
	}
	if got := pressed(f, "enter").answers()["relay"]; got != "ccc0" {
		t.Errorf("found %q", got)
	}
	if got := pressed(f, "backspace", "backspace", "B", "down", "enter").answers()["relay"]; got != "bbb1" {
		t.Errorf("found %q", got)
	}
	ended := pressed(f, "esc")
	if ended.typing() || ended.takesEsc() || ended.choice.at != 2 {
		t.Errorf("esc leaves it at %d", ended.choice.at)
	}
	if got := pressed(f, "ö", "enter", "esc", "enter").answers()["relay"]; got != "aaa0" {
		t.Errorf("after nothing was found: %q", got)
	}
}

func TestFormChoices(t *testing.T) {
	t.Parallel()
	q := interview.Question{ID: "x", Kind: interview.Choices, Answer: "b", Options: []interview.Option{
		{Value: "a", Text: "A"}, {Value: "b", Text: "B"}, {Value: "c", Text: "C", Against: []string{"never"}}}}
	f := newForm(plainStyles(), "", fixed(q), nil)
	tests := map[string]struct {
		keys []string
		want string
	}{
		"as they were":     {[]string{"enter"}, "b"},
		"one more":         {[]string{" ", "enter"}, "a, b"},
		"by number":        {[]string{"1", "2", "enter"}, "a"},
		"none":             {[]string{"2", "ctrl+s"}, ""},
		"a veto":           {[]string{"3", "enter"}, "b"},
		"left by tab":      {[]string{"1", "tab"}, "a, b"},
		"there and back":   {[]string{"1", "1", "enter"}, "b"},
		"the last, not it": {[]string{"end", " ", "home", " ", "enter"}, "a, b"},
	}
	for name, test := range tests {
		if got := pressed(f, test.keys...).answers()["x"]; got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestFormPasteIsText(t *testing.T) {
	t.Parallel()
	f := device(plainStyles(), nil)
	f, _ = f.Update(pasted("Scan\u200bner\u00a01\n"))
	if got := f.answers()["name"]; got != "Scanner 1" {
		t.Errorf("pasted as %q", got)
	}
	f = pressed(f, "enter")
	old := f.View(80, 24)
	f, cmd := f.Update(pasted("2\n"))
	if f.View(80, 24) != old || cmd != nil {
		t.Errorf("a paste into a choice picks:\n%s", f.View(80, 24))
	}
}

func TestFormKeepsGiven(t *testing.T) {
	t.Parallel()
	given := interview.Answers{"name": "old"}
	f := device(plainStyles(), given)
	if f.touched() {
		t.Error("touched before any key")
	}
	f = pressed(f, "x", "enter")
	if !f.touched() || given["name"] != "old" {
		t.Errorf("touched %v, given %v", f.touched(), given)
	}
}

func TestFormWhy(t *testing.T) {
	t.Parallel()
	f := device(plainStyles(), nil)
	const why = "It is the name"
	if view := f.View(40, 8); strings.Contains(view, why) {
		t.Fatalf("there was room for it:\n%s", view)
	}
	f = pressed(f, "ctrl+g")
	if view := f.View(40, 8); !strings.Contains(view, why) {
		t.Errorf("not said:\n%s", view)
	}
	if view := pressed(f, "ctrl+g").View(40, 8); strings.Contains(view, why) {
		t.Errorf("not taken away:\n%s", view)
	}
	if view := pressed(f, "x").View(40, 8); strings.Contains(view, why) {
		t.Errorf("it stands in the way of the answer:\n%s", view)
	}
}

// The question with the focus, and in it the place where keys act, is always on
// the screen.
func TestFormShowsItsFocus(t *testing.T) {
	t.Parallel()
	names := []string{"tab", "shift+tab", "down", "up", "enter", "3", "x", "ctrl+g", "/", "esc", "backspace", " ", "end"}
	rapid.Check(t, func(t *rapid.T) {
		f := device(plainStyles(), nil)
		if rapid.Bool().Draw(t, "many") {
			f = newForm(plainStyles(), "Relay", fixed(manyOptions(interview.Choice)...), nil)
		}
		f = pressed(f, rapid.SliceOfN(rapid.SampledFrom(names), 0, 30).Draw(t, "keys")...)
		if f.why {
			f = pressed(f, "ctrl+g")
		}
		w, h := rapid.IntRange(40, 140).Draw(t, "w"), rapid.IntRange(8, 50).Draw(t, "h")
		view := f.View(w, h)
		fitsIn(t, view, w, h)
		if n := strings.Count("\n"+view, "\n  > "); n != 1 && !strings.Contains(view, "nothing holds that") {
			t.Fatalf("%d places have the focus at %dx%d:\n%s", n, w, h, view)
		}
	})
}
