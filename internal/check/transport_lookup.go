package check

import (
	"sendplan/internal/finding"
)

var mtaSTSLookup = Check{
	ID:       "mta-sts-lookup",
	Severity: finding.Note,
	Title:    "the MTA-STS record or policy could not be looked up",
	Explain: `A question about MTA-STS was not answered, or the web server that holds the policy could not be reached. Nothing is
concluded from it. Senders that have the policy from before go on using it; the others deliver as if there were none.

Ask again. Without access to the web from here, --no-https leaves the policy out.`,
	Refs: []string{"RFC 8461 §3.3", "RFC 8461 §5.1"},
	Run:  runMTASTSLookup,
}

func runMTASTSLookup(d *Domain) []finding.Finding {
	faults := lookupFindings(d, d.Transport.STS, "_mta-sts", "MTA-STS")
	if failed := d.Transport.Policy.Fetch.Err; failed != nil {
		faults = append(faults, unknown(d.Name, "could not get the MTA-STS policy", failed))
	}
	return faults
}

var tlsRPTLookup = Check{
	ID:       "tls-rpt-lookup",
	Severity: finding.Note,
	Title:    "the TLS-RPT record could not be looked up",
	Explain: `The question for the address that takes reports about encrypted delivery was not answered. Nothing is concluded from
it.

Ask again, with another --resolver if need be.`,
	Refs: []string{"RFC 8460 §3"},
	Run: func(d *Domain) []finding.Finding {
		return lookupFindings(d, d.Transport.TLSRPT, "_smtp._tls", "TLS-RPT")
	},
}

var bimiLookup = Check{
	ID:       "bimi-lookup",
	Severity: finding.Note,
	Title:    "the BIMI record could not be looked up",
	Explain: `The question for the record that names the domain's logo was not answered. Nothing is concluded from it.

Ask again, with another --resolver if need be.`,
	Refs: []string{"draft-brand-indicators-for-message-identification §4"},
	Run: func(d *Domain) []finding.Finding {
		return lookupFindings(d, d.Transport.BIMI, "default._bimi", "BIMI")
	},
}

var daneLookup = Check{
	ID:       "dane-lookup",
	Severity: finding.Warning,
	Title:    "the TLSA records of a mail exchanger could not be looked up",
	Explain: `The MX records and the mail exchanger are signed (DNSSEC), and the question for its TLSA records was not answered. Senders
that use DANE may not deliver to such a host: they put the mail off until there is an answer. Some name servers and firewalls
drop questions for types that they do not know.

Ask again; if it stays so, tell the operator of the name servers of the mail exchanger.`,
	Refs: []string{"RFC 7672 §2.1.2"},
	Run:  runDANELookup,
}

func runDANELookup(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, t := range d.Transport.TLSA {
		if t.Lookup.Err != nil && d.Exchange.MX.Answer.Secure && (t.Host.A.Answer.Secure || t.Host.AAAA.Answer.Secure) {
			faults = append(faults, unknown(t.Host.Name, "could not find out whether the mail exchanger uses DANE; senders that do put mail off", t.Lookup.Err))
		}
	}
	return faults
}
