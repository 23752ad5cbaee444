package inventory

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func docs(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../../docs/inventory.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// Every field has its line in the documentation, and every line its field.
func TestDocsFields(t *testing.T) {
	t.Parallel()
	var fields []string
	for _, f := range fileFields() {
		fields = append(fields, f.name)
		fields = append(fields, f.below...)
	}
	text := docs(t)
	var lines []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z0-9_.]+)` \\| [^|]+\\|[^|]*\\|$").FindAllStringSubmatch(text, -1) {
		lines = append(lines, m[1])
	}
	for _, f := range fields {
		if !slices.Contains(lines, f) && f != "tenant" {
			t.Errorf("%s has no line", f)
		}
	}
	for _, l := range lines {
		if !slices.Contains(fields, l) {
			t.Errorf("the line of %s is of no field", l)
		}
	}
}

// Every word that a field takes is in its line.
func TestDocsWords(t *testing.T) {
	t.Parallel()
	text := docs(t)
	for field, words := range map[string][]string{
		"tenant.cloud":                    spellings([]Cloud{Worldwide, GCCHigh, DoD, China}, "unknown"),
		"tenant.mailboxes.smtp_auth":      spellings([]MailboxAuth{AuthEnabled, AuthDisabled, AuthInherit}),
		"tenant.dkim.status":              spellings([]DKIMStatus{DKIMValid, DKIMCnameMissing, DKIMNoKeys}, "unknown"),
		"tenant.connectors.type":          spellings([]ConnectorType{OnPremises, Partner}),
		"sites.port25":                    spellings([]Port{PortOpen, PortBlocked}, "unknown"),
		"domains.dmarc.target":            spellings([]DMARCTarget{DMARCKeep, DMARCNone, DMARCQuarantine, DMARCReject}),
		"domains.spf.flattened.term":      {"include:", "a:", "mx:", "redirect=", "a", "mx"},
		"domains.spf.all":                 spellings([]SPFAll{SPFKeep, SPFSoftFail, SPFFail}),
		"devices.kind":                    spellings(kinds()),
		"devices.recipients":              spellings([]Recipients{Internal, OneExternal, OneDomain, Anyone}, "unknown"),
		"devices.auth":                    spellings([]Auth{AuthNone, AuthBasic, AuthOAuth}, "unknown"),
		"devices.tls":                     {"none", `"1.0"`, `"1.1"`, `"1.2"`, `"1.3"`, "unknown"},
		"tenant.inbound":                  {"direct", "gateway:<id>", "own-server:<device>", "unknown"},
		"tenant.outbound_connectors.type": spellings([]ConnectorType{OnPremises, Partner}),
	} {
		_, line, _ := strings.Cut(text, "\n| `"+field+"` |")
		line, _, _ = strings.Cut(line, "\n")
		for _, w := range words {
			if !strings.Contains(line, "`"+w+"`") {
				t.Errorf("%s: the line lacks %s", field, w)
			}
		}
	}
	for _, m := range methods() {
		if !strings.Contains(text, "`"+string(m)+"`") {
			t.Errorf("the method %s is not described", m)
		}
	}
}

// The examples are read without a doubt.
func TestDocsExamples(t *testing.T) {
	t.Parallel()
	parts := strings.Split(docs(t), "```yaml\n")
	if len(parts) != 3 {
		t.Fatalf("%d examples", len(parts)-1)
	}
	for i, part := range parts[1:] {
		example, _, _ := strings.Cut(part, "```")
		if f := parse(t, example); len(f.Warnings) > 0 {
			t.Errorf("example %d: %v", i+1, f.Warnings)
		}
	}
}
