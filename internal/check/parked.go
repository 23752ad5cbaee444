package check

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/dkim"
	"sendplan/dmarc"
	"sendplan/internal/finding"
	"sendplan/spf"
)

// Profile is what a domain is meant for, as far as the user says.
type Profile string

// The profiles; without one nothing is assumed.
const (
	Parked  Profile = "parked"  // it is kept, but neither sends nor takes mail
	Sending Profile = "sending" // mail is sent from it
)

var parkedSender = Check{
	ID:       "parked-sender",
	Severity: finding.Error,
	Title:    "the domain is said to be parked, but something sends from it",
	Explain: `With --profile parked you say that nothing sends from the domain. Its SPF record lets somebody send, or a DKIM key is in
use. Locking the domain would break that mail, so no advice is given how to lock it.

Find out what sends, by aggregate reports for example. When it is moved or switched off, take its term out of the SPF record
and its DKIM key away, and check again.`,
	Refs: []string{"M3AAWG: protecting parked domains"},
	Run:  runParkedSender,
}

// senders says what shows that somebody sends from the domain.
func (d *Domain) senders() []string {
	var found []string
	if d.sends() {
		found = append(found, fmt.Sprintf("the SPF record %q lets somebody send", d.SPFText()))
	}
	for _, s := range d.DKIM.Selectors {
		if s.State == dkim.Live {
			found = append(found, fmt.Sprintf("the DKIM selector %s has a key", s.Name))
		}
	}
	return found
}

func runParkedSender(d *Domain) []finding.Finding {
	if d.Profile != Parked {
		return nil
	}
	var faults []finding.Finding
	for _, what := range d.senders() {
		faults = append(faults, fail(d.Name, "the domain is not parked: "+what, "find out what sends from it, or check without --profile parked"))
	}
	return faults
}

// locking reports whether the domain can be advised to be locked: nothing sends
// from it, and nothing that would show a sender is unknown.
func (d *Domain) locking() bool {
	unknown := func(s dkim.Selector) bool { return s.State == dkim.Unknown }
	return d.Profile == Parked && d.Exists() && d.Exchange.MX.Err == nil && d.spfAnswered() &&
		!slices.ContainsFunc(d.DKIM.Selectors, unknown) && len(d.senders()) == 0
}

var parkedMX = Check{
	ID:       "parked-mx",
	Severity: finding.Warning,
	Title:    "the parked domain does not refuse mail",
	Explain: `A null MX says that the domain takes no mail, so that senders give up at once, and servers refuse mail that claims to come
from it, because no answer could reach it. Without it mail to the domain goes to its web server, if it has an address, or
waits for days.

Publish a null MX: one MX record with preference 0 and a dot as its host. Do not, if mail to the domain is still read.`,
	Refs: []string{"RFC 7505 §3", "RFC 7505 §4.2", "M3AAWG: protecting parked domains"},
	Run:  runParkedMX,
}

func runParkedMX(d *Domain) []finding.Finding {
	if !d.locking() {
		return nil
	}
	if d.Exchange.Null() {
		return []finding.Finding{pass(d.Name, "the domain refuses all mail by a null MX")}
	}
	return []finding.Finding{fail(d.Name, "the parked domain has no null MX", fmt.Sprintf("publish %s IN MX 0 . as its only MX record", d.Name.Zone()))}
}

var parkedSPF = Check{
	ID:       "parked-spf",
	Severity: finding.Warning,
	Title:    "the parked domain does not say that nobody sends",
	Explain: `The record "v=spf1 -all" tells receivers that no server may send with the domain in the envelope. Any other, or none, leaves
forgers room.

Publish it at the domain. It does not hold for subdomains that exist: each with a record of its own needs one.`,
	Refs: []string{"RFC 7208 §10.1.2", "M3AAWG: protecting parked domains"},
	Run:  runParkedSPF,
}

func runParkedSPF(d *Domain) []finding.Finding {
	if !d.locking() {
		return nil
	}
	if record := d.SPF.Root.Record; record != nil && record.Valid() && len(record.Terms) == 1 &&
		record.Terms[0].Kind == spf.KindAll && record.Terms[0].Qualifier == spf.QualifierFail {
		return []finding.Finding{pass(d.Name, "the SPF record lets nobody send")}
	}
	return []finding.Finding{failAt(d.Name, d.SPFText(), finding.Span{}, `the SPF record of the parked domain is not "v=spf1 -all"`,
		fmt.Sprintf("publish %s IN TXT \"v=spf1 -all\" in place of its SPF record", d.Name.Zone()))}
}

var parkedDMARC = Check{
	ID:       "parked-dmarc",
	Severity: finding.Warning,
	Title:    "the parked domain does not have forged mail rejected",
	Explain: `Nothing sends from the domain, so nothing can be lost: receivers should reject all mail that claims to come from it, and from
its subdomains.

Publish "v=DMARC1; p=reject" at _dmarc, with an address for reports if you want to see who tries.`,
	Refs: []string{"RFC 9989 §4.7", "M3AAWG: protecting parked domains"},
	Run:  runParkedDMARC,
}

func runParkedDMARC(d *Domain) []finding.Finding {
	p := d.DMARC.Discovery
	at, err := d.Name.Child("_dmarc")
	if err != nil || !d.locking() || p.Err != nil || p.Effective == dmarc.Unknown {
		return nil
	}
	if p.Effective == dmarc.Reject && d.subdomainsRejected() {
		return []finding.Finding{pass(d.Name, "mail that claims to come from the domain is to be rejected")}
	}
	return []finding.Finding{fail(at, "mail that claims to come from the parked domain, or from a subdomain, is not to be rejected",
		fmt.Sprintf("publish %s IN TXT \"v=DMARC1; p=reject\"", at.Zone()))}
}

// subdomainsRejected reports whether subdomains are protected as well: no sp or np
// of the record that applies is weaker than reject.
func (d *Domain) subdomainsRejected() bool {
	for _, name := range []string{"sp", "np"} {
		if t, ok := d.DMARC.Record.Tag(name); ok && t.Value != "" && !strings.EqualFold(t.Value, dmarc.Reject.String()) {
			return false
		}
	}
	return true
}

var parkedDKIM = Check{
	ID:       "parked-dkim",
	Severity: finding.Note,
	Title:    "the parked domain does not revoke its DKIM keys",
	Explain: `A wildcard record with an empty key says that no signature in the name of the domain is valid, whichever selector it names.
It is an addition: without any key no signature is valid either, but it tells a key that was withdrawn from one that could
not be found.

Publish it at *._domainkey.`,
	Refs: []string{"RFC 6376 §3.6.1", "M3AAWG: protecting parked domains"},
	Run:  runParkedDKIM,
}

func runParkedDKIM(d *Domain) []finding.Finding {
	at, err := d.Name.Child("*._domainkey")
	switch {
	case err != nil || !d.locking() || d.DKIM.Probe.State == dkim.Unknown:
		return nil
	case d.DKIM.Probe.State == dkim.KeyRevoked:
		return []finding.Finding{pass(d.Name, "every DKIM selector is revoked")}
	}
	return []finding.Finding{fail(at, "the DKIM selectors of the parked domain are not revoked",
		fmt.Sprintf("publish %s IN TXT \"v=DKIM1; p=\"", at.Zone()))}
}

var sendingRefused = Check{
	ID:       "sending-refused",
	Severity: finding.Error,
	Title:    "the domain is said to send, but its records say that it does not",
	Explain: `With --profile sending you say that mail is sent from the domain. Its SPF record lets nobody send, or a null MX says that no
answer can reach it, and receivers refuse its mail for either.

Name the senders in the SPF record, and publish an MX record for answers and bounces.`,
	Refs: []string{"RFC 7208 §5.1", "RFC 7505 §4.2"},
	Run:  runSendingRefused,
}

func runSendingRefused(d *Domain) []finding.Finding {
	if d.Profile != Sending || !d.Exists() {
		return nil
	}
	var faults []finding.Finding
	if record := d.SPF.Root.Record; record != nil && record.Valid() && !d.sends() && !open(record) {
		faults = append(faults, failAt(d.Name, record.Text(), finding.Span{}, "the SPF record lets nobody send", "name the senders in the SPF record"))
	}
	if d.Exchange.Null() {
		faults = append(faults, fail(d.Name, "a null MX says that the domain takes no mail, so receivers refuse mail from it",
			fmt.Sprintf("publish an MX record at %s that leads to a host that takes answers and bounces", d.Name.Unicode())))
	}
	return faults
}

// open reports whether a record leaves those senders undecided that it does not
// name.
func open(record *spf.Record) bool {
	all := record.All()
	return all < 0 || record.Terms[all].Qualifier != spf.QualifierFail
}
