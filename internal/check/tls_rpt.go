package check

import (
	"fmt"
	"net/mail"
	"net/url"
	"strings"

	"sendplan/internal/finding"
)

var tlsRPTRecord = Check{
	ID:       "tls-rpt-record",
	Severity: finding.Warning,
	Title:    "the TLS-RPT record cannot be used",
	Explain: `Senders that report about encrypted delivery want exactly one record that begins with "v=TLSRPTv1;" and has an rua with
mailto: or https: addresses. With another they send no reports, and failures of MTA-STS and DANE go unseen.

Publish one record such as "v=TLSRPTv1; rua=mailto:tls-reports@example.com".`,
	Refs: []string{"RFC 8460 §3"},
	Run:  runTLSRPTRecord,
}

const tlsRPTVersion = "v=TLSRPTv1;"

func runTLSRPTRecord(d *Domain) []finding.Finding {
	name, err := d.Name.Child("_smtp._tls")
	texts := d.Transport.TLSRPT.records(tlsRPTVersion)
	const fix = `publish one record "v=TLSRPTv1; rua=mailto:<an address that you read>"`
	switch {
	case err != nil || len(texts) == 0:
		return nil
	case len(texts) > 1:
		return []finding.Finding{failAt(name, texts[0], finding.Span{}, fmt.Sprintf("there are %d TLS-RPT records, one is allowed: senders take none", len(texts)), fix)}
	}
	if wrong := tlsRPTFault(texts[0]); wrong != "" {
		return []finding.Finding{failAt(name, texts[0], finding.Span{}, "senders cannot use the TLS-RPT record: "+wrong, fix)}
	}
	return []finding.Finding{pass(name, "the TLS-RPT record is valid")}
}

// tlsRPTFault says what is wrong with a record, "" if nothing is (RFC 8460 §3).
func tlsRPTFault(text string) string {
	tags, ok := splitTags(text)
	if !ok {
		return "it is no list of name=value, parted by semicolons"
	}
	rua, ok := tagValue(tags, "rua")
	if !ok {
		return "it has no rua"
	}
	for _, uri := range strings.Split(rua, ",") {
		if uri = strings.TrimSpace(uri); !reportURI(uri) {
			return fmt.Sprintf("%q is no mailto: or https: address", uri)
		}
	}
	return ""
}

func reportURI(s string) bool {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return false
	case u.Scheme == "https":
		return u.Host != ""
	case u.Scheme == "mailto":
		address, err := url.PathUnescape(u.Opaque)
		if err != nil {
			return false
		}
		_, err = mail.ParseAddress(address)
		return err == nil
	}
	return false
}

var tlsRPTMissing = Check{
	ID:       "tls-rpt-missing",
	Severity: finding.Note,
	Title:    "nobody learns of failures of MTA-STS or DANE",
	Explain: `The domain asks senders to insist on encryption, and publishes no address for their reports. When a certificate expires or
the policy goes wrong, mail is put off by those senders, and nothing tells you.

Publish a TXT record at _smtp._tls such as "v=TLSRPTv1; rua=mailto:tls-reports@example.com".`,
	Refs: []string{"RFC 8460 §3", "RFC 8461 §8.1"},
	Run:  runTLSRPTMissing,
}

func runTLSRPTMissing(d *Domain) []finding.Finding {
	t := d.Transport
	name, err := d.Name.Child("_smtp._tls")
	if err != nil || !t.TLSRPT.asked() || t.TLSRPT.Err != nil || len(t.TLSRPT.records(tlsRPTVersion)) > 0 {
		return nil
	}
	what := ""
	if len(t.STS.records("v=STSv1;")) > 0 {
		what = "MTA-STS"
	}
	for _, tlsa := range t.TLSA {
		// Of hosts of others the operator gets the reports.
		if len(tlsa.usable()) > 0 && tlsa.Secure(d) && what == "" {
			what = "DANE"
		}
	}
	if what == "" {
		return nil
	}
	return []finding.Finding{fail(name, fmt.Sprintf("the domain uses %s and asks for no reports about it", what),
		fmt.Sprintf("publish %s IN TXT \"v=TLSRPTv1; rua=mailto:<an address that you read>\"", name.Zone()))}
}
