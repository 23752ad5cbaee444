package realserver

import (
	"fmt"
	"strings"
	"testing"

	"sendplan/internal/dns"
)

// Kind is an implementation of authoritative name servers.
type Kind string

// The implementations.
const (
	BIND Kind = "BIND"
	NSD  Kind = "NSD"
	Knot Kind = "Knot"
)

// Kinds are all of them.
var Kinds = []Kind{BIND, NSD, Knot}

// Authority serves all of zones, without their planned faults.
func Authority(tb testing.TB, kind Kind, zones *dns.Zones) *Server {
	tb.Helper()
	return authority(tb, kind, zones, fixed)
}

// updates says whether the zones of a server can be changed by updates.
type updates bool

const (
	fixed     updates = false
	updatable updates = true
)

func authority(tb testing.TB, kind Kind, zones *dns.Zones, u updates) *Server {
	tb.Helper()
	apexes := zones.Apexes()
	files := map[string]string{}
	for i, apex := range apexes {
		files[zoneFile(i)] = MasterFile(zones, apex)
	}
	s := setup{ready: dns.Key{Name: apexes[0], Type: dns.TypeSOA}}
	switch kind {
	case BIND:
		s.program = "named"
		s.config = func(dir string, port uint16) string { return bindConfig(dir, port, apexes, u) }
		s.args = func(config string) []string { return []string{"-g", "-n", "1", "-c", config} }
	case NSD:
		s.program = "nsd"
		s.config = func(dir string, port uint16) string { return nsdConfig(dir, port, apexes) }
		s.args = func(config string) []string { return []string{"-d", "-c", config} }
	case Knot:
		s.program = "knotd"
		s.config = func(dir string, port uint16) string { return knotConfig(dir, port, apexes, u) }
		s.args = func(config string) []string { return []string{"-c", config} }
	default:
		tb.Fatalf("no name server %q", kind)
	}
	return start(tb, s, files)
}

func zoneFile(i int) string { return fmt.Sprintf("%d.zone", i) }

// bindConfig switches off what BIND would add of its own: its built-in empty
// zones, and refusing zones for the very mistakes that are to be served.
func bindConfig(dir string, port uint16, apexes []dns.Name, u updates) string {
	var b strings.Builder
	fmt.Fprintf(&b, `options {
	directory %q;
	listen-on port %d { 127.0.0.1; };
	listen-on-v6 { none; };
	pid-file none;
	session-keyfile none;
	recursion no;
	minimal-responses yes;
	dnssec-validation no;
	empty-zones-enable no;
	check-names primary ignore;
	check-integrity no;
	check-mx ignore;
	notify no;
};
controls { };
`, dir, port)
	allow := ""
	if u {
		b.WriteString(bindKey)
		allow = fmt.Sprintf(" allow-update { key %q; };", keyName)
	}
	for i, apex := range apexes {
		fmt.Fprintf(&b, "zone %q { type primary; file %q;%s };\n", apex.Zone(), zoneFile(i), allow)
	}
	return b.String()
}

func nsdConfig(dir string, port uint16, apexes []dns.Name) string {
	var b strings.Builder
	fmt.Fprintf(&b, `server:
	ip-address: 127.0.0.1@%d
	do-ip6: no
	username: ""
	chroot: ""
	zonesdir: %q
	database: ""
	pidfile: ""
	xfrdfile: "%[2]s/xfrd.state"
	zonelistfile: "%[2]s/zone.list"
	xfrdir: %[2]q
	cookie-secret-file: "%[2]s/cookies"
	rrl-ratelimit: 0
remote-control:
	control-enable: no
`, port, dir)
	for i, apex := range apexes {
		fmt.Fprintf(&b, "zone:\n\tname: %q\n\tzonefile: %q\n", apex.Zone(), zoneFile(i))
	}
	return b.String()
}

func knotConfig(dir string, port uint16, apexes []dns.Name, u updates) string {
	var b strings.Builder
	fmt.Fprintf(&b, `server:
    rundir: %q
    listen: 127.0.0.1@%d
log:
  - target: stderr
    any: warning
database:
    storage: %[1]q
`, dir, port)
	if u {
		b.WriteString(knotKey)
	}
	fmt.Fprintf(&b, `template:
  - id: default
    storage: %q
    zonefile-sync: -1
    journal-content: none
`, dir)
	if u {
		b.WriteString("    acl: update\n")
	}
	b.WriteString("zone:\n")
	for i, apex := range apexes {
		fmt.Fprintf(&b, "  - domain: %q\n    file: %q\n", apex.Zone(), zoneFile(i))
	}
	return b.String()
}
