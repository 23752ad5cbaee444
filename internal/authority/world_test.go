package authority

import (
	"slices"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/world"
)

// Every set of every zone of a whole internet is read as its zone has it, or
// not at all.
func TestWorld(t *testing.T) {
	t.Parallel()
	z, err := world.Zones()
	if err != nil {
		t.Fatal(err)
	}
	a := New(z, Options{Own: world.Domains()})
	read := 0
	for _, apex := range z.Apexes() {
		if !slices.Contains(world.Domains(), apex) {
			continue // of registries and providers
		}
		want := map[dns.Key][]dns.Record{}
		for _, r := range z.Records(apex) {
			k := dns.Key{Name: r.Name, Type: r.Data.Type()}
			want[k] = append(want[k], r)
		}
		for k, records := range want {
			s := a.Set(k)
			if s.Problem() != "" {
				if !strings.Contains(s.Problem(), "planned fault") {
					t.Errorf("%s: %s", k, s.Problem())
				}
				continue
			}
			read++
			slices.SortFunc(records, func(a, b dns.Record) int { return strings.Compare(a.Data.String(), b.Data.String()) })
			if s.Zone != apex || !slices.Equal(s.Records, records) || s.Wildcard || s.Alias != nil {
				t.Errorf("%s: %+v, want %v", k, s, records)
			}
		}
	}
	t.Logf("%d sets read", read)
	if read < 100 {
		t.Errorf("only %d sets could be read", read)
	}
}
