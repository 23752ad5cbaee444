package inventory

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"sendplan/internal/dns"
)

func FuzzParse(f *testing.F) {
	f.Add(nordwind(f))
	f.Add(commented)
	f.Add(bom + strings.ReplaceAll(commented, "\n", "\r\n"))
	f.Add(planned)
	f.Add(strings.ReplaceAll(planned, "\n", "\r\n"))
	f.Add(string(Draft(Seen{Domain: "a.example"})))
	for _, s := range odd {
		f.Add("version: 1\ndevices:\n  - name: " + s + "\n")
		f.Add("version: 1\ndevices: [{name: " + s + "}]\n")
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, err := Parse([]byte(text), "x.yaml", nil)
		if err != nil {
			checkErrors(t, text, err.(Errors))
			return
		}
		if string(file.Bytes()) != text {
			t.Fatalf("the text changed by being read: %q", file.Bytes())
		}
		checkSpans(t, file, file.root)
		sameAsYAML(t, text, file)
		rewritten(t, file)
		edited(t, text, file)
	})
}

// checkErrors holds the places of errors against the text.
func checkErrors(t *testing.T, text string, errs Errors) {
	lines := strings.Split(text, "\n")
	if len(errs) == 0 || len(errs) > maxErrors {
		t.Fatalf("%d errors", len(errs))
	}
	for i, e := range errs {
		if e.Line < 1 || e.Line > len(lines) || e.Column < 1 || e.Column > len(lines[e.Line-1])+1 {
			t.Fatalf("%v is outside of the text", e)
		}
		if i > 0 && (errs[i-1].Line > e.Line || errs[i-1].Line == e.Line && errs[i-1].Column > e.Column) {
			t.Fatalf("the errors are not in order: %v", errs)
		}
	}
}

// checkSpans holds the places of nodes against the text.
func checkSpans(t *testing.T, f *File, n *node) {
	if n.end.before(n.start) || n.end.line >= len(f.source.lines) || n.end.byte > len(f.source.lines[n.end.line].text) {
		t.Fatalf("the span %v to %v of %q", n.start, n.end, n.text)
	}
	if n.shape == scalar && !n.quoted && f.source.rest(n.start)[:n.end.byte-n.start.byte] != n.text {
		t.Fatalf("the span of %q holds another text", n.text)
	}
	for _, e := range n.entries() {
		if e.value.start.before(e.start) {
			t.Fatalf("%q begins behind its value", e.key)
		}
		checkSpans(t, f, e.value)
	}
}

// sameAsYAML compares the names with what the YAML library decodes. In braces
// the library splits texts at colons, see source.yaml.
func sameAsYAML(t *testing.T, text string, f *File) {
	if strings.Contains(text, "{") {
		return
	}
	var v struct {
		Devices []struct{ Name, Note string }
		Sites   []struct{ Name string }
	}
	if err := yaml.Unmarshal([]byte(strings.TrimPrefix(text, bom)), &v); err != nil {
		return // it is stricter with what it does not decode
	}
	for i, d := range v.Devices {
		if f.Devices[i].Name != d.Name || f.Devices[i].Note != d.Note {
			t.Fatalf("device %d: got %q, %q, want %q, %q", i, f.Devices[i].Name, f.Devices[i].Note, d.Name, d.Note)
		}
	}
}

// rewritten writes the inventory anew and reads it.
func rewritten(t *testing.T, f *File) {
	v := writeFields(fileFields(), &f.Inventory)
	text := strings.Join(v.block(0), "\n") + "\n"
	again, err := Parse([]byte(text), "x.yaml", nil)
	if err != nil {
		if strings.Contains(err.Error(), "at most") { // a line that grew too long
			return
		}
		t.Fatalf("%v\n%s", err, text)
	}
	got, want := again.Inventory, f.Inventory
	got.Tenant.ConnectorsKnown, got.Tenant.OutboundConnectorsKnown = want.Tenant.ConnectorsKnown, want.Tenant.OutboundConnectorsKnown
	if got, want := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
}

// edited changes what there is to change.
func edited(t *testing.T, text string, f *File) {
	for _, d := range f.Devices {
		if err := f.Set(DeviceAt(d.Name).Key("per_minute"), Number(7)); err != nil {
			t.Logf("%v", err)
			continue
		}
		if now, _ := f.Device(d.Name); now.PerMinute != 7 {
			t.Fatalf("%q: the edit did not arrive:\n%s", d.Name, f.Bytes())
		}
	}
	if err := f.Set(TenantAt().Key("licences"), Number(3)); err == nil && f.Tenant.Licences != 3 {
		t.Fatalf("the edit did not arrive:\n%s", f.Bytes())
	}
	if err := f.Accept("spf-drop/b.example/mx", today); err == nil && !f.Accepts("spf-drop/b.example/mx") {
		t.Fatalf("the yes did not arrive:\n%s", f.Bytes())
	}
	for _, name := range append(each(f.Domains, func(d Domain) dns.Name { return d.Name }), "new.example") {
		before := string(f.Bytes())
		flat := Flattened{"include:spf.b.example", today, many(40)}
		if err := f.PutFlattened(name, flat); err != nil {
			if string(f.Bytes()) != before {
				t.Fatalf("%v, but the file changed", err)
			}
			continue
		}
		d, _ := f.Domain(name)
		i := slices.IndexFunc(d.SPF.Flattened, func(have Flattened) bool { return sameName(have.Term, flat.Term) })
		if i < 0 || !d.SPF.Flattened[i].Date.Equal(today) || !slices.Equal(d.SPF.Flattened[i].Addresses, flat.Addresses) {
			t.Fatalf("the term of %s did not arrive:\n%s", name, f.Bytes())
		}
	}
	if strings.HasPrefix(text, bom) != strings.HasPrefix(string(f.Bytes()), bom) {
		t.Fatal("the BOM changed")
	}
}

func TestRewritten(t *testing.T) {
	t.Parallel()
	for _, text := range []string{nordwind(t), commented, planned} {
		f := parse(t, text)
		rewritten(t, f)
		if again := parse(t, string(f.Bytes())); !reflect.DeepEqual(again.Inventory, f.Inventory) {
			t.Error("the same bytes say something else")
		}
	}
}

// big is an inventory of many devices.
func big(devices int) string {
	var b strings.Builder
	b.WriteString("version: 1\nsites:\n  - {name: hq, addresses: [203.0.113.10]}\ndomains:\n  - name: nordwind.example\ndevices:\n")
	for i := range devices {
		fmt.Fprintf(&b, "  - name: scanner-%d # on floor %d\n    kind: scanner\n    site: hq\n    method: connector-ip\n    from: [scan%d@nordwind.example]\n    tls: \"1.2\"\n", i, i%9, i)
	}
	return b.String()
}

func BenchmarkParse(b *testing.B) {
	for _, devices := range []int{20, 200, 2000} {
		text := []byte(big(devices))
		b.Run(fmt.Sprint(devices), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := Parse(text, "x.yaml", nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSet(b *testing.B) {
	f := parse(b, big(200))
	for i := 0; b.Loop(); i++ {
		if err := f.Set(DeviceAt("scanner-100").Key("per_day"), Number(i%1000)); err != nil {
			b.Fatal(err)
		}
	}
}

func nested() string {
	var b strings.Builder
	for i := range 75 {
		fmt.Fprintf(&b, "%sa:\n", strings.Repeat(" ", i))
	}
	return b.String()
}

// What is made to be slow to read must not be.
func BenchmarkHostile(b *testing.B) {
	line := strings.Repeat("x", maxLine-10)
	for name, text := range map[string]string{
		"dashes":   "version: 1\nsites: \n" + strings.Repeat(strings.Repeat("- ", 2000)+"a\n", 250),
		"brackets": "version: 1\nsites: [" + strings.Repeat("[],", 300000) + "]\n",
		"fields":   "version: 1\n" + strings.Repeat("a: b\n", 200000),
		"quotes":   "version: 1\n" + strings.Repeat("\""+line+"\n", 250),
		"colons":   "version: 1\n" + strings.Repeat(strings.Repeat(": ", 2000)+"\n", 250),
		"comments": strings.Repeat("#\n", 500000) + "version: 2\n",
		"nested":   "version: 1\n" + strings.Repeat(nested(), 300),
		"strays":   strings.ReplaceAll(big(5000), "connector-ip", "via:nobody"),
		"accepted": "version: 1\naccepted:\n" + strings.Repeat("- {id: a, date: 2026-11-22}\n", 35000),
		"flat":     pin + strings.Repeat("        - {term: a, date: 2026-11-22, addresses: []}\n", 18000),
		"parked":   park + strings.Repeat("- {name: a, from: [x@"+strings.Repeat("a.", 110)+"parked.example]}\n", 4000),
		"sites":    "version: 1\nsites:\n" + strings.Repeat("- {name: a}\n", 80000),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Parse([]byte(text), "x.yaml", nil); err == nil {
					b.Fatal("accepted")
				}
			}
		})
	}
}
