package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/dns/dnsserver"
)

// TestPlanExamples carries out the examples of docs/plans: each file serves its
// zones on loopback, runs its commands on its inventory one after another, and
// holds what they print. What stands in essentials was written from the
// standards; -update does not touch it.
func TestPlanExamples(t *testing.T) { // not parallel: each runs in the folder of its inventory
	files, err := filepath.Glob("../../docs/plans/[0-9]*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	var names []string
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".md")
		names = append(names, name)
		t.Run(name, func(t *testing.T) { carryOut(t, file, essentials[name]) })
	}
	for name := range essentials {
		if !slices.Contains(names, name) {
			t.Errorf("there is no docs/plans/%s.md", name)
		}
	}
}

// planExample is one file: its text, and where its fenced blocks lie.
type planExample struct {
	file, text string
	blocks     []planBlock
}

// planBlock is a fenced block. Its content is text[start:end].
type planBlock struct {
	kind       string
	start, end int
}

var fences = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")

func readExample(t *testing.T, file string) *planExample {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if file, err = filepath.Abs(file); err != nil {
		t.Fatal(err)
	}
	e := &planExample{file: file, text: string(content)}
	for _, at := range fences.FindAllStringSubmatchIndex(e.text, -1) {
		e.blocks = append(e.blocks, planBlock{e.text[at[2]:at[3]], at[4], at[5]})
	}
	return e
}

// all returns the contents of the blocks of a kind.
func (e *planExample) all(kind string) []string {
	var list []string
	for _, b := range e.blocks {
		if b.kind == kind {
			list = append(list, e.text[b.start:b.end])
		}
	}
	return list
}

var statusLine = regexp.MustCompile(`(?m)^Exit status: (\d+)$`)

// carryOut runs the commands of an example and compares.
func carryOut(t *testing.T, file string, want []essential) {
	e := readExample(t, file)
	commands, plans := e.all("console"), e.all("text")
	statuses := statusLine.FindAllStringSubmatch(e.text, -1)
	if len(commands) == 0 || len(plans) != len(commands) || len(statuses) != len(commands) || len(want) != len(commands) {
		t.Fatalf("%d commands, %d plans, %d exit statuses, %d sets of essentials", len(commands), len(plans), len(statuses), len(want))
	}
	l := serveExample(t, e)
	t.Chdir(filepath.Dir(l.inventory)) // so that the plan names it as the file does
	l.inventory = filepath.Base(l.inventory)
	for i, command := range commands {
		got := l.run(t, command)
		if got.status != statuses[i][1] {
			t.Errorf("%s: exit status %s, the file says %s\n%s", strings.TrimSpace(command), got.status, statuses[i][1], got.stderr)
		}
		want[i].check(t, got.stdout)
		if got.stdout != plans[i] && *update {
			plans[i] = got.stdout
		} else if got.stdout != plans[i] {
			t.Errorf("%s\ngot\n%s\nwant\n%s", strings.TrimSpace(command), got.stdout, plans[i])
		}
	}
	if *update {
		e.write(t, plans)
	}
}

// write puts plans into the text blocks of the file.
func (e *planExample) write(t *testing.T, plans []string) {
	t.Helper()
	var b strings.Builder
	at := 0
	for _, block := range e.blocks {
		if block.kind == "text" {
			b.WriteString(e.text[at:block.start] + plans[0])
			plans, at = plans[1:], block.end
		}
	}
	b.WriteString(e.text[at:])
	if b.String() == e.text {
		return
	}
	if err := os.WriteFile(e.file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// loopback is the zones of an example on a server that plays all name servers,
// and the inventory in a file.
type loopback struct {
	inventory, addr string
	places          []string
}

func serveExample(t *testing.T, e *planExample) loopback {
	t.Helper()
	text := strings.Join(e.all("zone"), "\n")
	zones, err := dns.ParseZones(text, filepath.Base(e.file))
	if err != nil {
		t.Fatal(err)
	}
	server, err := dnsserver.Start(dnsserver.Options{Zones: zones})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	l := loopback{inventory: inventoryFile(t, strings.Join(e.all("yaml"), "")), addr: server.Addr().String()}
	for _, host := range nameServers(zones) {
		l.places = append(l.places, "--nameserver", host+"="+l.addr)
	}
	return l
}

// nameServers returns the hosts of all NS records of zones, in order.
func nameServers(zones *dns.Zones) []string {
	var hosts []string
	for _, apex := range zones.Apexes() {
		for _, r := range zones.Records(apex) {
			if ns, ok := r.Data.(dns.NS); ok && !slices.Contains(hosts, ns.Host.String()) {
				hosts = append(hosts, ns.Host.String())
			}
		}
	}
	slices.Sort(hosts)
	return hosts
}

// run gives the command that a block shows, at 100 columns.
func (l loopback) run(t *testing.T, shown string) outcome {
	t.Helper()
	line, ok := strings.CutPrefix(strings.TrimSpace(shown), "$ sendplan ")
	if !ok {
		t.Fatalf("%q is no command", shown)
	}
	args := strings.Fields(line)
	for i, arg := range args {
		if arg == "inventory.yaml" {
			args[i] = l.inventory
		}
	}
	args = append(append(args, "--resolver", l.addr), l.places...)
	var out, errs bytes.Buffer
	env := map[string]string{"COLUMNS": "100"}
	streams := Streams{In: strings.NewReader(""), Out: &out, Err: &errs, Getenv: func(k string) string { return env[k] }}
	code := Main(context.Background(), streams, args)
	got := outcome{out.String(), errs.String(), fmt.Sprint(code)}
	got.hide(l.addr, "192.0.2.53:53")
	return got
}

// essential is what an expert looks for in a plan. Runs of white space count as
// one blank, so that it does not matter where lines are broken.
type essential struct {
	must, mustNot []string
}

func (w essential) check(t *testing.T, text string) {
	t.Helper()
	flat := strings.Join(strings.Fields(text), " ")
	for _, words := range w.must {
		if !strings.Contains(flat, words) {
			t.Errorf("it must say %q, but says\n%s", words, text)
		}
	}
	for _, words := range w.mustNot {
		if strings.Contains(flat, words) {
			t.Errorf("it must not say %q, but says\n%s", words, text)
		}
	}
}

// TestPlanExamplesAreListed holds the index to the files.
func TestPlanExamplesAreListed(t *testing.T) {
	t.Parallel()
	index, err := os.ReadFile("../../docs/plans/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for name := range essentials {
		if !strings.Contains(string(index), "("+name+".md)") {
			t.Errorf("the index lacks %s", name)
		}
	}
}

// essentials are what each plan must say, one for each command of the file.
var essentials = map[string][]essential{
	"01-gateway": {{
		must: []string{`- "v=spf1 include:spf.protection.outlook.com -all"`, `= "MS=ms12345678"`, "keep include:spf.protection.outlook.com",
			"add include:spf.hornetsecurity.com", "add ip4:203.0.113.10", "mailboxes of nordwind.example in Microsoft 365 fail -> pass"},
		mustNot: []string{"remove", "What blocks it", "sender-loses"},
	}},
	"02-own-return-path": {{
		must:    []string{"Brevo", "have the service sign for the domain", "newsletter unknown pass pass yes", "shop unknown unknown unknown unknown", "MAIL FROM is a domain of the service, which never aligns"},
		mustNot: []string{"include:servers.mcsv.net", "include:spf.brevo.com", `+ "v=spf1`, "change:"},
	}},
	"03-reject-direct-send": {{
		must:    []string{"method-veto: copier", "connector-ip"},
		mustNot: []string{`+ "v=spf1`, "change:", "remove"},
	}},
	"04-ipv6": {{
		must:    []string{"add ip6:2001:db8:113:10::/64", "keep ip4:203.0.113.10", "keep include:spf.protection.outlook.com", "scanner depends -> pass none fail -> pass unknown", "PTR record"},
		mustNot: []string{"remove", "What blocks it"},
	}},
	"05-dkim-not-enabled": {{
		must: []string{"Set-DkimSigningConfig -Identity nordwind.example -Enabled $true", "DMARC of nordwind.example", "5200 messages in 37 days, none failed",
			"the tenant signs for the domain with DKIM: not met", "p=quarantine", "p=reject"},
		mustNot: []string{"signs for the domain with DKIM: met", "selector1._domainkey.nordwind.example", "dkim pass"},
	}},
	"06-pct": {
		{
			must:    []string{`- "v=DMARC1; p=reject; pct=10; rua=mailto:dmarc@nordwind.example"`, `+ "v=DMARC1; p=reject; rua=mailto:dmarc@nordwind.example"`, "not met", "--accept dmarc-raise/nordwind.example/no-pct"},
			mustNot: []string{"What blocks it", "p=none", "p=quarantine"},
		},
		{
			must:    []string{`+ "v=DMARC1; p=reject; rua=mailto:dmarc@nordwind.example"`, "met (you said yes)"},
			mustNot: []string{"not met"},
		},
	},
	"07-two-spf-records": {{
		must: []string{`- "v=spf1 include:spf.protection.outlook.com ip4:203.0.113.10 -all"`, `- "v=spf1 include:_spf.agentur.example ip4:198.51.100.16/29 ~all"`, `= "MS=ms12345678"`, "TTL 1800",
			"include:_spf.agentur.example", "ip4:198.51.100.16/29", "~all", "permerror -> pass"},
		mustNot: []string{"TTL 1800 ->", "sender-loses", "gained", "lost", "-> fail", "-> softfail", "-> permerror"},
	}},
	"08-eleven-lookups": {
		{
			must: []string{"spf-lookups: nordwind.example", "include:_spf.crm.example include:_spf.tickets.example ~all",
				"--accept spf-unused/nordwind.example/include:_spf.crm.example", "--accept spf-flatten/nordwind.example/include:_spf.crm.example"},
			mustNot: []string{"remove", "lost", "spf-unused/nordwind.example/include:_spf.tickets.example",
				"spf-unused/nordwind.example/include:spf.protection.outlook.com", "spf-flatten/nordwind.example/include:spf.protection.outlook.com"},
		},
		{
			must: []string{`+ "v=spf1 ip4:203.0.113.10 include:spf.protection.outlook.com include:_spf.tickets.example ~all"`, "remove a:mail.nordwind.example",
				"12 -> 4 of 10 lookups", "tickets permerror -> pass", "lost 198.51.100.0/26", "lost 198.51.100.64/27"},
			mustNot: []string{"What blocks it", "remove include:_spf.tickets.example", "ip4:192.0.2.70"},
		},
	},
	"09-include-timeout": {{
		must: []string{`+ "v=spf1 ip4:203.0.113.10 include:spf.protection.outlook.com include:_spf.crm.example ~all"`, "What is not known", "_spf.crm.example", "timeout",
			"mailboxes of nordwind.example in Microsoft 365 pass"},
		mustNot: []string{"remove", "What blocks it", "scanner pass", "-> fail", "-> softfail"},
	}},
	"10-txt-instead-of-cname": {{
		must: []string{"TXT selector1._domainkey.nordwind.example", "the whole set goes", "CNAME selector1._domainkey.nordwind.example", "CNAME selector2._domainkey.nordwind.example",
			"+ selector1-nordwind-example._domainkey.nordwind.r-v1.dkim.mail.microsoft", "+ selector2-nordwind-example._domainkey.nordwind.r-v1.dkim.mail.microsoft",
			"Set-DkimSigningConfig -Identity nordwind.example -Enabled $true"},
		mustNot: []string{"dkim-signer", "What blocks it", "v=spf1 ->"},
	}},
	"11-parked": {{
		must:    []string{"MX nordwind-alt.example", "+ 0 .", `+ "v=spf1 -all"`, `+ "v=DMARC1; p=reject`, `= "google-site-verification=abc123"`},
		mustNot: []string{"What blocks it", "not met", "What you can say yes to", `- "google-site-verification`},
	}},
	"12-subdomain-wildcard": {{
		must: []string{"MX anlagen.nordwind.example", "+ 0 nordwind-example.mail.protection.outlook.com", "TXT anlagen.nordwind.example", `+ "v=spf1 include:spf.protection.outlook.com -all"`,
			"AAAA anlagen.nordwind.example", "+ 2001:db8:80::1", "alarm fail -> pass none fail -> pass yes"},
		mustNot: []string{"not asked", "Stage 2", "wildcard: ", "*.nordwind.example (", "What blocks it"},
	}},
	"13-report-address": {{
		must: []string{"nordwind-shop.example._report._dmarc.nordwind.example", `+ "v=DMARC1; p=none; rua=mailto:dmarc@nordwind.example"`, `+ "v=DMARC1; p=none; rua=mailto:nordwind@reports.example"`,
			"nordwind.example._report._dmarc.reports.example", "operator of reports.example"},
		mustNot: []string{"not met", "What blocks it", "p=quarantine", "p=reject"},
	}},
	"14-null-sender": {{
		must:    []string{"TXT mail.nordwind.example", "ip4:203.0.113.10", "mailer none -> pass none fail -> pass"},
		mustNot: []string{"TXT nordwind.example (", "What blocks it", `- "v=spf1`, "A mail.nordwind.example"},
	}},
	"15-nothing-to-do": {{
		must:    []string{"Nothing is to be done.", "mailboxes of nordwind.example in Microsoft 365"},
		mustNot: []string{"Stage", "Records", "What blocks it", "What is not known", "What you can say yes to", "fail", "unknown", "permerror"},
	}},
	"16-redirect": {{
		must:    []string{`+ "v=spf1 include:spf.protection.outlook.com redirect=_spf.strato.com"`, "mailboxes of nordwind.example in Microsoft 365 neutral -> pass"},
		mustNot: []string{"remove", "What blocks it", "add ~all", "add -all", "lost"},
	}},
	"17-dynamic-address": {{
		must:    []string{"scanner-branch fail none fail no", "device-not-right: scanner-branch", "198.51.100.77 of scanner-branch is not put into the record", "the addresses of site branch change"},
		mustNot: []string{"ip4:198.51.100.77", `+ "`, "change:"},
	}},
	"18-other-signer": {
		{
			must:    []string{"dkim-signer: selector1._domainkey.nordwind.example", "--accept dkim-replace/nordwind.example/selector1", "+ selector2-nordwind-example._domainkey.nordwind.r-v1.dkim.mail.microsoft."},
			mustNot: []string{`- "v=DKIM1`, "+ selector1-nordwind-example"},
		},
		{
			must:    []string{`- "v=DKIM1`, "+ selector1-nordwind-example._domainkey.nordwind.r-v1.dkim.mail.microsoft."},
			mustNot: []string{"What blocks it"},
		},
	},
	"19-dead-include": {{
		must:    []string{`+ "v=spf1 include:spf.protection.outlook.com ip4:203.0.113.80 -all"`, "remove include:_spf.fax.example", "ip4:203.0.113.80 permerror -> pass none fail -> pass"},
		mustNot: []string{"What blocks it", "lost", "What is not known"},
	}},
	"20-basic-auth-ends": {{
		must: []string{"Stage 1: Publish the records (current, before the date, 31 December 2026)", "Stage 2: Switch the devices (before the date, 31 December 2026)", "switch it from smtp-auth to connector-ip",
			`+ "v=spf1 ip4:203.0.113.10 include:spf.protection.outlook.com -all"`, "scanner pass pass pass yes"},
		mustNot: []string{"What blocks it", "fail -> pass yes"},
	}},
	"21-hosted-dmarc": {{
		must:    []string{"whoever keeps nordwind.hosted-dmarc.example"},
		mustNot: []string{"change:", "What blocks it", "+ "},
	}},
	"22-ipv6-ptr": {{
		must:    []string{`+ "v=spf1 ip4:203.0.113.10 ip6:2001:db8:113:10::25 include:spf.protection.outlook.com -all"`, "scanner depends -> pass none fail -> pass yes"},
		mustNot: []string{"What blocks it", "What is not known", "/64"},
	}},
	"23-unknown-include": {{
		must:    []string{`+ "v=spf1 include:spf.protection.outlook.com include:%{i}._spf.crm.example ~all"`, "mailboxes of nordwind.example in Microsoft 365 permerror -> pass"},
		mustNot: []string{"What blocks it", "remove", "lost"},
	}},
	"24-outbound-unknown": {{
		must:    []string{"What is not known", "tenant.outbound"},
		mustNot: []string{"Nothing is to be done. Whom", "+ ", "change:"},
	}},
	"25-report-address-not-agreed": {{
		must:    []string{"operator of reports.example", "nordwind.example._report._dmarc.reports.example"},
		mustNot: []string{"Nothing is to be done", "change:"},
	}},
	"26-parked-with-mail": {{
		must:    []string{"parked: nordwind-alt.example", "holds back:"},
		mustNot: []string{"include:spf.protection.outlook.com pass -> fail"},
	}},
}
