package inventory

import (
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendplan/internal/dns"
)

// commented is a file as people write them.
const commented = `# Nordwind, mail
---
version: 1

tenant: # the tenant
  cloud: worldwide   # not GCC
  # outbound: direct
  connectors: []     # none yet
  dkim: # pasted
  - domain: nordwind.example
    enabled: false # not yet
    # selectors come later

sites:
  - {name: hq, addresses: [203.0.113.10], static: true} # main

domains:
  - name: nordwind.example # the only one
    dmarc: {target: keep}

# what sends
devices:
  # the second floor
  - name: scanner # by the stairs
    from:
      - scan@nordwind.example # first
      # in between
      - fax@nordwind.example
    tls: none
    # tls: "1.2" after the update

  - now: smtp-auth # still
    name: erp
    from: [erp@nordwind.example] # one
    # the end of erp
  # - name: commented-out
# the end
`

func TestEdits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		edit func(*File) error
		want string // the changed lines: "-" taken away, "+" new
	}{
		{"replace a value", func(f *File) error { return f.Set(TenantAt().Key("cloud"), Text("dod")) },
			"-  cloud: worldwide   # not GCC\n+  cloud: dod   # not GCC\n"},
		{"a value in braces", func(f *File) error { return f.Set(SiteAt("HQ").Key("static"), Bool(False)) },
			"-  - {name: hq, addresses: [203.0.113.10], static: true} # main\n+  - {name: hq, addresses: [203.0.113.10], static: false} # main\n"},
		{"a new field", func(f *File) error { return f.Set(TenantAt().Key("outbound"), Text("direct")) },
			"+  outbound: direct\n"},
		{"a new field of a device", func(f *File) error { return f.Set(DeviceAt("scanner").Key("per_day"), Number(7)) },
			"+    per_day: 7\n"},
		{"a new field in braces", func(f *File) error { return f.Set(SiteAt("hq").Key("port25"), Text("open")) },
			"-  - {name: hq, addresses: [203.0.113.10], static: true} # main\n+  - {name: hq, addresses: [203.0.113.10], static: true, port25: open} # main\n"},
		{"fields that are missing on the way", func(f *File) error { return f.Set(DomainAt("nordwind.example").Key("spf").Key("all"), Text("fail")) },
			"+    spf:\n+      all: fail\n"},
		{"several fields", func(f *File) error {
			return f.Set(DomainAt("nordwind.example").Key("dmarc"), Fields(Pair{"target", Text("none")}, Pair{"rua", Texts("mailto:d@nordwind.example")}))
		}, "-    dmarc: {target: keep}\n+    dmarc: {target: none, rua: [mailto:d@nordwind.example]}\n"},
		{"a text that needs quotes", func(f *File) error { return f.Set(DeviceAt("erp").Key("note"), Text("no: # \"x\"")) },
			"+    note: \"no: # \\\"x\\\"\"\n"},
		{"a long text", func(f *File) error { return f.Set(DeviceAt("erp").Key("note"), Text(strings.Repeat("long ", 40)+"x")) },
			"+    note: " + strings.Repeat("long ", 40) + "x\n"},
		{"append in brackets", func(f *File) error { return f.Append(SiteAt("hq").Key("addresses"), Text("2001:db8::/64")) },
			"-  - {name: hq, addresses: [203.0.113.10], static: true} # main\n+  - {name: hq, addresses: [203.0.113.10, 2001:db8::/64], static: true} # main\n"},
		{"append under dashes", func(f *File) error { return f.Append(DeviceAt("scanner").Key("from"), Text("a@nordwind.example")) },
			"+      - a@nordwind.example\n"},
		{"the first item of a list", func(f *File) error {
			return f.PutConnectors(Connector{Name: "HQ", Type: OnPremises, Addresses: []netip.Prefix{netip.MustParsePrefix("203.0.113.10/32")}})
		}, "-  connectors: []     # none yet\n+  connectors:      # none yet\n+    - name: HQ\n+      type: OnPremises\n+      addresses: [203.0.113.10]\n"},
		{"a list of texts", func(f *File) error {
			return f.Set(DeviceAt("scanner").Key("from"), Texts("new@nordwind.example", "fax@nordwind.example", "last@nordwind.example"))
		}, "-      - scan@nordwind.example # first\n+      - new@nordwind.example\n+      - last@nordwind.example\n"},
		{"a list in brackets", func(f *File) error {
			return f.Set(DeviceAt("erp").Key("from"), Texts("a@nordwind.example", "b@nordwind.example"))
		}, "-    from: [erp@nordwind.example] # one\n+    from: [a@nordwind.example, b@nordwind.example] # one\n"},
		{"an empty list", func(f *File) error { return f.Set(DeviceAt("erp").Key("from"), Texts()) },
			"-    from: [erp@nordwind.example] # one\n+    from: [] # one\n"},
		{"what Exchange says", func(f *File) error {
			return f.PutDKIM(DKIM{Domain: "nordwind.example", Enabled: True, Status: DKIMValid}, DKIM{Domain: "new.example", Enabled: False})
		}, "-    enabled: false # not yet\n+    enabled: true # not yet\n+    status: Valid\n+  - domain: new.example\n+    enabled: false\n"},
		{"a new device", func(f *File) error { return f.AddDevices(Device{Name: "ups", Kind: UPS}) },
			"+\n+  - name: ups\n+    kind: ups\n"},
		{"delete a device", func(f *File) error { return f.Delete(DeviceAt("scanner")) },
			"-  - name: scanner # by the stairs\n-    from:\n-      - scan@nordwind.example # first\n-      # in between\n-      - fax@nordwind.example\n-    tls: none\n"},
		{"delete a field", func(f *File) error { return f.Delete(DeviceAt("scanner").Key("tls")) }, "-    tls: none\n"},
		{"delete a field behind the dash", func(f *File) error { return f.Delete(DeviceAt("erp").Key("now")) },
			"-  - now: smtp-auth # still\n+  -\n"},
		{"delete in braces", func(f *File) error { return f.Delete(SiteAt("hq").Key("addresses")) },
			"-  - {name: hq, addresses: [203.0.113.10], static: true} # main\n+  - {name: hq, static: true} # main\n"},
		{"delete the last in braces", func(f *File) error { return f.Delete(SiteAt("hq").Key("static")) },
			"-  - {name: hq, addresses: [203.0.113.10], static: true} # main\n+  - {name: hq, addresses: [203.0.113.10]} # main\n"},
		{"nothing new", func(f *File) error { return f.PutDKIM(f.Tenant.DKIM...) }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := parse(t, commented)
			if err := c.edit(f); err != nil {
				t.Fatal(err)
			}
			if got := diff(commented, string(f.Bytes())); got != c.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, c.want)
			}
		})
	}
}

// diff returns the lines of a that b lacks, with "-", and then those that only b
// has, with "+".
func diff(a, b string) string {
	x, y := strings.SplitAfter(a, "\n"), strings.SplitAfter(b, "\n")
	table := make([][]int, len(x)+1)
	for i := range table {
		table[i] = make([]int, len(y)+1)
	}
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			table[i][j] = max(table[i+1][j], table[i][j+1])
			if x[i] == y[j] {
				table[i][j] = table[i+1][j+1] + 1
			}
		}
	}
	var minus, plus []string
	for i, j := 0, 0; i < len(x) || j < len(y); {
		switch {
		case i < len(x) && j < len(y) && x[i] == y[j]:
			i, j = i+1, j+1
		case j == len(y) || i < len(x) && table[i+1][j] >= table[i][j+1]:
			minus = append(minus, "-"+x[i])
			i++
		default:
			plus = append(plus, "+"+y[j])
			j++
		}
	}
	return strings.Join(slices.Concat(minus, plus), "")
}

func TestEditRefusals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		edit func(*File) error
		want string
	}{
		{"a wrong value", func(f *File) error { return f.Set(DeviceAt("erp").Key("tls"), Text("2.0")) }, `tls: "2.0" is none of its words`},
		{"an unknown field", func(f *File) error { return f.Set(DeviceAt("erp").Key("colour"), Text("red")) }, `unknown field "colour"`},
		{"an unknown device", func(f *File) error { return f.Set(DeviceAt("fax").Key("tls"), Text("1.2")) }, `the inventory has no devices, "fax", tls`},
		{"a device that is there", func(f *File) error { return f.AddDevices(Device{Name: "ERP"}) }, `a device named "ERP" is already`},
		{"delete what is not there", func(f *File) error { return f.Delete(DeviceAt("fax")) }, `the inventory has no devices, "fax"`},
		{"delete a name", func(f *File) error { return f.Delete(DeviceAt("scanner").Key("name")) }, "a device has no name"},
		{"a list instead of a text", func(f *File) error { return f.Set(DeviceAt("erp").Key("tls"), Texts("1.2")) }, "tls holds a list"},
		{"a text instead of a list", func(f *File) error { return f.Set(DeviceAt("erp").Key("from"), Text("x")) }, "a list cannot become a text"},
		{"append to a text", func(f *File) error { return f.Append(DeviceAt("scanner").Key("tls"), Text("x")) }, "a text is no list"},
		{"a field of a text", func(f *File) error { return f.Set(DeviceAt("scanner").Key("tls").Key("x"), Text("y")) }, "a text cannot hold x"},
		{"a list of fields as a whole", func(f *File) error { return f.Set(Spot{[]step{{key: "devices"}}}, Texts("x")) }, "a list of fields is changed by its items"},
		{"a device that a method names", func(f *File) error {
			if err := f.Set(DeviceAt("scanner").Key("method"), Text("via:erp")); err != nil {
				return err
			}
			return f.Delete(DeviceAt("erp"))
		}, `there is no device "erp"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := parse(t, commented)
			err := c.edit(f)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %s", err, c.want)
			}
			if c.name != "a device that a method names" && string(f.Bytes()) != commented {
				t.Error("the file changed")
			}
		})
	}
}

// names and texts that YAML could take for something else
var odd = []string{"0123", "no", "null", "a: b", "a #b", "- x", "[x]", "it's", `"x"`, "*x", "&x", "é ü", "x:", "2026-01-01", "1e3", "~", "a,b", "{x}", "x\\y", "日本", "!x", "%x", "@x", "`x"}

func oddText() *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom(odd), rapid.StringMatching(`[ -~éß]{1,40}`).Filter(validName))
}

func domainName() *rapid.Generator[dns.Name] {
	return rapid.Map(rapid.StringMatching(`[a-z][a-z0-9-]{0,10}[a-z]\.example`), func(s string) dns.Name { return dns.MustName(s) })
}

func anAddress() *rapid.Generator[Address] {
	return rapid.Custom(func(t *rapid.T) Address {
		return Address{rapid.SampledFrom([]string{"scan", "a.b", "x+y", "o'neil", "0", "*"}).Draw(t, "local"), domainName().Draw(t, "domain")}
	})
}

func aDevice() *rapid.Generator[Device] {
	return rapid.Custom(func(t *rapid.T) Device {
		return Device{
			Name:       oddText().Draw(t, "name"),
			Kind:       rapid.SampledFrom(append(kinds(), "")).Draw(t, "kind"),
			Method:     rapid.SampledFrom([]Method{"", SMTPAuth, ConnectorIP, Graph, "relay:sendgrid", "hoster:ionos"}).Draw(t, "method"),
			Now:        rapid.SampledFrom([]Method{"", OpenRelay, DirectSend}).Draw(t, "now"),
			From:       rapid.SliceOfN(anAddress(), 0, 8).Draw(t, "from"),
			MailFrom:   rapid.SampledFrom([]MailFrom{{}, {Null: true}, {Domain: "b.example"}, {Local: "x", Domain: "b.example"}}).Draw(t, "mail from"),
			Login:      rapid.SampledFrom([]Address{{}, {"u", "a.example"}}).Draw(t, "login"),
			Recipients: rapid.SampledFrom([]Recipients{"", Internal, Anyone}).Draw(t, "recipients"),
			Auth:       rapid.SampledFrom([]Auth{"", AuthNone, AuthOAuth}).Draw(t, "auth"),
			TLS:        rapid.SampledFrom([]TLS{"", TLSNone, TLS10, TLS13}).Draw(t, "tls"),
			HTTPS:      rapid.SampledFrom([]Truth{Unknown, True, False}).Draw(t, "https"),
			PerDay:     rapid.IntRange(0, maxNumber).Draw(t, "per day"),
			Note:       rapid.OneOf(rapid.Just(""), oddText(), rapid.StringMatching(`[a-z: #]{100,300}x`)).Draw(t, "note"),
		}
	})
}

func anEnding() *rapid.Generator[string] { return rapid.SampledFrom([]string{"\n", "\r\n"}) }

// A device that is added reads back as it was, whatever the file's form.
func TestAddedDevices(t *testing.T) {
	t.Parallel()
	tails := []string{"", "devices:\n", "devices: []\n", "devices: [] # none\n", "devices: ~\n", "devices:\n  # - name: x\n# end\n",
		"devices:\n- name: first\n", "devices:\n    - {name: first}", "devices: [{name: first}]\n", "devices: [\n  {name: first}, # c\n]\n", "devices:\n  - name: first\n\n  - name: second\n    # x\n\n# end\nsites: []\n"}
	rapid.Check(t, func(t *rapid.T) {
		text := "# é\nversion: 1\n" + rapid.SampledFrom(tails).Draw(t, "tail")
		text = rapid.SampledFrom([]string{"", bom}).Draw(t, "bom") + strings.ReplaceAll(text, "\n", anEnding().Draw(t, "ending"))
		list := rapid.SliceOfNDistinct(aDevice(), 1, 4, func(d Device) string { return strings.ToLower(d.Name) }).Draw(t, "devices")
		f, err := Parse([]byte(text), "x", nil)
		if err != nil {
			t.Fatal(err)
		}
		had := f.Devices
		if err := f.AddDevices(list...); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if got, want := fmt.Sprintf("%+v", f.Devices), fmt.Sprintf("%+v", slices.Concat(had, list)); got != want {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
		keepsComments(t, text, string(f.Bytes()))
		sameEndings(t, text, string(f.Bytes()))
	})
}

// keepsComments checks that all the comments of a file without # in its texts
// are in the other file, in order.
func keepsComments(t *rapid.T, before, after string) {
	for _, l := range strings.SplitAfter(before, "\n") {
		if i := strings.Index(l, "#"); i >= 0 {
			_, rest, found := strings.Cut(after, strings.TrimRight(l[i:], "\r\n"))
			if !found {
				t.Fatalf("the comment %q is lost:\n%s", l[i:], after)
			}
			after = rest
		}
	}
}

func sameEndings(t *rapid.T, before, after string) {
	crlf := strings.Contains(before, "\r\n")
	for _, l := range strings.SplitAfter(after, "\n") {
		if strings.HasSuffix(l, "\n") && strings.HasSuffix(l, "\r\n") != crlf {
			t.Fatalf("the line %q ends otherwise than the file's", l)
		}
	}
	if strings.HasPrefix(before, bom) != strings.HasPrefix(after, bom) {
		t.Fatal("the BOM changed")
	}
}

// What is set reads back as it was set, and no other line changes.
func TestSetField(t *testing.T) {
	t.Parallel()
	type change struct {
		key   string
		value Value
		get   func(Device) any
		want  any
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.ReplaceAll(commented, "\n", anEnding().Draw(t, "ending"))
		note := oddText().Draw(t, "note")
		from := rapid.SliceOfN(anAddress(), 0, 5).Draw(t, "from")
		n := rapid.IntRange(0, 1000).Draw(t, "n")
		c := rapid.SampledFrom([]change{
			{"note", Text(note), func(d Device) any { return d.Note }, note},
			{"per_day", Number(n), func(d Device) any { return d.PerDay }, n},
			{"https", Bool(True), func(d Device) any { return d.HTTPS }, True},
			{"tls", Text("1.3"), func(d Device) any { return d.TLS }, TLS13},
			{"now", Text("graph"), func(d Device) any { return d.Now }, Graph},
			{"from", list("from", "", parseFrom, Address.String, func(d *Device) *[]Address { return &d.From }).write(&Device{From: from}), func(d Device) any { return fmt.Sprint(d.From) }, fmt.Sprint(from)},
		}).Draw(t, "change")
		if c.key == "from" && len(from) == 0 {
			c.value = Texts()
		}
		name := rapid.SampledFrom([]string{"scanner", "ERP"}).Draw(t, "name")
		f, err := Parse([]byte(text), "x", nil)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second time over what the first wrote
			if err := f.Set(DeviceAt(name).Key(c.key), c.value); err != nil {
				t.Fatalf("%v\n%s", err, f.Bytes())
			}
			d, _ := f.Device(name)
			if got := c.get(d); !reflect.DeepEqual(got, c.want) {
				t.Fatalf("%s: got %v, want %v\n%s", c.key, got, c.want, f.Bytes())
			}
		}
		for _, l := range strings.Split(diff(text, string(f.Bytes())), "\n") {
			own := strings.Contains(l, c.key+":") || c.key == "from" && strings.Contains(l, "@")
			if l != "" && !own {
				t.Fatalf("the line %q changed", l)
			}
		}
		sameEndings(t, text, string(f.Bytes()))
	})
}

// A list in any form becomes the list that is set, and keeps the comments of
// what stays.
func TestSetList(t *testing.T) {
	t.Parallel()
	item := rapid.SampledFrom([]string{"a@x.example", "b@x.example", "c@x.example", "d@x.example", "e@x.example"})
	rapid.Check(t, func(t *rapid.T) {
		have := rapid.SliceOfN(item, 0, 5).Draw(t, "have")
		want := rapid.SliceOfN(item, 0, 6).Draw(t, "want")
		var text strings.Builder
		text.WriteString("version: 1\ndevices:\n  - name: x\n    from:")
		switch form := rapid.IntRange(0, 3).Draw(t, "form"); form {
		case 0:
			text.WriteString(" [" + strings.Join(have, ", ") + "] # all\n")
		case 1:
			text.WriteString(" # all\n")
			for i, h := range have {
				fmt.Fprintf(&text, "      - %s # %s %d\n      # below %d\n", h, h, i, i)
			}
		default:
			text.WriteString(" [ # all\n")
			for i, h := range have {
				comma := ","
				if form == 2 && i == len(have)-1 {
					comma = ""
				}
				fmt.Fprintf(&text, "      %s%s # %s %d\n", h, comma, h, i)
			}
			text.WriteString("    ] # end\n")
		}
		text.WriteString("    tls: none # tls\n")
		f, err := Parse([]byte(text.String()), "x", nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, text.String())
		}
		if err := f.Set(DeviceAt("x").Key("from"), Texts(want...)); err != nil {
			t.Fatalf("%v\n%s", err, text.String())
		}
		var got []string
		for _, a := range f.Devices[0].From {
			got = append(got, a.String())
		}
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v\n%s\n%s", got, want, text.String(), f.Bytes())
		}
		if f.Devices[0].TLS != TLSNone || !strings.HasSuffix(string(f.Bytes()), "    tls: none # tls\n") {
			t.Fatalf("the rest changed:\n%s", f.Bytes())
		}
	})
}

// Devices that are deleted are gone, and nothing else is.
func TestDelete(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		forms := []string{"  - name: %s # c\n    tls: none\n", "  - {name: %s, tls: none} # c\n", "  -\n    name: %s\n\n", "  - name: %s # c\n    from:\n      - a@b.example\n  # between\n", "  - name: %s\n    from: [\n      a@b.example,\n    ]\n"}
		n := rapid.IntRange(1, 6).Draw(t, "n")
		text := "version: 1\ndevices: # all\n"
		var parts []string
		for i := range n {
			part := fmt.Sprintf(rapid.SampledFrom(forms).Draw(t, "form"), fmt.Sprintf("d%d", i))
			parts = append(parts, part)
			text += part
		}
		gone := rapid.IntRange(0, n-1).Draw(t, "gone")
		f, err := Parse([]byte(text), "x", nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Delete(DeviceAt(fmt.Sprintf("d%d", gone))); err != nil {
			t.Fatal(err)
		}
		want := "version: 1\ndevices: # all\n"
		for i, part := range parts {
			if i == gone { // comments and blank lines below a device stay
				part = map[bool]string{true: "  # between\n"}[strings.Contains(part, "between")] + map[bool]string{true: "\n"}[strings.HasSuffix(part, "\n\n")]
			}
			want += part
		}
		if got := string(f.Bytes()); got != want {
			t.Fatalf("got\n%swant\n%s", got, want)
		}
	})
}

func TestEnvelopes(t *testing.T) {
	t.Parallel()
	from := []Address{{"a", "x.example"}, {"b", "y.example"}, {"c", "x.example"}}
	for _, c := range []struct {
		device Device
		want   []dns.Name
	}{
		{Device{From: from}, []dns.Name{"x.example", "y.example"}},
		{Device{From: from, MailFrom: MailFrom{Null: true}}, nil},
		{Device{From: from, MailFrom: MailFrom{Local: "b", Domain: "z.example"}}, []dns.Name{"z.example"}},
	} {
		if got := c.device.Envelopes(); !slices.Equal(got, c.want) {
			t.Errorf("%+v: got %v", c.device, got)
		}
	}
}

// To set a field of each of several items is to set one after the other, whatever
// their order and however they are written.
func TestSetEach(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var text strings.Builder
		text.WriteString("version: 1\ndevices:\n")
		var names []string
		for i := range rapid.IntRange(1, 6).Draw(t, "devices") {
			names = append(names, fmt.Sprintf("d%d", i))
			form := rapid.SampledFrom([]string{
				"  - {name: d%d, kind: scanner}\n", "  - {name: d%d, method: graph} # by now\n", "  - name: d%d # in the cellar\n    method: hve # below\n    # the end\n", "  - name: d%d\n\n", "  - method: hve\n    name: d%d\n",
			}).Draw(t, "form")
			fmt.Fprintf(&text, form, i)
		}
		one, err := Parse([]byte(text.String()), "x", nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, text.String())
		}
		each := *one
		var list []Setting
		for _, name := range rapid.Permutation(names).Draw(t, "order") {
			list = append(list, Setting{DeviceAt(name).Key("method"), Text("smtp-auth")})
		}
		if err := each.SetEach(list...); err != nil {
			t.Fatalf("%v\n%s", err, text.String())
		}
		for _, s := range list {
			if err := one.Set(s.At, s.Value); err != nil {
				t.Fatal(err)
			}
		}
		if string(each.Bytes()) != string(one.Bytes()) {
			t.Fatalf("of\n%s\nat once\n%s\none by one\n%s", text.String(), each.Bytes(), one.Bytes())
		}
		if err := each.SetEach(append(list, Setting{DeviceAt("nobody").Key("method"), Text("graph")})...); err == nil || string(each.Bytes()) != string(one.Bytes()) {
			t.Fatalf("a device that is not there: %v", err)
		}
	})
}
