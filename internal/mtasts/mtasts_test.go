package mtasts

import (
	"strings"
	"testing"

	"sendplan/internal/dns"
)

func TestParseRecord(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{ // "" is an error
		"v=STSv1; id=20260101T000000;":           "20260101T000000",
		"v=STSv1;id=1":                           "1",
		"v=STSv1; id=a; ext=1:2, ":               "a",
		"v=STSv1; id=a; ext=1:2;\t":              "a",
		"v=STSv1; x_1.y-z=v; id=b":               "b",
		"v=STSv1 ; id=1;":                        "", // does not begin as §3.1 says
		"V=STSv1; id=1;":                         "",
		"v=STSv1; ID=1;":                         "", // an extension, so there is no id
		"v=STSv1;":                               "",
		"v=STSv1; id=;":                          "",
		"v=STSv1; id=2026-01-01;":                "",
		"v=STSv1; id=1; id=2;":                   "",
		"v=STSv1; id=1;; ":                       "",
		"v=STSv1; id=" + strings.Repeat("1", 33): "",
	} {
		r, err := ParseRecord(text)
		if (err == nil) != (want != "") || r.ID != want {
			t.Errorf("%q: id %q, %v; want %q", text, r.ID, err, want)
		}
	}
}

const good = "version: STSv1\r\nmode: enforce\r\nmx: mail.contoso.example\r\nmx: *.backup.example\r\nmax_age: 604800\r\n"

func TestParsePolicy(t *testing.T) {
	t.Parallel()
	p, err := ParsePolicy(good)
	if err != nil || p.Mode != Enforce || p.MaxAge != 604800 || len(p.MX) != 2 || p.MX[1].String() != "*.backup.example" {
		t.Fatalf("%+v, %v", p, err)
	}
	for host, want := range map[dns.Name]bool{
		"mail.contoso.example": true, "contoso.example": false, "x.mail.contoso.example": false,
		"mx1.backup.example": true, "backup.example": false, "a.mx1.backup.example": false,
	} {
		if got := p.Allows(host); got != want {
			t.Errorf("%s: %v", host, got)
		}
	}
	for what, text := range map[string]string{
		"LF, no last line end":   "version: STSv1\nmode: none\nmax_age: 0",
		"no blank":               "version:STSv1\nmode:none\nmax_age:0",
		"unknown keys":           "version: STSv1\nfuture: x y z\nmode: none\nmax_age: 0\n",
		"first of two counts":    "version: STSv1\nmode: none\nmode: bad\nmax_age: 0\n",
		"blanks at a line's end": "version: STSv1 \nmode: none\t\nmax_age: 0\n",
	} {
		if _, err := ParsePolicy(text); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	for what, text := range map[string]string{
		"empty":          "",
		"no version":     strings.Replace(good, "version: STSv1\r\n", "", 1),
		"other version":  strings.Replace(good, "STSv1", "STSv2", 1),
		"no mode":        strings.Replace(good, "mode: enforce\r\n", "", 1),
		"mode":           strings.Replace(good, "enforce", "Enforce", 1),
		"max_age":        strings.Replace(good, "604800", "31557601", 1),
		"negative":       strings.Replace(good, "604800", "-1", 1),
		"no mx":          "version: STSv1\nmode: testing\nmax_age: 1\n",
		"mx of nothing":  strings.Replace(good, "mail.contoso.example", "", 1),
		"inner wildcard": strings.Replace(good, "*.backup", "mx*.backup", 1),
		"HTML":           "<!DOCTYPE html>\n<html></html>\n",
		"long":           good + strings.Repeat("x: y\n", MaxPolicy/5),
	} {
		if p, err := ParsePolicy(text); err == nil {
			t.Errorf("%s: %+v", what, p)
		}
	}
}

func FuzzParsePolicy(f *testing.F) {
	f.Add(good)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePolicy(text)
		if err != nil {
			return
		}
		if p.MaxAge < 0 || p.MaxAge > maxMaxAge || p.Mode != Off && len(p.MX) == 0 {
			t.Errorf("%+v", p)
		}
		for _, m := range p.MX {
			if again, err := parsePattern(m.String()); err != nil || again != m {
				t.Errorf("%s is read as %v, %v", m, again, err)
			}
		}
	})
}

func FuzzParseRecord(f *testing.F) {
	f.Add("v=STSv1; id=1;")
	f.Fuzz(func(t *testing.T, text string) {
		if r, err := ParseRecord(text); err == nil && (!letters(r.ID) || !strings.Contains(text, "id="+r.ID)) {
			t.Errorf("id %q", r.ID)
		}
	})
}
