//go:build !windows

package dns

import (
	"fmt"
	"net/netip"
	"os"
)

func systemAddrs() ([]netip.Addr, error) {
	text, err := os.ReadFile("/etc/resolv.conf")
	if err != nil {
		return nil, fmt.Errorf("cannot read which name servers the system uses: %v: name one with --resolver ADDR", err)
	}
	return resolvConf(string(text)), nil
}
