package check

import (
	"fmt"

	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfSize = Check{
	ID:       "spf-size",
	Severity: finding.Note,
	Title:    "the answer with the SPF record is large",
	Explain: `All TXT records of a name come in one answer. The standard advises to keep name and records together below 450
octets, so that the answer fits into the smallest DNS message over UDP, of 512 octets. All current resolvers take larger
ones; very old ones, and some firewalls, do not, and must ask a second time over TCP.

It works nearly everywhere. Take out what no longer sends, and proofs of ownership whose service does not want to see them
again.`,
	Refs: []string{"RFC 7208 §3.4", "RFC 1035 §4.2.1", "RFC 6891 §6.2.5"},
	Run:  func(d *Domain) []finding.Finding { return runSPFSize(d, smallUDP) },
}

var spfSizeTCP = Check{
	ID:       "spf-size-tcp",
	Severity: finding.Warning,
	Title:    "the answer with the SPF record does not fit into a DNS message over UDP",
	Explain: `All TXT records of a name come in one answer. Since 2020 resolvers take 1232 octets over UDP, so that no message is
split up on its way. A larger answer is cut off and asked for again over TCP, which costs each receiver time; where a
firewall blocks TCP to the name server there is no SPF record for those receivers, and mail is put off.

Take out proofs of ownership that are done, and what no longer sends. If the SPF record itself is that long, move a part of
it to a name below the domain, and include that.`,
	Refs: []string{"RFC 7208 §3.4", "RFC 9715 §3", "RFC 7766 §5"},
	Run:  func(d *Domain) []finding.Finding { return runSPFSize(d, overUDP) },
}

// answerSize is what it takes to get an answer.
type answerSize uint8

const (
	fits     answerSize = iota
	smallUDP            // larger than the standard advises
	overUDP             // larger than resolvers take over UDP
)

// runSPFSize finds names with an SPF record whose answer is of that size.
func runSPFSize(d *Domain, size answerSize) []finding.Finding {
	var faults []finding.Finding
	for _, r := range d.ownSPF() {
		octets := spf.SizeOf(r.Name, allTexts(r.Node.Selection)...)
		is := fits
		words := ""
		switch {
		case octets.Message > spf.UDPOctets:
			is, words = overUDP, fmt.Sprintf("the answer with the TXT records of %s has about %d octets; over UDP most resolvers take %d",
				r.Name.Unicode(), octets.Message, spf.UDPOctets)
		case octets.Content > spf.AdviceOctets:
			is, words = smallUDP, fmt.Sprintf("the name %s and its TXT records have %d octets; the standard advises to stay below %d",
				r.Name.Unicode(), octets.Content, spf.AdviceOctets)
		}
		if is == size {
			faults = append(faults, failAt(r.Name, r.Record.Text(), finding.Span{}, words,
				"take out what no longer sends, and TXT records at the name that nobody needs any more"))
		}
	}
	return faults
}

// allTexts returns the TXT records among which an SPF record was found.
func allTexts(s spf.Selection) []string {
	all := append([]string{}, s.Records...)
	for _, miss := range s.Misses {
		all = append(all, miss.Text)
	}
	return append(all, s.Others...)
}
