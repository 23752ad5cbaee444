package method

import (
	"strings"
	"testing"

	"sendplan/internal/provider"
)

func TestTricks(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		changes []change
		want    string
		text    string // of the last
	}{
		{"none", nil, "", ""},
		{"one external address", c(to(OneExternal)), "mail-contact", "not established"},
		{"bulk", c(to(Anyone), perDay(6000)), "subdomain", "bulk"},
		{"SaaS", c(isKind("service"), to(Anyone)), "subdomain", "does not sign"},
		{"TLS 1.0", c(withTLS(TLS10)), "lan-relay legacy-tls", "smtp-legacy.office365.com takes"},
		{"TLS 1.0 in GCC High", c(withTLS(TLS10), inCloud(provider.GCCHigh)), "lan-relay legacy-tls", "no legacy host"},
		{"TLS 1.1 at 21Vianet", c(withTLS(TLS11), inCloud(provider.China)), "lan-relay legacy-tls", "smtp-legacy.partner.outlook.cn"},
		{"no TLS", c(withTLS(TLSNone)), "lan-relay", "old TLS"},
		{"cannot log in, dynamic", c(auth(AuthNone), dynamic), "lan-relay", "shows a certificate"},
		{"dual stack", c(func(in *Input) { in.Site.IPv6 = True }), "ipv4-only", "Disable-IPv6ForAcceptedDomain"},
		{"RejectDirectSend", c(reject(True)), "exempting-connector", "exempts"},
		{"onmicrosoft.com", c(sentFrom("a@contoso.onmicrosoft.com")), "own-sender", "own domain"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			in := office()
			for _, change := range tc.changes {
				change(&in)
			}
			var ids []string
			list := Advise(in, november).Tricks
			for _, tr := range list {
				ids = append(ids, string(tr.ID))
			}
			if got := strings.Join(ids, " "); got != tc.want {
				t.Fatalf("got %q, want %q", got, tc.want)
			}
			if len(list) > 0 && !strings.Contains(list[len(list)-1].Text, tc.text) {
				t.Errorf("%q lacks %q", list[len(list)-1].Text, tc.text)
			}
		})
	}
}
