package exchange

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
)

const dkimJSON = `[
  {
    "Domain": "nordwind.example",
    "AdminDisplayName": "",
    "Selector1PublicKey": "v=DKIM1; k=rsa; p=MIIB",
    "Enabled": true,
    "Status": "Valid",
    "Selector1CNAME": "selector1-nordwind-example._domainkey.Nordwind.r-v1.dkim.mail.microsoft",
    "Selector2CNAME": "selector2-nordwind-example._domainkey.Nordwind.r-v1.dkim.mail.microsoft",
    "Identity": "nordwind.example"
  },
  {
    "Name": "new.example",
    "Enabled": false,
    "Status": "CnameMissing",
    "Selector1CNAME": "",
    "Selector2CNAME": null
  }
]
`

const dkimList = `PS C:\> Get-DkimSigningConfig | fl Domain,Enabled,Status,Selector1CNAME,Selector2CNAME


Domain         : nordwind.example
Enabled        : True
Status         : Valid
Selector1CNAME : selector1-nordwind-example._domainkey.Nordw
                 ind.r-v1.dkim.mail.microsoft
Selector2CNAME : selector2-nordwind-example._domainkey.Nordwind.r-v1.dkim.mail.microsoft

Name           : new.example
Enabled        : False
Status         : CnameMissing
Selector1CNAME :
Selector2CNAME :


PS C:\>
`

func dkimWant() []inventory.DKIM {
	return []inventory.DKIM{
		{
			Domain: "nordwind.example", Enabled: inventory.True, Status: inventory.DKIMValid,
			Selector1: "selector1-nordwind-example._domainkey.nordwind.r-v1.dkim.mail.microsoft",
			Selector2: "selector2-nordwind-example._domainkey.nordwind.r-v1.dkim.mail.microsoft",
		},
		{Domain: "new.example", Enabled: inventory.False, Status: inventory.DKIMCnameMissing},
	}
}

func utf16Of(s string, order binary.AppendByteOrder, mark bool) string {
	if mark {
		s = "\ufeff" + s
	}
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

func TestSigning(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"JSON":                    dkimJSON,
		"list":                    dkimList,
		"JSON with a BOM":         "\ufeff" + dkimJSON,
		"JSON as UTF-16":          utf16Of(dkimJSON, binary.LittleEndian, true),
		"list as UTF-16":          utf16Of(dkimList, binary.LittleEndian, false),
		"list as big-endian":      utf16Of(dkimList, binary.BigEndian, true),
		"JSON with CRLF":          strings.ReplaceAll(dkimJSON, "\n", "\r\n"),
		"list with CRLF":          strings.ReplaceAll(dkimList, "\n", "\r\n"),
		"list with other blanks":  strings.ReplaceAll(strings.ReplaceAll(dkimList, " : ", "\u00a0:\u00a0"), "        ", "\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0"),
		"JSON wrapped":            `{"value": ` + dkimJSON + `, "Count": 2}`,
		"JSON with commands":      "PS C:\\> Get-DkimSigningConfig | ConvertTo-Json\n" + dkimJSON + "PS C:\\> \n",
		"JSON in the old console": "[PS] C:\\Windows\\system32>Get-DkimSigningConfig | ConvertTo-Json\n" + dkimJSON,
		"list without empty line": strings.ReplaceAll(strings.ReplaceAll(dkimList, "\n\nName  ", "\nDomain"), "PS C:\\>\n", ""),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, err := Read([]byte(text), "x", Unknown)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(e.DKIM, dkimWant()) || len(e.Of()) != 1 || e.Of()[0] != DkimSigningConfig {
				t.Errorf("got %+v of %v", e.DKIM, e.Of())
			}
		})
	}
}

func TestConnectors(t *testing.T) {
	t.Parallel()
	want := []inventory.Connector{{
		Name: "Devices HQ", Type: inventory.OnPremises, Enabled: inventory.True,
		Addresses:     []netip.Prefix{netip.MustParsePrefix("203.0.113.10/32"), netip.MustParsePrefix("198.51.100.0/24")},
		SenderDomains: []inventory.DomainPattern{"*"}, AssociatedDomains: []dns.Name{"nordwind.example"},
		RequireTLS: inventory.False, RestrictToAddresses: inventory.False, RestrictToCertificate: inventory.False,
	}, {
		Name: "Gateway", Type: inventory.Partner, Enabled: inventory.False, Certificate: "*.gateway.example",
		SenderDomains: []inventory.DomainPattern{"*.nordwind.example", "nordwind.example"}, RestrictToCertificate: inventory.True,
	}}
	for name, text := range map[string]string{
		"JSON": `[{"Enabled":true,"ConnectorType":"OnPremises","SenderIPAddresses":["203.0.113.10","198.51.100.0/24"],"SenderDomains":["smtp:*;1"],
			"AssociatedAcceptedDomains":["nordwind.example"],"RequireTls":false,"RestrictDomainsToIPAddresses":false,"RestrictDomainsToCertificate":false,
			"TlsSenderCertificateName":null,"Name":"Devices HQ"},
			{"Name":"Gateway","Enabled":false,"ConnectorType":"Partner","SenderIPAddresses":[],"SenderDomains":{"value":["smtp:*.nordwind.example;1","smtp:nordwind.example;1"],"Count":2},
			"TlsSenderCertificateName":"<I>CN=CA, C=DE<S>CN=*.gateway.example, O=Gateway","RestrictDomainsToCertificate":true}]`,
		"list": `
Enabled                      : True
ConnectorType                : OnPremises
SenderIPAddresses            : {203.0.113.10,
                               198.51.100.0/24}
SenderDomains                : {smtp:*;1}
AssociatedAcceptedDomains    : {nordwind.example}
RequireTls                   : False
RestrictDomainsToIPAddresses : False
RestrictDomainsToCertificate : False
TlsSenderCertificateName     :
Comment                      : user: admin
                               password: secret
Name                         : Devices
                               HQ

Name                         : Gateway
Enabled                      : False
ConnectorType                : Partner
SenderIPAddresses            : {}
SenderDomains                : {smtp:*.nordwind.example;1, smtp:nordwind.ex
ample;1}
TlsSenderCertificateName     : *.gateway.example
RestrictDomainsToCertificate : True
`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "list" { // a name that was wrapped keeps no trace of its blank
				text = strings.Replace(text, "Devices\n                               HQ", "Devices HQ", 1)
			}
			e, err := Read([]byte(text), "x", Unknown)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(e.Connectors, want) {
				t.Errorf("got  %+v\nwant %+v", e.Connectors, want)
			}
		})
	}
}

func TestOthers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		of         Cmdlet
		want       Export
	}{
		{"an outbound connector", "Name : Out\nConnectorType : OnPremises\nEnabled : True\nRecipientDomains : {*}\nSmartHosts : {[192.0.2.7], Relay.example}\nUseMXRecord : False\nIsTransportRuleScoped : False\n", Unknown,
			Export{OutboundConnectors: []inventory.OutboundConnector{{Name: "Out", Type: inventory.OnPremises, Enabled: inventory.True, RecipientDomains: []inventory.DomainPattern{"*"}, SmartHosts: []string{"192.0.2.7", "relay.example"}, TransportRule: inventory.False}},
				Notes: []string{`connector "Out" hands mail to 192.0.2.7, relay.example: write in tenant.outbound which gateway or server that is`}, of: []Cmdlet{OutboundConnector}}},
		{"the organization", `{"RejectDirectSend": true, "WhenCreatedUTC": "2019-03-01T10:11:12Z"}`, Unknown,
			Export{RejectDirectSend: inventory.True, Created: time.Date(2019, 3, 1, 0, 0, 0, 0, time.UTC), of: []Cmdlet{OrganizationConfig}}},
		{"the organization, in milliseconds", `{"RejectDirectSend": false, "WhenCreated": "\/Date(1551434400000)\/"}`, Unknown,
			Export{RejectDirectSend: inventory.False, Created: time.Date(2019, 3, 1, 0, 0, 0, 0, time.UTC), of: []Cmdlet{OrganizationConfig}}},
		{"the organization, in a local form", "RejectDirectSend : False\nWhenCreated : 03/01/2019 10:11:12\n", Unknown,
			Export{RejectDirectSend: inventory.False, Notes: []string{`WhenCreated is "03/01/2019 10:11:12", of which day and month cannot be told apart: write tenant.created as a date such as 2019-03-01`}, of: []Cmdlet{OrganizationConfig}}},
		{"the transport", "SmtpClientAuthenticationDisabled : True\nAllowLegacyTLSClients : False\n", Unknown,
			Export{SMTPAuth: inventory.False, LegacyTLS: inventory.False, of: []Cmdlet{TransportConfig}}},
		{"the transport's switch, with its command", "PS C:\\> Get-TransportConfig | fl SmtpClientAuthenticationDisabled\n\nSmtpClientAuthenticationDisabled : False\n", Unknown,
			Export{SMTPAuth: inventory.True, of: []Cmdlet{TransportConfig}}},
		{"the transport's switch, as said", "SmtpClientAuthenticationDisabled : False\n", TransportConfig,
			Export{SMTPAuth: inventory.True, of: []Cmdlet{TransportConfig}}},
		{"mailboxes", "PrimarySmtpAddress : scan@nordwind.example\nSmtpClientAuthenticationDisabled : False\n\nPrimarySmtpAddress : a@nordwind.example\nSmtpClientAuthenticationDisabled : True\n\nPrimarySmtpAddress : b@nordwind.example\nSmtpClientAuthenticationDisabled :\n", Unknown,
			Export{Mailboxes: []inventory.Mailbox{{Address: inventory.Address{Local: "scan", Domain: "nordwind.example"}, SMTPAuth: inventory.AuthEnabled},
				{Address: inventory.Address{Local: "a", Domain: "nordwind.example"}, SMTPAuth: inventory.AuthDisabled},
				{Address: inventory.Address{Local: "b", Domain: "nordwind.example"}, SMTPAuth: inventory.AuthInherit}}, of: []Cmdlet{CASMailbox}}},
		{"several", `{"RejectDirectSend": true} {"AllowLegacyTLSClients": true, "SmtpClientAuthenticationDisabled": null}`, Unknown,
			Export{RejectDirectSend: inventory.True, LegacyTLS: inventory.True, of: []Cmdlet{OrganizationConfig, TransportConfig}}},
		{"no connectors", "\r\n", InboundConnector, Export{of: []Cmdlet{InboundConnector}}},
		{"no connectors in JSON", "[]", OutboundConnector, Export{of: []Cmdlet{OutboundConnector}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e, err := Read([]byte(c.text), "x", c.of)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(*e, c.want) {
				t.Errorf("got  %+v\nwant %+v", *e, c.want)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"nothing", " \r\n", "x: nothing was printed: expected the output of Get-DkimSigningConfig"},
		{"an empty list", "[]", "x: nothing was printed"},
		{"no text", "\xff\xff\xff", "x:1: the text is neither UTF-8 nor UTF-16"},
		{"other JSON", `{"a": 1}`, "x:1: this output is not recognized: expected that of Get-DkimSigningConfig"},
		{"a list of texts", `["a"]`, "x:1: expected an object or a list of objects"},
		{"half of it", "[\n{\"Selector1CNAME\": \"a.example\",\n", "x:"},
		{"another cmdlet", "Name : x\nCity : y\n", "x:1: this output is not recognized"},
		{"a table", "Domain           Enabled Status\n------           ------- ------\nnordwind.example True    Valid\n", `x:1: "Domain           Enabled Status" is no line of a list: expected "Name : value", as | Format-List prints it`},
		{"the switch alone", "SmtpClientAuthenticationDisabled : True\n", "x:1: SmtpClientAuthenticationDisabled alone can be the tenant's or a mailbox's"},
		{"a mailbox without address", "PS> Get-CASMailbox a | fl SmtpClientAuthenticationDisabled\nSmtpClientAuthenticationDisabled : True\n", "x:2: the mailbox's address is missing"},
		{"a cut list", "\nName : a\nConnectorType : OnPremises\nSenderIPAddresses : {203.0.113.1, 203.0.113.2, 203.0.113.3, 203.0.113.4...}\n", "x:4: SenderIPAddresses is cut short"},
		{"a cut list of new consoles", "Name : a\nConnectorType : OnPremises\nSenderIPAddresses : {203.0.113.1, 203.0.113.2…}\n", "x:3: SenderIPAddresses is cut short"},
		{"a type as a number", `{"Name": "a", "ConnectorType": 1, "SenderDomains": []}`, `x:1: ConnectorType is "1": expected OnPremises or Partner`},
		{"a status that is none", "Domain : a.example\nSelector1CNAME : a.example\nStatus : Perhaps\n", `x:3: Status is "Perhaps": expected Valid, CnameMissing or NoDKIMKeys`},
		{"a truth value that is none", "Domain : a.example\nSelector1CNAME : a.example\nEnabled : Wahr\n", `x:3: Enabled is "Wahr": expected True or False`},
		{"a name that is none", "Domain : a.example\nSelector1CNAME : x y\n", `x:2: Selector1CNAME is "x y": expected a domain name`},
		{"no domain", "Selector1CNAME : a.example\n", "x:1: the domain is missing"},
		{"an address that is none", "Name : a\nConnectorType : Partner\nSenderIPAddresses : {a.example}\n", `x:3: SenderIPAddresses: "a.example" is no IP address`},
		{"an old organization", "PS> Get-OrganizationConfig | fl\nName : nordwind\n", "x:2: RejectDirectSend is missing"},
		{"a value that does not end", "Name : a\n" + strings.Repeat("  bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n", 3000), "x:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e, err := Read([]byte(c.text), "x", Unknown)
			if err == nil {
				t.Fatalf("accepted: %+v", e)
			}
			var coded interface{ ExitCode() int }
			if !strings.HasPrefix(err.Error(), c.want) || !errors.As(err, &coded) || coded.ExitCode() != 2 {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

const file = "# mine\nversion: 1\ntenant:\n  cloud: worldwide # ours\n  dkim: # pasted\n    - domain: nordwind.example # main\n      enabled: false # soon\ndevices: []\n"

func TestApply(t *testing.T) {
	t.Parallel()
	f, err := inventory.Parse([]byte(file), "x.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		dkimJSON,
		`{"RejectDirectSend": true}`,
		`{"SmtpClientAuthenticationDisabled": true, "AllowLegacyTLSClients": false}`,
		`{"Name":"HQ","ConnectorType":"OnPremises","Enabled":true,"SenderIPAddresses":["203.0.113.10"],"SenderDomains":["smtp:*;1"],"Comment":"secret"}`,
		`[{"PrimarySmtpAddress":"scan@nordwind.example","SmtpClientAuthenticationDisabled":false},{"PrimarySmtpAddress":"b@nordwind.example","SmtpClientAuthenticationDisabled":null}]`,
	} {
		apply(t, f, text)
	}
	want := `# mine
version: 1
tenant:
  cloud: worldwide # ours
  dkim: # pasted
    - domain: nordwind.example # main
      enabled: true # soon
      status: Valid
      selector1_cname: selector1-nordwind-example._domainkey.nordwind.r-v1.dkim.mail.microsoft
      selector2_cname: selector2-nordwind-example._domainkey.nordwind.r-v1.dkim.mail.microsoft
    - domain: new.example
      enabled: false
      status: CnameMissing
  reject_direct_send: true
  smtp_auth: false
  legacy_tls: false
  connectors:
    - name: HQ
      type: OnPremises
      enabled: true
      addresses: [203.0.113.10]
      sender_domains: ["*"]
  mailboxes:
    - address: scan@nordwind.example
      smtp_auth: enabled
devices: []
`
	if got := string(f.Bytes()); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	for _, again := range []string{dkimJSON, `{"RejectDirectSend": true}`} {
		apply(t, f, again)
	}
	if string(f.Bytes()) != want {
		t.Errorf("the same once more changed the file:\n%s", f.Bytes())
	}
	apply(t, f, `{"Name":"hq","ConnectorType":"OnPremises","Enabled":false,"SenderIPAddresses":[],"SenderDomains":["smtp:*;1"],"TlsSenderCertificateName":"*.nordwind.example"}`)
	if c := f.Tenant.Connectors[0]; len(c.Addresses) > 0 || c.Certificate != "*.nordwind.example" || c.Enabled != inventory.False {
		t.Errorf("the connector is %+v\n%s", c, f.Bytes())
	}
}

func apply(t *testing.T, f *inventory.File, text string) {
	t.Helper()
	e, err := Read([]byte(text), "x", Unknown)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Apply(f); err != nil {
		t.Fatalf("%v\n%s", err, f.Bytes())
	}
}

func TestApplyIsAllOrNothing(t *testing.T) {
	t.Parallel()
	f, err := inventory.Parse([]byte(file), "x.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	e, err := Read([]byte(`{"RejectDirectSend": true} {"Name":"HQ","ConnectorType":"OnPremises","SenderIPAddresses":["10.0.0.1"],"SenderDomains":[]}`), "x", Unknown)
	if err != nil {
		t.Fatal(err)
	}
	err = e.Apply(f)
	var coded interface{ ExitCode() int }
	if err == nil || !strings.Contains(err.Error(), `"10.0.0.1" is private`) || !errors.As(err, &coded) {
		t.Errorf("got %v", err)
	}
	if string(f.Bytes()) != file {
		t.Errorf("the file changed:\n%s", f.Bytes())
	}
}

func TestNoConnectors(t *testing.T) {
	t.Parallel()
	f, err := inventory.Parse([]byte(file), "x.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	e, err := Read(nil, "x", InboundConnector)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Apply(f); err != nil || !f.Tenant.ConnectorsKnown || f.Tenant.OutboundConnectorsKnown {
		t.Errorf("%v: %+v", err, f.Tenant)
	}
}

// A thousand mailboxes come in at once, not one by one.
func BenchmarkMailboxes(b *testing.B) {
	var text strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&text, `{"PrimarySmtpAddress":"u%d@nordwind.example","SmtpClientAuthenticationDisabled":false}`, i)
	}
	for b.Loop() {
		f, err := inventory.Parse([]byte(file), "x.yaml", nil)
		if err != nil {
			b.Fatal(err)
		}
		e, err := Read([]byte(text.String()), "x", Unknown)
		if err != nil {
			b.Fatal(err)
		}
		if err := e.Apply(f); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(dkimJSON))
	f.Add([]byte(dkimList))
	f.Add([]byte(utf16Of(dkimList, binary.LittleEndian, true)))
	f.Add([]byte("Name : a\nConnectorType : Partner\nSenderIPAddresses : {203.0.113.1,\n 203.0.113.2}\nComment : secret\n"))
	f.Add([]byte("PrimarySmtpAddress : a@b.example\nSmtpClientAuthenticationDisabled :\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := Read(data, "x", Unknown)
		if err != nil {
			var own *Error
			if !errors.As(err, &own) || own.Line < 0 || own.Line > 1+strings.Count(string(data), "\n") && !strings.Contains(string(data), "\x00") {
				t.Fatalf("%T %v", err, err)
			}
			return
		}
		again, err := Read(data, "x", Unknown)
		if err != nil || !reflect.DeepEqual(e, again) {
			t.Fatalf("read twice: %+v, then %+v, %v", e, again, err)
		}
		have, err := inventory.Parse([]byte(file), "x.yaml", nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Apply(have); err != nil {
			if string(have.Bytes()) != file {
				t.Fatalf("%v changed the file", err)
			}
			return
		}
		once := string(have.Bytes())
		if err := e.Apply(have); err != nil || string(have.Bytes()) != once {
			t.Fatalf("%v, the second time changed the file:\n%s\n%s", err, once, have.Bytes())
		}
	})
}
