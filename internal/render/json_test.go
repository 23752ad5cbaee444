package render

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"sendplan/internal/finding"
)

// fieldNames returns the names that a document has in JSON, those of embedded
// ones included.
func fieldNames(doc reflect.Type) []string {
	var names []string
	for _, f := range reflect.VisibleFields(doc) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// Scripts rely on these names: more may come, none may go.
func TestFieldsThatStay(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		what, fields string
		doc          any
	}{
		{"check", "schema results", checkDoc{}},
		{"result", "schema domain status findings mx spf dkim dmarc dns", checkOne{}},
		{"finding", "id severity status subject record span message fix refs", findingJSON{}},
		{"span", "start end", spanJSON{}},
		{"spf", "record result lookups void_lookups tree", spfJSON{}},
		{"dkim", "selectors", dkimJSON{}},
		{"selector", "selector state target key_bits", selectorJSON{}},
		{"dmarc", "record record_domain org_domain policy effective_policy", dmarcJSON{}},
		{"dns", "queries servers", dnsJSON{}},
		{"spf tree", "schema record result lookups void_lookups tree", spfTreeDoc{}},
		{"spf eval", "schema result mechanism explanation lookups void_lookups trace", spfEvalDoc{}},
		{"dmarc lookup", "schema record record_domain org_domain policy effective_policy walk rfc7489", dmarcDoc{}},
		{"rfc7489", "record record_domain org_domain policy effective_policy", oldPolicyJSON{}},
		{"dkim lookup", "schema selectors", dkimDoc{}},
		{"explain", "schema id severity title explain refs", explainDoc{}},
		{"plan", "schema date verdict right domains stages devices senders blocked unknown offers sources", planDoc{}},
		{"stage", "title current before_date open wait_s until conditions changes tasks", stageJSON{}},
		{"change", "zone name type ttl old_ttl old new old_strings new_strings why held", changeJSON{}},
		{"task", "who subject text command why", taskJSON{}},
		{"condition", "text met why accept", conditionJSON{}},
		{"planned device", "name method now recommended vetoes hops before after right why", plannedJSON{}},
		{"hop", "judged address mail_from why", deviceHop{}},
		{"outcome", "spf dkim dmarc right why cause hops", outcomeJSON{}},
		{"sender", "domain what who before after", senderJSON{}},
		{"block", "id accept subject message fix holds", blockJSON{}},
		{"unknown", "subject message fix cause", unknownJSON{}},
		{"offer", "accept subject text flatten", offerJSON{}},
		{"validate", "schema date verdict right zone devices senders blocked unknown sources", validDoc{}},
		{"verify", "schema date live servers resolver wait_s unknown next_known next", verifyDoc{}},
		{"standing", "zone name address state lacks cause remark no_route", standingJSON{}},
		{"verified resolver", "compared differs", verifyResolverJSON{}},
		{"stale set", "name type held ttl_s cause", staleJSON{}},
	} {
		t.Run(tt.what, func(t *testing.T) {
			t.Parallel()
			have := fieldNames(reflect.TypeOf(tt.doc))
			for _, want := range strings.Fields(tt.fields) {
				if !slices.Contains(have, want) {
					t.Errorf("there is no field %q in %q", want, have)
				}
			}
		})
	}
}

func TestWindow(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("0123456789", 2*maxRecord/10)
	wide := strings.Repeat("中", 2*maxRecord/3)
	for _, tt := range []struct {
		what, record string
		span         finding.Span
	}{
		{"short", "v=spf1 -all", finding.Span{Start: 7, End: 11}},
		{"as long as may be", long[:maxRecord], finding.Span{Start: maxRecord - 1, End: maxRecord}},
		{"at the start", long, finding.Span{Start: 0, End: 3}},
		{"in the middle", long, finding.Span{Start: 5000, End: 5003}},
		{"at the end", long, finding.Span{Start: len(long) - 3, End: len(long)}},
		{"without a span", long, finding.Span{}},
		{"the span is longer than what is shown", long, finding.Span{Start: 10, End: len(long)}},
		{"wide characters", wide, finding.Span{Start: 5001, End: 5004}},
	} {
		t.Run(tt.what, func(t *testing.T) {
			t.Parallel()
			part, span := window(tt.record, tt.span)
			if len(part) > maxRecord+2*utf8.UTFMax || !utf8.ValidString(part) || !strings.Contains(tt.record, part) {
				t.Fatalf("%d octets: %.40q", len(part), part)
			}
			if span.Start < 0 || span.End > len(part) || span.Start > span.End {
				t.Fatalf("span %v of %d octets", span, len(part))
			}
			marked := tt.record[tt.span.Start:tt.span.End]
			if got := part[span.Start:span.End]; !strings.HasPrefix(marked, got) || got == "" && marked != "" {
				t.Errorf("%.40q is marked, not %.40q", got, marked)
			}
		})
	}
}

func TestSpanCountsWhatStandsInTheJSON(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		what, record string
		start, end   int
		want         string
	}{
		{"plain", "v=spf1 -all", 7, 11, "-all"},
		{"behind an octet that is no UTF-8", "\xff -all", 2, 6, "-all"},
		{"such an octet", "a\xffb", 1, 2, `\255`},
		{"a character", "aéb", 1, 3, "é"},
		{"the second octet of a character", "aéb", 2, 3, "é"},
		{"the first octet of a character", "a中b", 1, 2, "中"},
		{"past the end", "abc", 1, 9, "bc"},
		{"nothing", "é", 2, 2, ""},
	} {
		t.Run(tt.what, func(t *testing.T) {
			t.Parallel()
			span := newSpan(tt.record, tt.start, tt.end)
			shown := octets(tt.record)
			if span.Start > span.End || span.End > len(shown) {
				t.Fatalf("%v lies outside of %q", *span, shown)
			}
			if got := shown[span.Start:span.End]; got != tt.want {
				t.Errorf("%q is marked, want %q", got, tt.want)
			}
		})
	}
}

// FuzzEncode: the JSON is printable ASCII, a reader gets back what stood there,
// and every span lies inside, on whole characters.
func FuzzEncode(f *testing.F) {
	for _, s := range []string{"", "v=spf1 -all", "\x00\x1b[2J\x7f\x9b", "\u202eabc\u2028", "\xff\xfe", "é中𝄞", "\xf0\x9d\x84", `\"<&>`} {
		f.Add(s, 1, 2)
	}
	f.Fuzz(func(t *testing.T, s string, start, end int) {
		shown := octets(s)
		if !utf8.ValidString(shown) {
			t.Fatalf("%q becomes %q", s, shown)
		}
		var b bytes.Buffer
		if err := encode(&b, shown, ""); err != nil {
			t.Fatal(err)
		}
		for _, c := range bytes.TrimSuffix(b.Bytes(), []byte("\n")) {
			if c < ' ' || c > '~' {
				t.Fatalf("%q becomes %q", s, b.Bytes())
			}
		}
		var back string
		if err := json.Unmarshal(b.Bytes(), &back); err != nil || back != shown {
			t.Fatalf("%q is read back as %q, %v", shown, back, err)
		}
		if start < 0 || end < start {
			return
		}
		span := newSpan(s, start, end)
		if span.Start > span.End || span.End > len(shown) {
			t.Fatalf("span %v of %q", *span, shown)
		}
		if !utf8.ValidString(shown[:span.Start]) || !utf8.ValidString(shown[:span.End]) {
			t.Fatalf("span %v cuts a character of %q", *span, shown)
		}
	})
}
