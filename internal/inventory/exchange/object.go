package exchange

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// blanks are what separates words: localized consoles print other blanks than
// the space.
const blanks = " \t\r\n\u00a0\u2007\u2009\u202f\u3000\ufeff"

// object is one thing that a cmdlet printed: its properties by their names in
// lower case. A property has a text, which may be empty, or is a list.
type object struct {
	line       int // where it begins
	properties map[string]property
	command    Cmdlet // that was pasted in front of it
}

type property struct {
	line int
	list bool
	text string
	item []string
}

func (o object) has(names ...string) bool {
	return slices.ContainsFunc(names, func(n string) bool {
		_, ok := o.properties[strings.ToLower(n)]
		return ok
	})
}

// cmdlet tells whose output an object is by properties that no other cmdlet
// prints, and else by the command that was pasted or given. Unknown is for what
// is not recognized.
func (o object) cmdlet(of Cmdlet) Cmdlet {
	switch {
	case o.has("Selector1CNAME", "Selector2CNAME"):
		return DkimSigningConfig
	case o.has("SenderIPAddresses", "SenderDomains", "TlsSenderCertificateName"):
		return InboundConnector
	case o.has("SmartHosts", "RecipientDomains", "UseMXRecord"):
		return OutboundConnector
	case o.has("RejectDirectSend"):
		return OrganizationConfig
	case o.has("AllowLegacyTLSClients"):
		return TransportConfig
	case o.ambiguous() && o.has("PrimarySmtpAddress", "OWAEnabled", "ImapEnabled", "PopEnabled", "ActiveSyncEnabled"):
		return CASMailbox
	case o.ambiguous() && o.has("MaxSendSize", "MaxReceiveSize", "TLSSendDomainSecureList"):
		return TransportConfig
	case o.command != Unknown:
		return o.command
	default:
		return of
	}
}

// ambiguous reports whether an object has the switch that is printed for the
// tenant and for a mailbox alike.
func (o object) ambiguous() bool { return o.has("SmtpClientAuthenticationDisabled") }

// decode returns output as text: UTF-8, or UTF-16 as Windows PowerShell writes
// files, with or without a BOM.
func decode(data []byte) (string, bool) {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	case len(data) >= 2 && data[0] != 0 && data[1] == 0:
		order = binary.LittleEndian
	case len(data) >= 2 && data[0] == 0 && data[1] != 0:
		order = binary.BigEndian
	default:
		text := strings.TrimPrefix(string(data), "\ufeff")
		return text, utf8.ValidString(text)
	}
	if len(data)%2 != 0 {
		return "", false
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return strings.TrimPrefix(string(utf16.Decode(units)), "\ufeff"), true
}

// isJSON reports whether text, behind the commands pasted with it, is JSON.
func isJSON(text string) bool {
	for l := range strings.Lines(text) {
		l = strings.Trim(l, blanks)
		if _, ok := prompt(l); l != "" && !ok {
			return l[0] == '[' || l[0] == '{'
		}
	}
	return false
}

// readJSON reads objects and lists of them, one after another, with the commands
// between them.
func readJSON(text, file string) ([]object, error) {
	var objects []object
	var command Cmdlet
	line := 1
	for at := 0; ; {
		gap := len(text[at:]) - len(strings.TrimLeft(text[at:], blanks))
		line += strings.Count(text[at:at+gap], "\n")
		if at += gap; at == len(text) {
			return objects, nil
		}
		first, _, _ := strings.Cut(text[at:], "\n")
		if c, ok := prompt(strings.Trim(first, blanks)); ok {
			command = c
			at += len(first)
			continue
		}
		d := json.NewDecoder(strings.NewReader(text[at:]))
		var v any
		if err := d.Decode(&v); err != nil {
			line += strings.Count(text[at:min(at+int(d.InputOffset()), len(text))], "\n")
			return nil, &Error{file, line, fmt.Sprintf("this is not JSON: %v: expected the whole output of | ConvertTo-Json", err)}
		}
		more, ok := jsonObjects(v, line)
		if !ok {
			return nil, &Error{file, line, "expected an object or a list of objects, as | ConvertTo-Json prints them"}
		}
		for i := range more {
			more[i].command = command
		}
		end := at + int(d.InputOffset())
		line += strings.Count(text[at:end], "\n")
		at = end
		objects = append(objects, more...)
	}
}

// jsonObjects unpacks a list, also in the wrapping {"value": [...], "Count": n}
// that Windows PowerShell gives it.
func jsonObjects(v any, line int) ([]object, bool) {
	switch v := v.(type) {
	case map[string]any:
		if list, ok := v["value"].([]any); ok && len(v) == 2 && v["Count"] != nil {
			return jsonObjects(list, line)
		}
		return []object{jsonObject(v, line)}, true
	case []any:
		objects := []object{}
		for _, item := range v {
			m, ok := item.(map[string]any)
			if !ok {
				return nil, false
			}
			objects = append(objects, jsonObject(m, line))
		}
		return objects, true
	}
	return nil, false
}

func jsonObject(m map[string]any, line int) object {
	o := object{line: line, properties: map[string]property{}}
	for _, name := range slices.Sorted(maps.Keys(m)) { // two may differ in case alone
		o.properties[strings.ToLower(name)] = jsonProperty(m[name], line)
	}
	return o
}

func jsonProperty(v any, line int) property {
	p := property{line: line}
	switch v := v.(type) {
	case []any:
		p.list = true
		for _, item := range v {
			p.item = append(p.item, jsonText(item))
		}
	case map[string]any:
		if list, ok := v["value"].([]any); ok {
			return jsonProperty(list, line)
		}
		p.text = jsonText(v)
	default:
		p.text = jsonText(v)
	}
	return p
}

// jsonText returns a value as Format-List would show it.
func jsonText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return strings.Trim(v, blanks)
	case bool:
		return map[bool]string{true: "True", false: "False"}[v]
	default:
		return fmt.Sprint(v)
	}
}
