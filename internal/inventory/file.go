package inventory

// File is an inventory as it stands in a file: what it says, and its text.
type File struct {
	Inventory

	// Warnings are doubts that do not keep the file from being used.
	Warnings Errors

	name      string
	providers Providers
	source    source
	root      *node
}

// Providers returns the IDs that the catalogue of providers has for a family:
// Relay, Hoster or Gateway. A nil function lets all IDs pass.
type Providers func(Family) []string

// Parse reads a file strictly: what it does not know is a mistake, as is what
// contradicts itself. name is what errors call the file. The error is of type
// [Errors].
func Parse(data []byte, name string, providers Providers) (*File, error) {
	s, err := readSource(data, name)
	if err != nil {
		return nil, err
	}
	root, err := readTree(s, name)
	if err != nil {
		return nil, err
	}
	f := &File{name: name, providers: providers, source: s, root: root}
	r := &reader{source: s, file: name}
	if root.shape == mapping {
		readFields(r, root, "the inventory", fileFields(), &f.Inventory)
	} else {
		r.fault(root.start, "the file holds %s: expected fields, the first of them version: %d", root.shape, Version)
	}
	if len(r.errs) > 0 {
		return nil, r.errs.sorted()
	}
	tenant := root.field("tenant")
	f.Tenant.ConnectorsKnown = tenant.entry("connectors") != nil
	f.Tenant.OutboundConnectorsKnown = tenant.entry("outbound_connectors") != nil
	f.Warnings = f.check(r)
	if len(r.errs) > 0 {
		return nil, r.errs.sorted()
	}
	return f, nil
}

// Bytes returns the file's text, with the edits that were made.
func (f *File) Bytes() []byte { return f.source.bytes() }
