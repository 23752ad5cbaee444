package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// names lists what is in a folder.
func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return strings.Join(list, " ")
}

func TestWriteSecret(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "key.pem")
	if err := writeSecret(path, strings.NewReader("secret")); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "secret" || names(t, dir) != "key.pem" {
		t.Errorf("%q, %v, in the folder: %s", text, err, names(t, dir))
	}
	// Windows has no mode bits: the folder's access list counts.
	if info, err := os.Lstat(path); err != nil || runtime.GOOS != "windows" && info.Mode() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := writeSecret(path, strings.NewReader("other")); err == nil {
		t.Error("a file was overwritten")
	}
	if text, _ := os.ReadFile(path); string(text) != "secret" {
		t.Errorf("after a second try the file holds %q", text)
	}
}

func TestWriteSecretLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := writeSecret(filepath.Join(dir, "key.pem"), half{}); err == nil || names(t, dir) != "" {
		t.Errorf("err %v, in the folder: %s", err, names(t, dir))
	}
	if err := writeSecret(filepath.Join(dir, "none", "key.pem"), strings.NewReader("secret")); err == nil || names(t, dir) != "" {
		t.Errorf("err %v, in the folder: %s", err, names(t, dir))
	}
}

// A link is never followed, wherever it leads.
func TestWriteSecretAtALink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "there"), []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"there", "nowhere"} {
		link := filepath.Join(dir, "to-"+target)
		if err := os.Symlink(target, link); err != nil {
			t.Skipf("no symbolic links: %v", err)
		}
		if err := writeSecret(link, strings.NewReader("secret")); err == nil {
			t.Errorf("the link to %s was followed", target)
		}
		if err := vacant(link, new(bytes.Buffer)); err == nil || !strings.Contains(err.Error(), "no ordinary file") {
			t.Errorf("the link to %s: %v", target, err)
		}
	}
	if text, _ := os.ReadFile(filepath.Join(dir, "there")); string(text) != "old" || names(t, dir) != "there to-nowhere to-there" {
		t.Errorf("%q, in the folder: %s", text, names(t, dir))
	}
}

func TestVacant(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out, err := os.Create(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	for path, want := range map[string]string{
		"new":       "",
		"none/new":  "there is no folder",
		"out":       "never written to standard output", // sendplan ... --out out >out
		".":         "no ordinary file",
		"out/under": "there is no folder",
	} {
		err := vacant(filepath.Join(dir, filepath.FromSlash(path)), out)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	if err := vacant(out.Name(), new(bytes.Buffer)); err == nil || !strings.Contains(err.Error(), "exists") {
		t.Errorf("a file that exists: %v", err)
	}
	if err := vacant("-", out); err == nil || !strings.Contains(err.Error(), "standard output") {
		t.Errorf("-: %v", err)
	}
	if err := vacant(os.DevNull, out); err == nil && runtime.GOOS != "windows" {
		t.Errorf("%s is taken for a new file", os.DevNull)
	}
}
