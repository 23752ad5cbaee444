package spf

import (
	"fmt"
	"strings"
	"testing"

	"sendplan/internal/dns"
)

// txt is a TXT record line of zone text.
func txt(name string, strs ...string) string {
	line := name + " 60 IN TXT"
	for _, s := range strs {
		for ; len(s) > dns.MaxString; s = s[dns.MaxString:] {
			line += ` "` + s[:dns.MaxString] + `"`
		}
		line += ` "` + s + `"`
	}
	return line + "\n"
}

// numbered repeats a format with the numbers 1 to n.
func numbered(n int, format string) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		b.WriteString(strings.ReplaceAll(format, "#", fmt.Sprint(i)))
	}
	return b.String()
}

// TestKnownMistakes holds both the tree and the evaluation against verdicts that
// SPF tools are known to get wrong.
func TestKnownMistakes(t *testing.T) {
	hosts := numbered(12, "h#.example. 60 IN A 192.0.2.#\nh#.example. 60 IN AAAA 2001:db8::#\n")
	leaf := txt("leaf.example.", "v=spf1 ip4:192.0.2.77 -all")
	tests := []struct {
		name     string
		zone     string
		client   string
		result   Result
		validity Validity
		lookups  int
		voids    int
		problems string
	}{
		{"the lookups of a repeated include count again",
			txt("d.example.", "v=spf1 include:i1.example include:i2.example include:i3.example -all") +
				numbered(3, txt("i#.example.", "v=spf1 include:twice.example -all")) +
				txt("twice.example.", "v=spf1 a:h1.example a:h2.example -all") + hosts,
			"203.0.113.9", PermError, PermanentErr, 12, 0, "too-many-lookups"},
		{"one target by two paths is no loop",
			txt("d.example.", "v=spf1 include:i1.example include:i2.example -all") +
				numbered(2, txt("i#.example.", "v=spf1 include:leaf.example -all")) + leaf,
			"192.0.2.77", Pass, Valid, 4, 0, ""},
		{"eleven direct a terms",
			txt("d.example.", "v=spf1"+numbered(11, " a:h#.example")+" -all") + hosts,
			"203.0.113.9", PermError, PermanentErr, 11, 0, "too-many-lookups"},
		{"exactly ten is fine",
			txt("d.example.", "v=spf1"+numbered(10, " a:h#.example")+" -all") + hosts,
			"203.0.113.9", Fail, Valid, 10, 0, ""},
		{"a/24 and mx/24 ask for the domain itself",
			txt("d.example.", "v=spf1 a/24 mx/24 -all") + "d.example. 60 IN A 198.51.100.1\nd.example. 60 IN AAAA 2001:db8::9\nd.example. 60 IN MX 10 h1.example.\n" + hosts,
			"192.0.2.200", Pass, Valid, 2, 0, ""},
		{"qualified includes count",
			txt("d.example.", "v=spf1"+numbered(11, " ?include:leaf.example")+" -all") + leaf,
			"203.0.113.9", PermError, PermanentErr, 11, 0, "too-many-lookups"},
		{"terms after all cost nothing",
			txt("d.example.", "v=spf1 -all"+numbered(12, " include:i#.example")),
			"203.0.113.9", Fail, Valid, 0, 0, ""},
		{"redirect beside all is ignored",
			txt("d.example.", "v=spf1 redirect=plus.example -all") + txt("plus.example.", "v=spf1 +all"),
			"203.0.113.9", Fail, Valid, 0, 0, ""},
		{"include of a name without SPF",
			txt("d.example.", "v=spf1 include:no.example -all") + txt("no.example.", "hello"),
			"203.0.113.9", PermError, PermanentErr, 1, 0, "include-none"},
		{"include of a name that does not exist",
			txt("d.example.", "v=spf1 include:nx.example -all"),
			"203.0.113.9", PermError, PermanentErr, 1, 1, "include-none"},
		{"SERVFAIL of an include is temperror",
			txt("d.example.", "v=spf1 include:sick.example -all") + ";! servfail sick.example. TXT\n",
			"203.0.113.9", TempError, UnknownErrors, 1, 0, "unanswered"},
		{"timeout of an include is temperror",
			txt("d.example.", "v=spf1 include:slow.example -all") + ";! timeout slow.example. ANY\n",
			"203.0.113.9", TempError, UnknownErrors, 1, 0, "unanswered"},
		{"two voids are allowed",
			txt("d.example.", "v=spf1 a:n1.example a:n2.example -all"),
			"203.0.113.9", Fail, Valid, 2, 2, ""},
		{"three voids are not",
			txt("d.example.", "v=spf1 a:n1.example a:n2.example a:n3.example include:leaf.example -all") + leaf,
			"203.0.113.9", PermError, PermanentErr, 4, 3, "too-many-voids"},
		{"mx with eleven hosts",
			txt("d.example.", "v=spf1 mx -all") + numbered(11, "d.example. 60 IN MX # h#.example.\n") + hosts,
			"192.0.2.1", PermError, PermanentErr, 1, 0, "too-many-mx-hosts"},
		{"mx with eleven hosts that have no address",
			txt("d.example.", "v=spf1 mx -all") + numbered(11, "d.example. 60 IN MX # nx#.example.\n"),
			"192.0.2.1", PermError, PermanentErr, 1, 0, "too-many-mx-hosts"},
		{"mx with ten hosts",
			txt("d.example.", "v=spf1 mx -all") + numbered(10, "d.example. 60 IN MX # h#.example.\n") + hosts,
			"192.0.2.10", Pass, Valid, 1, 0, ""},
		{"unknown modifiers are ignored",
			txt("d.example.", "v=spf1 ra=postmaster rp=100 x-note=%{d} ip4:192.0.2.1 -all"),
			"192.0.2.1", Pass, Valid, 0, 0, ""},
		{"upper case is the same record",
			txt("d.example.", "V=SPF1 IP4:192.0.2.1 INCLUDE:LEAF.EXAMPLE -ALL") + leaf,
			"192.0.2.77", Pass, Valid, 1, 0, ""},
		{"a leading blank makes it no SPF record",
			txt("d.example.", " v=spf1 -all"), "203.0.113.9", None, NoRecord, 0, 0, ""},
		{"two strings are joined without a blank",
			txt("d.example.", "v=spf1 ip4:192.0.2.1 -", "all"), "203.0.113.9", Fail, Valid, 0, 0, ""},
		{"two strings that a blank would have to separate",
			txt("d.example.", "v=spf1 ip4:192.0.2.1", "-all"), "203.0.113.9", PermError, PermanentErr, 0, 0, "syntax"},
		{"two records",
			txt("d.example.", "v=spf1 -all") + txt("d.example.", "v=spf1 ip4:192.0.2.1 -all"),
			"192.0.2.1", PermError, PermanentErr, 0, 0, "multiple-records"},
		{"an include loop ends",
			txt("d.example.", "v=spf1 include:other.example -all") + txt("other.example.", "v=spf1 include:d.example -all"),
			"203.0.113.9", PermError, PermanentErr, 2, 0, "loop"},
		{"a redirect to itself ends",
			txt("d.example.", "v=spf1 redirect=d.example"), "203.0.113.9", PermError, PermanentErr, 1, 0, "loop"},
		{"an include with macros depends on the sender",
			txt("d.example.", "v=spf1 include:%{ir}.%{v}._ip.d.example -all") + txt("1.2.0.192.in-addr._ip.d.example.", "v=spf1 +all"),
			"192.0.2.1", Pass, Valid, 1, 0, ""},
		{"redirect to a name without SPF",
			txt("d.example.", "v=spf1 redirect=no.example"), "203.0.113.9", PermError, PermanentErr, 1, 1, "redirect-none"},
		{"a syntax error after the term that matches",
			txt("d.example.", "v=spf1 ip4:192.0.2.1 -all ipv4:192.0.2.9"), "192.0.2.1", PermError, PermanentErr, 0, 0, "syntax"},
		{"no record", "d.example. 60 IN A 192.0.2.1\n", "192.0.2.1", None, NoRecord, 0, 0, ""},
		{"no domain", "", "192.0.2.1", None, NoRecord, 0, 0, ""},
		{"SERVFAIL of the domain itself", ";! servfail d.example. TXT\n", "192.0.2.1", TempError, UnknownErrors, 0, 0, "unanswered"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			z := zones(t, tt.zone)
			if v := evaluate(t, z, tt.client); v.Result != tt.result {
				t.Errorf("evaluation gives %s, want %s\n%s", v.Result, tt.result, storyOf(v))
			}
			tree := expand(t, z)
			if tree.Result != tt.validity || tree.Lookups != tt.lookups || tree.Voids4 != tt.voids || problems(tree) != tt.problems {
				t.Errorf("tree: %s, %d lookups, %d voids, problems %q; want %s, %d, %d, %q\n%s",
					tree.Result, tree.Lookups, tree.Voids4, problems(tree), tt.validity, tt.lookups, tt.voids, tt.problems, states(tree.Root))
			}
		})
	}
}
