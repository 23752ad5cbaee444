// Package method knows the ways by which a device can hand over its mail: what
// each of them asks for and costs, until when it works, which of them fit a
// device, and what receivers see of it. Every value has its source and grade,
// or is said to be not established.
package method

import "strings"

// Kind is a method, or a family of methods.
type Kind string

// The kinds, in the order in which the table lists them.
const (
	SMTPAuth      Kind = "smtp-auth"
	DirectSend    Kind = "direct-send"
	ConnectorIP   Kind = "connector-ip"
	ConnectorCert Kind = "connector-cert"
	HVE           Kind = "hve"
	ACS           Kind = "acs"
	Graph         Kind = "graph"
	Relay         Kind = "relay"
	Hoster        Kind = "hoster"
	OwnServer     Kind = "own-server"
	Via           Kind = "via"
	PopBeforeSMTP Kind = "pop-before-smtp"
	OpenRelay     Kind = "open-relay"
)

// Kinds returns all kinds.
func Kinds() []Kind {
	return []Kind{SMTPAuth, DirectSend, ConnectorIP, ConnectorCert, HVE, ACS, Graph, Relay, Hoster, OwnServer, Via, PopBeforeSMTP, OpenRelay}
}

// ID is a method in the words of the inventory: a kind, or for Relay, Hoster
// and Via the kind, a colon and a name. Without a name these three mean one
// that is still to be chosen.
type ID string

// Kind returns what comes before the colon. It is none of Kinds for a word that
// is no method.
func (id ID) Kind() Kind {
	kind, _, _ := strings.Cut(string(id), ":")
	return Kind(kind)
}

// Name returns what comes after the colon: an entry of the catalogue of
// providers for Relay and Hoster, a device for Via.
func (id ID) Name() string {
	_, name, _ := strings.Cut(string(id), ":")
	return name
}

// Dead reports whether the method must be given up wherever it is used.
func (k Kind) Dead() bool { return k == PopBeforeSMTP || k == OpenRelay }

// Tenant reports whether Exchange Online sends the mail on, so that it leaves
// by the tenant's outbound path.
func (k Kind) Tenant() bool {
	switch k {
	case SMTPAuth, ConnectorIP, ConnectorCert, Graph:
		return true
	}
	return false
}

// port25 reports whether the site must reach port 25 on the internet.
func (k Kind) port25() bool {
	switch k {
	case DirectSend, ConnectorIP, ConnectorCert, OwnServer:
		return true
	}
	return false
}

// phrases names the kinds in a sentence.
var phrases = map[Kind]string{
	SMTPAuth:      "SMTP AUTH",
	DirectSend:    "Direct Send",
	ConnectorIP:   "a connector by address",
	ConnectorCert: "a connector by certificate",
	HVE:           "High Volume Email",
	ACS:           "Azure Communication Services",
	Graph:         "Microsoft Graph",
	Relay:         "a relay service",
	Hoster:        "a hoster's SMTP server",
	OwnServer:     "an own mail server",
	Via:           "a relay on the LAN",
	PopBeforeSMTP: "SMTP after POP",
	OpenRelay:     "an open relay",
}

// String returns the kind as it is called in a sentence.
func (k Kind) String() string {
	if p, ok := phrases[k]; ok {
		return p
	}
	return string(k)
}
