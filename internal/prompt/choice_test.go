package prompt

import (
	"strings"
	"testing"

	"sendplan/planner/interview"
)

var (
	method = interview.Question{Kind: interview.Choice, Options: []interview.Option{
		{Value: "connector-ip", Text: "a connector that knows the address", Recommended: true, Note: "it lasts"},
		{Value: "connector-cert", Text: "a connector that knows the certificate"},
		{Value: "smtp-auth", Text: "SMTP AUTH", Against: []string{"it ends", "the device has TLS 1.0"}, Instead: "connector-ip"},
		{Value: "", Text: "not decided"},
	}}
	version = interview.Question{Kind: interview.Choice, Options: []interview.Option{
		{Value: "1.2", Text: "TLS 1.2"}, {Value: "1.3", Text: "TLS 1.3"}, {Value: "unknown", Text: "not known"},
	}}
	forms = interview.Question{Kind: interview.Choices, Options: []interview.Option{
		{Value: "panel", Text: "panel"}, {Value: "bind", Text: "BIND"}, {Value: "nsupdate", Text: "nsupdate", Against: []string{"no key"}},
	}}
)

func TestRead(t *testing.T) {
	t.Parallel()
	text := interview.Question{Kind: interview.Text}
	for _, test := range []struct {
		what, line, want, problem string
		q                         interview.Question
	}{
		{"a number", "2", "connector-cert", "", method},
		{"a value", "connector-ip", "connector-ip", "", method},
		{"a value in capitals", "Connector-IP", "connector-ip", "", method},
		{"the beginning of one value", "connector-c", "connector-cert", "", method},
		{"the beginning of a name", "not", "", "", method},
		{"a name that begins others", "a connector that knows the address", "connector-ip", "", method},
		{"the beginning of two", "conn", "", `"conn" can be 1 (connector-ip, a connector that knows the address) or 2`, method},
		{"one that cannot be taken", "3", "", "SMTP AUTH cannot be taken: it ends; the device has TLS 1.0. Instead, take connector-ip.", method},
		{"none of them", "fax", "", `"fax" is none of the options. Type a number from 1 to 4`, method},
		{"a number too high", "5", "", "from 1 to 4", method},
		{"zero", "0", "", "from 1 to 4", method},
		{"a negative number", "-1", "", "from 1 to 4", method},
		{"a dash", "-", "", "", method},
		{"the word, where nothing is the option", "unknown", "", "", method},
		{"the word, where it is a value", "unknown", "unknown", "", version},
		{"a dash, where unknown is a value", "-", "unknown", "", version},
		{"a number that begins a value", "1", "1.2", "", version},
		{"a value that begins with a number", "1.3", "1.3", "", version},
		{"a dash, where nothing stands for not known", "-", "", "is none of the options", interview.Question{Kind: interview.Choice, Options: method.Options[:2]}},
		{"text", "a, b", "a, b", "", text},
		{"text that is taken away", "-", "", "", text},
		{"text that is a word elsewhere", "unknown", "unknown", "", text},
		{"several", "2, panel panel", "bind, panel", "", forms},
		{"several, one of which cannot be taken", "1 3", "", "nsupdate cannot be taken: no key.", forms},
		{"all that can be taken", "all", "panel, bind", "", forms},
		{"none of several", "-", "", "", forms},
	} {
		t.Run(test.what, func(t *testing.T) {
			t.Parallel()
			got, problem := read(test.q, test.line)
			if got != test.want || (problem == "") != (test.problem == "") || !strings.Contains(problem, test.problem) {
				t.Errorf("read(%q) = %q, %q, want %q, %q", test.line, got, problem, test.want, test.problem)
			}
		})
	}
}

func TestDescribed(t *testing.T) {
	t.Parallel()
	for i, want := range []string{
		"connector-ip, a connector that knows the address: recommended. It lasts.",
		"connector-cert, a connector that knows the certificate.",
		"smtp-auth, SMTP AUTH cannot be taken: it ends; the device has TLS 1.0. Instead, take connector-ip.",
		"not decided.",
	} {
		if got := described(method.Options[i]); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestBracket(t *testing.T) {
	t.Parallel()
	proposed := func(q interview.Question, answer string) interview.Question {
		q.Answer, q.Label = answer, "Way"
		return q
	}
	for want, q := range map[string]interview.Question{
		"Way [2]":    proposed(method, "connector-cert"),
		"Way [4]":    proposed(method, ""),
		"Way":        proposed(version, ""),
		"Way [1, 2]": proposed(forms, "bind, panel"),
		"Way [hq]":   proposed(interview.Question{}, "hq"),
		"Answer":     {},
	} {
		if got := bracket(q); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestSentences(t *testing.T) {
	t.Parallel()
	for want, phrases := range map[string][]string{
		"":                           {"", ""},
		"It ends.":                   {"it ends"},
		"It ends. Is it so? Take a.": {"it ends.", "", "is it so?", "take a"},
		"smtp-auth ends.":            {"smtp-auth ends"},
		"contoso.com: it is gone.":   {"contoso.com: it is gone"},
		`"x" is nothing.`:            {`"x" is nothing`},
		"Ämter sind da.":             {"Ämter sind da"},
		"DNS:":                       {"DNS:"},
	} {
		if got := sentences(phrases...); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
