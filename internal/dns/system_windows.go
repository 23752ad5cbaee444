package dns

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

func systemAddrs() ([]netip.Addr, error) {
	first, err := adapterAddresses()
	if err != nil {
		return nil, fmt.Errorf("cannot read which name servers the system uses: %v: name one with --resolver ADDR", err)
	}
	var adapters []adapter
	for a := first; a != nil; a = a.Next {
		adapters = append(adapters, readAdapter(a))
	}
	return adapterServers(adapters), nil
}

// adapterAddresses returns the head of the system's list of adapters, nil if it
// is empty. The list lives in one buffer, whose size the system tells when it
// was too small; adapters may appear in between.
func adapterAddresses() (*windows.IpAdapterAddresses, error) {
	const flags = windows.GAA_FLAG_SKIP_UNICAST | windows.GAA_FLAG_SKIP_ANYCAST |
		windows.GAA_FLAG_SKIP_MULTICAST | windows.GAA_FLAG_INCLUDE_GATEWAYS
	const tries = 5
	size := uint32(15 << 10) // what the system's documentation recommends to start with
	for range tries {
		buf := make([]byte, size)
		head := (*windows.IpAdapterAddresses)(unsafe.Pointer(&buf[0]))
		err := windows.GetAdaptersAddresses(syscall.AF_UNSPEC, flags, 0, head, &size)
		switch {
		case err == nil && size == 0, errors.Is(err, windows.ERROR_NO_DATA):
			return nil, nil
		case err == nil:
			return head, nil
		case !errors.Is(err, windows.ERROR_BUFFER_OVERFLOW):
			return nil, err
		}
	}
	return nil, windows.ERROR_BUFFER_OVERFLOW
}

func readAdapter(a *windows.IpAdapterAddresses) adapter {
	const ipv4Enabled = 0x80 // IP_ADAPTER_IPV4_ENABLED
	metric := a.Ipv6Metric
	if a.Flags&ipv4Enabled != 0 {
		metric = a.Ipv4Metric
	}
	r := adapter{up: a.OperStatus == windows.IfOperStatusUp, gateway: a.FirstGatewayAddress != nil, metric: metric}
	for s := a.FirstDnsServerAddress; s != nil; s = s.Next {
		if addr := readAddr(s.Address); addr.IsValid() {
			r.servers = append(r.servers, addr)
		}
	}
	return r
}

// readAddr keeps the zone that a link-local address means nothing without; the
// zero Addr stands for what is no IP address.
func readAddr(sa windows.SocketAddress) netip.Addr {
	raw, err := sa.Sockaddr.Sockaddr()
	if err != nil {
		return netip.Addr{}
	}
	switch raw := raw.(type) {
	case *syscall.SockaddrInet4:
		return netip.AddrFrom4(raw.Addr)
	case *syscall.SockaddrInet6:
		addr := netip.AddrFrom16(raw.Addr)
		if raw.ZoneId != 0 && addr.IsLinkLocalUnicast() {
			return addr.WithZone(strconv.FormatUint(uint64(raw.ZoneId), 10))
		}
		return addr
	}
	return netip.Addr{}
}
