package zone

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// The headings of a record, of which writePanel and readPanel must agree.
const (
	panelKeep    = "leave this record as it is"
	panelDelete  = "delete this record"
	panelAdd     = "add this record"
	panelReplace = "change this record ..."
	panelBy      = "... into this one"
)

// The labels of its fields.
const (
	panelType       = "type"
	panelHost       = "host"
	panelTTL        = "TTL"
	panelValue      = "value"
	panelQuoted     = "quoted"
	panelPreference = "preference"
	panelServer     = "mail server"
)

// writePanel writes record by record what to do on the web page of a DNS host,
// field by field, and what such pages may refuse.
func writePanel(w io.Writer, b Batch, o Options) error {
	var out bytes.Buffer
	for _, line := range append(heading(b, o), "Records of these sets that are not named here, if there are any, were added after the plan was made: plan again then.") {
		fmt.Fprintln(&out, line)
	}
	for i, c := range b.Changes {
		fmt.Fprintf(&out, "\n%d. %s: %s\n", i+1, remark(c.Key.String()), panelWhat(c))
		for _, line := range reasons(c) {
			fmt.Fprintln(&out, "   "+line)
		}
		for _, s := range steps(c) {
			s.write(&out, b.Zone)
		}
	}
	for i, hint := range hints(b) {
		if i == 0 {
			fmt.Fprintln(&out, "\nIf the page refuses something:")
		}
		fmt.Fprintln(&out, "-", hint)
	}
	_, err := w.Write(out.Bytes())
	return err
}

func panelWhat(c dns.Change) string {
	p := part(c)
	if len(c.Old) == 0 || len(c.New) == 0 {
		return whatHappens(c)
	}
	noun := "records"
	if len(c.Old) == 1 {
		noun = "record"
	}
	return fmt.Sprintf("%d %s now, %d afterwards; as it is stays: %d", len(c.Old), noun, len(c.New), len(p.kept))
}

// step is what to do with one record.
type step struct {
	action string
	record dns.Record
}

// steps are what to do with the records of a set. A record that is changed
// stands next to what it becomes.
func steps(c dns.Change) []step {
	p := part(c)
	var list []step
	for _, r := range p.kept {
		list = append(list, step{panelKeep, r})
	}
	come := slices.Clone(p.come)
	for _, r := range p.gone {
		at := successor(r, come)
		if at < 0 {
			list = append(list, step{panelDelete, r})
			continue
		}
		list = append(list, step{panelReplace, r}, step{panelBy, come[at]})
		come = slices.Delete(come, at, at+1)
	}
	for _, r := range come {
		list = append(list, step{panelAdd, r})
	}
	return list
}

// successor returns which of the records that come takes the place of one that
// goes: the same data with another TTL, or else a record of the same purpose; -1
// if none does.
func successor(r dns.Record, come []dns.Record) int {
	if at := slices.IndexFunc(come, func(n dns.Record) bool { return n.Data == r.Data }); at >= 0 {
		return at
	}
	return slices.IndexFunc(come, func(n dns.Record) bool { return purpose(n) == purpose(r) })
}

// purpose is what a TXT record begins with, such as "v=spf1"; "" for other types.
func purpose(r dns.Record) string {
	txt, ok := r.Data.(dns.TXT)
	if !ok {
		return ""
	}
	text := strings.ToLower(txt.Joined())
	ends := " ;="
	if strings.HasPrefix(text, "v=") {
		ends = " ;"
	}
	if at := strings.IndexAny(text, ends); at >= 0 {
		return text[:at]
	}
	return text
}

func (s step) write(out io.Writer, zone dns.Name) {
	field := func(label, value string) { fmt.Fprintf(out, "     %-12s %s\n", label, value) }
	fmt.Fprintf(out, "\n   %s\n", s.action)
	field(panelType, s.record.Data.Type().String())
	field(panelHost, relative(s.record.Name, zone))
	switch d := s.record.Data.(type) {
	case dns.TXT:
		if visible(d.Joined()) {
			field(panelValue, d.Joined())
		} else {
			field(panelValue, "(holds octets that no page takes as they are: see the next line)")
		}
		field(panelQuoted, d.String())
	case dns.MX:
		field(panelPreference, fmt.Sprint(d.Preference))
		field(panelServer, d.Host.String())
	case dns.CNAME:
		field(panelValue, d.Target.String())
	default:
		field(panelValue, d.String())
	}
	field(panelTTL, fmt.Sprint(s.record.TTL))
}

// visible reports whether a text is printable ASCII.
func visible(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}
