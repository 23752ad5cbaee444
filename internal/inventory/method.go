package inventory

import (
	"fmt"
	"strings"
)

// Method is how a device hands over its mail: one of the plain methods, or a
// family and what it names, as in "relay:sendgrid".
type Method string

// The plain methods. The last two are dead and only ever what is used now.
const (
	SMTPAuth      Method = "smtp-auth"
	DirectSend    Method = "direct-send"
	ConnectorIP   Method = "connector-ip"
	ConnectorCert Method = "connector-cert"
	HVE           Method = "hve"
	ACS           Method = "acs"
	Graph         Method = "graph"
	OwnServer     Method = "own-server"
	PopBeforeSMTP Method = "pop-before-smtp"
	OpenRelay     Method = "open-relay"
)

// Family is the part of a method or path before the colon.
type Family string

// The families. What a Via and a path's own server name is a device of the
// inventory, what the others name is an entry of the catalogue of providers.
const (
	Via             Family = "via"        // a relay on the LAN
	Relay           Family = "relay"      // a relay service
	Hoster          Family = "hoster"     // a hoster's submission server
	Gateway         Family = "gateway"    // a mail gateway, or a signature service
	OwnServerFamily Family = "own-server" // of a path only
)

// Path is how mail enters or leaves a tenant: PathDirect, "gateway:<id>" or
// "own-server:<device>".
type Path string

// The paths without a name. The zero value means not known.
const (
	PathUnknown Path = ""
	PathDirect  Path = "direct"
)

// Of splits a method such as "via:mx1" into its family and the name in it. A
// plain method has neither.
func (m Method) Of() (Family, string) { return family(string(m)) }

// Of splits a path such as "gateway:mimecast" into its family and the name in
// it. A path that names nothing has neither.
func (p Path) Of() (Family, string) { return family(string(p)) }

func family(s string) (Family, string) {
	before, name, found := strings.Cut(s, ":")
	if !found {
		return "", ""
	}
	return Family(before), name
}

// Dead reports whether nobody should start to use the method.
func (m Method) Dead() bool { return m == PopBeforeSMTP || m == OpenRelay }

func methods() []Method {
	return []Method{SMTPAuth, DirectSend, ConnectorIP, ConnectorCert, HVE, ACS, Graph, OwnServer, PopBeforeSMTP, OpenRelay}
}

const (
	methodWant = "smtp-auth, direct-send, connector-ip, connector-cert, hve, acs, graph, own-server, relay:<id>, hoster:<id>, via:<device>, pop-before-smtp or open-relay"
	pathWant   = "direct, gateway:<id>, own-server:<device> or unknown"
)

// ParseMethod reads a method. It does not know what devices and providers
// there are.
func ParseMethod(s string) (Method, error) {
	for _, m := range methods() {
		if s == string(m) {
			return m, nil
		}
	}
	switch f, name := family(s); {
	case f != Via && f != Relay && f != Hoster:
	case !validName(name):
		return "", fmt.Errorf("%q names nothing that can be meant: expected %s", s, methodWant)
	default:
		return Method(s), nil
	}
	return "", fmt.Errorf("%q is no method%s: expected %s", s, near(s, spellings(methods(), "relay:", "hoster:", "via:")), methodWant)
}

// ParsePath reads a path; "unknown" is the zero Path.
func ParsePath(s string) (Path, error) {
	switch s {
	case "unknown":
		return PathUnknown, nil
	case string(PathDirect):
		return PathDirect, nil
	}
	if f, name := family(s); (f == Gateway || f == OwnServerFamily) && validName(name) {
		return Path(s), nil
	}
	return "", fmt.Errorf("%q is no path%s: expected %s", s, near(s, []string{"direct", "gateway:", "own-server:", "unknown"}), pathWant)
}
