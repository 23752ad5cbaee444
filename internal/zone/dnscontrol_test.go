package zone

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dop251/goja"

	"sendplan/internal/dns"
)

// dnscontrolStub is what DNSControl defines for dnsconfig.js, as far as it goes:
// a record is a list of its parts.
const dnscontrolStub = `
var got = [], zones = [];
function D_EXTEND(zone) { zones.push(zone); for (var i = 1; i < arguments.length; i++) got.push(arguments[i]); }
function TTL(n) { return n; }
function TXT(name, text, ttl) { return ["TXT", name, ttl, typeof text === "string" ? [text] : text]; }
function MX(name, preference, host, ttl) { return ["MX", name, ttl, [preference + " " + host]]; }
function CNAME(name, target, ttl) { return ["CNAME", name, ttl, [target]]; }
function A(name, address, ttl) { return ["A", name, ttl, [address]]; }
function AAAA(name, address, ttl) { return ["AAAA", name, ttl, [address]]; }
`

func readDNSControlFile(t testing.TB, file []byte, b Batch) []string {
	t.Helper()
	vm := goja.New()
	run := func(code string) goja.Value {
		v, err := vm.RunString(code)
		if err != nil {
			t.Fatalf("%v\n%s", err, code)
		}
		return v
	}
	run(dnscontrolStub)
	run(string(file))
	var got []string
	for _, v := range run("got").Export().([]any) {
		got = append(got, "+"+dnscontrolRecord(t, v.([]any), b.Zone))
	}
	for _, zone := range run("zones").Export().([]any) {
		if zone != b.Zone.String() {
			t.Fatalf("zone %v", zone)
		}
	}
	_, goes, _ := strings.Cut(string(file), "\n// To be taken out of D()")
	for _, line := range strings.Split(goes, "\n") {
		if code, ok := strings.CutPrefix(line, "//   "); ok {
			got = append(got, "-"+dnscontrolRecord(t, run(code).Export().([]any), b.Zone))
		}
	}
	return got
}

func dnscontrolRecord(t testing.TB, parts []any, zone dns.Name) string {
	t.Helper()
	k := dns.Key{Name: nameAt(t, parts[1].(string), zone), Type: typeOf(t, parts[0].(string))}
	var strs []string
	for _, s := range parts[3].([]any) {
		strs = append(strs, s.(string))
	}
	data := strs[0]
	if k.Type == dns.TypeTXT {
		data = dns.NewTXT(strs...).String()
	}
	return dataOf(t, k, uint32(parts[2].(int64)), data)
}

func TestDNSControlWritesOnlyWhatComes(t *testing.T) {
	t.Parallel()
	b := fuzzBatch("a", "b", "w")
	b.Changes[0].Old, b.Changes[0].New = b.Changes[0].New, b.Changes[0].New[:1]
	out, err := hostEmit(t, hostForm{name: "dnscontrol"}, b)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(out), "D_EXTEND(") {
		t.Errorf("records only go:\n%s", out)
	}
	if want := fmt.Sprintf("//   TXT(%q, [%q, %q], TTL(300))\n", "@", "y", "bz"); !strings.Contains(string(out), want) {
		t.Errorf("no %s in\n%s", want, out)
	}
}
