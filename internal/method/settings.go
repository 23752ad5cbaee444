package method

import "strings"

// Setting is one value to type into a device.
type Setting struct {
	Name  string // "Server", "Port", ...
	Value Fact
}

// Settings returns what to type into the device for a method, in the order in
// which devices ask for it. What no source establishes is said to be so.
func Settings(in Input, id ID, auth Auth) []Setting {
	o := judgment{in: in, kind: id.Kind()}
	m := Lookup(id, effective(in.Device, id.Kind(), auth))
	if id.Kind().Dead() {
		return []Setting{{"Method", m.Dates[0].What}}
	}
	list := []Setting{
		{"Server", o.server(m, id)},
		{"Port", m.Port},
		{"Other ports", m.OtherPorts},
		{"Encryption", encryption(in.Device, m)},
		{"Login", m.Login},
		{"From", o.from(m)},
	}
	if in.Device.MailFrom != "" {
		list = append(list, Setting{"MAIL FROM", typed(in.Device.MailFrom)})
	}
	return list
}

// typed is a value that the inventory gives.
func typed(s string) Fact { return fact(Inferred, "RULES", s) }

// server is the host: the tenant's own where the table knows only its form.
func (j *judgment) server(m Method, id ID) Fact {
	switch j.kind {
	case DirectSend, ConnectorIP, ConnectorCert:
		if j.in.Tenant.MXHost != "" {
			return typed(string(j.in.Tenant.MXHost))
		}
		form := m.Host(j.in.Tenant.Cloud)
		if !form.Established() {
			return form
		}
		return open("look up " + form.Text)
	case Via:
		if n, ok := j.in.other(id.Name()); ok && n.Device.HELO != "" {
			return typed(string(n.Device.HELO))
		}
		return open("the name of " + viaName(id) + " on the LAN")
	}
	return m.Host(j.in.Tenant.Cloud)
}

func viaName(id ID) string {
	if id.Name() == "" {
		return "the relay"
	}
	return id.Name()
}

// encryption is what to choose in the device.
func encryption(d Device, m Method) Fact {
	switch {
	case m.Kind != DirectSend && m.Kind != ConnectorIP:
		return m.TLS
	case old(d.TLS):
		return fact(Inferred, "RULES", "none: the device cannot do TLS 1.2")
	case d.TLS == TLSUnknown:
		return fact(Inferred, "HOW21", "STARTTLS if the device can do TLS 1.2, else none")
	}
	return fact(Inferred, "HOW21", "STARTTLS")
}

// from is the sender to type.
func (j *judgment) from(m Method) Fact {
	d := j.in.Device
	if len(d.From) == 0 || !m.From.Established() {
		return m.From
	}
	return fact(m.From.Grade, m.From.Source, strings.Join(d.From, ", ")+" ("+m.From.Text+")")
}
