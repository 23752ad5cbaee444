package inventory

import (
	"fmt"
	"slices"
	"strings"
)

// RenameSite gives a site another name, there and where devices name it.
func (f *File) RenameSite(from, to string) error {
	return f.rename(SiteAt(from), from, to, []mention{{"devices", "site", ""}})
}

// RenameDevice gives a device another name, there and where methods and paths
// name it.
func (f *File) RenameDevice(from, to string) error {
	via, own := string(Via)+":", string(OwnServerFamily)+":"
	return f.rename(DeviceAt(from), from, to, []mention{
		{"devices", "method", via}, {"devices", "now", via}, {"tenant", "inbound", own}, {"tenant", "outbound", own},
	})
}

// mention is a field that can hold a name behind a prefix, of the items of a list
// or of a mapping.
type mention struct {
	list, key, prefix string
}

// rename changes all places at once: after each of them alone the file would
// contradict itself.
func (f *File) rename(at Spot, from, to string, mentions []mention) error {
	place := f.find(at)
	if len(place.rest) > 0 {
		return fmt.Errorf("the inventory has no %s", at)
	}
	texts := map[*node]string{place.entry.value.field("name"): to}
	for _, m := range mentions {
		for _, n := range m.in(f.root) {
			if name, ok := strings.CutPrefix(n.text, m.prefix); ok && sameName(name, from) {
				texts[n] = m.prefix + to
			}
		}
	}
	return f.edit(func(s *source) error {
		s.replaceAll(texts)
		return nil
	})
}

// in returns the values of the field.
func (m mention) in(root *node) []*node {
	owners := []*node{root.field(m.list)}
	if owners[0] != nil && owners[0].shape == sequence {
		owners = nil
		for _, e := range root.field(m.list).items {
			owners = append(owners, e.value)
		}
	}
	var values []*node
	for _, o := range owners {
		if n := o.field(m.key); n != nil && n.shape == scalar {
			values = append(values, n)
		}
	}
	return values
}

// replaceAll gives texts other values. The work goes from the file's end to its
// beginning, so that the places before stay right.
func (s *source) replaceAll(texts map[*node]string) {
	nodes := make([]*node, 0, len(texts))
	for n := range texts {
		nodes = append(nodes, n)
	}
	slices.SortFunc(nodes, func(a, b *node) int {
		if a.start.before(b.start) {
			return 1
		}
		return -1
	})
	for _, n := range nodes {
		s.replace(n.start, n.end, quote(texts[n]))
	}
}
