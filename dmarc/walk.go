package dmarc

import (
	"context"

	"sendplan/internal/dns"
)

// shortcut is the number of labels from which on a walk leaves names out: after
// the first query it goes on with one label less than this, which bounds it to
// this many queries (RFC 9989 §4.10 step 4).
const shortcut = 8

// walkNames returns the names whose policy a full tree walk from name asks for,
// longest first: the name itself, then its ancestors down to the top-level
// domain, leaving out those of 8 labels and more (RFC 9989 §4.10).
func walkNames(name dns.Name) []dns.Name {
	left := len(name.Labels())
	if left == 0 {
		return nil
	}
	names := []dns.Name{name}
	for left > 1 {
		name = name.Parent()
		left--
		if left < shortcut {
			names = append(names, name)
		}
	}
	return names
}

// walk asks for the records of a tree walk. It goes on behind a question that
// could not be answered, because the answers behind it may be needed and one
// pass has to ask everything; it ends where a record is known to end it.
func walk(ctx context.Context, r dns.Resolver, start dns.Name) []Step {
	var steps []Step
	for _, name := range walkNames(start) {
		s := ask(ctx, r, name)
		steps = append(steps, s)
		// RFC 9989 §4.10 steps 2 and 6
		if s.Kept && s.Record.PSD != PSDUnset {
			break
		}
	}
	return steps
}

// ask looks for the DMARC record of one name.
func ask(ctx context.Context, r dns.Resolver, domain dns.Name) Step {
	s := Step{Domain: domain}
	name, err := domain.Child("_dmarc")
	if err != nil {
		return s // no such name can exist, and so no record
	}
	s.Name = name
	answer, err := r.Lookup(ctx, name, dns.TypeTXT)
	if err != nil {
		s.Err = failure(err, dns.Key{Name: name, Type: dns.TypeTXT})
		return s
	}
	s.Chain, s.Exists = answer.Chain, answer.Exists
	s.Texts = texts(answer)
	s.choose()
	return s
}

// texts returns the TXT records of an answer, strings joined (RFC 9989 §4.5).
func texts(a dns.Answer) []Text {
	var ts []Text
	for _, r := range a.Records {
		if txt, ok := r.Data.(dns.TXT); ok {
			ts = append(ts, Text{Text: txt.Joined()})
		}
	}
	return ts
}

// choose decides the fate of each text. RFC 9989 §4.10 steps 2 and 6: what does
// not start with the version of DMARC is discarded; of what is left, several
// records are all discarded, at the author domain too, and the walk goes on.
func (s *Step) choose() {
	var records []int
	for i := range s.Texts {
		t := &s.Texts[i]
		switch {
		case IsDMARC(t.Text):
			records = append(records, i)
		case LooksLikeDMARC(t.Text):
			t.Fate = NearMiss
		default:
			t.Fate = Foreign
		}
	}
	if len(records) == 1 {
		s.Kept, s.Record = true, Parse(s.Texts[records[0]].Text)
		return
	}
	for _, i := range records {
		s.Texts[i].Fate = Several
	}
}

// failure returns the resolver's error, which should be a [*dns.Error]; one that
// is not is no better known than a server that cannot be reached.
func failure(err error, k dns.Key) *dns.Error {
	if e := dns.AsError(err); e != nil {
		return e
	}
	return &dns.Error{Key: k, Cause: dns.Unreachable, Detail: err.Error()}
}

// AnsweredByWildcard reports whether the texts of a step come from a wildcard
// record, as they do when a zone answers every name with its SPF record. It
// asks for the name * below the step's domain, which holds a wildcard's records
// or, where that domain itself exists only by a wildcard, is answered by the
// same one.
func AnsweredByWildcard(ctx context.Context, r dns.Resolver, s Step) (bool, error) {
	name, err := s.Domain.Child("*")
	if len(s.Texts) == 0 || err != nil {
		return false, nil
	}
	answer, err := r.Lookup(ctx, name, dns.TypeTXT)
	if err != nil {
		return false, failure(err, dns.Key{Name: name, Type: dns.TypeTXT})
	}
	stars := map[string]int{}
	for _, t := range texts(answer) {
		stars[t.Text]++
	}
	for _, t := range s.Texts {
		if stars[t.Text] == 0 {
			return false, nil
		}
		stars[t.Text]--
	}
	return len(answer.Records) == len(s.Texts), nil
}
