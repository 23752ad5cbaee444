package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/planner/interview"
)

// runWizard runs the wizard with answers on standard input, in the folder where
// the test is.
func runWizard(t *testing.T, answers string, args ...string) outcome {
	t.Helper()
	return runWizardIn(t, nil, answers, args...)
}

func runWizardIn(t *testing.T, env map[string]string, answers string, args ...string) outcome {
	t.Helper()
	var out, errs bytes.Buffer
	streams := Streams{In: strings.NewReader(answers), Out: &out, Err: &errs, Getenv: func(k string) string { return env[k] }}
	args = append([]string{"wizard", "--timeout", "3s", "--date", "2026-11-22"}, args...)
	code := Main(context.Background(), streams, args)
	return outcome{out.String(), errs.String(), fmt.Sprint(code)}
}

// What is wrong with the command line, or stands in the way, is said with what to
// do, before anything is asked.
func TestWizardUsage(t *testing.T) {
	t.Parallel()
	there := inventoryFile(t, smallInventory)
	kept := inventoryFile(t, smallInventory)
	if err := os.WriteFile(kept+".draft", []byte(draftMark+"devices\n"+smallInventory), 0o600); err != nil {
		t.Fatal(err)
	}
	odd := inventoryFile(t, smallInventory)
	if err := os.WriteFile(odd+".draft", []byte(smallInventory), 0o600); err != nil {
		t.Fatal(err)
	}
	wrong := inventoryFile(t, smallInventory)
	if err := os.WriteFile(wrong+".draft", []byte(draftMark+"devices\nversion: 1\nsights: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, args, want, hint string }{
		{"no domain", "--demo nordwind..example", "nordwind..example", "write it as contoso.com"},
		{"one label", "--demo localhost", `"localhost" is not a whole domain`, "contoso.com"},
		{"standard input", "--demo -i -", "it cannot be standard input", "name a file with -i"},
		{"a broken inventory", "--demo -i " + inventoryFile(t, "version: 2\n"), "version", inventoryHint},
		{"a folder", "--demo -i " + t.TempDir(), "is a directory", ""},
		{"a draft that is there", "--demo -i " + kept, "inventory.yaml.draft holds what was answered before", "sendplan wizard --resume -i " + kept},
		{"no draft", "--demo --resume -i " + there, "there is no draft", "leave --resume out"},
		{"no draft of the wizard", "--demo --resume -i " + odd, "does not say where the wizard was", "begin anew"},
		{"a broken draft", "--demo --resume -i " + wrong, "inventory.yaml.draft:3:1", "begin anew"},
		{"a colour", "--demo --color blue", "--color", ""},
		{"two sources", "--demo --replay x", "exclude each other", "name one source"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := runWizard(t, "", strings.Fields(test.args)...)
			if got.status != "2" || got.stdout != "" || !strings.Contains(got.stderr, test.want) || !strings.Contains(got.stderr, test.hint) {
				t.Errorf("want %q, hint %q: %s", test.want, test.hint, got)
			}
		})
	}
}

// It is about the domains that are named and those of the inventory, and begins
// where the first question is.
func TestWizardBegin(t *testing.T) {
	t.Parallel()
	file := inventoryFile(t, contosoInventory)
	kept := inventoryFile(t, contosoInventory)
	if err := os.WriteFile(kept+".draft", []byte(draftMark+"sites\n"+contosoInventory+"# more\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	nothing := t.TempDir() + "/inventory.yaml"
	for _, test := range []struct {
		name    string
		flags   wizardFlags
		args    []string
		at      interview.Step
		domains []dns.Name
		draft   bool
	}{
		{"nothing", wizardFlags{inventory: nothing}, nil, interview.Domains, nil, false},
		{"a domain", wizardFlags{inventory: nothing}, []string{"contoso.com"}, interview.Look, []dns.Name{"contoso.com"}, false},
		{"twice", wizardFlags{inventory: nothing}, []string{"contoso.com", "CONTOSO.com", "bücher.example"}, interview.Look, []dns.Name{"contoso.com", "xn--bcher-kva.example"}, false},
		{"the demo", wizardFlags{inventory: nothing, network: network{demo: true}}, nil, interview.Look, []dns.Name{"nordwind.example"}, false},
		{"an inventory", wizardFlags{inventory: file, named: true, network: network{demo: true}}, nil, interview.Look, []dns.Name{"contoso.com"}, true},
		{"and a domain", wizardFlags{inventory: file, named: true}, []string{"contoso.de"}, interview.Look, []dns.Name{"contoso.com", "contoso.de"}, true},
		{"a draft", wizardFlags{inventory: kept, named: true, resume: true}, nil, interview.Sites, []dns.Name{"contoso.com"}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b, err := test.flags.begin(Streams{}, test.args)
			if err != nil {
				t.Fatal(err)
			}
			if s := b.state; s.At != test.at || !slices.Equal(s.Domains, test.domains) || (s.Draft != nil) != test.draft {
				t.Errorf("at %s, about %q, a draft: %v", s.At, s.Domains, s.Draft != nil)
			}
			if (b.text != nil) != test.draft || test.draft && string(b.text) != contosoInventory {
				t.Errorf("it began with %q", b.text)
			}
			if test.flags.resume && !strings.HasSuffix(string(b.state.Draft.Bytes()), "\n# more\n") {
				t.Errorf("it goes on with %q", b.state.Draft.Bytes())
			}
		})
	}
}

// Commands that are run later need the options that say who answers, and no
// others.
func TestAlsoFor(t *testing.T) {
	t.Parallel()
	c := newWizard(Streams{})
	typed := []string{"--resolver", "192.0.2.1", "--resolver", "192.0.2.2", "--plain", "--timeout", "3s", "--date", "2026-11-22", "--record", "x", "--nameserver", "ns=192.0.2.3"}
	if err := c.ParseFlags(typed); err != nil {
		t.Fatal(err)
	}
	want := "--nameserver ns=192.0.2.3 --resolver 192.0.2.1 --resolver 192.0.2.2 --timeout 3s"
	if got := strings.Join(alsoFor(c.Flags()), " "); got != want {
		t.Errorf("got %s", got)
	}
	c = newWizard(Streams{})
	if err := c.ParseFlags([]string{"--demo"}); err != nil {
		t.Fatal(err)
	}
	if got := alsoFor(c.Flags()); !slices.Equal(got, []string{"--demo"}) {
		t.Errorf("got %q", got)
	}
}
