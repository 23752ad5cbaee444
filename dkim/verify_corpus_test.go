package dkim

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sendplan/internal/dns"
)

const signedMail = "../../shared/corpora/dkim/"

// inCorpus skips a test where the corpora are not present.
func inCorpus(t *testing.T, folder string) string {
	t.Helper()
	path := signedMail + folder
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the corpora are not here: %v", err)
	}
	return path
}

// readMessage cuts a file into fields and body. Its lines may end in LF.
func readMessage(t *testing.T, file string) (Message, error) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return cutMessage(data)
}

func cutMessage(data []byte) (Message, error) {
	text := strings.ReplaceAll(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n", "\r\n")
	head, body, _ := strings.Cut("\r\n"+text, "\r\n\r\n")
	m := Message{Body: []byte(body)}
	for line := range strings.SplitSeq(strings.TrimPrefix(head, "\r\n"), "\r\n") {
		if strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") {
			if len(m.Fields) == 0 {
				return m, fmt.Errorf("bad continuation")
			}
			m.Fields[len(m.Fields)-1].Value += "\r\n" + line
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		m.Fields = append(m.Fields, Field{name, value})
	}
	return m, nil
}

// answers is a resolver of TXT records by name. A text that is a cause fails.
type answers map[dns.Name][]string

func (a answers) Lookup(_ context.Context, name dns.Name, typ dns.Type) (dns.Answer, error) {
	answer := dns.Answer{Exists: len(a[name]) > 0}
	for _, text := range a[name] {
		if cause, failed := dns.ParseCause(text); failed {
			return dns.Answer{}, &dns.Error{Key: dns.Key{Name: name, Type: typ}, Cause: cause}
		}
		answer.Records = append(answer.Records, dns.Record{Name: name, Data: dns.NewTXT(text)})
	}
	return answer, nil
}

func (a answers) add(name, text string) {
	n := dns.MustName(name)
	a[n] = append(a[n], text)
}

func outcomes(list []Verification) string {
	var words []string
	for _, v := range list {
		words = append(words, string(v.Outcome))
	}
	return strings.Join(words, " ")
}

// TestChasquid holds us to the results that chasquid wrote down, signature by
// signature. It looks at no more than five of them (02), we at 16.
func TestChasquid(t *testing.T) {
	t.Parallel()
	folder := inCorpus(t, "chasquid")
	for _, test := range []struct{ file, want string }{
		{"01-rfc8463", "pass pass"},
		{"02-too_many_headers", "pass pass pass pass pass pass pass"},
		{"04-bad_dkim_signature_header", "permerror"},
		{"05-dns_temp_error", "temperror pass"},
		{"06-dns_perm_error", "permerror pass"},
		{"07-algo_mismatch", "pass pass"}, // two key records at one name, of which one fits
		{"08-our_signature", "pass pass pass"},
		{"09-limited_body", "pass pass pass"},
		{"10-strict_domain_check_pass", "pass pass"},
		{"11-strict_domain_check_fail", "permerror"},
	} {
		t.Run(test.file, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(folder, test.file)
			m, err := readMessage(t, path+".msg")
			if err != nil {
				t.Fatal(err)
			}
			list := Verify(context.Background(), chasquidKeys(t, path+".dns"), m, time.Unix(1710000000, 0))
			if got := outcomes(list); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
				for _, v := range list {
					t.Logf("%s: %s", v.Outcome, v.Reason)
				}
			}
			chasquidAgrees(t, path+".result", list)
		})
	}
}

// chasquidAgrees compares what was found with what chasquid found.
func chasquidAgrees(t *testing.T, file string, list []Verification) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Results []struct{ Error, Domain, Selector, State string }
	}
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	states := map[string][]Outcome{"SUCCESS": {OutcomePass}, "PERMFAIL": {OutcomePermError, OutcomeFail}, "TEMPFAIL": {OutcomeTempError}}
	for i, w := range want.Results {
		if !slices.Contains(states[w.State], list[i].Outcome) {
			t.Errorf("signature %d: %s (%s), chasquid says %s %s", i, list[i].Outcome, list[i].Reason, w.State, w.Error)
		}
	}
}

func chasquidKeys(t *testing.T, file string) answers {
	t.Helper()
	keys := make(answers)
	data, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return keys // the signature is refused before anything is asked
	}
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(strings.ReplaceAll(string(data), "\\\n", ""), "\n") {
		name, text, ok := strings.Cut(line, ": ")
		switch text = strings.TrimSpace(text); {
		case !ok || strings.HasPrefix(line, "#"):
		case text == "TEMPERROR":
			keys.add(name, dns.ServFail.String())
		case text != "PERMERROR":
			keys.add(name, text)
		}
	}
	return keys
}

// TestMailDKIM compares with the results of Mail::DKIM, which are from before
// RFC 8301 and before RFC 4871. It accepts SHA-1, RSA keys of 512 bits, the
// signatures of drafts, and DomainKeys. For these, what is compared is whether
// the signature fits, as far as that can be computed.
func TestMailDKIM(t *testing.T) {
	t.Parallel()
	folder := inCorpus(t, "mail-dkim")
	data, err := os.ReadFile(filepath.Join(folder, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var expected map[string]string
	if err := json.Unmarshal(data, &expected); err != nil {
		t.Fatal(err)
	}
	keys := fakeDNS(t, filepath.Join(folder, "FAKE_DNS.dat"))
	for path, want := range expected {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := readMessage(t, filepath.Join(folder, name))
			if err != nil {
				t.Fatal(err)
			}
			list := Verify(context.Background(), keys, m, time.Unix(1200000000, 0))
			ours := summary(list)
			why := ""
			for _, v := range list {
				why += fmt.Sprintf("\n%s %s %s: %s", v.Signature.Algorithm, v.Outcome, v.Key.Name, v.Reason)
			}
			if !mailDKIMAgrees(want, ours) && !explained(m, keys, list, want) {
				t.Errorf("Mail::DKIM says %s, we say %s%s", want, ours, why)
			}
		})
	}
}

// explained reports whether a difference is one of those that TestMailDKIM
// names.
func explained(m Message, keys answers, list []Verification, want string) bool {
	if len(list) == 0 { // DomainKeys (RFC 4870) is historic, it is not looked at
		return slices.ContainsFunc(m.Fields, func(f Field) bool { return f.Is("DomainKey-Signature") })
	}
	fits := incomputable
	for _, v := range list {
		s := v.Signature
		if version, _ := s.tag("v"); version == "1" && v.Outcome != OutcomePolicy && !strings.Contains(v.Reason, "sha1") {
			return false
		}
		if s.Domain != "" {
			fits = min(fits, s.mathematics(m, Lookup(context.Background(), keys, s.Domain, s.Selector).Record))
		}
	}
	return fits == incomputable || (fits == matches) == (want == "pass")
}

// summary takes the best outcome of a message, as Mail::DKIM does.
func summary(list []Verification) string {
	for _, o := range []Outcome{OutcomePass, OutcomePolicy, OutcomeTempError, OutcomeFail, OutcomePermError} {
		for _, v := range list {
			if v.Outcome == o {
				return string(o)
			}
		}
	}
	return "none"
}

func mailDKIMAgrees(want, ours string) bool {
	switch want {
	case "pass":
		return ours == "pass" || ours == "policy"
	case "fail":
		return ours == "fail"
	}
	return ours == "permerror" || ours == "temperror" // invalid
}

func fakeDNS(t *testing.T, file string) answers {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	keys := make(answers)
	for line := range bytes.Lines(data) {
		name, text, ok := strings.Cut(strings.TrimRight(string(line), "\r\n"), " ")
		switch text = strings.TrimLeft(text, " "); {
		case !ok || strings.HasPrefix(name, "#"):
		case text == "NXDOMAIN" || text == `""`:
		case strings.Contains(text, "timed out"):
			keys.add(name, dns.Timeout.String())
		case strings.Contains(text, "SERVFAIL"):
			keys.add(name, dns.ServFail.String())
		default:
			keys.add(name, text)
		}
	}
	return keys
}

// TestBlaze judges mail as people received it: Google passed the first four, of
// which one is signed with SHA-1. Of arm.com's no key was kept.
func TestBlaze(t *testing.T) {
	t.Parallel()
	folder := inCorpus(t, "blaze")
	keys := make(answers)
	files, err := filepath.Glob(filepath.Join(folder, "cache", "*._domainkey.*.dns"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			if text, ok := strings.CutPrefix(strings.TrimRight(line, "\r\n"), "txt:"); ok {
				keys.add(strings.TrimSuffix(filepath.Base(file), ".dns"), text)
			}
		}
	}
	for _, test := range []struct{ file, want string }{
		{"001.mail", "policy policy"},
		{"002.mail", "pass"},
		{"003.mail", "pass"},
		{"004.mail", "pass"},
		{"005-arm.mail", "permerror permerror"},
		{"005.mail", ""},
		{"006.mail", "permerror permerror"},
		{"007.mail", "pass"},
	} {
		m, err := readMessage(t, filepath.Join(folder, test.file))
		if err != nil {
			t.Fatal(err)
		}
		list := Verify(context.Background(), keys, m, time.Unix(1500000000, 0))
		if got := outcomes(list); got != test.want {
			t.Errorf("%s: %q, want %q", test.file, got, test.want)
			for _, v := range list {
				t.Logf("%s %s: %s", v.Outcome, v.Signature.Algorithm, v.Reason)
			}
		}
	}
}
