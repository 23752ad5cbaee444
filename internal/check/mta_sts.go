package check

import (
	"fmt"
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/finding"
	"sendplan/internal/mtasts"
)

var mtaSTSRecord = Check{
	ID:       "mta-sts-record",
	Severity: finding.Warning,
	Title:    "the MTA-STS record cannot be used",
	Explain: `Senders that look for MTA-STS want exactly one record that begins with "v=STSv1;" and has an id of letters and digits.
With another they act as if there were none, so mail can be delivered without encryption to whoever stands in the way.

Publish one record such as "v=STSv1; id=20260101;", and change the id whenever the policy changes.`,
	Refs: []string{"RFC 8461 §3.1"},
	Run:  runMTASTSRecord,
}

func runMTASTSRecord(d *Domain) []finding.Finding {
	name, err := d.Name.Child("_mta-sts")
	texts := d.Transport.STS.records("v=STSv1;")
	const fix = `publish one record "v=STSv1; id=<letters and digits, new with every change of the policy>;"`
	switch {
	case err != nil || len(texts) == 0:
		return nil
	case len(texts) > 1:
		return []finding.Finding{failAt(name, texts[0], finding.Span{}, fmt.Sprintf("there are %d MTA-STS records, one is allowed: senders take none", len(texts)), fix)}
	}
	if _, err := mtasts.ParseRecord(texts[0]); err != nil {
		return []finding.Finding{failAt(name, texts[0], finding.Span{}, "senders take the MTA-STS record for none: "+err.Error(), fix)}
	}
	return []finding.Finding{pass(name, "the MTA-STS record is valid")}
}

var mtaSTSPolicy = Check{
	ID:       "mta-sts-policy",
	Severity: finding.Warning,
	Title:    "the MTA-STS policy cannot be got",
	Explain: `The record announces a policy, and senders do not find one: the web server says that there is none, its certificate is not
valid for the name, or the text cannot be read. They act as if there were no MTA-STS, or on a policy that they still
remember. Redirects are not followed.

Serve the policy at the address https://mta-sts.<domain>/.well-known/mta-sts.txt with a valid certificate, or take the record
away.`,
	Refs: []string{"RFC 8461 §3.2", "RFC 8461 §3.3"},
	Run:  runMTASTSPolicy,
}

func runMTASTSPolicy(d *Domain) []finding.Finding {
	p := d.Transport.Policy
	switch {
	case p.Found():
		return []finding.Finding{pass(d.Name, fmt.Sprintf("the MTA-STS policy is valid, with mode %s", p.Policy.Mode))}
	case p.Status == "":
		return nil
	}
	return []finding.Finding{fail(d.Name, "the MTA-STS record announces a policy, but there is none to get: "+p.Status,
		fmt.Sprintf("serve a policy at https://mta-sts.%s/.well-known/mta-sts.txt, or take the record at _mta-sts away", d.Name))}
}

var mtaSTSMX = Check{
	ID:       "mta-sts-mx",
	Severity: finding.Error,
	Title:    "the MTA-STS policy does not name a mail exchanger",
	Explain: `The policy is in force, and senders that honour it, Microsoft and Google among them, do not deliver to a mail exchanger
that it does not name. If none of those that it names can be reached, the mail comes back. A pattern "*.example.com" stands
for one label, so it matches "mx.example.com" but not "a.mx.example.com".

Add the host to the policy and change the id of the record. Senders look for a new id now and then, and may go by the old
policy until its max_age is over: do it before the host is needed.`,
	Refs: []string{"RFC 8461 §4.1", "RFC 8461 §5"},
	Run:  func(d *Domain) []finding.Finding { return runMTASTSMX(d, mtasts.Enforce) },
}

var mtaSTSMXTesting = Check{
	ID:       "mta-sts-mx-testing",
	Severity: finding.Warning,
	Title:    "the MTA-STS policy that is tested does not name a mail exchanger",
	Explain: `The policy is in mode testing, so mail is delivered all the same; in mode enforce senders would not deliver to this
host.

Add the host to the policy before you change the mode.`,
	Refs: []string{"RFC 8461 §4.1", "RFC 8461 §5"},
	Run:  func(d *Domain) []finding.Finding { return runMTASTSMX(d, mtasts.Testing) },
}

func runMTASTSMX(d *Domain, mode mtasts.Mode) []finding.Finding {
	policy := d.Transport.Policy.Policy
	if policy.Mode != mode {
		return nil
	}
	var patterns []string
	for _, p := range policy.MX {
		patterns = append(patterns, p.String())
	}
	var faults []finding.Finding
	for _, h := range d.Exchange.Hosts {
		if h.Name != dns.Root && !h.Literal.IsValid() && !h.Leftover && !policy.Allows(h.Name) {
			faults = append(faults, fail(d.Name,
				fmt.Sprintf("the policy does not name the mail exchanger %s, only %s", h.Name.Unicode(), strings.Join(patterns, ", ")),
				fmt.Sprintf("add \"mx: %s\" to the policy, and change the id in the record", h.Name)))
		}
	}
	return faults
}

var mtaSTSTesting = Check{
	ID:       "mta-sts-testing",
	Severity: finding.Note,
	Title:    "MTA-STS is only tested",
	Explain: `In mode testing senders deliver without encryption too, and only report it. That is right at the start, for some weeks.

When the reports (TLS-RPT) show no failures, set the mode to enforce and change the id in the record.`,
	Refs: []string{"RFC 8461 §5"},
	Run:  runMTASTSTesting,
}

func runMTASTSTesting(d *Domain) []finding.Finding {
	if d.Transport.Policy.Policy.Mode != mtasts.Testing {
		return nil
	}
	return []finding.Finding{fail(d.Name, "the MTA-STS policy is in mode testing, so nothing is enforced",
		"set mode: enforce in the policy when reports show no failures, and change the id in the record")}
}
