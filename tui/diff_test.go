package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

func TestPair(t *testing.T) {
	t.Parallel()
	draw := func(old, new []string) string {
		var b strings.Builder
		for _, p := range pair(old, new) {
			was, is := "", ""
			if p.old >= 0 {
				was = old[p.old]
			}
			if p.new >= 0 {
				is = new[p.new]
			}
			b.WriteString(was + ":" + is + " ")
		}
		return strings.TrimSpace(b.String())
	}
	for want, test := range map[string][2]string{
		"":                {"", ""},
		"a:a":             {"a", "a"},
		"a: b:b":          {"a b", "b"},
		":a b:b":          {"b", "a b"},
		"a:x b:b c:y":     {"a b c", "x b y"},
		"a:a b:x c: d:d":  {"a b c d", "a x d"},
		"a:b":             {"a", "b"},
		"a:a :b c:c d:":   {"a c d", "a b c"},
		"a: b:b c:c :a2":  {"a b c", "b c a2"},
		"x:x a:1 b:2 y:y": {"x a b y", "x 1 2 y"},
	} {
		if got := draw(strings.Fields(test[0]), strings.Fields(test[1])); got != want {
			t.Errorf("%q to %q: %q, want %q", test[0], test[1], got, want)
		}
	}
}

// Every element is there once, in its order, on either side.
func TestPairKeepsAll(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 8)
		old, new := letters.Draw(t, "old"), letters.Draw(t, "new")
		i, j := 0, 0
		for _, p := range pair(old, new) {
			if p.old >= 0 {
				if p.old != i {
					t.Fatalf("old %d comes at %d", p.old, i)
				}
				i++
			}
			if p.new >= 0 {
				if p.new != j {
					t.Fatalf("new %d comes at %d", p.new, j)
				}
				j++
			}
		}
		if i != len(old) || j != len(new) {
			t.Fatalf("%d of %d and %d of %d", i, len(old), j, len(new))
		}
	})
}

func TestChange(t *testing.T) {
	t.Parallel()
	st := plainStyles()
	want := []string{
		"- v=spf1 a mx include:spf.protection.outlook.com ~all",
		"+ v=spf1 ip4:192.0.2.1 include:spf.protection.outlook.com -all",
		"  MS=ms12345678",
	}
	if got := st.change(recordsOld, recordsNew, 80); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("stacked:\n%s", strings.Join(got, "\n"))
	}
	side := st.change(recordsOld, recordsNew, 140)
	if len(side) != 3 || !strings.Contains(side[0], "before") || !strings.Contains(side[1], "~all") || !strings.Contains(side[1], "│ + v=spf1 ip4") {
		t.Errorf("side by side:\n%s", strings.Join(side, "\n"))
	}
	for _, w := range []int{20, 40, 99, 140} {
		for _, line := range st.change([]string{nasty, long}, []string{long + "z"}, w) {
			if ansi.StringWidth(line) > w {
				t.Errorf("%d cells in %d", ansi.StringWidth(line), w)
			}
		}
	}
}

// With colour, what differs within a record is emphasized, and only that.
func TestChangeEmphasizes(t *testing.T) {
	t.Parallel()
	st := colourStyles()
	lines := strings.Join(st.change([]string{"v=spf1 a -all"}, []string{"v=spf1 a mx -all"}, 20), "\n")
	if !strings.Contains(lines, st.emphasis(st.added, true).Render("mx")) {
		t.Errorf("mx is not emphasized: %q", lines)
	}
	if strings.Contains(lines, st.emphasis(st.removed, true).Render("a")) || strings.Count(lines, "mx") != 1 {
		t.Errorf("more than that is: %q", lines)
	}
}

// Nothing of a record is lost by drawing it, however it is broken into lines.
func TestRecordIsWhole(t *testing.T) {
	t.Parallel()
	st := plainStyles()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("ab. ;é打"))).Draw(t, "text")
		other := rapid.StringOf(rapid.SampledFrom([]rune("ab. ;é打"))).Draw(t, "other")
		w := rapid.IntRange(10, 40).Draw(t, "w")
		gone, _ := differing(text, other)
		got := strings.Join(st.record("- ", text, gone, w), "")
		bare := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if bare(got) != "-"+bare(text) {
			t.Fatalf("%q is drawn as %q", text, got)
		}
	})
}
