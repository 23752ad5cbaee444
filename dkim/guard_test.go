package dkim

import (
	"testing"

	"sendplan/internal/dns"
)

func TestProbeLabel(t *testing.T) {
	t.Parallel()
	a := ProbeLabel("example.com")
	if a != ProbeLabel("example.com") || a == ProbeLabel("example.org") {
		t.Error("the label must be the domain's own, and always the same")
	}
	if _, err := ParseSelector(a); err != nil {
		t.Error(err)
	}
}

func TestGuard(t *testing.T) {
	t.Parallel()
	const microsoft = "selector1-example-com._domainkey.contoso.onmicrosoft.com"
	parked := "v=DKIM1; p="
	for _, tc := range []struct {
		name       string
		probe, hit dns.Answer
		probeErr   error
		want       State
	}{
		{"no wildcard", nxdomain, txt(goodKey), nil, Live},
		{"no wildcard, dangling", nxdomain, via(nxdomain, microsoft), nil, Dangling},
		{"wildcard key", txt(goodKey), txt(goodKey), nil, Wildcard},
		{"wildcard of a parked domain", txt(parked), txt(parked), nil, Wildcard},
		{"wildcard SPF", txt("v=spf1 -all"), txt("v=spf1 -all"), nil, Wildcard},
		{"wildcard texts in another order", txt("a", "b"), txt("b", "a"), nil, Wildcard},
		{"wildcard CNAME back to the domain", via(txt("v=spf1 -all"), domain), via(txt("v=spf1 -all"), domain), nil, Wildcard},
		{"wildcard CNAME to a parking page", via(nodata, "parking.example"), via(nodata, "parking.example"), nil, Wildcard},
		{"names made up for each question", via(nxdomain, "zz-probe.park.example"), via(nxdomain, "selector1.park.example"), nil, Wildcard},
		{"a key beside a wildcard SPF", txt("v=spf1 -all"), txt(goodKey), nil, Live},
		{"a CNAME beside a wildcard CNAME", via(nodata, "parking.example"), via(nxdomain, microsoft), nil, Dangling},
		{"DNAME: same pattern, but the hit has a key", via(nxdomain, "zz-probe._domainkey.hoster.example"), via(txt(goodKey), "selector1._domainkey.hoster.example"), nil, Live},
		{"nothing there", txt(parked), nxdomain, nil, Missing},
		{"probe failed, key", nxdomain, txt(goodKey), servfail, Live},
		{"probe failed, revoked", nxdomain, txt(parked), servfail, KeyRevoked},
		{"probe failed, target names the selector", nxdomain, via(nxdomain, microsoft), servfail, Dangling},
		{"probe failed, target could be anybody's", nxdomain, via(nodata, "parking.example"), servfail, Unknown},
		{"probe failed, SPF text", nxdomain, txt("v=spf1 -all"), servfail, Unknown},
		{"probe failed, own target as text", nxdomain, txt(microsoft), servfail, WrongType},
		{"probe failed, nothing there", nxdomain, nxdomain, servfail, Missing},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			hits := []Selector{lookup("selector1", tc.hit, nil)}
			before := hits[0].State
			got := Guard(lookup("zz-probe", tc.probe, tc.probeErr), hits)
			if got[0].State != tc.want || (got[0].Err != nil) != (tc.want == Unknown) {
				t.Errorf("got %s, %v, want %s", got[0].State, got[0].Err, tc.want)
			}
			if hits[0].State != before {
				t.Error("the caller's slice was changed")
			}
		})
	}
}

// What could not be asked stays unknown under a wildcard.
func TestGuardKeepsUnknown(t *testing.T) {
	t.Parallel()
	got := Guard(lookup("zz-probe", txt("x"), nil), []Selector{lookup("s", nxdomain, servfail)})
	if got[0].State != Unknown || got[0].Err != servfail {
		t.Errorf("%+v", got[0])
	}
}
