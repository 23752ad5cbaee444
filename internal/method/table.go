package method

import (
	"slices"
	"time"

	"sendplan/internal/provider"
)

// Host is the server to type into a device, for one cloud.
type Host struct {
	Cloud provider.Cloud // empty: the same whatever the cloud
	Name  Fact
}

// Date is a day on which something about a method changes.
type Date struct {
	Day  string // YYYY-MM-DD, YYYY-MM, or empty where no date was announced
	What Fact
}

// Method is one row of the table: what a way of handing over mail asks for.
type Method struct {
	Kind       Kind
	Auth       Auth        // only for SMTPAuth, which has a row for each
	Provider   provider.ID // only for Relay and Hoster
	Name       string
	Hosts      []Host
	Port       Fact // the one to type
	OtherPorts Fact
	TLS        Fact
	Login      Fact // how the device shows who it is
	Recipients Fact
	From       Fact // which sender it may use
	Limits     []Fact
	Licence    Fact
	Cost       Fact
	Dates      []Date
	DNS        Fact // what the From domain must publish
}

// Facts returns all values of the row, in its order.
func (m Method) Facts() []Fact {
	var facts []Fact
	for _, h := range m.Hosts {
		facts = append(facts, h.Name)
	}
	facts = append(facts, m.Port, m.OtherPorts, m.TLS, m.Login, m.Recipients, m.From)
	facts = append(facts, m.Limits...)
	facts = append(facts, m.Licence, m.Cost)
	for _, d := range m.Dates {
		facts = append(facts, d.What)
	}
	return append(facts, m.DNS)
}

// Host returns the server for a cloud. Where the table has none, or the cloud
// is not known and it matters, the fact is not established.
func (m Method) Host(c provider.Cloud) Fact {
	for _, h := range m.Hosts {
		if h.Cloud == "" || h.Cloud == c {
			return h.Name
		}
	}
	if c == "" {
		return open("the host depends on the tenant's cloud, which is not known")
	}
	return open("")
}

// Table returns the rows of all methods: Microsoft's own, then the relays and
// hosters of the catalogue whose servers a source establishes, then the rest.
func Table() []Method { return slices.Clone(table) }

var table = slices.Concat(submissionRows, port25Rows, serviceRows, relayRows, otherRows)

// Lookup returns the row of a method. A relay or hoster without a row of its
// own has the common row of its kind.
func Lookup(id ID, auth Auth) Method {
	if id.Name() != "" && id.Kind() != Via {
		if i := slices.IndexFunc(table, func(m Method) bool {
			return m.Kind == id.Kind() && m.Provider == provider.ID(id.Name())
		}); i >= 0 {
			return table[i]
		}
	}
	i := slices.IndexFunc(table, func(m Method) bool {
		return m.Kind == id.Kind() && m.Provider == "" && (m.Auth == "" || m.Auth == auth)
	})
	if i < 0 {
		return dead(id.Kind(), string(id), open("no such method"))
	}
	return table[i]
}

// day is a date without a time.
func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}
