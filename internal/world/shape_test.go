package world

import (
	"context"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"sendplan/internal/dns"
)

// TestKeys: the DKIM keys are real ones, but for those whose mistake is that
// they are not.
func TestKeys(t *testing.T) {
	t.Parallel()
	bits := map[int]int{}
	records(load(t), func(r dns.Record) {
		d, ok := r.Data.(dns.TXT)
		if !ok || !strings.Contains(string(r.Name), "domainkey") && !strings.Contains(string(r.Name), "dkim") {
			return
		}
		_, p, ok := strings.Cut(d.Joined(), "p=")
		p = strings.TrimSuffix(p, ";")
		if !ok || p == "" || strings.HasPrefix(d.Joined(), "v=DMARC1") || strings.HasSuffix(string(r.Name), ".escape.example") {
			return
		}
		octets, err := base64.StdEncoding.DecodeString(p)
		if r.Name == "selector1._domainkey.dkim-broken-key.example" {
			if err == nil || len(d.Joined()) != dns.MaxString {
				t.Errorf("%s: %d octets, readable: %t; must be cut", r.Name, len(d.Joined()), err == nil)
			}
			return
		}
		if err != nil {
			t.Errorf("%s: %v", r.Name, err)
			return
		}
		if strings.Contains(d.Joined(), "k=ed25519") { // RFC 8463 §4.2: the bare octets
			if len(octets) != ed25519.PublicKeySize {
				t.Errorf("%s: Ed25519 key of %d octets", r.Name, len(octets))
			}
			return
		}
		key, err := x509.ParsePKIXPublicKey(octets)
		if err != nil {
			t.Errorf("%s: %v", r.Name, err)
			return
		}
		n := key.(*rsa.PublicKey).N.BitLen()
		bits[n]++
		if weak := strings.Contains(string(r.Name), "dkimweak"); weak != (n == 1024) {
			t.Errorf("%s: key of %d bits", r.Name, n)
		}
	})
	if bits[1024] != 2 || bits[2048] < 60 || len(bits) != 2 {
		t.Errorf("keys by size: %v", bits)
	}
}

// TestCosts: the includes cost what the real ones were measured to cost.
func TestCosts(t *testing.T) {
	t.Parallel()
	z := load(t)
	for name, want := range map[dns.Name]int{
		"spf.protection.outlook.com": 1, "_spf.google.com": 1, "servers.mcsv.net": 1, "spf.mandrillapp.com": 1,
		"amazonses.com": 1, "spf.mtasv.net": 1, "spf.hornetsecurity.com": 1, "eu._netblocks.mimecast.com": 1,
		"_spf-eu.ionos.com": 1, "_spf.strato.com": 1, "spf.kasserver.com": 1, "spf.protection.office365.us": 1,
		"sendgrid.net": 2, "spf.protection.outlook.de": 2, "spf.protection.partner.outlook.cn": 2,
		"emailus.freshservice.com": 2, "_netblocks.mimecast.com": 8, "email.freshservice.com": 11,
	} {
		if got := 1 + cost(t, z, name, 0); got != want {
			t.Errorf("include:%s costs %d look-ups, want %d", name, got, want)
		}
	}
	for name, want := range map[dns.Name]int{
		"nordwind.example": 1, "ten-lookups.example": 10, "too-many-lookups.example": 14, "spf-useless.example": 7,
	} {
		if got := cost(t, z, name, 0); got != want {
			t.Errorf("the record of %s costs %d look-ups, want %d", name, got, want)
		}
	}
}

// cost counts the terms below a record that RFC 7208 §4.6.4 counts; the records
// here use no others.
func cost(t *testing.T, z *dns.Zones, name dns.Name, depth int) int {
	t.Helper()
	a, err := z.Lookup(context.Background(), name, dns.TypeTXT)
	if err != nil || depth > 10 {
		t.Fatalf("%s at depth %d: %v", name, depth, err)
	}
	n := 0
	for _, r := range a.Records {
		text := r.Data.(dns.TXT).Joined()
		if !strings.HasPrefix(text, "v=spf1 ") {
			continue
		}
		for _, term := range strings.Fields(text)[1:] {
			if target, ok := strings.CutPrefix(term, "include:"); ok {
				n += 1 + cost(t, z, dns.MustName(target), depth+1)
			}
		}
	}
	return n
}

// TestHostile: what escape.example is there for is in it.
func TestHostile(t *testing.T) {
	t.Parallel()
	z := load(t)
	var all strings.Builder
	for _, r := range z.Records("escape.example") {
		if d, ok := r.Data.(dns.TXT); ok {
			all.WriteString(d.Joined())
		}
	}
	for _, s := range []string{"\x1b[", "\x1b]0;", "\x9b", "\u009b", "\u202e", "\u2066", "\u200b", "\ufeff", "\U000e0041", "\xff\xfe", "\x00", "\r\n", `"`, "::error", "<script>", "=HYPERLINK"} {
		if !strings.Contains(all.String(), s) {
			t.Errorf("%q is not there", s)
		}
	}
}

// TestMicrosoft: every domain that names a Microsoft DKIM target names one of
// its own tenant in both selectors, so that only the planned mistakes show.
func TestMicrosoft(t *testing.T) {
	t.Parallel()
	z := load(t)
	crossed := []dns.Name{"dkim-swapped.example", "dkim-one-selector.example", "dkim-broken-key.example"}
	for _, domain := range Domains() {
		first, second := alias(t, z, "selector1._domainkey."+domain), alias(t, z, "selector2._domainkey."+domain)
		if slices.Contains(crossed, domain) || !dormant(first) && !dormant(second) {
			continue
		}
		if want := strings.Replace(string(first), "selector1-", "selector2-", 1); string(second) != want {
			t.Errorf("%s: selectors lead to %s and %s", domain, first, second)
		}
	}
}

// alias returns where a CNAME leads first, "" if there is none.
func alias(t *testing.T, z *dns.Zones, name dns.Name) dns.Name {
	t.Helper()
	a, err := z.Lookup(context.Background(), name, dns.TypeCNAME)
	if err != nil {
		t.Fatal(err)
	}
	if a.Void() {
		return ""
	}
	return a.Records[0].Data.(dns.CNAME).Target
}

func BenchmarkZones(b *testing.B) {
	for b.Loop() {
		if _, err := Zones(); err != nil {
			b.Fatal(err)
		}
	}
}
