package tui

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendplan/planner/interview"
)

var (
	aboutSPF   = interview.Subject{Of: interview.OfDomain, Name: "nordwind.example"}
	recordsOld = []string{"v=spf1 a mx include:spf.protection.outlook.com ~all", "MS=ms12345678"}
	recordsNew = []string{"v=spf1 ip4:192.0.2.1 include:spf.protection.outlook.com -all", "MS=ms12345678"}
)

func verifyPage() interview.Page {
	return interview.Page{
		Lead: []interview.Line{{Text: "One domain, 3 findings."}, {Mark: interview.Warn, Text: "SPF stops at 10 look-ups, and this record needs 12"}},
		Sections: []interview.Section{
			{Title: "nordwind.example", Columns: []string{"Record", "Where", "What it comes to"}, Items: []interview.Item{
				{Mark: interview.Bad, Title: "SPF", Cells: []string{"nordwind.example", "needs 12 look-ups, receivers stop at 10"}, About: aboutSPF, More: []interview.Line{
					{Text: "A receiver that needs more than ten look-ups gives up, and the mail counts as not authorised."},
					{Mark: interview.Heading, Text: "The record"},
					{Mark: interview.Code, Text: "v=spf1 include:spf.protection.outlook.com include:_spf.mailer.example -all"},
					{Indent: 1, Mark: interview.Muted, Text: "RFC 7208, section 4.6.4"},
				}},
				{Mark: interview.Good, Title: "MX", Cells: []string{"nordwind.example", "one, of Microsoft"}},
				{Mark: interview.Unknown, Title: "DKIM", Cells: []string{"selector1._domainkey.nordwind.example", "192.0.2.53 did not answer within 5 s"}},
			}},
			{Title: "Changes", Items: []interview.Item{
				{Title: "nordwind.example TXT, TTL 3600", Old: recordsOld, New: recordsNew, Open: true, Accept: "spf-end"},
				{Title: "_dmarc.nordwind.example TXT, TTL 3600", New: []string{"v=DMARC1; p=none"}},
			}},
			{Title: "Blocks", Empty: "Nothing blocks."},
			{Title: "Left out"},
		},
	}
}

func longPage() interview.Page {
	p := interview.Page{Lead: line("Many.")}
	for s := range 4 {
		section := interview.Section{Title: fmt.Sprintf("Section %d", s+1)}
		for i := range 12 {
			section.Items = append(section.Items, interview.Item{Title: fmt.Sprintf("item %d.%d", s+1, i+1), More: line(strings.Repeat("word ", 200))})
		}
		p.Sections = append(p.Sections, section)
	}
	return p
}

func nastyPage() interview.Page {
	it := interview.Item{Mark: interview.Bad, Title: nasty, Cells: []string{long, nasty}, Open: true, Old: []string{nasty, long}, New: []string{long + "y", nasty},
		More: []interview.Line{{Text: long}, {Mark: interview.Code, Text: nasty + long}, {Mark: interview.Warn, Indent: 40, Text: nasty}, {Mark: interview.Added, Text: long}}}
	bare := it
	bare.Cells, bare.Mark = nil, interview.Removed
	return interview.Page{
		Lead:     []interview.Line{{Text: nasty}, {Mark: interview.Heading, Text: long}},
		Sections: []interview.Section{{Title: nasty, Columns: []string{nasty, long}, Items: []interview.Item{it, it, {}}}, {Title: long, Items: []interview.Item{bare, {}}}, {Title: "e", Empty: nasty}},
	}
}

func pageStates(st *styles) map[string]pageView {
	return map[string]pageView{
		"empty":  newPageView(st, interview.Page{}),
		"lead":   newPageView(st, interview.Page{Lead: line("There is nothing to show yet.")}),
		"one":    newPageView(st, interview.Page{Sections: []interview.Section{{Title: "Findings", Items: []interview.Item{{Mark: interview.Good, Title: "all is well"}}}}}),
		"closed": newPageView(st, verifyPage()),
		"opened": pressed(newPageView(st, verifyPage()), "enter"),
		"change": pressed(newPageView(st, verifyPage()), "]", "down", "enter"),
		"many":   pressed(newPageView(st, longPage()), "pgdown", "down", "enter"),
		"nasty":  newPageView(st, nastyPage()),
	}
}

// title is that of the item with the cursor.
func title(v pageView) string {
	it, _ := v.current()
	return it.Title
}

func TestPageMoves(t *testing.T) {
	t.Parallel()
	start := newPageView(plainStyles(), longPage()).sized(80, 20)
	for keys, want := range map[string]string{
		"down":               "item 1.2",
		"j j k":              "item 1.2",
		"up":                 "item 1.1",
		"end":                "item 4.12",
		"end down":           "item 4.12",
		"end home":           "item 1.1",
		"]":                  "item 2.1",
		"] ] ]":              "item 4.1",
		"] ] ] ]":            "item 4.1",
		"] down [":           "item 1.1",
		"] ] [":              "item 2.1",
		"[":                  "item 1.1",
		"pgdown pgup":        "item 1.1",
		"pgdown pgdown pgup": "item 2.2",
	} {
		v := pressed(start, strings.Fields(keys)...)
		if got := title(v); got != want {
			t.Errorf("%s: at %q, want %q", keys, got, want)
		}
		if view := v.View(80, 20); !strings.Contains(view, "> ▸ "+want+"\n") {
			t.Errorf("%s: the cursor is not seen:\n%s", keys, view)
		}
	}
}

// An item that is longer than the screen is read line by line, both ways.
func TestPageReadsLongItems(t *testing.T) {
	t.Parallel()
	v := pressed(newPageView(plainStyles(), longPage()).sized(40, 12), "down", "enter")
	if it, _ := v.current(); v.top > it.from {
		t.Errorf("it begins at line %d, but is seen from %d on", it.from, v.top)
	}
	seen, lines := map[int]bool{}, 0
	for ; title(v) == "item 1.2"; lines++ {
		for i := v.top; i < v.top+v.body(); i++ {
			seen[i] = true
		}
		v = pressed(v, "down")
		if lines > 100 {
			t.Fatal("it does not get out of the item")
		}
	}
	for i := v.lay.items[1].from; i < v.lay.items[1].to; i++ {
		if !seen[i] {
			t.Fatalf("line %d was never seen", i)
		}
	}
	v = pressed(v, "up")
	if title(v) != "item 1.2" || v.top+v.body() != v.lay.items[1].to {
		t.Errorf("up goes to line %d of %q, not to its end", v.top, title(v))
	}
	for range lines {
		v = pressed(v, "up")
	}
	if v.top != 0 {
		t.Errorf("the beginning is not reached: line %d", v.top)
	}
}

func TestPageReadsLeadOnly(t *testing.T) {
	t.Parallel()
	v := newPageView(plainStyles(), interview.Page{Lead: make([]interview.Line, 50)}).sized(80, 10)
	v = pressed(v, "down", "down", "pgdown", "up")
	if v.top != 9 {
		t.Errorf("at line %d", v.top)
	}
	if v = pressed(v, "end"); v.top != 41 {
		t.Errorf("the end is at line %d", v.top)
	}
	if v = pressed(v, "home", "enter", "e", "y"); v.top != 0 {
		t.Errorf("the beginning is at line %d", v.top)
	}
}

func TestPageSays(t *testing.T) {
	t.Parallel()
	v := newPageView(plainStyles(), verifyPage())
	if _, said := after(v, "e"); said != (editMsg{aboutSPF}) {
		t.Errorf("e says %#v", said)
	}
	if _, said := after(v, "y"); said != nil {
		t.Errorf("y where nothing waits for it says %#v", said)
	}
	if _, said := after(v, "]", "y"); said != (acceptMsg{"spf-end"}) {
		t.Errorf("y says %#v", said)
	}
	if _, said := after(v, "]", "e"); said != nil {
		t.Errorf("e about nothing says %#v", said)
	}
	p := interview.Page{Sections: []interview.Section{{Title: "x", Items: []interview.Item{{Title: "y", About: aboutSPF}}}}}
	if _, said := after(newPageView(plainStyles(), p), "enter"); said != (editMsg{aboutSPF}) {
		t.Errorf("enter where nothing opens says %#v", said)
	}
}

func TestPageOpens(t *testing.T) {
	t.Parallel()
	v := newPageView(plainStyles(), verifyPage())
	if strings.Contains(v.View(80, 40), "gives up") {
		t.Error("open from the beginning")
	}
	v = pressed(v, "enter")
	if !strings.Contains(v.View(80, 40), "gives up") {
		t.Errorf("not opened:\n%s", v.View(80, 40))
	}
	if v = pressed(v, "enter"); strings.Contains(v.View(80, 40), "gives up") {
		t.Error("not closed again")
	}
	if v = pressed(v, "]", "enter"); strings.Contains(v.View(80, 40), "+ v=spf1") {
		t.Error("what was open from the beginning is not closed")
	}
}

// Cells that do not fit are read by opening their item.
func TestPageOpensWhatWasCut(t *testing.T) {
	t.Parallel()
	v := newPageView(plainStyles(), verifyPage()).sized(40, 40)
	v = pressed(v, "down", "down")
	const where = "selector1._domainkey."
	if strings.Contains(v.View(40, 40), where) {
		t.Fatalf("nothing was cut:\n%s", v.View(40, 40))
	}
	if v = pressed(v, "enter"); !strings.Contains(v.View(40, 40), "    "+where) {
		t.Errorf("the whole is not shown:\n%s", v.View(40, 40))
	}
	if it, _ := v.sized(140, 40).current(); it.opens {
		t.Error("where all fits, there is nothing to open")
	}
}

func TestPageIsReplaced(t *testing.T) {
	t.Parallel()
	v := pressed(newPageView(plainStyles(), verifyPage()).sized(80, 12), "enter", "]", "down")
	p := verifyPage()
	p.Sections[0].Items = append([]interview.Item{{Title: "new"}}, p.Sections[0].Items...)
	v = v.withPage(p)
	if title(v) != "_dmarc.nordwind.example TXT, TTL 3600" || !strings.Contains(v.View(80, 12), "> ▸ _dmarc") {
		t.Errorf("the cursor went to %q:\n%s", title(v), v.View(80, 12))
	}
	if !strings.Contains(v.View(80, 50), "gives up") {
		t.Error("what was open is closed")
	}
	v = v.withPage(interview.Page{})
	if v = pressed(v, "down", "enter", "]", "pgdown"); v.View(80, 12) != "" {
		t.Errorf("something is left of it:\n%s", v.View(80, 12))
	}
}

func TestPageKeepsItsCursorInSight(t *testing.T) {
	t.Parallel()
	names := []string{"up", "down", "pgup", "pgdown", "home", "end", "[", "]", "enter"}
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(20, 140).Draw(t, "w"), rapid.IntRange(6, 50).Draw(t, "h")
		v := newPageView(plainStyles(), longPage()).sized(w, h)
		for range rapid.IntRange(0, 30).Draw(t, "n") {
			v = pressed(v, rapid.SampledFrom(names).Draw(t, "key"))
			it, _ := v.current()
			if it.from >= v.top+v.body() || it.to <= v.top {
				t.Fatalf("the cursor is at lines %d to %d, seen are %d to %d", it.from, it.to, v.top, v.top+v.body())
			}
		}
		other := v.sized(rapid.IntRange(20, 140).Draw(t, "w2"), rapid.IntRange(6, 50).Draw(t, "h2"))
		if it, _ := other.current(); it.from >= other.top+other.body() || it.to <= other.top {
			t.Fatalf("the cursor is lost in another size")
		}
	})
}
