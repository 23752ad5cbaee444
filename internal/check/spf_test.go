package check

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfChecks = []Check{
	spfLookup, spfMissing, spfMultiple, spfAlmost, spfSyntax, spfDoubtful, spfTooManyLookups, spfManyLookups,
	spfVoidLookups, spfVoidLookupsIPv6, spfVoidTerm, spfIncludeNone, spfIncludeBroken, spfLoop, spfMXHosts,
	spfPassAll, spfNeutralAll, spfNoAll, spfAfterAll, spfRedirectIgnored, spfPTR, spfDuplicate,
	spfMicrosoftMissing, spfWrongCloud, spfPrivateAddress, spfStrictAll, spfDeadInclude,
}

const (
	contosoSOA = "$TTL 3600\ncontoso.example. IN SOA ns1.contoso.example. h.contoso.example. 1 7200 900 1209600 300\n"
	rootSOA    = "\n. IN SOA ns1.invalid. h.invalid. 1 7200 900 1209600 300\n"
)

// spfDomain looks at contoso.example in a world of the records given.
func spfDomain(t *testing.T, records string) *Domain {
	t.Helper()
	zones, err := dns.ParseZones(contosoSOA+records+rootSOA, "test")
	if err != nil {
		t.Fatal(err)
	}
	return Look(zones, "contoso.example", Options{})
}

// spfFaults judges by the SPF checks and leaves out what passed.
func spfFaults(t *testing.T, records string) []finding.Finding {
	t.Helper()
	all := Judge(spfDomain(t, records), spfChecks)
	for _, f := range all {
		checkSPFFinding(t, f)
	}
	return slices.DeleteFunc(all, func(f finding.Finding) bool { return f.Status == finding.Pass })
}

// checkSPFFinding holds what must be so of every finding: its span lies in the
// record, and no fix proposes a record that is broken or too long to evaluate.
func checkSPFFinding(t *testing.T, f finding.Finding) {
	t.Helper()
	if f.Span.Start < 0 || f.Span.End > len(f.Record) || f.Span.Start > f.Span.End {
		t.Errorf("%s: span %v outside the record %q", f.ID, f.Span, f.Record)
	}
	if f.Status == finding.Pass {
		return
	}
	if f.Fix == "" || f.Message == "" || strings.HasSuffix(strings.TrimSuffix(f.Message, "..."), ".") {
		t.Errorf("%s: message %q, fix %q", f.ID, f.Message, f.Fix)
	}
	if _, text, ok := strings.Cut(f.Fix, ` IN TXT "`); ok {
		text, _ = strings.CutSuffix(strings.ReplaceAll(text, `" "`, ""), `"`)
		if record := spf.Parse(text); !record.Valid() || countTerms(record) > maxLookups {
			t.Errorf("%s proposes the record %q: %v", f.ID, text, record.Errors)
		}
	}
}

func ids(findings []finding.Finding) string {
	var list []string
	for _, f := range findings {
		list = append(list, string(f.ID))
	}
	return strings.Join(slices.Compact(list), " ")
}

func TestSPFZones(t *testing.T) {
	for _, c := range spfChecks {
		for _, which := range []string{"fires", "silent"} {
			t.Run(string(c.ID)+"/"+which, func(t *testing.T) {
				text, err := os.ReadFile(filepath.Join("testdata", string(c.ID), which+".zone"))
				if err != nil {
					t.Fatal(err)
				}
				zones, err := dns.ParseZones(string(text), which)
				if err != nil {
					t.Fatal(err)
				}
				found := slices.DeleteFunc(Judge(Look(zones, "contoso.example", Options{}), []Check{c}),
					func(f finding.Finding) bool { return f.Status == finding.Pass })
				for _, f := range found {
					checkSPFFinding(t, f)
					t.Logf("%s: %s\n  record %q span %q\n  fix: %s", f.Subject, f.Message, f.Record, f.Record[f.Span.Start:f.Span.End], f.Fix)
				}
				if fires := len(found) > 0; fires != (which == "fires") {
					t.Errorf("found %d findings", len(found))
				}
			})
		}
	}
}
