package message

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/emersion/go-msgauth/authres"

	"sendplan/dkim"
	"sendplan/dmarc"
	"sendplan/internal/dns"
	"sendplan/spf"
)

// Agreement says how a carried result compares with ours.
type Agreement string

// The comparisons.
const (
	Agrees   Agreement = "agrees"
	Differs  Agreement = "differs"
	NoMatter Agreement = "not-compared" // about something that we did not judge, or could not
)

// Carried is one result that a server wrote into the message.
type Carried struct {
	Field     string // the field's name
	Line      int
	Server    string // who says that it judged, "" if the field does not tell
	Method    string // spf, dkim, dmarc, arc, ...
	Result    string
	About     string // the domain or address that it is about
	Agreement Agreement
	Why       string // for people

	client netip.Addr // that an SPF result is about, if the field tells
}

// maxCarried bounds how many results are compared.
const maxCarried = 200

// carried reads what the servers on the way wrote down, from the top, and holds
// it against j.
func (m *Message) carried(j Judgement) []Carried {
	var list []Carried
	for _, f := range m.Fields {
		var found []Carried
		switch {
		case f.Is("Received-SPF"):
			found = []Carried{receivedSPF(f.Text())}
		case f.Is("Authentication-Results"), f.Is("ARC-Authentication-Results"), f.Is("X-MS-Exchange-Authentication-Results"):
			found = authenticationResults(f.Text())
		}
		for _, c := range found {
			if len(list) == maxCarried {
				return list
			}
			c.Field, c.Line = strings.TrimRight(f.Name, " \t"), f.Line
			c.Agreement, c.Why = j.compare(c)
			list = append(list, c)
		}
	}
	return list
}

// receivedSPF reads a Received-SPF field (RFC 7208 §9.1).
func receivedSPF(text string) Carried {
	words, _ := received(text)
	c := Carried{Method: "spf", Server: pair(text, "receiver"), About: pair(text, "envelope-from"), client: addr(pair(text, "client-ip"))}
	if len(words) > 0 && !words[0].comment {
		c.Result = strings.ToLower(words[0].text)
	}
	return c
}

// authenticationResults reads the value of an Authentication-Results field (RFC
// 8601 §2.2), or of the others that are made like it: ARC's begins with i=1,
// Exchange Online's has no name of a server.
func authenticationResults(text string) []Carried {
	value := plain(text)
	head, rest, _ := strings.Cut(value, ";")
	if name, _, ok := strings.Cut(head, "="); ok && strings.EqualFold(strings.TrimSpace(name), "i") {
		head, rest, _ = strings.Cut(rest, ";")
	}
	if strings.Contains(head, "=") {
		head, rest = "", head+";"+rest
	}
	server, _, _ := strings.Cut(strings.TrimSpace(head), " ")
	var list []Carried
	// Result by result, so that one that cannot be read does not hide the others.
	for piece := range strings.SplitSeq(rest, ";") {
		_, results, err := authres.Parse("x;" + piece)
		if err != nil {
			continue
		}
		for _, r := range results {
			if c := fromResult(r); c.Method != "" {
				c.Server, c.client = server, senderIP(text)
				list = append(list, c)
			}
		}
	}
	return list
}

func fromResult(r authres.Result) Carried {
	switch r := r.(type) {
	case *authres.SPFResult:
		about := r.From
		if about == "" {
			about = r.Helo
		}
		return Carried{Method: "spf", Result: string(r.Value), About: about}
	case *authres.DKIMResult:
		about := r.Domain
		if about == "" {
			about = r.Identifier
		}
		return Carried{Method: "dkim", Result: string(r.Value), About: about}
	case *authres.DMARCResult:
		return Carried{Method: "dmarc", Result: string(r.Value), About: r.From}
	case *authres.ARCResult:
		return Carried{Method: "arc", Result: string(r.Value)}
	case *authres.IPRevResult:
		return Carried{Method: "iprev", Result: string(r.Value), About: r.IP}
	case *authres.AuthResult:
		return Carried{Method: "auth", Result: string(r.Value), About: r.Auth}
	case *authres.GenericResult:
		if strings.Contains(r.Method, ".") {
			return Carried{} // a property without a result
		}
		return Carried{Method: r.Method, Result: string(r.Value)}
	}
	return Carried{}
}

// plain takes comments out and quotation marks off, because authres reads
// neither. What a quoted text could confuse it with becomes an underscore.
func plain(text string) string {
	var b strings.Builder
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		c := text[i]
		escaped := c == '\\' && (quoted || depth > 0) && i+1 < len(text)
		if escaped {
			i++
			c = text[i]
		}
		switch {
		case depth > 0:
			if !escaped && c == '(' {
				depth++
			} else if !escaped && c == ')' {
				depth--
			}
		case c == '"' && !escaped:
			quoted = !quoted
		case quoted && (c == ';' || c == '=' || c <= ' '):
			b.WriteByte('_')
		case c == '(' && !quoted:
			depth++
			b.WriteByte(' ')
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// compare holds a carried result against ours.
func (j *Judgement) compare(c Carried) (Agreement, string) {
	switch c.Result {
	case "temperror":
		return NoMatter, "they could not tell"
	case "pass", "fail", "softfail", "hardfail", "neutral", "none", "permerror", "policy", "bestguesspass":
	default:
		return NoMatter, "not a result of RFC 8601"
	}
	switch c.Method {
	case "spf":
		return j.compareSPF(c)
	case "dkim":
		return j.compareDKIM(c)
	case "dmarc":
		return j.compareDMARC(c)
	}
	return NoMatter, "not judged here"
}

func (j *Judgement) compareSPF(c Carried) (Agreement, string) {
	switch name, ok := domainOf(c.About); {
	case !j.SPF.Known:
		return NoMatter, "our result is not known"
	case j.SPF.Result == spf.TempError:
		return NoMatter, "our result is temperror"
	case c.client.IsValid() && c.client != j.Client.IP:
		return NoMatter, fmt.Sprintf("about mail from %s, we judged %s", c.client, j.Client.IP)
	case ok && name != j.SPF.Domain:
		return NoMatter, fmt.Sprintf("about %s, we judged %s", name, j.SPF.Domain)
	}
	ours := string(j.SPF.Result)
	if c.Result == ours || c.Result == "hardfail" && ours == "fail" {
		return Agrees, ""
	}
	return Differs, fmt.Sprintf("ours is %s for %s", ours, j.Client.IP)
}

func (j *Judgement) compareDKIM(c Carried) (Agreement, string) {
	name, ok := domainOf(c.About)
	if c.Result == "none" {
		if len(j.DKIM) == 0 {
			return Agrees, ""
		}
		return Differs, fmt.Sprintf("there are %d signatures now", len(j.DKIM))
	}
	var ours []string
	for _, v := range j.DKIM {
		// i= may be of a subdomain of d=.
		if !ok || v.Signature.Domain != name && !name.Below(v.Signature.Domain) {
			continue
		}
		switch {
		case v.Outcome == dkim.OutcomeTempError:
			return NoMatter, "our result is temperror"
		case string(v.Outcome) == c.Result:
			return Agrees, ""
		}
		if !slices.Contains(ours, string(v.Outcome)) {
			ours = append(ours, string(v.Outcome))
		}
	}
	if len(ours) == 0 {
		return NoMatter, "the message has no such signature"
	}
	return Differs, "ours is " + strings.Join(ours, ", ")
}

func (j *Judgement) compareDMARC(c Carried) (Agreement, string) {
	switch name, ok := domainOf(c.About); {
	case !j.DMARC.Applies:
		return NoMatter, "our result is none: " + j.Author.Why
	case ok && name != j.Author.Domain:
		return NoMatter, fmt.Sprintf("about %s, we judged %s", name, j.Author.Domain)
	case j.DMARC.Status == dmarc.StatusUnknown:
		return NoMatter, "our result is unknown"
	case c.Result == j.DMARC.Status.String():
		return Agrees, ""
	case c.Result == j.Old.Status.String():
		return Agrees, "with our result by RFC 7489"
	case c.Result == "bestguesspass" && j.DMARC.Status == dmarc.StatusNone:
		return Agrees, "no policy applies; Microsoft guesses"
	}
	return Differs, "ours is " + j.DMARC.Status.String()
}

// domainOf returns the domain of an address, or of a domain alone.
func domainOf(s string) (dns.Name, bool) {
	s = strings.Trim(s, "<>")
	name, err := dns.ParseName(s[strings.LastIndexByte(s, '@')+1:])
	return name, err == nil && name != dns.Root
}
