package interview

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"unicode"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
)

// form puts questions together: what was answered stands in the place of what is
// proposed.
type form struct {
	given     Answers
	questions []Question
}

// ask adds a question and returns what is to be taken as its answer now, so that
// the questions that follow can depend on it.
func (f *form) ask(q Question) string {
	if answer, ok := f.given[q.ID]; ok {
		q.Answer, q.Basis = answer, ""
	}
	f.questions = append(f.questions, q)
	return q.Answer
}

// taken returns the answer to each of the questions, without blanks around it.
// An answer to a choice must be one of its options, and one that can be taken; the
// error is a *[Mistake].
func taken(questions []Question) (Answers, error) {
	all := Answers{}
	for _, q := range questions {
		all[q.ID] = strings.TrimSpace(q.Answer)
		if q.Kind != Choice && q.Kind != Choices {
			continue
		}
		values := []string{all[q.ID]}
		if q.Kind == Choices {
			values = split(q.Answer)
			all[q.ID] = joined(q.Options, values)
		}
		for _, v := range values {
			if err := q.refused(v); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// refused returns why a value of a choice cannot be taken, a *[Mistake], or nil.
func (q Question) refused(value string) error {
	i := slices.IndexFunc(q.Options, func(o Option) bool { return o.Value == value })
	if i < 0 {
		return &Mistake{ID: q.ID, Message: fmt.Sprintf("%q is none of the answers", value), Fix: "take " + either(texts(q.Options))}
	}
	o := q.Options[i]
	if len(o.Against) == 0 {
		return nil
	}
	m := &Mistake{ID: q.ID, Message: o.Text + " cannot be taken: " + strings.Join(o.Against, "; ")}
	if o.Instead != "" {
		m.Fix = "take " + o.Instead
	}
	return m
}

// joined writes the answer to Choices in the order of the options.
func joined(options []Option, values []string) string {
	var list []string
	for _, o := range options {
		if slices.Contains(values, o.Value) {
			list = append(list, o.Value)
		}
	}
	return strings.Join(list, ", ")
}

func texts(options []Option) []string {
	list := make([]string, len(options))
	for i, o := range options {
		list[i] = o.Text
	}
	return list
}

// either joins words as "a, b or c".
func either(words []string) string { return enumerated(words, " or ") }

// both joins words as "a, b and c".
func both(words []string) string { return enumerated(words, " and ") }

func enumerated(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + last + words[len(words)-1]
}

// truths are the options of a yes or no that may not be known, with what each
// means.
func truths(yes, no, open string) []Option {
	return []Option{
		{Value: string(inventory.True), Text: "yes", Note: yes},
		{Value: string(inventory.False), Text: "no", Note: no},
		{Value: string(inventory.Unknown), Text: "not known", Note: open},
	}
}

// split parts the answer to a List, or to Choices. What programs put around an
// address that is copied, brackets and a scheme, is left on.
func split(answer string) []string {
	return strings.FieldsFunc(answer, func(r rune) bool { return r == ',' || r == ';' || unicode.IsSpace(r) })
}

// list writes values as the answer to a List.
func list[T any](values []T, show func(T) string) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = show(v)
	}
	return strings.Join(texts, ", ")
}

// parsed reads the answer to a List, each of its texts with parse, which returns
// a *[Mistake] for the question. What is there twice counts once.
func parsed[T comparable](id ID, answer string, parse func(ID, string) (T, error)) ([]T, error) {
	var values []T
	for _, text := range split(answer) {
		v, err := parse(id, text)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	return values, nil
}

// parseMailbox reads a mail address as it is copied: with mailto: or in angle
// brackets too. The error is a *[Mistake].
func parseMailbox(id ID, text string) (inventory.Address, error) {
	bare := strings.Trim(strings.TrimSpace(text), "<>")
	if scheme, rest, ok := strings.Cut(bare, ":"); ok && strings.EqualFold(scheme, "mailto") {
		bare, _, _ = strings.Cut(rest, "?")
	}
	if !strings.Contains(bare, "@") {
		return inventory.Address{}, &Mistake{ID: id, Message: fmt.Sprintf("%q is no mail address: it has no @", text), Fix: "type an address such as scan@contoso.com"}
	}
	a, err := inventory.ParseAddress(bare)
	if err != nil {
		return a, &Mistake{ID: id, Message: err.Error(), Fix: "type a bare address, without a name before it"}
	}
	return a, nil
}

// parsePrefix reads a public address, or a range, of a site; as a term of SPF too.
// The error is a *[Mistake].
func parsePrefix(id ID, text string) (netip.Prefix, error) {
	bare := strings.TrimPrefix(strings.TrimPrefix(text, "ip4:"), "ip6:")
	p, err := inventory.ParsePrefix(bare)
	switch {
	case err != nil:
		return p, &Mistake{ID: id, Message: err.Error(), Fix: prefixFix}
	case carrierNAT.Contains(p.Addr()):
		return p, &Mistake{ID: id, Message: fmt.Sprintf("%q is an address of carrier-grade NAT: the internet sees another one, which customers share", text), Fix: publicFix}
	case dns.PrivateAddr(p.Addr()):
		return p, &Mistake{ID: id, Message: fmt.Sprintf("%q is private: nobody on the internet sees it", text), Fix: publicFix}
	case p.Addr().Is4() && p.Bits() < widest4, p.Addr().Is6() && p.Bits() < widest6:
		return p, &Mistake{ID: id, Message: fmt.Sprintf("%q is wider than any site", text), Fix: fmt.Sprintf("type a range no wider than /%d, or /%d for IPv6", widest4, widest6)}
	}
	return p, nil
}

// carrierNAT is what providers give to customers behind a NAT of theirs (RFC 6598).
var carrierNAT = netip.MustParsePrefix("100.64.0.0/10")

const (
	prefixFix = "type an address such as 203.0.113.10, or a range such as 203.0.113.8/29"
	publicFix = "type the public address: run curl https://ifconfig.me on a computer at the site, or open a page there that tells your address"

	// The widest ranges that the inventory takes for a site.
	widest4, widest6 = 16, 32
)

// prefixText writes a single address without its length, as the inventory does.
func prefixText(p netip.Prefix) string {
	if p.IsSingleIP() {
		return p.Addr().String()
	}
	return p.String()
}

// parseDomain reads a mail domain, in letters of any script. The error is a
// *[Mistake].
func parseDomain(id ID, text string) (dns.Name, error) {
	if _, err := netip.ParseAddr(text); err == nil {
		return "", &Mistake{ID: id, Message: fmt.Sprintf("%q is an IP address, not a domain", text), Fix: domainFix}
	}
	n, err := dns.ParseName(text)
	switch {
	case err != nil:
		return "", &Mistake{ID: id, Message: err.Error(), Fix: domainFix}
	case len(n.Labels()) < 2:
		return "", &Mistake{ID: id, Message: fmt.Sprintf("%q is not a whole domain: it has no dot", text), Fix: domainFix}
	}
	return n, nil
}

const domainFix = "type a domain such as contoso.com"

// parseName reads what a site or a device shall be called: something that can be
// shown on one line. others are the names that are taken. The error is a
// *[Mistake].
func parseName(id ID, text string, others []string) (string, error) {
	name := strings.TrimSpace(text)
	switch {
	case name == "":
		return "", &Mistake{ID: id, Message: "it has no name", Fix: "type a name"}
	case len([]rune(name)) > maxName:
		return "", &Mistake{ID: id, Message: fmt.Sprintf("%q is longer than %d characters", name, maxName), Fix: "type a shorter name"}
	case strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "", &Mistake{ID: id, Message: fmt.Sprintf("%q holds what cannot be shown", name), Fix: "type a name of letters, digits, blanks and signs"}
	}
	for _, o := range others {
		if strings.EqualFold(o, name) {
			return "", &Mistake{ID: id, Message: fmt.Sprintf("%q is there already: names differ in more than case", o), Fix: "type another name"}
		}
	}
	return name, nil
}

// maxName is how many characters the inventory takes for a name.
const maxName = 64

// freeName returns the name itself, or with the first number behind it that
// makes it one of its own.
func freeName(name string, others []string) string {
	has := func(n string) bool {
		return slices.ContainsFunc(others, func(o string) bool { return strings.EqualFold(o, n) })
	}
	free := name
	for i := 2; has(free); i++ {
		free = fmt.Sprintf("%s-%d", name, i)
	}
	return free
}

// change writes a field if its value is another than it was. write must know a
// word for the zero value, as [inventory.Bool] and word do.
func change[T comparable](f *inventory.File, at inventory.Spot, have, want T, write func(T) inventory.Value) error {
	if have == want {
		return nil
	}
	return f.Set(at, write(want))
}

// word writes one of the inventory's words; the zero value is "unknown".
func word[T ~string](t T) inventory.Value {
	if t == "" {
		return inventory.Text("unknown")
	}
	return inventory.Text(string(t))
}

// changeText writes a text if it is another than it was. An empty one takes the
// field away.
func changeText(f *inventory.File, at inventory.Spot, have, want string) error {
	switch want {
	case have:
		return nil
	case "":
		return f.Delete(at)
	}
	return f.Set(at, inventory.Text(want))
}

// changeTexts writes a list of texts if it is another than it was. What only grows
// is left as it is written, and added to.
func changeTexts(f *inventory.File, at inventory.Spot, have, want []string) error {
	switch {
	case slices.Equal(have, want):
		return nil
	case len(have) < len(want) && slices.Equal(have, want[:len(have)]):
		var added []inventory.Value
		for _, text := range want[len(have):] {
			added = append(added, inventory.Text(text))
		}
		return f.Append(at, added...)
	}
	return f.Set(at, inventory.Texts(want...))
}

// mistake turns what the inventory says against an edit into a *[Mistake]: the
// place in the draft means nothing to who answers questions.
func mistake(err error) error {
	var known *Mistake
	if errors.As(err, &known) {
		return known
	}
	var found inventory.Errors
	if errors.As(err, &found) && len(found) > 0 {
		return &Mistake{Message: found[0].Message}
	}
	return &Mistake{Message: err.Error()}
}
