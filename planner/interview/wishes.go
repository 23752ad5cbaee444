package interview

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/inventory"
)

// wishQuestions asks what a domain of the draft shall publish in the end.
func (s State) wishQuestions(name string, given Answers) []Question {
	domain, known := s.wishes(name)
	if !known {
		return nil
	}
	f := form{given: given}
	today := s.today(domain.Name)
	if f.ask(s.parkedQuestion(domain, today)) == string(inventory.True) {
		return f.questions
	}
	f.ask(s.targetQuestion(domain, today))
	f.ask(Question{
		ID: "rua", Kind: List, Text: "To which addresses shall DMARC reports go?", Label: "Reports", Example: "dmarc@contoso.com",
		Why: "Receivers send a summary each day of who sends as " + domain.Name.Unicode() + ": the evidence on which the policy can be raised. " +
			"An address in another domain needs that domain's agreement. Today: " + today.reports() + ". Leave it empty to keep that.",
		Answer: list(domain.DMARC.RUA, shownReports),
	})
	f.ask(allQuestion(domain, today))
	return f.questions
}

// wishes returns what the draft says of a domain.
func (s State) wishes(name string) (inventory.Domain, bool) {
	n, err := dns.ParseName(name)
	if err != nil {
		return inventory.Domain{}, false
	}
	return s.inventory().Domain(n)
}

// report is what was found of a domain; ok is false if it was not asked about.
func (s State) report(name dns.Name) (d *check.Domain, ok bool) {
	if s.Found == nil {
		return nil, false
	}
	for _, r := range s.Found.Reports {
		if r.Domain.Name == name {
			return r.Domain, true
		}
	}
	return nil, false
}

func (s State) parkedQuestion(domain inventory.Domain, today published) Question {
	name := domain.Name.Unicode()
	q := Question{
		ID: "parked", Kind: Choice, Text: "Is " + name + " used for mail?", Label: "Parked", Answer: string(inventory.False),
		Why: "A domain that is parked sends nothing and takes no mail. Its records are made to say so, and nobody can send as it.",
		Options: []Option{
			{Value: string(inventory.False), Text: "used", Note: "it sends or takes mail"},
			{Value: string(inventory.True), Text: "parked", Note: "it neither sends nor takes mail", Against: s.writers(domain.Name), Instead: "used, or change these devices first"},
		},
	}
	if d, ok := s.report(domain.Name); ok && !today.locked {
		q.Options[1].Note += s.parkedLoses(d)
	}
	switch {
	case domain.Parked == inventory.True:
		q.Answer = string(inventory.True)
	case today.locked && domain.Parked == "" && !s.wished(domain.Name) && len(q.Options[1].Against) == 0:
		q.Answer, q.Basis = string(inventory.True), "its MX and SPF records refuse all mail"
	}
	return q
}

// parkedLoses is what works today and would be refused if a domain was parked, as
// far as its records tell.
func (s State) parkedLoses(d *check.Domain) string {
	var loses []string
	if !d.Exchange.Null() && !d.Exchange.Implicit() && len(d.Exchange.Hosts) > 0 {
		loses = append(loses, "mail that "+d.Exchange.Hosts[0].Name.Unicode()+" takes for it")
	}
	if len(allowed(d.SPF)) > 0 {
		loses = append(loses, "mail from "+named(allowed(d.SPF)))
	}
	if loses == nil {
		return ""
	}
	return "; what its records allow today would be refused: " + both(loses)
}

// writers says for each device that uses a domain that it does.
func (s State) writers(domain dns.Name) []string {
	var list []string
	for _, d := range s.inventory().Devices {
		switch {
		case slices.ContainsFunc(d.From, func(a inventory.Address) bool { return a.Domain == domain }):
			list = append(list, d.Name+" writes as it")
		case d.MailFrom.Domain == domain:
			list = append(list, d.Name+" has it in MAIL FROM")
		case d.SignsAs == domain:
			list = append(list, d.Name+" signs as it")
		}
	}
	return list
}

// wished reports whether somebody answered what a domain shall publish.
func (s State) wished(name dns.Name) bool { return s.wasAnswered(Subject{OfDomain, string(name)}) }

func (s State) targetQuestion(domain inventory.Domain, today published) Question {
	q := Question{
		ID: "target", Kind: Choice, Text: "Which DMARC policy shall " + domain.Name.Unicode() + " arrive at?", Label: "DMARC goal", Answer: orKeep(domain.DMARC.Target),
		Why: "DMARC tells receivers what to do with mail that claims to be yours and passes neither SPF nor DKIM for your domain. " +
			"The plan goes one step at a time: it raises a policy only on reports that show that your own mail passes, or on your yes. Today: " + today.dmarc + ".",
		Options: []Option{
			{Value: string(inventory.DMARCKeep), Text: "as it is", Note: "today: " + today.dmarc},
			{Value: string(inventory.DMARCNone), Text: "none", Note: "it asks for nothing to happen to such mail; reports tell who sends as you, if an address for them is given"},
			{Value: string(inventory.DMARCQuarantine), Text: "quarantine", Note: "such mail goes to junk"},
			{Value: string(inventory.DMARCReject), Text: "reject", Note: "such mail is refused; mail of yours that mailing lists change can be too"},
		},
	}
	for i, o := range q.Options {
		q.Options[i].Recommended = o.Value == string(today.next)
		if today.loosens(inventory.DMARCTarget(o.Value)) {
			q.Options[i].Note += "; looser than today"
		}
	}
	if today.missing {
		q.Why = "Without a DMARC record nothing asks receivers to stop mail that only claims to be yours, and you do not hear of it; Google, Yahoo and Outlook.com refuse bulk mail without one. " + q.Why
		if q.Answer == string(inventory.DMARCKeep) && !s.wished(domain.Name) {
			q.Answer, q.Basis = string(inventory.DMARCNone), "there is no record, and none changes nothing for your mail"
		}
	}
	return q
}

// orKeep writes a wish; what the file does not say is to stay as it is.
func orKeep[T ~string](wish T) string {
	if wish == "" {
		return "keep"
	}
	return string(wish)
}

func allQuestion(domain inventory.Domain, today published) Question {
	q := Question{
		ID: "all", Kind: Choice, Text: "How shall the SPF record of " + domain.Name.Unicode() + " end?", Label: "SPF end", Answer: orKeep(domain.SPF.All),
		Why: "The end says what receivers shall make of mail from everybody whom the record does not name. With a DMARC policy of quarantine or reject, ~all and -all come to much the same; " +
			"otherwise -all can lose mail that is forwarded. Today: " + today.spf + ".",
		Options: []Option{
			{Value: string(inventory.SPFKeep), Text: "as it is", Note: "today: " + today.spf, Recommended: !today.openEnd},
			{Value: string(inventory.SPFSoftFail), Text: "~all (softfail)", Note: "others are probably not allowed", Recommended: today.openEnd},
			{Value: string(inventory.SPFFail), Text: "-all (fail)", Note: "others are not allowed; some receivers refuse at once, before they look at DKIM"},
		},
	}
	return q
}

func (s State) putWishes(name string, given Answers) (State, error) {
	have, known := s.wishes(name)
	if !known {
		return s, &Mistake{Message: fmt.Sprintf("the inventory has no domain %q", name), Fix: "choose one of the list"}
	}
	answers, err := taken(s.wishQuestions(name, given))
	if err != nil {
		return s, err
	}
	var reports []string
	if reports, err = parsed("rua", answers["rua"], parseReports); err != nil {
		return s, err
	}
	next, err := s.edited(func(f *inventory.File) error { return changeWishes(f, have, answers, reports) })
	if err != nil {
		return s, err
	}
	return next.noted(Subject{OfDomain, string(have.Name)}), nil
}

// parseReports reads an address for DMARC reports. The error is a *[Mistake].
func parseReports(id ID, text string) (string, error) {
	a, err := parseMailbox(id, text)
	if err != nil {
		return "", err
	}
	// RFC 8616 §6: the local part has to be ASCII; "!" begins a size.
	if strings.ContainsFunc(a.Local, func(r rune) bool { return r > unicode.MaxASCII || r == '!' }) {
		return "", &Mistake{ID: id, Message: fmt.Sprintf("%q cannot get reports: before the @ only ASCII letters, digits and signs other than ! are possible", text), Fix: "type another address"}
	}
	return "mailto:" + a.String(), nil
}

// shownReports writes an address for reports for people.
func shownReports(uri string) string {
	text := strings.TrimPrefix(uri, "mailto:")
	if a, err := inventory.ParseAddress(text); err == nil {
		return a.Local + "@" + a.Domain.Unicode()
	}
	return text
}

func changeWishes(f *inventory.File, have inventory.Domain, answers Answers, reports []string) error {
	at := inventory.DomainAt(have.Name)
	parked := answers["parked"] == string(inventory.True)
	if parked != (have.Parked == inventory.True) {
		if err := f.Set(at.Key("parked"), inventory.Bool(inventory.Truth(answers["parked"]))); err != nil {
			return err
		}
	}
	if parked {
		return nil
	}
	for _, err := range []error{
		change(f, at.Key("dmarc").Key("target"), orKeep(have.DMARC.Target), answers["target"], inventory.Text),
		changeTexts(f, at.Key("dmarc").Key("rua"), have.DMARC.RUA, reports),
		change(f, at.Key("spf").Key("all"), orKeep(have.SPF.All), answers["all"], inventory.Text),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}
