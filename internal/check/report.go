package check

import (
	"context"
	"slices"

	"sendplan/internal/dns"
	"sendplan/internal/finding"
	"sendplan/internal/survey"
)

// Report is the outcome of the checks of one domain.
type Report struct {
	Domain   *Domain
	Findings []finding.Finding // failed and unknown, in the order of the checks
	Passed   []finding.Finding
	Queries  int      // different questions asked
	Servers  []string // who answered or failed, sorted
	Since    *Since   // what an earlier run took out of it; nil without one
}

// Since is the part of a report that an earlier run, the baseline, knew.
type Since struct {
	Known  int // failed findings that the baseline holds too; they are left out
	Gone   int // failed findings of the baseline that are not there any more
	Unseen int // the same, where they may be there, because something could not be asked
}

// Status is a domain's standing in one word.
type Status string

// The standings, from good to bad; what could not be told outweighs a warning,
// because it may hide an error.
const (
	StatusPass    Status = "pass"
	StatusWarning Status = "warning"
	StatusUnknown Status = "unknown"
	StatusFail    Status = "fail"
)

// Status returns the standing: fail if an error was found, else unknown if
// something could not be told, else warning if one was found, else pass.
func (r Report) Status() Status {
	switch {
	case r.has(finding.Fail, finding.Error):
		return StatusFail
	case r.has(finding.Unknown, finding.Note):
		return StatusUnknown
	case r.has(finding.Fail, finding.Warning):
		return StatusWarning
	}
	return StatusPass
}

// Failed reports whether a check of at least this severity failed.
func (r Report) Failed(least finding.Severity) bool { return r.has(finding.Fail, least) }

// Unknown reports whether something could not be told.
func (r Report) Unknown() bool { return r.has(finding.Unknown, finding.Note) }

func (r Report) has(status finding.Status, least finding.Severity) bool {
	return slices.ContainsFunc(r.Findings, func(f finding.Finding) bool {
		return f.Status == status && f.Severity >= least
	})
}

// Examine looks at a survey and judges it. Findings whose ID is in ignored are
// left out.
func Examine(s *survey.Survey, name dns.Name, opts Options, ignored []finding.ID) Report {
	r := Report{Domain: Look(s, name, opts), Queries: s.Queries(), Servers: s.Servers()}
	for _, f := range Judge(r.Domain, All) {
		switch {
		case slices.Contains(ignored, f.ID):
		case f.Status == finding.Pass:
			r.Passed = append(r.Passed, f)
		default:
			r.Findings = append(r.Findings, f)
		}
	}
	return r
}

// Gather surveys a domain: it asks resolver whatever Look needs.
func Gather(ctx context.Context, resolver dns.Resolver, name dns.Name, opts Options, bounds survey.Options) *survey.Survey {
	return survey.Gather(ctx, resolver, bounds, func(r dns.Resolver) { Look(r, name, opts) })
}
