package interview

import (
	"slices"
	"strings"
	"unicode"

	"sendplan/internal/intake"
	"sendplan/internal/inventory"
)

// heads are the columns of a list by their headings, in English and German, with
// letters and digits only.
var heads = []struct {
	id    ID
	words []string
}{
	{"name", []string{"name", "device", "devicename", "gerät", "geraet", "gerätename", "geraetename", "bezeichnung", "hostname", "host"}},
	{"from", []string{"from", "fromaddress", "sender", "senderaddress", "mail", "email", "emailaddress", "mailaddress", "address", "absender", "absenderadresse", "adresse", "mailadresse", "emailadresse"}},
	{"site", []string{"site", "location", "office", "standort", "ort", "niederlassung", "filiale"}},
	{"now", []string{"now", "today", "current", "currentmethod", "methodtoday", "heute", "jetzt", "versandart", "versandheute", "istmethode"}},
	{"method", []string{"method", "target", "targetmethod", "newmethod", "methode", "ziel", "zielmethode", "sollmethode", "künftig", "kuenftig"}},
	{"kind", []string{"kind", "type", "devicetype", "art", "typ", "gerätetyp", "geraetetyp", "geräteart", "geraeteart"}},
	{"recipients", []string{"recipients", "recipient", "to", "empfänger", "empfaenger"}},
	{"tls", []string{"tls", "tlsversion", "encryption", "verschlüsselung", "verschluesselung"}},
	{"auth", []string{"auth", "authentication", "login", "anmeldung", "authentifizierung"}},
	{"per_day", []string{"perday", "mailsperday", "messagesperday", "protag", "mailsprotag", "anzahlprotag"}},
}

// said are other words for the answers to a question.
var said = map[ID]map[string]string{
	"now":        methodsSaid,
	"method":     methodsSaid,
	"recipients": {"intern": "internal", "nurintern": "internal", "internalonly": "internal", "external": "anyone", "extern": "anyone", "alle": "anyone", "all": "anyone", "jeder": "anyone", "customers": "anyone", "kunden": "anyone"},
	"tls":        {"no": "none", "nein": "none", "keine": "none", "kein": "none", "off": "none", "aus": "none"},
	"auth":       {"no": "none", "nein": "none", "keine": "none", "off": "none", "password": "basic", "passwort": "basic", "kennwort": "basic", "basicauth": "basic", "yes": "basic", "ja": "basic", "oauth2": "oauth", "oauth20": "oauth", "xoauth2": "oauth", "modernauth": "oauth"},
}

var methodsSaid = map[string]string{
	"smtp": "smtp-auth", "authsmtp": "smtp-auth", "clientsubmission": "smtp-auth", "smtpclientsubmission": "smtp-auth", "smtpoffice365com": "smtp-auth", "office365": "smtp-auth",
	"connector": "connector-ip", "smtprelay": "connector-ip", "konnektor": "connector-ip",
	"highvolumeemail": "hve", "azurecommunicationservices": "acs", "microsoftgraph": "graph",
	"eigenerserver": "own-server", "smtpafterpop": "pop-before-smtp", "openmailrelay": "open-relay",
}

// bareWord leaves letters and digits, in lower case.
func bareWord(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// headOf returns the column that a heading names; "" if none.
func headOf(heading string) ID {
	word := bareWord(heading)
	for _, h := range heads {
		if slices.Contains(h.words, word) {
			return h.id
		}
	}
	return ""
}

// answerFor reads a cell as the answer to a question of choices; ok is false if it
// is none of its words.
func (s State) answerFor(id ID, cell string) (answer string, ok bool) {
	word := bareWord(cell)
	if meant, known := said[id][word]; known {
		return meant, true
	}
	var options []Option
	switch id {
	case "now", "method":
		return methodFor(cell)
	case "kind":
		if k := guessKind(cell); k != inventory.Other {
			return string(k), true
		}
		options = kindOptions()
	case "site":
		for _, site := range s.inventory().Sites {
			options = append(options, Option{Value: site.Name})
		}
	case "recipients":
		options = recipientsQuestion().Options
	case "tls":
		word = strings.TrimPrefix(strings.TrimPrefix(word, "tls"), "v")
		options = tlsQuestion().Options
	case "auth":
		options = authQuestion().Options
	}
	for _, o := range options {
		if o.Value != "" && bareWord(o.Value) == word {
			return o.Value, true
		}
	}
	return "", false
}

// methodFor reads a method as the inventory writes it, whatever stands between its
// letters. What it names must be in the catalogue.
func methodFor(cell string) (string, bool) {
	for _, m := range todays {
		if m.method != "" && !unnamed(m.method) && bareWord(string(m.method)) == bareWord(cell) {
			return string(m.method), true
		}
	}
	m, err := inventory.ParseMethod(strings.ToLower(cell))
	if err != nil {
		return "", false
	}
	family, name := m.Of()
	known := (family == inventory.Relay || family == inventory.Hoster) && slices.Contains(intake.Catalogue(family), name)
	return string(m), known
}
