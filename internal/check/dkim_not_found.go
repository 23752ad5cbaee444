package check

import (
	"fmt"
	"strings"

	"sendplan/dkim"
	"sendplan/internal/finding"
)

var dkimNotFound = Check{
	ID:       "dkim-not-found",
	Severity: finding.Note,
	Title:    "no DKIM key was found under the selectors that were tried",
	Explain: `A DKIM key stands under a selector that the signer chooses, and DNS offers no list of them. sendplan tries the
selectors of the services that the MX and SPF records name, and the most common ones. None of them holds a key.

That proves nothing: the domain may sign with a selector that was not tried. Look at the header DKIM-Signature of a message
that the domain sent, take the value of s=, and ask again with --selector. If there is no such header, or its d= is another
domain, switch signing on at the service that sends: without DKIM a forwarded message fails DMARC.`,
	Refs: []string{"RFC 6376 §3.1", "RFC 9989 §5.1"},
	Run:  runDKIMNotFound,
}

func runDKIMNotFound(d *Domain) []finding.Finding {
	if found := d.inState(dkim.Live); len(found) > 0 {
		live := make([]string, len(found))
		for i, s := range found {
			live[i] = fmt.Sprintf("%s (%s, %d bits)", s.Selector, s.KeyType, s.KeyBits)
		}
		return []finding.Finding{pass(d.Name, "usable keys were found: "+strings.Join(live, ", "))}
	}
	if d.hasLiveKey() || !d.isPresent() || !d.knowsSelectors() || d.mayBeParked() || d.lacksMicrosoftKeys() || d.probeErr() != nil ||
		!d.allSelectors(dkim.Missing, dkim.Wildcard, dkim.KeyRevoked) {
		return nil
	}
	return []finding.Finding{fail(d.Name,
		fmt.Sprintf("no usable key was found among the %d names asked, which proves nothing: another selector may be in use (asked: %s)", len(d.DKIM.Selectors), d.selectorNames()),
		"take the selector from s= in the header DKIM-Signature of a message that the domain sent, and run sendplan check "+d.Name.Unicode()+" --selector with it")}
}
