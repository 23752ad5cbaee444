package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"sendplan/internal/term"
	"sendplan/internal/words"
	"sendplan/spf"
)

type spfTreeDoc struct {
	Schema int    `json:"schema"`
	Domain string `json:"domain"`
	spfJSON
	DNS dnsJSON `json:"dns"`
}

// SPFTree writes everything that a domain's SPF record leads to, with its cost.
func (f Format) SPFTree(w io.Writer, p Page, tree spf.Tree, queries int, servers []string) error {
	doc := spfTreeDoc{Schema, tree.Domain.String(), newSPF(tree), dnsJSON{queries, emptyNotNull(servers)}}
	return f.document(w, p, doc, func(t *Text) { t.spfTree(tree) })
}

// treeColumn is where the terms of a tree start, after the numbers.
const treeColumn = 16

func (t *Text) spfTree(tree spf.Tree) {
	t.Line("%s", t.Style.Bold.Draw(term.Safe(shownName(tree.Domain))))
	if tree.Root.Record == nil {
		t.Para(2, "", spfAbsence(tree), t.validity(tree.Result))
		t.misses(tree.Selection)
		return
	}
	t.Para(2, "", words.Tree(tree), t.validity(tree.Result))
	t.Blank()
	t.Line("%s", t.Style.Dim.Draw("lookups  void  term"))
	t.treeRow(tree.Lookups, tree.Voids4, 0, tree.Root.Record.Text(), "", term.Pen{})
	t.treeNodes(tree.Root.Children, 1)
	t.treeProblems(tree.Problems)
	if tree.Result == spf.Valid {
		t.Blank()
		t.Line("%d of 10 lookups are left", 10-tree.Lookups)
	}
}

func (t *Text) misses(s spf.Selection) {
	for _, text := range s.Records {
		t.Para(4, "", text, term.Pen{})
	}
	for _, miss := range s.Misses {
		t.Para(2, "not SPF: ", miss.Message, t.Style.Yellow)
		t.Para(4, "", miss.Text, t.Style.Dim)
	}
}

func (t *Text) treeNode(n *spf.Node, depth int) {
	t.treeRow(n.Lookups, n.Voids4, depth, n.Term.Text, words.Node(n), t.nodePen(n.State))
	if n.Record != nil {
		t.Para(treeColumn+2*depth+2, "", n.Record.Text(), t.Style.Dim)
	}
	costly := slices.DeleteFunc(slices.Clone(n.Children), func(c *spf.Node) bool { // the record above shows the free terms
		return c.Cost == 0 && c.State == spf.StateOK
	})
	t.treeNodes(costly, depth+1)
}

func (t *Text) treeNodes(nodes []*spf.Node, depth int) {
	shown := nodes[:min(len(nodes), maxTerms)]
	for _, n := range shown {
		t.treeNode(n, depth)
	}
	if left := len(nodes) - len(shown); left > 0 {
		t.Line("%s... and %d more terms", strings.Repeat(" ", treeColumn), left)
	}
}

// treeRow writes the counts of a term and everything below it, and the term.
func (t *Text) treeRow(lookups, voids, depth int, text, remark string, pen term.Pen) {
	numbers := strings.Repeat(" ", treeColumn)
	if lookups > 0 || depth == 0 {
		numbers = fmt.Sprintf("%8d  %4d  ", lookups, voids)
	}
	if remark != "" {
		text += "  <- " + remark
	}
	t.Para(0, numbers+strings.Repeat("  ", min(depth, 20)), text, pen)
}

func (t *Text) nodePen(s spf.State) term.Pen {
	switch s {
	case spf.StateNone, spf.StatePermError, spf.StateLoop:
		return t.Style.Red
	case spf.StateVoid, spf.StateTruncated:
		return t.Style.Yellow
	case spf.StateTempError:
		return t.Style.Magenta
	case spf.StateIgnored:
		return t.Style.Dim
	}
	return term.Pen{}
}

func (t *Text) treeProblems(problems []spf.Problem) {
	for _, p := range problems[:min(len(problems), maxProblems)] {
		t.Blank()
		message := p.Message
		if p.Err != nil {
			message += ": " + p.Err.Error()
		}
		t.Para(0, p.Domain.String()+": ", message, t.Style.Red)
		if p.Record != "" {
			t.Mark(2, p.Record, p.Span.Start, p.Span.End, t.Style.Red)
		}
	}
}
