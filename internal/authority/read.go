package authority

import (
	"cmp"
	"maps"
	"slices"

	"sendplan/internal/dns"
)

// Keys returns the record sets that were read so far, by name and type.
func (a *Reader) Keys() []dns.Key {
	return slices.SortedFunc(maps.Keys(a.sets), func(a, b dns.Key) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Type, b.Type))
	})
}

// Registry reports whether the zone is that of a registry, in which the domain
// that it was looked for has no zone of its own: it is not registered.
func (z Zone) Registry() bool { return z.registry }
