package message

import (
	"strings"

	"github.com/emersion/go-msgauth/authres"

	"sendplan/dkim"
	"sendplan/dmarc"
)

// AuthenticationResults returns our results as the value of an
// Authentication-Results field (RFC 8601) of the server called id, on one line.
// What the message says stands in it only in a form that cannot break the field.
func (j *Judgement) AuthenticationResults(id string) string {
	var results []authres.Result
	if j.SPF.Known { // else it was not evaluated, and there is no result to name
		s := &authres.SPFResult{Value: authres.ResultValue(j.SPF.Result), Helo: token(j.Client.HELO)}
		if j.Sender.Address != "<>" {
			s.From = token(j.Sender.String())
		}
		results = append(results, s)
	}
	for _, v := range j.DKIM {
		r := &authres.DKIMResult{
			Value: authres.ResultValue(v.Outcome), Domain: token(v.Signature.Domain.String()), Identifier: token(v.Signature.Identity),
		}
		if v.Outcome != dkim.OutcomePass {
			r.Reason = token(v.Reason)
		}
		results = append(results, r)
	}
	if len(j.DKIM) == 0 {
		results = append(results, &authres.DKIMResult{Value: authres.ResultNone})
	}
	d := &authres.DMARCResult{Value: authres.ResultNone, From: token(j.Author.Domain.String()), Reason: token(j.Author.Why)}
	if j.DMARC.Applies {
		d.Value = dmarcValue(j.DMARC.Status)
	}
	// authres leaves a blank behind a result without parameters.
	return strings.TrimSpace(strings.ReplaceAll(authres.Format(id, append(results, d)), " ;", ";"))
}

func dmarcValue(s dmarc.Status) authres.ResultValue {
	switch s {
	case dmarc.StatusPass:
		return authres.ResultPass
	case dmarc.StatusFail:
		return authres.ResultFail
	case dmarc.StatusUnknown:
		return authres.ResultTempError
	}
	return authres.ResultNone
}

// token makes text fit for a value that authres may or may not quote: printable
// ASCII without quotation marks, backslashes and semicolons.
func token(s string) string {
	const most = 200
	s = strings.Map(func(r rune) rune {
		switch {
		case r < ' ' || r >= 0x7f:
			return '?'
		case r == '"' || r == '\\':
			return '\''
		case r == ';':
			return ','
		}
		return r
	}, s)
	return s[:min(len(s), most)]
}
