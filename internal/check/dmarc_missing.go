package check

import (
	"fmt"

	"sendplan/dmarc"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

var dmarcMissing = Check{
	ID:       "dmarc-missing",
	Severity: finding.Error,
	Title:    "no DMARC policy applies",
	Explain: `Without a DMARC record anybody can put the domain into the From line of a message, and no receiver is told to
refuse it; nor do you get reports of who does. Google and Yahoo ask for a DMARC record of everybody who sends in bulk, and
Outlook.com refuses bulk mail without one.

Start with p=none and an address for reports, which changes nothing for your mail. Read the reports, put the senders that
fail in order, and go on to p=quarantine and p=reject. A domain that never sends can publish p=reject at once. A record at
the registered domain covers its subdomains.`,
	Refs: []string{"RFC 9989 §5.1", "RFC 9989 §4.10.1"},
	Run:  runDMARCMissing,
}

func runDMARCMissing(d *Domain) []finding.Finding {
	p := d.DMARC.Discovery
	if p.Source == dmarc.FromUnknown || p.Err != nil || !d.isPresent() {
		return nil
	}
	if p.Source != dmarc.FromNowhere {
		return []finding.Finding{pass(d.Name, "a DMARC policy applies, from "+p.PolicyDomain.Unicode())}
	}
	if p.Record.DMARC || len(d.nearMisses()) > 0 || len(d.severalRecords()) > 0 {
		return nil
	}
	if text := d.misplacedDMARC(); text != "" {
		return []finding.Finding{failAt(d.Name, text, finding.Span{},
			fmt.Sprintf("a DMARC record stands at %s itself, where no receiver looks, so no policy applies", d.Name.Unicode()),
			"move the record to "+txtRecord("_dmarc."+d.Name, text))}
	}
	registered := d.registered()
	name := dns.Name("_dmarc." + registered)
	fix := "publish " + name.Zone() + " IN TXT \"v=DMARC1; p=none; rua=mailto:<an address that you read>\""
	if parked, known := d.isParked(); parked && known && registered == d.Name {
		fix = "publish " + txtRecord(name, "v=DMARC1; p=reject")
	}
	return []finding.Finding{fail(d.Name, "no DMARC policy applies to mail from "+d.Name.Unicode(), fix)}
}

// misplacedDMARC returns a DMARC record that stands at the domain itself.
func (d *Domain) misplacedDMARC() string {
	for _, text := range d.texts() {
		if dmarc.IsDMARC(text) {
			return text
		}
	}
	return ""
}
