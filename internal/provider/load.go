package provider

import (
	"bytes"
	_ "embed" // the catalogue
	"encoding/json"
	"regexp"
	"strings"
	"sync"

	"sendplan/internal/dns"
)

// The catalogue is kept in data/providers.yaml. Reading YAML takes 20 ms at
// every start, this copy of it 2 ms; a test holds them together.
//
//go:embed data/providers.json
var builtinJSON []byte

// builtin decodes the catalogue at its first use.
var builtin = sync.OnceValue(func() *catalogue {
	c, err := newCatalogue(builtinJSON)
	if err != nil {
		panic("provider: built-in catalogue: " + err.Error()) // tests read all of it
	}
	return c
})

// file is the catalogue as stored.
type file struct {
	Schema    int     `json:"schema"`
	Checked   string  `json:"checked"`
	Providers []Entry `json:"providers"`
}

// catalogue is the entries with what finds them.
type catalogue struct {
	entries  []Entry
	mx       []pattern
	includes names
	targets  names
}

// names finds entries by a name: whole names first, then names in which a part
// differs by customer.
type names struct {
	exact    map[dns.Name]int
	patterns []pattern
}

// pattern is an expression that is compiled when a name first ends like it: all
// of them together would take longer than everything else at start.
type pattern struct {
	tail  string // what every match ends in, as far as that shows without parsing
	re    func() *regexp.Regexp
	entry int
}

func newPattern(expr string, entry int) pattern {
	tail := strings.TrimSuffix(expr, "$")
	if i := strings.LastIndexAny(tail, `)]}*+?|^`); i >= 0 {
		tail = tail[i+1:]
	}
	compile := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
	return pattern{strings.ReplaceAll(tail, `\`, ""), compile, entry}
}

func (p pattern) match(name dns.Name) bool {
	return strings.HasSuffix(string(name), p.tail) && p.re().MatchString(string(name))
}

func newCatalogue(data []byte) (*catalogue, error) {
	var f file
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return nil, err
	}
	c := &catalogue{entries: f.Providers}
	for i := range c.entries {
		c.entries[i].Checked = f.Checked
		c.index(i)
	}
	return c, nil
}

func (c *catalogue) index(i int) {
	e := c.entries[i]
	for _, expr := range e.MX {
		c.mx = append(c.mx, newPattern(expr, i))
	}
	for _, m := range e.SPF.Mechanisms {
		if name, ok := spfTarget(m); ok {
			c.includes.add(name, i)
		}
	}
	for _, name := range e.SPF.Also {
		c.includes.add(name, i)
	}
	for _, r := range e.DKIM {
		if strings.Contains(r.Type, "CNAME") {
			c.targets.add(r.Target, i)
		}
	}
}

// spfTarget returns the name in a term that refers to another name.
func spfTarget(term string) (name string, ok bool) {
	for _, prefix := range []string{"include:", "redirect=", "exists:"} {
		if name, ok := strings.CutPrefix(term, prefix); ok {
			return name, true
		}
	}
	return "", false
}

// placeholder is a part of a name that differs by customer, or an SPF macro.
var placeholder = regexp.MustCompile(`%?\{[^{}]*\}`)

// add makes entry i known by a name of the catalogue. A name that cannot be
// told from others is left out: two labels after the last placeholder must be
// its own.
func (n *names) add(name string, i int) {
	name = strings.ToLower(name)
	if !placeholder.MatchString(name) {
		parsed, err := dns.ParseName(name)
		if _, taken := n.exact[parsed]; err != nil || taken {
			return
		}
		if n.exact == nil {
			n.exact = map[dns.Name]int{}
		}
		n.exact[parsed] = i
		return
	}
	tail := name[strings.LastIndexByte(name, '}')+1:]
	if strings.Count(tail, ".") < 2 || strings.ContainsAny(tail, " ()") {
		return
	}
	expr, last := "^", 0
	for _, at := range placeholder.FindAllStringIndex(name, -1) {
		expr += regexp.QuoteMeta(name[last:at[0]]) + blank(name[at[0]:at[1]])
		last = at[1]
	}
	n.patterns = append(n.patterns, newPattern(expr+regexp.QuoteMeta(name[last:])+"$", i))
}

// blank is the expression for what can stand in a placeholder's place: some
// labels for a domain, a macro or an unknown value, else a part of one label.
func blank(p string) string {
	if strings.HasPrefix(p, "%") || p == "{domain}" || p == "{portal value}" {
		return `.+`
	}
	return `[a-z0-9_-]+`
}

func (c *catalogue) find(n names, name dns.Name) (Entry, bool) {
	if i, ok := n.exact[name]; ok {
		return c.entries[i], true
	}
	for _, p := range n.patterns {
		if p.match(name) {
			return c.entries[p.entry], true
		}
	}
	return Entry{}, false
}
