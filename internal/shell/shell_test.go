package shell

import (
	"os/exec"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFile(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"inventory.yaml": "inventory.yaml", "a/b-c_d.yaml": "a/b-c_d.yaml", "": NoFile, "-": NoFile, "a\nb": NoFile, "\xff": NoFile, strings.Repeat("a", MaxWord+1): NoFile,
		"my inventory.yaml": "'my inventory.yaml'", "it's": `'it'\''s'`, "$(touch x)": "'$(touch x)'", "-x": "'-x'", "~/x": "'~/x'", `C:\x`: `'C:\x'`, "zürich": "'zürich'",
	} {
		if got := File(name); got != want {
			t.Errorf("%q: got %s, want %s", name, got, want)
		}
	}
}

// A POSIX shell reads back the text that was written.
func TestWordInAShell(t *testing.T) {
	t.Parallel()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no shell")
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("ab/.-'\"$`\\ !*?;&|<>(){}[]~#=%@ü\t\n"))).Filter(func(s string) bool { return s != "" }).Draw(t, "text")
		out, err := exec.Command(sh, "-c", "printf '%s|' "+Word(text)).Output()
		if err != nil || string(out) != text+"|" {
			t.Fatalf("%q is read as %q (%v)", text, out, err)
		}
	})
}

func TestLine(t *testing.T) {
	t.Parallel()
	got := Line("sendplan", "plan", "-i", "it's mine.yaml", "--demo", "--resolver", "127.0.0.1:53", "--nameserver", "-x y", "a,b", "@x", "out/a", "")
	want := `sendplan plan -i 'it'\''s mine.yaml' --demo --resolver '127.0.0.1:53' --nameserver '-x y' 'a,b' '@x' out/a ''`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestBare(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"nordwind.example": true, "xn--a-b.example": true, "": false, "-x": false, "a b": false, "a'b.example": false, "a;b": false, "a$b": false, "a`b": false, "ä": false} {
		if got := Bare(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
