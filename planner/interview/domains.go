package interview

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
)

func (s State) domainsQuestions(given Answers) []Question {
	f := form{given: given}
	typed := f.ask(Question{
		ID: "domains", Kind: List, Text: "Which domains do you send mail as?", Label: "Domains", Example: "contoso.com, contoso.de",
		Why:    "Their MX, SPF, DKIM and DMARC records are looked at first, so that little has to be asked. Name all that stand in From addresses.",
		Answer: list(s.domains(), dns.Name.Unicode),
	})
	q := &f.questions[0]
	if domains, remarks, err := readDomains(typed); err == nil {
		q.Answer, q.Basis = list(domains, dns.Name.Unicode), strings.Join(remarks, "; ")
	}
	return f.questions
}

// domains are those that the interview is about: unless somebody said so, those of
// the draft.
func (s State) domains() []dns.Name {
	if len(s.Domains) > 0 {
		return s.Domains
	}
	var names []dns.Name
	for _, d := range s.inventory().Domains {
		names = append(names, d.Name)
	}
	return names
}

func (s State) putDomains(given Answers) (State, error) {
	answers, err := taken(s.domainsQuestions(given))
	if err != nil {
		return s, err
	}
	names, _, err := readDomains(answers["domains"])
	switch {
	case err != nil:
		return s, err
	case len(names) == 0:
		return s, &Mistake{ID: "domains", Message: "no domain is named", Fix: domainFix}
	case slices.Equal(names, s.Domains):
		return s, nil
	}
	return s.about(names)
}

// about returns the state for other domains. A draft that was begun from the DNS
// alone is begun anew; any other one gets those that it lacks.
func (s State) about(names []dns.Name) (State, error) {
	next := s
	if s.begun() {
		next.Draft = nil
	}
	if next.Draft != nil {
		var err error
		if next, err = next.edited(func(f *inventory.File) error { return addDomains(f, names) }); err != nil {
			return s, err
		}
	}
	next.Domains, next.Found, next.Plan = names, nil, nil
	return next, nil
}

// begun reports whether the draft is as the look began it: nobody has said
// anything yet.
func (s State) begun() bool {
	if s.Draft == nil || s.Found == nil {
		return false
	}
	first, err := draft(s.Found.Reports)
	return err == nil && bytes.Equal(first.Bytes(), s.Draft.Bytes())
}

// addDomains adds those domains that a draft lacks.
func addDomains(f *inventory.File, names []dns.Name) error {
	for _, n := range names {
		if _, ok := f.Domain(n); ok {
			continue
		}
		if err := f.AddDomains(inventory.Domain{Name: n}); err != nil {
			return err
		}
	}
	return nil
}

// readDomains reads what was typed or pasted for domains, each once, and tells
// of what it took less than was there. The error is a *[Mistake].
func readDomains(answer string) (names []dns.Name, remarks []string, err error) {
	for _, text := range split(answer) {
		bare := bareDomain(text)
		n, err := parseDomain("domains", bare)
		if err != nil {
			return nil, nil, err
		}
		if bare != text {
			remarks = append(remarks, fmt.Sprintf("%s is taken from %q", n.Unicode(), text))
		}
		if !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return names, remarks, nil
}

// bareDomain takes the domain out of what people copy instead of it: a mail
// address, or the address of a web page. Nobody's mail domain begins with "www.".
func bareDomain(text string) string {
	bare := strings.Trim(text, "<>\"'()")
	if _, rest, ok := strings.Cut(bare, "://"); ok {
		bare, _, _ = strings.Cut(rest, "/")
		bare, _, _ = strings.Cut(bare, "?")
		bare, _, _ = strings.Cut(bare, ":")
	}
	bare = strings.TrimSuffix(bare, "/")
	if i := strings.LastIndexByte(bare, '@'); i >= 0 {
		bare = bare[i+1:]
	}
	if www, rest, ok := strings.Cut(bare, "."); ok && strings.EqualFold(www, "www") && strings.Contains(rest, ".") {
		bare = rest
	}
	return bare
}
