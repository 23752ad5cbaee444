package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

const demoMessage = "../world/messages/invoice.eml"

// runInput runs a command with standard input.
func runInput(t *testing.T, input string, args ...string) outcome {
	t.Helper()
	var out, errs bytes.Buffer
	streams := Streams{In: strings.NewReader(input), Out: &out, Err: &errs, Getenv: func(string) string { return "" }}
	code := Main(context.Background(), streams, args)
	return outcome{out.String(), errs.String(), fmt.Sprint(code)}
}

func TestMessageUsage(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, command, stderr string }{
		{"no file", "message", "name a file that holds a message"},
		{"no such file", "message --demo testdata/none.eml", "none.eml"},
		{"two files", "message a b", "at most 1 arg"},
		{"no message", "message --demo testdata/good.txtar", "line 1"},
		{"no such hop", "message --demo --hop 9", "there is no hop 9, the message has 3"},
		{"hop below 1", "message --demo --hop -1", "there is no hop -1"},
		{"bad address", "message --demo --ip 192.0.2.300", "is not an address"},
		{"bad sender", "message --demo --mail-from foo", "is no address"},
		{"bad server", "message --demo --authserv-id a;b", "is not the name of a server"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := run(t, test.command)
			if got.status != "2" || got.stdout != "" || !strings.Contains(got.stderr, test.stderr) {
				t.Errorf("got\n%s\nwant status 2 and %q", got, test.stderr)
			}
		})
	}
}

func TestMessageInputs(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(demoMessage)
	if err != nil {
		t.Fatal(err)
	}
	want := run(t, "message --demo --format json")
	if want.status != "0" {
		t.Fatal(want)
	}
	for name, got := range map[string]outcome{
		"file":           run(t, "message --demo --format json "+demoMessage),
		"standard input": runInput(t, string(data), "message", "--demo", "--format", "json", "-"),
		"CRLF":           runInput(t, strings.ReplaceAll(string(data), "\n", "\r\n"), "message", "--demo", "--format", "json", "-"),
	} {
		if got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
}

func TestMessageReplay(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "r.json")
	first := run(t, "message --demo --record "+file)
	second := run(t, "message --replay "+file+" "+demoMessage)
	if first != second || first.status != "0" {
		t.Errorf("recorded\n%s\nreplayed\n%s", first, second)
	}
}

// Whatever a message holds, nothing in it acts on a terminal, and the output is
// bounded.
func TestHostileMessage(t *testing.T) {
	t.Parallel()
	const evil = "\x1b[2J\u202e\u009b31m\x07"
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&b, "Received: from %s (%s [192.0.2.%d]) by %s with %s id 1; now\n", evil, evil, i%256, evil, evil)
	}
	fmt.Fprintf(&b, "From: %s <a@nordwind.example>\nReturn-Path: <%s@nordwind.example>\n", evil, evil)
	fmt.Fprintf(&b, "Authentication-Results: %s; spf=%s smtp.mailfrom=%s; dkim=pass header.d=%s\n", evil, evil, evil, evil)
	fmt.Fprintf(&b, "DKIM-Signature: v=1; a=%s; d=%s; s=%s; h=from; b=; bh=\n", evil, evil, evil)
	fmt.Fprintf(&b, "X: %s\n\nbody\n", strings.Repeat("a", 500_000))
	for _, format := range []string{"text", "json", "jsonl"} {
		got := runInput(t, b.String(), "message", "--demo", "--format", format, "-")
		if got.status != "0" && got.status != "3" {
			t.Errorf("%s: status %s, %s", format, got.status, got.stderr)
		}
		for _, r := range got.stdout + got.stderr {
			if r != '\n' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf)) {
				t.Fatalf("%s: %U in the output", format, r)
			}
		}
		if format == "text" && len(got.stdout) > 50_000 {
			t.Errorf("%d octets of text", len(got.stdout))
		}
		if format == "json" && !json.Valid([]byte(got.stdout)) {
			t.Error("the JSON is not valid")
		}
	}
}
