package check

import (
	"strings"
	"testing"
)

// What lets half of the internet send is as bad, but is called what it is.
func TestSPFPassAllWords(t *testing.T) {
	t.Parallel()
	for record, want := range map[string]string{
		"v=spf1 ip4:0.0.0.0/0 -all": "lets the whole internet send",
		"v=spf1 ip4:0.0.0.0/1 -all": "lets half of the internet send",
		"v=spf1 ip6:2000::/4 -all":  "lets half of the internet send",
		"v=spf1 ip6:2000::/3 -all":  "lets the whole internet send",
	} {
		found := spfFaults(t, spfRR(record))
		if len(found) == 0 || !strings.HasSuffix(found[0].Message, want) {
			t.Errorf("%s: got %v, want %q", record, found, want)
		}
	}
}
