package provider

import (
	"fmt"
	"strings"
	"testing"

	"sendplan/internal/dns"
)

func TestParseDKIMTarget(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		target dns.Name
		want   DKIMTarget
	}{
		{"selector1-contoso-com._domainkey.contoso.onmicrosoft.com",
			DKIMTarget{Number: 1, Label: "contoso-com", Initial: "contoso", Zone: ZoneTenant, Suffix: "onmicrosoft.com"}},
		{"selector2-contoso-com._domainkey.contoso.r-v1.dkim.mail.microsoft",
			DKIMTarget{Number: 2, Label: "contoso-com", Initial: "contoso", Zone: ZoneDKIM, Suffix: "r-v1.dkim.mail.microsoft", Partition: "r"}},
		{"selector2-contoso-com._domainkey.contoso.n-v2.dkim.mail.microsoft",
			DKIMTarget{Number: 2, Label: "contoso-com", Initial: "contoso", Zone: ZoneDKIM, Suffix: "n-v2.dkim.mail.microsoft", Partition: "n"}},
		{"selector1-contoso-us._domainkey.contoso.onmicrosoft.us",
			DKIMTarget{Number: 1, Label: "contoso-us", Initial: "contoso", Zone: ZoneTenant, Suffix: "onmicrosoft.us"}},
		{"selector1-contoso-cn._domainkey.contoso.partner.onmschina.cn",
			DKIMTarget{Number: 1, Label: "contoso-cn", Initial: "contoso", Zone: ZoneTenant, Suffix: "partner.onmschina.cn"}},
		{target: "selector3-contoso-com._domainkey.contoso.onmicrosoft.com"},
		{target: "selector1-._domainkey.contoso.onmicrosoft.com"},
		{target: "selector1-contoso-com._domainkey.onmicrosoft.com"},
		{target: "selector1-contoso-com_domainkey.contoso.onmicrosoft.com"},
		{target: "selector1-contoso-com._domainkey.contoso.onmicrosoft.com.contoso.com"},
		{target: `selector1-contoso-com._domainkey.contoso.onmicrosoft.com\032`},
		{target: "selector1-contoso-com._domainkey.contoso.xonmicrosoft.com"},
		{target: "selector1-contoso-com._domainkey.contoso.dkim.mail.microsoft"},
		{target: "selector1-azurecomm-prod-net._domainkey.azurecomm.net"},
		{target: dns.Root},
		{target: ""},
	} {
		if tc.want.Number != 0 {
			tc.want.Name = tc.target
		}
		if got, ok := ParseDKIMTarget(tc.target); got != tc.want || ok != (tc.want.Number != 0) {
			t.Errorf("%s: got %+v, %v", tc.target, got, ok)
		}
	}
}

func TestDKIMOwner(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		target, domain dns.Name
		want           Owner
	}{
		{"selector1-contoso-com._domainkey.x.onmicrosoft.com", "contoso.com", ThisDomain},
		{"selector1-con-toso-com._domainkey.x.onmicrosoft.com", "con-toso.com", ThisDomain},
		{"selector1-contoso-com0i._domainkey.x.onmicrosoft.com", "con-toso.com", ThisDomain},
		{"selector1-contoso-com0i._domainkey.x.a-v1.dkim.mail.microsoft", "contoso.com", OtherDomain},
		{"selector1-x-onmicrosoft-com._domainkey.x.onmicrosoft.com", "x.onmicrosoft.com", ThisDomain},
		{"selector1-x-onmicrosoft-com._domainkey.x.onmicrosoft.com", "contoso.com", OtherDomain},
		{"selector1-contoso-us._domainkey.x.onmicrosoft.us", "contoso.us", ThisDomain},
		{"selector1-x._domainkey.x.onmicrosoft.us", "contoso.us", NotJudged},
	} {
		got, _ := ParseDKIMTarget(tc.target)
		if got := got.Owner(tc.domain); got != tc.want {
			t.Errorf("%s for %s: got %s, want %s", tc.target, tc.domain, got, tc.want)
		}
	}
}

func TestTypos(t *testing.T) {
	t.Parallel()
	const right = "selector1-contoso-com._domainkey.contoso.onmicrosoft.com"
	for target, want := range map[dns.Name]Typo{
		right:                       NoTypo,
		right + ".mail.contoso.com": Relative,
		right + ".contoso.com":      Relative,
		right + ".example.com":      NoTypo,
		right + `\032`:              WhiteSpace,
		`\032` + right + `\009\032`: WhiteSpace,
		"selector1.contoso.com":     NoTypo,
	} {
		meant, typo := DKIMTypo(target, "mail.contoso.com")
		if typo != want || (meant.Name == right) != (want != NoTypo) {
			t.Errorf("%s: got %q, %+v", target, typo, meant)
		}
	}
	mx, typo := MXTypo("contoso-com.mail.protection.outlook.com.contoso.com", "contoso.com")
	if typo != Relative || mx.Host != "contoso-com.mail.protection.outlook.com" {
		t.Errorf("MX: %q, %+v", typo, mx)
	}
}

func FuzzParseDKIMTarget(f *testing.F) {
	f.Add("selector1-contoso-com._domainkey.contoso.onmicrosoft.com", "contoso.com")
	f.Add("selector2-con-toso-de0i._domainkey.contoso.r-v1.dkim.mail.microsoft.con-toso.de", "con-toso.de")
	f.Add("contoso-com.o-v1.mx.microsoft", "contoso.com")
	f.Fuzz(func(t *testing.T, text, domain string) {
		name, of := dns.Name(text), dns.Name(domain)
		target, ok := ParseDKIMTarget(name)
		if ok {
			again := fmt.Sprintf("selector%d-%s._domainkey.%s.%s", target.Number, target.Label, target.Initial, target.Suffix)
			if again != text || target.Name != name || !strings.HasPrefix(target.Suffix, target.Partition) {
				t.Errorf("%q is taken apart as %+v", text, target)
			}
		} else if target != (DKIMTarget{}) {
			t.Errorf("%q is refused, but gives %+v", text, target)
		}
		if mx, ok := ParseMX(name); ok && !strings.HasPrefix(text, mx.Label+".") || ok && !strings.HasSuffix(text, "."+string(mx.Family)) {
			t.Errorf("%q is taken apart as %+v", text, mx)
		}
		if of == "" { // the walk to the root needs a name
			return
		}
		if meant, typo := DKIMTypo(name, of); (typo != NoTypo) != (meant.Number != 0) || ok && typo != NoTypo {
			t.Errorf("%q below %q: %q, %+v", text, domain, typo, meant)
		}
	})
}
