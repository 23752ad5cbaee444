package zone

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sendplan/internal/dns"
)

// readNsupdate carries the message out on the sets of its own prerequisites. Their
// TTL is not in it and comes from the batch.
func readNsupdate(text []byte, b Batch) ([]Set, error) {
	m := message{batch: b}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, ";") {
			continue
		}
		if m.sent {
			return nil, fmt.Errorf("%q after the end of the message", line)
		}
		if err := m.line(line); err != nil {
			return nil, fmt.Errorf("%q: %w", line, err)
		}
	}
	if !m.sent || !m.zone {
		return nil, errors.New("the message has no end, or no zone")
	}
	return m.collected.sets, nil
}

// message is an update while it is read.
type message struct {
	collected
	batch      Batch
	zone, sent bool
	updating   bool // no prerequisite comes any more
}

func (m *message) line(line string) error {
	words := strings.SplitN(line, " ", 5)
	switch {
	case line == "send":
		m.sent = true
	case line == "zone "+zoneName(m.batch.Zone):
		m.zone = true
	case len(words) == 5 && words[0] == "prereq" && words[1] == "yxrrset" && !m.updating:
		return m.exists(words[2], words[3], words[4])
	case len(words) == 4 && words[0] == "prereq" && words[1] == "nxrrset" && !m.updating:
		return m.absent(words[2], words[3])
	case len(words) == 3 && words[0] == "prereq" && words[1] == "nxdomain" && !m.updating:
		return nil
	case len(words) == 5 && words[0] == "update":
		m.updating = true
		return m.update(words[1:])
	default:
		return errors.New("not understood")
	}
	return nil
}

func (m *message) exists(name, kind, data string) error {
	r, err := readRecord(fmt.Sprintf("%s 0 IN %s %s", name, kind, data))
	if err != nil {
		return err
	}
	r.TTL = m.ttl(r)
	s := m.set(keyOf(r))
	s.Old, s.New = append(s.Old, r), append(s.New, r)
	return nil
}

// ttl returns what the batch says of the TTL of an old record.
func (m *message) ttl(r dns.Record) uint32 {
	for _, c := range m.batch.Changes {
		for _, old := range c.Old {
			if old.Name == r.Name && old.Data == r.Data {
				return old.TTL
			}
		}
	}
	return r.TTL
}

// absent takes note of a set that must not exist, if it is one of the batch.
func (m *message) absent(name, kind string) error {
	n, err := dns.NameFromZone(name)
	if err != nil {
		return err
	}
	t, _ := dns.ParseType(kind)
	k := dns.Key{Name: n, Type: t}
	if slices.ContainsFunc(m.batch.Changes, func(c dns.Change) bool { return c.Key == k }) && len(m.set(k).Old) > 0 {
		return errors.New("the set must exist and must not")
	}
	return nil
}

// update carries out "delete NAME TYPE DATA" or "add NAME TTL TYPE DATA".
func (m *message) update(words []string) error {
	if words[0] == "delete" {
		r, err := readRecord(fmt.Sprintf("%s 0 IN %s %s", words[1], words[2], words[3]))
		if err != nil {
			return err
		}
		s := m.set(keyOf(r))
		before := len(s.New)
		s.New = slices.DeleteFunc(slices.Clone(s.New), func(have dns.Record) bool { return have.Data == r.Data })
		if len(s.New) != before-1 {
			return errors.New("no such record")
		}
		return nil
	}
	if _, err := strconv.ParseUint(words[2], 10, 31); err != nil || words[0] != "add" {
		return errors.New("not understood")
	}
	r, err := readRecord(fmt.Sprintf("%s %s IN %s", words[1], words[2], words[3]))
	if err != nil {
		return err
	}
	m.new(r)
	return nil
}
