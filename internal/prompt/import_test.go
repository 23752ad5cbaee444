package prompt

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

// reader is a world that reads the same from every file.
type reader struct {
	*interviewtest.World
	got interview.Import
}

func (r reader) Read(interview.State, string) (interview.Import, error) { return r.got, nil }

// play runs lines in a world, from an office at its devices.
func play(t *testing.T, w interview.World, lines ...string) (said string, out Outcome, err error) {
	t.Helper()
	var b bytes.Buffer
	out, err = Run(context.Background(), interviewtest.Office(t), w, Options{In: strings.NewReader(strings.Join(lines, "\n") + "\n"), Out: &b})
	return b.String(), out, err
}

func names(s interview.State) []string {
	var list []string
	for _, d := range s.Draft.Devices {
		list = append(list, d.Name)
	}
	return list
}

func TestImport(t *testing.T) {
	t.Parallel()
	device := func(name string) interview.Answers {
		return interview.Answers{"name": name, "from": "device@nordwind.example"}
	}
	offered := []interview.Offered{
		{Title: "fax", Answers: device("fax"), Take: true},
		{Title: "mailbox", Answers: device("mailbox"), Why: "a person sends by it"},
		{Title: "void", Refused: true, Take: true, Why: "it has no name"},
		{Title: "erp", Answers: device("erp"), Take: true, Why: "it sends each night"},
	}
	const three = 3
	for _, test := range []struct {
		what  string
		lines []string
		want  []string // devices besides those that are there
		said  string
	}{
		{"what is proposed; one of them has a name that is taken", []string{"", "back"}, []string{"fax"}, "erp needs an answer."},
		{"which is then given", []string{"", "erp-2", "done"}, []string{"fax", "erp-2"}, "is there already"},
		{"one by its number", []string{"2"}, []string{"mailbox"}, ""},
		{"several", []string{"1, 2"}, []string{"fax", "mailbox"}, ""},
		{"all but what cannot be taken", []string{"all", "back"}, []string{"fax", "mailbox"}, ""},
		{"none", []string{"none"}, nil, ""},
		{"one that cannot be taken", []string{"3", "none"}, nil, "Number 3 cannot be taken. It has no name."},
		{"a number that is not there", []string{"1 7", "-"}, nil, `number "7"`},
	} {
		t.Run(test.what, func(t *testing.T) {
			t.Parallel()
			w := reader{interviewtest.New(t), interview.Import{Lead: []interview.Line{{Text: "A list of four."}}, Devices: offered}}
			said, out, err := play(t, w, append(append([]string{"import x"}, test.lines...), "quit")...)
			if err != nil || !slices.Equal(names(out.State)[three:], test.want) || !strings.Contains(said, test.said) || !strings.Contains(said, "A list of four.") {
				t.Errorf("%v, devices %q, said:\n%s", err, names(out.State), said)
			}
		})
	}
}

// What a file says of the tenant is taken only after a yes.
func TestImportTenant(t *testing.T) {
	t.Parallel()
	for answer, taken := range map[string]bool{"": true, "yes": true, "no": false} {
		w := reader{interviewtest.New(t), interview.Import{Draft: interviewtest.Draft(t, "version: 1\ntenant: {cloud: dod}\n")}}
		_, out, err := play(t, w, "import x", answer, "quit")
		if err != nil || taken != (out.State.Draft.Tenant.Cloud == "dod") || taken != strings.Contains(w.Kept(), "dod") {
			t.Errorf("%q: %v, cloud %q, kept %q", answer, err, out.State.Draft.Tenant.Cloud, w.Kept())
		}
	}
}

func TestTooMuchPasted(t *testing.T) {
	t.Parallel()
	line := strings.Repeat("x", maxLine/2)
	lines := append([]string{"paste"}, slices.Repeat([]string{line}, maxPasted/len(line)+1)...)
	if _, _, err := play(t, interviewtest.New(t), lines...); err == nil || !strings.Contains(err.Error(), "longer than 4 MB") {
		t.Error(err)
	}
}
