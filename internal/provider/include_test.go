package provider

import (
	"bytes"
	"testing"

	"sendplan/internal/dns"
)

// TestIncludes walks the list: names are names, each says something and where it
// is from, none stands there twice, and the catalogue knows whose it is.
func TestIncludes(t *testing.T) {
	t.Parallel()
	if n := bytes.Count(includesJSON, []byte(`"name":`)); n != len(includes()) || n == 0 {
		t.Errorf("%d lines, %d names", n, len(includes()))
	}
	for name, known := range includes() {
		if parsed, err := dns.ParseName(name.String()); err != nil || parsed != name {
			t.Errorf("%s is no name: %v", name, err)
		}
		if known.Retired == "" && known.Wide == "" && len(known.Cheaper) == 0 || known.Source == "" {
			t.Errorf("%s: nothing is said about it, or not where that is from", name)
		}
		for _, cheaper := range known.Cheaper {
			if parsed, err := dns.ParseName(cheaper.String()); err != nil || parsed != cheaper || cheaper == name {
				t.Errorf("%s: %q is no other name: %v", name, cheaper, err)
			}
			if again, ok := IncludeByName(cheaper); ok && len(again.Cheaper) > 0 {
				t.Errorf("%s: %s is not cheap itself", name, cheaper)
			}
		}
		if _, ok := ByInclude(name); !ok {
			t.Logf("%s is not in the catalogue", name)
		}
	}
}

func TestUseless(t *testing.T) {
	t.Parallel()
	for name, want := range map[dns.Name]bool{
		"servers.mcsv.net": true, "sendgrid.net": true, "amazonses.com": true, "spf.mtasv.net": true, "spf.mandrillapp.com": true,
		"spf.protection.outlook.com": false, "_spf.google.com": false, "spf.hornetsecurity.com": false,
	} {
		if e, ok := ByInclude(name); !ok || e.Useless() != want {
			t.Errorf("%s: found %v, useless %v, want %v", name, ok, e.Useless(), want)
		}
	}
}
