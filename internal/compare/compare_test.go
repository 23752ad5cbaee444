package compare_test

import (
	"bytes"
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"sendplan/internal/check"
	"sendplan/internal/compare"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
	"sendplan/internal/render"
	"sendplan/internal/survey"
	"sendplan/internal/world"
)

// reports checks all domains of the embedded world, in memory.
func reports(t testing.TB) []check.Report {
	zones, err := world.Zones()
	if err != nil {
		t.Fatal(err)
	}
	var all []check.Report
	for _, name := range world.Domains() {
		s := check.Gather(context.Background(), zones, name, check.Options{}, survey.Options{})
		all = append(all, check.Examine(s, name, check.Options{}, nil))
	}
	return all
}

// fataler is what testing.T and rapid.T share.
type fataler interface{ Fatal(...any) }

func written(t fataler, format string, reports ...check.Report) string {
	f, _ := render.FormatByName(format)
	var b bytes.Buffer
	w := f.Checks(&b, render.Page{Width: 80, Version: "v1.0.0", Date: "2026-11-22"})
	for _, r := range reports {
		if err := w.Report(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(0); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func read(t fataler, text string) compare.Run {
	run, err := compare.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// nowhere is a resolver that finds nothing.
type nowhere struct{}

func (nowhere) Lookup(context.Context, dns.Name, dns.Type) (dns.Answer, error) {
	return dns.Answer{}, nil
}

// empty is a domain without anything.
func empty() *check.Domain { return check.Look(nowhere{}, "contoso.example", check.Options{}) }

// A file holds every finding that was written, under the same fingerprint.
func TestReadGivesWhatWasWritten(t *testing.T) {
	t.Parallel()
	all := reports(t)
	run := read(t, written(t, "json", all...))
	if lines := read(t, written(t, "jsonl", all...)); !reflect.DeepEqual(lines.Results, run.Results) {
		t.Error("json and jsonl differ")
	}
	if run.Date != "2026-11-22" || len(run.Results) != len(all) {
		t.Fatalf("date %s, %d results", run.Date, len(run.Results))
	}
	for i, r := range all {
		result := run.Results[i]
		if result.Domain != r.Domain.Name || result.Status != r.Status() || len(result.Findings) != len(r.Findings) {
			t.Fatalf("%s: %+v", r.Domain.Name, result)
		}
		for j, f := range r.Findings {
			if got := result.Findings[j]; got.Fingerprint() != f.Fingerprint() || got.Status != f.Status || got.Severity != f.Severity {
				t.Errorf("%s: wrote %+v, read %+v", r.Domain.Name, f, got)
			}
		}
	}
}

// The same for records that hold anything, and are long enough to be cut.
func TestFingerprintsOutlastFiles(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOfN(rapid.Byte(), 0, 30).Draw(t, "octets")) + rapid.String().Draw(t, "text")
		f := finding.Finding{ID: "spf-syntax", Status: finding.Fail, Subject: "contoso.example", Message: "m"}
		f.Record = strings.Repeat(text, rapid.SampledFrom([]int{1, 1, 300}).Draw(t, "times"))
		f.Span.Start = rapid.IntRange(0, len(f.Record)).Draw(t, "start")
		f.Span.End = rapid.IntRange(f.Span.Start, len(f.Record)).Draw(t, "end")
		r := check.Report{Domain: empty(), Findings: []finding.Finding{f}}
		if got := read(t, written(t, "jsonl", r)).Results[0].Findings[0]; got.Fingerprint() != f.Fingerprint() {
			t.Fatalf("%q is read as %q", f.Record[f.Span.Start:f.Span.End], got.Marked)
		}
	})
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	one := strings.TrimSpace(written(t, "jsonl", reports(t)[0]))
	broken := func(old, new string) string {
		if !strings.Contains(one, old) {
			t.Fatalf("%s is not in %s", old, one)
		}
		return strings.Replace(one, old, new, 1)
	}
	for _, test := range []struct{ name, text, want string }{
		{"nothing", "", "it is empty"},
		{"white space", " \n", "it is empty"},
		{"text", "nordwind.example  pass\n", "no output of sendplan check"},
		{"other JSON", `{"name": "x"}`, "no output of sendplan check"},
		{"a list", `[]`, "no output of sendplan check"},
		{"null", `null`, "no output of sendplan check"},
		{"another command", `{"schema": 1, "domain": "contoso.example", "record": "v=spf1 -all"}`, "no output of sendplan check"},
		{"no results", `{"schema": 1, "tool": "sendplan"}`, "no output of sendplan check"},
		{"another schema", broken(`"schema":1`, `"schema":7`), "it has the schema 7, this sendplan reads 1"},
		{"cut off", one[:len(one)/2], "unexpected EOF"},
		{"twice", one + "\n" + one, "twice"},
		{"a document and more", written(t, "json") + "x", "something follows"},
		{"bad domain", broken(`"domain":"nordwind.example"`, `"domain":"a..b"`), "empty label"},
		{"bad status", broken(`"status":"pass"`, `"status":"good"`), `the status "good"`},
		{"with a baseline", broken(`"schema":1`, `"schema":1,"baseline":{}`), "--baseline"},
		{"bad ID", `{"schema":1,"domain":"a.example","status":"fail","findings":[{"id":"\u001b[2J","severity":"error","status":"fail"}]}`, "no ID"},
		{"bad severity", `{"schema":1,"domain":"a.example","status":"fail","findings":[{"id":"x","severity":"bad","status":"fail"}]}`, `the severity "bad"`},
		{"a passed finding", `{"schema":1,"domain":"a.example","status":"fail","findings":[{"id":"x","severity":"note","status":"pass"}]}`, `the status "pass"`},
		{"span outside", `{"schema":1,"domain":"a.example","status":"fail","findings":[{"id":"x","severity":"note","status":"fail","record":"abc","span":{"start":1,"end":9}}]}`, "outside"},
		{"span reversed", `{"schema":1,"domain":"a.example","status":"fail","findings":[{"id":"x","severity":"note","status":"fail","record":"abc","span":{"start":2,"end":1}}]}`, "outside"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := compare.Read(strings.NewReader(test.text))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// Windows PowerShell writes UTF-16 with a byte order mark, editors add one to
// UTF-8.
func TestReadTakesWindowsFiles(t *testing.T) {
	t.Parallel()
	text := written(t, "json", reports(t)[:3]...)
	want := read(t, text)
	utf16le := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(strings.ReplaceAll(text, "\n", "\r\n"))) {
		utf16le = append(utf16le, byte(unit), byte(unit>>8))
	}
	for name, text := range map[string]string{"UTF-16": string(utf16le), "UTF-8": "\ufeff" + text} {
		if got := read(t, text); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"schema":1,"tool":"sendplan","date":"2026-11-22","results":[]}`))
	f.Add([]byte(`{"schema":1,"domain":"a.example","status":"fail","findings":[{"id":"x","severity":"note","status":"fail","record":"abc","span":{"start":1,"end":2}}],"mx":{"result":"null"}}`))
	f.Add([]byte("\xff\xfe{\x00}\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		run, err := compare.Read(bytes.NewReader(text))
		if err != nil {
			return
		}
		if d := compare.Diff(run, run); len(d.Domains) > 0 {
			t.Errorf("a run differs from itself: %+v", d)
		}
	})
}

// found builds a run about one domain.
func found(findings ...compare.Finding) compare.Run {
	return compare.Run{Results: []compare.Result{{Domain: "contoso.example", Status: "fail", Findings: findings}}}
}

func one(id finding.ID, marked string) compare.Finding {
	return compare.Finding{ID: id, Severity: finding.Error, Status: finding.Fail, Subject: "contoso.example", Marked: marked, Message: "m " + marked}
}

func asUnknown(f compare.Finding) compare.Finding {
	f.Status = finding.Unknown
	return f
}

func TestDiff(t *testing.T) {
	t.Parallel()
	a, b, elsewhere := one("spf-syntax", "ipv4:1"), one("dmarc-missing", ""), one("spf-syntax", "ipv6:1")
	note := a
	note.Severity = finding.Note
	for _, test := range []struct {
		name                    string
		old, new                compare.Run
		appeared, gone, changed int
		failed, unknown         bool
	}{
		{"the same", found(a, b), found(b, a), 0, 0, 0, false, false},
		{"one more", found(a), found(a, b), 1, 0, 0, true, false},
		{"one less", found(a, b), found(a), 0, 1, 0, false, false},
		{"the same fault twice", found(a), found(a, a), 1, 0, 0, true, false},
		{"another place", found(a), found(elsewhere), 0, 0, 1, false, false},
		{"another place as well", found(a), found(elsewhere, a), 1, 0, 0, true, false},
		{"graver", found(note), found(a), 0, 0, 1, true, false},
		{"milder", found(a), found(note), 0, 0, 1, false, false},
		{"unknown now", found(a), found(asUnknown(a)), 0, 0, 1, false, true},
		{"unknown before", found(asUnknown(a)), found(a), 0, 0, 1, true, false},
		{"unknown both times", found(asUnknown(a)), found(asUnknown(a)), 0, 0, 0, false, false},
		{"a new unknown", found(), found(asUnknown(a)), 1, 0, 0, false, true},
		{"a new domain", compare.Run{}, found(a), 1, 0, 0, true, false},
		{"a domain less", found(a), compare.Run{}, 0, 0, 0, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := compare.Diff(test.old, test.new)
			var appeared, gone, changed int
			for _, one := range d.Domains {
				appeared, gone, changed = appeared+len(one.Appeared), gone+len(one.Gone), changed+len(one.Changed)
			}
			if appeared != test.appeared || gone != test.gone || changed != test.changed {
				t.Errorf("%d appeared, %d gone, %d changed: %+v", appeared, gone, changed, d)
			}
			if d.Failed(finding.Error) != test.failed || d.Unknown() != test.unknown {
				t.Errorf("failed %v, unknown %v", d.Failed(finding.Error), d.Unknown())
			}
		})
	}
}

// Nothing is lost: what the old run held and what appeared is what the new run
// holds and what went.
func TestDiffBalances(t *testing.T) {
	t.Parallel()
	some := rapid.SliceOfN(rapid.SampledFrom([]compare.Finding{
		one("a", ""), one("a", "x"), one("a", "y"), one("b", ""), asUnknown(one("b", "")), asUnknown(one("c", "")),
	}), 0, 8)
	rapid.Check(t, func(t *rapid.T) {
		old, new := some.Draw(t, "old"), some.Draw(t, "new")
		there, back := compare.Diff(found(old...), found(new...)), compare.Diff(found(new...), found(old...))
		var appeared, gone, missed, left int
		for _, one := range there.Domains {
			appeared, gone = appeared+len(one.Appeared), gone+len(one.Gone)
		}
		for _, one := range back.Domains {
			missed, left = missed+len(one.Appeared), left+len(one.Gone)
		}
		if len(old)+appeared != len(new)+gone || appeared != left || gone != missed {
			t.Fatalf("%d and %d, but %d and %d; back %d and %d", len(old), appeared, len(new), gone, missed, left)
		}
	})
}

func TestFacts(t *testing.T) {
	t.Parallel()
	line := func(facts string) compare.Run {
		return read(t, `{"schema":1,"domain":"contoso.example","status":"pass","findings":[],`+facts+`}`)
	}
	const calm = `"mx":{"result":"none"},"spf":{"result":"none","record":""},"dmarc":{"source":"none"},"dkim":{"selectors":[]}`
	for _, test := range []struct {
		name, old, new string
		want           []compare.FactChange
	}{
		{"the same", calm, calm, nil},
		{"SPF", `"spf":{"result":"none"}`, `"spf":{"result":"valid","record":"v=spf1 -all"}`,
			[]compare.FactChange{{Old: compare.Fact{What: "SPF", Known: true}, New: compare.Fact{What: "SPF", Text: "v=spf1 -all", Known: true}}}},
		{"SPF cannot be asked", `"spf":{"result":"valid","record":"v=spf1 -all"}`, `"spf":{"result":"temperror"}`,
			[]compare.FactChange{{Old: compare.Fact{What: "SPF", Text: "v=spf1 -all", Known: true}, New: compare.Fact{What: "SPF"}}}},
		{"an include cannot be asked", `"spf":{"result":"valid","record":"v=spf1 -all"}`, `"spf":{"result":"temperror","record":"v=spf1 -all"}`, nil},
		{"MX in another order", `"mx":{"result":"records","hosts":[{"preference":10,"host":"a"},{"preference":10,"host":"b"}]}`,
			`"mx":{"result":"records","hosts":[{"preference":10,"host":"b"},{"preference":10,"host":"a"}]}`, nil},
		{"null MX", `"mx":{"result":"none"}`, `"mx":{"result":"null"}`,
			[]compare.FactChange{{Old: compare.Fact{What: "MX", Known: true}, New: compare.Fact{What: "MX", Text: "0 .", Known: true}}}},
		{"a selector that was not asked before", `"dkim":{"selectors":[]}`, `"dkim":{"selectors":[{"selector":"s","state":"live"}]}`, nil},
		{"a new key", `"dkim":{"selectors":[{"selector":"s","state":"live","record":"p=A"}]}`, `"dkim":{"selectors":[{"selector":"s","state":"live","record":"p=B"}]}`,
			[]compare.FactChange{{Old: compare.Fact{What: "DKIM s", Text: "live p=A", Known: true}, New: compare.Fact{What: "DKIM s", Text: "live p=B", Known: true}}}},
		{"inherited", `"dmarc":{"source":"author","record":"v=DMARC1","record_domain":"contoso.example"}`, `"dmarc":{"source":"org","record":"v=DMARC1","record_domain":"example"}`,
			[]compare.FactChange{{Old: compare.Fact{What: "DMARC", Text: "v=DMARC1", Known: true}, New: compare.Fact{What: "DMARC", Text: "v=DMARC1 (at example)", Known: true}}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got []compare.FactChange
			for _, one := range compare.Diff(line(test.old), line(test.new)).Domains {
				got = append(got, one.Facts...)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestSince(t *testing.T) {
	t.Parallel()
	fail := finding.Finding{ID: "spf-syntax", Severity: finding.Error, Status: finding.Fail, Subject: "contoso.example", Record: "v=spf1 ipv4:1", Span: finding.Span{Start: 7, End: 13}}
	reworded, moved, unknown := fail, fail, fail
	reworded.Message = "in other words"
	moved.Record, moved.Span = "v=spf1 mx ipv4:1", finding.Span{Start: 10, End: 16}
	unknown.Status = finding.Unknown
	elsewhere := fail
	elsewhere.Record = "v=spf1 ipv6:1"
	other := finding.Finding{ID: "dmarc-missing", Status: finding.Unknown, Subject: "contoso.example"}
	for _, test := range []struct {
		name    string
		base    []finding.Finding
		now     []finding.Finding
		ignored []finding.ID
		left    int
		want    check.Since
	}{
		{"known", []finding.Finding{fail}, []finding.Finding{fail}, nil, 0, check.Since{Known: 1}},
		{"known in other words", []finding.Finding{fail}, []finding.Finding{reworded}, nil, 0, check.Since{Known: 1}},
		{"known, in a record that changed", []finding.Finding{fail}, []finding.Finding{moved}, nil, 0, check.Since{Known: 1}},
		{"another part of the record", []finding.Finding{fail}, []finding.Finding{elsewhere}, nil, 1, check.Since{Gone: 1}},
		{"new", nil, []finding.Finding{fail}, nil, 1, check.Since{}},
		{"once more", []finding.Finding{fail}, []finding.Finding{fail, fail}, nil, 1, check.Since{Known: 1}},
		{"gone", []finding.Finding{fail}, nil, nil, 0, check.Since{Gone: 1}},
		{"ignored is not gone", []finding.Finding{fail}, nil, []finding.ID{"spf-syntax"}, 0, check.Since{}},
		{"unseen", []finding.Finding{fail}, []finding.Finding{other}, nil, 1, check.Since{Unseen: 1}},
		{"an unknown is never known", []finding.Finding{unknown}, []finding.Finding{unknown}, nil, 1, check.Since{}},
		{"an unknown does not hide a fail", []finding.Finding{unknown}, []finding.Finding{fail}, nil, 1, check.Since{}},
		{"a fail does not hide an unknown", []finding.Finding{fail}, []finding.Finding{unknown}, nil, 1, check.Since{Unseen: 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			domain := empty()
			base := read(t, written(t, "jsonl", check.Report{Domain: domain, Findings: test.base})).Results[0]
			got := compare.Since(base, check.Report{Domain: domain, Findings: test.now}, test.ignored)
			if len(got.Findings) != test.left || *got.Since != test.want {
				t.Errorf("%d left, %+v; want %d, %+v", len(got.Findings), *got.Since, test.left, test.want)
			}
		})
	}
}

// A run since itself has nothing new but what is unknown.
func TestSinceItself(t *testing.T) {
	t.Parallel()
	all := reports(t)
	base := read(t, written(t, "json", all...)).ByDomain()
	for _, r := range all {
		got := compare.Since(base[r.Domain.Name], r, nil)
		for _, f := range got.Findings {
			if f.Status != finding.Unknown {
				t.Errorf("%s: %s is new", r.Domain.Name, f.ID)
			}
		}
		if got.Since.Gone+got.Since.Unseen != 0 {
			t.Errorf("%s: %+v", r.Domain.Name, *got.Since)
		}
	}
}
