package cli

import (
	"net/netip"
	"slices"
	"testing"

	"sendplan/internal/check"
)

func TestPurpose(t *testing.T) {
	t.Parallel()
	var look check.Options
	flags := checkFlags{profile: "parked", sources: []string{"203.0.113.10", "::ffff:203.0.113.11", "2001:db8::1"}, lists: true}
	if err := flags.purpose(&look); err != nil || look.Profile != check.Parked || !look.Lists ||
		!slices.Equal(look.Sources, []netip.Addr{netip.MustParseAddr("203.0.113.10"), netip.MustParseAddr("203.0.113.11"), netip.MustParseAddr("2001:db8::1")}) {
		t.Errorf("%+v, %v", look, err)
	}
	for _, flags := range []checkFlags{{profile: "Parked"}, {sources: []string{"mail.contoso.example"}}, {sources: []string{"fe80::1%eth0"}}, {sources: []string{"203.0.113.0/24"}}, {sources: []string{"10.0.0.1"}}} {
		if err := flags.purpose(&look); err == nil {
			t.Errorf("%v %v is taken", flags.profile, flags.sources)
		}
	}
}
