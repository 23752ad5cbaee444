package method

import (
	"strings"
	"testing"
	"time"
)

// What is said of basic authentication must be right on the day that it is
// said.
func TestBasicEvents(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		date     time.Time
		tenant   Tenant
		days     int
		past     bool
		off      string // in the text on the switch-off
		final    string // in the text on the final date
		finalOld bool
	}{
		{november, Tenant{}, 39, false, "goes off by default at the end of December 2026, 39 days left: from then on", "announces the final removal date in the second half of 2027", false},
		{day(2026, time.December, 30), Tenant{}, 1, false, "1 day left", "second half of 2027", false},
		{day(2026, time.December, 31), Tenant{}, 0, false, "goes off by default at the end of December 2026, today", "second half of 2027", false},
		{day(2027, time.January, 1), Tenant{}, -1, true, "went off by default at the end of December 2026, 1 day ago: it is refused with 535 5.7.139, unless an administrator has re-enabled it", "announces the final removal date in the second half of 2027", false},
		{day(2027, time.January, 1), Tenant{BasicSMTP: True}, -1, true, "an administrator has re-enabled it, until the final removal", "second half of 2027", false},
		{day(2027, time.January, 1), Tenant{BasicSMTP: False}, -1, true, "is off in the tenant", "second half of 2027", false},
		{day(2027, time.March, 1), Tenant{Created: day(2027, time.February, 1)}, -60, true, "unavailable by default", "second half of 2027", false},
		{day(2027, time.July, 1), Tenant{}, -182, true, "182 days ago", "in this half of the year: look it up", false},
		{day(2027, time.December, 31), Tenant{}, -365, true, "365 days ago", "in this half of the year", false},
		{day(2028, time.January, 1), Tenant{}, -366, true, "went off by default", "was to announce the final removal date in the second half of 2027: look it up, what is known here ends on 2026-11-22", true},
		{day(2028, time.June, 1), Tenant{BasicSMTP: True}, -518, true, "re-enabled", "look it up", true},
	} {
		in := office()
		in.Tenant.BasicSMTP, in.Tenant.Created = tc.tenant.BasicSMTP, tc.tenant.Created
		events := Advise(in, tc.date).Events
		if len(events) != 2 {
			t.Fatalf("%v: %+v", tc.date, events)
		}
		off, final := events[0], events[1]
		if off.ID != EventBasicOff || off.Days != tc.days || off.Past != tc.past || !off.Stops || !strings.Contains(off.Text, tc.off) {
			t.Errorf("%v: %+v, want %q", tc.date, off, tc.off)
		}
		if final.ID != EventBasicFinal || final.Past != tc.finalOld || final.Stops || !strings.Contains(final.Text, tc.final) {
			t.Errorf("%v: %+v, want %q", tc.date, final, tc.final)
		}
	}
}

// An hour of the day, or a zone, must not move a day.
func TestDaysIgnoreTheHour(t *testing.T) {
	t.Parallel()
	late := time.Date(2026, time.December, 30, 23, 59, 0, 0, time.FixedZone("", 13*3600))
	if e := Advise(office(), late).Events[0]; e.Days != 1 {
		t.Errorf("%+v", e)
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		now  ID
		date time.Time
		more []change
		want string // IDs
		text string // of the first
	}{
		{"OAuth is not touched", SMTPAuthID, november, c(auth(AuthOAuth)), "", ""},
		{"the login is not known", SMTPAuthID, november, c(auth(AuthUnknown)), "basic-auth-off basic-auth-final", "if it logs in with a password: basic"},
		{"HVE with a password", "hve", november, nil, "hve-basic-auth-end hve-old-host", "ends in September 2028, 678 days left"},
		{"HVE with a password, later", "hve", day(2028, time.October, 1), nil, "hve-basic-auth-end hve-old-host", "ended in September 2028, 1 day ago"},
		{"HVE with OAuth", "hve", november, c(auth(AuthOAuth)), "hve-old-host", "smtp.hve.mx.microsoft"},
		{"Direct Send", "direct-send", november, nil, "direct-send-default", "no date was announced"},
		{"Direct Send that is rejected", "direct-send", november, c(reject(True)), "refused-already", "RejectDirectSend is on"},
		{"Direct Send to the outside", "direct-send", november, c(to(Anyone)), "refused-already direct-send-default", "should be refused already"},
		{"a connector that fits", "connector-ip", november, nil, "", ""},
		{"a connector on a dynamic address", "connector-ip", november, c(dynamic), "at-risk", "dynamic"},
		{"old TLS", SMTPAuthID, november, c(withTLS(TLS10)), "refused-already basic-auth-off basic-auth-final", "\"1.0\""},
		{"SMTP after POP", "pop-before-smtp", november, nil, "method-dead", "must go"},
		{"an open relay", "open-relay", november, nil, "method-dead", "must go"},
		{"nothing known", "", november, nil, "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			in := office()
			in.Device.Now = tc.now
			for _, more := range tc.more {
				more(&in)
			}
			var ids []string
			events := Advise(in, tc.date).Events
			for _, e := range events {
				ids = append(ids, string(e.ID))
			}
			if got := strings.Join(ids, " "); got != tc.want {
				t.Fatalf("got %q, want %q", got, tc.want)
			}
			if len(events) > 0 && !strings.Contains(events[0].Text, tc.text) {
				t.Errorf("%q lacks %q", events[0].Text, tc.text)
			}
		})
	}
}

func TestDeadlineAndWait(t *testing.T) {
	t.Parallel()
	a := Advise(office(), november)
	if e, ok := a.Deadline(); !ok || e.ID != EventBasicOff || e.Days != 39 || len(a.Wait) != 1 {
		t.Errorf("%+v %v", e, a.Wait)
	}
	if a.Today.State != Free || a.Today.Auth != AuthBasic || a.Right() != Unknown {
		t.Errorf("today %+v, right %q", a.Today, a.Right())
	}
	a = Advise(office(), day(2027, time.January, 1))
	if e, ok := a.Deadline(); !ok || !e.Past || a.Today.State != Depends || len(a.Wait) != 0 {
		t.Errorf("%+v %v %v", e, a.Today.State, a.Wait)
	}
	in := office()
	in.Device.Now, in.Device.Method = "connector-ip", "connector-ip"
	a = Advise(in, november)
	if _, ok := a.Deadline(); ok || a.Right() != True || len(a.Wait) != 1 {
		t.Errorf("a connector has no deadline: %+v", a)
	}
	dynamic(&in)
	if a = Advise(in, november); a.Right() != False {
		t.Error("a connector on a dynamic address is not right")
	}
}
