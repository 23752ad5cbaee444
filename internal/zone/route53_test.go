package zone

import (
	"encoding/json"
	"strings"
	"testing"

	"sendplan/internal/dns"
)

// readRoute53File reads through the command's own reader; that one is held
// against literals below.
func readRoute53File(t testing.TB, file []byte, b Batch) []string {
	t.Helper()
	sets, err := readRoute53(file, b)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range sets {
		for _, r := range s.Old {
			got = append(got, "-"+r.String())
		}
		for _, r := range s.New {
			got = append(got, "+"+r.String())
		}
	}
	return got
}

func TestRoute53Values(t *testing.T) {
	t.Parallel()
	odd, err := dns.NameFromZone(`f\252bar.a\.b\032\!.example.com`)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		data dns.Data
		want string
	}{
		{dns.NewTXT("v=spf1 -all"), `"v=spf1 -all"`},
		{dns.NewTXT("a", "b"), `"a" "b"`},
		{dns.NewTXT(`q"b\`), `"q\"b\\"`},
		{dns.NewTXT("\x00\t\xfc\x7f8"), `"\000\011\374\1778"`},
		{dns.NewTXT(`\101`), `"\\101"`},
		{dns.NewTXT(""), `""`},
		{dns.MX{Preference: 10, Host: "mail.example.com"}, "10 mail.example.com."},
		{dns.MX{Host: dns.Root}, "0 ."},
		{dns.CNAME{Target: odd}, `f\374bar.a\056b\040\041.example.com.`},
		{dns.CNAME{Target: "a_b-c.example.com"}, "a_b-c.example.com."},
	}
	for _, test := range tests {
		got, err := route53ValueOf(test.data)
		if err != nil || got != test.want {
			t.Errorf("%s: got %s (%v), want %s", test.data, got, err, test.want)
		}
		if back, err := route53Data(test.data.Type(), test.want); err != nil || back != test.data {
			t.Errorf("%s: read back as %v (%v)", test.want, back, err)
		}
	}
}

func TestRoute53DeletesBeforeItCreates(t *testing.T) {
	t.Parallel()
	b := fuzzBatch("a", "b", "stage 2: "+strings.Repeat("ü", 300))
	out, err := hostEmit(t, hostForm{name: "route53"}, b)
	if err != nil {
		t.Fatal(err)
	}
	var batch changeBatch
	if err := json.Unmarshal(out, &batch); err != nil {
		t.Fatal(err)
	}
	if len(batch.Changes) != 2 || batch.Changes[0].Action != "DELETE" || batch.Changes[1].Action != "CREATE" {
		t.Errorf("got %+v", batch.Changes)
	}
	if n := len(batch.Comment); n == 0 || n > 256 {
		t.Errorf("the comment has %d octets", n)
	}
}

func TestRoute53ReadRefuses(t *testing.T) {
	t.Parallel()
	const set = `{"Comment":"","Changes":[{"Action":"ACTION","ResourceRecordSet":{"Name":"example.com.","Type":"TYPE","TTL":1,"ResourceRecords":[VALUES]}}]}`
	for _, test := range [][3]string{
		{"UPSERT", "TXT", `{"Value":"\"a\""}`},
		{"CREATE", "TXT", `{"Value":"a"}`},
		{"CREATE", "TXT", `{"Value":"\"a"}`},
		{"CREATE", "TXT", ``},
		{"CREATE", "SRV", `{"Value":"1 2 3 a."}`},
		{"CREATE", "NONE", `{"Value":"a"}`},
		{"CREATE", "MX", `{"Value":"70000 a."}`},
		{"CREATE", "A", `{"Value":"a"}`},
	} {
		text := strings.NewReplacer("ACTION", test[0], "TYPE", test[1], "VALUES", test[2]).Replace(set)
		if sets, err := readRoute53([]byte(text), Batch{}); err == nil {
			t.Errorf("%s: read as %v", text, sets)
		}
	}
}

func FuzzReadRoute53(f *testing.F) {
	f.Add([]byte(`{"Changes":[{"Action":"CREATE","ResourceRecordSet":{"Name":"e\\056x.","Type":"TXT","TTL":1,"ResourceRecords":[{"Value":"\"a\" \"\\377\""}]}}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		sets, err := readRoute53(text, Batch{})
		if err == nil {
			for _, s := range sets {
				if len(s.Old)+len(s.New) == 0 {
					t.Fatalf("a set without records: %v", s)
				}
			}
		}
	})
}
