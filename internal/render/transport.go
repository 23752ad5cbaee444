package render

import (
	"fmt"
	"strings"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/term"
)

// transportJSON is what a domain publishes about encryption on the way to it,
// and about its logo.
type transportJSON struct {
	DNSSEC string     `json:"dnssec"` // of the MX records: secure, insecure, or unknown if the resolver does not validate
	STS    stsJSON    `json:"mta_sts"`
	TLSRPT string     `json:"tls_rpt"` // the record, "" if there is none
	DANE   []daneJSON `json:"dane"`
	BIMI   string     `json:"bimi"` // the record, "" if there is none
}

type stsJSON struct {
	Record string      `json:"record"`         // "" if there is none
	Mode   string      `json:"mode,omitempty"` // of the policy: enforce, testing or none
	MaxAge int         `json:"max_age,omitempty"`
	MX     []string    `json:"mx,omitempty"`
	Status string      `json:"status,omitempty"` // why senders find no policy
	Error  *dnsErrJSON `json:"error,omitempty"`
}

// daneJSON is a mail exchanger with TLSA records.
type daneJSON struct {
	Host    string   `json:"host"`
	Records []string `json:"records"`
	Secure  bool     `json:"secure"` // signed all the way, as senders need it
}

func newTransport(d *check.Domain) transportJSON {
	t := d.Transport
	j := transportJSON{
		DNSSEC: dnssec(d), STS: newSTS(t), TLSRPT: firstText(t.TLSRPT, "v=TLSRPTv1"), BIMI: firstText(t.BIMI, "v=BIMI1"),
		DANE: []daneJSON{},
	}
	for _, tlsa := range t.TLSA {
		if len(tlsa.Lookup.Answer.Records) == 0 {
			continue
		}
		host := daneJSON{Host: tlsa.Host.Name.String(), Secure: tlsa.Secure(d)}
		for _, r := range tlsa.Lookup.Answer.Records[:min(len(tlsa.Lookup.Answer.Records), maxTerms)] {
			host.Records = append(host.Records, r.Data.String())
		}
		j.DANE = append(j.DANE, host)
	}
	return j
}

func newSTS(t check.Transport) stsJSON {
	p := t.Policy
	j := stsJSON{Record: firstText(t.STS, "v=STSv1"), Mode: string(p.Policy.Mode), MaxAge: p.Policy.MaxAge, Status: octets(p.Status)}
	for _, m := range p.Policy.MX[:min(len(p.Policy.MX), maxTerms)] {
		j.MX = append(j.MX, m.String())
	}
	if j.Error = newDNSErr(t.STS.Err); j.Error == nil {
		j.Error = newDNSErr(p.Fetch.Err)
	}
	return j
}

// dnssec is whether the MX records are signed, as far as the resolver tells.
func dnssec(d *check.Domain) string {
	switch {
	case d.Exchange.MX.Err == nil && d.Exchange.MX.Answer.Secure:
		return "secure"
	case d.Exchange.MX.Err != nil || !d.Transport.Validates():
		return "unknown"
	}
	return "insecure"
}

// firstText returns the first TXT record that begins with a version.
func firstText(l check.Lookup, version string) string {
	for _, r := range l.Answer.Records {
		if txt, ok := r.Data.(dns.TXT); ok && strings.HasPrefix(txt.Joined(), version) {
			return octets(txt.Joined())
		}
	}
	return ""
}

// transport writes a line about encryption, if the domain publishes anything.
func (t *Text) transport(d *check.Domain) {
	j := newTransport(d)
	var parts []string
	switch {
	case j.STS.Mode != "":
		parts = append(parts, "MTA-STS "+j.STS.Mode)
	case j.STS.Record != "":
		parts = append(parts, "MTA-STS without a policy")
	}
	if len(j.DANE) > 0 {
		parts = append(parts, fmt.Sprintf("TLSA records of %d of %d hosts", len(j.DANE), len(d.Exchange.Hosts)))
	}
	if j.TLSRPT != "" {
		parts = append(parts, "TLS-RPT")
	}
	if j.DNSSEC == "secure" {
		parts = append(parts, "signed MX records")
	}
	if len(parts) > 0 {
		t.Para(0, label("TLS"), strings.Join(parts, ", "), term.Pen{})
	}
}
