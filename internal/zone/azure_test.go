package zone

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendplan/internal/dns"
)

// azureStub stands in for the Azure CLI: it notes its arguments and answers a
// question with what $ANSWER holds.
const azureStub = `#!/bin/sh
for a in "$@"; do printf '%s\0' "$a" >>"$LOG"; done
printf '\0\0' >>"$LOG"
case $3 in get) printf '%s\n' "$ANSWER";; esac
`

// azureCall is one call of the Azure CLI.
type azureCall struct{ method, url, query, header, body string }

// runAzure runs a script with the stub and returns the calls.
func runAzure(t testing.TB, dir string, script []byte, answer string) ([]azureCall, error) {
	t.Helper()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no POSIX shell")
	}
	log := filepath.Join(dir, "log")
	for name, text := range map[string][]byte{"az": []byte(azureStub), "script": script, "log": nil} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.Command(shell, filepath.Join(dir, "script"))
	command.Env = []string{"PATH=" + dir + string(os.PathListSeparator) + os.Getenv("PATH"), "LOG=" + log, "ANSWER=" + answer, "RESOURCE_GROUP=rg"}
	out, failed := command.CombinedOutput()
	if failed != nil {
		failed = fmt.Errorf("%w: %s", failed, out)
	}
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	var calls []azureCall
	for call := range strings.SplitSeq(strings.TrimSuffix(string(text), "\x00\x00\x00"), "\x00\x00\x00") {
		if call != "" {
			calls = append(calls, readAzureCall(t, strings.Split(call, "\x00")))
		}
	}
	return calls, failed
}

func readAzureCall(t testing.TB, args []string) azureCall {
	t.Helper()
	var c azureCall
	fields := map[string]*string{"--method": &c.method, "--url": &c.url, "--query": &c.query, "--headers": &c.header, "--body": &c.body, "--output": new(string)}
	for i := 1; i+1 < len(args); i += 2 {
		to, ok := fields[args[i]]
		if !ok || args[0] != "rest" {
			t.Fatalf("call %q", args)
		}
		*to = args[i+1]
	}
	for _, a := range args {
		// What follows the first "=" and begins with "@" would name a file.
		if _, value, ok := strings.Cut(a, "="); strings.HasPrefix(a, "@") || ok && strings.HasPrefix(value, "@") {
			t.Fatalf("the Azure CLI would read a file: %q", a)
		}
	}
	return c
}

func azureURL(k dns.Key, zone dns.Name) string {
	return fmt.Sprintf("/subscriptions/{subscriptionId}/resourceGroups/rg/providers/Microsoft.Network/dnsZones/%s/%s/%s?api-version=2018-05-01", zone, k.Type, relative(k.Name, zone))
}

// checkAzure holds the calls of a script against the plan.
func checkAzure(b Batch, calls []azureCall) error {
	changes := removalsFirst(b)
	var want []azureCall
	for _, c := range changes {
		if len(c.Old) > 0 {
			want = append(want, azureCall{method: "get", url: azureURL(c.Key, b.Zone), query: azureQuery(c.Old)})
		}
	}
	for _, c := range changes {
		w := azureCall{method: "put", url: azureURL(c.Key, b.Zone), header: "If-None-Match=*"}
		if len(c.Old) > 0 {
			w.header = "If-Match=v1"
		}
		if len(c.New) == 0 {
			w.method = "delete"
		}
		want = append(want, w)
	}
	if len(calls) != len(want) {
		return fmt.Errorf("%d calls, want %d: %+v", len(calls), len(want), calls)
	}
	for i, got := range calls {
		body := got.body
		got.body = ""
		if got != want[i] {
			return fmt.Errorf("call %+v, want %+v", got, want[i])
		}
		if got.method != "put" {
			continue
		}
		at := slices.IndexFunc(b.Changes, func(c dns.Change) bool { return azureURL(c.Key, b.Zone) == got.url })
		if err := checkAzureBody(b.Changes[at], body); err != nil {
			return err
		}
	}
	return nil
}

// checkAzureBody reads a body by the names in Microsoft's documentation rather
// than by the types that wrote it.
func checkAzureBody(c dns.Change, body string) error {
	var v struct {
		Properties struct {
			TTL         uint32
			ARecords    []struct{ Ipv4Address string }
			AAAARecords []struct{ Ipv6Address string }
			CNAMERecord struct{ Cname string }
			MXRecords   []struct {
				Preference uint16
				Exchange   string
			}
			TXTRecords []struct{ Value []string }
		}
	}
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		return err
	}
	p := v.Properties
	var data []string
	for _, r := range p.ARecords {
		data = append(data, r.Ipv4Address)
	}
	for _, r := range p.AAAARecords {
		data = append(data, r.Ipv6Address)
	}
	if p.CNAMERecord.Cname != "" {
		data = append(data, rooted(p.CNAMERecord.Cname))
	}
	for _, r := range p.MXRecords {
		data = append(data, fmt.Sprintf("%d %s", r.Preference, rooted(r.Exchange)))
	}
	for _, r := range p.TXTRecords {
		data = append(data, dns.NewTXT(r.Value...).String())
	}
	var got []dns.Record
	for _, d := range data {
		r, err := readData(c.Key, p.TTL, d)
		if err != nil {
			return err
		}
		got = append(got, r)
	}
	if !sameSet(got, c.New) {
		return fmt.Errorf("%s: got %v, want %v", c.Key, got, c.New)
	}
	return nil
}

func TestAzureScriptDoesThePlan(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		b := plainBatch.Draw(r, "batch")
		script, err := hostEmit(t, hostForm{name: "azure-cli"}, b)
		if err != nil {
			r.Fatal(err)
		}
		calls, err := runAzure(t, dir, script, "v1")
		if err == nil {
			err = checkAzure(b, calls)
		}
		if err != nil {
			r.Fatalf("%v\n%s", err, script)
		}
	})
}

func TestAzureScriptStaysData(t *testing.T) {
	t.Parallel()
	for _, hostile := range []string{"'; touch owned; '", "$(touch owned)", "`touch owned`", "=@/etc/passwd", "x=@-", "'\\''", `"quoted" \ back`, "-n", "{subscriptionId}", "$ANSWER"} {
		dir := t.TempDir()
		b := fuzzBatch(hostile, hostile, hostile+"\ntouch owned\n")
		script, err := hostEmit(t, hostForm{name: "azure-cli"}, b)
		if err != nil {
			t.Fatal(err)
		}
		calls, err := runAzure(t, dir, script, "v1")
		if err == nil {
			err = checkAzure(b, calls)
		}
		if err != nil {
			t.Errorf("%q: %v", hostile, err)
		}
		if _, err := os.Stat("owned"); err == nil {
			t.Fatalf("%q was run", hostile)
		}
	}
}

func TestAzureScriptChangesNothingThatIsNotAsPlanned(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"differs", "", "false", "None"} {
		b := fuzzBatch("a", "b", "")
		script, err := hostEmit(t, hostForm{name: "azure-cli"}, b)
		if err != nil {
			t.Fatal(err)
		}
		calls, err := runAzure(t, t.TempDir(), script, answer)
		if err == nil || len(calls) != 1 || calls[0].method != "get" {
			t.Errorf("%q: %v, calls %+v", answer, err, calls)
		}
	}
}

func TestAzureScriptWantsAResourceGroup(t *testing.T) {
	t.Parallel()
	script, err := hostEmit(t, hostForm{name: "azure-cli"}, fuzzBatch("a", "b", ""))
	if err != nil {
		t.Fatal(err)
	}
	calls, err := runAzure(t, t.TempDir(), append([]byte("unset RESOURCE_GROUP\n"), script...), "v1")
	if err == nil || len(calls) > 0 {
		t.Errorf("got %v, calls %+v", err, calls)
	}
}

// The queries were run through the JMESPath library of the Azure CLI by hand; the
// test keeps their text.
func TestAzureQuery(t *testing.T) {
	t.Parallel()
	zone := dns.MustName("example.com")
	tests := []struct {
		set  []dns.Record
		want string
	}{
		{[]dns.Record{{Name: zone, TTL: 300, Data: dns.NewTXT("b`", `"q`)}, {Name: zone, TTL: 300, Data: dns.NewTXT("a")}},
			"(properties.TTL == `300` && sort(properties.TXTRecords[].join('', value)) == `[\"a\",\"b\\u0060\\\"q\"]` && !(properties.metadata) && !(properties.targetResource.id) && etag) || 'differs'"},
		{[]dns.Record{{Name: zone, TTL: 60, Data: dns.MX{Preference: 5, Host: "m.example.net"}}},
			"(properties.TTL == `60` && (sort(properties.MXRecords[].join(' ', [to_string(preference), exchange])) == `[\"5 m.example.net\"]` || sort(properties.MXRecords[].join(' ', [to_string(preference), exchange])) == `[\"5 m.example.net.\"]`) && !(properties.metadata) && !(properties.targetResource.id) && etag) || 'differs'"},
		{[]dns.Record{{Name: zone, TTL: 60, Data: dns.CNAME{Target: "m.example.net"}}},
			"(properties.TTL == `60` && ([properties.CNAMERecord.cname] == `[\"m.example.net\"]` || [properties.CNAMERecord.cname] == `[\"m.example.net.\"]`) && !(properties.metadata) && !(properties.targetResource.id) && etag) || 'differs'"},
	}
	for _, test := range tests {
		if got := azureQuery(test.set); got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
}
