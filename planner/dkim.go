package planner

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/dkim"
	"sendplan/internal/authority"
	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/method"
	"sendplan/internal/provider"
	"sendplan/internal/shell"
)

// planDKIM publishes the aliases to the tenant's keys. Where they lead only
// Microsoft can say, so they come from the inventory or not at all.
func (m *maker) planDKIM(d *domain) {
	if d.wish.Parked == inventory.True {
		return
	}
	m.ownKeys(d)
	m.serviceKeys(d)
	i := slices.IndexFunc(m.inv.Tenant.DKIM, func(k inventory.DKIM) bool { return k.Domain == d.Name })
	if i < 0 {
		m.askTargets(d)
		return
	}
	k := m.inv.Tenant.DKIM[i]
	changed := m.planSelector(d, provider.Selector1, k.Selector1)
	changed = m.planSelector(d, provider.Selector2, k.Selector2) || changed
	if k.Selector1 == "" || k.Selector2 == "" {
		m.askTargets(d)
	}
	switch {
	case k.Status == inventory.DKIMNoKeys:
		m.task(stagePrepare, Task{Who: "tenant admin", Subject: string(d.Name), Text: "let Exchange Online make the keys, and write what it prints into the inventory",
			Command: fmt.Sprintf("New-DkimSigningConfig -DomainName %s -KeySize 2048 -Enabled $false", d.Name), Why: "there are no keys for the domain"})
	case k.Enabled == inventory.False, k.Status == inventory.DKIMCnameMissing:
		m.enablings = append(m.enablings, enabling{k, Task{Who: "tenant admin", Subject: string(d.Name), Text: "switch DKIM signing on once the two aliases are published, and write the new state into the inventory",
			Command: fmt.Sprintf("Set-DkimSigningConfig -Identity %s -Enabled $true", d.Name),
			Why:     "until then the tenant does not sign for the domain"}})
	case k.Enabled != inventory.True || k.Status != inventory.DKIMValid || changed:
		m.task(stageRecords, Task{Who: "tenant admin", Subject: string(d.Name), Text: "look whether the tenant signs, and write what it prints into the inventory",
			Command: targetsCommand(d.Name), Why: "a published key is no proof that the tenant signs"})
	}
}

// ownKeys asks for the keys of devices that sign for themselves, where they lack.
func (m *maker) ownKeys(d *domain) {
	for _, device := range m.fleet.Devices {
		if device.SignsAs != d.Name || device.SignSelector == "" {
			continue
		}
		switch dkim.Lookup(m.ctx, m.now, d.Name, device.SignSelector).State {
		case dkim.Missing, dkim.Dangling, dkim.Invalid, dkim.KeyRevoked, dkim.WrongType:
			m.task(stagePrepare, Task{Who: "whoever keeps " + device.Name, Subject: string(d.Name), Text: "publish the key that " + device.Name + " signs with, or make a new one",
				Command: fmt.Sprintf("sendplan dkim keygen %s --selector %s --out FILE", d.Name, shell.Word(device.SignSelector)),
				Why:     fmt.Sprintf("there is no usable key at %s._domainkey.%s", device.SignSelector, d.Name)})
		}
	}
}

// serviceKeys asks to have services sign, whose records only they can name.
func (m *maker) serviceKeys(d *domain) {
	for _, device := range m.fleet.Devices {
		id := after(device)
		kind := id.Kind()
		if kind != method.Relay && kind != method.Hoster && kind != method.ACS || !slices.ContainsFunc(device.From, func(a inventory.Address) bool { return a.Domain == d.Name }) {
			continue
		}
		service := provider.ID(id.Name())
		if kind == method.ACS {
			service = "azure-communication-services"
		}
		entry, ok := provider.ByID(service)
		if !ok || m.serviceSigns(d.Name, entry) {
			continue
		}
		m.task(stagePrepare, Task{Who: "whoever keeps the account at " + entry.ShortName(), Subject: string(d.Name),
			Text: "have the service sign for the domain, and publish the records that it shows for that", Why: "no key of the service was found at the selectors that it usually has"})
	}
}

// serviceSigns reports whether a key of a service is published for a domain, at
// a selector that the catalogue knows.
func (m *maker) serviceSigns(name dns.Name, entry provider.Entry) bool {
	selectors := provider.Selectors(nil, []provider.Entry{entry}, false)
	return slices.ContainsFunc(check.LookDKIM(m.now, name, check.Options{Selectors: selectors}).Selectors, func(s dkim.Selector) bool {
		named := slices.ContainsFunc(entry.DKIM, func(r provider.DKIMRecord) bool { return r.Selector == s.Selector })
		return s.State == dkim.Live && (check.Signer(s) == entry.ShortName() || named && len(s.Chain) == 0)
	})
}

func targetsCommand(name dns.Name) string {
	return fmt.Sprintf("Get-DkimSigningConfig -Identity %s | Format-List Domain,Enabled,Status,Selector1CNAME,Selector2CNAME", name)
}

// askTargets asks for what only Exchange Online can tell, where the tenant holds
// the domain.
func (m *maker) askTargets(d *domain) {
	if !d.listed || !m.inTenant(d) {
		return
	}
	m.task(stagePrepare, Task{Who: "tenant admin", Subject: string(d.Name), Text: "ask Exchange Online where the DKIM aliases must lead, and put what it prints into the inventory (sendplan import exchange)",
		Command: targetsCommand(d.Name), Why: "only Microsoft can say it, and whether the tenant signs"})
}

// planSelector plans one selector's alias. It reports whether it changes
// something.
func (m *maker) planSelector(d *domain, selector string, target dns.Name) bool {
	if target == "" {
		return false
	}
	name, err := d.Child(selector + "._domainkey")
	if err != nil {
		return false
	}
	aliases, texts := m.zones.Set(dns.Key{Name: name, Type: dns.TypeCNAME}), m.zones.Set(txt(name))
	if !m.readable(aliases) || !m.readable(texts) {
		return false
	}
	s := selectorPlan{maker: m, domain: d, name: name, selector: selector, target: target, aliases: aliases, texts: texts}
	return s.plan()
}

// selectorPlan is one selector of Microsoft 365 while its records are planned.
type selectorPlan struct {
	*maker
	*domain
	name           dns.Name
	selector       string
	target         dns.Name
	aliases, texts authority.Set
}

func (s selectorPlan) plan() bool {
	present := s.alias()
	if present == s.target {
		return false
	}
	if signer := s.usedBy(); signer != "" {
		s.block(Block{ID: BlockDKIMSigner, Subject: string(s.name), Message: fmt.Sprintf("%s signs with this selector, which Microsoft 365 needs for its alias", signer),
			Fix: "give the device another selector, and write it into devices.sign_selector"})
		return false
	}
	if why := s.inTheWay(present); why != "" && !s.agreed(why) {
		return false
	}
	new := dns.Record{Name: s.name, TTL: defaultTTL, Data: dns.CNAME{Target: s.target}}
	if len(s.aliases.Records) > 0 {
		new.TTL = s.aliases.Records[0].TTL
	}
	if len(s.texts.Records) > 0 {
		s.stage(stagePrepare, dns.Change{Zone: s.texts.Zone, Key: s.texts.Key, Old: s.texts.Records,
			Why: []string{s.whyText()}})
	}
	s.stage(stagePrepare, dns.Change{Zone: s.aliases.Zone, Key: s.aliases.Key, Old: s.aliases.Records, New: []dns.Record{new},
		Why: []string{fmt.Sprintf("Microsoft 365 signs for %s with the keys behind this alias", s.domain.Name)}})
	return true
}

// usedBy is the device that signs with the selector, or "".
func (s selectorPlan) usedBy() string {
	for _, d := range s.fleet.Devices {
		if d.SignsAs == s.domain.Name && d.SignSelector == s.selector {
			return d.Name
		}
	}
	return ""
}

// alias is where the selector's alias leads by now, or "".
func (s selectorPlan) alias() dns.Name {
	for _, r := range s.aliases.Records {
		return r.Data.(dns.CNAME).Target
	}
	return ""
}

// inTheWay says what would be lost with what stands at the name by now; "" if
// nothing that anybody can use.
func (s selectorPlan) inTheWay(present dns.Name) string {
	now := dkim.Lookup(s.ctx, s.now, s.domain.Name, s.selector)
	if s.aliases.Wildcard || s.texts.Wildcard {
		return "" // nobody wrote it for this selector
	}
	switch {
	case present != "" && now.State == dkim.Unknown:
		if !asking(now.Err) {
			s.maker.unknown(Unknown{Subject: string(s.name), Message: "whether a key is in use behind the present alias to " + string(present) + " is not known", Fix: "plan again when that name answers", Cause: now.Err})
		}
		return "what the present alias leads to did not answer"
	case present != "" && now.State == dkim.Live && s.atTarget() == dkim.Unknown:
		return fmt.Sprintf("its alias leads to a key that works, at %s, and whether there is one at %s is not known", present, s.target)
	case present != "" && now.State == dkim.Live && s.atTarget() != dkim.Live:
		return fmt.Sprintf("its alias leads to a key that works, at %s, and there is none at %s yet", present, s.target)
	case present != "":
		if _, microsoft := provider.ParseDKIMTarget(present); now.State == dkim.Live && !microsoft {
			return fmt.Sprintf("its alias leads to the key of another signer, at %s", present)
		}
		return ""
	case len(s.texts.Records) == 0 || now.State == dkim.WrongType:
		return ""
	case now.State == dkim.Live:
		return "a key of another signer stands there"
	}
	return "a TXT record stands there that is no alias written as text"
}

// atTarget is the state of what is at the target that the alias shall have.
func (s selectorPlan) atTarget() dkim.State {
	answer, err := s.now.Lookup(s.ctx, s.target, dns.TypeTXT)
	return dkim.Judge(s.selector, s.target, answer, err).State
}

// agreed reports whether the administrator said that what is in the way can go;
// otherwise the selector is blocked.
func (s selectorPlan) agreed(why string) bool {
	id := acceptID("dkim-replace", s.domain.Name, s.selector)
	yes := s.accepts(Offer{Accept: id, Subject: string(s.domain.Name),
		Text: fmt.Sprintf("put Microsoft's alias in the place of what stands at %s: nobody signs with it", s.name)})
	if !yes {
		s.block(Block{ID: BlockDKIMSigner, Accept: id, Subject: string(s.name), Message: why + ", where Microsoft 365 needs its alias",
			Fix: "find out who signs with it; say yes only if nobody does"})
	}
	return yes
}

func (s selectorPlan) whyText() string {
	for _, text := range texts(s.texts.Records) {
		if strings.Contains(strings.ToLower(text), "domainkey") {
			return "a TXT record holds the name that an alias must lead to"
		}
	}
	return "you agreed that nobody signs with this key; an alias cannot stand beside it (RFC 1034 §3.6.2)"
}

// texts returns the joined texts of TXT records.
func texts(records []dns.Record) []string {
	list := make([]string, 0, len(records))
	for _, r := range records {
		if t, ok := r.Data.(dns.TXT); ok {
			list = append(list, t.Joined())
		}
	}
	return list
}
