package provider

import (
	"slices"
	"testing"

	"sendplan/internal/dns"
)

func TestLabels(t *testing.T) {
	t.Parallel()
	for domain, want := range map[dns.Name][]string{
		"contoso.com":                       {"contoso-com"},
		"mail.contoso.co.uk":                {"mail-contoso-co-uk"},
		"bergen-vogtland.de":                {"bergenvogtland-de01e", "bergen-vogtland-de"},
		"gemeinde-bennewitz.de":             {"gemeindebennewitz-de02b", "gemeinde-bennewitz-de"},
		"freistadt-rust.at":                 {"freistadtrust-at02c", "freistadt-rust-at"},
		"cne-siar.gov.uk":                   {"cnesiar-gov-uk0i", "cne-siar-gov-uk"},
		"n-somerset.gov.uk":                 {"nsomerset-gov-uk0c", "n-somerset-gov-uk"},
		"st-edmond-de-grantham.qc.ca":       {"stedmonddegrantham-qc-ca0e1cb", "st-edmond-de-grantham-qc-ca"},
		"saint-alexis-des-monts.ca":         {"saintalexisdesmonts-ca01c1bb", "saint-alexis-des-monts-ca"},
		"ville.saint-basile-le-grand.qc.ca": {"ville-saintbasilelegrand-qc-ca02i1ec", "ville-saint-basile-le-grand-qc-ca"},
		dns.Root:                            nil,
		"":                                  nil,
	} {
		if got := Labels(domain); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", domain, got, want)
		}
	}
}

func TestParseMX(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		host   dns.Name
		want   MX
		clouds []Cloud
	}{
		{"contoso-com.mail.protection.outlook.com", MX{Family: MXOutlook, Label: "contoso-com"}, []Cloud{Worldwide}},
		{"contoso-com.o-v1.mx.microsoft", MX{Family: MXMicrosoft, Label: "contoso-com", Partition: "o"}, []Cloud{Worldwide}},
		{"contoso-com.mail.eo.outlook.com", MX{Family: MXLegacy, Label: "contoso-com"}, []Cloud{Worldwide}},
		{"contoso.mail.protection.office365.us", MX{Family: MXOffice365, Label: "contoso"}, []Cloud{GCCHigh, DoD}},
		{"contoso-cn.mail.protection.partner.outlook.cn", MX{Family: MXChina, Label: "contoso-cn"}, []Cloud{China}},
		{"contoso-de.mail.protection.outlook.de", MX{Family: MXGermany, Label: "contoso-de"}, nil},
		{host: "contoso-com.mx.microsoft"},
		{host: "contoso-com.hve.mx.microsoft"},
		{host: "smtp.hve.mx.microsoft"},
		{host: "a.contoso-com.o-v1.mx.microsoft"},
		{host: "a.contoso-com.mail.protection.outlook.com"},
		{host: "mail.protection.outlook.com"},
		{host: ".mail.protection.outlook.com"},
		{host: "mx.microsoft"},
		{host: "contoso-com.mail.protection.outlook.com.contoso.com"},
		{host: "evilmail.protection.outlook.com.example"},
		{host: "ms12345678.msv1.invalid.outlook.com"},
		{host: dns.Root},
		{host: ""},
	} {
		got, ok := ParseMX(tc.host)
		if tc.want.Family != "" {
			tc.want.Host = tc.host
		}
		if got != tc.want || ok != (tc.want.Family != "") || !slices.Equal(got.Family.Clouds(), tc.clouds) {
			t.Errorf("%s: got %+v, %v", tc.host, got, ok)
		}
	}
}

func TestMXOwner(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		host, domain dns.Name
		want         Owner
	}{
		{"contoso-com.mail.protection.outlook.com", "contoso.com", ThisDomain},
		{"contoso-com.o-v1.mx.microsoft", "contoso.com", ThisDomain},
		{"contoso-com.mail.protection.outlook.com", "contoso.net", OtherDomain},
		{"nordwind.mail.protection.outlook.com", "nordwind.onmicrosoft.com", ThisDomain},
		{"nordwind.mail.protection.outlook.com", "nordwind.example", OtherDomain},
		{"contoso.mail.protection.office365.us", "contoso.com", NotJudged},
		{"mail.contoso.com", "contoso.com", NotJudged},
	} {
		mx, _ := ParseMX(tc.host)
		if got := mx.Owner(tc.domain); got != tc.want {
			t.Errorf("%s for %s: got %s, want %s", tc.host, tc.domain, got, tc.want)
		}
	}
}

func TestSPFInclude(t *testing.T) {
	t.Parallel()
	for cloud, want := range map[Cloud]dns.Name{
		Worldwide: "spf.protection.outlook.com", GCCHigh: "spf.protection.office365.us",
		DoD: "spf.protection.office365.us", China: "spf.protection.partner.outlook.cn", "moon": "",
	} {
		if got := cloud.SPFInclude(); got != want {
			t.Errorf("%s: %s", cloud, got)
		}
		if want == "" {
			continue
		}
		if e, ok := ByInclude(want); !ok || !e.Is(Mailbox) {
			t.Errorf("the catalogue does not know %s", want)
		}
	}
}

func TestOwnershipProof(t *testing.T) {
	t.Parallel()
	for host, want := range map[dns.Name]string{
		"123456789.msv1.invalid.outlook.com":      "Microsoft 365",
		"abcdef.mx-verification.google.com":       "Google",
		"contoso-com.mail.protection.outlook.com": "",
		"aspmx.l.google.com":                      "",
	} {
		if got, ok := OwnershipProof(host); got != want || ok != (want != "") {
			t.Errorf("%s: %q", host, got)
		}
	}
}
