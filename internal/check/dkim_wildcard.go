package check

import (
	"fmt"

	"sendplan/dkim"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

var dkimWildcard = Check{
	ID:       "dkim-wildcard",
	Severity: finding.Warning,
	Title:    "every DKIM selector gets the same answer",
	Explain: `A selector that nobody uses was asked for, and there was an answer: a wildcard record answers for all names, or
the name server makes answers up. What is found under a common selector then says nothing about signing, and verifiers get
a text that is no key, or the same key for every selector.

Remove the wildcard record, or publish the real selectors as records of their own. A wildcard that declares every key
revoked ("v=DKIM1; p=") is fine, and usual for domains that do not send.`,
	Refs: []string{"RFC 4592 §2.1", "RFC 6376 §3.6.2"},
	Run:  runDKIMWildcard,
}

func runDKIMWildcard(d *Domain) []finding.Finding {
	probe := d.DKIM.Probe
	at := dns.Name("_domainkey." + d.Name)
	switch {
	case probe.State == dkim.Unknown || probe.State == dkim.Missing:
		return nil
	case probe.State == dkim.KeyRevoked:
		return []finding.Finding{pass(at, "a wildcard record declares the keys of all other selectors revoked")}
	case len(probe.Texts) > 0:
		return []finding.Finding{failAt(at, probe.Texts[0], finding.Span{},
			fmt.Sprintf("the selector %s, which nobody uses, has a TXT record: any selector has", probe.Selector),
			wildcardFix(d.Name))}
	}
	return []finding.Finding{fail(at,
		fmt.Sprintf("the selector %s, which nobody uses, leads to %s: any selector does", probe.Selector, probe.Target),
		wildcardFix(d.Name))}
}

func wildcardFix(domain dns.Name) string {
	return fmt.Sprintf("remove the wildcard record, *._domainkey.%[1]s or *.%[1]s, or limit it to the types that need it", domain.Zone())
}
