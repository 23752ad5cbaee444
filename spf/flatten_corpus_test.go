package spf

import (
	"context"
	"testing"

	"sendplan/internal/dns"
)

const nestedZone = flatHosts + "i.example. 60 IN A 192.0.2.25\ni.example. 60 IN MX 10 h.example.\n"

// nested puts text at i.example, over the zone with hosts, and expands record.
func nested(z *dns.Zones, record, text string) (*dns.Overlay, Tree) {
	key := dns.Key{Name: "i.example", Type: dns.TypeTXT}
	o := dns.NewOverlay(z,
		[]dns.Change{{Zone: "example", Key: key, New: []dns.Record{{Name: key.Name, TTL: 60, Data: dns.NewTXT(text)}}}})
	return o, ExpandText(context.Background(), o, "d.example", record)
}

// checkRewrites flattens each term of a tree and splits its record, and proves
// what comes out. It returns how often each was possible.
func checkRewrites(t tester, r dns.Resolver, tree Tree, limit int) (flattened, split int) {
	t.Helper()
	for _, n := range tree.Root.Children {
		f, refused := tree.Flatten(n)
		if refused != nil {
			if refused.Error() == "" {
				t.Fatalf("%q is refused without a reason", n.Term.Text)
			}
			continue
		}
		flattened++
		after := ExpandText(context.Background(), r, tree.Domain, f.Record.Text())
		if d, differs := tree.Coverage().Differ(after.Coverage()); differs {
			t.Fatalf("%+v: %q became %q", d, tree.Root.Record.Text(), f.Record.Text())
		}
	}
	if s, refused := tree.Children(limit, nil); refused == nil && len(s.Children) > 0 {
		split++
		after := Expand(context.Background(), published(r, s), "d.example")
		if d, differs := tree.Coverage().Differ(after.Coverage()); differs || len(s.Record.Text()) > limit {
			t.Fatalf("%+v: %q became %q", d, tree.Root.Record.Text(), s.Record.Text())
		}
	}
	return flattened, split
}

// Records that people include: as an include and by redirect, and in parts.
func TestRewriteCorpus(t *testing.T) {
	t.Parallel()
	z := zones(t, nestedZone)
	flattened, split := 0, 0
	for i, text := range corpus(t, "spf-include-target-texts.txt.gz") {
		if i%4 != 0 { // all of them take their time
			continue
		}
		for _, record := range []string{"v=spf1 ip4:203.0.113.5 ?include:i.example ~all", "v=spf1 redirect=i.example"} {
			r, tree := nested(z, record, text)
			f, _ := checkRewrites(t, r, tree, 20)
			flattened += f
		}
		r, tree := nested(z, text, "v=spf1 -all")
		_, s := checkRewrites(t, r, tree, 200)
		split += s
	}
	t.Logf("%d terms became networks, %d records were parted", flattened, split)
	if flattened == 0 || split == 0 {
		t.Error("the corpus tests nothing")
	}
}

func FuzzRewrite(f *testing.F) {
	f.Add("v=spf1 include:i.example a:h.example -all", "v=spf1 ip4:192.0.2.1 mx -all", 40)
	f.Add("V=SPF1 redirect=i.example  x=y", "v=spf1 -ip4:192.0.2.0/30 ~ip6:2001:db8::/32 redirect=d.example", 20)
	f.Add("v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 ip4:192.0.2.3 ip4:192.0.2.4 ip4:192.0.2.5 ~include:i.example ?all", "v=spf1 exists:%{i}.x.example", 70)
	f.Add("v=spf1 all include:i.example", "v=spf1 +all", 10)
	z := zones(f, nestedZone)
	f.Fuzz(func(t *testing.T, record, text string, limit int) {
		if !IsSPF(record) || len(record)+len(text) > 4000 || text == "" {
			t.Skip()
		}
		r, tree := nested(z, record, text)
		checkRewrites(t, r, tree, limit)
		if CheckTerm(text) == nil && len(ExpandTerm(context.Background(), r, "d.example", text).Root.Children) != 1 {
			t.Errorf("%q is more than one term", text)
		}
	})
}
