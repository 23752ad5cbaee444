package check

import (
	"fmt"

	"sendplan/dkim"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

var dkimLookup = Check{
	ID:       "dkim-lookup",
	Severity: finding.Error,
	Title:    "a DKIM key could not be looked up",
	Explain: `A question about a DKIM key was not answered. That is a failure of the name servers or of the way to them; it
does not mean that the key is missing, so nothing is concluded from it. With CNAME records the failing server is often that
of the provider who keeps the key.

Ask again, with another --resolver if need be. If it lasts, receivers cannot verify signatures either, and DMARC then rests
on SPF alone.

The selector of a signature is not published anywhere, so common ones are tried. A failure with one of these is told only
when no usable key was found at all.`,
	Refs: []string{"RFC 6376 §3.6.2", "RFC 6376 §6.1.2"},
	Run:  runDKIMLookup,
}

func runDKIMLookup(d *Domain) []finding.Finding {
	var faults []finding.Finding
	var guesses []dkim.Selector
	for i, s := range d.DKIM.Selectors {
		switch {
		case s.State != dkim.Unknown:
		case i < d.DKIM.Given || isMicrosoftSelector(s) && d.maySignAtMicrosoft():
			faults = append(faults, unknown(s.Name, "could not find out what is published for the selector "+s.Selector, s.Err))
		default:
			guesses = append(guesses, s)
		}
	}
	if len(guesses) > 0 && !d.hasLiveKey() {
		s := guesses[0]
		faults = append(faults, unknown(s.Name, fmt.Sprintf("could not find out what is published for %d of the %d selectors tried, %s for one",
			len(guesses), len(d.DKIM.Selectors), s.Selector), s.Err))
	}
	if err := d.probeErr(); err != nil && len(faults) == 0 {
		faults = append(faults, unknown(d.DKIM.Probe.Name, "could not find out whether a wildcard record answers for every selector", err))
	}
	return orPass(faults, d.Name, "all questions about DKIM keys were answered")
}

// probeErr returns why it is not known whether a wildcard record made one of the
// answers, or nil if that is known or makes no difference.
func (d *Domain) probeErr() *dns.Error {
	if d.allSelectors(dkim.Missing, dkim.Unknown) {
		return nil
	}
	return d.DKIM.Probe.Err
}
