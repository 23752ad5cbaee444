package check

import (
	"fmt"

	"sendplan/internal/finding"
)

var nsSilent = Check{
	ID:       "ns-silent",
	Severity: finding.Warning,
	Title:    "an authoritative server gives no answer about the domain",
	Explain: `The server is delegated to, but did not answer, refused, or said that it is no authority for the zone (lame). Then
nothing is known about what it serves. Receivers that try it first wait, and ask the next; if all fail, mail is deferred.

The fault can also be on the way: networks that let no DNS out, or redirect it to their own resolver, make all servers look
like this. Servers that this machine has no route to, by IPv6, do not count.`,
	Refs: []string{"RFC 1912 §2.8", "RFC 9499 §7"},
	Run:  runNSSilent,
}

func runNSSilent(d *Domain) []finding.Finding {
	if d.Authority == nil {
		return nil
	}
	if err := d.Authority.Err; err != nil {
		return []finding.Finding{withFix(unknown(d.Name, "could not find the domain's authoritative servers from outside", err), askDirectly)}
	}
	var silent []finding.Finding
	for _, s := range d.Authority.Servers {
		if err := s.Failed(); err != nil && !s.NoRoute {
			silent = append(silent, withFix(unknown(d.Authority.Zone, fmt.Sprintf("the authoritative server %s gave no answer about %s", s, d.Name), err),
				"have the server repaired or its NS record removed; if all are silent, ask from a network that lets DNS out"))
		}
	}
	if len(d.Authority.Servers) == 0 {
		return nil
	}
	return orPass(silent, d.Authority.Zone, "all authoritative servers answer")
}

const askDirectly = "run the check from a network that lets DNS out on port 53, or say with --nameserver NS=ADDR:PORT where a server is reached"
