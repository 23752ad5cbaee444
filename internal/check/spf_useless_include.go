package check

import (
	"fmt"

	"sendplan/internal/finding"
	"sendplan/internal/provider"
	"sendplan/spf"
)

var spfUselessInclude = Check{
	ID:       "spf-useless-include",
	Severity: finding.Note,
	Title:    "the SPF record includes a service that sends with an envelope of its own",
	Explain: `Receivers look at the SPF record of the envelope sender (Return-Path). This service uses a domain of its own there, or a
subdomain that was set up for it, so its include in your record is never looked at for its mail. It costs lookups of the ten
that are allowed, and lets everybody who uses the same service send as you. What aligns its mail for DMARC is DKIM, or that
subdomain.

Some accounts have a bounce domain that is the domain itself: look at the Return-Path of a message that the service sent, or
at aggregate reports, before you take the include out.`,
	Refs: []string{"RFC 7208 §2.4", "RFC 9989 §5.1"},
	Run:  runSPFUselessInclude,
}

func runSPFUselessInclude(d *Domain) []finding.Finding {
	return d.judgeIncludes(func(n *spf.Node) (message, fix string, ok bool) {
		e, known := provider.ByInclude(n.Target)
		if !known || !e.Useless() || d.returnsTo(e) || retired(n) {
			return "", "", false
		}
		where := "a domain of its own"
		if e.SPF.Where == provider.BounceSubdomain {
			if !d.organizational() {
				return "", "", false // it may be the very subdomain that was set up for it
			}
			where = "a subdomain that is set up for it"
		}
		return fmt.Sprintf("%q is for %s, whose envelope sender is in %s: the include has no effect on its mail, and costs %s of the %d DNS lookups",
				n.Term.Text, e.ShortName(), where, atLeast(n.Lookups, n.Partial), maxLookups),
			fmt.Sprintf("look at the Return-Path of a message from %s; if it is not at %s, take the include out", e.ShortName(), d.Name.Unicode()), true
	})
}
