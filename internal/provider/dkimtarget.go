package provider

import (
	"regexp"

	"sendplan/internal/dns"
)

// DKIMZone is the zone in which Microsoft publishes a domain's keys.
type DKIMZone string

// The zones of DKIM targets.
const (
	ZoneTenant DKIMZone = "tenant" // <initial>.onmicrosoft.com and its like: domains added before May 2025, and initial domains
	ZoneDKIM   DKIMZone = "dkim"   // <initial>.<letter>-v1.dkim.mail.microsoft: domains added since
)

// DKIMTarget is the name that the CNAME of a Microsoft 365 selector leads to,
// taken apart.
type DKIMTarget struct {
	Name      dns.Name
	Number    int    // 1 or 2
	Label     string // made of the domain's name
	Initial   string // first label of the tenant's initial domain
	Zone      DKIMZone
	Suffix    string // what follows Initial: "onmicrosoft.com", "r-v1.dkim.mail.microsoft", ...
	Partition string // "r" of r-v1.dkim.mail.microsoft; "" in a tenant's zone
}

// tenantZones are the zones of initial domains. Targets in the first were seen
// by the thousand, in .de twice; for the others the form is assumed.
const tenantZones = `onmicrosoft\.(?:com|us|de|cn)|partner\.onmschina\.cn`

var dkimTarget = regexp.MustCompile(
	`^selector([12])-([a-z0-9-]+)\._domainkey\.([a-z0-9-]+)\.((?:` + tenantZones + `)|(?:([a-z0-9]{1,8})-v[0-9]{1,3})\.dkim\.mail\.microsoft)$`)

// ParseDKIMTarget takes a CNAME's target apart; ok is false when it has not the
// form that Microsoft 365 gives its targets.
func ParseDKIMTarget(target dns.Name) (t DKIMTarget, ok bool) {
	m := dkimTarget.FindStringSubmatch(string(target))
	if m == nil {
		return DKIMTarget{}, false
	}
	t = DKIMTarget{
		Name: target, Number: int(m[1][0] - '0'), Label: m[2], Initial: m[3],
		Zone: ZoneTenant, Suffix: m[4], Partition: m[5],
	}
	if t.Partition != "" {
		t.Zone = ZoneDKIM
	}
	return t, true
}

// Owner says whether the target's label was made of domain's name. How labels
// are made outside the worldwide cloud is not established, so a label that does
// not match is not judged there.
func (t DKIMTarget) Owner(domain dns.Name) Owner {
	o := owner(t.Label, domain)
	if o == OtherDomain && t.Zone == ZoneTenant && t.Suffix != "onmicrosoft.com" {
		return NotJudged
	}
	return o
}
