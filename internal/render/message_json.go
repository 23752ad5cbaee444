package render

import (
	"time"

	"sendplan/dkim"
	"sendplan/dmarc"
	"sendplan/internal/message"
)

type messageDoc struct {
	Schema                int           `json:"schema"`
	From                  []string      `json:"from"` // the From fields as written
	Author                string        `json:"author"`
	AuthorWhy             string        `json:"author_why,omitempty"` // why there is no author domain
	MailFrom              *string       `json:"mail_from"`            // "<>" is the null sender; null: not known; a domain alone if no more is known
	MailFromWhy           string        `json:"mail_from_why"`
	HELO                  string        `json:"helo"`
	IP                    string        `json:"ip"`  // of the client, "" if it is not known
	Hop                   int           `json:"hop"` // that the client comes from, 0 for none
	HopWhy                string        `json:"hop_why"`
	Received              string        `json:"received"` // when, RFC 3339
	Hops                  []hopJSON     `json:"hops"`
	SPF                   messageSPF    `json:"spf"`
	DKIM                  []messageDKIM `json:"dkim"`
	DMARC                 dmarcPair     `json:"dmarc"`
	AuthenticationResults string        `json:"authentication_results"`
	Carried               []carriedJSON `json:"carried"`
}

type hopJSON struct {
	Number int    `json:"number"` // from 1, the newest
	Line   int    `json:"line"`
	IP     string `json:"ip"`
	HELO   string `json:"helo"`
	PTR    string `json:"ptr"` // the name that the server found for the address
	By     string `json:"by"`
	With   string `json:"with"`
	Date   string `json:"date"` // RFC 3339, "" if it cannot be read
	Text   string `json:"text"`
}

type messageSPF struct {
	Result      string      `json:"result"` // of RFC 7208, or unknown
	Why         string      `json:"why,omitempty"`
	Domain      string      `json:"domain"`
	Aligned     string      `json:"aligned"` // yes, no or unknown, by RFC 9989
	Mechanism   string      `json:"mechanism"`
	Explanation string      `json:"explanation"`
	Problem     string      `json:"problem,omitempty"`
	Error       *dnsErrJSON `json:"error,omitempty"`
	Lookups     int         `json:"lookups"`
	VoidLookups int         `json:"void_lookups"`
}

type messageDKIM struct {
	Domain    string       `json:"domain"`
	Selector  string       `json:"selector"`
	Identity  string       `json:"identity"`
	Algorithm string       `json:"algorithm"`
	Result    dkim.Outcome `json:"result"` // of RFC 8601
	Reason    string       `json:"reason"`
	Aligned   string       `json:"aligned"` // yes, no or unknown, by RFC 9989
	Key       *keyJSON     `json:"key"`     // null if no key was asked for
	Expires   string       `json:"expires,omitempty"`
	Notes     []string     `json:"notes"`
}

type keyJSON struct {
	State dkim.State  `json:"state"`
	Type  string      `json:"key_type"`
	Bits  int         `json:"key_bits"`
	Error *dnsErrJSON `json:"error,omitempty"`
}

type dmarcPair struct {
	RFC9989 messageDMARC `json:"rfc9989"`
	RFC7489 messageDMARC `json:"rfc7489"`
}

type messageDMARC struct {
	Status       string      `json:"status"` // none, pass, fail or unknown
	Policy       *string     `json:"policy"` // as applied; null if none
	RecordDomain *string     `json:"record_domain"`
	OrgDomain    *string     `json:"org_domain"`
	Disposition  *string     `json:"disposition"` // what the owner asks for; null if nothing is asked
	Error        *dnsErrJSON `json:"error,omitempty"`
}

type carriedJSON struct {
	Field     string            `json:"field"`
	Line      int               `json:"line"`
	Server    string            `json:"server"`
	Method    string            `json:"method"`
	Result    string            `json:"result"`
	About     string            `json:"about"`
	Agreement message.Agreement `json:"agreement"`
	Why       string            `json:"why"`
}

func newMessage(j message.Judgement, results string) messageDoc {
	doc := messageDoc{
		Schema: Schema, From: []string{}, Author: j.Author.Domain.String(), AuthorWhy: octets(j.Author.Why),
		MailFromWhy: octets(j.Sender.Why), HELO: octets(j.Client.HELO), Hop: j.Client.Hop, HopWhy: octets(j.Client.Why),
		Received: j.At.Format(time.RFC3339), Hops: []hopJSON{}, SPF: newMessageSPF(j), DKIM: []messageDKIM{},
		DMARC:                 dmarcPair{newMessageDMARC(j.DMARC), newMessageDMARC(j.Old)},
		AuthenticationResults: octets(results), Carried: []carriedJSON{},
	}
	for _, f := range j.Author.Fields {
		doc.From = append(doc.From, octets(f))
	}
	if j.Sender.Known {
		address := octets(j.Sender.String())
		doc.MailFrom = &address
	}
	if j.Client.IP.IsValid() {
		doc.IP = j.Client.IP.String()
	}
	for _, h := range j.Hops {
		doc.Hops = append(doc.Hops, newHop(h))
	}
	for i, v := range j.DKIM {
		doc.DKIM = append(doc.DKIM, newMessageDKIM(v, alignedWord(j.DMARC, i)))
	}
	for _, c := range j.Carried {
		doc.Carried = append(doc.Carried, carriedJSON{
			octets(c.Field), c.Line, octets(c.Server), octets(c.Method), octets(c.Result), octets(c.About), c.Agreement, octets(c.Why),
		})
	}
	return doc
}

// alignedWord tells the alignment of signature i.
func alignedWord(d message.DMARC, i int) string {
	if !d.Applies {
		return yesNo(dmarc.No)
	}
	return yesNo(d.Verdict.DKIM[i].Aligned)
}

func newHop(h message.Hop) hopJSON {
	j := hopJSON{Number: h.Number, Line: h.Line, HELO: octets(h.HELO), PTR: octets(h.PTR), By: octets(h.By), With: octets(h.With), Text: octets(h.Text)}
	if h.IP.IsValid() {
		j.IP = h.IP.String()
	}
	if !h.Date.IsZero() {
		j.Date = h.Date.Format(time.RFC3339)
	}
	return j
}

func newMessageSPF(j message.Judgement) messageSPF {
	s := messageSPF{Result: "unknown", Why: octets(j.SPF.Why), Aligned: yesNo(dmarc.NotKnown)}
	if !j.SPF.Known {
		return s
	}
	e := j.SPF.Evaluation
	s.Result, s.Domain, s.Mechanism, s.Explanation = string(e.Result), e.Domain.String(), octets(e.Mechanism), octets(e.Explanation)
	s.Error, s.Lookups, s.VoidLookups = newDNSErr(e.Cause), e.Lookups, e.Voids
	if e.Problem != nil {
		s.Problem = octets(e.Problem.Message)
	}
	s.Aligned = yesNo(j.DMARC.SPF.Aligned)
	return s
}

func newMessageDKIM(v dkim.Verification, aligned string) messageDKIM {
	s := v.Signature
	m := messageDKIM{
		Domain: s.Domain.String(), Selector: octets(s.Selector), Identity: octets(s.Identity), Algorithm: octets(s.Algorithm),
		Result: v.Outcome, Reason: octets(v.Reason), Aligned: aligned, Notes: []string{},
	}
	if v.Key.State != "" {
		m.Key = &keyJSON{v.Key.State, octets(string(v.Key.KeyType)), v.Key.KeyBits, newDNSErr(v.Key.Err)}
	}
	if !s.Expires.IsZero() {
		m.Expires = s.Expires.Format(time.RFC3339)
	}
	for _, n := range v.Notes {
		m.Notes = append(m.Notes, octets(n))
	}
	return m
}

func newMessageDMARC(d message.DMARC) messageDMARC {
	if !d.Applies {
		return messageDMARC{Status: dmarc.StatusNone.String()}
	}
	err := d.Verdict.Err
	if err == nil {
		err = d.Discovery.Err
	}
	return messageDMARC{
		Status: d.Status.String(), Policy: newPolicy(d.Effective), RecordDomain: newName(d.PolicyDomain), OrgDomain: newName(d.Org),
		Disposition: newPolicy(d.Disposition), Error: newDNSErr(err),
	}
}
