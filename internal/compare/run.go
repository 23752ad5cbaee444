// Package compare tells what differs between two runs of checks. The earlier
// one, or both, are read from what "sendplan check" wrote as JSON.
package compare

import (
	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

// Run is what a run of checks found, as far as runs are compared.
type Run struct {
	Date    string // YYYY-MM-DD, "" if it is not known
	Results []Result
}

// Result is what was found about one domain.
type Result struct {
	Domain   dns.Name
	Status   check.Status
	Findings []Finding // failed and unknown, in report order
	Facts    []Fact
}

// Finding is a finding that was written and read again. Its texts may hold
// whatever a DNS record or a file can hold.
type Finding struct {
	ID       finding.ID
	Severity finding.Severity
	Status   finding.Status
	Subject  string
	Marked   string // the part of the record that it is about
	Message  string
}

// Fingerprint returns what the finding itself had.
func (f Finding) Fingerprint() finding.Fingerprint {
	return finding.NewFingerprint(f.ID, f.Subject, f.Marked)
}

// Fact is one thing that was published in the DNS, in words that are equal if
// it is.
type Fact struct {
	What  string // "SPF", "DKIM selector1"
	Text  string // "" if nothing is there
	Known bool   // false if the DNS did not answer
}

// ByDomain returns the results by their domains.
func (r Run) ByDomain() map[dns.Name]Result {
	results := make(map[dns.Name]Result, len(r.Results))
	for _, result := range r.Results {
		results[result.Domain] = result
	}
	return results
}

// partial reports whether something could not be told, so that a finding may be
// lacking only for that.
func (r Result) partial() bool {
	for _, f := range r.Findings {
		if f.Status == finding.Unknown {
			return true
		}
	}
	return false
}
