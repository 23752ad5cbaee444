package inventory

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// Spot is a place in an inventory: a field, or an item of a list found by its
// name. Build it with [TenantAt], [SiteAt], [DomainAt] and [DeviceAt].
type Spot struct {
	steps []step
}

// step is the field key or, with a name, the item whose field key is that name.
type step struct {
	key, name string
}

// TenantAt is the tenant, SiteAt, DomainAt and DeviceAt are items of their
// lists.
func TenantAt() Spot { return Spot{[]step{{key: "tenant"}}} }

// SiteAt is a site.
func SiteAt(name string) Spot { return item("sites", name) }

// DomainAt is a domain.
func DomainAt(name dns.Name) Spot { return item("domains", string(name)) }

// DeviceAt is a device.
func DeviceAt(name string) Spot { return item("devices", name) }

func item(list, name string) Spot { return Spot{[]step{{key: list}, {"name", name}}} }

// Key is a field of what s is.
func (s Spot) Key(key string) Spot { return s.with(step{key: key}) }

// item is the item of the list s whose field key is name.
func (s Spot) item(key, name string) Spot { return s.with(step{key, name}) }

func (s Spot) with(last step) Spot { return Spot{append(slices.Clone(s.steps), last)} }

// String names the spot for messages.
func (s Spot) String() string {
	words := make([]string, len(s.steps))
	for i, st := range s.steps {
		words[i] = st.key
		if st.name != "" {
			words[i] = fmt.Sprintf("%q", st.name)
		}
	}
	return strings.Join(words, ", ")
}

// found is how far a spot leads into a file.
type found struct {
	parent *node  // the collection that entry is in; nil for the whole file
	entry  *entry // the last one there is
	rest   []step // what is not there
}

func (f *File) find(s Spot) found {
	at := found{entry: &entry{value: f.root}}
	for i, st := range s.steps {
		next := child(at.entry.value, st)
		if next == nil {
			at.rest = s.steps[i:]
			return at
		}
		at.parent, at.entry = at.entry.value, next
	}
	return at
}

func child(n *node, st step) *entry {
	if st.name == "" {
		return n.entry(st.key)
	}
	i := slices.IndexFunc(n.items, func(e *entry) bool {
		key := e.value.field(st.key)
		return key != nil && sameText(key.text, st.name)
	})
	if i < 0 {
		return nil
	}
	return n.items[i]
}

// sameText compares names, and domains that may be written with U-labels.
func sameText(a, b string) bool {
	if sameName(a, b) {
		return true
	}
	m, errA := dns.ParseName(a)
	n, errB := dns.ParseName(b)
	return errA == nil && errB == nil && m == n
}

// edit makes a change to the text and reads the result, which must be right; a
// change that would not be leaves the file as it was.
func (f *File) edit(change func(*source) error) error {
	s := f.source.clone()
	if err := change(&s); err != nil {
		return err
	}
	next, err := Parse(s.bytes(), f.name, f.providers)
	if err != nil {
		return err
	}
	*f = *next
	return nil
}

// Setting is a value for a field.
type Setting struct {
	At    Spot
	Value Value
}

// Set gives a field a value. What is set to fields keeps its other fields; a
// list of texts keeps the items that it shall have, with their comments.
func (f *File) Set(at Spot, v Value) error {
	if v.shape == mapping {
		for _, p := range v.fields {
			if err := f.Set(at.Key(p.Key), p.Value); err != nil {
				return err
			}
		}
		return nil
	}
	return f.SetEach(Setting{at, v})
}

// SetEach is Set for one field of each of several items, none of which is set to
// fields, and reads the text anew but once: for each of hundreds that takes a
// minute.
func (f *File) SetEach(list ...Setting) error {
	changes := make([]change, 0, len(list))
	for _, one := range list {
		c, err := f.setting(one)
		if err != nil {
			return err
		}
		changes = append(changes, c)
	}
	slices.SortStableFunc(changes, change.fromTheEnd)
	return f.edit(func(s *source) error {
		for _, c := range changes {
			if err := c.make(s); err != nil {
				return err
			}
		}
		return nil
	})
}

// change is what is to be made at a place.
type change struct {
	at   place
	make func(*source) error
}

// fromTheEnd orders changes so that the places of those that follow stay right.
func (c change) fromTheEnd(d change) int {
	if c.at.before(d.at) {
		return 1
	} else if d.at.before(c.at) {
		return -1
	}
	return 0
}

// setting is the change that gives a field its value, or makes it, and the fields
// on the way to it.
func (f *File) setting(one Setting) (change, error) {
	where, v := f.find(one.At), one.Value
	c := change{at: where.entry.start, make: func(s *source) error { return s.set(where, v) }}
	if len(where.rest) == 0 {
		return c, nil
	}
	for _, st := range where.rest {
		if st.name != "" {
			return c, fmt.Errorf("the inventory has no %s", one.At)
		}
	}
	for i := len(where.rest) - 1; i > 0; i-- {
		v = Fields(Pair{where.rest[i].key, v})
	}
	c.make = func(s *source) error { return s.addField(where, Pair{where.rest[0].key, v}) }
	return c, nil
}

// Append adds items to a list, which is made where it is missing.
func (f *File) Append(at Spot, items ...Value) error {
	place := f.find(at)
	switch {
	case len(items) == 0:
		return nil
	case len(place.rest) > 0:
		return f.SetEach(Setting{at, List(items...)})
	}
	return f.edit(func(s *source) error { return s.appendItems(place, items) })
}

// Delete takes away a field, or an item of a list with all that is between its
// first line and its last; comments above and below it stay.
func (f *File) Delete(at Spot) error {
	place := f.find(at)
	if len(place.rest) > 0 || place.parent == nil {
		return fmt.Errorf("the inventory has no %s", at)
	}
	return f.edit(func(s *source) error {
		s.delete(place.parent, slices.Index(place.parent.entries(), place.entry))
		return nil
	})
}

func (n *node) entries() []*entry {
	if n.shape == sequence {
		return n.items
	}
	return n.fields
}

// AddSites, AddDomains and AddDevices append to their lists.
func (f *File) AddSites(list ...Site) error {
	return f.Append(Spot{[]step{{key: "sites"}}}, written(siteFields(), list)...)
}

// AddDomains appends to the domains.
func (f *File) AddDomains(list ...Domain) error {
	return f.Append(Spot{[]step{{key: "domains"}}}, written(domainFields(), list)...)
}

// AddDevices appends to the devices.
func (f *File) AddDevices(list ...Device) error {
	return f.Append(Spot{[]step{{key: "devices"}}}, written(deviceFields(), list)...)
}

func written[T any](table []field[T], list []T) []Value {
	values := make([]Value, len(list))
	for i := range list {
		values[i] = writeFields(table, &list[i])
	}
	return values
}

// PutDKIM writes what Exchange says of signing, in place of what the file says
// of these domains.
func (f *File) PutDKIM(list ...DKIM) error {
	return put(f, TenantAt().Key("dkim"), "domain", dkimFields(), f.Tenant.DKIM, list, func(d DKIM) string { return string(d.Domain) })
}

// PutMailboxes writes the settings of mailboxes.
func (f *File) PutMailboxes(list ...Mailbox) error {
	return put(f, TenantAt().Key("mailboxes"), "address", mailboxFields(), f.Tenant.Mailboxes, list, func(m Mailbox) string { return m.Address.String() })
}

// PutConnectors writes inbound connectors. An empty list says that there are
// none besides those in the file.
func (f *File) PutConnectors(list ...Connector) error {
	err := put(f, TenantAt().Key("connectors"), "name", connectorFields(), f.Tenant.Connectors, list, func(c Connector) string { return c.Name })
	return f.known(err, "connectors")
}

// PutOutboundConnectors writes outbound connectors, see [File.PutConnectors].
func (f *File) PutOutboundConnectors(list ...OutboundConnector) error {
	err := put(f, TenantAt().Key("outbound_connectors"), "name", outboundFields(), f.Tenant.OutboundConnectors, list, func(c OutboundConnector) string { return c.Name })
	return f.known(err, "outbound_connectors")
}

// PutFlattened writes terms of a domain's SPF record with the addresses that shall
// stand in their place, over what the file has for these terms. A domain that is
// not listed is. On an error nothing has changed.
func (f *File) PutFlattened(domain dns.Name, list ...Flattened) error {
	next := *f
	d, listed := next.Domain(domain)
	if !listed && len(list) > 0 {
		if err := next.AddDomains(Domain{Name: domain}); err != nil {
			return err
		}
	}
	spot := DomainAt(domain).Key("spf").Key("flattened")
	if err := put(&next, spot, "term", flattenedFields(), d.SPF.Flattened, list, func(f Flattened) string { return f.Term }); err != nil {
		return err
	}
	*f = next
	return nil
}

// put changes those fields of the entries of a list that differ, and appends the
// entries that are new.
func put[T any](f *File, spot Spot, key string, table []field[T], have, want []T, name func(T) string) error {
	var added []T
	for k, w := range want {
		if slices.ContainsFunc(want[k+1:], func(later T) bool { return sameName(name(later), name(w)) }) {
			continue // printed twice: the last counts
		}
		i := slices.IndexFunc(have, func(h T) bool { return sameName(name(h), name(w)) })
		if i < 0 {
			added = append(added, w)
			continue
		}
		if err := update(f, spot.item(key, name(have[i])), key, table, have[i], w); err != nil {
			return err
		}
	}
	return f.Append(spot, written(table, added)...)
}

// known makes an empty list, which says that there is nothing, where there is
// no list.
func (f *File) known(err error, list string) error {
	if err != nil || len(f.find(TenantAt().Key(list)).rest) == 0 {
		return err
	}
	return f.Set(TenantAt().Key(list), List())
}

func update[T any](f *File, at Spot, key string, table []field[T], have, want T) error {
	for _, fd := range table {
		old, value := fd.write(&have), fd.write(&want)
		if fd.name == key || old.flow() == value.flow() {
			continue
		}
		var err error
		if value.shape == empty {
			err = f.Delete(at.Key(fd.name))
		} else {
			err = f.Set(at.Key(fd.name), value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
