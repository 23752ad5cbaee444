package zone

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendplan/internal/dns"
)

// hostForm is a form for the tool of a DNS host, and what the test reads in it
// with that tool's own syntax.
type hostForm struct {
	name    string
	options Options
	read    func(t testing.TB, text []byte, b Batch) []string // of the records that it holds
	want    func(b Batch) []string
}

var hostForms = []hostForm{
	{"terraform", Options{}, readCloudflareFile, comingRecords},
	{"terraform", Options{Provider: "cloudflare"}, readCloudflareFile, comingRecords},
	{"terraform", Options{Provider: "aws"}, readAWSFile, newRecords},
	{"terraform", Options{Provider: "azurerm"}, readAzureRMFile, joinedRecords},
	{"route53", Options{}, readRoute53File, oldAndNewRecords},
	{"dnscontrol", Options{}, readDNSControlFile, goingAndComingRecords},
	{"octodns", Options{}, readOctoDNSFile, joinedRecords},
}

func hostEmit(t testing.TB, f hostForm, b Batch) ([]byte, error) {
	t.Helper()
	form, ok := FormByName(f.name)
	if !ok {
		t.Fatalf("no form %s", f.name)
	}
	return Emit(form, b, f.options)
}

func TestHostFormsSayThePlan(t *testing.T) {
	t.Parallel()
	for _, f := range hostForms {
		t.Run(f.name+f.options.Provider, rapid.MakeCheck(func(r *rapid.T) {
			b := plainBatch.Draw(r, "batch")
			text, err := hostEmit(t, f, b)
			if err != nil {
				r.Fatal(err)
			}
			if got, want := f.read(t, text, b), f.want(b); !slices.Equal(sortedCopy(got), sortedCopy(want)) {
				r.Fatalf("%s\ngot  %q\nwant %q", text, got, want)
			}
		}))
	}
}

// FuzzHostForms hands arbitrary octets to the forms: they say them as they are,
// or refuse.
func FuzzHostForms(f *testing.F) {
	f.Add("v=spf1 exists:%{i}._spf.%{d} -all", "${jsonencode(1)}", "\n'; rm -rf / #")
	f.Add(`"`, `\`, "\u2028alert(1)//")
	f.Add("$${a}%%{b}$%{c}%${d}", "`$(id)`", "*/")
	f.Add("=@/etc/passwd", `" "`, "\r\n---")
	f.Add("\x00\xff", "ü", "\\")
	f.Fuzz(func(t *testing.T, one, two, words string) {
		b := fuzzBatch(one, two, words)
		for _, form := range append(hostForms, hostForm{"azure-cli", Options{}, nil, nil}) {
			text, err := hostEmit(t, form, b)
			plain := asciiText(one+two) == nil
			if form.name == "dnscontrol" || form.name == "terraform" && (form.options.Provider == "" || form.options.Provider == "cloudflare") {
				plain = asciiText(two) == nil // what stays is not written
			}
			switch {
			case err != nil && !errors.As(err, new(*Refusal)):
				t.Fatal(err)
			case err != nil && plain && form.name != "octodns" && len(one+two) < 3000:
				t.Fatalf("%s refuses %q %q: %v", form.name, one, two, err)
			case err != nil || form.read == nil:
			case !plain && form.name != "route53" && form.options.Provider != "aws":
				t.Fatalf("%s does not refuse %q %q", form.name, one, two)
			default:
				if got, want := form.read(t, text, b), form.want(b); !slices.Equal(sortedCopy(got), sortedCopy(want)) {
					t.Fatalf("%s\ngot  %q\nwant %q", text, got, want)
				}
			}
		}
	})
}

func fuzzBatch(one, two, words string) Batch {
	zone := dns.MustName("example.com")
	key := dns.Key{Name: zone, Type: dns.TypeTXT}
	record := func(strs ...string) dns.Record { return dns.Record{Name: zone, TTL: 300, Data: dns.NewTXT(strs...)} }
	set := []dns.Record{record("x" + one), record("y", two+"z")}
	return Batch{Zone: zone, Stage: words, Held: []Held{{dns.Key{Name: zone, Type: dns.TypeMX}, words}}, Changes: []dns.Change{
		{Zone: zone, Key: key, Old: []dns.Record{set[0], record("old" + two)}, New: set, Why: []string{words}},
	}}
}

func TestHostFormsRefuseWhatIsNotEstablished(t *testing.T) {
	t.Parallel()
	zone := dns.MustName("example.com")
	odd, err := dns.NameFromZone(`a\032b.example.com`)
	if err != nil {
		t.Fatal(err)
	}
	all := []string{"terraform cloudflare", "terraform aws", "terraform azurerm", "azure-cli", "dnscontrol", "octodns", "route53"}
	ascii := []string{"terraform cloudflare", "terraform azurerm", "azure-cli", "dnscontrol", "octodns"}
	text := func(s string) dns.Record { return dns.Record{Name: zone, TTL: 300, Data: dns.NewTXT(s)} }
	tests := []struct {
		what string
		r    dns.Record
		by   []string // that refuse it; the others write it
	}{
		{"an octet above ASCII", text("\xfc"), ascii},
		{"a control character", text("a\nb"), ascii},
		{"an odd name", dns.Record{Name: odd, TTL: 300, Data: dns.NewTXT("x")}, all[:6]},
		{"an odd target", dns.Record{Name: dns.MustName("m.example.com"), TTL: 300, Data: dns.CNAME{Target: odd}}, all[:6]},
		{"another type", dns.Record{Name: dns.MustName("m.example.com"), TTL: 300, Data: dns.SRV{Target: zone}}, all},
		{"4000 octets", text(strings.Repeat("k", 4000)), []string{"terraform aws", "route53"}},
		{"4097 octets", text(strings.Repeat("k", 4097)), []string{"terraform aws", "terraform azurerm", "azure-cli", "route53"}},
		{"a backslash", text(`a\b`), []string{"octodns"}},
		{"a quote in front", text(`"a`), []string{"octodns"}},
		{"a quote in the middle", text(`a"b`), nil},
		{"no text", text(""), []string{"octodns"}},
	}
	for _, test := range tests {
		b := Batch{Zone: zone, Stage: "test", Changes: []dns.Change{{Zone: zone, Key: keyOf(test.r), New: []dns.Record{test.r}}}}
		for _, name := range all {
			form, provider, _ := strings.Cut(name, " ")
			_, err := hostEmit(t, hostForm{name: form, options: Options{Provider: provider}}, b)
			if refused := err != nil; refused != slices.Contains(test.by, name) {
				t.Errorf("%s as %s: %v", test.what, name, err)
			}
			if err != nil && !errors.As(err, new(*Refusal)) {
				t.Errorf("%s as %s: %v, want a Refusal", test.what, name, err)
			}
		}
	}
}

func TestUnknownProvider(t *testing.T) {
	t.Parallel()
	if _, err := hostEmit(t, hostForm{name: "terraform", options: Options{Provider: "acme"}}, fuzzBatch("", "", "")); err == nil || !strings.Contains(err.Error(), "azurerm") {
		t.Fatalf("got %v, want an error that names those there are", err)
	}
}

// plainBatch draws batches of what every host takes, of any words.
var plainBatch = rapid.Custom(func(t *rapid.T) Batch {
	zone := dns.MustName("example.com")
	b := Batch{Zone: zone, Stage: rapid.String().Draw(t, "stage")}
	for _, name := range []dns.Name{zone, "_dmarc.example.com", "selector1._domainkey.example.com", "*.example.com", "a-b.example.com", "a_b.example.com", "a.b.example.com"} {
		for _, typ := range []dns.Type{dns.TypeTXT, dns.TypeMX, dns.TypeA, dns.TypeAAAA} {
			if !rapid.Bool().Draw(t, "change") {
				continue
			}
			b.Changes = append(b.Changes, plainChange(t, dns.Key{Name: name, Type: typ}, zone))
		}
	}
	b.Changes = slices.DeleteFunc(b.Changes, func(c dns.Change) bool { return sameSet(c.Old, c.New) })
	b.Changes = append(b.Changes, becomesAlias(t, zone)...)
	return b
})

func plainChange(t *rapid.T, k dns.Key, zone dns.Name) dns.Change {
	return dns.Change{Zone: zone, Key: k, Old: plainSet(t, k), New: plainSet(t, k), Why: rapid.SliceOfN(rapid.String(), 0, 2).Draw(t, "why")}
}

func becomesAlias(t *rapid.T, zone dns.Name) []dns.Change {
	name := dns.MustName("selector2._domainkey.example.com")
	alias := dns.Change{Zone: zone, Key: dns.Key{Name: name, Type: dns.TypeCNAME}, New: []dns.Record{{Name: name, TTL: 60, Data: dns.CNAME{Target: "k.example.net"}}}}
	key := dns.Change{Zone: zone, Key: dns.Key{Name: name, Type: dns.TypeTXT}, Old: []dns.Record{{Name: name, TTL: 60, Data: dns.NewTXT("v=DKIM1; p=a")}}}
	if rapid.Bool().Draw(t, "undo") {
		alias.Old, alias.New, key.Old, key.New = alias.New, nil, nil, key.Old
	}
	return []dns.Change{alias, key}
}

func plainSet(t *rapid.T, k dns.Key) []dns.Record {
	ttl := rapid.Uint32Range(0, maxTTL).Draw(t, "ttl")
	var set []dns.Record
	for range rapid.IntRange(0, 3).Draw(t, "records") {
		r := dns.Record{Name: k.Name, TTL: ttl, Data: plainDataOf(t, k.Type)}
		twin := func(o dns.Record) bool { return o.Data == r.Data }
		if !slices.ContainsFunc(set, twin) {
			set = append(set, r)
		}
	}
	return set
}

func plainDataOf(t *rapid.T, typ dns.Type) dns.Data {
	host := dns.Name(rapid.SampledFrom([]string{"mail.example.net", "example-com.mail.protection.outlook.com", "."}).Draw(t, "host"))
	switch typ {
	case dns.TypeMX:
		return dns.MX{Preference: rapid.Uint16().Draw(t, "preference"), Host: host}
	case dns.TypeA:
		return dns.Addr{IP: netip.AddrFrom4([4]byte{192, 0, 2, rapid.Byte().Draw(t, "octet")})}
	case dns.TypeAAAA:
		return dns.Addr{IP: netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 15: rapid.Byte().Draw(t, "octet")})}
	}
	// octoDNS refuses a backslash, and a quote in front or beside a space.
	return dns.NewTXT(rapid.SliceOfN(rapid.StringMatching("[a-z$%]([!#-\\[\\]-~ ]{0,40}|[a-z]\"[a-z]|[$%{}]{0,5}|k{250,300})"), 1, 3).Draw(t, "strings")...)
}

func sortedCopy(s []string) []string { return slices.Sorted(slices.Values(s)) }

func recordsOf(b Batch, pick func(dns.Change) []dns.Record) []string {
	var list []string
	for _, c := range b.Changes {
		for _, r := range pick(c) {
			list = append(list, r.String())
		}
	}
	return list
}

func newRecords(b Batch) []string {
	return recordsOf(b, func(c dns.Change) []dns.Record { return c.New })
}

func comingRecords(b Batch) []string {
	return recordsOf(b, func(c dns.Change) []dns.Record { return part(c).come })
}

func goingAndComingRecords(b Batch) []string {
	return append(marked("-", recordsOf(b, func(c dns.Change) []dns.Record { return part(c).gone })), marked("+", comingRecords(b))...)
}

func oldAndNewRecords(b Batch) []string {
	return append(marked("-", recordsOf(b, func(c dns.Change) []dns.Record { return c.Old })), marked("+", newRecords(b))...)
}

func marked(mark string, list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = mark + s
	}
	return out
}

// joinedRecords is newRecords with the strings of a text joined, for tools that
// cut texts themselves.
func joinedRecords(b Batch) []string {
	return recordsOf(b, func(c dns.Change) []dns.Record {
		set := slices.Clone(c.New)
		for i := range set {
			if d, ok := set[i].Data.(dns.TXT); ok {
				set[i].Data = dns.NewTXT(d.Joined())
			}
		}
		return set
	})
}

// dataOf reads the data of a record from what a tool was given.
func dataOf(t testing.TB, k dns.Key, ttl uint32, data string) string {
	t.Helper()
	r, err := readData(k, ttl, data)
	if err != nil {
		t.Fatalf("%s %q: %v", k, data, err)
	}
	return r.String()
}

func nameAt(t testing.TB, host string, zone dns.Name) dns.Name {
	t.Helper()
	n, err := absolute(host, zone)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func typeOf(t testing.TB, s string) dns.Type {
	t.Helper()
	typ, ok := dns.ParseType(s)
	if !ok {
		t.Fatalf("type %q", s)
	}
	return typ
}

func TestASetGoesBeforeAnAliasComes(t *testing.T) {
	t.Parallel()
	zone := dns.MustName("example.com")
	change := func(name dns.Name, typ dns.Type, old, new int) dns.Change {
		set := []dns.Record{{Name: name, TTL: 60, Data: dns.NewTXT("x")}}
		return dns.Change{Zone: zone, Key: dns.Key{Name: name, Type: typ}, Old: set[:old], New: set[:new]}
	}
	b := Batch{Zone: zone, Changes: []dns.Change{
		change("a.example.com", dns.TypeCNAME, 0, 1), change("b.example.com", dns.TypeTXT, 1, 1), change("a.example.com", dns.TypeTXT, 1, 0),
		change("c.example.com", dns.TypeMX, 1, 0), change("c.example.com", dns.TypeTXT, 0, 1),
		change("d.example.com", dns.TypeCNAME, 1, 0), change("d.example.com", dns.TypeTXT, 0, 1), change("d.example.com", dns.TypeMX, 0, 1),
	}}
	changes := removalsFirst(b)
	var got []string
	for _, c := range changes {
		got = append(got, c.Key.String())
	}
	want := []string{"TXT a.example.com", "MX c.example.com", "CNAME d.example.com", "CNAME a.example.com", "TXT b.example.com", "TXT c.example.com", "TXT d.example.com", "MX d.example.com"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := switching(changes), []dns.Name{"a.example.com", "d.example.com"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
