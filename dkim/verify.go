package dkim

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sendplan/internal/dns"
)

// Outcome is what a verifier says about one signature (RFC 8601 §2.7.1).
type Outcome string

// The outcomes.
const (
	OutcomePass      Outcome = "pass"
	OutcomeFail      Outcome = "fail"      // the message is not what was signed, or another key signed it
	OutcomePolicy    Outcome = "policy"    // of a kind that verifiers must not accept: RSA with SHA-1 or a short key (RFC 8301)
	OutcomeNeutral   Outcome = "neutral"   // not looked at: there are too many signatures
	OutcomePermError Outcome = "permerror" // the field or the key cannot be used: no retry helps
	OutcomeTempError Outcome = "temperror" // the DNS did not tell: nothing is known
)

// Verification is what became of one signature.
type Verification struct {
	Signature Signature
	Key       Selector // what stands at its selector; zero if nothing was asked
	Outcome   Outcome
	Reason    string   // why, for people
	Notes     []string // what the outcome does not tell

	records []Record // usable keys for it
}

// maxSignatures bounds the work on one message. RFC 6376 §6.1 lets verifiers
// limit how many signatures they try.
const maxSignatures = 16

// Signatures reads the DKIM-Signature fields of a message, from the top.
func Signatures(m Message) []Signature {
	var list []Signature
	for _, f := range m.Fields {
		if f.Is("DKIM-Signature") {
			list = append(list, ParseSignature(f))
		}
	}
	return list
}

// Keys looks at the keys of signatures and says what is known before any
// cryptography: a Verification without an Outcome has a usable key.
func Keys(ctx context.Context, r dns.Resolver, signatures []Signature) []Verification {
	list := make([]Verification, len(signatures))
	for i, s := range signatures {
		v := &list[i]
		v.Signature = s
		switch {
		case i >= maxSignatures:
			v.Outcome, v.Reason = OutcomeNeutral, fmt.Sprintf("only the first %d signatures are looked at", maxSignatures)
		case s.Fault != "":
			v.Outcome, v.Reason = OutcomePermError, s.Fault
		default:
			v.Key = Lookup(ctx, r, s.Domain, s.Selector)
			v.judgeKey()
		}
	}
	return list
}

// Verify says of each signature of a message what a verifier says that follows
// RFC 6376 and RFC 8301, at the time at. A key that r cannot tell about gives
// temperror, never another outcome.
func Verify(ctx context.Context, r dns.Resolver, m Message, at time.Time) []Verification {
	list := Keys(ctx, r, Signatures(m))
	passed := consult(m, list)
	for i := range list {
		v := &list[i]
		if v.Outcome != "" {
			continue
		}
		if v.judge(m, passed[i]); v.Outcome == OutcomePass {
			v.policy(at)
		}
		v.note(m, at)
	}
	return list
}

// judgeKey sets the outcome if what stands at the selector decides it.
func (v *Verification) judgeKey() {
	k := v.Key
	name := "the selector " + quote(v.Signature.Selector)
	if k.Name != "" {
		name = k.Name.String()
	}
	switch k.State {
	case Unknown:
		v.Outcome, v.Reason = OutcomeTempError, k.Err.Error()
	case Missing:
		v.Outcome, v.Reason = OutcomePermError, fmt.Sprintf("there is no key at %s", name)
	case Dangling:
		v.Outcome, v.Reason = OutcomePermError, fmt.Sprintf("%s leads to %s, where there is no key", name, k.Target)
	case KeyRevoked:
		v.Outcome, v.Reason = OutcomePermError, fmt.Sprintf("the key at %s was revoked", name)
	default:
		v.candidates(name)
	}
}

// candidates finds the keys that may fit the signature.
//
// RFC 6376 §6.1.2: if the query returns multiple key records, the verifier may
// cycle through them.
func (v *Verification) candidates(name string) {
	var fatal []Problem
	other := KeyType("")
	kind, _, _ := v.Signature.method()
	for _, text := range slices.Compact(slices.Clone(v.Key.Texts)) {
		switch r := Parse(text); {
		case !r.Usable():
			fatal = append(fatal, fatalOf(r.Problems())...)
		case r.KeyType() != kind:
			other = r.KeyType()
		default:
			v.records = append(v.records, r)
		}
	}
	switch {
	case len(v.records) > 0:
		v.judgeIdentity()
	case other != "": // RFC 6376 §6.1.2 step 6
		v.Outcome, v.Reason = OutcomePermError, fmt.Sprintf("the signature is %s, the key is for %s", v.Signature.Algorithm, other)
	default:
		fatal = append(fatalOf(v.Key.Problems), fatal...)
		v.Outcome, v.Reason = OutcomePermError, fmt.Sprintf("what stands at %s is no usable key", name)
		if len(fatal) > 0 {
			v.Reason += ": " + fatal[0].Message
		}
		if !slices.ContainsFunc(fatal, func(p Problem) bool { return p.Code != TooShort }) {
			v.Outcome = OutcomePolicy // RFC 8301 §3.2
		}
	}
}

func fatalOf(problems []Problem) []Problem {
	return slices.DeleteFunc(slices.Clone(problems), func(p Problem) bool { return !p.Fatal })
}

// judgeIdentity applies t=s of the key.
//
// RFC 6376 §3.6.1: the domain of i= must then be d= itself.
func (v *Verification) judgeIdentity() {
	s := v.Signature
	within, _ := s.identityDomain()
	if v.records[0].Strict() && within != s.Domain {
		v.Outcome = OutcomePermError
		v.Reason = fmt.Sprintf("the key allows signatures for %s itself only (t=s), this one is for %s", s.Domain, within)
	}
}

// judge compares the signature with the message.
func (v *Verification) judge(m Message, passed bool) {
	if passed {
		v.Outcome, v.Reason = OutcomePass, "body and signed header fields are as they were signed"
		return
	}
	best := incomputable
	for _, r := range v.records {
		best = min(best, v.Signature.mathematics(m, r))
	}
	switch best {
	case matches:
		v.Outcome, v.Reason = OutcomePass, "body and signed header fields are as they were signed"
	case bodyDiffers:
		v.Outcome, v.Reason = OutcomeFail, "the body is not the one that was signed"
	case headerDiffers:
		v.Outcome, v.Reason = OutcomeFail, "the signed header fields are not what was signed, or another key signed them"
	case incomputable:
		v.Outcome, v.Reason = OutcomePermError, "nothing can be computed with the key"
	}
}

// policy takes a pass back for what verifiers must not accept.
func (v *Verification) policy(at time.Time) {
	s := v.Signature
	_, hash, _ := s.method()
	switch {
	case !s.Expires.IsZero() && at.After(s.Expires):
		// RFC 6376 §6.1.1: an expired signature is a PERMFAIL.
		v.Outcome, v.Reason = OutcomePermError, fmt.Sprintf("the signature fits, but it had expired: it was valid until %s", s.Expires.Format(time.RFC3339))
	case hash == "sha1":
		// RFC 8301 §3.1: rsa-sha1 MUST NOT be used for signing or verifying.
		v.Outcome, v.Reason = OutcomePolicy, "the signature fits, but it is made with SHA-1, which verifiers must no longer accept"
	}
}

// note tells what is remarkable beside the outcome.
func (v *Verification) note(m Message, at time.Time) {
	s := v.Signature
	say := func(format string, args ...any) { v.Notes = append(v.Notes, fmt.Sprintf(format, args...)) }
	if n := int64(len(s.body.bodyText(m.Body))); s.BodyLength != NoLength && s.BodyLength < n {
		say("l=%d leaves %d octets of the body unsigned: anybody can replace them", s.BodyLength, n-s.BodyLength)
	} else if s.BodyLength != NoLength {
		say("l=%d lets anybody append to the body", s.BodyLength)
	}
	counts := func(name string) (signed, there int) {
		for _, n := range s.Signed {
			if n == name {
				signed++
			}
		}
		for _, f := range m.Fields {
			if f.Is(name) {
				there++
			}
		}
		return signed, there
	}
	// RFC 6376 §8.15: what is not signed once more than it is there can be added.
	if signed, there := counts("from"); there > signed {
		say("%d From fields, of which %d are signed", there, signed)
	}
	for _, name := range []string{"subject", "to", "date"} {
		if signed, there := counts(name); signed < there {
			say("the field %s is not signed", name)
		}
	}
	if signed, there := counts("from"); signed <= there {
		say("a second From field could be added without breaking the signature (not oversigned)")
	}
	if !s.Time.IsZero() && s.Time.After(at.Add(24*time.Hour)) {
		say("it says that it was made in the future, on %s", s.Time.Format(time.RFC3339))
	}
	for _, p := range v.Key.Problems {
		say("%s", p.Message)
	}
}
