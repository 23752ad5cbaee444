// Package exchange reads what cmdlets of Exchange Online print about a tenant
// and writes it into an inventory. It reads the fields that it knows, and keeps
// nothing of the others.
package exchange

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sendplan/internal/inventory"
)

// Cmdlet is a command of Exchange Online PowerShell whose output is understood.
type Cmdlet string

// The cmdlets. Unknown lets the output tell.
const (
	Unknown            Cmdlet = ""
	DkimSigningConfig  Cmdlet = "Get-DkimSigningConfig"
	InboundConnector   Cmdlet = "Get-InboundConnector"
	OutboundConnector  Cmdlet = "Get-OutboundConnector"
	OrganizationConfig Cmdlet = "Get-OrganizationConfig"
	TransportConfig    Cmdlet = "Get-TransportConfig"
	CASMailbox         Cmdlet = "Get-CASMailbox"
)

// Cmdlets returns all that are understood, in the order of this package's text.
func Cmdlets() []Cmdlet {
	return []Cmdlet{DkimSigningConfig, InboundConnector, OutboundConnector, OrganizationConfig, TransportConfig, CASMailbox}
}

// Export is what some output says of a tenant.
type Export struct {
	DKIM               []inventory.DKIM
	Connectors         []inventory.Connector
	OutboundConnectors []inventory.OutboundConnector
	Mailboxes          []inventory.Mailbox
	RejectDirectSend   inventory.Truth
	SMTPAuth           inventory.Truth
	LegacyTLS          inventory.Truth
	Created            time.Time

	// Notes say what a person should know of the output, one line each.
	Notes []string

	// of are the cmdlets whose output was read.
	of []Cmdlet
}

// Of returns the cmdlets whose output was read, in order.
func (e *Export) Of() []Cmdlet { return e.of }

// Error is output that is not understood. It stands in the user's input.
type Error struct {
	File    string
	Line    int // from 1; 0: not known
	Message string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Message)
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Message)
}

// ExitCode returns the exit status for bad input.
func (e *Error) ExitCode() int { return 2 }

// maxInput bounds what is read: the mailboxes of a large tenant fit.
const maxInput = 64 << 20

// Read understands the output of one cmdlet, or of several one after another, as
// ConvertTo-Json or Format-List printed it. of says whose output it is where
// that cannot be seen in it; file is what errors call it.
func Read(data []byte, file string, of Cmdlet) (*Export, error) {
	if len(data) > maxInput {
		return nil, &Error{file, 0, fmt.Sprintf("%d bytes, at most %d are read", len(data), maxInput)}
	}
	text, ok := decode(data)
	if !ok {
		return nil, &Error{file, 1, "the text is neither UTF-8 nor UTF-16: save it with Out-File -Encoding utf8"}
	}
	read := readList
	if isJSON(text) {
		read = readJSON
	}
	objects, err := read(text, file)
	if err != nil {
		return nil, err
	}
	if len(objects) == 0 {
		return nothing(file, of)
	}
	e := &Export{}
	for _, o := range objects {
		if err := e.add(o, file, of); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// nothing is for output without objects, which says something only of cmdlets
// that print a list, and where it is known whose it is.
func nothing(file string, of Cmdlet) (*Export, error) {
	if of == InboundConnector || of == OutboundConnector {
		return &Export{of: []Cmdlet{of}}, nil
	}
	return nil, &Error{file, 0, "nothing was printed: expected the output of " + cmdletList() + ", with | ConvertTo-Json or | Format-List"}
}

func cmdletList() string {
	var words []string
	for _, c := range Cmdlets() {
		words = append(words, string(c))
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// add reads one object.
func (e *Export) add(o object, file string, of Cmdlet) error {
	r := reader{object: o, file: file}
	cmdlet := o.cmdlet(of)
	switch cmdlet {
	case DkimSigningConfig:
		e.DKIM = append(e.DKIM, r.dkim())
	case InboundConnector:
		e.Connectors = append(e.Connectors, r.inbound())
	case OutboundConnector:
		e.OutboundConnectors = append(e.OutboundConnectors, r.outbound())
	case OrganizationConfig:
		e.organization(&r)
	case TransportConfig:
		e.transport(&r)
	case CASMailbox:
		e.mailbox(&r)
	default:
		return r.stranger(o.ambiguous())
	}
	if r.err != nil {
		return r.err
	}
	e.Notes = append(e.Notes, r.notes...)
	if !slices.Contains(e.of, cmdlet) {
		e.of = append(e.of, cmdlet)
	}
	return nil
}

// Apply writes an export into an inventory. It is all or nothing.
func (e *Export) Apply(f *inventory.File) error {
	next := *f
	for _, step := range []func(*inventory.File) error{e.switches, e.signing, e.paths} {
		if err := step(&next); err != nil {
			return fmt.Errorf("what was printed does not fit into the inventory: %w", err)
		}
	}
	*f = next
	return nil
}

func (e *Export) switches(f *inventory.File) error {
	tenant := inventory.TenantAt()
	for _, s := range []struct {
		key       string
		have, now inventory.Truth
	}{
		{"reject_direct_send", f.Tenant.RejectDirectSend, e.RejectDirectSend},
		{"smtp_auth", f.Tenant.SMTPAuth, e.SMTPAuth},
		{"legacy_tls", f.Tenant.LegacyTLS, e.LegacyTLS},
	} {
		if s.now == inventory.Unknown || s.now == s.have {
			continue
		}
		if err := f.Set(tenant.Key(s.key), inventory.Bool(s.now)); err != nil {
			return err
		}
	}
	if !e.Created.IsZero() && !e.Created.Equal(f.Tenant.Created) {
		return f.Set(tenant.Key("created"), inventory.Date(e.Created))
	}
	return nil
}

func (e *Export) signing(f *inventory.File) error {
	if err := f.PutDKIM(e.DKIM...); err != nil {
		return err
	}
	return f.PutMailboxes(e.stated(f)...)
}

// stated leaves out the mailboxes without a setting of their own that the
// inventory does not name: most of a tenant's.
func (e *Export) stated(f *inventory.File) []inventory.Mailbox {
	var list []inventory.Mailbox
	for _, m := range e.Mailboxes {
		listed := slices.ContainsFunc(f.Tenant.Mailboxes, func(have inventory.Mailbox) bool { return have.Address == m.Address })
		if m.SMTPAuth != inventory.AuthInherit || listed {
			list = append(list, m)
		}
	}
	return list
}

func (e *Export) paths(f *inventory.File) error {
	if slices.Contains(e.of, InboundConnector) {
		if err := f.PutConnectors(e.Connectors...); err != nil {
			return err
		}
	}
	if slices.Contains(e.of, OutboundConnector) {
		return f.PutOutboundConnectors(e.OutboundConnectors...)
	}
	return nil
}
