package check

import (
	"fmt"

	"sendplan/dkim"
	"sendplan/internal/finding"
	"sendplan/internal/provider"
)

var dkimDangling = Check{
	ID:       "dkim-dangling",
	Severity: finding.Warning,
	Title:    "a DKIM selector leads nowhere",
	Explain: `The CNAME record of the selector leads to a name that holds no key. Signatures with this selector cannot be
verified. Either the service was cancelled, or it has not made the key yet, or the target has a typing error.

If the service is no longer used, remove the record: whoever gets hold of the target's name can publish a key there and sign
mail as this domain.`,
	Refs: []string{"RFC 6376 §3.6.2", "RFC 6376 §6.1.2"},
	Run:  runDKIMDangling,
}

func runDKIMDangling(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, s := range d.inState(dkim.Dangling) {
		if d.swapped(s) {
			continue // dkim-swapped tells why there is no key
		}
		fix := fmt.Sprintf("compare the target with what the service that signs asks for, or remove the record %s IN CNAME %s if it is no longer used",
			s.Name.Zone(), s.Target.Zone())
		message := fmt.Sprintf("%s leads to %s, where there is no key", s.Selector, s.Target)
		meant, typo := provider.DKIMTypo(s.Target, d.Name)
		switch {
		case typo == provider.Relative:
			message += ": the final dot was left out, so the zone's own name was added"
			fix = fmt.Sprintf("publish %s IN CNAME %s with the final dot", s.Name.Zone(), meant.Name.Zone())
		case typo == provider.WhiteSpace:
			message += ": white space was published with the name"
			fix = fmt.Sprintf("publish %s IN CNAME %s without it", s.Name.Zone(), meant.Name.Zone())
		case isMicrosoftSelector(s) && d.usesMicrosoft():
			fix = dkimSetup(d.Name)
		}
		faults = append(faults, fail(s.Name, message, fix))
	}
	return faults
}
