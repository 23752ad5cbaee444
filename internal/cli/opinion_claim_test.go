package cli

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/proof"
	"sendplan/spf"
)

// spfClaims are all that proofs say for certain of single addresses. So is a
// temperror here: the servers fail for everybody.
func spfClaims(list []proved) (claims []claim) {
	seen := map[string]bool{}
	for _, p := range list {
		for _, hop := range p.Hops {
			for _, envelope := range hop.Envelopes {
				for _, s := range envelope.Samples {
					line := spfLine(hop, envelope, s)
					if s.Doubt != "" || s.Cause != nil && s.Result != spf.TempError || seen[line] {
						continue
					}
					seen[line] = true
					claims = append(claims, claim{p.who, []string{line}, string(s.Result)})
				}
			}
		}
	}
	return claims
}

// spfLine writes a question for the scripts. A HELO that is not known plays no
// part, or the sample would be in doubt.
func spfLine(hop proof.HopOutcome, envelope proof.SPFOutcome, s proof.Sample) string {
	helo := hop.Hop.HELO.String()
	switch {
	case hop.Hop.MailFrom.Null: // RFC 7208 §2.4
		return fmt.Sprintf("%s helo %s %[2]s", s.Addr, envelope.Domain)
	case hop.Hop.HELO == "":
		helo = "helo.invalid"
	}
	return fmt.Sprintf("%s mfrom postmaster@%s %s", s.Addr, envelope.Domain, helo)
}

// dmarcClaims are all that proofs say for certain of domains of From by RFC 7489.
func dmarcClaims(list []proved) (claims []claim) {
	for _, p := range list {
		for _, hop := range p.Hops {
			for _, a := range hop.Authors {
				says := map[proof.Verdict]string{
					proof.Pass: "pass", proof.None: "absent", proof.Fail: a.DMARC7489.Discovery.Policy.String(),
				}[a.DMARC7489.Verdict]
				if lines := dmarcLines(hop, a.Domain); says != "" && len(lines) > 0 {
					claims = append(claims, claim{p.who, lines, says})
				}
			}
		}
	}
	return claims
}

// dmarcLines writes every message that mail of a hop may be: where the proof does
// not know a result, one that passes and one that does not.
func dmarcLines(hop proof.HopOutcome, author dns.Name) (lines []string) {
	scope := "mfrom"
	if hop.Hop.MailFrom.Null {
		scope = "helo"
	}
	for _, envelope := range hop.Envelopes {
		for _, result := range spfResults(envelope) {
			for _, signed := range signatures(hop, author) {
				lines = append(lines, strings.Join(append([]string{author.String(), scope, senderOf(envelope, author), result}, signed...), " "))
			}
		}
	}
	return lines
}

// senderOf is the domain of MAIL FROM, which may be the author's if it is not
// known to be somebody else's.
func senderOf(o proof.SPFOutcome, author dns.Name) string {
	switch {
	case o.Domain != "":
		return o.Domain.String()
	case o.Foreign:
		return "foreign.invalid"
	}
	return author.String()
}

// spfResults are "pass" and "fail", as far as the mail may get them.
func spfResults(o proof.SPFOutcome) (list []string) {
	add := func(result string) {
		if !slices.Contains(list, result) {
			list = append(list, result)
		}
	}
	for _, s := range o.Samples {
		if s.Result == spf.Pass {
			add("pass")
		} else {
			add("fail")
		}
		if s.Doubt != "" || s.Cause != nil {
			add("pass")
			add("fail")
		}
	}
	if !o.Complete {
		add("pass")
		add("fail")
	} else if len(list) == 0 {
		add("fail") // no record, or one that is broken for everybody
	}
	return list
}

// signatures are the DKIM results that the mail may have, as pairs of domain and
// result.
func signatures(hop proof.HopOutcome, author dns.Name) [][]string {
	var all [2][]string
	open := false
	for _, k := range hop.Signatures {
		domain := k.Domain
		if domain == "" {
			domain = author
		}
		results := [2]string{"fail", "fail"}
		switch k.Verdict {
		case proof.Pass:
			results = [2]string{"pass", "pass"}
		case proof.None: // nobody signs
			continue
		case proof.Unknown:
			results, open = [2]string{"pass", "fail"}, true
		}
		for i := range all {
			all[i] = append(all[i], domain.String(), results[i])
		}
	}
	if !open {
		return all[:1]
	}
	return all[:]
}
