package intake

import (
	"net/netip"
	"slices"
	"testing"

	"sendplan/internal/evidence"
	"sendplan/internal/inventory"
)

func TestPropose(t *testing.T) {
	t.Parallel()
	file, err := inventory.Parse([]byte(`version: 1
tenant:
  connectors:
    - {name: Devices HQ, type: OnPremises, addresses: [203.0.113.10], enabled: true}
sites:
  - {name: hq, addresses: [203.0.113.8/29], static: true, shared: false}
domains:
  - name: contoso.example
devices:
  - {name: scan, now: smtp-auth, from: [Scan@contoso.example]}
`), "test", Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	seen := func(s evidence.Suggestion) Proposal { return propose(&file.Inventory, s) }

	known := seen(evidence.Suggestion{Name: "scan-2", From: "scan@contoso.example", Method: evidence.MethodSMTPAuth})
	if !slices.Equal(known.Known, []string{"scan"}) || known.New() {
		t.Errorf("known: %+v", known)
	}
	relayed := seen(evidence.Suggestion{Name: "erp", From: "erp@contoso.example", Method: evidence.MethodConnector, Connector: "devices hq",
		Address: netip.MustParseAddr("203.0.113.10"), Auth: evidence.AuthUnknown, Recipients: evidence.ScopeAnyone, PerDay: 3, RcptPerDay: 9})
	if d := relayed.Device; d.Now != inventory.ConnectorIP || d.Site != "hq" || d.PerDay != 9 || d.Auth != inventory.AuthUnknown || d.Recipients != inventory.Anyone {
		t.Errorf("by a connector: %+v", d)
	}
	if d := seen(evidence.Suggestion{Name: "x", From: "x@contoso.example", Method: evidence.MethodConnector, Connector: "other"}).Device; d.Now != "" {
		t.Errorf("a connector that is not in the inventory is taken for %q", d.Now)
	}
	if p := seen(evidence.Suggestion{Name: "x", From: "x@contoso.example", Method: evidence.MethodUnknown}); p.IsDevice() || !p.New() {
		t.Errorf("a person: %+v", p)
	}
	if p := seen(evidence.Suggestion{Name: "x", From: "no address"}); p.Problem == "" || p.New() {
		t.Errorf("no address: %+v", p)
	}
}

// What the catalogue offers for an inventory can be written into one.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	for family, want := range map[inventory.Family]string{inventory.Relay: "sendgrid", inventory.Hoster: "ionos", inventory.Gateway: "hornetsecurity"} {
		ids := Catalogue(family)
		if !slices.Contains(ids, want) {
			t.Errorf("%s lacks %s", family, want)
		}
		for _, id := range ids {
			if _, err := inventory.ParseMethod(string(family) + ":" + id); family != inventory.Gateway && err != nil {
				t.Error(err)
			}
		}
	}
	if slices.Contains(Catalogue(inventory.Relay), "hornetsecurity") {
		t.Error("a gateway is offered as a relay")
	}
}
