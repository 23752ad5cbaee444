package check

import (
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/mtasts"
)

// STSPolicy is the policy that a domain's MTA-STS record announces.
type STSPolicy struct {
	Fetch  Lookup // by way of [dns.Web]; not asked without a valid record
	Policy mtasts.Policy
	Status string // "" if a policy was read, else why senders find none
}

// Found reports whether a policy was read.
func (p STSPolicy) Found() bool { return p.Policy.Mode != "" }

// lookSTSPolicy gets the policy if a record announces one.
func lookSTSPolicy(r dns.Resolver, d *Domain, opts Options) STSPolicy {
	record := d.Transport.STS
	texts := record.records("v=STSv1;")
	if record.Err != nil || len(texts) != 1 || opts.NoHTTPS {
		return STSPolicy{}
	}
	if _, err := mtasts.ParseRecord(texts[0]); err != nil {
		return STSPolicy{}
	}
	p := STSPolicy{Fetch: lookBelow(dns.At(r, dns.Web), d.Name, "mta-sts", dns.TypeTXT)}
	if p.Fetch.Err != nil || p.Fetch.Answer.Void() {
		return p
	}
	// What was fetched is a status, "200" if there is a policy, and the policy.
	text, ok := p.Fetch.Answer.Records[0].Data.(dns.TXT)
	strs := text.Strings()
	if !ok || len(strs) == 0 {
		return p
	}
	if strs[0] != "200" {
		p.Status = strs[0]
		return p
	}
	policy, err := mtasts.ParsePolicy(strings.Join(strs[1:], ""))
	if err != nil {
		p.Status = "the policy cannot be read: " + err.Error()
		return p
	}
	p.Policy = policy
	return p
}
