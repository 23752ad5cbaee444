package zone

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// terraformProvider is how one provider wants record sets.
type terraformProvider struct {
	name string
	use  []string // what to know of its resources, for the head of the file
	// write adds the resources of a set's new records.
	write func(t *terraform, c dns.Change) error
}

var terraformProviders = []terraformProvider{
	{"cloudflare", []string{
		"For version 5 of the provider cloudflare/cloudflare; version 4 calls the resource cloudflare_record.",
		"Put the ID of the zone for var.zone_id.",
		"Each record is a resource of its own, so only records that come are below. Where one comes for one that goes, change",
		"content and ttl in the resource of the one that goes: then there is no moment without it. Else take that resource away.",
		"A record that is there and in no resource must be imported first, or there will be two:",
		"terraform import cloudflare_dns_record.NAME ZONE_ID/RECORD_ID",
	}, writeCloudflare},
	{"aws", []string{
		"For the provider hashicorp/aws. Put the ID of the hosted zone for var.zone_id.",
		"Each set is one resource: put these in place of those of the same names and types. A set that is there and in no",
		"resource must be imported first: terraform import aws_route53_record.NAME ZONEID_NAME_TYPE",
		"Do not use allow_overwrite: it would overwrite what was changed meanwhile.",
	}, writeAWS},
	{"azurerm", []string{
		"For the provider hashicorp/azurerm and public zones. Put the zone's resource group for var.resource_group_name.",
		"Each set is one resource: put these in place of those of the same names and types. A set that is there and in no",
		"resource must be imported first: terraform import azurerm_dns_TYPE_record.NAME RESOURCE_ID",
		"Texts are given whole: the provider cuts them into strings by itself, which receivers join again.",
	}, writeAzureRM},
}

// Providers returns the values of Options.Provider, the usual one first.
func Providers() []string {
	var names []string
	for _, p := range terraformProviders {
		names = append(names, p.name)
	}
	return names
}

// terraform is a file in the making.
type terraform struct {
	page
	zone  dns.Name
	names []string // of the resources so far
}

func writeTerraform(w io.Writer, b Batch, o Options) error {
	at := slices.IndexFunc(terraformProviders, func(p terraformProvider) bool { return p.name == o.Provider || o.Provider == "" })
	if at < 0 {
		return fmt.Errorf("no Terraform provider %q is known here, but %s", o.Provider, strings.Join(Providers(), ", "))
	}
	provider := terraformProviders[at]
	t := &terraform{page: page{mark: "#"}, zone: b.Zone}
	t.head(b, o, provider.use...)
	t.say("Look at what terraform plan says before terraform apply: these changes and no others.")
	changes := removalsFirst(b)
	for _, n := range switching(changes) {
		t.say("%s: first take away what goes, and apply; then add what comes. Terraform does not do it in that order by itself.", n)
	}
	for _, c := range changes {
		t.about(c)
		if len(c.New) == 0 {
			t.say("  Take the resources of this set away; one that Terraform does not know stays until it is deleted at the host.")
			continue
		}
		if err := provider.write(t, c); err != nil {
			return err
		}
	}
	return t.send(w)
}

// resource opens a block and gives it a name that no other has.
func (t *terraform) resource(kind string, k dns.Key) {
	base := strings.ToLower(k.Type.String()) + "_" + strings.NewReplacer(".", "_", "*", "wildcard").Replace(k.Name.String())
	name := base
	for i := 2; slices.Contains(t.names, name); i++ {
		name = fmt.Sprintf("%s_%d", base, i)
	}
	t.names = append(t.names, name)
	t.line("resource %s %s {", hclString(kind), hclString(name))
}

// argument is a name and its value as HCL.
type argument struct{ name, value string }

// arguments writes arguments as "terraform fmt" does, equal signs in a column.
func (t *terraform) arguments(indent string, list ...argument) {
	width := 0
	for _, a := range list {
		width = max(width, len(a.name))
	}
	for _, a := range list {
		t.line("%s%-*s = %s", indent, width, a.name, a.value)
	}
}

func writeCloudflare(t *terraform, c dns.Change) error {
	come := part(c).come
	if err := expressible(come); err != nil {
		return err
	}
	for _, r := range come {
		if r.TTL != 1 && (r.TTL < 60 || r.TTL > 86400) {
			t.say("  Cloudflare takes a ttl from 60 to 86400, or 1 for automatic; at Enterprise zones from 30.")
		}
		t.resource("cloudflare_dns_record", c.Key)
		list := []argument{
			{"zone_id", "var.zone_id"},
			{"name", hclString(r.Name.String())},
			{"type", hclString(c.Key.Type.String())},
			{"ttl", fmt.Sprint(r.TTL)},
		}
		t.arguments("  ", append(list, cloudflareContent(r.Data)...)...)
		t.line("}")
	}
	return nil
}

// cloudflareContent returns the arguments that hold the data of a record. Mail
// does not pass Cloudflare's proxy, nor may a key be hidden behind it.
func cloudflareContent(data dns.Data) []argument {
	switch d := data.(type) {
	case dns.TXT:
		// The content of a TXT record is its strings in quotes.
		return []argument{{"content", hclString(d.String())}}
	case dns.MX:
		return []argument{{"content", hclString(d.Host.String())}, {"priority", fmt.Sprint(d.Preference)}}
	case dns.CNAME:
		return []argument{{"content", hclString(d.Target.String())}, {"proxied", "false"}}
	}
	return []argument{{"content", hclString(data.String())}, {"proxied", "false"}}
}

func writeAWS(t *terraform, c dns.Change) error {
	t.resource("aws_route53_record", c.Key)
	t.arguments("  ", argument{"zone_id", "var.zone_id"},
		argument{"name", hclString(c.Key.Name.String())},
		argument{"type", hclString(c.Key.Type.String())},
		argument{"ttl", fmt.Sprint(c.New[0].TTL)})
	var values []string
	for _, r := range c.New {
		value, err := awsValue(r)
		if err != nil {
			return refused(c.Key, err)
		}
		values = append(values, hclString(value))
	}
	t.list("  records", values)
	t.line("}")
	return nil
}

// awsValue returns a record's value as Route 53 wants it, but a text without its
// outer quotes: the provider adds these.
func awsValue(r dns.Record) (string, error) {
	value, err := route53ValueOf(r.Data)
	if d, ok := r.Data.(dns.TXT); ok && err == nil {
		return octalStrings(d, `""`), usualName(r.Name)
	}
	if err == nil {
		err = usualData(r.Data)
	}
	if err == nil {
		err = usualName(r.Name)
	}
	return value, err
}

// list writes an argument that is a list, an element on each line.
func (t *terraform) list(name string, values []string) {
	t.line("%s = [", name)
	for _, v := range values {
		t.line("    %s,", v)
	}
	t.line("  ]")
}

// azureText is the longest text that the provider azurerm takes, and Azure DNS.
const azureText = 4096

func writeAzureRM(t *terraform, c dns.Change) error {
	if err := expressible(c.New); err != nil {
		return err
	}
	if err := longText(c.New, "Azure DNS", azureText); err != nil {
		return err
	}
	t.resource("azurerm_dns_"+strings.ToLower(c.Key.Type.String())+"_record", c.Key)
	t.arguments("  ", argument{"name", hclString(relative(c.Key.Name, t.zone))},
		argument{"zone_name", hclString(t.zone.String())},
		argument{"resource_group_name", "var.resource_group_name"},
		argument{"ttl", fmt.Sprint(c.New[0].TTL)})
	var addresses []string
	for _, r := range c.New {
		switch d := r.Data.(type) {
		case dns.TXT:
			t.azureRecord(argument{"value", hclString(d.Joined())})
		case dns.MX:
			t.azureRecord(argument{"preference", fmt.Sprint(d.Preference)}, argument{"exchange", hclString(d.Host.String())})
		case dns.CNAME:
			t.line("")
			t.arguments("  ", argument{"record", hclString(d.Target.String())})
		default:
			addresses = append(addresses, hclString(d.String()))
		}
	}
	if len(addresses) > 0 {
		t.line("")
		t.list("  records", addresses)
	}
	t.line("}")
	return nil
}

func (t *terraform) azureRecord(list ...argument) {
	t.line("")
	t.line("  record {")
	t.arguments("    ", list...)
	t.line("  }")
}

// hclString quotes printable ASCII for HCL, where ${ and %{ begin code. They are
// escaped by doubling the sign; after another sign that would be read otherwise,
// so there the sign is written by its number.
func hclString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case (c == '$' || c == '%') && strings.HasPrefix(s[i+1:], "{"):
			if i > 0 && (s[i-1] == '$' || s[i-1] == '%') {
				fmt.Fprintf(&b, `\u%04x`, c)
				continue
			}
			b.WriteByte(c)
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
