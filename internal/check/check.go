// Package check judges the mail DNS of a domain.
//
// [Look] puts together what the protocols make of a survey, the [Domain]; each
// [Check] is a pure function of that. [All] lists the checks in report order,
// one file each.
package check

import (
	"fmt"
	"slices"

	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

// Check is one kind of judgement. Its severity is the same wherever it fires.
type Check struct {
	ID       finding.ID
	Severity finding.Severity
	Title    string   // what is wrong when it fails, in a few words
	Explain  string   // why it matters and what to do, in sentences; paragraphs are parted by an empty line
	Refs     []string // sections of standards, vendor pages
	// Run returns nothing where the check does not apply, a passed finding
	// where it looked and all is well, else a finding for each fault. ID,
	// Severity and Refs are filled in by Judge.
	Run func(*Domain) []finding.Finding
}

// Judge runs checks on a domain and returns their findings in the order of the
// checks. It is pure: the same domain gives the same findings.
func Judge(d *Domain, checks []Check) []finding.Finding {
	var all []finding.Finding
	for _, c := range checks {
		for _, f := range bounded(c.Run(d)) {
			f.ID, f.Severity, f.Refs = c.ID, c.Severity, c.Refs
			all = append(all, f)
		}
	}
	return all
}

// maxFindings bounds what one check says about one domain: a hostile record can
// hold thousands of the same mistake.
const maxFindings = 20

func bounded(findings []finding.Finding) []finding.Finding {
	if len(findings) <= maxFindings {
		return findings
	}
	kept := slices.Clone(findings[:maxFindings])
	kept[maxFindings-1].Message += fmt.Sprintf(" (and %d more of the same kind)", len(findings)-maxFindings)
	return kept
}

// ByID finds a check; ok is false if there is none of that name.
func ByID(id finding.ID) (c Check, ok bool) {
	for _, c := range All {
		if c.ID == id {
			return c, true
		}
	}
	return Check{}, false
}

// fail is a finding about a name that has no record to show.
func fail(subject dns.Name, message, fix string) finding.Finding {
	return finding.Finding{Status: finding.Fail, Subject: subject, Message: message, Fix: fix}
}

// failAt is a finding about a part of a record's text; an empty span means the
// record as a whole.
func failAt(subject dns.Name, record string, span finding.Span, message, fix string) finding.Finding {
	f := fail(subject, message, fix)
	f.Record, f.Span = record, span
	return f
}

func pass(subject dns.Name, message string) finding.Finding {
	return finding.Finding{Status: finding.Pass, Subject: subject, Message: message}
}

// unknown says what could not be found out, and for which failure.
func unknown(subject dns.Name, message string, cause *dns.Error) finding.Finding {
	name := subject
	if cause != nil && cause.Key.Name != "" && !cause.Key.Name.Below(subject) {
		name = cause.Key.Name // a parent's question, which other name servers answer
	}
	fix := "run the check again; if it stays so, ask the operator of the name servers of " + name.Unicode()
	if cause != nil && cause.Cause == dns.Unreachable && cause.Server != "" {
		fix = "see that " + cause.Server + " can be reached from here, or ask another resolver with --resolver"
	} else if cause != nil && cause.Cause == dns.Budget {
		fix = "run the check again with a larger --max-queries"
	} else if cause != nil && cause.Cause == dns.Timeout && cause.Server == "" {
		fix = "run the check again with a longer --deadline"
	}
	if cause != nil && cause.Detail == unseen {
		fix = askPublic
	}
	return finding.Finding{Status: finding.Unknown, Subject: subject, Message: message, Cause: cause, Fix: fix}
}

// orPass returns the faults, or a single passed finding if there are none.
func orPass(faults []finding.Finding, subject dns.Name, message string) []finding.Finding {
	if len(faults) == 0 {
		return []finding.Finding{pass(subject, message)}
	}
	return faults
}
