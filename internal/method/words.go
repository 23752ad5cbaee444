package method

import "sendplan/internal/inventory"

// The words of the inventory in which devices, sites and tenants are described.
type (
	Truth         = inventory.Truth
	Recipients    = inventory.Recipients
	Auth          = inventory.Auth
	TLS           = inventory.TLS
	ConnectorType = inventory.ConnectorType
)

// The truths.
const (
	Unknown = inventory.Unknown
	True    = inventory.True
	False   = inventory.False
)

// The scopes of recipients.
const (
	RecipientsUnknown = inventory.RecipientsUnknown
	Internal          = inventory.Internal
	OneExternal       = inventory.OneExternal
	OneDomain         = inventory.OneDomain
	Anyone            = inventory.Anyone
)

// The authentications. A device that can do OAuth can also log in with a
// password.
const (
	AuthUnknown = inventory.AuthUnknown
	AuthNone    = inventory.AuthNone
	AuthBasic   = inventory.AuthBasic
	AuthOAuth   = inventory.AuthOAuth
)

// The versions of TLS.
const (
	TLSUnknown = inventory.TLSUnknown
	TLSNone    = inventory.TLSNone
	TLS10      = inventory.TLS10
	TLS11      = inventory.TLS11
	TLS12      = inventory.TLS12
	TLS13      = inventory.TLS13
)

// The types of connectors.
const (
	OnPremises = inventory.OnPremises
	Partner    = inventory.Partner
)

// old reports whether that is less than what today's servers ask for.
func old(t TLS) bool { return t == TLSNone || t == TLS10 || t == TLS11 }
