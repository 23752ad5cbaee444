package inventory

import (
	"net/netip"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func fullSeen() Seen {
	return Seen{
		Domain: "nordwind.example", InitialDomain: "nordwind.onmicrosoft.com", Cloud: Worldwide,
		Inbound: "gateway:mimecast", Gateway: "Mimecast",
		Sources: []SeenSource{{netip.MustParsePrefix("203.0.113.10/32"), "ip4:203.0.113.10"}, {netip.MustParsePrefix("2001:db8::/48"), "ip6:2001:db8::/48"}},
		Services: []SeenService{
			{"sendgrid", "Twilio SendGrid", "relay:sendgrid", "include:sendgrid.net"},
			{"no", "Nobody", "", "include:nobody.example"},
			{"sendgrid", "Twilio SendGrid", "relay:sendgrid", "CNAME s1._domainkey"},
		},
	}
}

// taken takes the "# " away from the commented-out items.
func taken(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		item := strings.HasPrefix(l, "  # - ") || strings.HasPrefix(l, "  #   ")
		if item && !strings.Contains(l, "ConvertTo-Json") {
			lines[i] = "  " + strings.TrimPrefix(l, "  # ")
		}
	}
	return strings.Join(lines, "\n")
}

func TestDraft(t *testing.T) {
	t.Parallel()
	for name, seen := range map[string]Seen{"full": fullSeen(), "bare": {Domain: "nordwind.example"}} {
		text := string(Draft(seen))
		want, err := os.ReadFile("testdata/draft-" + name + ".yaml")
		if err != nil || string(want) != text {
			t.Errorf("%s: %v, got:\n%s", name, err, text)
		}
	}
	f := parse(t, taken(string(Draft(fullSeen()))))
	if len(f.Sites) != 2 || len(f.Devices) != 3 || f.Devices[1].Name != "no" || f.Devices[2].Name != "service-3" || f.Devices[0].Now != "relay:sendgrid" {
		t.Errorf("without the comment signs: %+v", f.Inventory)
	}
	if f.Tenant.Inbound != "gateway:mimecast" || f.Tenant.InitialDomain != "nordwind.onmicrosoft.com" {
		t.Errorf("tenant: %+v", f.Tenant)
	}
}

// Whatever is seen, the draft is an inventory, and so it is when its senders
// are taken in; nothing that is seen breaks out of a comment.
func TestAnyDraft(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := Seen{Domain: domainName().Draw(t, "domain"), Gateway: rapid.String().Draw(t, "gateway")}
		for range rapid.IntRange(0, 4).Draw(t, "services") {
			s.Services = append(s.Services, SeenService{rapid.OneOf(oddText(), rapid.String()).Draw(t, "name"), rapid.String().Draw(t, "title"),
				rapid.SampledFrom([]Method{"", "relay:x", "hoster:y"}).Draw(t, "method"), rapid.String().Draw(t, "why")})
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "sources") {
			addr := netip.AddrFrom4([4]byte{203, 0, 113, byte(i)})
			s.Sources = append(s.Sources, SeenSource{netip.PrefixFrom(addr, 32), rapid.String().Draw(t, "term")})
		}
		text := string(Draft(s))
		f, err := Parse([]byte(text), "x", nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if len(f.Devices)+len(f.Sites) > 0 || len(f.Domains) != 1 {
			t.Fatalf("a comment became more:\n%s", text)
		}
		f, err = Parse([]byte(taken(text)), "x", nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, taken(text))
		}
		if len(f.Sites) != max(1, len(s.Sources)) || len(f.Devices) != max(1, len(s.Services)) {
			t.Fatalf("%+v\n%s", f.Inventory, taken(text))
		}
	})
}
