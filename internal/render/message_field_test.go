package render

import (
	"strings"
	"testing"
)

// A field that is copied from the screen must mean what it meant: its words
// stay whole.
func TestHeaderField(t *testing.T) {
	t.Parallel()
	long := `smtp.mailfrom="` + strings.Repeat("bounces.", 20) + `contoso.example"`
	text := &Text{Page: Page{Width: 40}}
	text.headerField("Authentication-Results: sendplan.invalid; spf=none " + long + "; dkim=none")
	want := "  Authentication-Results:\n  sendplan.invalid; spf=none\n  " + long + ";\n  dkim=none\n"
	if got := text.b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
