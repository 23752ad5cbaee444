package dns

import (
	"strings"
	"testing"
)

func TestPublicZones(t *testing.T) {
	t.Parallel()
	world := newInternet(t)
	whole := FindAuthority(t.Context(), world, "split.example", world.places)
	sub := FindAuthority(t.Context(), world, "sub.split.example", world.places)
	barred := Authority{Zone: "sub.split.example", Err: &Error{Key: Key{"example", TypeNS}, Cause: Timeout, Detail: "why"}}
	hidden := Authority{Zone: "elsewhere", Err: barred.Err}
	see := func(name string, zones ...Authority) string {
		a, failed := lookup(t, PublicZones(world, zones, world.places), name, TypeTXT)
		if failed != nil {
			return failed.Error()
		}
		return strings.Join(lines(a.Records), " ")
	}
	// The deepest zone decides, in whatever order they stand.
	for _, zones := range [][]Authority{{whole, sub}, {sub, whole}} {
		if got := see("_dmarc.sub.split.example", zones...); !strings.Contains(got, `"below"`) {
			t.Errorf("a zone below: %s", got)
		}
		if got := see("alias.split.example", zones...); !strings.Contains(got, `"outside www"`) {
			t.Errorf("the zone above: %s", got)
		}
	}
	for _, zones := range [][]Authority{{whole, barred}, {barred, whole}} {
		if got := see("_dmarc.sub.split.example", zones...); got != "TXT _dmarc.sub.split.example: timeout (why)" {
			t.Errorf("a zone that cannot be asked: %s", got)
		}
		if got := see("www.split.example", zones...); !strings.Contains(got, `"outside www"`) {
			t.Errorf("the zone above one that cannot be asked: %s", got)
		}
	}
	// Across zones: an alias of one into another that cannot be asked.
	if got := see("away.split.example", whole, hidden); !strings.Contains(got, "timeout") {
		t.Errorf("an alias into a zone that cannot be asked: %s", got)
	}
	if got := see("elsewhere"); !strings.Contains(got, `"elsewhere"`) {
		t.Errorf("no zones: %s", got)
	}
}
