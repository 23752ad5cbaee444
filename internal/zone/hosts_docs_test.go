package zone

import (
	"os"
	"strings"
	"testing"

	"sendplan/internal/dns"
)

// documented is the batch that the documentation shows in each form.
func documented() Batch {
	zone := dns.Name("contoso.example")
	text := func(s string) dns.Record { return dns.Record{Name: zone, TTL: 3600, Data: dns.NewTXT(s)} }
	alias := dns.Record{Name: "selector1._domainkey.contoso.example", TTL: 3600, Data: dns.CNAME{Target: "selector1-contoso-example._domainkey.contoso.r-v1.dkim.mail.microsoft"}}
	site := text("site-verification=abc")
	return Batch{Zone: zone, Stage: "stage 1: records", Changes: []dns.Change{
		{Zone: zone, Key: keyOf(site), Why: []string{"the scanner sends by itself"},
			Old: []dns.Record{site, text("v=spf1 include:spf.protection.outlook.com -all")},
			New: []dns.Record{site, text("v=spf1 ip4:203.0.113.10 include:spf.protection.outlook.com -all")}},
		{Zone: zone, Key: keyOf(alias), Why: []string{"DKIM of Microsoft 365"}, New: []dns.Record{alias}},
	}}
}

func TestDocumentationShowsWhatIsWritten(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/emit-hosts.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(hostForms, hostForm{name: "azure-cli"}) {
		out, err := hostEmit(t, f, documented())
		if err != nil {
			t.Fatal(err)
		}
		title := f.name
		if f.options.Provider != "" {
			title += " --provider " + f.options.Provider
		}
		if !strings.Contains(string(page), "\n## "+f.name+"\n") || !strings.Contains(string(page), "\n"+string(out)+"```\n") {
			t.Errorf("the page does not show %s as it is:\n%s", title, out)
		}
	}
}
