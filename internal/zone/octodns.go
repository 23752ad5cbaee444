package zone

import (
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"sendplan/internal/dns"
)

func writeOctoDNS(w io.Writer, b Batch, o Options) error {
	p := &page{mark: "#"}
	p.head(b, o,
		"For "+b.Zone.Zone()+"yaml. These are whole sets: under each name, put them in place of the entries of the same types.",
		"Entries of other types and names stay. The YamlProvider may want the names in order.",
		"octoDNS cuts long texts into strings by itself; receivers join them again.",
		"Look at what octodns-sync says before octodns-sync --doit: these changes and no others.")
	if slices.ContainsFunc(b.Changes, hasSemicolon) {
		p.say(`Semicolons of texts are written \; as the YamlProvider wants them with escaped_semicolons: true, the default before octoDNS 2.`)
	}
	for _, c := range removalsFirst(b) {
		p.about(c)
		if len(c.New) == 0 {
			p.say("  Take the entry of type %s under %s away.", c.Key.Type, octoName(c.Key.Name, b.Zone))
		}
	}
	p.line("---")
	for _, name := range octoNames(b) {
		p.line("%s:", octoName(name, b.Zone))
		for _, c := range b.Changes {
			if c.Key.Name != name || len(c.New) == 0 {
				continue
			}
			if err := p.octoSet(c); err != nil {
				return err
			}
		}
	}
	return p.send(w)
}

func hasSemicolon(c dns.Change) bool {
	return slices.ContainsFunc(c.New, func(r dns.Record) bool {
		d, ok := r.Data.(dns.TXT)
		return ok && strings.Contains(d.Joined(), ";")
	})
}

// octoNames returns the names of the sets that stand in the file, sorted.
func octoNames(b Batch) []dns.Name {
	var names []dns.Name
	for _, c := range b.Changes {
		if len(c.New) > 0 {
			names = append(names, c.Key.Name)
		}
	}
	slices.SortFunc(names, func(x, y dns.Name) int {
		return strings.Compare(octoName(x, b.Zone), octoName(y, b.Zone))
	})
	return slices.Compact(names)
}

// octoName returns the key of a name, empty for the zone's own.
func octoName(name, zone dns.Name) string {
	if name == zone {
		return `""`
	}
	return yamlString(relative(name, zone))
}

// octoSet writes a set. The keys of a record are sorted, as the YamlProvider may
// want it.
func (p *page) octoSet(c dns.Change) error {
	if err := expressible(c.New); err != nil {
		return err
	}
	p.line("  - ttl: %d", c.New[0].TTL)
	p.line("    type: %s", c.Key.Type)
	if d, ok := c.New[0].Data.(dns.CNAME); ok {
		p.line("    value: %s", yamlString(d.Target.Zone()))
		return nil
	}
	p.line("    values:")
	for _, r := range c.New {
		switch d := r.Data.(type) {
		case dns.TXT:
			if err := octoText(d.Joined()); err != nil {
				return refused(c.Key, err)
			}
			p.line("      - %s", yamlString(strings.ReplaceAll(d.Joined(), ";", `\;`)))
		case dns.MX:
			p.line("      - exchange: %s", yamlString(d.Host.Zone()))
			p.line("        preference: %d", d.Preference)
		default:
			p.line("      - %s", yamlString(d.String()))
		}
	}
	return nil
}

// octoText refuses texts that octoDNS would take for something else: it strips
// quotes around a text and between strings, and leaves backslashes to the host.
func octoText(s string) error {
	switch {
	case s == "":
		return errors.New("octoDNS takes no empty text")
	case strings.HasPrefix(s, `"`), strings.Contains(s, `" "`), strings.Contains(s, `\`):
		return errors.New("octoDNS would read quotes or backslashes of this text as its own")
	}
	return nil
}

// yamlString quotes printable ASCII for YAML, whose double-quoted strings have
// the escapes of Go for it.
func yamlString(s string) string { return strconv.QuoteToASCII(s) }
