package evidence

import (
	"strings"
	"testing"
)

func TestRecognized(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		want       bool
	}{
		{"report", "Sender address,Authentication protocol,Messages sent\n", true},
		{"trace", "#TYPE Selected\nReceived;SenderAddress;RecipientAddress;MessageTraceId\n", true},
		{"broken further down", "sender_address,Messages sent,TLS 1.2\n\"open", true},
		{"sender and no more", "sender,name\nscan@contoso.com,printer\n", false},
		{"a list of devices", "printer scan@contoso.com 203.0.113.10\n", false},
		{"a workbook", "PK\x03\x04", false},
		{"nothing", "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := Recognized(strings.NewReader(test.text)); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}
