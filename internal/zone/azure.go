package zone

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"sendplan/internal/dns"
)

// azureVersion is the version of the DNS interface of Azure Resource Manager.
const azureVersion = "2018-05-01"

// writeAzure writes a script around "az rest": one request puts a whole set, with
// the exact strings, and is refused if the set was changed meanwhile. The commands
// below "az network dns record-set" change record by record, so that there would
// be a moment without an SPF record or with two, and cut texts anew.
func writeAzure(w io.Writer, b Batch, o Options) error {
	p := &page{mark: "#"}
	p.line("#!/bin/sh")
	p.head(b, o,
		"For a public zone in Azure DNS. It wants the Azure CLI, logged in (az login) at the zone's subscription (az account set),",
		"and the zone's resource group: RESOURCE_GROUP=NAME sh THIS_FILE",
		"First each set that there is must be as planned; else nothing is changed. Then the changes are made one by one.",
		"A set that is new must not exist. A set that changes meanwhile is not overwritten: the script ends there.",
		"Record sets with metadata or an alias to an Azure resource are not changed: it would be lost.")
	changes := removalsFirst(b)
	for _, n := range switching(changes) {
		p.say("%s: for a moment it has neither what goes nor what comes.", n)
	}
	if err := usualName(b.Zone); err != nil {
		return &Refusal{"zone " + b.Zone.String(), err.Error()}
	}
	p.line("%s", azurePrologue)
	p.line("zone=\"/subscriptions/{subscriptionId}/resourceGroups/$RESOURCE_GROUP/providers/Microsoft.Network/dnsZones/%s\"", b.Zone)
	for i, c := range changes {
		if err := p.azureCheck(i+1, c, b.Zone); err != nil {
			return err
		}
	}
	for i, c := range changes {
		if err := p.azureChange(i+1, c, b.Zone); err != nil {
			return err
		}
	}
	return p.send(w)
}

// azurePrologue has one function: version_of TYPE/NAME QUERY prints the version of
// a set if QUERY finds it as planned, and fails otherwise.
const azurePrologue = `set -eu
: "${RESOURCE_GROUP:?set it to the resource group of the zone}"
version_of() {
  version=$(az rest --method get --url "$zone/$1?api-version=` + azureVersion + `" --query "$2" --output tsv) || return 1
  case $version in
  '' | None | False | false | differs)
    echo "$1 is not as planned. Nothing was changed." >&2
    return 1
    ;;
  esac
  printf '%s\n' "$version"
}`

// azureCheck writes the check of a set that is there.
func (p *page) azureCheck(number int, c dns.Change, zone dns.Name) error {
	p.about(c)
	if len(c.Old) == 0 {
		return nil
	}
	if err := expressible(c.Old); err != nil {
		return err
	}
	p.line("version%d=$(version_of %s %s)", number, azurePath(c.Key, zone), shString(azureQuery(c.Old)))
	return nil
}

// azureChange writes the request that makes a change.
func (p *page) azureChange(number int, c dns.Change, zone dns.Name) error {
	p.line("")
	p.line("echo %s", shString("changing "+c.Key.String()))
	condition := `'If-None-Match=*'`
	if len(c.Old) > 0 {
		condition = fmt.Sprintf(`"If-Match=$version%d"`, number)
	}
	url := fmt.Sprintf(`"$zone/"%s"?api-version=%s"`, azurePath(c.Key, zone), azureVersion)
	if len(c.New) == 0 {
		p.line("az rest --method delete --url %s --headers %s --output none", url, condition)
		return nil
	}
	if err := expressible(c.New); err != nil {
		return err
	}
	if err := longText(c.New, "Azure DNS", azureText); err != nil {
		return err
	}
	body, err := azureBody(c.New)
	if err != nil {
		return err
	}
	p.line("az rest --method put --url %s --headers %s --output none --body %s", url, condition, shString(body))
	return nil
}

// azurePath returns the end of a set's path, quoted for the shell.
func azurePath(k dns.Key, zone dns.Name) string {
	return shString(k.Type.String() + "/" + relative(k.Name, zone))
}

// azureSet is the properties of a record set in the interface of Azure.
type azureSet struct {
	TTL         uint32
	ARecords    []azureA    `json:",omitempty"`
	AAAARecords []azureAAAA `json:",omitempty"`
	CNAMERecord *azureCNAME `json:",omitempty"`
	MXRecords   []azureMX   `json:",omitempty"`
	TXTRecords  []azureTXT  `json:",omitempty"`
}

type azureA struct {
	Address string `json:"ipv4Address"`
}

type azureAAAA struct {
	Address string `json:"ipv6Address"`
}

type azureCNAME struct {
	Target string `json:"cname"`
}

type azureMX struct {
	Preference uint16 `json:"preference"`
	Exchange   string `json:"exchange"`
}

type azureTXT struct {
	Strings []string `json:"value"`
}

// azureBody returns the request that puts a set. The Azure CLI takes what follows
// the first "=" of an argument for the name of a file if it begins with "@", so
// there that is written by its number.
func azureBody(set []dns.Record) (string, error) {
	properties := azureSet{TTL: set[0].TTL}
	for _, r := range set {
		switch d := r.Data.(type) {
		case dns.TXT:
			properties.TXTRecords = append(properties.TXTRecords, azureTXT{d.Strings()})
		case dns.MX:
			properties.MXRecords = append(properties.MXRecords, azureMX{d.Preference, d.Host.String()})
		case dns.CNAME:
			properties.CNAMERecord = &azureCNAME{d.Target.String()}
		case dns.Addr:
			properties.add(d)
		default:
			return "", errType
		}
	}
	text, err := json.Marshal(map[string]azureSet{"properties": properties})
	return strings.ReplaceAll(string(text), "=@", `=\u0040`), err
}

func (s *azureSet) add(d dns.Addr) {
	if d.Type() == dns.TypeA {
		s.ARecords = append(s.ARecords, azureA{d.String()})
		return
	}
	s.AAAARecords = append(s.AAAARecords, azureAAAA{d.String()})
}

// azureQuery returns a JMESPath query whose result is the version of a set if it
// is as planned, else "differs". Texts are compared as receivers join them, and
// names with and without a final dot.
func azureQuery(set []dns.Record) string {
	list, plain, dotted := azureList(set)
	same := fmt.Sprintf("%s == %s", list, jmesLiteral(plain))
	if !slices.Equal(plain, dotted) {
		same = fmt.Sprintf("(%s || %s == %s)", same, list, jmesLiteral(dotted))
	}
	return fmt.Sprintf("(properties.TTL == `%d` && %s && !(properties.metadata) && !(properties.targetResource.id) && etag) || 'differs'", set[0].TTL, same)
}

// azureList returns the expression for the sorted values of a set, and what it is
// to give, with names without and with a final dot.
func azureList(set []dns.Record) (list string, plain, dotted []string) {
	for _, r := range set {
		switch d := r.Data.(type) {
		case dns.TXT:
			list = "sort(properties.TXTRecords[].join('', value))"
			plain, dotted = append(plain, d.Joined()), append(dotted, d.Joined())
		case dns.MX:
			list = "sort(properties.MXRecords[].join(' ', [to_string(preference), exchange]))"
			plain = append(plain, fmt.Sprintf("%d %s", d.Preference, d.Host))
			dotted = append(dotted, fmt.Sprintf("%d %s", d.Preference, d.Host.Zone()))
		case dns.CNAME:
			list = "[properties.CNAMERecord.cname]"
			plain, dotted = append(plain, d.Target.String()), append(dotted, d.Target.Zone())
		case dns.Addr:
			list = "sort(properties.ARecords[].ipv4Address)"
			if d.Type() == dns.TypeAAAA {
				list = "sort(properties.AAAARecords[].ipv6Address)"
			}
			plain, dotted = append(plain, d.String()), append(dotted, d.String())
		}
	}
	slices.Sort(plain)
	slices.Sort(dotted)
	return list, plain, dotted
}

// jmesLiteral writes printable ASCII as a literal of JMESPath: JSON, which has the
// escapes of Go for it, between backticks.
func jmesLiteral(values []string) string {
	var quoted []string
	for _, v := range values {
		quoted = append(quoted, strings.ReplaceAll(strconv.QuoteToASCII(v), "`", `\u0060`))
	}
	return "`[" + strings.Join(quoted, ",") + "]`"
}

// shString quotes text for a POSIX shell: between single quotes nothing means
// anything but the next one.
func shString(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
