package interview

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// The forms of what is exported that are no forms of changes.
const (
	formRunbook = "runbook"
	formPlan    = "plan"
)

// defaultInventory is where the inventory goes if nobody says otherwise.
const defaultInventory = "inventory.yaml"

func (s State) exportQuestions(given Answers) []Question {
	f := form{given: given}
	path := Question{
		ID: "inventory", Kind: Text, Text: "Where shall the inventory be written?", Label: "Inventory", Example: defaultInventory, Answer: s.Export["inventory"],
		Why: "It is the file that all commands read, and that you keep. What you did not change in it stays as it was, comments too.",
	}
	switch {
	case path.Answer != "":
	case s.Path != "":
		path.Answer, path.Basis = s.Path, "that file was named"
	default:
		path.Answer, path.Basis = defaultInventory, "the name that the documentation uses"
	}
	f.ask(path)
	folder := Question{
		ID: "folder", Kind: Text, Text: "In which folder shall the other files go?", Label: "Folder", Example: "sendplan-contoso.com", Answer: s.Export["folder"],
		Why: "It is made if it is not there. Files that are there are only written over after you said yes.",
	}
	if folder.Answer == "" {
		folder.Answer, folder.Basis = "sendplan", "a name that is free to choose"
		if names := s.domains(); len(names) > 0 {
			folder.Answer, folder.Basis = "sendplan-"+names[0].String(), "the first domain"
		}
	}
	f.ask(folder)
	f.ask(s.formsQuestion())
	return f.questions
}

// formsQuestion proposes what serves everybody: records to type, lines to paste,
// the steps, and the reasons.
func (s State) formsQuestion() Question {
	q := Question{
		ID: "forms", Kind: Choices, Text: "What shall be written there?", Label: "Files",
		Why: "The changes can be written in the form that your DNS host takes, each with its way back. More can be written later: sendplan emit.",
		Options: append(slices.Clone(s.Forms),
			Option{Value: formRunbook, Text: "runbook", Note: "all steps in their order, with commands, device settings and tests (Markdown)"},
			Option{Value: formPlan, Text: "plan", Note: "the plan with its proof, as a report (Markdown)"}),
	}
	if answer, asked := s.Export["forms"]; asked {
		q.Answer = joined(q.Options, split(answer))
		return q
	}
	q.Answer, q.Basis = joined(q.Options, []string{"panel", "bind", formRunbook, formPlan}), "what most need"
	return q
}

func (s State) putExport(given Answers) (State, error) {
	answers, err := taken(s.exportQuestions(given))
	if err != nil {
		return s, err
	}
	for _, id := range []ID{"inventory", "folder"} {
		if answers[id], err = parsePath(id, answers[id]); err != nil {
			return s, err
		}
	}
	if strings.HasSuffix(answers["inventory"], "/") || strings.HasSuffix(answers["inventory"], `\`) {
		return s, &Mistake{ID: "inventory", Message: fmt.Sprintf("%q is a folder", answers["inventory"]), Fix: "type the name of a file, such as " + answers["inventory"] + defaultInventory}
	}
	s.Export = answers
	return s, nil
}

// parsePath reads where a file or a folder shall be. Whether it can be is for the
// file system to say. The error is a *[Mistake].
func parsePath(id ID, text string) (string, error) {
	path := text
	if len(path) > 1 && path[0] == '"' && path[len(path)-1] == '"' {
		path = path[1 : len(path)-1] // as Windows copies it
	}
	switch {
	case strings.TrimSpace(path) == "":
		return "", &Mistake{ID: id, Message: "no place is named", Fix: "type a path"}
	case strings.ContainsFunc(path, func(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }):
		return "", &Mistake{ID: id, Message: fmt.Sprintf("%q holds what no path can", path), Fix: "type it again, without what cannot be seen"}
	case path == "-":
		return "", &Mistake{ID: id, Message: `"-" is no place: files are written here`, Fix: "type a path"}
	case path == "~" || strings.HasPrefix(path, "~/"):
		return "", &Mistake{ID: id, Message: fmt.Sprintf("%q: only a shell knows what ~ stands for", path), Fix: "type the path from its beginning, such as /home/..."}
	}
	return path, nil
}
