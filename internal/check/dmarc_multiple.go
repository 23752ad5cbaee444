package check

import (
	"fmt"

	"sendplan/dmarc"
	"sendplan/internal/finding"
)

var dmarcMultiple = Check{
	ID:       "dmarc-multiple",
	Severity: finding.Error,
	Title:    "there are several DMARC records at one name",
	Explain: `Where two DMARC records stand at one name, receivers use neither. The policy is lost, as if there were no record
at all; at a subdomain, that of the parent may apply instead.

Keep one of them. To have reports sent to several addresses, list them in one rua= with commas between.`,
	Refs: []string{"RFC 9989 §4.10"},
	Run:  runDMARCMultiple,
}

// severalRecords returns the names that decide the domain's policy and hold more
// than one DMARC record: the domain itself, and the registered domain where the
// domain has no record of its own.
func (d *Domain) severalRecords() []dmarc.Step {
	var found []dmarc.Step
	for i, step := range d.ownSteps() {
		if i > 0 && step.Domain != d.registered() {
			if step.Kept {
				break
			}
			continue
		}
		if step.Kept {
			break
		}
		if countFate(step, dmarc.Several) > 1 {
			found = append(found, step)
		}
	}
	return found
}

func countFate(step dmarc.Step, fate dmarc.Fate) int {
	n := 0
	for _, t := range step.Texts {
		if t.Fate == fate {
			n++
		}
	}
	return n
}

func runDMARCMultiple(d *Domain) []finding.Finding {
	if !d.isPresent() {
		return nil
	}
	var faults []finding.Finding
	for _, step := range d.severalRecords() {
		var texts []string
		for _, t := range step.Texts {
			if t.Fate == dmarc.Several {
				texts = append(texts, t.Text)
			}
		}
		faults = append(faults, fail(step.Name,
			fmt.Sprintf("%s holds %d DMARC records, so receivers use none of them: %s", step.Name, len(texts), quoteAll(texts)),
			"remove all DMARC records at "+step.Name.Zone()+" but one"))
	}
	return faults
}
