package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/dns/dnsserver"
)

// TestPlanExamples carries out the examples of docs/plans: each file serves its
// zones on loopback, runs its commands on its inventory one after another, and
// holds what they print. What stands in essentials was written from the
// standards; -update does not touch it.
func TestPlanExamples(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../docs/plans/[0-9]*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	var names []string
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".md")
		names = append(names, name)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			carryOut(t, file, essentials[name])
		})
	}
	for name := range essentials {
		if !slices.Contains(names, name) {
			t.Errorf("there is no docs/plans/%s.md", name)
		}
	}
}

// planExample is one file: its text, and where its fenced blocks lie.
type planExample struct {
	file, text string
	blocks     []planBlock
}

// planBlock is a fenced block. Its content is text[start:end].
type planBlock struct {
	kind       string
	start, end int
}

var fences = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")

func readExample(t *testing.T, file string) *planExample {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	e := &planExample{file: file, text: string(content)}
	for _, at := range fences.FindAllStringSubmatchIndex(e.text, -1) {
		e.blocks = append(e.blocks, planBlock{e.text[at[2]:at[3]], at[4], at[5]})
	}
	return e
}

// all returns the contents of the blocks of a kind.
func (e *planExample) all(kind string) []string {
	var list []string
	for _, b := range e.blocks {
		if b.kind == kind {
			list = append(list, e.text[b.start:b.end])
		}
	}
	return list
}

var statusLine = regexp.MustCompile(`(?m)^Exit status: (\d+)$`)

// carryOut runs the commands of an example and compares.
func carryOut(t *testing.T, file string, want []essential) {
	e := readExample(t, file)
	commands, plans := e.all("console"), e.all("text")
	statuses := statusLine.FindAllStringSubmatch(e.text, -1)
	if len(commands) == 0 || len(plans) != len(commands) || len(statuses) != len(commands) || len(want) != len(commands) {
		t.Fatalf("%d commands, %d plans, %d exit statuses, %d sets of essentials", len(commands), len(plans), len(statuses), len(want))
	}
	l := serveExample(t, e)
	for i, command := range commands {
		got := l.run(t, command)
		if got.status != statuses[i][1] {
			t.Errorf("%s: exit status %s, the file says %s\n%s", strings.TrimSpace(command), got.status, statuses[i][1], got.stderr)
		}
		want[i].check(t, got.stdout)
		if got.stdout != plans[i] && *update {
			plans[i] = got.stdout
		} else if got.stdout != plans[i] {
			t.Errorf("%s\ngot\n%s\nwant\n%s", strings.TrimSpace(command), got.stdout, plans[i])
		}
	}
	if *update {
		e.write(t, plans)
	}
}

// write puts plans into the text blocks of the file.
func (e *planExample) write(t *testing.T, plans []string) {
	t.Helper()
	var b strings.Builder
	at := 0
	for _, block := range e.blocks {
		if block.kind == "text" {
			b.WriteString(e.text[at:block.start] + plans[0])
			plans, at = plans[1:], block.end
		}
	}
	b.WriteString(e.text[at:])
	if b.String() == e.text {
		return
	}
	if err := os.WriteFile(e.file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// loopback is the zones of an example on a server that plays all name servers,
// and the inventory in a file.
type loopback struct {
	inventory, addr string
	places          []string
}

func serveExample(t *testing.T, e *planExample) loopback {
	t.Helper()
	text := strings.Join(e.all("zone"), "\n")
	zones, err := dns.ParseZones(text, filepath.Base(e.file))
	if err != nil {
		t.Fatal(err)
	}
	server, err := dnsserver.Start(dnsserver.Options{Zones: zones})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	l := loopback{inventory: inventoryFile(t, strings.Join(e.all("yaml"), "")), addr: server.Addr().String()}
	for _, host := range nameServers(zones) {
		l.places = append(l.places, "--nameserver", host+"="+l.addr)
	}
	return l
}

// nameServers returns the hosts of all NS records of zones, in order.
func nameServers(zones *dns.Zones) []string {
	var hosts []string
	for _, apex := range zones.Apexes() {
		for _, r := range zones.Records(apex) {
			if ns, ok := r.Data.(dns.NS); ok && !slices.Contains(hosts, ns.Host.String()) {
				hosts = append(hosts, ns.Host.String())
			}
		}
	}
	slices.Sort(hosts)
	return hosts
}

// run gives the command that a block shows, at 100 columns.
func (l loopback) run(t *testing.T, shown string) outcome {
	t.Helper()
	line, ok := strings.CutPrefix(strings.TrimSpace(shown), "$ sendplan ")
	if !ok {
		t.Fatalf("%q is no command", shown)
	}
	args := strings.Fields(line)
	for i, arg := range args {
		if arg == "inventory.yaml" {
			args[i] = l.inventory
		}
	}
	args = append(append(args, "--resolver", l.addr), l.places...)
	var out, errs bytes.Buffer
	env := map[string]string{"COLUMNS": "100"}
	streams := Streams{In: strings.NewReader(""), Out: &out, Err: &errs, Getenv: func(k string) string { return env[k] }}
	code := Main(context.Background(), streams, args)
	got := outcome{shownPlan(out.String()), errs.String(), fmt.Sprint(code)}
	got.hide(l.addr, "192.0.2.53:53")
	return got
}

// shownPlan is a plan whose first words name the inventory without its folder.
func shownPlan(text string) string {
	const date = "as of 22 November 2026\n"
	if _, rest, ok := strings.Cut(text, date); ok && strings.HasPrefix(text, "Plan of ") {
		return "Plan of inventory.yaml " + date + rest
	}
	return text
}

// essential is what an expert looks for in a plan. Runs of white space count as
// one blank, so that it does not matter where lines are broken.
type essential struct {
	must, mustNot []string
}

func (w essential) check(t *testing.T, text string) {
	t.Helper()
	flat := strings.Join(strings.Fields(text), " ")
	for _, words := range w.must {
		if !strings.Contains(flat, words) {
			t.Errorf("it must say %q, but says\n%s", words, text)
		}
	}
	for _, words := range w.mustNot {
		if strings.Contains(flat, words) {
			t.Errorf("it must not say %q, but says\n%s", words, text)
		}
	}
}

// TestPlanExamplesAreListed holds the index to the files.
func TestPlanExamplesAreListed(t *testing.T) {
	t.Parallel()
	index, err := os.ReadFile("../../docs/plans/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for name := range essentials {
		if !strings.Contains(string(index), "("+name+".md)") {
			t.Errorf("the index lacks %s", name)
		}
	}
}
