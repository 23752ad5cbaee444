package check

import (
	"testing"

	"sendplan/dkim"
	"sendplan/internal/dns"
)

func TestSigner(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		chain []dns.Name
		want  string
	}{
		{"a key of one's own", nil, ""},
		{"one alias", []dns.Name{"selector1-contoso-com._domainkey.contoso.onmicrosoft.com"}, "Microsoft 365"},
		{"an unknown alias leads to a known one", []dns.Name{"keys.contoso.example", "dkim2.mcsv.net"}, "Mailchimp"},
		{"nobody known", []dns.Name{"keys.contoso.example"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var s dkim.Selector
			for _, target := range test.chain {
				s.Chain = append(s.Chain, dns.Record{Data: dns.CNAME{Target: target}})
			}
			if got := Signer(s); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
