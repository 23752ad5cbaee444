package render_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/world"
)

// sarifSchema is the schema of the OASIS standard.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	const file = "testdata/sarif/sarif-schema-2.1.0.json"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat() // "uri" and "uri-reference" are checked too
	if err := c.AddResource(file, doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func validate(t interface{ Fatalf(string, ...any) }, schema *jsonschema.Schema, text string) {
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err == nil {
		err = schema.Validate(doc)
	}
	if err != nil {
		t.Fatalf("%v\n%.4000s", err, text)
	}
}

// sarifLog is SARIF as a consumer reads it.
type sarifLog struct {
	Runs []struct {
		Tool struct {
			Driver struct{ Rules []map[string]any }
		}
		Results []struct {
			RuleID    string
			RuleIndex int
			Kind      string
			Level     string
			Message   struct{ Text string }
			Locations []struct {
				PhysicalLocation struct {
					ArtifactLocation      struct{ URI string }
					Region, ContextRegion *struct {
						CharOffset, CharLength, StartColumn, EndColumn int
						Snippet                                        struct{ Text string }
					}
				}
			}
			PartialFingerprints map[string]string
		}
	}
}

func readSARIF(t fataler, text string) sarifLog {
	var log sarifLog
	if err := json.Unmarshal([]byte(text), &log); err != nil {
		t.Fatal(err)
	}
	return log
}

func TestSARIFIsValid(t *testing.T) {
	t.Parallel()
	schema, f := sarifSchema(t), format(t, "sarif")
	var all []check.Report
	for _, name := range world.Domains() {
		all = append(all, examine(t, name))
	}
	validate(t, schema, write(t, f))
	validate(t, schema, write(t, f, all...))
	rapid.Check(t, func(t *rapid.T) {
		validate(t, schema, write(t, f, hostileReport(t)))
	})
}

// The schema is no rubber stamp.
func TestSARIFSchemaRefuses(t *testing.T) {
	t.Parallel()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(`{"version": "2.1.0", "runs": [{"results": []}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if sarifSchema(t).Validate(doc) == nil {
		t.Error("a run without a tool is accepted")
	}
}

// What the schema cannot say: rules are found by index, a kind other than fail
// has no level (§3.27.10), regions mark what they say, no text is a link.
func TestSARIFHoldsTogether(t *testing.T) {
	t.Parallel()
	f := format(t, "sarif")
	rapid.Check(t, func(t *rapid.T) {
		r := hostileReport(t)
		run := readSARIF(t, write(t, f, r)).Runs[0]
		if len(run.Results) != len(r.Findings) {
			t.Fatalf("%d results, %d findings", len(run.Results), len(r.Findings))
		}
		for i, result := range run.Results {
			if run.Tool.Driver.Rules[result.RuleIndex]["id"] != result.RuleID || result.RuleID != string(r.Findings[i].ID) {
				t.Fatalf("rule %s stands at %d", result.RuleID, result.RuleIndex)
			}
			if (result.Kind == "fail") == (result.Level == "none") {
				t.Fatalf("kind %s with level %s", result.Kind, result.Level)
			}
			if strings.Contains(result.Message.Text, "](") {
				t.Fatalf("a link: %s", result.Message.Text)
			}
			place := result.Locations[0].PhysicalLocation
			region, context := place.Region, place.ContextRegion
			if region == nil {
				continue
			}
			if text := []rune(region.Snippet.Text); len(text) != region.CharLength || region.EndColumn-region.StartColumn != region.CharLength {
				t.Fatalf("%+v", region)
			}
			if context != nil && string([]rune(context.Snippet.Text)[region.CharOffset:region.CharOffset+region.CharLength]) != region.Snippet.Text {
				t.Fatalf("%+v in %+v", region, context)
			}
		}
	})
}

func TestSARIFNamesRecords(t *testing.T) {
	t.Parallel()
	reports := []check.Report{examine(t, "spf-typo.example"), examine(t, "servfail.example")}
	uris := make(map[string]bool)
	for _, result := range readSARIF(t, write(t, format(t, "sarif"), reports...)).Runs[0].Results {
		uris[result.Locations[0].PhysicalLocation.ArtifactLocation.URI] = true
	}
	for _, want := range []string{"dns:spf-typo.example?type=TXT", "dns:servfail.example?type=TXT"} {
		if !uris[want] {
			t.Errorf("%s is not among %v", want, uris)
		}
	}
}

// Fingerprints do not change with what may change.
func TestSARIFFingerprints(t *testing.T) {
	t.Parallel()
	prints := func(r check.Report) map[string]bool {
		seen := make(map[string]bool)
		for _, result := range readSARIF(t, write(t, format(t, "sarif"), r)).Runs[0].Results {
			seen[result.PartialFingerprints["sendplan/v1"]] = true
		}
		return seen
	}
	r := examine(t, "spf-typo.example")
	before := prints(r)
	for i := range r.Findings {
		r.Findings[i].Message += " in other words"
	}
	if !maps.Equal(before, prints(r)) {
		t.Error("the message is part of the fingerprint")
	}
	r.Findings[0].Subject = dns.Name("other.example")
	if maps.Equal(before, prints(r)) {
		t.Error("the subject is no part of the fingerprint")
	}
}

// withoutOtherRules leaves only the rules that results name in a golden file, so
// that it does not change with every new check.
func withoutOtherRules(t *testing.T, text string) string {
	var doc map[string]any
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	run := doc["runs"].([]any)[0].(map[string]any)
	used := make(map[any]bool)
	for _, result := range run["results"].([]any) {
		result := result.(map[string]any)
		used[result["ruleId"]] = true
		result["ruleIndex"] = "of " + result["ruleId"].(string)
	}
	for _, invocation := range run["invocations"].([]any) {
		notes, _ := invocation.(map[string]any)["toolExecutionNotifications"].([]any)
		for _, note := range notes {
			rule := note.(map[string]any)["associatedRule"].(map[string]any)
			rule["index"] = "of " + rule["id"].(string)
		}
	}
	driver := run["tool"].(map[string]any)["driver"].(map[string]any)
	var rules []any
	for _, rule := range driver["rules"].([]any) {
		if used[rule.(map[string]any)["id"]] {
			rules = append(rules, rule)
		}
	}
	driver["rules"] = rules
	short, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(short) + "\n"
}
