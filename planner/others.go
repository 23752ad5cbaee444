package planner

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"sendplan/internal/dns"
	"sendplan/spf"
)

// judgeOthers looks at each SPF record once more with the changes of all the
// others: a record that includes that of another own domain changes with it.
func (m *maker) judgeOthers() {
	var changed []dns.Key
	for _, s := range m.staged {
		if d := m.domain(s.Key.Name); d != nil && s.Key == txt(d.Name) {
			changed = append(changed, s.Key)
		}
	}
	view := m.with(m.settled())
	for _, d := range m.domains {
		if d.expected == nil { // nothing could be planned for it
			tree := spf.Expand(m.ctx, m.now, d.Name)
			d.expected, d.alias = &tree, true
		}
		holds := slices.DeleteFunc(slices.Clone(changed), func(k dns.Key) bool { return k == txt(d.Name) })
		holds = slices.DeleteFunc(holds, func(k dns.Key) bool { return !d.alias && !mentions(d.expected.Root, k.Name) })
		if len(holds) > 0 {
			m.judgeOther(d, spf.Expand(m.ctx, view, d.Name), holds)
		}
	}
}

// mentions reports whether a tree leads to the record of a name.
func mentions(n *spf.Node, name dns.Name) bool {
	return n != nil && (n.Target == name || slices.ContainsFunc(n.Children, func(c *spf.Node) bool { return mentions(c, name) }))
}

func (m *maker) judgeOther(d *domain, tree spf.Tree, holds []dns.Key) {
	now := tree.Coverage()
	lost := d.expected.Coverage().Pass.Subtract(now.Pass).Subtract(now.Open)
	broken := tree.Result == spf.PermanentErr && d.expected.Result != spf.PermanentErr
	if lost.IsEmpty() && !broken {
		return
	}
	what := "would not allow " + strings.Join(prefixTexts(lost), ", ") + " any more"
	if broken {
		what = "would be permerror: " + problem(tree)
	}
	m.block(Block{ID: BlockLoses, Subject: string(d.Name), Holds: holds,
		Message: fmt.Sprintf("its SPF record leads to that of %s, and %s with the change there", holds[0].Name, what),
		Fix:     "give " + string(d.Name) + " a record that does not lead there, and plan again"})
}

// strictLosses returns the addresses that pass today and would not any more, of
// those at the borders of networks: a record over a limit passes what its first
// terms allow, so that the order counts.
func (e *spfEdit) strictLosses() []netip.Prefix {
	if !e.before.broken || e.before.several {
		return nil // then what the terms allow says all
	}
	after := e.candidate()
	var list []netip.Prefix
	for i, p := range e.before.pass.Prefixes() {
		ip := p.Addr()
		if i == maxDifferences || e.lost.Contains(ip) || e.resultIn(e.now, ip) != spf.Pass {
			continue
		}
		if now := e.resultIn(after, ip); now != spf.Pass && now != spf.TempError {
			list = append(list, netip.PrefixFrom(ip, ip.BitLen()))
		}
	}
	return list
}
