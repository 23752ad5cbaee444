package evidence

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"sendplan/internal/dns"
)

// What the columns of one row make of it.
func TestGuess(t *testing.T) {
	t.Parallel()
	const full = "sender_address,recipient_status,original_client_ip,directionality,connector_id"
	tests := []struct {
		name, head, row string
		inbound         []string
		want            string
		why             string
	}{
		{name: "in, no connector", head: full, row: "scan@contoso.com,a@contoso.com,203.0.113.9,1,", want: "direct-send medium", why: "a forger looks the same"},
		{name: "in, by words", head: full, row: "scan@contoso.com,a@contoso.com,203.0.113.9,Incoming,", want: "direct-send medium"},
		{name: "in, no connector, no client", head: full, row: "scan@contoso.com,a@contoso.com,,1,", want: "unknown low", why: "names no client"},
		{name: "in, no connector, subdomain", head: full, row: "scan@printers.contoso.com,a@contoso.com,203.0.113.9,1,", want: "unknown low", why: "below an accepted one"},
		{name: "in, Exchange's connector", head: full, row: `scan@contoso.com,a@contoso.com,203.0.113.9,1,SRV01\Default SRV01`, want: "unknown low", why: "one of Exchange's own servers"},
		{name: "in, connector", head: full, row: "scan@contoso.com,a@contoso.com,203.0.113.9,1,HQ", want: "connector medium", why: `came by the connector "HQ"`},
		{name: "in, connector, no client", head: full, row: "scan@contoso.com,a@contoso.com,,1,HQ", want: "connector medium"},
		{name: "out, connector, inside only", head: full, row: "scan@contoso.com,a@contoso.com,203.0.113.9,2,HQ", want: "connector medium"},
		{name: "out, connector, outside", head: full, row: "scan@contoso.com,a@x.example,203.0.113.9,2,HQ", want: "connector low", why: "Get-InboundConnector tells"},
		{name: "out, connector, no client", head: full, row: "scan@contoso.com,a@x.example,,2,HQ", want: "unknown low"},
		{name: "known connector", head: full, row: "scan@contoso.com,a@x.example,203.0.113.9,2,HQ", inbound: []string{"Other", "hq"}, want: "connector high", why: "is an inbound connector"},
		{name: "other connector", head: full, row: "scan@contoso.com,a@x.example,203.0.113.9,2,To gateway", inbound: []string{"HQ"}, want: "unknown low", why: "none of the known inbound connectors"},
		{name: "out, no connector", head: full, row: "scan@contoso.com,a@x.example,203.0.113.9,2,", want: "unknown low", why: "SMTP AUTH, Outlook and Graph look the same"},
		{name: "direction not told", head: full, row: "scan@contoso.com,a@x.example,203.0.113.9,,", want: "unknown low", why: "which direction"},
		{name: "direction odd", head: full, row: "scan@contoso.com,a@x.example,203.0.113.9,3,", want: "unknown low", why: "which direction"},
		{name: "no column connector", head: "sender_address,original_client_ip,directionality", row: "scan@contoso.com,203.0.113.9,1", want: "unknown low", why: "neither connector nor direction"},
		{name: "no column direction", head: "sender_address,original_client_ip,connector_id", row: "scan@contoso.com,203.0.113.9,", want: "unknown low", why: "neither connector nor direction"},
		{name: "no column direction, connector", head: "sender_address,original_client_ip,connector_id", row: "scan@contoso.com,203.0.113.9,HQ", want: "connector low"},
		{name: "basic", head: "sender address,authentication protocol", row: "scan@contoso.com,Basic Authentication", want: "smtp-auth high"},
		{name: "oauth", head: "sender address,authentication protocol", row: "scan@contoso.com,OAuth2", want: "smtp-auth high"},
		{name: "both", head: "sender address,authentication protocol", row: "scan@contoso.com,Basic/OAuth", want: "smtp-auth medium"},
		{name: "protocol odd", head: "sender address,authentication protocol", row: "scan@contoso.com,n/a", want: "smtp-auth medium"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rep, err := Read(strings.NewReader(tt.head+"\n"+tt.row+"\n"), Options{Accepted: contoso, Inbound: tt.inbound})
			if err != nil {
				t.Fatal(err)
			}
			checkReport(t, rep)
			all := Suggest(rep.Found, nil)
			if len(all) != 1 {
				t.Fatalf("%d suggestions", len(all))
			}
			s := all[0]
			got := fmt.Sprintf("%s %s", s.Method, s.Confidence)
			if got != tt.want || !strings.Contains(s.Why[0], tt.why) {
				t.Errorf("got %s (%s), want %s (%s)", got, s.Why[0], tt.want, tt.why)
			}
		})
	}
}

// One message has as many rows as recipients or events, and is counted once.
func TestRowsOfAMessage(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       string
	}{
		{"a row for each recipient", "Received,SenderAddress,RecipientAddress,MessageId,MessageTraceId\n2026-11-03,s@contoso.com,a@contoso.com,<1>,t1\n2026-11-03,s@contoso.com,b@contoso.com,<1>,t1\n", "1 1 2"},
		{"a Message-ID that the device repeats", "Received,SenderAddress,RecipientAddress,MessageId\n2026-11-03T08:00:00,s@contoso.com,a@contoso.com,<same>\n2026-11-03T09:00:00,s@contoso.com,a@contoso.com,<same>\n", "2 2 2"},
		{"no ID", "Received,SenderAddress,RecipientAddress\n2026-11-03,s@contoso.com,a@contoso.com\n2026-11-03,s@contoso.com,a@contoso.com\n", "2 2 2"},
		{"the busiest day", "Received,SenderAddress,RecipientAddress\n2026-11-03,s@contoso.com,a@contoso.com\n2026-11-04,s@contoso.com,a@contoso.com;b@contoso.com\n2026-11-04,s@contoso.com,a@contoso.com\n", "3 2 3"},
		{"two files put together", "Received,SenderAddress,RecipientAddress\n2026-11-03,s@contoso.com,a@contoso.com\n\ufeffReceived,SenderAddress,RecipientAddress\n2026-11-04,s@contoso.com,a@contoso.com\n", "2 1 1"},
		{"no date", "SenderAddress,RecipientAddress\ns@contoso.com,a@contoso.com\n", "1 0 0"},
		{"events", "date_time_utc,sender_address,recipient_address,event_id,network_message_id\n2026-11-03T08:00:00Z,s@contoso.com,a@x.example;b@x.example,RECEIVE,1\n2026-11-03T08:00:01Z,s@contoso.com,a@x.example;b@x.example,RECEIVE,1\n2026-11-03T08:00:01Z,s@contoso.com,a@x.example,SEND,1\n", "1 1 2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rep, err := Read(strings.NewReader(tt.text), Options{Accepted: contoso})
			if err != nil || len(rep.Found) != 1 {
				t.Fatal(rep.Found, err)
			}
			f := rep.Found[0]
			if got := fmt.Sprint(f.Messages, f.PerDay, f.RcptPerDay); got != tt.want {
				t.Errorf("messages, of a day, recipients of a day: %s, want %s", got, tt.want)
			}
		})
	}
}

func TestScope(t *testing.T) {
	t.Parallel()
	tests := []struct {
		to   string
		want Scope
	}{
		{"a@contoso.com##Receive, Deliver;B@CONTOSO.COM##Receive, Deliver", ScopeInternal},
		{"a@xn--bcher-kva.example", ScopeInternal},
		{"a@bücher.example", ScopeInternal},
		{"a@sub.contoso.com", ScopeOneExternal},
		{"a@x.example;A@X.example;b@contoso.com", ScopeOneExternal},
		{"a@x.example;b@x.example", ScopeOneDomain},
		{"a@x.example;a@y.example", ScopeAnyone},
		{"", ScopeUnknown},
		{";##;", ScopeUnknown},
		{"/o=ExchangeLabs/cn=x;a@contoso.com", ScopeUnknown},
		{"nobody;a@x.example", ScopeUnknown},
		{"nobody;a@x.example;a@y.example", ScopeAnyone},
		{"@contoso.com", ScopeUnknown},
		{"a@evil.example@contoso.com", ScopeInternal},
	}
	for _, tt := range tests {
		rep, err := Read(strings.NewReader("SenderAddress,RecipientAddress\ns@contoso.com,\""+tt.to+"\"\n"), Options{Accepted: []dns.Name{"contoso.com", "xn--bcher-kva.example"}})
		if err != nil || len(rep.Found) != 1 || rep.Found[0].Recipients != tt.want {
			t.Errorf("%q: %v %v, want %s", tt.to, rep.Found, err, tt.want)
		}
	}
}

func TestClient(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"203.0.113.9": "203.0.113.9", "[203.0.113.9]": "203.0.113.9", "203.0.113.9:587": "203.0.113.9", "[2001:db8::1]:25": "2001:db8::1",
		"::ffff:203.0.113.9": "203.0.113.9", "fe80::1%eth0": "fe80::1",
		"": "", "0.0.0.0": "", "::": "", "255.255.255.255": "", "printer.local": "", "203.0.113.009": "", strings.Repeat("1", 100): "",
	} {
		got := ""
		if a := client([]byte(text)); a.IsValid() {
			got = a.String()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for text, private := range map[string]bool{"192.168.1.20": true, "100.64.3.4": true, "fd00::1": true, "203.0.113.9": false, "2001:db8::1": false} {
		s := suggestion(Found{Sender: "s@contoso.com", Auth: AuthUnknown, Address: netip.MustParseAddr(text), told: told{trace: true}}, newNames(nil))
		if s.Private != private || s.IPv6 != strings.Contains(text, ":") {
			t.Errorf("%s: private %v, IPv6 %v", text, s.Private, s.IPv6)
		}
	}
}

func TestCounts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"0": 0, "7": 7, "1204": 1204, "1,204": 1204, "1.204": 1204, "1 204": 1204, "1\u202f204": 1204, "1\u00a0204": 1204, "1'204": 1204, "1’204": 1204, "1.204.377": 1204377,
		"": -1, "1.5": -1, "1,20": -1, "12.0": -1, "1e3": -1, "+1": -1, "0x10": -1, "1.204,5": -1, "١": -1, "one": -1,
	} {
		got, err := count([]byte(text))
		if err != nil {
			got = -1
		}
		if got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"": "false", "0": "false", "0,00 %": "false", "0.0%": "false", "-": "false", "12.5": "true", "33,3\u00a0%": "true", "<1%": "true", "0.004": "true", "100": "true",
		"x": "error", "-1": "error", "1.2.3": "error", "NaN": "error",
	} {
		yes, err := used([]byte(text))
		got := fmt.Sprint(yes)
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("share %q: %s, want %s", text, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	n := newNames([]string{"Scan", "scan-3"})
	for _, tt := range [][2]string{
		{"scan", "scan-2"}, {"SCAN", "scan-4"}, {"anna.user", "anna-user"}, {"a_b+c", "a-b-c"}, {"0123", "device-0123"}, {"null", "device-null"}, {"--", "device"}, {"", "device-2"},
		{"3d-printer", "device-3d-printer"}, {strings.Repeat("ab-", 30), "ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-ab-a"}, {"yes", "device-yes"}, {"café", "caf"},
	} {
		if got := n.unique(tt[0]); got != tt[1] {
			t.Errorf("%q: %q, want %q", tt[0], got, tt[1])
		}
	}
}

// The same mailbox in many rows is one finding for each way to log in, whatever
// the order of the rows.
func TestMailboxTwice(t *testing.T) {
	t.Parallel()
	const head = "Sender address,Authentication Protocol,TLS 1.0,TLS 1.2,Messages sent,Date\n"
	rows := []string{"scan@contoso.com,Basic,0,100,5,2026-11-03\n", "Scan@contoso.com,Basic,50,50,7,2026-11-04\n", "scan@contoso.com,Modern,0,100,1,2026-11-04\n"}
	want := "[scan basic 1.0 12 7] [scan-2 oauth 1.2 1 1]"
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}} {
		text := head
		for _, i := range order {
			text += rows[i]
		}
		rep, err := Read(strings.NewReader(text), Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range Suggest(rep.Found, nil) {
			got = append(got, fmt.Sprint([]any{s.Name, s.Auth, s.TLS, s.Messages, s.PerDay}))
			if !strings.Contains(strings.Join(s.Why, "\n"), "several devices") {
				t.Errorf("not said that a mailbox may hide devices: %q", s.Why)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("order %v: %s, want %s", order, strings.Join(got, " "), want)
		}
	}
}

func TestNotes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		opts Options
		want []string
		not  []string
	}{
		{"Sender address,Messages sent\n", Options{}, []string{"no rows", "no column Authentication Protocol", "no columns about TLS", "which days"}, []string{"RejectDirectSend"}},
		{"Sender address,Authentication Protocol,TLS 1.2\na@contoso.com,Basic,100\n", Options{Days: 7}, nil, []string{"no rows", "which days", "no column"}},
		{"Received,SenderAddress,RecipientAddress,FromIP\n2026-11-03,x@y.example,a@contoso.com,203.0.113.9\n", Options{Accepted: contoso}, []string{"enhanced summary", "no row has a sender", "RejectDirectSend"}, []string{"time zone", "client addresses"}},
		{"Received,SenderAddress\n" + strings.Repeat("2026-11-03,a@contoso.com\n", 1000), Options{Accepted: contoso, Kind: Trace}, []string{"exactly 1000 rows"}, nil},
		{"Date,SenderAddress,connector_id,directionality\n2026-11-03,a@contoso.com,,1\n", Options{Accepted: contoso}, []string{"time zone", "no recipients", "no client addresses"}, []string{"enhanced summary"}},
	}
	for _, tt := range tests {
		rep, err := Read(strings.NewReader(tt.text), tt.opts)
		if err != nil {
			t.Fatal(err)
		}
		all := strings.Join(rep.Notes, "\n")
		for _, w := range tt.want {
			if !strings.Contains(all, w) {
				t.Errorf("%q: %q is not in\n%s", tt.text, w, all)
			}
		}
		for _, w := range tt.not {
			if strings.Contains(all, w) {
				t.Errorf("%q: %q is in\n%s", tt.text, w, all)
			}
		}
	}
}
