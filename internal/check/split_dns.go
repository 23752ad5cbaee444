package check

import (
	"fmt"
	"strings"

	"sendplan/internal/finding"
)

var splitDNS = Check{
	ID:       "split-dns",
	Severity: finding.Warning,
	Title:    "the resolver shows another view of the domain than the internet",
	Explain: `Many networks have a zone of the same name inside (split DNS), usually that of Active Directory. Receivers never see
it: what is missing there may be published, and the other way round. So when name servers or mail exchangers have private
addresses, or when a comparison was asked for, the answers are compared with those of the public name servers, found from
the top-level domain downwards, or of the resolver named by --public. All that the report says then is about the public
view.

If the public view cannot be asked, nothing is said about the domain: port 53 may be closed outwards. Then name a
resolver on the internet, such as --public https://dns.example/dns-query, which passes most firewalls.

A difference can also be a change of the last hours which the resolver has not seen yet. Remember that programs inside
see the inside view: keep the records of both in step where they use them.`,
	Refs: []string{"RFC 9499 §6"},
	Run:  runSplitDNS,
}

func runSplitDNS(d *Domain) []finding.Finding {
	v := d.View
	signs := strings.Join(v.Private, ", ")
	switch {
	case v.Err != nil && signs != "":
		return []finding.Finding{withFix(unknown(d.Name, "this may be an inside view, and the public one could not be asked: "+signs, v.Err), askPublic)}
	case v.Err != nil && v.Judged == JudgedUnreached:
		return []finding.Finding{withFix(unknown(d.Name, "could not find out whether this is the public view: the resolver tells nothing about the zone's name servers", v.Err), askPublic)}
	case v.Err != nil && d.Authority == nil: // else the servers' own check tells it
		return []finding.Finding{withFix(unknown(d.Name, "could not compare with the public view", v.Err), askPublic)}
	case len(v.Differs) > 0:
		message := fmt.Sprintf("the resolver shows another view than the internet: %s differ; judged is what %s say", strings.Join(v.Differs, ", "), v.By)
		if len(v.Differs) == 1 {
			message = strings.Replace(message, " differ;", " differs;", 1)
		}
		if len(v.Public) == 0 {
			message = strings.TrimSuffix(message, "say") + "says"
		}
		if signs != "" {
			message += " (" + signs + ")"
		}
		return []finding.Finding{fail(d.Name, message, "judge with a resolver that sees the public view (--resolver), and keep the inside zone in step with the public one where programs inside need it")}
	case v.By != "" && v.Whole:
		return []finding.Finding{pass(d.Name, "the resolver shows the public view")}
	}
	return nil
}

const askPublic = "name a resolver that sees the public view with --public, such as https://dns.example/dns-query, or open port 53 outwards"

// withFix returns a finding with another remedy.
func withFix(f finding.Finding, fix string) finding.Finding {
	f.Fix = fix
	return f
}
