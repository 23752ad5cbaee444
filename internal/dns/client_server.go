package dns

import (
	"fmt"
	"net/netip"
	"strings"
)

// Transport says how a name server is spoken to.
type Transport string

// The transports.
const (
	UDP Transport = "udp" // and TCP when an answer does not fit
	TCP Transport = "tcp" // only
)

// Server is a recursive name server to ask.
type Server struct {
	Transport Transport
	Addr      netip.AddrPort
}

const defaultPort = 53

// String returns address and port, with "tcp://" before them where only TCP is
// spoken; [ParseServer] reads it.
func (s Server) String() string {
	if s.Transport == TCP {
		return "tcp://" + s.Addr.String()
	}
	return s.Addr.String()
}

// ParseServer reads a name server as people write it: an IP address with or
// without a port, IPv6 in brackets when there is a port, "tcp://" before it for
// TCP only. Host names are refused: resolving them would need a resolver.
func ParseServer(s string) (Server, error) {
	transport, addr := UDP, s
	if scheme, rest, ok := strings.Cut(s, "://"); ok {
		switch strings.ToLower(scheme) {
		case "udp":
		case "tcp":
			transport = TCP
		case "tls", "https":
			return Server{}, fmt.Errorf("name server %q: DNS over %s is not supported yet, expected an IP address or tcp://ADDR:PORT", s, strings.ToUpper(scheme))
		default:
			return Server{}, fmt.Errorf("name server %q: %q is no transport, expected an IP address or tcp://ADDR:PORT", s, scheme)
		}
		addr = rest
	}
	ap, err := parseAddrPort(addr)
	if err != nil {
		return Server{}, fmt.Errorf("name server %q: %v", s, err)
	}
	return Server{transport, ap}, nil
}

// parseAddrPort reads an address with or without a port.
func parseAddrPort(s string) (netip.AddrPort, error) {
	bare := s
	if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
		bare = s[1 : len(s)-1]
	}
	if a, err := netip.ParseAddr(bare); err == nil {
		return netip.AddrPortFrom(a.Unmap(), defaultPort), nil
	}
	ap, err := netip.ParseAddrPort(s)
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("expected an IP address with or without a port, such as 192.0.2.53, 192.0.2.53:5353 or [2001:db8::1]:53")
	}
	if ap.Port() == 0 {
		return netip.AddrPort{}, fmt.Errorf("expected a port from 1 to 65535")
	}
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port()), nil
}
