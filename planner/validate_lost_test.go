package planner

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendplan/internal/dns"
)

// fromTenant is an inventory with a scanner that submits to the tenant, which
// signs for the domain.
const fromTenant = `version: 1
tenant: {initial_domain: nordwind.onmicrosoft.com, cloud: worldwide, inbound: direct, outbound: direct, reject_direct_send: false, connectors: [], dkim: [{domain: nordwind.example, enabled: true, status: Valid, selector1_cname: ` + target1 + `, selector2_cname: ` + target2 + `}]}
sites:
  - {name: hq, addresses: [203.0.113.10], static: true, shared: false, port25: open}
domains:
  - name: nordwind.example
devices:
  - {name: scanner, site: hq, method: smtp-auth, now: smtp-auth, login: scan@nordwind.example, from: [scan@nordwind.example], recipients: anyone, auth: oauth, tls: "1.2"}
`

// What a zone file takes away beside what SPF allows is told: the MX records, the
// keys and the policy. Nothing of it makes a device fail.
func TestCompareLosses(t *testing.T) {
	t.Parallel()
	const (
		record  = `@ TXT "v=spf1 ip4:203.0.113.10 include:spf.protection.outlook.com -all"` + "\n"
		reject  = `_dmarc TXT "v=DMARC1; p=reject; rua=mailto:d@nordwind.example"` + "\n"
		aliases = "selector1._domainkey CNAME " + target1 + ".\nselector2._domainkey CNAME " + target2 + ".\n"
		whole   = microsoftMX + record + reject + aliases
		key     = "default._domainkey TXT " + edKey + "\n"
		pool    = "sender-loses nordwind.example: it would have neither MX nor A record"
	)
	without := func(part string) string { return strings.Replace(whole, part, "", 1) }
	with := func(part, other string) string { return strings.Replace(whole, part, other, 1) }
	const parked = "version: 1\ndomains: [{name: nordwind.example, parked: true}]\n"
	lower := func(wish string) string {
		return strings.Replace(fromTenant, "- name: nordwind.example\n", "- name: nordwind.example\n    dmarc: {"+wish+"}\n", 1)
	}
	for name, test := range map[string]struct{ inventory, today, file, want string }{
		"nothing":                            {fromTenant, whole, whole, ""},
		"no MX":                              {fromTenant, whole, without(microsoftMX), pool},
		"an A record in place of the MX":     {fromTenant, whole, with(microsoftMX, "@ A 192.0.2.80\n"), "sender-loses nordwind.example: its MX records go, so that mail to it"},
		"only AAAA, from the tenant":         {fromTenant, whole, with(microsoftMX, "@ AAAA 2001:db8::80\n"), pool},
		"a null MX":                          {fromTenant, whole, with(microsoftMX, "@ MX 0 .\n"), "sender-loses nordwind.example: it would take no mail any more (a null MX record)"},
		"another MX":                         {fromTenant, whole, with(microsoftMX, "@ MX 10 mx.nordwind.example.\nmx A 192.0.2.25\n"), ""},
		"never an MX, from the tenant":       {fromTenant, without(microsoftMX), without(microsoftMX), "unknown nordwind.example: it has neither MX nor A record, today and afterwards"},
		"never an MX, from elsewhere":        {sender, record, record, ""},
		"no A record, from elsewhere":        {sender, record + "@ A 192.0.2.80\n", record, pool},
		"A becomes AAAA, from elsewhere":     {sender, record + "@ A 192.0.2.80\n", record + "@ AAAA 2001:db8::80\n", ""},
		"parked":                             {parked, microsoftMX + record, "@ MX 0 .\n" + record, ""},
		"today's MX does not answer":         {sender, record + ";! servfail nordwind.example. MX\n", record, "unknown nordwind.example: whether mail to it still finds its host is not known, because MX nordwind.example was not answered"},
		"no policy":                          {fromTenant, whole, without(reject), `dmarc-lost nordwind.example: its DMARC record goes: "v=DMARC1; p=reject; rua=mailto:d@nordwind.example" today, "" afterwards`},
		"none goes":                          {fromTenant, with("p=reject", "p=none"), without(reject), "dmarc-lost nordwind.example: its DMARC record goes"},
		"a lower policy":                     {fromTenant, whole, with("p=reject", "p=quarantine"), "dmarc-lost nordwind.example: its DMARC policy falls"},
		"tested":                             {fromTenant, whole, with("p=reject", "p=reject; t=y"), "dmarc-lost nordwind.example: its DMARC policy falls"},
		"part of the mail":                   {fromTenant, whole, with("p=reject", "p=reject; pct=10"), "dmarc-lost nordwind.example: its DMARC policy falls"},
		"a typo":                             {fromTenant, whole, with("p=reject", "p=reject; sp=nnoe"), "dmarc-lost nordwind.example: its DMARC policy falls"},
		"a lower policy below":               {fromTenant, whole, with("p=reject", "p=reject; sp=none"), "dmarc-lost nordwind.example: its DMARC policy for subdomains falls"},
		"and of names that are not there":    {fromTenant, whole, with("p=reject", "p=reject; np=none"), "dmarc-lost nordwind.example: its DMARC policy for subdomains falls"},
		"a lower policy, as wished":          {lower("target: quarantine, subdomains: quarantine"), whole, with("p=reject", "p=quarantine"), ""},
		"lower than wished":                  {lower("target: quarantine, subdomains: none"), whole, with("p=reject", "p=none"), "dmarc-lost nordwind.example: its DMARC policy falls"},
		"a stricter policy":                  {fromTenant, with("p=reject", "p=none"), whole, ""},
		"today's policy does not answer":     {fromTenant, whole + ";! servfail _dmarc.nordwind.example. TXT\n", with("p=reject", "p=none"), "unknown nordwind.example: whether its DMARC policy stays is not known, because TXT _dmarc.nordwind.example was not answered"},
		"and the file's is the strictest":    {fromTenant, whole + ";! servfail _dmarc.nordwind.example. TXT\n", whole, ""},
		"no alias":                           {fromTenant, whole, without("selector1._domainkey CNAME " + target1 + ".\n"), "sender-loses selector1._domainkey.nordwind.example: mail is signed with this selector: its key would not stand there any more (missing)"},
		"no aliases":                         {fromTenant, whole, without(aliases), "sender-loses selector2._domainkey.nordwind.example"},
		"an alias to nowhere":                {fromTenant, whole, with(target2, "nowhere.nordwind.example"), "sender-loses selector2._domainkey.nordwind.example"},
		"nobody knows who signs":             {sender, whole, without(aliases), "unknown selector1._domainkey.nordwind.example: its key would not stand there any more (missing); whether anybody signs with it is not known"},
		"nobody signs":                       {strings.Replace(fromTenant, "enabled: true, status: Valid", "enabled: false", 1), whole, without(aliases), ""},
		"the key of somebody else":           {sender, record + key, record, "unknown default._domainkey.nordwind.example: its key would not stand there any more (missing)"},
		"another key":                        {sender, record + key, record + `default._domainkey TXT "v=DKIM1; k=ed25519; p=PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw="` + "\n", "unknown default._domainkey.nordwind.example: another key would stand there"},
		"the key moves behind an alias":      {sender, record + key, record + "default._domainkey CNAME k.nordwind.example.\nk TXT " + edKey + "\n", ""},
		"today's key does not answer":        {fromTenant, whole + ";! servfail selector1._domainkey.nordwind.example. TXT\n", without("selector1._domainkey CNAME " + target1 + ".\n"), "unknown selector1._domainkey.nordwind.example: whether its key stays is not known"},
		"the key of a device":                {strings.Replace(sender, `tls: "1.2"`, `tls: "1.2", signs_as: nordwind.example, sign_selector: erp7`, 1), record + "erp7._domainkey TXT " + edKey + "\n", record, "sender-loses erp7._domainkey.nordwind.example: mail is signed with this selector"},
		"a selector that nobody has, before": {sender, record, record, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := compareWith(t, test.inventory, apex+test.today+keys(target1, target2), apex+test.file)
			var said []string
			for line := range strings.Lines(verdicts(p)) {
				if strings.HasPrefix(line, "sender-loses ") || strings.HasPrefix(line, "dmarc-lost ") || strings.HasPrefix(line, "unknown ") {
					said = append(said, line)
				}
			}
			if got := strings.Join(said, ""); !strings.Contains(got, test.want) || test.want == "" && got != "" {
				t.Errorf("got\n%s\nwant %s", verdicts(p), test.want)
			}
		})
	}
}

// A zone that stays takes nothing away, nor does what a plan makes of it: a policy
// falls by wish alone, and nobody's mail or key goes.
func TestPlansLoseNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := play(t, drawScene(t))
		p.publish()
		for _, then := range []dns.Resolver{p.old, p.new} {
			m := newMaker(&p.file.Inventory, p.old, Options{Date: day})
			for _, d := range m.domains {
				m.compareMail(d, then)
				m.comparePolicy(d, then)
				if len(p.file.Accepted) == 0 || then == dns.Resolver(p.old) { // with a yes the plan may take a key away
					m.compareKeys(d, then)
				}
			}
			for _, b := range m.plan.Blocked {
				p.Fatalf("%s %s: %s", b.ID, b.Subject, b.Message)
			}
		}
	})
}
