package planner

import (
	"strings"
	"testing"
)

const (
	fromDev = `[{name: app, method: smtp-auth, from: [app@dev.nordwind.example], login: app@dev.nordwind.example, recipients: anyone, auth: oauth, tls: "1.2", site: hq}]`
	accept1 = "prepare task dev.nordwind.example: add it as an accepted domain, so that replies and reports of failures find it; if Microsoft names another MX host for it, use that"
	giveMX  = "prepare task dev.nordwind.example: give the domain an MX record"
)

// TestHosts: a sender domain with neither MX nor A record leaves Microsoft 365
// from the pool for high risks.
func TestHosts(t *testing.T) {
	t.Parallel()
	include := `dev TXT "v=spf1 include:spf.protection.outlook.com -all"` + "\n"
	right := "app pass/none/none > pass/none/none true"
	runCases(t, []planCase{
		{"the domain above has MX records", "the same hosts, with the TTL of their set", office{devices: fromDev, domains: `[{name: nordwind.example}, {name: dev.nordwind.example}]`,
			own: `@ 900 MX 10 mx1.nordwind.example.
@ 900 MX 20 mx2.nordwind.example.
` + include}, `
			prepare MX dev.nordwind.example
			  + 900 10 mx1.nordwind.example.
			  + 900 20 mx2.nordwind.example.
			` + accept1 + "\n" + right},
		{"no domain above has MX records", "there is nothing to take over", office{devices: fromDev, own: include}, giveMX + "\n" + right},
		{"the domain above takes no mail", "a null MX record (RFC 7505) is none to take over", office{devices: fromDev, own: "@ MX 0 .\n" + include}, giveMX + "\n" + right},
		{"the MX records above do not answer", "then nothing is known to take over", office{devices: fromDev, own: include, more: ";! timeout nordwind.example. MX\n"}, `
			` + right + `
			unknown MX nordwind.example: its record set could not be read from the authoritative servers, so nothing is planned for it
			unknown nordwind.example: whether the tenant holds mailboxes of the domain is not known`},
		{"it has an address", "an A record is enough for Microsoft", office{devices: fromDev, own: include + "dev A 198.51.100.1\n@ MX 10 mx1.nordwind.example.\n"}, right},
		{"it has MX records", "", office{devices: fromDev, own: include + "dev MX 5 mx.other.example.\n@ MX 10 mx1.nordwind.example.\n"}, right},
		{"a wildcard gives it MX records", "then it has them, and keeps them where the plan makes the name exist", office{devices: fromDev, own: "* 120 MX 7 mx1.nordwind.example.\n@ MX 10 mx1.nordwind.example.\n"}, `
			publish MX *.dev.nordwind.example
			  + 120 7 mx1.nordwind.example.
			publish MX dev.nordwind.example
			  + 120 7 mx1.nordwind.example.
			publish TXT dev.nordwind.example
			  + "v=spf1 include:spf.protection.outlook.com ~all"
			gains 2 networks: none
			app none/none/none > pass/none/none true`},
		{"nothing goes through the tenant", "an own server's mail does not leave by Microsoft's pools", office{own: `dev TXT "v=spf1 ip4:203.0.113.10 -all"
@ MX 10 mx1.nordwind.example.
`, devices: `[{name: app, site: hq, method: own-server, from: [app@dev.nordwind.example], recipients: anyone, auth: none, tls: "1.2", helo: app.nordwind.example}]`}, right},
		{"an address by a wildcard, and another type", "a wildcard answers for no type any more once the name exists (RFC 4592 §2.2.2)", office{devices: fromDev, own: "* A 198.51.100.1\n* AAAA 2001:db8::1\n* TXT \"hello\"\n"}, `
			publish A *.dev.nordwind.example
			  + 198.51.100.1
			publish TXT *.dev.nordwind.example
			  + "hello"
			publish AAAA *.dev.nordwind.example
			  + 2001:db8::1
			publish A dev.nordwind.example
			  + 198.51.100.1
			publish AAAA dev.nordwind.example
			  + 2001:db8::1
			publish TXT dev.nordwind.example
			  + "hello"
			  + "v=spf1 include:spf.protection.outlook.com ~all"
			gains 2 networks: none
			app none/none/none > pass/none/none true`},
		{"an alias by a wildcard", "an alias cannot stand beside the SPF record (RFC 1034 §3.6.2)", office{devices: fromDev, own: "* CNAME web.other.example.\n"}, `
			publish TXT dev.nordwind.example
			  + "v=spf1 include:spf.protection.outlook.com ~all"
			gains 2 networks: none
			app none/none/none > none/none/none false
			blocked wildcard dev.nordwind.example, holds TXT dev.nordwind.example
			blocked device-not-right app`},
	})
}

// TestWildcardAboveUnderscore: _dmarc.dev makes dev exist, and a wildcard of the
// zone gives that no MX record any more.
func TestWildcardAboveUnderscore(t *testing.T) {
	t.Parallel()
	p := office{devices: nothing, own: "* MX 7 mx1.nordwind.example.\n* TXT \"hello\"\n", domains: `[{name: dev.nordwind.example, dmarc: {target: none}}]`}.plan(t)
	got := brief(p)
	for _, want := range []string{
		"publish MX dev.nordwind.example\n  + 7 mx1.nordwind.example.\n",
		"publish TXT dev.nordwind.example\n  + \"hello\"\n",
		"publish TXT _dmarc.dev.nordwind.example\n  + \"v=DMARC1; p=none;\"\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the plan lacks %q:\n%s", want, got)
		}
	}
}
