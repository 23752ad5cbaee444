package cli

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sendplan/internal/dns"
	"sendplan/internal/intake"
	"sendplan/internal/inventory"
	"sendplan/internal/render"
	"sendplan/planner"
	"sendplan/planner/interview"
)

const smallInventory = "version: 1\ndomains:\n  - name: nordwind.example # ours\n"

func inventoryFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "inventory.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// What is wrong with the command line ends with 2, one error, no output and an
// inventory as it was.
func TestPlanUsage(t *testing.T) {
	t.Parallel()
	file := inventoryFile(t, smallInventory)
	for _, test := range []struct{ name, args, want string }{
		{"no inventory", "--demo", "name the inventory with -i FILE"},
		{"a yes for standard input", "--demo -i - --accept a/b", "--accept cannot write to standard input"},
		{"a yes to nothing", "--demo -i " + file + " --accept spf-flatten/elsewhere.example/a", `does not offer "spf-flatten/elsewhere.example/a", so nothing is written`},
		{"a format for checks", "--demo -i " + file + " --format sarif", "must be one of text, json, jsonl, markdown, csv"},
		{"places in the embedded world", "--demo -i " + file + " --nameserver ns1.nordwind.example=127.0.0.1:53", "--nameserver"},
		{"an argument", "--demo -i " + file + " nordwind.example", "nordwind.example"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := run(t, "plan "+test.args)
			if got.status != "2" || got.stdout != "" || !strings.Contains(got.stderr, test.want) {
				t.Errorf("want %q: %s", test.want, got)
			}
			if now, _ := os.ReadFile(file); string(now) != smallInventory {
				t.Errorf("the inventory was changed:\n%s", now)
			}
		})
	}
}

// A yes that is not offered is answered with the one that was meant.
func TestNotOffered(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		id, want string
		offers   []planner.AcceptID
	}{
		{"spf-gain/contoso.com/192.0.2.0", "did you mean spf-gain/contoso.com/192.0.2.0/24?", []planner.AcceptID{"dmarc/contoso.com", "spf-gain/contoso.com/192.0.2.0/24"}},
		{"x", "the plan offers dmarc/contoso.com, spf/contoso.com", []planner.AcceptID{"dmarc/contoso.com", "spf/contoso.com"}},
		{"x", "the plan offers nothing that needs a yes", nil},
	} {
		err, ok := notOffered(test.id, test.offers).(*exitError)
		if !ok || err.code != exitUsage || err.hint != test.want {
			t.Errorf("%s: %+v, want %q", test.id, err, test.want)
		}
	}
}

// A yes is written once: as an entry of its own, or as the addresses that are
// held in its place.
func TestSayYes(t *testing.T) {
	t.Parallel()
	date := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	pin := &planner.Pin{Domain: "nordwind.example", Flattened: inventory.Flattened{Term: "include:spf.example.net", Date: date}}
	plan := render.Planned{Plan: planner.Plan{
		Blocked: []planner.Block{{Accept: "gain/a"}},
		Offers:  []planner.Offer{{Accept: "flat/b", Pin: pin}, {Accept: "other/c"}},
	}}
	for _, test := range []struct {
		id, words   string
		want, lacks string
	}{
		{"gain/a", "accepted gain/a as of 2026-11-22", "id: gain/a", "flattened"},
		{"other/c", "accepted other/c as of 2026-11-22", "id: other/c", "flattened"},
		{"flat/b", "include:spf.example.net of nordwind.example is held as 0 networks", "term: include:spf.example.net", "accepted"},
	} {
		file, err := inventory.Parse([]byte(smallInventory), "inventory.yaml", intake.Catalogue)
		if err != nil {
			t.Fatal(err)
		}
		words, err := interview.Accept(file, plan.Plan, planner.AcceptID(test.id), date)
		if err != nil || len(words) != 1 || words[0] != test.words {
			t.Errorf("%s: %q, %v", test.id, words, err)
		}
		text := string(file.Bytes())
		if !strings.Contains(text, test.want) || strings.Contains(text, test.lacks) || !strings.HasPrefix(text, smallInventory[:len(smallInventory)-1]) {
			t.Errorf("%s:\n%s", test.id, text)
		}
	}
}

func TestPlanStatus(t *testing.T) {
	t.Parallel()
	for verdict, want := range map[render.PlanVerdict]int{render.PlanMade: 0, render.PlanBlocked: 1, render.PlanUnknown: 3} {
		if got, ok := planStatus[verdict]; got != want || !ok {
			t.Errorf("%s: %d, want %d", verdict, got, want)
		}
	}
}

// The budget is per domain, those that only devices send from included, and it
// never overflows.
func TestPlanSize(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"version: 1\n": 1,
		smallInventory: 1,
		smallInventory + "devices:\n  - {name: a, from: [a@nordwind.example, b@fabrikam.example]}\n": 2,
	} {
		file, err := inventory.Parse([]byte(text), "inventory.yaml", intake.Catalogue)
		if err != nil {
			t.Fatal(err)
		}
		if got := planSize(&file.Inventory); got != want {
			t.Errorf("%d, want %d of\n%s", got, want, text)
		}
	}
	many := &inventory.Inventory{}
	for i := range 3 * maxPlanSize {
		many.Domains = append(many.Domains, inventory.Domain{Name: dns.Name("d" + strings.Repeat("x", i%60) + string(rune('a'+i/60)) + ".example")})
	}
	if got := planSize(many); got != maxPlanSize {
		t.Errorf("%d, want %d", got, maxPlanSize)
	}
}

func TestScaled(t *testing.T) {
	t.Parallel()
	live := (&session{deadline: time.Second, maxQueries: 300}).scaled(5)
	if live.maxQueries != 1500 || live.deadline != 5*time.Second {
		t.Errorf("%+v", live)
	}
	replayed := (&session{deadline: math.MaxInt64, maxQueries: math.MaxInt, resolver: spent{budget: 300}}).scaled(5)
	if replayed.maxQueries != math.MaxInt || replayed.deadline != math.MaxInt64 || replayed.resolver.(spent).budget != 1500 {
		t.Errorf("%+v", replayed)
	}
}

// An interrupted plan ends with 130 and prints nothing.
func TestPlanInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, errs bytes.Buffer
	streams := Streams{In: strings.NewReader(""), Out: &out, Err: &errs, Getenv: func(string) string { return "" }}
	if code := Main(ctx, streams, []string{"plan", "--demo", "-i", "../../examples/office.yaml"}); code != exitInterrupted || out.Len() > 0 {
		t.Errorf("status %d, %s", code, out.String())
	}
}
