package check

import (
	"fmt"

	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

var domainAlias = Check{
	ID:       "domain-alias",
	Severity: finding.Note,
	Title:    "the domain is an alias of another name",
	Explain: `The name is a CNAME, so its MX and SPF records are those of the target. That is usual for a subdomain that was
handed to a mailing service, and then right as it is. Nothing else can be published at the name itself: an MX or TXT
record beside the CNAME is refused by name servers or ignored by resolvers. The DMARC record and the DKIM keys have names
of their own and are not affected.

To change the domain's MX or SPF record, change that of the target, or replace the CNAME by records of the domain's own.`,
	Refs: []string{"RFC 1034 §3.6.2", "RFC 5321 §5.1"},
	Run:  runDomainAlias,
}

func runDomainAlias(d *Domain) []finding.Finding {
	target := d.alias()
	if target == d.Name {
		return nil
	}
	what := "whose MX and SPF records count for it"
	if d.Exchange.MX.Err == nil && d.Exchange.MX.Answer.Void() && !d.Exchange.MX.Answer.Exists {
		what = "which does not exist, so no mail reaches it"
	}
	return []finding.Finding{fail(d.Name, fmt.Sprintf("%s is an alias of %s, %s", d.Name.Unicode(), target.Unicode(), what),
		fmt.Sprintf("publish no MX or TXT record beside the CNAME: to change one, change that of %s, or replace the CNAME by records of the domain's own",
			target.Unicode()))}
}

// alias returns the name that holds the domain's MX and SPF records: its own,
// unless it is a CNAME.
func (d *Domain) alias() dns.Name { return d.Exchange.MX.Answer.Target(d.Name) }
