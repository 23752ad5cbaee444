package intake

import (
	"slices"

	"sendplan/internal/inventory"
	"sendplan/internal/provider"
)

// Catalogue lists, for an inventory, the providers that can stand behind a
// family: it is an [inventory.Providers].
func Catalogue(family inventory.Family) []string {
	var ids []string
	for _, e := range provider.Entries() {
		if stands(e, family) {
			ids = append(ids, string(e.ID))
		}
	}
	return ids
}

// passes are the kinds of providers that mail passes or that get reports: they
// are no relays for devices.
var passes = []provider.Kind{provider.Gateway, provider.Signature, provider.Encryption, provider.Forwarding, provider.DMARCHost}

func stands(e provider.Entry, family inventory.Family) bool {
	switch family {
	case inventory.Gateway:
		return e.Is(provider.Gateway) || e.Is(provider.Signature) || e.Is(provider.Encryption)
	case inventory.Hoster:
		return e.Is(provider.Hoster) || e.Is(provider.Mailbox)
	case inventory.Relay:
		return slices.ContainsFunc(e.Kinds, func(k provider.Kind) bool { return !slices.Contains(passes, k) })
	}
	return false
}
