package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sendplan/internal/render"
)

func zoneText(lines ...string) string {
	return "@ 3600 IN SOA ns1 host 1 7200 3600 1209600 300\n@ NS ns1\nns1 A 192.0.2.53\n" + strings.Join(lines, "\n") + "\n"
}

// A zone file that cannot be judged ends with 2, one error that names the place,
// and no output.
func TestValidateUsage(t *testing.T) {
	t.Parallel()
	inventory := inventoryFile(t, smallInventory)
	zone := func(text string) string {
		file := filepath.Join(t.TempDir(), "zone")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	for _, test := range []struct{ name, args, want string }{
		{"no inventory", "--demo", "name the inventory with -i FILE"},
		{"an origin without a file", "--demo -i " + inventory + " --origin nordwind.example", "--origin is for --zone"},
		{"an origin that is no name", "--demo -i " + inventory + " --zone x --origin a..b", "a..b"},
		{"no file", "--demo -i " + inventory + " --zone " + filepath.Join(t.TempDir(), "none"), "--zone: open "},
		{"both from standard input", "--demo -i - --zone -", "cannot both read standard input"},
		{"no origin", "--demo -i " + inventory + " --zone " + zone(zoneText()), "needs --origin NAME"},
		{"a syntax error", "--demo -i " + inventory + " --origin nordwind.example --zone " + zone(zoneText("www A 192.0.2")), "zone:4:"},
		{"a quote that does not end", "--demo -i " + inventory + " --origin nordwind.example --zone " + zone(zoneText(`@ TXT "v=spf1 -all`)), "zone:4:"},
		{"an alias beside data", "--demo -i " + inventory + " --origin nordwind.example --zone " + zone(zoneText("www A 192.0.2.1", "www CNAME ns1")), "zone:4:"},
		{"an include of another file", "--demo -i " + inventory + " --origin nordwind.example --zone " + zone(zoneText("$INCLUDE other")), "zone:4:"},
		{"no SOA record", "--demo -i " + inventory + " --origin nordwind.example --zone " + zone("; nothing\n"), "it holds no SOA record"},
		{"another origin", "--demo -i " + inventory + " --origin nordwind.example --zone " + zone("$ORIGIN fabrikam.example.\n"+zoneText()), "its SOA record is that of fabrikam.example, not of nordwind.example"},
		{"two zones", "--demo -i " + inventory + " --origin nordwind.example --zone " + zone(zoneText("$ORIGIN sub.nordwind.example.")+zoneText()), "it holds the zones nordwind.example and sub.nordwind.example"},
		{"a format for checks", "--demo -i " + inventory + " --format sarif", "must be one of text, json, jsonl, markdown, csv, junit"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := run(t, "validate "+test.args)
			if got.status != "2" || got.stdout != "" || !strings.Contains(got.stderr, test.want) {
				t.Errorf("want %q: %s", test.want, got)
			}
		})
	}
}

// A file in which nothing is looked up is no reason to say that all is right: it
// may be that of another zone. One that only a record of ours refers to is.
func TestValidateOtherZone(t *testing.T) {
	t.Parallel()
	l := serveExample(t, readExample(t, "../../docs/plans/20-basic-auth-ends.md"))
	for _, test := range []struct{ origin, text, status, stderr string }{
		{"other.example", zoneText(`@ TXT "v=spf1 -all"`), "2", "nothing of the inventory depends on the zone other.example"},
		{"spf.protection.outlook.com", zoneText(`@ TXT "v=spf1 ip4:40.92.0.0/15 ip4:40.107.0.0/16 ip6:2a01:111:f400::/48 -all"`), "0", ""},
	} {
		file := filepath.Join(t.TempDir(), "zone")
		if err := os.WriteFile(file, []byte(test.text), 0o600); err != nil {
			t.Fatal(err)
		}
		got := l.run(t, "$ sendplan validate -i inventory.yaml --date 2026-11-22 --zone "+file+" --origin "+test.origin)
		if got.status != test.status || (got.stdout == "") != (test.status == "2") || !strings.Contains(got.stderr, test.stderr) {
			t.Errorf("%s: want %s and %q: %s", test.origin, test.status, test.stderr, got)
		}
	}
}

// What a file lacks of what the zone has today is no reason to pass it, though
// every device is right.
func TestValidateLeftOut(t *testing.T) {
	t.Parallel()
	e := readExample(t, "../../docs/plans/20-basic-auth-ends.md")
	l := serveExample(t, e)
	own, _, _ := strings.Cut(e.all("zone")[0], "\n;")
	for _, test := range []struct{ left, status, said string }{
		{"nothing", "0", "Nobody who sends today would lose."},
		{"@ MX", "1", "it would have neither MX nor A record"},
		{"selector1", "1", "its key would not stand there any more (missing)"},
		{"selector2", "1", "the alias to Microsoft's next key would not stand there any more"},
		{"_dmarc", "1", "A DMARC policy of today would be lost."},
	} {
		var lines []string
		for line := range strings.Lines(own + "\n") {
			if !strings.HasPrefix(line, test.left) {
				lines = append(lines, line)
			}
		}
		file := filepath.Join(t.TempDir(), "zone")
		if err := os.WriteFile(file, []byte(strings.Join(lines, "")), 0o600); err != nil {
			t.Fatal(err)
		}
		got := l.run(t, "$ sendplan validate -i inventory.yaml --date 2026-11-22 --zone "+file)
		if flat := strings.Join(strings.Fields(got.stdout), " "); got.status != test.status || !strings.Contains(flat, "1 device is right.") || !strings.Contains(flat, test.said) {
			t.Errorf("without %s: want %s and %q: %s", test.left, test.status, test.said, got)
		}
	}
}

func TestValidateStatus(t *testing.T) {
	t.Parallel()
	for verdict, want := range map[render.ValidVerdict]int{render.ValidRight: 0, render.ValidWrong: 1, render.ValidUnknown: 3} {
		if got, ok := validStatus[verdict]; got != want || !ok {
			t.Errorf("%s: %d, want %d", verdict, got, want)
		}
	}
}

func TestValidateAndVerifyInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, args := range []string{"validate --demo -i ../../examples/office.yaml", "verify --demo -i ../../examples/office.yaml", "verify --wait --demo -i ../../examples/office.yaml"} {
		var out, errs bytes.Buffer
		streams := Streams{In: strings.NewReader(""), Out: &out, Err: &errs, Getenv: func(string) string { return "" }}
		if code := Main(ctx, streams, strings.Fields(args)); code != exitInterrupted || out.Len() > 0 {
			t.Errorf("%s: status %d, %s", args, code, out.String())
		}
	}
}

// Both give the same again from a recording.
func TestValidateAndVerifyReplay(t *testing.T) {
	t.Parallel()
	for _, args := range []string{
		"validate -i ../../examples/gateway-move.yaml", "verify -i ../../examples/gateway-move.yaml",
		"validate -i testdata/plan-made.yaml --zone testdata/validate-fine.zone",
	} {
		file := filepath.Join(t.TempDir(), "recording.json")
		live := run(t, args+" --demo --date 2026-11-22 --record "+file)
		replayed := run(t, args+" --replay "+file)
		if live.stdout == "" || live != replayed {
			t.Errorf("%s:\n%s\nreplayed\n%s", args, live, replayed)
		}
	}
}
