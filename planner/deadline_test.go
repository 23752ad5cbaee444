package planner

import "testing"

// A day presses for a stage only where a device is to leave the method that ends
// on it: of one about which nothing is decided the plan says something else.
func TestStageBeforeDate(t *testing.T) {
	t.Parallel()
	const device = `version: 1
tenant: {cloud: worldwide, outbound: direct}
sites: [{name: hq, addresses: [203.0.113.10], static: true, shared: false, port25: open}]
domains: [{name: nordwind.example}]
devices:
  - {name: scanner, site: hq, now: smtp-auth, from: [scan@nordwind.example], recipients: internal, auth: basic, tls: "1.2"`
	for rest, want := range map[string]string{", method: connector-ip}\n": "2026-12-31", "}\n": ""} {
		p := Make(read(t, device+rest), zones(t, world(apex+"@ MX 0 nordwind-example.mail.protection.outlook.com.\n@ TXT \"v=spf1 -all\"\n")), Options{Date: day})
		got := ""
		for _, s := range p.Stages {
			if s.BeforeDate {
				got = s.Until.Format("2006-01-02")
			}
		}
		if got != want {
			t.Errorf("%q: before %q, want %q", rest, got, want)
		}
	}
}
