package method

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"sendplan/internal/dns"
	"sendplan/internal/provider"
)

// november is the day on which most of the tests stand.
var november = day(2026, time.November, 22)

// office is a scanner that can log in, in an office with a static address of
// its own: the first of the cases, which the others change.
func office() Input {
	return Input{
		Device: Device{
			Name: "scanner", Kind: "scanner", From: []string{"scan@contoso.example"}, Recipients: Internal,
			Auth: AuthBasic, TLS: TLS12, Certificate: False, PerDay: 200, Now: SMTPAuthID,
		},
		Site: Site{
			Name: "hq", Addresses: []netip.Prefix{netip.MustParsePrefix("203.0.113.10/32")},
			Static: True, Shared: False, IPv6: False, Port25: True,
		},
		Tenant: Tenant{
			Cloud: provider.Worldwide, Accepted: []dns.Name{"contoso.example"}, Licences: 25,
			RejectDirectSend: False, SecurityDefaults: False, Inbound: PathDirect, InboundLocked: False, Outbound: PathDirect,
		},
	}
}

// change is one difference of a case from the office.
type change func(*Input)

func to(r Recipients) change      { return func(in *Input) { in.Device.Recipients = r } }
func auth(a Auth) change          { return func(in *Input) { in.Device.Auth = a } }
func withTLS(v TLS) change        { return func(in *Input) { in.Device.TLS = v } }
func isKind(k string) change      { return func(in *Input) { in.Device.Kind = k } }
func web(t Truth) change          { return func(in *Input) { in.Device.HTTPS = t } }
func certificate(in *Input)       { in.Device.Certificate = True }
func perDay(n int) change         { return func(in *Input) { in.Device.PerDay = n } }
func perMinute(n int) change      { return func(in *Input) { in.Device.PerMinute = n } }
func sentFrom(a ...string) change { return func(in *Input) { in.Device.From = a } }
func mailFrom(s string) change    { return func(in *Input) { in.Device.MailFrom = s } }
func hosted(in *Input)            { in.Device.ThirdParty = True }
func dynamic(in *Input)           { in.Site.Static = False }
func shared(in *Input)            { in.Site.Shared = True }
func blocked(in *Input)           { in.Site.Port25 = False }
func inCloud(c provider.Cloud) change {
	return func(in *Input) { in.Tenant.Cloud = c }
}
func reject(t Truth) change { return func(in *Input) { in.Tenant.RejectDirectSend = t } }
func connector(c Connector) change {
	return func(in *Input) { in.Tenant.Connectors = append(in.Tenant.Connectors, c) }
}
func set(f func(*Input)) change { return f }

// What follows from one property, for all methods that it touches.
const (
	appliance  = "graph:https-missing connector-cert:certificate-missing "
	noOAuth    = "smtp-auth/oauth:oauth-missing "
	noLogin    = noOAuth + "smtp-auth/basic:auth-missing hve:auth-missing acs:auth-missing hoster:auth-missing "
	noRelay    = "relay:auth-missing "
	outside    = "direct-send:recipients-external hve:recipients-external "
	noPort25   = "direct-send:port-25-blocked connector-ip:port-25-blocked connector-cert:port-25-blocked own-server:port-25-blocked "
	isDynamic  = "connector-ip:address-dynamic own-server:address-dynamic "
	isShared   = "connector-ip:address-shared own-server:address-shared "
	isHosted   = isShared + "via:no-lan "
	oldTLS     = "smtp-auth/oauth:tls-old smtp-auth/basic:tls-old hve:tls-old acs:tls-old graph:tls-old "
	dayLimit   = "smtp-auth/oauth:volume-per-day smtp-auth/basic:volume-per-day graph:volume-per-day "
	rateLimit  = "smtp-auth/oauth:volume-per-minute smtp-auth/basic:volume-per-minute graph:volume-per-minute "
	isBulk     = "smtp-auth/oauth:volume-bulk smtp-auth/basic:volume-bulk graph:volume-bulk connector-ip:volume-bulk connector-cert:volume-bulk "
	tenantFull = "smtp-auth/oauth:tenant-limit smtp-auth/basic:tenant-limit graph:tenant-limit connector-ip:tenant-limit connector-cert:tenant-limit "
	onMS       = "acs:from-onmicrosoft relay:from-onmicrosoft hoster:from-onmicrosoft own-server:from-onmicrosoft "
	onMSOver   = "smtp-auth/oauth:from-onmicrosoft smtp-auth/basic:from-onmicrosoft graph:from-onmicrosoft connector-ip:from-onmicrosoft connector-cert:from-onmicrosoft "
	scanner    = appliance + noOAuth
	defaults   = "smtp-auth/oauth:security-defaults smtp-auth/basic:security-defaults hve:security-defaults "
	notOurs    = "connector-ip:from-not-accepted direct-send:from-not-accepted smtp-auth/oauth:from-not-accepted smtp-auth/basic:from-not-accepted hve:from-not-accepted graph:from-not-accepted "
)

// advised is one case. vetoes are all of them, but those of the dead methods;
// order is how the ranking begins; asks are the fields of the questions that
// stand before a recommendation, "-" if nothing can be recommended.
type advised struct {
	name    string
	changes []change
	date    time.Time // november if zero
	vetoes  string
	order   string
	asks    string
}

func c(changes ...change) []change { return changes }

var cases = []advised{
	// Rules 3 and 4: internal recipients. The free connector comes before HVE,
	// which is billed and whose passwords end in 2028.
	{"office scanner that can log in, static address, internal only", nil, time.Time{}, scanner, "connector-ip hve direct-send via", ""},
	{"the same, which cannot log in", c(auth(AuthNone)), time.Time{}, appliance + noLogin, "connector-ip direct-send", ""},
	{"the same, with RejectDirectSend", c(auth(AuthNone), reject(True)), time.Time{}, appliance + noLogin + "direct-send:reject-direct-send ", "connector-ip", ""},
	{"internal, can log in, dynamic address", c(dynamic), time.Time{}, scanner + isDynamic, "hve via", ""},
	{"internal, can log in, shared address", c(shared), time.Time{}, scanner + isShared, "hve via", ""},
	{"internal, can log in, port 25 blocked", c(blocked), time.Time{}, scanner + noPort25, "hve via", ""},
	{"internal, can log in, port 25 blocked and dynamic", c(blocked, dynamic), time.Time{}, scanner + noPort25 + isDynamic, "hve via", ""},
	{"internal, cannot log in, dynamic address", c(auth(AuthNone), dynamic), time.Time{}, appliance + noLogin + noRelay + isDynamic, "via direct-send", ""},
	{"internal, cannot log in, carrier-grade NAT", c(auth(AuthNone), shared), time.Time{}, appliance + noLogin + noRelay + isShared, "via direct-send", ""},
	{"internal, cannot log in, dynamic, RejectDirectSend", c(auth(AuthNone), dynamic, reject(True)), time.Time{}, appliance + noLogin + noRelay + isDynamic + "direct-send:reject-direct-send ", "via", ""},
	{"internal, cannot log in, port 25 blocked", c(auth(AuthNone), blocked), time.Time{}, appliance + noLogin + noPort25, "via", ""},
	{"internal, security defaults, dynamic", c(dynamic, set(func(in *Input) { in.Tenant.SecurityDefaults = True })), time.Time{}, scanner + isDynamic + defaults, "", ""},
	{"internal, a connector exists", c(connector(Connector{Name: "HQ", Type: OnPremises, Enabled: True, Addresses: []netip.Prefix{netip.MustParsePrefix("203.0.113.0/28")}}), reject(True)), time.Time{}, scanner, "connector-ip hve", ""},

	// Rules 6 and 7: external recipients.
	{"anyone, static address, cannot log in", c(auth(AuthNone), to(Anyone)), time.Time{}, appliance + noLogin + outside, "connector-ip relay", ""},
	{"anyone, static address, can log in", c(to(Anyone)), time.Time{}, scanner + outside, "connector-ip acs relay", ""},
	{"one other organisation, static address", c(to(OneDomain)), time.Time{}, scanner + outside, "connector-ip acs relay", ""},
	{"one external address, static address", c(to(OneExternal)), time.Time{}, scanner + outside, "connector-ip acs relay", ""},
	{"anyone, dynamic address, can log in", c(to(Anyone), dynamic), time.Time{}, scanner + outside + isDynamic, "acs relay via", ""},
	{"anyone, port 25 blocked, can log in", c(to(Anyone), blocked), time.Time{}, scanner + outside + noPort25, "acs relay via", ""},
	{"anyone, dynamic address, cannot log in", c(auth(AuthNone), to(Anyone), dynamic), time.Time{}, appliance + noLogin + noRelay + outside + isDynamic, "via", ""},
	{"anyone, port 25 blocked, cannot log in", c(auth(AuthNone), to(Anyone), blocked), time.Time{}, appliance + noLogin + outside + noPort25, "via", ""},
	{"anyone, dynamic, a relay service is used at the site", c(to(Anyone), dynamic, set(func(in *Input) { in.Site.Methods = []ID{"relay:smtp2go"} })), time.Time{}, scanner + outside + isDynamic, "relay:smtp2go acs", ""},
	{"anyone, dynamic, cannot log in, a LAN relay exists", c(auth(AuthNone), to(Anyone), dynamic, set(func(in *Input) { in.Site.Relays = []string{"mx1"} })), time.Time{}, appliance + noLogin + noRelay + outside + isDynamic, "via:mx1", ""},

	// Rules 1 and 2: programs.
	{"own code, dynamic address", c(isKind("application"), web(True), auth(AuthOAuth), to(Anyone), dynamic), time.Time{}, "connector-cert:certificate-missing " + outside + isDynamic, "graph smtp-auth/oauth", ""},
	{"own code, cannot do SMTP logins", c(isKind("application"), web(True), auth(AuthNone), to(Anyone), dynamic), time.Time{}, "connector-cert:certificate-missing " + noLogin + noRelay + outside + isDynamic, "graph via", ""},
	{"a program with OAuth", c(isKind("application"), web(False), auth(AuthOAuth), to(Anyone)), time.Time{}, appliance + outside, "smtp-auth/oauth connector-ip", ""},
	{"a scanner with OAuth, internal", c(auth(AuthOAuth)), time.Time{}, appliance, "smtp-auth/oauth connector-ip", ""},
	{"a program with OAuth, port 25 blocked", c(isKind("application"), web(False), auth(AuthOAuth), to(Anyone), blocked, dynamic), time.Time{}, appliance + outside + noPort25 + isDynamic, "smtp-auth/oauth acs relay", ""},
	{"a program with OAuth, 60 messages a minute", c(isKind("application"), web(False), auth(AuthOAuth), to(Anyone), perMinute(60)), time.Time{}, appliance + outside + rateLimit, "connector-ip acs relay", ""},
	{"it is not known whether the program can call an API", c(isKind("application"), to(Anyone), dynamic), time.Time{}, "connector-cert:certificate-missing " + noOAuth + outside + isDynamic, "graph acs", "device.https"},

	// Rule 8: a certificate.
	{"anyone, dynamic, with a certificate", c(isKind("server"), web(False), auth(AuthNone), to(Anyone), dynamic, certificate), time.Time{}, "graph:https-missing " + noLogin + noRelay + outside + isDynamic, "connector-cert via", ""},
	{"null sender with a certificate", c(isKind("server"), web(False), auth(AuthNone), to(Anyone), certificate, mailFrom("<>")), time.Time{}, "graph:https-missing " + noLogin + outside + "connector-ip:null-sender ", "connector-cert", ""},
	{"a certificate, port 25 blocked", c(isKind("server"), web(False), to(Anyone), dynamic, certificate, blocked), time.Time{}, "graph:https-missing " + noOAuth + outside + isDynamic + noPort25, "acs relay", ""},

	// Rule 9: old TLS.
	{"TLS 1.0, static address", c(withTLS(TLS10)), time.Time{}, scanner + oldTLS, "connector-ip via", ""},
	{"TLS 1.1, static address, anyone", c(withTLS(TLS11), to(Anyone)), time.Time{}, scanner + oldTLS + outside, "connector-ip via", ""},
	{"TLS 1.0, dynamic address", c(withTLS(TLS10), dynamic), time.Time{}, scanner + oldTLS + isDynamic, "via", ""},
	{"TLS 1.0, port 25 blocked", c(withTLS(TLS10), blocked), time.Time{}, scanner + oldTLS + noPort25, "via", ""},
	{"no TLS at all, static address", c(withTLS(TLSNone), auth(AuthNone)), time.Time{}, appliance + noLogin + oldTLS + "connector-cert:tls-old ", "connector-ip via", ""},
	{"TLS 1.0 with OAuth", c(isKind("application"), web(True), withTLS(TLS10), auth(AuthOAuth), to(Anyone)), time.Time{}, "connector-cert:certificate-missing " + oldTLS + outside, "connector-ip via", ""},

	// Rule 10: From varies.
	{"many From addresses, static address", c(isKind("application"), web(False), to(Anyone), sentFrom("a@contoso.example", "b@contoso.example")), time.Time{}, scanner + outside + "hve:from-varies ", "connector-ip", ""},
	{"many From addresses, dynamic, OAuth", c(isKind("application"), web(False), auth(AuthOAuth), to(Anyone), dynamic, sentFrom("a@contoso.example", "b@contoso.example")), time.Time{}, appliance + outside + isDynamic + "hve:from-varies ", "smtp-auth/oauth", ""},
	{"From by user, internal, dynamic, with a certificate", c(isKind("server"), web(False), auth(AuthNone), dynamic, certificate, set(func(in *Input) { in.Device.FromVaries = True })), time.Time{}, "graph:https-missing " + noLogin + noRelay + isDynamic + "hve:from-varies ", "connector-cert", ""},

	// Rule 11: somebody else's addresses.
	{"SaaS on a shared address", c(isKind("service"), web(False), to(Anyone)), time.Time{}, scanner + outside + isHosted, "relay", ""},
	{"SaaS with OAuth", c(isKind("service"), web(False), auth(AuthOAuth), to(Anyone)), time.Time{}, appliance + outside + isHosted, "relay smtp-auth/oauth", ""},
	{"SaaS, internal only, RejectDirectSend", c(hosted, isKind("application"), web(False), reject(True)), time.Time{}, scanner + isHosted + "direct-send:reject-direct-send ", "relay", ""},
	{"SaaS in the catalogue", c(isKind("service"), web(False), to(Anyone), set(func(in *Input) { in.Device.Now = "relay:salesforce" })), time.Time{}, scanner + outside + isHosted, "relay:salesforce", ""},
	{"own code in a shared cloud", c(hosted, isKind("application"), web(True), auth(AuthOAuth), to(Anyone)), time.Time{}, "connector-cert:certificate-missing " + outside + isHosted, "graph relay smtp-auth/oauth", ""},

	// Rules 12 and 13: volume.
	{"20,000 internal recipients a day", c(perDay(20000)), time.Time{}, scanner + dayLimit, "hve connector-ip", ""},
	{"bulk to anyone, static address", c(isKind("application"), web(False), to(Anyone), perDay(6000)), time.Time{}, scanner + outside + isBulk, "acs relay", ""},
	{"bulk to anyone, own code with OAuth", c(isKind("application"), web(True), auth(AuthOAuth), to(Anyone), perDay(6000)), time.Time{}, "connector-cert:certificate-missing " + outside + isBulk, "acs relay", ""},
	{"4,999 a day to anyone is no bulk", c(to(Anyone), perDay(4999)), time.Time{}, scanner + outside, "connector-ip acs", ""},
	{"6,000 a day to one organisation is no bulk", c(to(OneDomain), perDay(6000)), time.Time{}, scanner + outside, "connector-ip acs", ""},
	{"close to the tenant's limit", c(to(OneDomain), perDay(2000), set(func(in *Input) { in.Tenant.Licences, in.Tenant.ExternalPerDay = 10, 11000 })), time.Time{}, scanner + outside + tenantFull, "acs relay", ""},
	{"close to a trial tenant's limit", c(to(OneDomain), perDay(4500), set(func(in *Input) { in.Tenant.Trial = True })), time.Time{}, scanner + outside + tenantFull, "acs relay", ""},
	{"close to the limit, licences not known", c(to(OneDomain), perDay(9000), set(func(in *Input) { in.Tenant.Licences = 0 })), time.Time{}, scanner + outside, "connector-ip", "tenant.licences"},

	// Senders.
	{"From in onmicrosoft.com, anyone, 200 a day", c(to(Anyone), sentFrom("scan@contoso.onmicrosoft.com"), set(func(in *Input) { in.Tenant.Accepted = append(in.Tenant.Accepted, "contoso.onmicrosoft.com") })), time.Time{}, scanner + outside + onMS + onMSOver + "via:relay-method ", "", "-"},
	{"From in onmicrosoft.com, anyone, 50 a day", c(to(Anyone), perDay(50), sentFrom("scan@contoso.onmicrosoft.com"), set(func(in *Input) { in.Tenant.Accepted = append(in.Tenant.Accepted, "contoso.onmicrosoft.com") })), time.Time{}, scanner + outside + onMS, "connector-ip", ""},
	{"From in onmicrosoft.com, internal", c(sentFrom("scan@contoso.onmicrosoft.com"), set(func(in *Input) { in.Tenant.Accepted = append(in.Tenant.Accepted, "contoso.onmicrosoft.com") })), time.Time{}, scanner + onMS, "connector-ip hve", ""},
	{"From in somebody else's domain", c(sentFrom("scan@fabrikam.example")), time.Time{}, scanner + notOurs, "", ""},
	{"MAIL FROM in somebody else's domain", c(mailFrom("bounce@fabrikam.example"), to(Anyone)), time.Time{}, scanner + outside + "connector-ip:from-not-accepted ", "acs", ""},
	{"null sender, static address", c(mailFrom("<>"), to(Anyone)), time.Time{}, scanner + outside + "connector-ip:null-sender ", "acs", ""},
	{"a subdomain of an accepted domain", c(sentFrom("scan@printers.contoso.example")), time.Time{}, scanner, "connector-ip hve", "tenant.accepted"},

	// Connectors and gateways.
	{"Direct Send past a locked gateway", c(auth(AuthNone), set(func(in *Input) { in.Tenant.Inbound, in.Tenant.InboundLocked = "gateway:mimecast", True })), time.Time{}, appliance + noLogin + "direct-send:inbound-locked ", "connector-ip", ""},
	{"locked by a connector", c(auth(AuthNone), connector(Connector{Name: "Gateway", Type: Partner, Enabled: True, SenderDomains: []string{"*"}, RestrictToIP: True, Addresses: []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24")}})), time.Time{}, appliance + noLogin + "direct-send:inbound-locked ", "connector-ip", ""},
	{"a partner connector for the own domain", c(auth(AuthNone), connector(Connector{Name: "SaaS", Type: Partner, Enabled: True, SenderDomains: []string{"contoso.example"}, RestrictToIP: True, Addresses: []netip.Prefix{netip.MustParsePrefix("198.51.100.7/32")}})), time.Time{}, appliance + noLogin + "direct-send:partner-connector ", "connector-ip", ""},
	{"exempt from RejectDirectSend by a partner connector", c(auth(AuthNone), reject(True), connector(Connector{Name: "Scan exempt", Type: Partner, Enabled: True, SenderDomains: []string{"contoso.example"}, RestrictToIP: True, Addresses: []netip.Prefix{netip.MustParsePrefix("203.0.113.10/32")}})), time.Time{}, appliance + noLogin, "connector-ip direct-send", ""},
	{"a disabled connector exempts from nothing", c(auth(AuthNone), reject(True), connector(Connector{Name: "HQ", Type: OnPremises, Enabled: False, Addresses: []netip.Prefix{netip.MustParsePrefix("203.0.113.10/32")}})), time.Time{}, appliance + noLogin + "direct-send:reject-direct-send ", "connector-ip", ""},
	{"IPv6 only", c(auth(AuthNone), set(func(in *Input) { in.Site.Addresses = []netip.Prefix{netip.MustParsePrefix("2001:db8::/64")} })), time.Time{}, appliance + noLogin + noRelay + "connector-ip:address-ipv6 ", "via direct-send", ""},
	{"dual stack", c(auth(AuthNone), set(func(in *Input) { in.Site.IPv6 = True })), time.Time{}, appliance + noLogin, "connector-ip direct-send", ""},

	// Clouds.
	{"GCC High, static address, internal", c(inCloud(provider.GCCHigh)), time.Time{}, scanner, "connector-ip direct-send via", ""},
	{"GCC High, dynamic address, internal", c(inCloud(provider.GCCHigh), dynamic), time.Time{}, scanner + isDynamic, "via", ""},
	{"GCC High with OAuth", c(inCloud(provider.GCCHigh), auth(AuthOAuth), dynamic), time.Time{}, appliance + isDynamic, "smtp-auth/oauth", ""},
	{"21Vianet, dynamic address, internal", c(inCloud(provider.China), dynamic), time.Time{}, scanner + isDynamic + "hve:cloud ", "via", ""},

	// What is not known is asked.
	{"recipients not known", c(to(RecipientsUnknown)), time.Time{}, scanner, "connector-ip", ""},
	{"recipients not known, dynamic", c(to(RecipientsUnknown), dynamic), time.Time{}, scanner + isDynamic, "", "device.recipients"},
	{"static or not is not known", c(auth(AuthNone), set(func(in *Input) { in.Site.Static = Unknown })), time.Time{}, appliance + noLogin, "connector-ip", "site.static"},
	{"port 25 is not known", c(set(func(in *Input) { in.Site.Port25 = Unknown })), time.Time{}, scanner, "connector-ip", "site.port25"},
	{"the login is not known, dynamic", c(auth(AuthUnknown), dynamic), time.Time{}, appliance + isDynamic, "smtp-auth/oauth", "device.auth"},
	{"TLS is not known, dynamic", c(withTLS(TLSUnknown), dynamic), time.Time{}, scanner + isDynamic, "hve", "device.tls"},

	// Dates.
	{"basic authentication on 1 January 2027, 21Vianet", c(inCloud(provider.China), dynamic), day(2027, time.January, 1), scanner + isDynamic + "hve:cloud ", "via", ""},
	{"re-enabled in 2027, 21Vianet", c(inCloud(provider.China), dynamic, set(func(in *Input) { in.Tenant.BasicSMTP = True })), day(2027, time.January, 1), scanner + isDynamic + "hve:cloud ", "via", ""},
	{"a tenant made in 2027", c(dynamic, set(func(in *Input) { in.Tenant.Created = day(2027, time.February, 3) })), day(2027, time.March, 1), scanner + isDynamic + "smtp-auth/basic:basic-auth-off ", "hve", ""},
	{"HVE with a password in October 2028", c(dynamic), day(2028, time.October, 1), scanner + isDynamic + "hve:basic-auth-off ", "via", ""},
	{"HVE with OAuth in October 2028", c(auth(AuthOAuth), perDay(20000), dynamic), day(2028, time.October, 1), appliance + dayLimit + isDynamic, "hve", ""},
}

func (o Option) key() string {
	if o.Method.Kind() == SMTPAuth {
		return string(o.Method) + "/" + string(o.Auth)
	}
	return string(o.Method)
}

// vetoSet returns all vetoes of living methods, sorted.
func vetoSet(a Advice) []string {
	var set []string
	for _, o := range a.Options {
		if o.Method.Kind().Dead() {
			continue
		}
		for _, v := range o.Vetoes {
			key := o.key()
			if k := o.Method.Kind(); k == Relay || k == Hoster {
				key = string(k)
			}
			set = append(set, key+":"+string(v.ID))
		}
	}
	slices.Sort(set)
	return slices.Compact(set)
}

func ranking(a Advice) []string {
	var keys []string
	for _, o := range a.Options {
		if o.State != Vetoed {
			keys = append(keys, o.key())
		}
	}
	return keys
}

func TestAdvise(t *testing.T) {
	t.Parallel()
	if len(cases) < 60 {
		t.Errorf("only %d cases", len(cases))
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			in, date := office(), tc.date
			for _, change := range tc.changes {
				change(&in)
			}
			if date.IsZero() {
				date = november
			}
			a := Advise(in, date)
			want := strings.Fields(tc.vetoes)
			slices.Sort(want)
			want = slices.Compact(want)
			if got := vetoSet(a); !slices.Equal(got, want) {
				t.Errorf("vetoes\n got %v\nwant %v", got, want)
			}
			order := ranking(a)
			if first := strings.Fields(tc.order); len(order) < len(first) || !slices.Equal(order[:len(first)], first) {
				t.Errorf("ranking %v, want it to begin %v", order, first)
			}
			var asks []string
			for _, q := range a.Questions {
				asks = append(asks, q.Field)
			}
			if tc.asks == "-" && len(asks) > 0 {
				t.Errorf("asks %v, but nothing fits", asks)
			}
			for _, field := range strings.Fields(strings.Trim(tc.asks, "-")) {
				if !slices.Contains(asks, field) {
					t.Errorf("asks %v, not %s", asks, field)
				}
			}
			if wanted := tc.asks != ""; wanted != (a.Recommended == "") {
				t.Errorf("recommends %q, asks %v", a.Recommended, asks)
			}
			checkFacts(t, a)
		})
	}
}
