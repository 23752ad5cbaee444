package planner

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sendplan/internal/inventory"
)

func TestEvidence(t *testing.T) {
	t.Parallel()
	at := func(day string) time.Time {
		d, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	of := func(first, last string, messages, failing int) inventory.Evidence {
		return inventory.Evidence{First: at(first), Last: at(last), Messages: messages, Failing: failing}
	}
	for _, tc := range []struct {
		name   string
		list   []inventory.Evidence
		since  string
		enough bool
		words  string
	}{
		{"none", nil, "", false, "the inventory holds no reports of it"},
		{"28 days", []inventory.Evidence{of("2026-10-20", "2026-11-16", 5, 0)}, "", true, "5 messages in 28 days, none failed"},
		{"27 days", []inventory.Evidence{of("2026-10-21", "2026-11-16", 5, 0)}, "", false, "the reports cover 27 days, of 28"},
		{"side by side", []inventory.Evidence{of("2026-11-03", "2026-11-16", 2, 0), of("2026-10-20", "2026-11-02", 3, 0)}, "", true, "5 messages in 28 days, none failed"},
		{"the same days twice", []inventory.Evidence{of("2026-11-03", "2026-11-16", 2, 0), of("2026-11-03", "2026-11-16", 3, 0)}, "", false, "the reports cover 14 days, of 28"},
		{"one within another", []inventory.Evidence{of("2026-10-20", "2026-11-16", 2, 0), of("2026-11-03", "2026-11-04", 3, 0)}, "", true, "5 messages in 28 days, none failed"},
		{"two days far apart", []inventory.Evidence{of("2026-10-01", "2026-10-01", 2, 0), of("2026-11-16", "2026-11-16", 3, 0)}, "", false, "the reports cover 2 days, of 28"},
		{"one failure", []inventory.Evidence{of("2026-10-01", "2026-11-16", 500, 1)}, "", false, "1 of 500 reported messages failed: find out whose they are"},
		{"a failure long ago", []inventory.Evidence{of("2026-07-01", "2026-07-30", 9, 9), of("2026-10-01", "2026-11-16", 500, 0)}, "", true, "500 messages in 47 days, none failed"},
		{"no message", []inventory.Evidence{of("2026-10-01", "2026-11-16", 0, 0)}, "", false, "the reports are of no message"},
		{"60 days old", []inventory.Evidence{of("2026-08-01", "2026-09-23", 5, 0)}, "", true, "5 messages in 54 days, none failed"},
		{"61 days old", []inventory.Evidence{of("2026-08-01", "2026-09-22", 5, 0)}, "", false, "the last report is of 2026-09-22"},
		{"from before", []inventory.Evidence{of("2026-10-01", "2026-11-16", 5, 0)}, "2026-10-02", false, "the inventory holds no reports of it"},
		{"from the day itself", []inventory.Evidence{of("2026-10-01", "2026-11-16", 5, 0)}, "2026-10-01", true, "5 messages in 47 days, none failed"},
		{"days to come", []inventory.Evidence{of("2026-11-20", "2027-11-16", 5, 0)}, "", false, "the reports cover 3 days, of 28"},
	} {
		since := time.Time{}
		if tc.since != "" {
			since = at(tc.since)
		}
		if enough, words := evidence(tc.list, since, day); enough != tc.enough || words != tc.words {
			t.Errorf("%s: got %v, %q, want %v, %q", tc.name, enough, words, tc.enough, tc.words)
		}
	}
}

const (
	reports      = "reports of 28 days show that nothing of yours fails"
	clean        = "evidence: [{source: reports, first: 2026-10-01, last: 2026-11-16, messages: 500, failing: 0}]"
	noReports    = reports + " (the inventory holds no reports of it)"
	cleanReports = reports + " (500 messages in 47 days, none failed) met"
	laterReports = reports + " (it needs reports from the time of the step before; write into domains.dmarc.since when that was published)"
	toQuarantine = "offer dmarc-raise/nordwind.example/p=quarantine"
	toReject     = "offer dmarc-raise/nordwind.example/p=reject"
	sends        = "scanner pass/none/pass > pass/none/pass true\n"
)

// policy is what a domain wishes, in the words of the inventory.
func policy(wish string) string { return "[{name: nordwind.example, dmarc: {" + wish + "}}]" }

func TestRaisePolicy(t *testing.T) {
	t.Parallel()
	own := func(record string) string {
		text := `@ TXT "v=spf1 ip4:203.0.113.10 -all"` + "\n"
		if record != "" {
			text += `_dmarc 600 TXT "` + record + `"` + "\n"
		}
		return text
	}
	rung := func(from, to string) string {
		return fmt.Sprintf("dmarc TXT _dmarc.nordwind.example\n  - 600 %q\n  + 600 %q\n", from, to)
	}
	runCases(t, []planCase{
		{"no wish", "", office{own: own("")}, `scanner pass/none/none > pass/none/none true`},
		{"none", "a record that asks for nothing tightens nothing", office{own: own(""), domains: policy("target: none")}, `
			publish TXT _dmarc.nordwind.example
			  + "v=DMARC1; p=none;"
			scanner pass/none/none > pass/none/pass true`},
		{"reject from nothing", "one step at a time; the later ones wait for reports of the time of the one before (RFC 9989 §5.1)", office{own: own(""), domains: policy("target: reject")}, `
			publish TXT _dmarc.nordwind.example
			  + "v=DMARC1; p=none;"
			dmarc only if: ` + noReports + `
			dmarc TXT _dmarc.nordwind.example
			  - "v=DMARC1; p=none;"
			  + "v=DMARC1; p=quarantine;"
			dmarc only if: ` + laterReports + `
			dmarc TXT _dmarc.nordwind.example
			  - "v=DMARC1; p=quarantine;"
			  + "v=DMARC1; p=reject;"
			scanner pass/none/none > pass/none/pass true
			` + toQuarantine + "\n" + toReject},
		{"quarantine on evidence", "the other tags stay as they are, word for word", office{own: own("v=DMARC1;p=none;fo=1;x=y"), domains: policy("target: quarantine, " + clean)},
			"dmarc only if: " + cleanReports + "\n" + rung("v=DMARC1;p=none;fo=1;x=y", "v=DMARC1;p=quarantine;fo=1;x=y") + sends},
		{"reject on evidence", "the second step waits for reports of its own time", office{own: own("v=DMARC1; p=none"), domains: policy("target: reject, " + clean)},
			"dmarc only if: " + cleanReports + "\n" + rung("v=DMARC1; p=none", "v=DMARC1; p=quarantine") + "dmarc only if: " + laterReports + "\n" + rung("v=DMARC1; p=quarantine", "v=DMARC1; p=reject") + sends + toReject},
		{"reject, agreed", "a yes stands in for reports, for the step that it is about", office{own: own("v=DMARC1; p=none"), domains: policy("target: reject"), yes: []string{"dmarc-raise/nordwind.example/p=quarantine"}},
			"dmarc only if: " + reports + " (you said yes) met\n" + rung("v=DMARC1; p=none", "v=DMARC1; p=quarantine") + "dmarc only if: " + laterReports + "\n" + rung("v=DMARC1; p=quarantine", "v=DMARC1; p=reject") + sends + toReject},
		{"since when is not known", "reports of an unknown time may be from before the present policy", office{own: own("v=DMARC1; p=quarantine"), domains: policy("target: reject, " + clean)},
			"dmarc only if: " + reports + " (since when the present policy is published is not known: write it into domains.dmarc.since)\n" + rung("v=DMARC1; p=quarantine", "v=DMARC1; p=reject") + sends + toReject},
		{"since before the reports", "", office{own: own("v=DMARC1; p=quarantine"), domains: policy("target: reject, since: 2026-09-30, " + clean)},
			"dmarc only if: " + cleanReports + "\n" + rung("v=DMARC1; p=quarantine", "v=DMARC1; p=reject") + sends},
		{"since after the reports began", "what was reported of the time before says nothing", office{own: own("v=DMARC1; p=quarantine"), domains: policy("target: reject, since: 2026-10-02, " + clean)},
			"dmarc only if: " + noReports + "\n" + rung("v=DMARC1; p=quarantine", "v=DMARC1; p=reject") + sends + toReject},
		{"there already", "", office{own: own("v=DMARC1; p=reject; pct=100"), domains: policy("target: reject")}, sends},
		{"lower", "a looser policy is the administrator's wish", office{own: own("v=DMARC1; p=reject"), domains: policy("target: none")},
			strings.ReplaceAll(rung("v=DMARC1; p=reject", "v=DMARC1; p=none; sp=reject"), "dmarc TXT", "publish TXT") + sends},
		{"part of the mail", "receivers by RFC 9989 do not know pct, older ones do: without it all mail is treated so, which is a step", office{own: own("v=DMARC1; p=reject; pct=10"), domains: policy("target: reject")},
			"dmarc only if: " + reports + " (since when the present policy is published is not known: write it into domains.dmarc.since)\n" + rung("v=DMARC1; p=reject; pct=10", "v=DMARC1; p=reject") + sends + "offer dmarc-raise/nordwind.example/no-pct"},
		{"testing", "t=y is one level lower by RFC 9989, and unknown to older receivers", office{own: own("v=DMARC1; p=quarantine; t=y"), domains: policy("target: quarantine, " + clean)}, `
			dmarc only if: reports of 28 days show that nothing of yours fails (since when the present policy is published is not known: write it into domains.dmarc.since)
			dmarc TXT _dmarc.nordwind.example
			  - 600 "v=DMARC1; p=quarantine; t=y"
			  + 600 "v=DMARC1; p=quarantine"
			scanner pass/none/pass > pass/none/pass true
			offer dmarc-raise/nordwind.example/no-t`},
		{"subdomains", "sp is a step of its own", office{own: own("v=DMARC1; p=reject; sp=none"), domains: policy("subdomains: quarantine, since: 2026-09-30, " + clean)},
			"dmarc only if: " + cleanReports + "\n" + rung("v=DMARC1; p=reject; sp=none", "v=DMARC1; p=reject; sp=quarantine") + sends},
		{"subdomains, once more", "a policy for subdomains is one that receivers act on: since when it is published must be known", office{own: own("v=DMARC1; p=none; sp=quarantine"), domains: policy("subdomains: reject, " + clean)},
			"dmarc only if: " + reports + " (since when the present policy is published is not known: write it into domains.dmarc.since)\n" + rung("v=DMARC1; p=none; sp=quarantine", "v=DMARC1; p=none; sp=reject") + sends + "offer dmarc-raise/nordwind.example/sp=reject"},
		{"a record that is none", "nobody applies it, so what it says does not come into force at once", office{own: own("v=DMARC1 p=reject"), domains: policy("target: reject")}, `
			publish TXT _dmarc.nordwind.example
			  - 600 "v=DMARC1 p=reject"
			  + 600 "v=DMARC1; p=none"
			dmarc only if: reports of 28 days show that nothing of yours fails (the inventory holds no reports of it)
			dmarc TXT _dmarc.nordwind.example
			  - 600 "v=DMARC1; p=none"
			  + 600 "v=DMARC1; p=quarantine"
			dmarc only if: reports of 28 days show that nothing of yours fails (it needs reports from the time of the step before; write into domains.dmarc.since when that was published)
			dmarc TXT _dmarc.nordwind.example
			  - 600 "v=DMARC1; p=quarantine"
			  + 600 "v=DMARC1; p=reject"
			scanner pass/none/none > pass/none/pass true
			offer dmarc-raise/nordwind.example/p=quarantine
			offer dmarc-raise/nordwind.example/p=reject`},
		{"beside another text", "foreign texts stay", office{own: own("v=DMARC1; p=none") + `_dmarc 600 TXT "hello" "you"`, domains: policy("target: quarantine, " + clean)}, `
			dmarc only if: ` + cleanReports + `
			dmarc TXT _dmarc.nordwind.example
			  - 600 "v=DMARC1; p=none"
			  = 600 "hello" "you"
			  + 600 "v=DMARC1; p=quarantine"
			scanner pass/none/pass > pass/none/pass true`},
		{"alias", "the record stands in somebody else's zone", office{own: own("") + "_dmarc CNAME d.other.example.\n", more: `
$ORIGIN other.example.
@ 3600 IN SOA ns1 host 1 7200 3600 1209600 300
@ NS ns1
ns1 A 192.0.2.64
d TXT "v=DMARC1; p=none"
`, domains: policy("target: quarantine, " + clean)}, `
			publish task nordwind.example: have this DMARC record published there: v=DMARC1; p=quarantine
			scanner pass/none/pass > pass/none/pass true`},
		{"alias, too early", "whoever keeps it must wait for the same", office{own: own("") + "_dmarc CNAME d.other.example.\n", more: `
$ORIGIN other.example.
@ 3600 IN SOA ns1 host 1 7200 3600 1209600 300
@ NS ns1
ns1 A 192.0.2.64
d TXT "v=DMARC1; p=none"
`, domains: policy("target: quarantine")}, `
			publish task nordwind.example: once reports of 28 days show that nothing of yours fails, have this DMARC record published there: v=DMARC1; p=quarantine
			` + sends + toQuarantine},
		{"alias that is right", "", office{own: own("") + "_dmarc CNAME d.other.example.\n", more: `
$ORIGIN other.example.
@ 3600 IN SOA ns1 host 1 7200 3600 1209600 300
@ NS ns1
ns1 A 192.0.2.64
d TXT "v=DMARC1; p=quarantine"
`, domains: policy("target: quarantine")}, sends},
		{"does not answer", "what applies is not known, so nothing is planned (promise 1)", office{own: own("v=DMARC1; p=none"), more: ";! timeout _dmarc.nordwind.example. TXT\n", domains: policy("target: quarantine, " + clean)}, `
			scanner pass/none/unknown > pass/none/unknown unknown
			unknown TXT _dmarc.nordwind.example: its record set could not be read from the authoritative servers, so nothing is planned for it
			unknown scanner: scanner to the tenant's MX host: the DMARC policy of nordwind.example (by RFC 9989) is not known: TXT _dmarc.nordwind.example: timeout (planned fault) from zone; SPF: 203.0.113.10 gives pass (ip4:203.0.113.10 in the record of nordwind.example), aligned; DKIM: nobody signs`},
	})
}

func TestPolicyHits(t *testing.T) {
	t.Parallel()
	failing := `@ TXT "v=spf1 ip4:198.51.100.1 -all"` + "\n"
	dynamic := dynamicSite
	wish := policy("target: quarantine, " + clean)
	below := `[{name: scanner, site: hq, method: direct-send, from: [scan@dev.nordwind.example], recipients: internal, auth: none, tls: "1.2"}]`
	moving := `[{name: scanner, site: hq, method: smtp-auth, now: direct-send, from: [scan@nordwind.example], login: scan@nordwind.example, recipients: anyone, auth: oauth, tls: "1.2"}]`
	runCases(t, []planCase{
		{"a device fails", "no report and no yes can stand in for it", office{own: failing + `_dmarc TXT "v=DMARC1; p=none"`, sites: dynamic, domains: wish}, `
			dmarc only if: reports of 28 days show that nothing of yours fails (500 messages in 47 days, none failed) met
			dmarc only if: scanner passes DMARC (DMARC of nordwind.example (none at nordwind.example, by RFC 9989): fail; SPF: 203.0.113.10 gives fail (-all in the record of nordwind.example); DKIM: nobody signs)
			dmarc TXT _dmarc.nordwind.example
			  - "v=DMARC1; p=none"
			  + "v=DMARC1; p=quarantine"
			note SPF: 203.0.113.10 of scanner is not put into the record: the addresses of site hq change
			scanner fail/none/fail > fail/none/fail false
			blocked dmarc-policy nordwind.example
			blocked device-not-right scanner`},
		{"a device would fail by a policy that is planned with it", "without a policy nothing fails, but then there is one", office{own: failing, sites: dynamic, domains: wish}, `
			publish TXT _dmarc.nordwind.example
			  + "v=DMARC1; p=none;"
			dmarc only if: reports of 28 days show that nothing of yours fails (500 messages in 47 days, none failed) met
			dmarc only if: scanner passes DMARC (DMARC of nordwind.example (none at nordwind.example, by RFC 9989): fail; SPF: 203.0.113.10 gives fail (-all in the record of nordwind.example); DKIM: nobody signs)
			dmarc TXT _dmarc.nordwind.example
			  - "v=DMARC1; p=none;"
			  + "v=DMARC1; p=quarantine;"
			note SPF: 203.0.113.10 of scanner is not put into the record: the addresses of site hq change
			scanner fail/none/none > fail/none/fail false
			blocked dmarc-policy nordwind.example
			blocked device-not-right scanner`},
		{"a device below", "it has the policy of the domain above it", office{own: failing + `_dmarc TXT "v=DMARC1; p=none"`, sites: dynamic, domains: wish, devices: below}, `
			dmarc only if: reports of 28 days show that nothing of yours fails (500 messages in 47 days, none failed) met
			dmarc only if: scanner passes DMARC (DMARC of dev.nordwind.example (none at nordwind.example, by RFC 9989): fail; SPF: dev.nordwind.example does not exist; DKIM: nobody signs)
			dmarc TXT _dmarc.nordwind.example
			  - "v=DMARC1; p=none"
			  + "v=DMARC1; p=quarantine"
			note SPF: 203.0.113.10 of scanner is not put into the record: the addresses of site hq change
			scanner none/none/fail > none/none/fail false
			blocked dmarc-policy nordwind.example
			blocked device-not-right scanner`},
		{"a device below, by its own policy", "the policy of the domain above does not reach it", office{own: failing + `_dmarc TXT "v=DMARC1; p=none"
_dmarc.dev TXT "v=DMARC1; p=none"`, sites: dynamic, domains: wish, devices: below}, `
			dmarc only if: reports of 28 days show that nothing of yours fails (500 messages in 47 days, none failed) met
			dmarc TXT _dmarc.nordwind.example
			  - "v=DMARC1; p=none"
			  + "v=DMARC1; p=quarantine"
			note SPF: 203.0.113.10 of scanner is not put into the record: the addresses of site hq change
			scanner none/none/fail > none/none/fail false
			blocked device-not-right scanner`},
		{"a device is to move", "as it sends today it would be hit", office{own: `@ TXT "v=spf1 include:spf.protection.outlook.com -all"
_dmarc TXT "v=DMARC1; p=none"`, sites: dynamic, domains: wish, devices: moving}, `
			prepare task nordwind.example: give the domain an MX record
			switch task scanner: switch it from direct-send to smtp-auth, send a test mail and look at what arrived
			dmarc only if: reports of 28 days show that nothing of yours fails (500 messages in 47 days, none failed) met
			dmarc only if: scanner has moved to smtp-auth (as it sends today it would fail; write devices.now when it has moved)
			dmarc TXT _dmarc.nordwind.example
			  - "v=DMARC1; p=none"
			  + "v=DMARC1; p=quarantine"
			scanner fail/none/fail > pass/none/pass true`},
		{"the mailboxes fail", "people's mail is hit like any other", office{own: microsoftMX + `@ TXT "v=spf1 ip4:198.51.100.1 -all"
_dmarc TXT "v=DMARC1; p=none"`, devices: nothing, tenant: byMimecast, more: mimecast, domains: wish}, `
			prepare task nordwind.example: ask Exchange Online where the DKIM aliases must lead, and put what it prints into the inventory (sendplan import exchange)
			dmarc only if: reports of 28 days show that nothing of yours fails (500 messages in 47 days, none failed) met
			dmarc only if: the mail of its mailboxes passes DMARC (DMARC of nordwind.example (none at nordwind.example, by RFC 7489): unknown; SPF: no name is known that lists the addresses of mimecast; DKIM: whether anybody signs for nordwind.example is not known (perhaps the gateway, if it is set up to sign))
			dmarc TXT _dmarc.nordwind.example
			  - "v=DMARC1; p=none"
			  + "v=DMARC1; p=quarantine"
			blocked dmarc-policy nordwind.example
			unknown mailboxes of nordwind.example in Microsoft 365: what the SPF record of nordwind.example must name for mimecast is not known
			unknown nordwind.example: whether receivers accept the mail of its mailboxes is not known: mimecast to receivers: DMARC of nordwind.example (none at nordwind.example, by RFC 9989): unknown; SPF: no name is known that lists the addresses of mimecast; DKIM: whether anybody signs for nordwind.example is not known (perhaps the gateway, if it is set up to sign)`},
	})
}

func TestSignatureBeforeReject(t *testing.T) {
	t.Parallel()
	own := microsoftMX + `@ TXT "v=spf1 ip4:203.0.113.10 include:spf.protection.outlook.com -all"
_dmarc TXT "v=DMARC1; p=quarantine"
` + bothAliases
	wish := policy("target: reject, since: 2026-09-30, " + clean)
	change := `dmarc TXT _dmarc.nordwind.example
			  - "v=DMARC1; p=quarantine"
			  + "v=DMARC1; p=reject"
`
	runCases(t, []planCase{
		{"signs", "", office{own: own, tenant: signing("enabled: true, status: Valid"), more: keys(target1, target2), domains: wish}, `
			dmarc only if: ` + cleanReports + `
			dmarc only if: the tenant signs for the domain with DKIM (Get-DkimSigningConfig says so, and its key is published) met
			` + change + sends},
		{"keys alone", "a published key is no proof that the tenant signs (promise 8)", office{own: own, tenant: signing("status: Valid"), more: keys(target1, target2), domains: wish}, `
			` + lookSigned + `
			dmarc only if: ` + cleanReports + `
			dmarc only if: the tenant signs for the domain with DKIM (the inventory does not say so; mail that is forwarded passes by its signature alone)
			` + change + sends + "offer dmarc-unsigned/nordwind.example/reject"},
		{"keys alone, agreed", "", office{own: own, tenant: signing("status: Valid"), more: keys(target1, target2), domains: wish, yes: []string{"dmarc-unsigned/nordwind.example/reject"}}, `
			` + lookSigned + `
			dmarc only if: ` + cleanReports + `
			dmarc only if: the tenant signs for the domain with DKIM (the inventory does not say so; mail that is forwarded passes by its signature alone) met
			` + change + sends},
	})
}

func TestReportAddresses(t *testing.T) {
	t.Parallel()
	other := func(records string) string {
		return `
$ORIGIN other.example.
@ 3600 IN SOA ns1 host 1 7200 3600 1209600 300
@ NS ns1
ns1 A 192.0.2.64
` + records + "\n"
	}
	spfRecord := `@ TXT "v=spf1 ip4:203.0.113.10 -all"` + "\n"
	reject := spfRecord + `_dmarc TXT "v=DMARC1; p=reject"`
	elsewhere := policy("rua: [\"mailto:d@other.example\"]")
	both := "[{name: nordwind.example, dmarc: {rua: [\"mailto:d@other.example\"]}}, {name: other.example}]"
	added := `publish TXT _dmarc.nordwind.example
			  - "v=DMARC1; p=reject"
			  + "v=DMARC1; p=reject; rua=mailto:d@other.example"
`
	runCases(t, []planCase{
		{"own address", "within the domain nobody has to agree", office{own: reject, domains: policy("rua: [\"mailto:d@nordwind.example\"]")}, `
			publish TXT _dmarc.nordwind.example
			  - "v=DMARC1; p=reject"
			  + "v=DMARC1; p=reject; rua=mailto:d@nordwind.example"
			` + sends},
		{"elsewhere", "the other domain must agree, or nobody reports (RFC 9990 §4)", office{own: reject, domains: elsewhere, more: other("")}, `
			prepare task nordwind.example: publish the TXT record "v=DMARC1;" at nordwind.example._report._dmarc.other.example
			` + added + sends},
		{"elsewhere, agreed there", "", office{own: reject, domains: elsewhere, more: other(`*._report._dmarc TXT "v=DMARC1"`)}, added + sends},
		{"elsewhere, in an own zone", "then the plan has the other domain agree, in its set's own TTL", office{own: reject, domains: both, more: other(`nordwind.example._report._dmarc 120 TXT "hello"`)}, `
			prepare TXT nordwind.example._report._dmarc.other.example
			  = 120 "hello"
			  + 120 "v=DMARC1;"
			` + added + sends},
		{"elsewhere, not known", "a failure is no refusal", office{own: reject, domains: elsewhere, more: other("") + ";! timeout nordwind.example._report._dmarc.other.example. TXT\n"},
			added + sends + "unknown nordwind.example: whether other.example agrees to get reports is not known"},
		{"there, but not agreed", "the reports are wished for, so the agreement is too", office{own: spfRecord + `_dmarc TXT "v=DMARC1; p=reject; rua=mailto:d@other.example"`, domains: both, more: other("")}, `
			prepare TXT nordwind.example._report._dmarc.other.example
			  + "v=DMARC1;"
			` + sends},
	})
}
