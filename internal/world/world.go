// Package world holds a small internet as zone text: companies that do it right,
// one domain for each mistake that is often made, and the providers that they
// use under their public names and with the shape of their real records. It is
// what --demo shows, and it needs no network: its root zone makes every other
// name not exist. All addresses are from ranges for documentation and tests.
package world

import (
	"embed"
	"fmt"
	"path"

	"sendplan/internal/dns"
)

//go:embed zones/*.zone
var files embed.FS

// Zones parses the world. An error means that a zone file was broken by an edit.
func Zones() (*dns.Zones, error) {
	names, err := files.ReadDir("zones")
	if err != nil {
		return nil, fmt.Errorf("the embedded zones: %v", err)
	}
	var parsed []*dns.Zones
	for _, n := range names {
		file := path.Join("zones", n.Name())
		text, err := files.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("the embedded zones: %v", err)
		}
		z, err := dns.ParseZones(string(text), file)
		if err != nil {
			return nil, err
		}
		parsed = append(parsed, z)
	}
	return dns.MergeZones(parsed...)
}

// Domains returns the domains that a demo checks when none is named: first
// those that are right, then the mistakes by subject, then what goes wrong
// between DNS and the one who asks.
func Domains() []dns.Name {
	var names []dns.Name
	for _, d := range domains {
		names = append(names, d.name)
	}
	return names
}

// About says in a few words what is to be seen at one of the [Domains]; it is
// "" for any other name.
func About(name dns.Name) string {
	for _, d := range domains {
		if d.name == name {
			return d.about
		}
	}
	return ""
}
