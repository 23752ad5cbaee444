package runbook

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"sendplan/internal/shell"
)

// unquote reads one argument as PowerShell does: a quote ends it unless another
// follows, and typographic ones count.
func unquote(t interface{ Fatalf(string, ...any) }, s string) string {
	runes := []rune(s)
	if len(runes) < 2 || runes[0] != '\'' {
		t.Fatalf("%q is not in quotes", s)
	}
	var b strings.Builder
	for i := 1; i < len(runes); i++ {
		if !strings.ContainsRune("'\u2018\u2019\u201a\u201b", runes[i]) {
			b.WriteRune(runes[i])
			continue
		}
		if i == len(runes)-1 {
			return b.String()
		}
		if !strings.ContainsRune("'\u2018\u2019\u201a\u201b", runes[i+1]) {
			t.Fatalf("%q ends before its end", s)
		}
		b.WriteRune(runes[i])
		i++
	}
	t.Fatalf("%q does not end", s)
	return ""
}

func TestQuote(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Devices HQ": "'Devices HQ'", "O'Brien": "'O''Brien'", "$(rm)`n": "'$(rm)`n'",
		"a\u2019; Remove-Mailbox": "'a\u2019\u2019; Remove-Mailbox'",
	} {
		if got, ok := quote(text); got != want || !ok {
			t.Errorf("%q: %q, %v, want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "a\nb", "a\rb", "a\x00", "a\x1b[0m", "a\u202eb", "a\u2028b", "\xff", strings.Repeat("a", shell.MaxWord+1)} {
		if got, ok := quote(text); ok {
			t.Errorf("%q became %q", text, got)
		}
	}
}

// What is typed is the data, whatever the data is.
func TestQuoteHolds(t *testing.T) {
	t.Parallel()
	hostile := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("'\u2018\u2019\u201a\u201b\"`$();|&{}@#<> \n\ta"))))
	rapid.Check(t, func(t *rapid.T) {
		s := hostile.Draw(t, "text")
		got, ok := quote(s)
		if !ok {
			if s != "" && len(s) <= shell.MaxWord && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }) < 0 {
				t.Fatalf("%q is not typed", s)
			}
			return
		}
		if back := unquote(t, got); back != s {
			t.Fatalf("%q became %q, which is %q", s, got, back)
		}
	})
}

// A hostile argument makes no command, and a blank is no argument.
func TestTyped(t *testing.T) {
	t.Parallel()
	if c, ok := typed(Microsoft, "Get-CASMailbox", data("Identity", "a\nb")); ok {
		t.Errorf("%+v", c)
	}
	c, ok := typed(Untested, "New-InboundConnector", data("Name", "a", "b"), toFill("TlsSenderCertificateName", "name"))
	if want := "New-InboundConnector -Name 'a','b' -TlsSenderCertificateName <name>"; !ok || c.Text != want || !c.Fill || !c.WhatIf || c.Source != "NIC26" {
		t.Errorf("%+v", c)
	}
}

// Every cmdlet has a source, and those that change something are the ones whose
// verb says so.
func TestCmdlets(t *testing.T) {
	t.Parallel()
	for _, c := range cmdlets {
		if _, ok := sourceOf(c.source); !ok {
			t.Errorf("%s: no source %s", c.name, c.source)
		}
		if c.changes == strings.HasPrefix(c.name, "Get-") {
			t.Errorf("%s changes something: %v", c.name, c.changes)
		}
	}
}
