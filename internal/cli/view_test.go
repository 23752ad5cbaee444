package cli

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/dns/dnsserver"
)

const (
	insideView = `
. 3600 IN SOA ns.root.example. admin.root.example. 1 7200 3600 1209600 300
. IN NS ns.root.example.
ns.root.example. IN A 192.0.2.53
contoso.example. IN SOA dc1.contoso.example. admin.contoso.example. 41 7200 3600 1209600 300
contoso.example. IN NS dc1.contoso.example.
dc1.contoso.example. IN A 10.1.0.1
`
	publicZone = `
. 3600 IN SOA ns.root.example. admin.root.example. 1 7200 3600 1209600 300
contoso.example. IN SOA ns1.contoso.example. admin.contoso.example. 7 7200 3600 1209600 300
contoso.example. IN NS ns1.contoso.example.
contoso.example. IN NS ns2.contoso.example.
contoso.example. IN MX 0 .
contoso.example. IN TXT "v=spf1 -all"
_dmarc.contoso.example. IN TXT "v=DMARC1; p=reject; rua=mailto:d@contoso.example"
`
)

// outside is the options that lead to the public view.
func outside(first, second string) string {
	return " --nameserver ns.root.example=" + first + " --nameserver ns1.contoso.example=" + first + " --nameserver ns2.contoso.example=" + second
}

// What was asked of whom is in the recording, and so is where servers are
// reached: the replay needs neither options nor network.
func TestRecordingHoldsBothViews(t *testing.T) {
	t.Parallel()
	inside, public := serve(t, "inside", insideView), serve(t, "public", publicZone)
	for name, options := range map[string]string{
		"authorities": outside(public, public), "all of them": outside(public, public) + " --authoritative", "public": " --public " + public,
		"unreached": " --nameserver ns.root.example=" + inside, "small budget": outside(public, public) + " --max-queries 30",
	} {
		for _, format := range []string{"text", "json"} {
			file := filepath.Join(t.TempDir(), "recording.json")
			live := run(t, "check --resolver "+inside+" --date 2026-11-22 --format "+format+options+" --record "+file+" contoso.example")
			again := "check --format " + format + " --replay " + file + " contoso.example"
			if strings.Contains(options, "--authoritative") {
				again += " --authoritative"
			}
			if got := run(t, again); got != live {
				t.Errorf("%s: live\n%s\nreplayed\n%s", name, live, got)
			}
			if !strings.Contains(live.stdout, "split-dns") {
				t.Errorf("%s: no split-dns in %s", name, live)
			}
		}
	}
}

// A resolver for the public view that does not answer leaves the name servers.
func TestPublicResolverFails(t *testing.T) {
	t.Parallel()
	inside, public := serve(t, "inside", insideView), serve(t, "public", publicZone)
	dead := serve(t, "dead", ". IN SOA a. b. 1 2 3 4 5\n;! refused contoso.example ANY\n")
	got := run(t, "check --resolver "+inside+" --public "+dead+outside(public, public)+" contoso.example")
	if got.status != "0" || !strings.Contains(got.stdout, "judged is what the public name servers") {
		t.Errorf("%s", got)
	}
}

// Faults of one of two authoritative servers are unknown about that server, and
// change no verdict about the domain.
func TestAuthoritativeFaults(t *testing.T) {
	t.Parallel()
	zones, err := dns.ParseZones(publicZone+". IN NS ns.root.example.\nns.root.example. IN A 192.0.2.53\nns1.contoso.example. IN A 192.0.2.1\n", "public")
	if err != nil {
		t.Fatal(err)
	}
	good := serveFaulty(t, zones, dnsserver.Answer)
	for mode, want := range map[dnsserver.Mode]string{
		dnsserver.Lame: "not authoritative", dnsserver.Refused: "REFUSED", dnsserver.ServFail: "SERVFAIL", dnsserver.Drop: "timeout",
		dnsserver.Garbage: "malformed answer", dnsserver.WrongQuestion: "malformed answer",
	} {
		got := run(t, "check --resolver "+good+outside(good, serveFaulty(t, zones, mode))+" --timeout 300ms --authoritative contoso.example")
		if got.status != "3" || !strings.Contains(got.stdout, "unknown  ns-silent") || !strings.Contains(got.stdout, want) {
			t.Errorf("mode %d: %s", mode, got)
		}
		for _, id := range []string{"ns-differ", "ns-lag", "split-dns", "-lookup"} {
			if strings.Contains(got.stdout, id) {
				t.Errorf("mode %d: %s in %s", mode, id, got)
			}
		}
	}
	got := run(t, "check --resolver "+good+outside(good, serveFaulty(t, zones, dnsserver.Truncate))+" --authoritative contoso.example")
	if got.status != "0" || strings.Contains(got.stdout, "ns-") {
		t.Errorf("truncated: %s", got)
	}
}

func serveFaulty(t *testing.T, zones *dns.Zones, mode dnsserver.Mode) string {
	t.Helper()
	s, err := dnsserver.Start(dnsserver.Options{Zones: zones, Faults: map[dns.Key]dnsserver.Fault{{}: {Mode: mode}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s.Addr().String()
}

func TestViewOptions(t *testing.T) {
	t.Parallel()
	for options, want := range map[string]string{
		"--demo --public 192.0.2.1":                "are for the network",
		"--demo --nameserver ns.example=192.0.2.1": "are for the network",
		"--public dns.example":                     "--public: name server",
		"--public quic://192.0.2.1":                "no transport",
		"--nameserver ns.example":                  "expected the name of a server, = and its address",
		"--nameserver a..b=192.0.2.1":              "expected the name of a server",
		"--nameserver ns.example=dns.example":      `"dns.example" is no address`,
		"--nameserver ns.example=tcp://192.0.2.1":  `is no address`,
	} {
		if got := run(t, "check "+options+" contoso.example"); got.status != "2" || !strings.Contains(got.stderr, want) {
			t.Errorf("%s: %s", options, got)
		}
	}
}

func TestAuthorityInJSON(t *testing.T) {
	t.Parallel()
	public := serve(t, "public", publicZone+". IN NS ns.root.example.\n")
	lagging := serve(t, "lagging", strings.ReplaceAll(publicZone, ". 7 ", ". 5 "))
	got := run(t, "check --resolver "+public+outside(public, lagging)+" --authoritative --format json contoso.example")
	var doc struct {
		Results []struct {
			Authority struct {
				Zone    string
				Servers []struct {
					Name, Address string
					Serial        *uint32
					Error         any
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(got.stdout), &doc); err != nil {
		t.Fatalf("%v in %s", err, got)
	}
	a := doc.Results[0].Authority
	if a.Zone != "contoso.example" || len(a.Servers) != 2 {
		t.Fatalf("%+v", a)
	}
	for i, want := range []struct {
		name, address string
		serial        uint32
	}{{"ns1.contoso.example", public, 7}, {"ns2.contoso.example", lagging, 5}} {
		s := a.Servers[i]
		if s.Name != want.name || s.Address != want.address || s.Serial == nil || *s.Serial != want.serial || s.Error != nil {
			t.Errorf("%+v, want %+v", s, want)
		}
	}
	if without := run(t, "check --resolver "+public+" --format json contoso.example"); strings.Contains(without.stdout, `"authority"`) {
		t.Error("authority without --authoritative")
	}
}
