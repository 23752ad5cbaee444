package zone

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// page is text in the making for the tool of a DNS host.
type page struct {
	bytes.Buffer
	mark string // what begins a comment that ends with its line
}

// line adds a line. What it shows must be quoted for the tool already.
func (p *page) line(format string, args ...any) {
	fmt.Fprintf(p, format+"\n", args...)
}

// say adds a comment of one line, whatever the texts in it hold.
func (p *page) say(format string, args ...any) {
	p.line("%s %s", p.mark, remark(fmt.Sprintf(format, args...)))
}

// head says what the page is for, what is left out of it, and how to use it.
func (p *page) head(b Batch, o Options, use ...string) {
	for _, text := range append(heading(b, o), use...) {
		p.say("%s", text)
	}
}

// about says what a change is for, and record by record what becomes of its set.
func (p *page) about(c dns.Change) {
	p.line("")
	p.say("%s", c.Key)
	for _, text := range reasons(c) {
		p.say("  %s", text)
	}
	of := part(c)
	p.each("  goes:  ", of.gone)
	p.each("  stays: ", of.kept)
	p.each("  comes: ", of.come)
}

func (p *page) each(what string, records []dns.Record) {
	for _, r := range records {
		p.say("%s%s", what, r)
	}
}

func (p *page) send(w io.Writer) error {
	_, err := w.Write(p.Bytes())
	return err
}

// removalsFirst returns the changes of a batch, those that take a set away before
// the others: no set may stand beside a CNAME record (RFC 1034 §3.6.2).
func removalsFirst(b Batch) []dns.Change {
	var removals, others []dns.Change
	for _, c := range b.Changes {
		if len(c.New) == 0 {
			removals = append(removals, c)
		} else {
			others = append(others, c)
		}
	}
	return append(removals, others...)
}

// switching returns the names that turn into an alias, or cease to be one.
func switching(changes []dns.Change) []dns.Name {
	var names []dns.Name
	for _, c := range changes {
		opposite := func(o dns.Change) bool {
			return o.Key.Name == c.Key.Name && (o.Key.Type == dns.TypeCNAME) != (c.Key.Type == dns.TypeCNAME) && len(o.New) > 0
		}
		if len(c.New) == 0 && slices.ContainsFunc(changes, opposite) && !slices.Contains(names, c.Key.Name) {
			names = append(names, c.Key.Name)
		}
	}
	return names
}

// Refusal is the error about something that a form cannot say, or that is not
// known to be taken there as it is meant. Another form may say it.
type Refusal struct {
	What string // a record set or a name
	Why  string
}

// Error returns what is refused and why.
func (r *Refusal) Error() string { return r.What + ": " + r.Why }

// refused turns an error about a set into a Refusal.
func refused(k dns.Key, err error) error {
	return &Refusal{k.String(), err.Error()}
}

// expressible refuses what of some records the tools of hosts are not known to
// take as it is meant.
func expressible(records []dns.Record) error {
	for _, r := range records {
		err := usualData(r.Data)
		if err == nil {
			err = usualName(r.Name)
		}
		if err != nil {
			return refused(keyOf(r), err)
		}
	}
	return nil
}

var errType = errors.New("records of this type are not written in this form")

func usualData(data dns.Data) error {
	switch d := data.(type) {
	case dns.Addr:
		return nil
	case dns.TXT:
		return asciiText(d.Joined())
	case dns.CNAME:
		return usualName(d.Target)
	case dns.MX:
		return usualName(d.Host)
	}
	return errType
}

// asciiText refuses octets for which each tool has escapes of its own, or none.
func asciiText(s string) error {
	for _, c := range []byte(s) {
		if c < ' ' || c > '~' {
			return fmt.Errorf("it is not established how octet %d of a text is written in this form", c)
		}
	}
	return nil
}

// usualName refuses names that hold anything but letters, digits, hyphens and
// underscores, except for the "*" of a wildcard.
func usualName(n dns.Name) error {
	for i, label := range n.Labels() {
		if label == "*" && i == 0 {
			continue
		}
		if strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return fmt.Errorf("it is not established how the name %s is written in this form", n)
		}
	}
	return nil
}

// longText refuses TXT records longer than a host is known to take.
func longText(records []dns.Record, host string, most int) error {
	for _, r := range records {
		if d, ok := r.Data.(dns.TXT); ok && len(d.Joined()) > most {
			return refused(keyOf(r), fmt.Errorf("a text of %d octets, and %s takes %d", len(d.Joined()), host, most))
		}
	}
	return nil
}
