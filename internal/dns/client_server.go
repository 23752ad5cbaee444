package dns

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// Transport says how a name server is spoken to.
type Transport string

// The transports.
const (
	UDP   Transport = "udp"   // and TCP when an answer does not fit
	TCP   Transport = "tcp"   // only
	TLS   Transport = "tls"   // RFC 7858
	HTTPS Transport = "https" // RFC 8484
)

// Server is a recursive name server to ask. Servers are comparable.
type Server struct {
	Transport Transport
	Addr      netip.AddrPort // not of HTTPS
	// Hostname is whose certificate a TLS server must show, "" for one that
	// holds its address.
	Hostname string
	URL      string // of HTTPS
}

// The ports, RFC 1035 §4.2 and RFC 7858 §3.1.
const (
	defaultPort    = 53
	defaultTLSPort = 853
)

// String returns the server in the form that [ParseServer] reads: address and
// port alone for UDP.
func (s Server) String() string {
	switch {
	case s.Transport == HTTPS:
		return s.URL
	case s.Transport == UDP:
		return s.Addr.String()
	case s.Hostname != "":
		return string(s.Transport) + "://" + s.Addr.String() + "#" + s.Hostname
	}
	return string(s.Transport) + "://" + s.Addr.String()
}

// valid reports whether the server can be asked.
func (s Server) valid() bool {
	switch s.Transport {
	case UDP, TCP:
		return s.Addr.IsValid() && s.Hostname == "" && s.URL == ""
	case TLS:
		return s.Addr.IsValid() && s.URL == ""
	case HTTPS:
		return s.URL != "" && !s.Addr.IsValid() && s.Hostname == ""
	}
	return false
}

// ServerForms says how a name server is written.
const ServerForms = "ADDR[:PORT], tcp://ADDR[:PORT], tls://ADDR[:PORT][#HOSTNAME] or https://HOST/dns-query"

// ParseServer reads a name server as people write it: an IP address with or
// without a port, IPv6 in brackets when there is a port, with "tcp://" before
// it for TCP only or "tls://" for DNS over TLS; or the URL of a DNS over HTTPS
// service. A TLS server's certificate must hold the host name after "#", or
// else the address. Other host names are refused, because resolving them would
// need a resolver; that of a URL is resolved by the system.
func ParseServer(s string) (Server, error) {
	server, err := parseServer(s)
	if err != nil {
		return Server{}, fmt.Errorf("name server %q: %w", s, err)
	}
	return server, nil
}

func parseServer(s string) (Server, error) {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		scheme, rest = string(UDP), s
	}
	switch transport := Transport(strings.ToLower(scheme)); transport {
	case UDP, TCP:
		addr, err := parseAddrPort(rest, defaultPort)
		return Server{Transport: transport, Addr: addr}, err
	case TLS:
		return parseTLS(rest)
	case HTTPS:
		return parseHTTPS(rest)
	}
	return Server{}, fmt.Errorf("%q is no transport, expected %s", scheme, ServerForms)
}

func parseTLS(s string) (Server, error) {
	text, hostname, named := strings.Cut(s, "#")
	addr, err := parseAddrPort(text, defaultTLSPort)
	if err != nil {
		return Server{}, err
	}
	if !named {
		return Server{Transport: TLS, Addr: addr}, nil
	}
	name, err := ParseName(hostname)
	if err != nil || name == Root {
		return Server{}, fmt.Errorf("%q is no host name: expected that of the server's certificate after #", hostname)
	}
	return Server{Transport: TLS, Addr: addr, Hostname: name.String()}, nil
}

// dohPath is where services answer by custom (RFC 8484 §4.1.1 shows it).
const dohPath = "/dns-query"

// parseHTTPS reads a URL without its scheme. Services publish it as a URI
// template (RFC 8484 §3); questions go by POST, so its variable is left out.
func parseHTTPS(s string) (Server, error) {
	u, err := url.Parse("https://" + strings.TrimSuffix(s, "{?dns}"))
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return Server{}, fmt.Errorf("expected the URL of a DNS over HTTPS service, such as https://dns.example%s", dohPath)
	}
	if u.Path == "" || u.Path == "/" {
		u.Path, u.RawPath = dohPath, ""
	}
	u.Host = strings.ToLower(u.Host)
	return Server{Transport: HTTPS, URL: u.String()}, nil
}

// parseAddrPort reads an address with or without a port.
func parseAddrPort(s string, port uint16) (netip.AddrPort, error) {
	bare := s
	if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
		bare = s[1 : len(s)-1]
	}
	if a, err := netip.ParseAddr(bare); err == nil {
		return netip.AddrPortFrom(a.Unmap(), port), nil
	}
	ap, err := netip.ParseAddrPort(s)
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("expected an IP address with or without a port, such as 192.0.2.53, 192.0.2.53:5353 or [2001:db8::1]:%d", port)
	}
	if ap.Port() == 0 {
		return netip.AddrPort{}, fmt.Errorf("expected a port from 1 to 65535")
	}
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port()), nil
}
