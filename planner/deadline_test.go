package planner

import (
	"strings"
	"testing"
	"time"
)

// A day presses for a stage only where a device is to leave the method that ends
// on it: of one about which nothing is decided the plan says something else. One
// that is over, or a method that is refused already, is no day to come. What
// lowers the TTLs for a stage is as pressing as that.
func TestStageBeforeDate(t *testing.T) {
	t.Parallel()
	const device = `version: 1
tenant: {cloud: worldwide, outbound: direct, reject_direct_send: true, inbound: direct}
sites: [{name: hq, addresses: [203.0.113.10], static: true, shared: false, port25: open}]
domains: [{name: nordwind.example, ttl: {during: 300, normal: 7200}}]
devices:
  - {name: scanner, site: hq, now: NOW, from: [scan@nordwind.example], recipients: internal, auth: basic, tls: "1.2"`
	const titles = "Lower the TTLs %, Prepare: new names %, Publish the records %, Switch the devices %, Restore the TTLs"
	later := day.AddDate(0, 6, 0)
	for name, test := range map[string]struct {
		now, rest string
		date      time.Time
		want      string
	}{
		"it leaves":                 {"smtp-auth", ", method: connector-ip}\n", day, strings.ReplaceAll(titles, "%", "before 2026-12-31")},
		"nothing is decided":        {"smtp-auth", "}\n", day, ""},
		"the day is over":           {"smtp-auth", ", method: connector-ip}\n", later, strings.ReplaceAll(titles, "%", "overdue")},
		"it should be refused now":  {"direct-send", ", method: connector-ip}\n", day, strings.ReplaceAll(titles, "%", "overdue")},
		"nothing decided, refused ": {"direct-send", "}\n", day, ""},
	} {
		inv := read(t, strings.Replace(device, "NOW", test.now, 1)+test.rest)
		p := Make(inv, zones(t, world(apex+"@ MX 0 nordwind-example.mail.protection.outlook.com.\n@ 7200 TXT \"v=spf1 -all\"\n")), Options{Date: test.date})
		var got []string
		pressing := false
		for _, s := range p.Stages {
			words := s.Title
			if s.BeforeDate {
				words += " before " + s.Until.Format(time.DateOnly)
			}
			if s.Overdue {
				words += " overdue"
			}
			if s.BeforeDate == s.Until.IsZero() {
				t.Errorf("%s: before the date %v, which is %v", name, s.BeforeDate, s.Until)
			}
			pressing = pressing || s.BeforeDate || s.Overdue
			got = append(got, words)
		}
		if words := strings.Join(got, ", "); words != test.want && (test.want != "" || pressing) {
			t.Errorf("%s\ngot  %s\nwant %s", name, words, test.want)
		}
	}
}
