package check

import (
	"fmt"

	"sendplan/internal/finding"
)

var daneUnusable = Check{
	ID:       "dane-unusable",
	Severity: finding.Warning,
	Title:    "no TLSA record of a mail exchanger can be used",
	Explain: `Senders that use DANE take TLSA records with usage 3 (this certificate) or 2 (this authority), selector 0 or 1, and a digest
of the right length. Records with usage 0 or 1, which name a public authority, are not for SMTP. With none that they can use
they insist on encryption but check no certificate, so the records do not protect.

Publish "3 1 1" with the SHA-256 digest of the certificate's public key.`,
	Refs: []string{"RFC 7672 §3.1", "RFC 7672 §3.1.3"},
	Run:  runDANEUnusable,
}

func runDANEUnusable(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, t := range d.Transport.TLSA {
		records := t.Lookup.Answer.Records
		if len(records) == 0 || len(t.usable()) > 0 {
			continue
		}
		faults = append(faults, failAt(t.Host.Name, records[0].Data.String(), finding.Span{},
			fmt.Sprintf("none of the %s of %s can be used for mail", plural(len(records), "TLSA record"), t.Host.Name.Unicode()),
			"ask the operator of the mail exchanger for TLSA records with usage 3 or 2"))
	}
	return faults
}

var daneInsecure = Check{
	ID:       "dane-insecure",
	Severity: finding.Warning,
	Title:    "TLSA records are published that nobody uses, because DNSSEC is missing",
	Explain: `The mail exchanger has TLSA records, but the domain's MX records, the host's addresses or the TLSA records are not signed.
Senders use DANE only where all three are, because else whoever can change one of the answers can change where mail goes. The
records have no effect.

Sign the zone (DNSSEC) and hand its DS record to the registry, or do without the TLSA records.`,
	Refs: []string{"RFC 7672 §2.1", "RFC 7672 §2.2"},
	Run:  runDANEInsecure,
}

func runDANEInsecure(d *Domain) []finding.Finding {
	if !d.Transport.Validates() {
		return nil // the resolver does not tell
	}
	var faults []finding.Finding
	for _, t := range d.Transport.TLSA {
		if len(t.Lookup.Answer.Records) == 0 || t.Secure(d) || t.Host.Err() != nil {
			continue
		}
		what := "its own zone is not signed"
		if !d.Exchange.MX.Answer.Secure {
			what = "the MX records of " + d.Name.Unicode() + " are not signed"
		}
		faults = append(faults, fail(t.Host.Name, fmt.Sprintf("the TLSA records of %s have no effect: %s", t.Host.Name.Unicode(), what),
			"sign the zone with DNSSEC and hand its DS record to the registry"))
	}
	return faults
}

var danePartial = Check{
	ID:       "dane-partial",
	Severity: finding.Note,
	Title:    "only some of the mail exchangers use DANE",
	Explain: `Senders choose a mail exchanger by preference, and one in between can keep them from the protected ones. As long as one of
the hosts has no usable TLSA records, mail can be led there and read.

Publish TLSA records for all mail exchangers, or remove those without.`,
	Refs: []string{"RFC 7672 §2.2.1"},
	Run:  runDANEPartial,
}

func runDANEPartial(d *Domain) []finding.Finding {
	var with, without []TLSA
	for _, t := range d.Transport.TLSA {
		switch {
		case t.Lookup.Err != nil:
			return nil
		case len(t.usable()) > 0:
			with = append(with, t)
		default:
			without = append(without, t)
		}
	}
	if len(with) == 0 || len(with)+len(without) < len(d.Exchange.Hosts) && len(without) == 0 {
		return nil
	}
	var faults []finding.Finding
	for _, t := range without {
		faults = append(faults, fail(t.Host.Name, fmt.Sprintf("%s has no usable TLSA records, but %s has", t.Host.Name.Unicode(), with[0].Host.Name.Unicode()),
			"ask the operator of the mail exchanger for TLSA records, or take its MX record out"))
	}
	return faults
}
