package zone

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"sendplan/internal/dns"
)

// hclResource is a resource as HashiCorp's own library reads it.
type hclResource struct {
	kind    string
	values  map[string]cty.Value
	records []map[string]cty.Value // the blocks named record
}

// readHCL reads a file the way Terraform does, variables and all, and demands
// that it is formatted as "terraform fmt" formats it.
func readHCL(t testing.TB, text []byte) []hclResource {
	t.Helper()
	if want := hclwrite.Format(text); !bytes.Equal(text, want) {
		t.Fatalf("not formatted:\n%s\nwant:\n%s", text, want)
	}
	file, diags := hclsyntax.ParseConfig(text, "out.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%v\n%s", diags, text)
	}
	seen := map[string]bool{}
	var list []hclResource
	for _, b := range file.Body.(*hclsyntax.Body).Blocks {
		if b.Type != "resource" || len(b.Labels) != 2 || seen[b.Labels[1]] || !hclsyntax.ValidIdentifier(b.Labels[1]) {
			t.Fatalf("block %s %q", b.Type, b.Labels)
		}
		seen[b.Labels[1]] = true
		r := hclResource{kind: b.Labels[0], values: hclValues(t, b.Body)}
		for _, inner := range b.Body.Blocks {
			if inner.Type != "record" {
				t.Fatalf("block %s", inner.Type)
			}
			r.records = append(r.records, hclValues(t, inner.Body))
		}
		list = append(list, r)
	}
	return list
}

func hclValues(t testing.TB, body *hclsyntax.Body) map[string]cty.Value {
	t.Helper()
	context := &hcl.EvalContext{Variables: map[string]cty.Value{"var": cty.ObjectVal(map[string]cty.Value{
		"zone_id": cty.StringVal("Z1"), "resource_group_name": cty.StringVal("rg"),
	})}}
	values := map[string]cty.Value{}
	for name, a := range body.Attributes {
		v, diags := a.Expr.Value(context)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		values[name] = v
	}
	return values
}

func hclText(v cty.Value) string { return v.AsString() }

func hclNumber(v cty.Value) uint32 {
	n, _ := v.AsBigFloat().Uint64()
	return uint32(n)
}

// check demands the attributes of a resource, no more and no fewer.
func (r hclResource) check(t testing.TB, names ...string) {
	t.Helper()
	if len(r.values) != len(names) {
		t.Fatalf("%s has %d arguments, want %q", r.kind, len(r.values), names)
	}
	for _, n := range names {
		if _, ok := r.values[n]; !ok {
			t.Fatalf("%s has no %s", r.kind, n)
		}
	}
}

func readCloudflareFile(t testing.TB, file []byte, _ Batch) []string {
	t.Helper()
	var got []string
	for _, r := range readHCL(t, file) {
		k := dns.Key{Name: dns.MustName(hclText(r.values["name"])), Type: typeOf(t, hclText(r.values["type"]))}
		content := hclText(r.values["content"])
		base := []string{"zone_id", "name", "type", "ttl", "content"}
		switch k.Type {
		case dns.TypeTXT:
			r.check(t, base...)
		case dns.TypeMX:
			r.check(t, append(base, "priority")...)
			content = fmt.Sprintf("%d %s", hclNumber(r.values["priority"]), rooted(content))
		default:
			r.check(t, append(base, "proxied")...)
			if r.values["proxied"].True() {
				t.Fatal("proxied")
			}
			if k.Type == dns.TypeCNAME {
				content = rooted(content)
			}
		}
		if r.kind != "cloudflare_dns_record" || hclText(r.values["zone_id"]) != "Z1" {
			t.Fatalf("%+v", r)
		}
		got = append(got, dataOf(t, k, hclNumber(r.values["ttl"]), content))
	}
	return got
}

// rooted gives a name its final dot.
func rooted(name string) string { return strings.TrimSuffix(name, ".") + "." }

func readAWSFile(t testing.TB, file []byte, _ Batch) []string {
	t.Helper()
	var got []string
	for _, r := range readHCL(t, file) {
		r.check(t, "zone_id", "name", "type", "ttl", "records")
		set := route53Set{Name: hclText(r.values["name"]) + ".", Type: hclText(r.values["type"]), TTL: hclNumber(r.values["ttl"])}
		for _, v := range r.values["records"].AsValueSlice() {
			value := hclText(v)
			if set.Type == "TXT" {
				value = `"` + value + `"` // as the provider does
			}
			set.ResourceRecords = append(set.ResourceRecords, route53Value{value})
		}
		records, err := set.records()
		if err != nil || r.kind != "aws_route53_record" {
			t.Fatal(r.kind, err)
		}
		for _, record := range records {
			got = append(got, record.String())
		}
	}
	return got
}

func readAzureRMFile(t testing.TB, file []byte, b Batch) []string {
	t.Helper()
	var got []string
	for _, r := range readHCL(t, file) {
		kind := strings.TrimSuffix(strings.TrimPrefix(r.kind, "azurerm_dns_"), "_record")
		k := dns.Key{Name: nameAt(t, hclText(r.values["name"]), b.Zone), Type: typeOf(t, strings.ToUpper(kind))}
		var data []string
		base := []string{"name", "zone_name", "resource_group_name", "ttl"}
		switch k.Type {
		case dns.TypeTXT:
			r.check(t, base...)
			for _, v := range r.records {
				data = append(data, dns.NewTXT(hclText(v["value"])).String())
			}
		case dns.TypeMX:
			r.check(t, base...)
			for _, v := range r.records {
				data = append(data, fmt.Sprintf("%d %s", hclNumber(v["preference"]), rooted(hclText(v["exchange"]))))
			}
		case dns.TypeCNAME:
			r.check(t, append(base, "record")...)
			data = []string{rooted(hclText(r.values["record"]))}
		default:
			r.check(t, append(base, "records")...)
			for _, v := range r.values["records"].AsValueSlice() {
				data = append(data, hclText(v))
			}
		}
		if hclText(r.values["zone_name"]) != b.Zone.String() || hclText(r.values["resource_group_name"]) != "rg" {
			t.Fatalf("%+v", r)
		}
		for _, d := range data {
			got = append(got, dataOf(t, k, hclNumber(r.values["ttl"]), d))
		}
	}
	return got
}

func TestTerraformNamesEachResourceOnce(t *testing.T) {
	t.Parallel()
	zone := dns.MustName("example.com")
	b := Batch{Zone: zone, Stage: "test"}
	for _, n := range []dns.Name{"a.b.example.com", "a_b.example.com", "*.example.com", "wildcard.example.com"} {
		b.Changes = append(b.Changes, dns.Change{Zone: zone, Key: dns.Key{Name: n, Type: dns.TypeTXT}, New: []dns.Record{{Name: n, TTL: 300, Data: dns.NewTXT("x")}}})
	}
	for _, provider := range Providers() {
		out, err := hostEmit(t, hostForm{name: "terraform", options: Options{Provider: provider}}, b)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(readHCL(t, out)); got != len(b.Changes) {
			t.Errorf("%s: %d resources, want %d", provider, got, len(b.Changes))
		}
	}
}

func TestHCLString(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"exists:%{i}._spf", `"exists:%%{i}._spf"`},
		{"${path.module}", `"$${path.module}"`},
		{"100% $5", `"100% $5"`},
		{"$${a}", `"$\u0024{a}"`},
		{"%%{a}", `"%\u0025{a}"`},
		{`"\`, `"\"\\"`},
	}
	for _, test := range tests {
		if got := hclString(test.in); got != test.want {
			t.Errorf("%q: got %s, want %s", test.in, got, test.want)
		}
	}
}
