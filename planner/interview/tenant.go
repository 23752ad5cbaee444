package interview

import (
	"slices"

	"sendplan/internal/dns"
	"sendplan/internal/intake"
	"sendplan/internal/inventory"
)

// tenantQuestions asks what the DNS does not tell, and has what it suggests of
// the way out confirmed. What the DNS told and the draft agrees with is not asked.
func (s State) tenantQuestions(given Answers) []Question {
	f := form{given: given}
	tenant, told := s.inventory().Tenant, s.told()
	proposed := told
	if !s.proposes() {
		proposed = inventory.Seen{}
	}
	s.askPath(&f, s.outboundQuestion())
	if tenant.Inbound == "" || tenant.Inbound != told.Inbound {
		s.askPath(&f, s.inboundQuestion(proposed.Inbound))
	}
	if tenant.Cloud == "" || tenant.Cloud != told.Cloud {
		f.ask(cloudQuestion(tenant, proposed))
	}
	if tenant.InitialDomain == "" || tenant.InitialDomain != told.InitialDomain {
		f.ask(initialQuestion(tenant, proposed))
	}
	f.ask(Question{
		ID: "reject_direct_send", Kind: Choice, Text: "Is RejectDirectSend on?", Label: "RejectDirectSend", Answer: string(tenant.RejectDirectSend),
		Why: "Direct Send is what devices do that deliver to the tenant's MX host without logging in. With RejectDirectSend the tenant refuses them (550 5.7.68) unless a connector knows their address. " +
			"Exchange Online PowerShell tells: Get-OrganizationConfig | Format-List RejectDirectSend",
		Options: truths("Direct Send is refused; devices need a connector, or another method", "Direct Send can be used for mail to your own mailboxes",
			"methods that depend on it stay open until Get-OrganizationConfig was asked"),
	})
	f.ask(Question{
		ID: "smtp_auth", Kind: Choice, Text: "Does the tenant allow SMTP AUTH?", Label: "SMTP AUTH", Answer: string(tenant.SMTPAuth),
		Why: "It is what devices use that log in with a mailbox, at smtp.office365.com in the worldwide cloud. A mailbox's own setting beats the tenant's. " +
			"Exchange Online PowerShell tells, and says it the other way round, so False is yes: Get-TransportConfig | Format-List SmtpClientAuthenticationDisabled",
		Options: truths("the mailbox of each device can use it, unless it is switched off there", "only mailboxes for which it is switched on can use it",
			"methods that depend on it stay open until Get-TransportConfig was asked"),
	})
	return f.questions
}

// proposes reports whether what the DNS tells is proposed where the draft says
// nothing of the tenant.
func (s State) proposes() bool { return !s.wasAnswered(Subject{Of: OfTenant}) }

// told is what the DNS tells, if it was asked.
func (s State) told() inventory.Seen {
	if s.Found == nil {
		return inventory.Seen{}
	}
	return seen(s.Found.Reports)
}

func cloudQuestion(tenant inventory.Tenant, told inventory.Seen) Question {
	q := Question{
		ID: "cloud", Kind: Choice, Text: "In which Microsoft cloud is the tenant?", Label: "Cloud", Answer: string(tenant.Cloud),
		Why: "Host names, the SPF include and what there is of methods differ. The DNS does not always tell: the names of GCC High and DoD are the same.",
		Options: []Option{
			{Value: string(inventory.Worldwide), Text: "worldwide", Note: "nearly everyone, and GCC too"},
			{Value: string(inventory.GCCHigh), Text: "GCC High", Note: "office365.us, for contractors of the US government"},
			{Value: string(inventory.DoD), Text: "DoD", Note: "office365.us, for the US Department of Defense"},
			{Value: string(inventory.China), Text: "China", Note: "operated by 21Vianet, partner.outlook.cn"},
			{Text: "not known", Note: "the portal's address tells: admin.microsoft.com is worldwide"},
		},
	}
	if tenant.Cloud == "" && told.Cloud != "" {
		q.Answer, q.Basis = string(told.Cloud), "the MX or SPF records name hosts of that cloud alone"
	}
	return q
}

func initialQuestion(tenant inventory.Tenant, told inventory.Seen) Question {
	q := Question{
		ID: "initial_domain", Kind: Text, Text: "What is the tenant's initial domain?", Label: "Initial domain", Example: "contoso.onmicrosoft.com",
		Why: "It names the tenant, and is a domain of its own that devices can write as and to. Leave it empty if you do not know. " +
			"Exchange Online PowerShell tells: Get-AcceptedDomain | Where-Object InitialDomain",
		Answer: string(tenant.InitialDomain),
	}
	if tenant.InitialDomain == "" && told.InitialDomain != "" {
		q.Answer, q.Basis = string(told.InitialDomain), "the DKIM selectors lead there"
	}
	return q
}

func (s State) putTenant(given Answers) (State, error) {
	answers, err := taken(s.tenantQuestions(given))
	if err != nil {
		return s, err
	}
	want := s.inventory().Tenant
	want.Outbound = pathOf(answers, "outbound", want.Outbound)
	want.Inbound = pathOf(answers, "inbound", want.Inbound)
	want.RejectDirectSend, want.SMTPAuth = inventory.Truth(answers["reject_direct_send"]), inventory.Truth(answers["smtp_auth"])
	if cloud, asked := answers["cloud"]; asked {
		want.Cloud = inventory.Cloud(cloud)
	}
	if name, asked := answers["initial_domain"]; asked {
		if want.InitialDomain, err = initialDomain(name); err != nil {
			return s, err
		}
	}
	next, err := s.edited(func(f *inventory.File) error { return changeTenant(f, want) })
	if err != nil {
		return s, err
	}
	return next.noted(Subject{Of: OfTenant}), nil
}

// initialDomain reads the answer; the name alone stands for the one in the
// worldwide cloud.
func initialDomain(answer string) (dns.Name, error) {
	bare := bareDomain(answer)
	switch n, err := dns.ParseName(bare); {
	case bare == "":
		return "", nil
	case err == nil && len(n.Labels()) == 1:
		bare += ".onmicrosoft.com"
	}
	return parseDomain("initial_domain", bare)
}

func changeTenant(f *inventory.File, want inventory.Tenant) error {
	have, at := f.Tenant, inventory.TenantAt()
	for _, err := range []error{
		change(f, at.Key("outbound"), have.Outbound, want.Outbound, word),
		change(f, at.Key("inbound"), have.Inbound, want.Inbound, word),
		change(f, at.Key("cloud"), have.Cloud, want.Cloud, word),
		changeText(f, at.Key("initial_domain"), string(have.InitialDomain), string(want.InitialDomain)),
		change(f, at.Key("reject_direct_send"), have.RejectDirectSend, want.RejectDirectSend, inventory.Bool),
		change(f, at.Key("smtp_auth"), have.SMTPAuth, want.SMTPAuth, inventory.Bool),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// gateways are the gateways and signature services that the records name, in
// their order, each with where it was seen.
func (s State) gateways() []inventory.SeenService {
	if s.Found == nil {
		return nil
	}
	var list []inventory.SeenService
	add := func(id, why string) {
		if !slices.ContainsFunc(list, func(g inventory.SeenService) bool { return g.Name == id }) {
			list = append(list, inventory.SeenService{Name: id, Title: gatewayName(id), Why: why})
		}
	}
	known := intake.Catalogue(inventory.Gateway)
	for _, r := range s.Found.Reports {
		one := intake.Domain(r.Domain)
		if family, id := one.Inbound.Of(); family == inventory.Gateway {
			add(id, "the MX record of "+one.Domain.Unicode())
		}
	}
	for _, r := range s.Found.Reports {
		one := intake.Domain(r.Domain)
		for _, v := range one.Services {
			if slices.Contains(known, v.Name) {
				add(v.Name, v.Why+" of "+one.Domain.Unicode())
			}
		}
	}
	return list
}
