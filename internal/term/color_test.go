package term

import (
	"reflect"
	"strings"
	"testing"
)

func TestDecide(t *testing.T) {
	t.Parallel()
	tests := []struct {
		what       string
		mode       Mode
		env        string // NAME=VALUE, separated by spaces
		isTerminal bool
		want       bool
	}{
		{"a terminal", Auto, "TERM=xterm-256color", true, true},
		{"a terminal without TERM, as on Windows", Auto, "", true, true},
		{"a pipe", Auto, "TERM=xterm-256color", false, false},
		{"a dumb terminal", Auto, "TERM=dumb", true, false},
		{"NO_COLOR", Auto, "TERM=xterm NO_COLOR=1", true, false},
		{"NO_COLOR=0 is set too", Auto, "NO_COLOR=0", true, false},
		{"empty NO_COLOR does not count", Auto, "NO_COLOR=", true, true},
		{"CLICOLOR=0", Auto, "CLICOLOR=0", true, false},
		{"CLICOLOR=1 does not colour a pipe", Auto, "CLICOLOR=1", false, false},
		{"CLICOLOR_FORCE colours a pipe", Auto, "CLICOLOR_FORCE=1", false, true},
		{"CLICOLOR_FORCE=0 does not", Auto, "CLICOLOR_FORCE=0", false, false},
		{"CLICOLOR_FORCE wins over TERM and CLICOLOR", Auto, "CLICOLOR_FORCE=1 TERM=dumb CLICOLOR=0", false, true},
		{"NO_COLOR wins over CLICOLOR_FORCE", Auto, "NO_COLOR=1 CLICOLOR_FORCE=1", true, false},
		{"always wins over all", Always, "NO_COLOR=1 TERM=dumb CLICOLOR=0", false, true},
		{"never wins over all", Never, "CLICOLOR_FORCE=1", true, false},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			t.Parallel()
			env := map[string]string{}
			for _, kv := range strings.Fields(tt.env) {
				name, value, _ := strings.Cut(kv, "=")
				env[name] = value
			}
			if got := Decide(tt.mode, func(name string) string { return env[name] }, tt.isTerminal); got != tt.want {
				t.Errorf("Decide = %t, want %t", got, tt.want)
			}
		})
	}
}

func TestParseMode(t *testing.T) {
	t.Parallel()
	for _, m := range []Mode{Auto, Always, Never} {
		if got, err := ParseMode(m.String()); err != nil || got != m {
			t.Errorf("ParseMode(%q) = %v, %v", m, got, err)
		}
	}
	if _, err := ParseMode("sometimes"); err == nil || !strings.Contains(err.Error(), `"sometimes"`) {
		t.Errorf("ParseMode(sometimes): %v", err)
	}
}

func TestStyle(t *testing.T) {
	t.Parallel()
	off, on := reflect.ValueOf(NewStyle(false)), reflect.ValueOf(NewStyle(true))
	seen := map[string]bool{}
	for i := range on.NumField() {
		name := on.Type().Field(i).Name
		if got := off.Field(i).Interface().(Pen).Draw("word"); got != "word" {
			t.Errorf("%s draws %q without colour", name, got)
		}
		pen := on.Field(i).Interface().(Pen)
		got := pen.Draw("word")
		if !strings.Contains(got, "word") || !strings.HasPrefix(got, "\x1b[") || seen[got] {
			t.Errorf("%s draws %q", name, got)
		}
		seen[got] = true
		if pen.Draw("") != "" {
			t.Errorf("%s draws nothing as %q", name, pen.Draw(""))
		}
	}
	s := NewStyle(true)
	if got, want := s.Bold.Draw("a"+s.Red.Draw("b")+"c"), "\x1b[1ma\x1b[31mb\x1b[39mc\x1b[22m"; got != want {
		t.Errorf("nested: %q, want %q", got, want)
	}
}
