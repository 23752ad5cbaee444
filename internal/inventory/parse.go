package inventory

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// readTree parses a source into nodes with their spans.
func readTree(s source, file string) (root *node, err error) {
	b := builder{source: s, file: file}
	defer func() {
		// The parser is known to panic on some texts that are no YAML.
		if r := recover(); r != nil {
			root, err = nil, Errors{s.mistake(file, place{}, "the file is not YAML that can be read")}
		}
	}()
	tokens := lexer.Tokenize(s.yaml())
	if e := b.refuse(tokens); e != nil {
		return nil, Errors{e}
	}
	tree, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, Errors{b.syntax(err)}
	}
	if root, err = b.document(tree); err != nil {
		return nil, Errors{err.(*Error)}
	}
	return root, nil
}

// refuse finds what makes YAML surprising, or its reading expensive: the parser's
// work grows with the square of the fields in one place and of dashes in a row.
func (b *builder) refuse(tokens token.Tokens) *Error {
	var places counter
	first := true
	for i, t := range tokens {
		if what := refused(t.Type, first); what != "" {
			return b.mistake(t, "%s", what)
		}
		first = first && t.Type == token.CommentType
		if what := places.next(tokens, i); what != "" {
			return b.mistake(t, "%s", what)
		}
	}
	return nil
}

// maxFields bounds the fields in one place; no part of the format has as many.
const maxFields = 100

// counter counts the fields that stand in one place.
type counter struct {
	open  []int    // in each pair of brackets that is open
	block []column // outside of brackets, from left to right
}

type column struct {
	at, fields int
}

func (c *counter) next(tokens token.Tokens, i int) string {
	switch tokens[i].Type {
	case token.SequenceStartType, token.MappingStartType:
		if c.open = append(c.open, 0); len(c.open) > maxDepth {
			return fmt.Sprintf("more than %d brackets are open", maxDepth)
		}
	case token.SequenceEndType, token.MappingEndType:
		c.open = c.open[:max(0, len(c.open)-1)]
	case token.SequenceEntryType:
		if i > 0 && tokens[i-1].Type == token.SequenceEntryType && tokens[i-1].Position.Line == tokens[i].Position.Line {
			return "a list directly in a list"
		}
		c.leave(tokens[i].Position.Column)
	case token.MappingValueType:
		return c.field(tokens[max(0, i-1)].Position.Column)
	}
	return ""
}

// field counts a field whose key is at a column.
func (c *counter) field(at int) string {
	var count *int
	if last := len(c.open) - 1; last >= 0 {
		count = &c.open[last]
	} else {
		c.leave(at)
		if len(c.block) == 0 || c.block[len(c.block)-1].at < at {
			c.block = append(c.block, column{at: at})
		}
		count = &c.block[len(c.block)-1].fields
	}
	if *count++; *count > maxFields {
		return fmt.Sprintf("more than %d fields in one place", maxFields)
	}
	return ""
}

// leave forgets what is further to the right than a column.
func (c *counter) leave(at int) {
	for len(c.block) > 0 && c.block[len(c.block)-1].at > at {
		c.block = c.block[:len(c.block)-1]
	}
}

// refused returns what is wrong with a token of a type; first is whether nothing
// stands before it.
func refused(t token.Type, first bool) string {
	switch t {
	case token.AnchorType:
		return "an anchor (&): write each value where it belongs; a text that begins with & stands in quotes"
	case token.AliasType:
		return "an alias (*): write each value where it belongs; a text that begins with * stands in quotes"
	case token.MergeKeyType:
		return "a merge key (<<): write each value where it belongs"
	case token.TagType:
		return "a tag (!): values are texts, numbers and lists; a text that begins with ! stands in quotes"
	case token.DirectiveType:
		return "a directive (%): the file begins with version: 1"
	case token.LiteralType, token.FoldedType:
		return "a text over several lines: write it on one line, in quotes where it needs them"
	case token.MappingKeyType:
		return "a key of several parts (?): expected the name of a field"
	case token.DocumentHeaderType:
		if !first {
			return "a second document (---): an inventory is one document, in one file"
		}
	case token.DocumentEndType:
		return "the end of a document (...): an inventory is one document, without an end mark"
	}
	return ""
}

// syntax turns the parser's error into ours; its own text shows the source, at a
// cost that grows with the square of a line's length.
func (b *builder) syntax(err error) *Error {
	var y yaml.Error
	if !errors.As(err, &y) || y.GetToken() == nil {
		return b.source.mistake(b.file, place{}, "the file is not YAML")
	}
	return b.mistake(y.GetToken(), "this is not YAML: %s", shown(y.GetMessage()))
}

// builder turns the parser's tree into nodes.
type builder struct {
	source source
	file   string
}

// mistake returns an error at a token. Behind a text of several lines the
// parser's positions can be outside of the file.
func (b *builder) mistake(t *token.Token, format string, args ...any) *Error {
	line, column := 1, 1
	if t != nil && t.Position != nil {
		line = max(1, min(t.Position.Line, len(b.source.lines)))
		column = max(1, min(t.Position.Column, utf8.RuneCountInString(b.source.lines[line-1].text)+1))
	}
	return &Error{b.file, line, column, fmt.Sprintf(format, args...)}
}

func (b *builder) place(t *token.Token) (place, error) {
	if t != nil && t.Position != nil {
		if p, ok := b.source.place(t.Position.Line, t.Position.Column); ok {
			return p, nil
		}
	}
	return place{}, b.mistake(t, "this is not written as YAML usually is")
}

func (b *builder) document(f *ast.File) (*node, error) {
	var body ast.Node
	for _, d := range f.Docs {
		if d.Body != nil && body != nil {
			return nil, b.mistake(d.Body.GetToken(), "a second document: an inventory is one document, in one file")
		}
		if d.Body != nil {
			body = d.Body
		}
	}
	if body == nil || body.Type() == ast.NullType || body.Type() == ast.CommentType {
		return nil, b.source.mistake(b.file, place{}, "the file says nothing: expected version: %d and what sends mail", Version)
	}
	return b.node(body, place{})
}

// node converts a value; hole is where it would stand if there is none.
func (b *builder) node(n ast.Node, hole place) (*node, error) {
	switch n := n.(type) {
	case nil:
		return &node{start: hole, end: hole}, nil
	case *ast.NullNode:
		return b.null(n, hole)
	case *ast.MappingNode:
		return b.mapping(n)
	case *ast.SequenceNode:
		return b.sequence(n)
	case ast.ScalarNode:
		return b.scalar(n.GetToken())
	default:
		return nil, b.mistake(n.GetToken(), "expected a text, a list or fields")
	}
}

func (b *builder) null(n *ast.NullNode, hole place) (*node, error) {
	at, err := b.place(n.GetToken())
	if err != nil { // behind the end of a line
		return &node{start: hole, end: hole}, nil
	}
	word := n.GetToken().Value
	if hole.before(at) && strings.HasPrefix(b.source.rest(at), word) {
		return &node{start: at, end: place{at.line, at.byte + len(word)}, text: word}, nil
	}
	return &node{start: hole, end: hole}, nil
}

// scalar converts a text that stands on one line, and checks that the parser
// understood it as it is written.
func (b *builder) scalar(t *token.Token) (*node, error) {
	at, err := b.place(t)
	if err != nil {
		return nil, err
	}
	rest := b.source.rest(at)
	text := shown(t.Value)
	length := len(text)
	quoted := t.Type == token.DoubleQuoteType || t.Type == token.SingleQuoteType
	switch {
	case quoted && rest != "" && (rest[0] == '"' || rest[0] == '\''):
		length = quoteEnd(rest)
	case quoted || !strings.HasPrefix(rest, text) || !ends(rest[length:]):
		length = 0
	}
	if length == 0 {
		return nil, b.mistake(t, "a text over several lines: write it on one line, in quotes where it needs them")
	}
	return &node{shape: scalar, start: at, end: place{at.line, at.byte + length}, text: text, quoted: quoted}, nil
}

// ends reports whether what follows a plain text can end it.
func ends(rest string) bool {
	rest = strings.TrimLeft(rest, " ")
	return rest == "" || strings.IndexByte("#,]}:", rest[0]) >= 0
}

func (b *builder) mapping(n *ast.MappingNode) (*node, error) {
	m := &node{shape: mapping, flow: n.IsFlowStyle}
	for _, v := range n.Values {
		e, err := b.field(v)
		if err != nil {
			return nil, err
		}
		m.fields = append(m.fields, e)
	}
	return m, b.span(m, m.fields, n.Start, n.End)
}

func (b *builder) field(v *ast.MappingValueNode) (*entry, error) {
	key, err := b.scalar(v.Key.GetToken())
	if err != nil {
		return nil, err
	}
	e := &entry{key: key.text, start: key.start, colon: key.end}
	gap := b.source.rest(key.end)
	if colon := strings.TrimLeft(gap, " "); strings.HasPrefix(colon, ":") {
		e.colon.byte += len(gap) - len(colon) + 1
	} else if _, null := v.Value.(*ast.NullNode); !null {
		return nil, b.mistake(v.Start, "expected a colon behind the field %q", key.text)
	}
	e.value, err = b.node(v.Value, e.colon)
	return e, err
}

func (b *builder) sequence(n *ast.SequenceNode) (*node, error) {
	s := &node{shape: sequence, flow: n.IsFlowStyle}
	for i, v := range n.Values {
		e := &entry{}
		var err error
		if !s.flow {
			if i >= len(n.Entries) || n.Entries[i] == nil {
				return nil, b.mistake(n.GetToken(), "expected a list with a dash before each item")
			}
			if e.start, err = b.place(n.Entries[i].Start); err != nil {
				return nil, err
			}
			e.colon = place{e.start.line, e.start.byte + 1}
		}
		if e.value, err = b.node(v, e.colon); err != nil {
			return nil, err
		}
		if s.flow {
			e.start, e.colon = e.value.start, e.value.start
		}
		s.items = append(s.items, e)
	}
	return s, b.span(s, s.items, n.Start, n.End)
}

// span sets where a collection begins and ends.
func (b *builder) span(n *node, entries []*entry, start, end *token.Token) (err error) {
	if !n.flow {
		if len(entries) == 0 {
			return b.mistake(start, "expected at least one entry")
		}
		n.start, n.end = entries[0].start, entries[len(entries)-1].value.end
		return nil
	}
	if n.start, err = b.place(start); err != nil {
		return err
	}
	n.end, err = b.place(end)
	n.end.byte++
	return err
}
