package proof

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"sendplan/internal/dns"
	"sendplan/spf"
)

// question is one evaluation of SPF.
type question struct {
	addr netip.Addr
	sender
}

// sender is what SPF looks at besides the address.
type sender struct {
	domain dns.Name // of MAIL FROM, or HELO of the null sender
	null   bool
	helo   dns.Name // "" if it is not known
}

// longTrace is the length at which package spf may have left steps out.
const longTrace = 2000

// sample evaluates SPF for one address, once.
func (r *Receiver) sample(from sender, p point) Sample {
	q := question{p.addr, from}
	s, ok := r.samples[q]
	if !ok {
		s = r.evaluate(q)
		r.samples[q] = s
	}
	s.Block = p.block
	return s
}

func (r *Receiver) evaluate(q question) Sample {
	w := &witness{r: r.r}
	query := spf.Query{IP: q.addr, MailFrom: "postmaster@" + q.domain.String(), Helo: string(q.helo)}
	if q.null { // RFC 7208 §2.4
		query.MailFrom, query.Helo = "", q.domain.String()
	}
	e := spf.Evaluate(context.Background(), w, query)
	s := Sample{
		Addr: q.addr, Result: e.Result, Mechanism: e.Mechanism, MatchDomain: e.MatchDomain, Lookups: e.Lookups, Voids: e.Voids,
		Doubt: q.doubt(e.Trace), Cause: e.Cause,
	}
	if s.Cause == nil && w.failed != nil {
		s.Cause, s.Doubt = w.failed, "the name of the client could not be looked up"
	}
	return s
}

// certain reports whether every message from the address gets this result.
func (s Sample) certain() bool { return s.Doubt == "" && s.Cause == nil && s.Result != spf.TempError }

// witness notes the failures that an evaluation passes over: reverse lookups
// that fail are no match (RFC 7208 §5.5), but with an answer they may be one. A
// record that cannot be asked always ends it.
type witness struct {
	r      dns.Resolver
	failed *dns.Error
}

// Lookup asks the resolver behind.
func (w *witness) Lookup(ctx context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	a, err := w.r.Lookup(ctx, name, t)
	if err != nil && t != dns.TypeTXT && w.failed == nil {
		w.failed = dns.AsError(err)
	}
	return a, err
}

// doubt says what of the message, besides what is known, decides the result.
func (q question) doubt(trace []spf.Step) string {
	if len(trace) >= longTrace {
		return "the record is too long to be followed"
	}
	for _, step := range trace {
		term := step.Term()
		if strings.HasPrefix(strings.ToLower(term), "exp=") {
			continue // it comes after the result
		}
		for _, letter := range macros(term) {
			switch {
			case (letter == 's' || letter == 'l') && !q.null:
				return "it depends on the local part of MAIL FROM: " + term
			case letter == 'h' && q.helo == "" && !q.null:
				return "it depends on HELO, which is not known: " + term
			}
		}
	}
	return ""
}

// macros returns the letters of the macros in a term, in lower case (RFC 7208
// §7.1).
func macros(term string) []byte {
	var letters []byte
	for i := 0; i+1 < len(term); i++ {
		if term[i] != '%' {
			continue
		}
		i++
		if term[i] == '{' && i+1 < len(term) {
			letters = append(letters, term[i+1]|0x20)
		}
	}
	slices.Sort(letters)
	return slices.Compact(letters)
}
