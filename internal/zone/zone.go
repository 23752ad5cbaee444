// Package zone writes planned changes in the forms that DNS hosts take.
//
// [Batches] parts a plan by zone and stage, [Emit] writes a batch in one of
// [Forms]. What can be read back is read back, and nothing is handed out that
// says something else than the plan.
package zone

import (
	"io"
	"time"

	"sendplan/internal/dns"
)

// Batch is the changes of one zone that go together: those of one stage, or of
// several folded.
type Batch struct {
	Zone    dns.Name
	Stage   string       // its title, for comments
	Changes []dns.Change // one for each record set, whole
	Held    []Held       // what of the zone is not in Changes
}

// Held is a set whose change is not written, and why.
type Held struct {
	Key dns.Key
	Why string
}

// Set is what a written form says of one record set.
type Set struct {
	Key      dns.Key
	Old, New []dns.Record
}

// Options are what the forms want to know besides the changes.
type Options struct {
	Date time.Time // of the plan; the zero time is not written
	// Provider is the Terraform provider to write for, one of [Providers]; "" is
	// the first.
	Provider string
}

// Form is one way to hand changes to a DNS host.
type Form struct {
	Name      string // as it is asked for
	Title     string // what it is, in some words
	Extension string // of a file, with its dot
	Joined    bool   // several batches can stand in one file, one after the other
	Write     func(w io.Writer, b Batch, o Options) error
	// Read reads back what Write wrote. What the form does not hold, such as
	// the TTL of old records, it takes from b. It is nil where the form cannot be
	// read here.
	Read func(text []byte, b Batch) ([]Set, error)
}

// Forms are all forms, in the order in which help and documentation list them.
var Forms = []Form{
	{Name: "panel", Joined: true, Title: "record by record, for a host's web page", Extension: ".txt", Write: writePanel, Read: readPanel},
	{Name: "bind", Joined: true, Title: "zone-file lines", Extension: ".zone", Write: writeBIND, Read: readBIND},
	{Name: "nsupdate", Joined: true, Title: "a dynamic update (RFC 2136) that fails if the zone was changed meanwhile", Extension: ".nsupdate", Write: writeNsupdate, Read: readNsupdate},
	{Name: "powershell-dns", Title: "a script for the DnsServer module of Windows", Extension: ".ps1", Write: writePowerShell, Read: readPowerShell},
	{Name: "csv", Title: "a table, a line for each record", Extension: ".csv", Write: writeCSV, Read: readCSV},
	{Name: "json", Title: "for programs", Extension: ".json", Write: writeJSON, Read: readJSON},
	{Name: "terraform", Title: "resources for Terraform and OpenTofu", Extension: ".tf", Write: writeTerraform},
	{Name: "route53", Title: "a change batch for Amazon Route 53, all or nothing", Extension: ".json", Write: writeRoute53, Read: readRoute53},
	{Name: "azure-cli", Title: "a shell script for Azure DNS that fails if the zone was changed meanwhile", Extension: ".sh", Write: writeAzure},
	{Name: "dnscontrol", Joined: true, Title: "records for DNSControl", Extension: ".js", Write: writeDNSControl},
	{Name: "octodns", Title: "record sets for octoDNS", Extension: ".yaml", Write: writeOctoDNS},
}

// FormByName returns the form of a name.
func FormByName(name string) (Form, bool) {
	for _, f := range Forms {
		if f.Name == name {
			return f, true
		}
	}
	return Form{}, false
}
