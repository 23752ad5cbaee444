package cli

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sendplan/dkim"
	"sendplan/internal/dns"
)

// keygenResult is the JSON of the command.
type keygenResult struct {
	KeyType  string `json:"key_type"`
	KeyBits  int    `json:"key_bits"`
	Standing string
	Record   struct {
		Name, Type, Value string
		Strings           []string
	}
	Zone     string
	Warnings []string
}

func keygenOf(t *testing.T, out string, args ...string) (keygenResult, outcome) {
	t.Helper()
	got := runArgs(t, append([]string{"dkim", "keygen", "--out", out, "--format", "json"}, args...)...)
	var result keygenResult
	if err := json.Unmarshal([]byte(got.stdout), &result); err != nil {
		t.Fatalf("%v: %s", err, got)
	}
	return result, got
}

// publicIn returns the public key of a private one in a file.
func publicIn(t *testing.T, path string) crypto.PublicKey {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		t.Fatalf("%s holds no PEM", path)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key.(crypto.Signer).Public()
}

// published returns the public key of p=, as RFC 6376 and RFC 8463 have it.
func published(t *testing.T, record string) crypto.PublicKey {
	t.Helper()
	_, p, _ := strings.Cut(record, "; p=")
	octets, err := base64.StdEncoding.DecodeString(p)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(record, "k=ed25519") {
		return ed25519.PublicKey(octets)
	}
	key, err := x509.ParsePKIXPublicKey(octets)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestKeygen(t *testing.T) {
	t.Parallel()
	for kind, bits := range map[string]int{"rsa": 2048, "ed25519": 256} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "key.pem")
			result, got := keygenOf(t, path, "contoso.example", "--offline", "--selector", "MTA1", "--type", kind)
			if got.status != "0" || got.stderr != "" || result.KeyType != kind || result.KeyBits != bits || result.Standing != "unasked" || result.Record.Type != "TXT" || names(t, dir) != "key.pem" {
				t.Errorf("%+v, in the folder: %s, stderr %q, status %s", result, names(t, dir), got.stderr, got.status)
			}
			if got, want := published(t, result.Record.Value), publicIn(t, path); !equalKeys(got, want) {
				t.Error("the record is not of the key in the file")
			}
			for _, line := range secretLines(t, path) {
				if strings.Contains(got.stdout+got.stderr, line) {
					t.Errorf("the private key is shown: %s", line)
				}
			}
			if live := lookedUp(t, result.Zone); live.State != dkim.Live || live.Record.Text() != result.Record.Value || len(live.Problems) > 0 {
				t.Errorf("published as %s: %+v", result.Zone, live)
			}
			for _, s := range result.Record.Strings {
				if len(s) > 255 {
					t.Errorf("a string of %d octets", len(s))
				}
			}
			if strings.Join(result.Record.Strings, "") != result.Record.Value {
				t.Errorf("the strings %q are not the value", result.Record.Strings)
			}
		})
	}
}

func equalKeys(a, b crypto.PublicKey) bool {
	switch a := a.(type) {
	case *rsa.PublicKey:
		return a.Equal(b)
	case ed25519.PublicKey:
		return a.Equal(b)
	}
	return false
}

// secretLines are the lines of a PEM file; those of the public key are not
// among them, because the PEM of the private one is set off otherwise.
func secretLines(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}

// lookedUp returns what stands at mta1 in a zone with these lines.
func lookedUp(t *testing.T, lines string) dkim.Selector {
	t.Helper()
	zones, err := dns.ParseZones(keygenZone+lines+"\n", "zone")
	if err != nil {
		t.Fatal(err)
	}
	return dkim.Lookup(context.Background(), zones, "contoso.example", "mta1")
}

const keygenZone = `. 3600 IN SOA ns.root.example. admin.root.example. 1 7200 3600 1209600 300
contoso.example. 3600 IN SOA ns1.contoso.example. admin.contoso.example. 1 7200 3600 1209600 300
`

// The record in the text is the one in the JSON, once in one line and once as
// lines of a zone file, whatever the width.
func TestKeygenText(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"text", "markdown"} {
		got := runArgs(t, "dkim", "keygen", "contoso.example", "--offline", "--selector", "mta1", "--out", filepath.Join(t.TempDir(), "key.pem"), "--format", format)
		value := regexp.MustCompile(`(?m)^v=DKIM1; k=rsa; p=[A-Za-z0-9+/]{390}[A-Za-z0-9+/=]{2}$`).FindString(got.stdout)
		zone := regexp.MustCompile(`(?ms)^mta1\._domainkey\.contoso\.example\. IN TXT \(.*? \)$`).FindString(got.stdout)
		if live := lookedUp(t, zone); got.status != "0" || value == "" || live.State != dkim.Live || live.Record.Text() != value {
			t.Errorf("%s: %s", format, got)
		}
	}
}

const keygenTaken = `contoso.example, selector mta1: a new Ed25519 key of 256 bits
  private key  KEYFILE

TXT record
  value, in one line:
v=DKIM1; k=ed25519; p=PUBLIC

- Do not publish this record at mta1._domainkey.contoso.example, which is taken,
  and do not remove what stands there. The key fits any other selector of the
  domain.
- An Ed25519 key is for a second signature. Large receivers, Gmail and Outlook
  among them, are not known to verify it: go on signing with an RSA key of
  another selector.
`

const keygenFree = `contoso.example, selector mta2: a new Ed25519 key of 256 bits
  private key  KEYFILE

TXT record
  name   mta2._domainkey.contoso.example
  value, in one line:
v=DKIM1; k=ed25519; p=PUBLIC

The same in a zone file
mta2._domainkey.contoso.example. IN TXT (
  "v=DKIM1; k=ed25519; p=PUBLIC" )

- Publish the record first. Let the server sign when this shows the key as live:
  sendplan dkim lookup --selector mta2 contoso.example
- An Ed25519 key is for a second signature. Large receivers, Gmail and Outlook
  among them, are not known to verify it: go on signing with an RSA key of
  another selector.
`

func TestKeygenOutput(t *testing.T) {
	t.Parallel()
	resolver := serve(t, "zone", keygenZone+`mta1._domainkey.contoso.example. IN TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="`)
	for selector, want := range map[string]outcome{
		"mta2": {keygenFree, "", "0"},
		"mta1": {keygenTaken, "warning: a key is published at mta1._domainkey.contoso.example already: in its place a new one would break the signatures that it verifies, beside it a second one would make both useless. Take another selector for this key, such as mta1-2, which is free\n", "1"},
	} {
		t.Run(selector, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "k")
			got := runArgs(t, "dkim", "keygen", "contoso.example", "--resolver", resolver, "--selector", selector, "--type", "ed25519", "--out", path)
			got.stdout = regexp.MustCompile(`p=[A-Za-z0-9+/]{43}=`).ReplaceAllString(strings.ReplaceAll(unwrapped(got.stdout, path), path, "KEYFILE"), "p=PUBLIC")
			if got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			publicIn(t, path)
		})
	}
}

// unwrapped takes out the breaks that a long path may have got.
func unwrapped(text, path string) string {
	parts := regexp.MustCompile(`(?ms)^  private key  (.*?)\n\n`).FindStringSubmatchIndex(text)
	if parts == nil {
		return text
	}
	shown := strings.ReplaceAll(strings.ReplaceAll(text[parts[2]:parts[3]], "\n", ""), " ", "")
	if shown != path {
		return text
	}
	return text[:parts[2]] + shown + text[parts[3]:]
}

const liveKey = ` IN TXT "k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="` + "\n"

// Whatever stands at the selector, or cannot be asked, the key is made; what is
// taken is never to be published at.
func TestKeygenStanding(t *testing.T) {
	t.Parallel()
	const own = "mta1._domainkey.contoso.example."
	for name, test := range map[string]struct{ zone, selector, standing, words string }{
		"free":                      {"", "mta1", "free", ""},
		"a name below":              {"x." + own + ` IN TXT "x"`, "mta1", "free", ""},
		"live":                      {own + liveKey, "mta1", "taken", "such as mta1-2, which is free"},
		"the next is not free":      {own + liveKey + "mta1-2._domainkey.contoso.example." + liveKey, "mta1", "taken", "such as mta1-3, which is free"},
		"the next cannot be asked":  {own + liveKey + ";! servfail mta1-2._domainkey.contoso.example. TXT", "mta1", "taken", "such as mta1-3, which is free"},
		"none is known to be free":  {own + liveKey + ";! servfail mta1-2._domainkey.contoso.example. TXT\n;! servfail mta1-3._domainkey.contoso.example. TXT\n;! servfail mta1-4._domainkey.contoso.example. TXT", "mta1", "taken", "Take another selector for this key"},
		"revoked":                   {own + ` IN TXT "v=DKIM1; p="`, "mta1", "taken", "was withdrawn"},
		"broken key":                {own + ` IN TXT "v=DKIM1; p=AAAA"`, "mta1", "taken", "a TXT record stands at"},
		"other text":                {own + ` IN TXT "hello"`, "mta1", "taken", "a TXT record stands at"},
		"name as text":              {own + ` IN TXT "selector1-contoso-example._domainkey.contoso.onmicrosoft.com"`, "mta1", "taken", "a TXT record stands at"},
		"CNAME to a key":            {own + " IN CNAME k._domainkey.contoso.example.\nk._domainkey.contoso.example." + liveKey, "mta1", "taken", "is a CNAME to k._domainkey.contoso.example: the selector belongs to another signer, whose"},
		"CNAME to nothing":          {own + " IN CNAME dkim2.mcsv.net.\nnet. IN SOA ns.net. admin.net. 1 7200 3600 1209600 300", "mta1", "taken", "belongs to another signer (Mailchimp"},
		"own label is too long":     {strings.Repeat("a", 63) + "._domainkey.contoso.example." + liveKey, strings.Repeat("a", 63), "taken", "Take another selector for this key"},
		"wildcard":                  {`*._domainkey.contoso.example. IN TXT "v=DKIM1; p="`, "mta1", "free", "a wildcard record answers for every selector"},
		"a key before a wildcard":   {own + liveKey + `*._domainkey.contoso.example. IN TXT "v=DKIM1; p="`, "mta1", "taken", "such as mta1-2, which is free"},
		"alias not followed":        {own + " IN CNAME a.fabrikam.example.\n;! servfail a.fabrikam.example. TXT\nfabrikam.example. IN SOA ns.fabrikam.example. a.fabrikam.example. 1 7200 3600 1209600 300", "mta1", "unknown", "could not be told"},
		"wildcard alias":            {"*._domainkey.contoso.example. IN CNAME a.contoso.example.", "mta1", "unknown", "every selector of contoso.example leads elsewhere"},
		"a key before an alias":     {own + liveKey + "*._domainkey.contoso.example. IN CNAME a.contoso.example.", "mta1", "taken", "for this key"},
		"not told":                  {";! servfail " + own + " TXT", "mta1", "unknown", "it could not be told"},
		"wildcard not told, no key": {";! servfail " + dkim.ProbeLabel("contoso.example") + "._domainkey.contoso.example. TXT", "mta1", "free", ""},
		"wildcard not told, alias":  {own + " IN CNAME a.contoso.example.\n;! servfail " + dkim.ProbeLabel("contoso.example") + "._domainkey.contoso.example. TXT", "mta1", "unknown", "could not be told"},
		"Microsoft's, free":         {"", "selector2", "free", "Exchange Online signs with"},
		"Microsoft's, taken":        {"selector1._domainkey.contoso.example. IN CNAME selector1-contoso-example._domainkey.contoso.onmicrosoft.com.\ncom. IN SOA ns.com. admin.com. 1 7200 3600 1209600 300", "selector1", "taken", "belongs to another signer (Microsoft 365)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "key.pem")
			result, got := keygenOf(t, path, "contoso.example", "--type", "ed25519", "--resolver", serve(t, "zone", keygenZone+test.zone+"\n"), "--selector", test.selector)
			wantStatus := map[string]string{"taken": "1"}[test.standing]
			if wantStatus == "" {
				wantStatus = "0"
			}
			warned := strings.Join(result.Warnings, "\n")
			if result.Standing != test.standing || got.status != wantStatus || !strings.Contains(warned, test.words) || (warned == "") != (test.words == "") {
				t.Errorf("%s, status %s, %q; want %s, %s, %q", result.Standing, got.status, warned, test.standing, wantStatus, test.words)
			}
			if strings.HasSuffix(test.words, "for this key") && !strings.HasSuffix(warned, test.words) {
				t.Errorf("%q offers what is not known to be free", warned)
			}
			if (result.Zone == "") != (test.standing == "taken") {
				t.Errorf("%s, with the zone lines %q", test.standing, result.Zone)
			}
			if test.words != "" && got.stderr != "warning: "+strings.Join(result.Warnings, "\nwarning: ")+"\n" {
				t.Errorf("standard error holds %q", got.stderr)
			}
			publicIn(t, path)
		})
	}
}

// What is refused leaves no file and prints nothing to standard output.
func TestKeygenRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	there := filepath.Join(dir, "there.pem")
	if err := os.WriteFile(there, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(dir, "new.pem")
	for _, test := range []struct{ args, words string }{
		{"contoso.example --offline --selector s --out " + there, "exists"},
		{"contoso.example --offline --selector s --out -", "never written to standard output"},
		{"contoso.example --offline --selector s --out " + dir, "no ordinary file"},
		{"contoso.example --offline --selector s --out " + filepath.Join(dir, "none", "k"), "there is no folder"},
		{"contoso.example --offline --selector s", "--out"},
		{"contoso.example --offline --out " + to, "--selector"},
		{"contoso.example --offline --selector a..b --out " + to, "--selector"},
		{"contoso.example --offline --selector s._domainkey.contoso.example --out " + to, "whole name"},
		{strings.Repeat(strings.Repeat("a", 60)+".", 4) + "example --offline --selector " + strings.Repeat("a", 60) + " --out " + to, "--selector"},
		{"contoso.example --offline --selector s --type dsa --out " + to, `--type "dsa"`},
		{"contoso.example --offline --selector s --format sarif --out " + to, "--format"},
		{"contoso.example --offline --demo --selector s --out " + to, "--offline excludes"},
		{"contoso.example --offline --timeout -1s --selector s --out " + to, "--timeout"},
		{"--offline --selector s --out " + to, "name a domain"},
		{"contoso.example fabrikam.example --offline --selector s --out " + to, "2"},
	} {
		got := run(t, "dkim keygen "+test.args)
		if got.status != "2" || got.stdout != "" || !strings.Contains(got.stderr, test.words) {
			t.Errorf("%s: %s", test.args, got)
		}
	}
	if text, _ := os.ReadFile(there); string(text) != "old" || names(t, dir) != "there.pem" {
		t.Errorf("%q, in the folder: %s", text, names(t, dir))
	}
}

// An interrupted run makes no key.
func TestKeygenInterrupted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, errs bytes.Buffer
	streams := Streams{In: strings.NewReader(""), Out: &out, Err: &errs, Getenv: func(string) string { return "" }}
	if code := Main(ctx, streams, []string{"dkim", "keygen", "--demo", "--selector", "mta1", "--out", filepath.Join(dir, "key.pem")}); code != exitInterrupted || out.Len() > 0 || names(t, dir) != "" {
		t.Errorf("status %d, output %q, in the folder: %s", code, out.String(), names(t, dir))
	}
}

// A key whose record could not be printed stays, and is told.
func TestKeygenOutputFails(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "key.pem")
	var errs bytes.Buffer
	streams := Streams{In: strings.NewReader(""), Out: failingWriter{}, Err: &errs, Getenv: func(string) string { return "" }}
	code := Main(context.Background(), streams, []string{"dkim", "keygen", "contoso.example", "--offline", "--selector", "mta1", "--out", path})
	if code != exitInternal || !strings.Contains(errs.String(), "the private key is in "+path) {
		t.Errorf("status %d: %s", code, errs.String())
	}
	publicIn(t, path)
}
