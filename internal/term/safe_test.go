package term

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestSafe(t *testing.T) {
	t.Parallel()
	tests := []struct{ what, in, want string }{
		{"plain", "v=spf1 include:spf.protection.outlook.com -all", "v=spf1 include:spf.protection.outlook.com -all"},
		{"empty", "", ""},
		{"letters of many scripts", "bücher.example 中文 Ελλάδα", "bücher.example 中文 Ελλάδα"},
		{"right-to-left letters stay", "דואר.example", "דואר.example"},
		{"clear screen", "\x1b[2J", `\x1b[2J`},
		{"window title", "\x1b]0;x\a", `\x1b]0;x\x07`},
		{"line ends and tab", "a\r\n\tb", `a\r\n\tb`},
		{"NUL and DEL", "\x00\x7f", `\x00\x7f`},
		{"C1 as a rune", "\u009b31m", `\u009b31m`},
		{"C1 as an octet", "\x9b31m", `\x9b31m`},
		{"NEL as a rune", "\u0085", `\u0085`},
		{"cut UTF-8", "a\xe2\x80", `a\xe2\x80`},
		{"over-long UTF-8 of ESC", "\xc0\x9b", `\xc0\x9b`},
		{"surrogate half", "\xed\xa0\x80", `\xed\xa0\x80`},
		{"bidi override", "a\u202eb", `a\u202eb`},
		{"bidi isolates", "\u2066\u2067\u2068\u2069", `\u2066\u2067\u2068\u2069`},
		{"bidi marks", "\u200e\u200f\u061c", `\u200e\u200f\u061c`},
		{"zero width", "\u200b\u200c\u200d\u2060\ufeff\u00ad", `\u200b\u200c\u200d\u2060\ufeff\u00ad`},
		{"separators", "\u2028\u2029", `\u2028\u2029`},
		{"no-break and ideographic space", "\u00a0\u3000", `\u00a0\u3000`},
		{"letters that show nothing", "\u3164\uffa0\u115f\u2800", `\u3164\uffa0\u115f\u2800`},
		{"tags", "\U000e0041\U000e007f", `\U000e0041\U000e007f`},
		{"variation selectors", "a\ufe0f\U000e0100", `a\ufe0f\U000e0100`},
		{"private use", "\ue000\U0010fffd", `\ue000\U0010fffd`},
		{"the replacement rune itself", "\ufffd", "\ufffd"},
		{"accent on a letter", "u\u0308ber", "u\u0308ber"},
		{"accent on nothing", "\u0308", `\u0308`},
		{"accent on a quote", `"` + "\u0308", `"\u0308`},
		{"tower of accents", "e\u0301\u0301\u0301\u0301\u0301", "e\u0301\u0301\u0301" + `\u0301\u0301`},
		{"backslashes stay", `"a\"b\059c"`, `"a\"b\059c"`},
		{"en dash is visible", "–all", "–all"},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			t.Parallel()
			if got := Safe(tt.in); got != tt.want {
				t.Errorf("Safe(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestSafeMax(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 65214)
	tests := []struct {
		what, in string
		n        int
		want     string
	}{
		{"fits", "v=spf1 -all", 11, "v=spf1 -all"},
		{"one too long, no room for the length", "v=spf1 -all", 10, "v=spf1 -a…"},
		{"long, with its length", long, 40, strings.Repeat("x", 23) + "… (65,214 octets)"},
		{"wide runes count two", "中文中文", 7, "中文中…"},
		{"a wide rune does not fit half", "中文中文", 6, "中文…"},
		{"an escape is not cut", "ab\u202ecd", 8, "ab…"},
		{"escapes count as printed", "\x1b\x1b", 8, `\x1b\x1b`},
		{"a mark stays with its letter", "abcdu\u0308fg", 6, "abcdu\u0308…"},
		{"one cell", "abc", 1, "…"},
		{"no cell", "abc", 0, ""},
		{"negative", "abc", -1, ""},
		{"empty", "", 5, ""},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			t.Parallel()
			if got := SafeMax(tt.in, tt.n); got != tt.want {
				t.Errorf("SafeMax(%.20q, %d) = %q, want %q", tt.in, tt.n, got, tt.want)
			}
		})
	}
}

// dangerous is written apart from visible: it lists by code point what must
// never reach a terminal.
func dangerous(r rune) bool {
	switch {
	case r < 0x20, 0x7f <= r && r <= 0x9f, r == 0xad, r == 0x61c, r == 0x180e,
		0x200b <= r && r <= 0x200f, 0x2028 <= r && r <= 0x202e, 0x2060 <= r && r <= 0x206f,
		0xfe00 <= r && r <= 0xfe0f, r == 0xfeff, 0xfff0 <= r && r <= 0xfffb, 0xe0000 <= r && r <= 0xe0fff:
		return true
	}
	return r != ' ' && unicode.IsSpace(r)
}

func TestSafeEveryRune(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r == 0x20000 { // from here on: ideographs, unassigned, and then the tags
			r = 0xe0000
		} else if r == 0xe1000 { // unassigned, private
			r = 0x10fff0
		}
		out := Safe(string(r))
		for _, o := range out {
			if dangerous(o) {
				t.Fatalf("Safe(%U) = %q lets %U through", r, out, o)
			}
		}
		if Cells(out) == 0 {
			t.Fatalf("Safe(%U) = %q takes no room", r, out)
		}
	}
}

func FuzzSafe(f *testing.F) {
	for _, s := range []string{"", "v=spf1 -all", "\x1b[31m", "\x9b", "a\u202eb", "\ufeffv=spf1", "e\u0301\u0301\u0301\u0301", "\xed\xa0\x80", "中文", `\x1b`} {
		f.Add(s, 10)
	}
	f.Fuzz(func(t *testing.T, s string, n int) {
		safe := Safe(s)
		if !utf8.ValidString(safe) {
			t.Fatalf("Safe(%q) = %q is no UTF-8", s, safe)
		}
		marks := maxMarks // a mark at the very start would sit on what was printed before
		for _, r := range safe {
			if dangerous(r) || !unicode.IsPrint(r) {
				t.Fatalf("Safe(%q) = %q lets %U through", s, safe, r)
			}
			if unicode.Is(unicode.M, r) || cond.RuneWidth(r) == 0 {
				if marks++; marks > maxMarks {
					t.Fatalf("Safe(%q) = %q stacks marks, or has one on no letter", s, safe)
				}
				continue
			}
			marks = maxMarks
			if unicode.IsLetter(r) {
				marks = 0
			}
		}
		if again := Safe(safe); again != safe {
			t.Fatalf("Safe(%q) = %q, again %q", s, safe, again)
		}
		if len(safe) > 4*len(s) {
			t.Fatalf("Safe(%q) is %d octets long", s, len(safe))
		}
		if Cells(safe) > runeCells(safe) {
			t.Fatalf("%q: %d cells, its runes have %d", safe, Cells(safe), runeCells(safe))
		}
		n %= 200
		cut := SafeMax(s, n)
		if Cells(cut) > max(n, 0) || runeCells(cut) > max(n, 0) || Safe(cut) != cut {
			t.Fatalf("SafeMax(%q, %d) = %q", s, n, cut)
		}
		if runeCells(safe) <= n && cut != safe {
			t.Fatalf("SafeMax(%q, %d) = %q, but %q fits", s, n, cut, safe)
		}
	})
}

func BenchmarkSafe(b *testing.B) {
	for _, bm := range []struct{ name, s string }{
		{"plain", strings.Repeat("v=spf1 include:spf.protection.outlook.com ", 10)},
		{"hostile", strings.Repeat("\x1b[2J\u202e中\xff", 40)},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.SetBytes(int64(len(bm.s)))
			for b.Loop() {
				Safe(bm.s)
			}
		})
	}
}
