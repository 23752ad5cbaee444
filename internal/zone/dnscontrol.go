package zone

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"sendplan/internal/dns"
)

func writeDNSControl(w io.Writer, b Batch, o Options) error {
	p := &page{mark: "//"}
	p.head(b, o,
		"For dnsconfig.js, below the D() of this zone. D_EXTEND adds to it, so take what goes out of D() in the same step.",
		"If a builder such as SPF_BUILDER, DMARC_BUILDER or M365_BUILDER writes what goes, change or remove the builder instead.",
		"DNSControl and some hosts cut long texts into strings by themselves; receivers join them again.",
		"Look at what dnscontrol preview says before dnscontrol push: these changes and no others.")
	var goes, comes []string
	for _, c := range removalsFirst(b) {
		p.about(c)
		of := part(c)
		if err := dnscontrolLines(&goes, of.gone, b.Zone); err != nil {
			return err
		}
		if err := dnscontrolLines(&comes, of.come, b.Zone); err != nil {
			return err
		}
	}
	p.line("")
	if len(goes) > 0 {
		p.say("To be taken out of D(), however it is written there:")
	}
	for _, line := range goes {
		p.line("//   %s", line)
	}
	if len(comes) > 0 {
		p.line("D_EXTEND(%s,\n  %s\n);", jsString(b.Zone.String()), strings.Join(comes, ",\n  "))
	}
	return p.send(w)
}

// dnscontrolLines adds records as DNSControl writes them.
func dnscontrolLines(lines *[]string, records []dns.Record, zone dns.Name) error {
	if err := expressible(records); err != nil {
		return err
	}
	for _, r := range records {
		*lines = append(*lines, fmt.Sprintf("%s(%s, %s, TTL(%d))", r.Data.Type(), jsString(relative(r.Name, zone)), dnscontrolData(r.Data), r.TTL))
	}
	return nil
}

// dnscontrolData returns the arguments for the data of a record. A name with its
// final dot is absolute.
func dnscontrolData(data dns.Data) string {
	switch d := data.(type) {
	case dns.TXT:
		return dnscontrolText(d.Strings())
	case dns.MX:
		return fmt.Sprintf("%d, %s", d.Preference, jsString(d.Host.Zone()))
	}
	return jsString(data.String())
}

func dnscontrolText(strs []string) string {
	if len(strs) == 1 {
		return jsString(strs[0])
	}
	var quoted []string
	for _, s := range strs {
		quoted = append(quoted, jsString(s))
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// jsString quotes printable ASCII for JavaScript, which has the escapes of Go
// for it.
func jsString(s string) string { return strconv.QuoteToASCII(s) }
