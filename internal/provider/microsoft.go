package provider

import (
	"regexp"
	"strconv"
	"strings"

	"sendplan/internal/dns"
)

// Cloud is one of Microsoft's separate instances of Microsoft 365, in the
// words of the inventory.
type Cloud string

// The clouds. GCC uses the worldwide names; in public DNS GCC High and DoD
// differ only by their autodiscover name.
const (
	Worldwide Cloud = "worldwide"
	GCCHigh   Cloud = "gcc-high"
	DoD       Cloud = "dod"
	China     Cloud = "china" // operated by 21Vianet
)

// SPFInclude returns the name that domains of the cloud include in SPF, or ""
// for a word that is no cloud.
func (c Cloud) SPFInclude() dns.Name {
	switch c {
	case Worldwide:
		return "spf.protection.outlook.com"
	case GCCHigh, DoD:
		return "spf.protection.office365.us"
	case China:
		return "spf.protection.partner.outlook.cn"
	}
	return ""
}

// Family is the suffix that names of Microsoft's MX hosts share.
type Family string

// The families of Microsoft's MX hosts.
const (
	MXOutlook   Family = "mail.protection.outlook.com"        // worldwide and GCC
	MXMicrosoft Family = "mx.microsoft"                       // worldwide, with DNSSEC: <label>.<letter>-v1.mx.microsoft
	MXOffice365 Family = "mail.protection.office365.us"       // GCC High and DoD
	MXChina     Family = "mail.protection.partner.outlook.cn" // 21Vianet
	MXLegacy    Family = "mail.eo.outlook.com"                // worldwide, an old name that still works
	MXGermany   Family = "mail.protection.outlook.de"         // Microsoft Cloud Germany, closed in 2021
)

var families = []Family{MXOutlook, MXMicrosoft, MXOffice365, MXChina, MXLegacy, MXGermany}

// Clouds returns the clouds that have MX hosts of the family: two where the
// name does not tell them apart, none for the closed German cloud.
func (f Family) Clouds() []Cloud {
	switch f {
	case MXOutlook, MXMicrosoft, MXLegacy:
		return []Cloud{Worldwide}
	case MXOffice365:
		return []Cloud{GCCHigh, DoD}
	case MXChina:
		return []Cloud{China}
	}
	return nil
}

// Owner says whether a label that Microsoft made of a domain's name was made
// of the domain in question.
type Owner string

// The answers to "whose label is it?".
const (
	ThisDomain  Owner = "this-domain"
	OtherDomain Owner = "other-domain"
	NotJudged   Owner = "not-judged" // the label is a tenant's name, or made by a rule that is not known
)

// MX is the name of a Microsoft 365 MX host, taken apart.
type MX struct {
	Host      dns.Name
	Family    Family
	Label     string // made of the domain's name; with office365.us the tenant's name
	Partition string // "o" of o-v1.mx.microsoft; "" in the other families
}

// partition is the part of Microsoft's newer zones that a name lies in. One
// letter and "v1" are all that was seen; more are read, they are as good.
var partition = regexp.MustCompile(`^([a-z0-9]{1,8})-v[0-9]{1,3}$`)

// ParseMX takes the name of an MX host apart; ok is false when it is no host of
// Microsoft 365.
func ParseMX(host dns.Name) (mx MX, ok bool) {
	for _, f := range families {
		front, found := strings.CutSuffix(string(host), "."+string(f))
		if !found {
			continue
		}
		label, rest, more := strings.Cut(front, ".")
		m := partition.FindStringSubmatch(rest)
		switch {
		case label == "" || more != (f == MXMicrosoft):
			return MX{}, false
		case !more:
			return MX{Host: host, Family: f, Label: label}, true
		case m != nil:
			return MX{Host: host, Family: f, Label: label, Partition: m[1]}, true
		}
	}
	return MX{}, false
}

// Owner says whether the host's label was made of domain's name. Hosts of GCC
// High and DoD carry the name of the tenant instead, and the zero MX no label.
func (m MX) Owner(domain dns.Name) Owner {
	if m.Family == MXOffice365 || m.Label == "" {
		return NotJudged
	}
	// The host of an initial domain, contoso.onmicrosoft.com, is called contoso.
	if initial, ok := strings.CutSuffix(string(domain), ".onmicrosoft.com"); ok && initial == m.Label {
		return ThisDomain
	}
	return owner(m.Label, domain)
}

func owner(label string, domain dns.Name) Owner {
	for _, own := range Labels(domain) {
		if label == own {
			return ThisDomain
		}
	}
	return OtherDomain
}

// Labels returns the labels that Microsoft makes of a domain's name for MX hosts
// and DKIM targets, the likelier one first: the coded form where the name has
// hyphens, and the form that Microsoft's documentation gives, dots as dashes. It
// serves to compare, not to make up records: only Microsoft assigns them.
func Labels(domain dns.Name) []string {
	if domain == "" || domain == dns.Root {
		return nil
	}
	plain := strings.ReplaceAll(string(domain), ".", "-")
	if strings.Contains(string(domain), "-") {
		return []string{hyphenLabel(string(domain)), plain}
	}
	return []string{plain}
}

// hyphenLabel is the label of a name with hyphens, by a rule that is documented
// nowhere and was found from published records (it explains 1,660 of 1,676).
//
// The hyphens go, dots become dashes, and a suffix tells where hyphens were:
// "0", then the name in blocks of four octets. A run of blocks without a hyphen
// is its count, a block with hyphens is a letter from a on, plus 1, 2, 4 and 8
// for a hyphen in its first to fourth place.
func hyphenLabel(domain string) string {
	const block = 4
	var suffix strings.Builder
	empty := 0
	for start := 0; start < len(domain); start += block {
		mask := byte(0)
		for i, c := range []byte(domain[start:min(start+block, len(domain))]) {
			if c == '-' {
				mask |= 1 << i
			}
		}
		if mask == 0 {
			empty++
			continue
		}
		if empty > 0 {
			suffix.WriteString(strconv.Itoa(empty))
			empty = 0
		}
		suffix.WriteByte('a' + mask)
	}
	return strings.NewReplacer("-", "", ".", "-").Replace(domain) + "0" + suffix.String()
}

// OwnershipProof recognises MX hosts that are no mail servers but left-over
// proofs that somebody owns the domain. vendor says who asked for the proof.
func OwnershipProof(host dns.Name) (vendor string, ok bool) {
	for _, p := range []struct{ suffix, vendor string }{
		{".msv1.invalid.outlook.com", "Microsoft 365"},
		{".mx-verification.google.com", "Google"},
	} {
		if strings.HasSuffix(string(host), p.suffix) {
			return p.vendor, true
		}
	}
	return "", false
}
