package planner

import (
	"slices"
	"testing"

	"sendplan/internal/dns"
)

// TestOwnDomains: what the plan may change the records of, in order. A domain that
// is not listed, such as d.example, may be anybody's.
func TestOwnDomains(t *testing.T) {
	t.Parallel()
	inv := office{
		domains: `[{name: b.example}, {name: a.example}]`,
		tenant:  `{initial_domain: nordwind.onmicrosoft.com, dkim: [{domain: c.example, enabled: true}]}`,
		devices: `[{name: one, from: [x@a.example, x@d.example], mail_from: x@bounce.a.example}, {name: two, from: [x@nordwind.onmicrosoft.com], mail_from: x@service.example}, {name: three, from: [x@a.example], mail_from: "<>", helo: mx.b.example}, {name: four, from: [x@a.example], helo: not.b.example}]`,
	}.read(t)
	want := []dns.Name{"b.example", "a.example", "c.example", "bounce.a.example", "mx.b.example"}
	if got := ownDomains(inv); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestMicrosoftOwned(t *testing.T) {
	t.Parallel()
	for name, want := range map[dns.Name]bool{
		"contoso.onmicrosoft.com": true, "mail.contoso.onmicrosoft.us": true, "onmicrosoft.com": true, "contoso.partner.onmschina.cn": true,
		"onmicrosoft.example.com": false, "onmicrosoft": false, "contoso.example": false, "notonmschina.cn": false,
	} {
		if got := microsoftOwned(name); got != want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
