package words

import (
	"fmt"

	"sendplan/dmarc"
)

// Policy is which DMARC policy applies, and why.
func Policy(d dmarc.Discovery) string {
	switch d.Effective {
	case dmarc.Unknown:
		return "the policy is not known"
	case dmarc.NoPolicy:
		return "no policy applies"
	}
	text := "policy " + d.Effective.String()
	if d.Effective != d.Policy {
		text += " (" + d.Policy.String() + " with t=y)"
	}
	if d.Source != dmarc.FromAuthor {
		text += fmt.Sprintf(", from %s= at %s", d.Tag, d.PolicyDomain)
	}
	return text
}
