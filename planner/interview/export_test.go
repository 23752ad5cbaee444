package interview_test

import (
	"testing"

	"sendplan/planner/interview"
)

var (
	aboutExport = interview.Subject{Of: interview.OfExport}
	someForms   = []interview.Option{{Value: "panel", Text: "panel"}, {Value: "bind", Text: "bind"}, {Value: "csv", Text: "csv"}}
)

func TestExportProposed(t *testing.T) {
	t.Parallel()
	s := begun(t, "xn--bcher-kva.example")
	s.Forms = someForms
	check := func(s interview.State, id interview.ID, answer, basis string) {
		t.Helper()
		if q := ask(t, s, aboutExport, nil, id); q.Answer != answer || q.Basis != basis {
			t.Errorf("%s: %q (%s), want %q (%s)", id, q.Answer, q.Basis, answer, basis)
		}
	}
	check(s, "inventory", "inventory.yaml", "the name that the documentation uses")
	check(s, "folder", "sendplan-xn--bcher-kva.example", "the first domain")
	check(s, "forms", "panel, bind, runbook, plan", "what most need")
	s.Path = "/srv/mail/office.yaml"
	check(s, "inventory", "/srv/mail/office.yaml", "that file was named")
	next := put(t, s, aboutExport, interview.Answers{"inventory": `"C:\Users\Jörg Müller\office.yaml"`, "folder": "../out put", "forms": "plan; csv panel,csv"})
	check(next, "inventory", `C:\Users\Jörg Müller\office.yaml`, "")
	check(next, "folder", "../out put", "")
	check(next, "forms", "panel, csv, plan", "")
	none := put(t, next, aboutExport, interview.Answers{"forms": ""})
	check(none, "forms", "", "")
	check(interview.State{}, "folder", "sendplan", "a name that is free to choose")
	check(interview.State{}, "forms", "runbook, plan", "what most need")
}

func TestExportMistakes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		id     interview.ID
		answer string
		want   interview.Mistake
	}{
		{"inventory", " ", interview.Mistake{Message: "no place is named", Fix: "type a path"}},
		{"folder", `" "`, interview.Mistake{Message: "no place is named", Fix: "type a path"}},
		{"inventory", "a\x00b", interview.Mistake{Message: `"a\x00b" holds what no path can`, Fix: "type it again, without what cannot be seen"}},
		{"folder", "a\nb", interview.Mistake{Message: `"a\nb" holds what no path can`, Fix: "type it again, without what cannot be seen"}},
		{"inventory", "\xff", interview.Mistake{Message: `"\xff" holds what no path can`, Fix: "type it again, without what cannot be seen"}},
		{"inventory", "-", interview.Mistake{Message: `"-" is no place: files are written here`, Fix: "type a path"}},
		{"folder", "~/plan", interview.Mistake{Message: `"~/plan": only a shell knows what ~ stands for`, Fix: "type the path from its beginning, such as /home/..."}},
		{"inventory", "mail/", interview.Mistake{Message: `"mail/" is a folder`, Fix: "type the name of a file, such as mail/inventory.yaml"}},
		{"forms", "bind, fax", interview.Mistake{Message: `"fax" is none of the answers`, Fix: "take panel, bind, csv, runbook or plan"}},
	} {
		s := begun(t, "nordwind.example")
		s.Forms = someForms
		next, err := s.Put(aboutExport, interview.Answers{c.id: c.answer})
		c.want.ID = c.id
		checkMistake(t, err, c.want)
		if next.Export != nil {
			t.Errorf("taken: %v", next.Export)
		}
	}
}
