package zone

import (
	"bytes"
	"fmt"
	"io"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// Records as they were and as they are to be, in comments.
const (
	psOld = "#- "
	psNew = "#+ "
)

// psHead says what the script is and how far it can be trusted.
var psHead = []string{
	"Save it as it is, and run it first with -WhatIf: then it reads and changes nothing.",
	"Get-, Add- and Remove-DnsServerResourceRecord are used as Microsoft's reference of the DnsServer module describes them.",
	"HostName, RecordType and the fields of RecordData are those that published scripts use. The script as a whole is untested on Windows.",
	"Lines that begin with \"" + psOld + "\" are in the zone now and go or stay, \"" + psNew + "\" is how the set is to be.",
}

// psHands says why a set is not in the script.
var psHands = []string{
	"BY HAND, in the DNS Manager. That the cmdlets take this set is not established:",
	"Microsoft's reference allows 254 characters in a line of a TXT record, and its example of several lines is reported not to work;",
	"only types A, AAAA, MX, CNAME and TXT, and plain names and values, are scripted here.",
	"What goes together with such a set is by hand as well. Keep to the order of the sets: a wildcard before the names below it.",
}

// psBody is the part of the script that is always the same. All is read and
// checked before anything is changed. The zone is read whole, because a question
// for one name fails in the same way when there is nothing and when the server
// cannot tell.
const psBody = `[CmdletBinding(SupportsShouldProcess)]
param([string]$ComputerName = 'localhost')
$ErrorActionPreference = 'Stop'
$Zone = %s
$All = @(Get-DnsServerResourceRecord -ZoneName $Zone -ComputerName $ComputerName)

function Get-Text($Record) {
  switch ($Record.RecordType) {
    'TXT'   { [string]$Record.RecordData.DescriptiveText }
    'CNAME' { ([string]$Record.RecordData.HostNameAlias).TrimEnd('.').ToLowerInvariant() }
    'MX'    { "$($Record.RecordData.Preference) " + ([string]$Record.RecordData.MailExchange).TrimEnd('.').ToLowerInvariant() }
    'A'     { $Record.RecordData.IPv4Address.IPAddressToString }
    'AAAA'  { $Record.RecordData.IPv6Address.IPAddressToString }
  }
}
function Find-Set([string]$Name, [string]$Type) {
  $All | Where-Object { $_.HostName -eq $Name -and $_.RecordType -eq $Type }
}
function Confirm-Set([string]$Name, [string]$Type, [int]$Count, [string[]]$Old) {
  $Found = @(Find-Set $Name $Type)
  $Texts = @($Found | ForEach-Object { Get-Text $_ })
  $Missing = @($Old | Where-Object { $Texts -cnotcontains $_ })
  if ($Found.Count -ne $Count -or $Missing.Count -gt 0) { throw "$Type of $Name in $Zone is not as planned: nothing was changed, plan again" }
}
function Confirm-Alone([string]$Name, [string[]]$Type) {
  $Others = @($All | Where-Object { $_.HostName -eq $Name -and $Type -notcontains $_.RecordType })
  if ($Others.Count -gt 0) { throw "$Name in $Zone has other records: nothing was changed, plan again" }
}
function Remove-Record([string]$Name, [string]$Type, [string]$Text) {
  $Record = @(Find-Set $Name $Type | Where-Object { (Get-Text $_) -ceq $Text })
  if ($Record.Count -ne 1) { throw "$Type of $Name in $Zone has no single record with the text to be removed" }
  Remove-DnsServerResourceRecord -ZoneName $Zone -ComputerName $ComputerName -InputObject $Record[0] -Force -WhatIf:$WhatIfPreference
}
`

// writePowerShell writes a script for the DnsServer module of Windows, and as
// comments what it cannot do.
func writePowerShell(w io.Writer, b Batch, o Options) error {
	var out bytes.Buffer
	for _, line := range append(heading(b, o), psHead...) {
		fmt.Fprintln(&out, "#", line)
	}
	fmt.Fprintf(&out, psBody, psQuote(b.Zone.String()))
	var scripted, byHand []dns.Change
	for _, c := range b.Changes {
		if scriptable(c, b) {
			scripted = append(scripted, c)
		} else {
			byHand = append(byHand, c)
		}
	}
	writePSScript(&out, scripted, b)
	for _, c := range byHand {
		writePSRecords(&out, c, psHands...)
	}
	if len(byHand) > 0 {
		fmt.Fprintf(&out, "Write-Warning 'Not done by this script: %d record sets that are marked BY HAND in it.'\n", len(byHand))
	}
	_, err := w.Write(out.Bytes())
	return err
}

// writePSScript writes all checks, then all changes.
func writePSScript(out io.Writer, changes []dns.Change, b Batch) {
	for _, c := range changes {
		writePSRecords(out, c)
		fmt.Fprintln(out, psCheck(c, b.Zone))
		if alone := psAlone(c, b); alone != "" {
			fmt.Fprintln(out, alone)
		}
	}
	if len(changes) > 0 {
		fmt.Fprintln(out, "\n# All is as planned: now the changes.")
	}
	for _, line := range psCommands(changes, b.Zone) {
		fmt.Fprintln(out, line)
	}
}

// writePSRecords writes a set as comments, as it was and as it is to be.
func writePSRecords(out io.Writer, c dns.Change, notes ...string) {
	fmt.Fprintf(out, "\n# %s: %s\n", remark(c.Key.String()), whatHappens(c))
	for _, line := range notes {
		fmt.Fprintln(out, "#", line)
	}
	for _, line := range reasons(c) {
		fmt.Fprintln(out, "#", line)
	}
	for _, r := range c.Old {
		fmt.Fprintln(out, psOld+zoneLine(r))
	}
	for _, r := range c.New {
		fmt.Fprintln(out, psNew+zoneLine(r))
	}
}

// plainName is a name without anything that has a meaning anywhere.
var plainName = regexp.MustCompile(`^[a-z0-9_-]+(\.[a-z0-9_-]+)*$`)

// maxDescriptiveText is what a line of a TXT record may have, by Microsoft's
// reference of Add-DnsServerResourceRecord.
const maxDescriptiveText = 254

// scriptable reports whether it is established that the cmdlets take all that a
// change does, and all that the same plan does that it goes together with.
func scriptable(c dns.Change, b Batch) bool {
	for _, other := range b.Changes {
		if !together(c.Key, other.Key) {
			continue
		}
		p := part(other)
		if !plainName.MatchString(other.Key.Name.String()) || slices.ContainsFunc(slices.Concat(p.gone, p.come), func(r dns.Record) bool { return psText(r) == "" }) {
			return false
		}
	}
	return plainName.MatchString(b.Zone.String())
}

// together reports whether one set must not change while the other waits for
// somebody's hands: a name must not become an alias by half, and a wildcard takes
// the place of one above that a new name stops (RFC 4592 §2.2.1).
func together(k, other dns.Key) bool {
	if other.Name == k.Name {
		return other == k || other.Type == dns.TypeCNAME || k.Type == dns.TypeCNAME
	}
	above, wild := strings.CutPrefix(other.Name.String(), "*.")
	return wild && k.Name.Below(dns.Name(above))
}

// psText is what Get-Text in the script returns for a record; "" if that is not
// established.
func psText(r dns.Record) string {
	switch d := r.Data.(type) {
	case dns.TXT:
		if text := d.Joined(); len(d.Strings()) == 1 && len(text) <= maxDescriptiveText && visible(text) && !strings.ContainsAny(text, "\"\\") {
			return text
		}
	case dns.CNAME:
		if plainName.MatchString(d.Target.String()) {
			return d.Target.String()
		}
	case dns.MX:
		if plainName.MatchString(d.Host.String()) {
			return fmt.Sprintf("%d %s", d.Preference, d.Host)
		}
	case dns.Addr:
		if !d.IP.Is4In6() {
			return d.IP.String()
		}
	}
	return ""
}

// psQuote quotes a text as PowerShell takes it word for word. It is printable
// ASCII: the quotes that PowerShell takes for this one as well are not in it.
func psQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func psCheck(c dns.Change, zone dns.Name) string {
	var texts []string
	for _, r := range c.Old {
		if text := psText(r); text != "" {
			texts = append(texts, psQuote(text))
		}
	}
	return fmt.Sprintf("Confirm-Set -Name %s -Type %s -Count %d -Old @(%s)", psQuote(relative(c.Key.Name, zone)), psQuote(c.Key.Type.String()), len(c.Old), strings.Join(texts, ", "))
}

// psAlone is the check that a new alias is alone, and that no alias stands where
// another set begins (RFC 1034 §3.6.2); "" where the old set says it.
func psAlone(c dns.Change, b Batch) string {
	if len(c.Old) > 0 || len(c.New) == 0 {
		return ""
	}
	types := had(b, c.Key.Name)
	if c.Key.Type != dns.TypeCNAME {
		if slices.Contains(types, dns.TypeCNAME) {
			return ""
		}
		return fmt.Sprintf("Confirm-Set -Name %s -Type 'CNAME' -Count 0 -Old @()", psQuote(relative(c.Key.Name, b.Zone)))
	}
	var may []string
	for _, t := range types {
		may = append(may, psQuote(t.String()))
	}
	return fmt.Sprintf("Confirm-Alone -Name %s -Type @(%s)", psQuote(relative(c.Key.Name, b.Zone)), strings.Join(may, ", "))
}

// psCommands are the removals and additions. What comes is added before what goes
// is removed, so that a refusal loses nothing; not so where the server could not
// have both: an alias with anything else, and the same data with two TTLs.
func psCommands(changes []dns.Change, zone dns.Name) []string {
	var first, adds, last []string
	for _, c := range changes {
		p := part(c)
		for _, r := range p.gone {
			line := fmt.Sprintf("Remove-Record -Name %s -Type %s -Text %s", psQuote(relative(r.Name, zone)), psQuote(c.Key.Type.String()), psQuote(psText(r)))
			if len(c.New) == 0 || c.Key.Type == dns.TypeCNAME || slices.ContainsFunc(p.come, func(n dns.Record) bool { return n.Data == r.Data }) {
				first = append(first, line)
			} else {
				last = append(last, line)
			}
		}
		for _, r := range p.come {
			adds = append(adds, psAdd(r, zone))
		}
	}
	return slices.Concat(first, adds, last)
}

func psAdd(r dns.Record, zone dns.Name) string {
	return fmt.Sprintf("Add-DnsServerResourceRecord -ZoneName $Zone -ComputerName $ComputerName -Name %s %s -TimeToLive ([TimeSpan]::FromSeconds(%d)) -WhatIf:$WhatIfPreference",
		psQuote(relative(r.Name, zone)), psData(r.Data), r.TTL)
}

// psData are the parameters of a record's data.
func psData(data dns.Data) string {
	switch d := data.(type) {
	case dns.TXT:
		return "-Txt -DescriptiveText " + psQuote(d.Joined())
	case dns.CNAME:
		return "-CName -HostNameAlias " + psQuote(d.Target.Zone())
	case dns.MX:
		return fmt.Sprintf("-MX -Preference %d -MailExchange %s", d.Preference, psQuote(d.Host.Zone()))
	case dns.Addr:
		return psAddress(d.IP)
	}
	return "" // not scriptable
}

func psAddress(ip netip.Addr) string {
	if ip.Is4() {
		return "-A -IPv4Address " + psQuote(ip.String())
	}
	return "-AAAA -IPv6Address " + psQuote(ip.String())
}
