package world

import _ "embed"

//go:embed messages/invoice.eml
var invoice []byte

// Message returns a message of the world as its receiver kept it: an invoice
// that the ERP system of nordwind.example sent and signed with a key of its own.
func Message() []byte { return invoice }
