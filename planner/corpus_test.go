package planner

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/proof"
	"sendplan/spf"
)

var (
	update = flag.Bool("update", false, "rewrite the table in docs/corpora.md, from all records")
	whole  = flag.Bool("corpus", false, "plan for all records of the corpus, not for a sample")
)

// published records of the corpus, in its order, and the last of each domain.
type corpus struct {
	texts []string
	spf   map[dns.Name]string
}

func openCorpus(t *testing.T) corpus {
	f, err := os.Open("../../shared/corpora/records/spf.tsv.gz")
	if err != nil {
		t.Skip("the corpora are not here")
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	c := corpus{spf: map[dns.Name]string{}}
	in := bufio.NewScanner(z)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		fields := strings.Split(in.Text(), "\t")
		if strings.HasPrefix(in.Text(), "#") || len(fields) < 2 || !spf.IsSPF(fields[1]) {
			continue
		}
		c.texts = append(c.texts, fields[1])
		if name, err := dns.RawName(fields[0]); err == nil {
			c.spf[name] = fields[1]
		}
	}
	if in.Err() != nil {
		t.Fatal(in.Err())
	}
	return c
}

// corpusWorld answers for one.example with a record of the corpus, for the names
// around it from zone text, and for those of the corpus with their records. All
// their hosts have the same addresses. Of others it says that they do not exist,
// or fails.
type corpusWorld struct {
	corpus
	base  *dns.Zones
	text  string
	cause dns.Cause // 0: other names do not exist
}

func (w corpusWorld) Lookup(ctx context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	return w.Ask(ctx, dns.Question{Key: dns.Key{Name: name, Type: t}})
}

func (w corpusWorld) Ask(ctx context.Context, q dns.Question) (dns.Answer, error) {
	name := q.Key.Name
	if q.Key == txt("one.example") {
		return answer(name, dns.NewTXT(w.text)), nil
	}
	if name.Below("example") || name == dns.Root || q.Source != dns.Given {
		return w.base.Ask(ctx, q)
	}
	text, held := w.spf[name]
	switch {
	case held && q.Key.Type == dns.TypeTXT:
		return answer(name, dns.NewTXT(text)), nil
	case q.Key.Type == dns.TypeA:
		return answer(name, dns.Addr{IP: netip.MustParseAddr("192.0.2.100")}), nil
	case q.Key.Type == dns.TypeAAAA:
		return answer(name, dns.Addr{IP: netip.MustParseAddr("2001:db8::100")}), nil
	case q.Key.Type == dns.TypeMX:
		return answer(name, dns.MX{Preference: 10, Host: "h1.other.example"}), nil
	case w.cause != 0:
		return dns.Answer{}, &dns.Error{Key: q.Key, Cause: w.cause, Server: "corpus"}
	}
	return dns.Answer{Exists: held}, nil
}

func answer(name dns.Name, data dns.Data) dns.Answer {
	return dns.Answer{Exists: true, Server: "corpus", Records: []dns.Record{{Name: name, TTL: 300, Data: data}}}
}

const corpusZones = fixedZones + `
one.example. SOA ns1.one.example. host.one.example. 1 7200 3600 1209600 300
one.example. NS ns1.one.example.
one.example. A 192.0.2.110
one.example. MX 10 h1.one.example.
h1.one.example. A 192.0.2.111
h1.one.example. AAAA 2001:db8::111
`

// corpusInventory adds one device, with an address that no record of the corpus
// names.
const corpusInventory = `version: 1
tenant: {initial_domain: nordwind.onmicrosoft.com, cloud: worldwide, inbound: direct, outbound: direct, reject_direct_send: false}
sites:
  - {name: hq, addresses: [203.0.113.10], static: true, shared: false, port25: open}
domains:
  - {name: one.example}
devices:
  - {name: scanner, site: hq, method: direct-send, from: [scan@one.example], recipients: internal, auth: none}
`

const corpusTerm = "ip4:203.0.113.10"

// sampleStep is every how many records stand for all where the test must be quick.
const sampleStep = 20

// TestCorpusPlans plans for real SPF records: whoever they let send stays, and
// the edit is as small as it can be.
func TestCorpusPlans(t *testing.T) {
	t.Parallel()
	c := openCorpus(t)
	step := sampleStep
	if *whole || *update {
		step = 1
	}
	base := model{}.with(t, corpusZones, "")
	var did [2][]string
	for i, cause := range []dns.Cause{0, dns.ServFail} {
		did[i] = c.planAll(t, corpusWorld{corpus: c, base: base, cause: cause}, step)
	}
	compareTable(t, did, step)
}

// planAll plans for every step-th record, and says what each plan does.
func (c corpus) planAll(t *testing.T, w corpusWorld, step int) []string {
	did := make([]string, len(c.texts))
	var workers sync.WaitGroup
	for first := range 4 {
		workers.Go(func() {
			for i := first * step; i < len(c.texts); i += 4 * step {
				own := w
				own.text = c.texts[i]
				did[i] = planOne(t, own)
			}
		})
	}
	workers.Wait()
	return did
}

// planOne makes the plan for one record, checks it, and says what it does.
func planOne(t *testing.T, w corpusWorld) string {
	p := Make(read(t, corpusInventory), w, Options{Date: day})
	d := p.Domains[0]
	changed := slices.ContainsFunc(p.Stages, func(s Stage) bool {
		return slices.ContainsFunc(s.Changes, func(c dns.Change) bool { return c.Key == txt("one.example") })
	})
	switch {
	case !changed && blocks(p) != "":
		return "nothing, and says why: " + blocks(p)
	case !changed:
		if p.Devices[0].After.SPF != proof.Pass && len(p.Unknown) == 0 {
			t.Errorf("nothing is done for %q, and nothing is said\n%s", w.text, sketch(p))
		}
		return "nothing: the address may send already, or it is not known whether it may"
	}
	w.checkTerms(t, d)
	if p.Held(txt("one.example")) {
		return "held back: " + blocks(p)
	}
	w.checkNobodyLost(t, d.SPF.After)
	return edit(d.SPF.Terms)
}

// edit says in words what is done to the terms of a record.
func edit(terms []Term) string {
	count := map[Action]int{}
	for _, term := range terms {
		count[term.Action]++
	}
	switch {
	case count[Replace] > 0:
		return "mistakes mended"
	case count[Remove] > 4:
		return "five or more terms taken out"
	case count[Remove] > 1:
		return fmt.Sprintf("%d terms taken out", count[Remove])
	case count[Remove] == 1:
		return "1 term taken out"
	case count[Add] == 1:
		return "the address added, and nothing else"
	}
	return fmt.Sprintf("%d terms added", count[Add])
}

// blocks names the kinds of blocks of the domain.
func blocks(p Plan) string {
	var list []string
	for _, b := range p.Blocked {
		if b.Subject == "one.example" || b.Accept != "" {
			list = append(list, string(b.ID))
		}
	}
	slices.Sort(list)
	return strings.Join(slices.Compact(list), ", ")
}

// checkTerms: each term of before stands in the new record or is said to go, and
// nothing goes for a question that failed.
func (w corpusWorld) checkTerms(t *testing.T, d Domain) {
	var before, after []string
	for _, term := range d.SPF.Terms {
		if term.Action != Add {
			before = append(before, term.Text)
		}
		switch term.Action {
		case Keep, Add:
			after = append(after, term.Text)
		case Replace:
			after = append(after, strings.Fields(term.With)...)
		}
		if term.Action != Keep && term.Why == "" {
			t.Errorf("%q: %s %q has no reason", w.text, term.Action, term.Text)
		}
		mended := strings.Contains(term.Why, "is not valid")
		instead := mended || strings.HasPrefix(term.Why, "in the place of ") || strings.HasSuffix(term.Text, "all")
		if term.Action == Add && term.Text != corpusTerm && !instead {
			t.Errorf("%q: nobody asked for %q", w.text, term.Text)
		}
		if term.Action == Remove && w.cause != 0 && !mended && !w.answered() {
			t.Errorf("%q: %q is removed (%s), though not all that the record leads to answers", w.text, term.Text, term.Why)
		}
	}
	if old, now := termTexts(spf.Parse(w.text)), termTexts(spf.Parse(d.SPF.After)); !slices.Equal(before, old) || !slices.Equal(after, now) {
		t.Errorf("the terms go from %q to %q, the plan says from %q to %q", old, now, before, after)
	}
}

// answered reports whether all that the record leads to is known.
func (w corpusWorld) answered() bool {
	return failure(spf.ExpandText(ctx, w, "one.example", w.text)) == nil
}

// checkNobodyLost: what the record lets send, or was meant to, may afterwards.
func (w corpusWorld) checkNobodyLost(t *testing.T, after string) {
	old, now := w, w
	now.text = after
	was := spf.Expand(ctx, old, "one.example").Coverage()
	is := spf.Expand(ctx, now, "one.example").Coverage()
	if lost := was.Pass.Subtract(is.Pass); !lost.IsEmpty() {
		t.Errorf("%q becomes %q, and takes %s away", w.text, after, lost)
	}
	if gained := is.Pass.Subtract(was.Pass).Subtract(was.Open); !spf.NewAddressSet(netip.MustParsePrefix("203.0.113.10/32")).Covers(gained.Subtract(w.repaired())) {
		t.Errorf("%q becomes %q, and lets %s send", w.text, after, gained)
	}
	for _, ip := range borders(was.Pass)[:min(20, len(borders(was.Pass)))] {
		q := spf.Query{IP: ip, MailFrom: "user@one.example", Helo: "h1.one.example"}
		a, b := spf.Evaluate(ctx, old, q).Result, spf.Evaluate(ctx, now, q).Result
		if a == spf.Pass && b != spf.Pass {
			t.Errorf("%q becomes %q, by which %s gets %s", w.text, after, ip, b)
		}
	}
}

// repaired is what the record is meant to let send once its mistakes are mended.
func (w corpusWorld) repaired() spf.AddressSet {
	mended, _ := spf.Parse(w.text).Repair()
	return spf.ExpandText(ctx, w, "one.example", mended.Text()).Coverage().Pass
}

// tableStart is the line before the table in docs/corpora.md.
const tableStart = "| what the plan does | of the sample | | of all | |\n| --- | --- | --- | --- | --- |\n"

// compareTable holds the counts against docs/corpora.md: those of the sample, and
// those of all records if all were planned for.
func compareTable(t *testing.T, did [2][]string, step int) {
	counts := map[string][4]int{}
	for i, list := range did {
		for n, what := range list {
			if what == "" {
				continue
			}
			row := counts[what]
			if n%sampleStep == 0 {
				row[i]++
			}
			row[2+i]++
			counts[what] = row
		}
	}
	file, err := os.ReadFile("../docs/corpora.md")
	if err != nil {
		t.Fatal(err)
	}
	head, table, found := strings.Cut(string(file), tableStart)
	if !found {
		t.Fatal("docs/corpora.md has no table of plans")
	}
	if table, tail, _ := strings.Cut(table, "\n\n"); !*update {
		compareRows(t, counts, strings.Split(strings.TrimSpace(table), "\n"), step == 1)
	} else if err := os.WriteFile("../docs/corpora.md", []byte(head+tableStart+rowsOf(counts)+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}

// rowsOf writes a row for each thing that plans do, the most frequent first.
func rowsOf(counts map[string][4]int) string {
	keys := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(counts[b][2]+counts[b][3]-counts[a][2]-counts[a][3], cmp.Compare(a, b))
	})
	var b strings.Builder
	for _, k := range keys {
		n := counts[k]
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d |\n", k, n[0], n[1], n[2], n[3])
	}
	return b.String()
}

func compareRows(t *testing.T, counts map[string][4]int, rows []string, all bool) {
	seen := map[string]bool{}
	for _, row := range rows {
		cells := strings.Split(strings.Trim(row, "| "), " | ")
		if len(cells) != 5 {
			t.Fatalf("docs/corpora.md: row %q", row)
		}
		n := counts[cells[0]]
		seen[cells[0]] = true
		want := []string{strconv.Itoa(n[0]), strconv.Itoa(n[1])}
		if all {
			want = append(want, strconv.Itoa(n[2]), strconv.Itoa(n[3]))
		}
		if got := cells[1 : 1+len(want)]; !slices.Equal(got, want) {
			t.Errorf("docs/corpora.md says %q of %q, and it is %q", got, cells[0], want)
		}
	}
	for what := range counts {
		if !seen[what] {
			t.Errorf("docs/corpora.md lacks %q: %v", what, counts[what])
		}
	}
}
