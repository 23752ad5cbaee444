package spf

import (
	"strings"
	"testing"
)

func TestSizeOf(t *testing.T) {
	t.Parallel()
	// 12 octets of header, 13 of the name on the wire, 4 of the question, and for
	// each record 12 and its strings, as RFC 1035 §4.1 has them.
	for _, test := range []struct {
		name string
		txts []string
		want Size
	}{
		{"none", nil, Size{Longest: 0, Content: 11, Plain: 29, Message: 40}},
		{"an empty text has one string", []string{""}, Size{0, 11, 42, 53}},
		{"one string", []string{strings.Repeat("x", 255)}, Size{255, 266, 29 + 12 + 256, 40 + 12 + 256}},
		{"one octet more takes a second string", []string{strings.Repeat("x", 256)}, Size{256, 267, 29 + 12 + 258, 40 + 12 + 258}},
		{"all records count", []string{"v=spf1 -all", "token"}, Size{11, 27, 29 + 24 + 13 + 5, 40 + 24 + 13 + 5}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := SizeOf("d23.example", test.txts...); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}
