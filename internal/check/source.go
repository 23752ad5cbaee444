package check

import (
	"fmt"
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/dnsbl"
	"sendplan/internal/finding"
)

var sourceLookup = Check{
	ID:       "source-lookup",
	Severity: finding.Warning,
	Title:    "something about a sending address could not be looked up",
	Explain: `A question about the name of the address, or to a block list, was not answered. Block lists refuse questions from large
public resolvers, and from networks of some hosters, and say so by codes of their own; such an answer is no listing. Each
list is first asked about two test addresses, and counts only if it answers them rightly.

Ask through a resolver of your own, with --resolver.`,
	Refs: []string{"RFC 5782 §5", "RFC 1912 §2.1"},
	Run:  runSourceLookup,
}

func runSourceLookup(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, s := range d.Sources {
		reverse := dnsbl.Reverse(s.IP)
		if s.PTR.Err != nil {
			faults = append(faults, unknown(reverse, fmt.Sprintf("could not find out the name of %s", s.IP), s.PTR.Err))
		}
		if confirmed, known := s.confirmed(); !confirmed && !known {
			for _, n := range s.Names {
				if n.Addresses.Err != nil {
					faults = append(faults, unknown(n.Name, fmt.Sprintf("could not find out whether %s leads back to %s", n.Name.Unicode(), s.IP), n.Addresses.Err))
				}
			}
		}
		for _, l := range s.Lists {
			if l.Err != nil {
				f := unknown(l.Name, fmt.Sprintf("could not find out whether %s lists %s", l.List.Name, s.IP), l.Err)
				f.Fix = "ask through a resolver of your own, with --resolver"
				faults = append(faults, f)
			}
		}
	}
	return faults
}

var sourceNoName = Check{
	ID:       "source-no-name",
	Severity: finding.Warning,
	Title:    "a sending address has no name",
	Explain: `The address has no PTR record. Many receivers refuse mail from such addresses, or treat it as suspicious; Google and
Microsoft among them.

Ask the internet provider to set a PTR record with the name that the server says in HELO, and give that name the address.`,
	Refs: []string{"RFC 1912 §2.1", "Google: email sender guidelines"},
	Run:  runSourceNoName,
}

func runSourceNoName(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, s := range d.Sources {
		if s.PTR.Err == nil && s.PTR.Answer.Void() {
			faults = append(faults, fail(dnsbl.Reverse(s.IP), fmt.Sprintf("%s has no PTR record", s.IP),
				fmt.Sprintf("ask the internet provider to give %s a name, and publish that name with the address", s.IP)))
		}
	}
	return faults
}

var sourceUnconfirmed = Check{
	ID:       "source-unconfirmed",
	Severity: finding.Warning,
	Title:    "the name of a sending address does not lead back to it",
	Explain: `Whoever owns a network can write any name into its PTR records, so receivers look whether the name has the address. Here it
has not, and they take the address for one without a name.

Publish an A or AAAA record at the name, or have the PTR record changed to a name that has the address.`,
	Refs: []string{"RFC 1912 §2.1", "RFC 8601 §2.7.3"},
	Run:  runSourceUnconfirmed,
}

func runSourceUnconfirmed(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, s := range d.Sources {
		confirmed, known := s.confirmed()
		if len(s.Names) == 0 || confirmed || !known {
			continue
		}
		var names []string
		for _, n := range s.Names {
			names = append(names, n.Name.Unicode())
		}
		faults = append(faults, fail(dnsbl.Reverse(s.IP), fmt.Sprintf("%s is named %s, which does not lead back to it", s.IP, strings.Join(names, ", ")),
			fmt.Sprintf("publish %s IN %s %s, or have the PTR record changed", s.Names[0].Name.Zone(), dns.Addr{IP: s.IP}.Type(), s.IP)))
	}
	return faults
}

var sourceListed = Check{
	ID:       "source-listed",
	Severity: finding.Error,
	Title:    "a sending address is on a block list",
	Explain: `Receivers that ask this list refuse mail from the address. It is listed because of what it sent, or because it looks
compromised; in a network with several senders, any of them can be the cause.

Find out what sent, stop it, and then ask the list's operator to take the address off. Listings change by the hour.`,
	Refs: []string{"RFC 5782 §2.1", "RFC 6471 §2.2"},
	Run:  func(d *Domain) []finding.Finding { return runSourceListed(d, false) },
}

var sourcePolicyListed = Check{
	ID:       "source-policy-listed",
	Severity: finding.Warning,
	Title:    "a sending address is in a network that should not deliver directly",
	Explain: `The network's owner, or the list's, says that its addresses should hand their mail to a server of the provider: it is meant
for customers with addresses that change. That accuses nobody, but receivers that ask the list refuse mail that comes
directly from there. Mail that is handed to a smart host, or to Microsoft 365 with a user name, is not affected.

Send through a smart host, or have the provider assign a fixed address that may deliver.`,
	Refs: []string{"RFC 5782 §2.1", "Spamhaus: the policy block list"},
	Run:  func(d *Domain) []finding.Finding { return runSourceListed(d, true) },
}

// runSourceListed finds addresses on a list, by codes that are of policy or not.
func runSourceListed(d *Domain, policy bool) []finding.Finding {
	var faults []finding.Finding
	for _, s := range d.Sources {
		for _, l := range s.Lists {
			var why []string
			for _, code := range l.Reading.Codes {
				if code.Policy == policy {
					why = append(why, code.Meaning)
				}
			}
			if l.Err != nil || len(why) == 0 {
				continue
			}
			fix := fmt.Sprintf("find out what sends from %s, stop it, and ask %s to take it off", s.IP, l.List.Name)
			if policy {
				fix = fmt.Sprintf("hand mail from %s to a smart host, or have the provider assign an address that may deliver", s.IP)
			}
			faults = append(faults, fail(l.Name, fmt.Sprintf("%s is listed by %s: %s", s.IP, l.List.Name, strings.Join(why, "; ")), fix))
		}
	}
	return faults
}
