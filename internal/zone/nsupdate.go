package zone

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"sendplan/internal/dns"
)

// writeNsupdate writes one update message (RFC 2136): it is carried out whole or
// not at all. Its prerequisites are the old sets, so that it fails if the zone
// was changed meanwhile. Records go by their value, never a set by its name.
func writeNsupdate(w io.Writer, b Batch, o Options) error {
	var out bytes.Buffer
	for _, line := range append(heading(b, o),
		"Run: nsupdate -k KEYFILE FILE",
		"Name the zone's primary server in a line \"server ADDRESS\" here if nsupdate does not find it.",
		"The prerequisites hold the zone to what was planned from; if they fail, nothing is changed: plan again.") {
		fmt.Fprintln(&out, ";", line)
	}
	fmt.Fprintln(&out, "zone", zoneName(b.Zone))
	for _, c := range b.Changes {
		fmt.Fprintf(&out, "; %s: %s\n", remark(c.Key.String()), whatHappens(c))
		for _, line := range reasons(c) {
			fmt.Fprintln(&out, ";", line)
		}
		writePrerequisites(&out, c)
	}
	for _, line := range conflicts(b) {
		fmt.Fprintln(&out, line)
	}
	fmt.Fprintln(&out, "; what goes, then what comes")
	// Removals come first: a server skips a CNAME record for a name that still
	// has others, without a word (RFC 2136 §3.4.2.2).
	for _, c := range b.Changes {
		for _, r := range part(c).gone {
			fmt.Fprintf(&out, "update delete %s %s %s\n", zoneName(r.Name), r.Data.Type(), zoneData(r.Data))
		}
	}
	for _, c := range b.Changes {
		for _, r := range part(c).come {
			fmt.Fprintf(&out, "update add %s %d %s %s\n", zoneName(r.Name), r.TTL, r.Data.Type(), zoneData(r.Data))
		}
	}
	fmt.Fprintln(&out, "send")
	_, err := w.Write(out.Bytes())
	return err
}

// writePrerequisites writes that a set is as it was: a value-dependent
// prerequisite names all its records (RFC 2136 §2.4.2), with the exact
// character-strings.
func writePrerequisites(out io.Writer, c dns.Change) {
	if len(c.Old) == 0 {
		fmt.Fprintln(out, absent(c.Key.Name, c.Key.Type.String()))
	}
	for _, r := range c.Old {
		fmt.Fprintf(out, "prereq yxrrset %s %s %s\n", zoneName(r.Name), r.Data.Type(), zoneData(r.Data))
	}
}

// absent is the prerequisite that a set does not exist (RFC 2136 §2.4.3).
func absent(name dns.Name, kind string) string {
	return fmt.Sprintf("prereq nxrrset %s %s", zoneName(name), kind)
}

// besideNames are the types that a name could have besides those of a plan, as
// far as people publish them.
var besideNames = []string{"A", "AAAA", "MX", "TXT", "NS", "PTR", "SRV", "TLSA", "CAA", "HINFO", "LOC", "NAPTR", "DNAME", "DS", "SSHFP", "SMIMEA", "OPENPGPKEY", "SVCB", "HTTPS", "SPF", "URI"}

// conflicts returns the prerequisites that keep a server from skipping an
// addition: no other data at a name that becomes an alias, no CNAME record at
// one that gets other data (RFC 2136 §3.4.2.2).
func conflicts(b Batch) []string {
	var lines []string
	for _, c := range b.Changes {
		had := had(b, c.Key.Name)
		switch {
		case len(c.Old) > 0 || len(c.New) == 0 || slices.Contains(had, dns.TypeCNAME):
			// The prerequisites of the old sets say it.
		case c.Key.Type != dns.TypeCNAME:
			lines = append(lines, absent(c.Key.Name, "CNAME"))
		case len(had) == 0: // RFC 2136 §2.4.5
			lines = append(lines, "prereq nxdomain "+zoneName(c.Key.Name))
		default:
			for _, kind := range besideNames {
				if !slices.ContainsFunc(had, func(t dns.Type) bool { return t.String() == kind }) {
					lines = append(lines, absent(c.Key.Name, kind))
				}
			}
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// had returns the types that a name has, as far as the batch changes them.
func had(b Batch, name dns.Name) []dns.Type {
	var types []dns.Type
	for _, c := range b.Changes {
		if c.Key.Name == name && len(c.Old) > 0 {
			types = append(types, c.Key.Type)
		}
	}
	return types
}
