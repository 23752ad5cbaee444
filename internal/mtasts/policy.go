package mtasts

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sendplan/internal/dns"
)

// Mode is what senders do when a mail exchanger does not fit the policy.
type Mode string

// The modes.
const (
	Enforce Mode = "enforce" // do not deliver there
	Testing Mode = "testing" // deliver, and report
	Off     Mode = "none"    // as if there were no policy
)

// Policy says how mail exchangers must be reached.
type Policy struct {
	Mode   Mode
	MaxAge int       // seconds
	MX     []Pattern // in the order of the text
}

// Pattern is a host name, or "*." and a name: one label, whichever, before it.
type Pattern struct {
	Name     dns.Name
	Wildcard bool
}

// The bounds of a policy (RFC 8461 §3.2, §3.3).
const (
	MaxPolicy = 64 << 10 // octets
	maxMaxAge = 31557600 // seconds
)

// ParsePolicy reads a policy. An error says why senders take it for none.
func ParsePolicy(text string) (Policy, error) {
	if len(text) > MaxPolicy {
		return Policy{}, fmt.Errorf("it has over %d octets", MaxPolicy)
	}
	var p Policy
	first := map[string]string{}
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		line = strings.TrimRight(strings.TrimSuffix(line, "\r"), " \t")
		key, value, ok := strings.Cut(line, ":")
		if !ok || !extensionName(key) {
			return Policy{}, fmt.Errorf("line %d, %q, is not of the form key: value", i+1, clip(line))
		}
		value = strings.TrimLeft(value, " \t")
		if key == "mx" {
			pattern, err := parsePattern(value)
			if err != nil {
				return Policy{}, fmt.Errorf("line %d: %w", i+1, err)
			}
			p.MX = append(p.MX, pattern)
		} else if _, again := first[key]; !again { // RFC 8461 §3.2: of other keys the first counts
			first[key] = value
		}
	}
	return p.fill(first)
}

// fill takes over the fields that are there once.
func (p Policy) fill(fields map[string]string) (Policy, error) {
	if v := fields["version"]; v != "STSv1" {
		return Policy{}, fmt.Errorf("version %q: expected STSv1", clip(v))
	}
	p.Mode = Mode(fields["mode"])
	if !slices.Contains([]Mode{Enforce, Testing, Off}, p.Mode) {
		return Policy{}, fmt.Errorf("mode %q: expected enforce, testing or none", clip(fields["mode"]))
	}
	age, err := strconv.ParseUint(fields["max_age"], 10, 64)
	if err != nil || age > maxMaxAge {
		return Policy{}, fmt.Errorf("max_age %q: expected a number of seconds from 0 to %d", clip(fields["max_age"]), maxMaxAge)
	}
	p.MaxAge = int(age)
	if p.Mode != Off && len(p.MX) == 0 {
		return Policy{}, fmt.Errorf("it names no mx")
	}
	return p, nil
}

func parsePattern(s string) (Pattern, error) {
	rest, wildcard := strings.CutPrefix(s, "*.")
	name, err := dns.ParseName(rest)
	if err != nil || name == dns.Root || strings.Contains(rest, "*") {
		return Pattern{}, fmt.Errorf("mx %q: expected a host name, or *. and a name", clip(s))
	}
	return Pattern{name, wildcard}, nil
}

// String returns the pattern as a policy has it.
func (p Pattern) String() string {
	if p.Wildcard {
		return "*." + p.Name.String()
	}
	return p.Name.String()
}

// Match reports whether a host fits: a wildcard stands for exactly one label
// (RFC 8461 §4.1, RFC 6125 §6.4.3).
func (p Pattern) Match(host dns.Name) bool {
	if p.Wildcard {
		return host.Parent() == p.Name
	}
	return host == p.Name
}

// Allows reports whether the policy names a mail exchanger.
func (p Policy) Allows(host dns.Name) bool {
	return slices.ContainsFunc(p.MX, func(m Pattern) bool { return m.Match(host) })
}

// clip shortens what an error quotes.
func clip(s string) string {
	if len(s) > 60 {
		return s[:60] + "..."
	}
	return s
}
