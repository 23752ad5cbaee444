// Package provider knows what is behind a name in the DNS: whose an MX host,
// an SPF include or a DKIM target is.
//
// It is a catalogue (data with its sources) and the naming rules of
// Microsoft 365. It asks nothing.
package provider
