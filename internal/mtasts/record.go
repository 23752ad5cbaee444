// Package mtasts reads what a domain says by MTA-STS (RFC 8461): the record that
// announces a policy, and the policy.
package mtasts

import (
	"fmt"
	"strings"
)

// Record announces a policy.
type Record struct {
	ID string // changes with every change of the policy
}

// version begins every record; it is case-sensitive (RFC 8461 §3.1).
const version = "v=STSv1;"

// IsRecord reports whether a TXT record is one of MTA-STS; others at the name
// are discarded (RFC 8461 §3.1).
func IsRecord(text string) bool { return strings.HasPrefix(text, version) }

// ParseRecord reads a record. An error says why senders take it for none.
func ParseRecord(text string) (Record, error) {
	if !IsRecord(text) {
		return Record{}, fmt.Errorf("it does not begin with %q", version)
	}
	var r Record
	fields := strings.Split(text[len(version):], ";")
	if strings.Trim(fields[len(fields)-1], " \t") == "" {
		fields = fields[:len(fields)-1] // the last delimiter may end the record
	}
	for _, field := range fields {
		field = strings.Trim(field, " \t")
		name, value, ok := strings.Cut(field, "=")
		switch {
		case !ok || !extensionName(name) || !extensionValue(value):
			return Record{}, fmt.Errorf("%q is no field: expected name=value", field)
		case name != "id":
		case !letters(value) || len(value) > 32:
			return Record{}, fmt.Errorf("id %q: expected 1 to 32 letters and digits", value)
		case r.ID != "":
			return Record{}, fmt.Errorf("it has two ids")
		default:
			r.ID = value
		}
	}
	if r.ID == "" {
		return Record{}, fmt.Errorf("it has no id")
	}
	return r, nil
}

func letters(s string) bool {
	for _, c := range []byte(s) {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9') {
			return false
		}
	}
	return s != ""
}

// extensionName is sts-ext-name of RFC 8461 §3.1.
func extensionName(s string) bool {
	for i, c := range []byte(s) {
		if !letters(string(c)) && (i == 0 || strings.IndexByte("_-.", c) < 0) {
			return false
		}
	}
	return s != "" && len(s) <= 32
}

// extensionValue is sts-ext-value of RFC 8461 §3.1.
func extensionValue(s string) bool {
	for _, c := range []byte(s) {
		if c <= ' ' || c == ';' || c == '=' || c >= 0x7f {
			return false
		}
	}
	return s != ""
}
