package cli

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
)

const hostileRoot = `
. 3600 IN SOA ns.root.example. admin.root.example. 1 7200 3600 1209600 300
contoso.example. IN SOA ns1.contoso.example. admin.contoso.example. 1 7200 3600 1209600 300
`

// hugeTXT is one TXT record of nearly 64 KB, in strings of 255 octets.
func hugeTXT(start string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `contoso.example. IN TXT "%s"`, start)
	for range 245 {
		fmt.Fprintf(&b, ` "%s"`, strings.Repeat("a:x ", 63))
	}
	return b.String() + "\n"
}

// bomb is a record whose includes lead to records with ten includes each.
func bomb() string {
	var b strings.Builder
	b.WriteString("contoso.example. IN TXT \"v=spf1")
	for i := range 10 {
		fmt.Fprintf(&b, " include:l0n%d.example", i)
	}
	b.WriteString("\"\n")
	for level := range 6 {
		for i := range 10 {
			fmt.Fprintf(&b, "l%dn%d.example. IN TXT \"v=spf1", level, i)
			for j := range 10 {
				fmt.Fprintf(&b, " include:l%dn%d.example", level+1, j)
			}
			b.WriteString("\"\n")
		}
	}
	return b.String()
}

// aliases is a chain of CNAME records that ends in a loop.
func aliases() string {
	return `
contoso.example. IN MX 10 a.contoso.example.
a.contoso.example. IN CNAME b.contoso.example.
b.contoso.example. IN CNAME a.contoso.example.
_dmarc.contoso.example. IN CNAME _dmarc2.contoso.example.
_dmarc2.contoso.example. IN CNAME _dmarc.contoso.example.
contoso.example. IN TXT "v=spf1 a:a.contoso.example include:b.contoso.example ~all"
`
}

// Whatever a zone holds, the check ends, its output is bounded, and nothing in
// it acts on a terminal.
func TestHostileZones(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, zone, want string }{
		{"64 KB of SPF", hugeTXT("v=spf1 "), "spf-"},
		{"64 KB of something", hugeTXT("x"), "spf-missing"},
		{"include bomb", bomb(), "spf-too-many-lookups"},
		{"CNAME loops", aliases(), "dmarc-lookup"},
		{"thousand records", manyTXT(), "spf-multiple"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			resolver := serve(t, test.name, hostileRoot+test.zone)
			for _, format := range reportFormats() {
				got := runArgs(t, "check", "--resolver", resolver, "--format", format, "contoso.example")
				if got.status != "1" && got.status != "3" {
					t.Errorf("%s: status %s: %s", format, got.status, got.stderr)
				}
				if !strings.Contains(got.stdout, test.want) {
					t.Errorf("%s does not speak of %s:\n%.2000s", format, test.want, got.stdout)
				}
				checkHarmless(t, format, got.stdout)
			}
			for _, command := range []string{"spf tree", "spf eval --ip 192.0.2.1", "dmarc lookup", "dkim lookup"} {
				got := runArgs(t, append(strings.Fields(command), "--resolver", resolver, "contoso.example")...)
				if got.status != "0" && got.status != "3" {
					t.Errorf("%s: status %s: %s", command, got.status, got.stderr)
				}
				checkHarmless(t, command, got.stdout)
			}
		})
	}
}

func manyTXT() string {
	var b strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&b, "contoso.example. IN TXT \"v=spf1 ip4:192.0.2.%d -all\"\n", i%250)
		fmt.Fprintf(&b, "contoso.example. IN TXT \"token-%d\"\n", i)
	}
	return b.String()
}

// maxOutput is generous: JSON holds a 64 KB record several times.
const maxOutput = 2 << 20

func checkHarmless(t *testing.T, what, text string) {
	t.Helper()
	if len(text) > maxOutput {
		t.Errorf("%s: %d octets of output", what, len(text))
	}
	for _, r := range strings.ReplaceAll(text, "\r\n", "\n") { // CSV ends lines so
		if r != '\n' && (unicode.Is(unicode.C, r) || unicode.Is(unicode.Bidi_Control, r)) {
			t.Fatalf("%s: the output holds %U", what, r)
		}
	}
}
