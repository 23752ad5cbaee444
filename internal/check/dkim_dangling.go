package check

import (
	"fmt"

	"sendplan/dkim"
	"sendplan/internal/finding"
)

var dkimDangling = Check{
	ID:       "dkim-dangling",
	Severity: finding.Warning,
	Title:    "a DKIM selector leads nowhere",
	Explain: `The CNAME record of the selector leads to a name that holds no key. Signatures with this selector cannot be
verified. Either the service was cancelled, or it has not made the key yet, or the target has a typing error.

If the service is no longer used, remove the record: were somebody to get hold of the target's name, he could publish a key
there and sign mail as this domain.`,
	Refs: []string{"RFC 6376 §3.6.2", "RFC 6376 §6.1.2"},
	Run:  runDKIMDangling,
}

func runDKIMDangling(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, s := range d.inState(dkim.Dangling) {
		fix := fmt.Sprintf("compare the target with what the service that signs asks for, or remove the record %s IN CNAME %s if it is no longer used",
			s.Name.Zone(), s.Target.Zone())
		if isMicrosoftSelector(s) && d.usesMicrosoft() {
			fix = dkimSetup(d.Name)
		}
		faults = append(faults, fail(s.Name, fmt.Sprintf("%s leads to %s, where there is no key", s.Selector, s.Target), fix))
	}
	return faults
}
