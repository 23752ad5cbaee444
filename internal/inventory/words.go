package inventory

// Truth is a yes or no that may not be known, which is its zero value.
type Truth string

// The truths.
const (
	Unknown Truth = ""
	True    Truth = "true"
	False   Truth = "false"
)

// Cloud is the Microsoft cloud that holds a tenant. GCC is in the worldwide one.
type Cloud string

// The clouds.
const (
	Worldwide Cloud = "worldwide"
	GCCHigh   Cloud = "gcc-high"
	DoD       Cloud = "dod"
	China     Cloud = "china"
)

// MailboxAuth is a mailbox's own setting for client submission.
type MailboxAuth string

// The settings of a mailbox. Inherit is what Exchange shows as an empty value.
const (
	AuthEnabled  MailboxAuth = "enabled"
	AuthDisabled MailboxAuth = "disabled"
	AuthInherit  MailboxAuth = "inherit"
)

// DKIMStatus is the Status that Get-DkimSigningConfig prints.
type DKIMStatus string

// The statuses.
const (
	DKIMValid        DKIMStatus = "Valid"
	DKIMCnameMissing DKIMStatus = "CnameMissing"
	DKIMNoKeys       DKIMStatus = "NoDKIMKeys"
)

// ConnectorType is the ConnectorType of Exchange Online.
type ConnectorType string

// The types of connectors.
const (
	OnPremises ConnectorType = "OnPremises" // relays for the tenant
	Partner    ConnectorType = "Partner"    // only delivers into it
)

// Port says whether a port can be reached from a site.
type Port string

// The states of a port; the zero value means not known.
const (
	PortUnknown Port = ""
	PortOpen    Port = "open"
	PortBlocked Port = "blocked"
)

// DMARCTarget is the policy that a domain shall arrive at.
type DMARCTarget string

// The targets; the zero value means keep.
const (
	DMARCKeep       DMARCTarget = "keep"
	DMARCNone       DMARCTarget = "none"
	DMARCQuarantine DMARCTarget = "quarantine"
	DMARCReject     DMARCTarget = "reject"
)

// SPFAll is the end that an SPF record shall have.
type SPFAll string

// The ends; the zero value means keep.
const (
	SPFKeep     SPFAll = "keep"
	SPFSoftFail SPFAll = "softfail"
	SPFFail     SPFAll = "fail"
)

// Kind is what sort of thing sends. It changes words, not verdicts, but for
// Service, which sends from addresses that are not the user's.
type Kind string

// The kinds; the zero value means Other.
const (
	Printer     Kind = "printer"
	Scanner     Kind = "scanner"
	Copier      Kind = "copier"
	NAS         Kind = "nas"
	UPS         Kind = "ups"
	Camera      Kind = "camera"
	Alarm       Kind = "alarm"
	Phone       Kind = "phone"
	Router      Kind = "router"
	Machine     Kind = "machine"
	Server      Kind = "server"
	Application Kind = "application"
	Website     Kind = "website"
	Monitoring  Kind = "monitoring"
	Backup      Kind = "backup"
	LANRelay    Kind = "relay"
	Service     Kind = "service" // hosted by somebody else
	Newsletter  Kind = "newsletter"
	Other       Kind = "other"
)

// Recipients is whom a device writes to.
type Recipients string

// The scopes of recipients; the zero value means not known.
const (
	RecipientsUnknown Recipients = ""
	Internal          Recipients = "internal" // mailboxes of the tenant
	OneExternal       Recipients = "one-external"
	OneDomain         Recipients = "one-domain" // any address of one other organisation
	Anyone            Recipients = "anyone"
)

// Auth is the best authentication that a device can do.
type Auth string

// The authentications; the zero value means not known.
const (
	AuthUnknown Auth = ""
	AuthNone    Auth = "none"
	AuthBasic   Auth = "basic"
	AuthOAuth   Auth = "oauth"
)

// TLS is the newest TLS that a device can do.
type TLS string

// The versions; the zero value means not known.
const (
	TLSUnknown TLS = ""
	TLSNone    TLS = "none"
	TLS10      TLS = "1.0"
	TLS11      TLS = "1.1"
	TLS12      TLS = "1.2"
	TLS13      TLS = "1.3"
)
