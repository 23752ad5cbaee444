package interview

import (
	"strings"

	"sendplan/planner"
)

// risks are what a yes means for mail, by the family of its ID.
var risks = map[string]string{
	"dmarc-raise":    "mail that does not pass then goes to junk or is refused, also that of senders that nobody has listed here",
	"dmarc-unsigned": "mail that is forwarded, which passes by its signature alone, is then refused if nobody signs",
	"spf-gain":       "whoever sends from these addresses may then send as the domain",
	"spf-drop":       "whoever still sends that way then fails SPF",
	"spf-unused":     "whoever still sends that way then fails SPF",
}

// riskOf is what a yes to an ID means for mail, "" if no more than it says.
func riskOf(id planner.AcceptID) string {
	family, _, _ := strings.Cut(string(id), "/")
	return risks[family]
}
