package render

import (
	"fmt"

	"sendplan/internal/check"
	"sendplan/internal/term"
)

// authorityJSON is what the authoritative servers of a domain's zone say.
type authorityJSON struct {
	Zone    string           `json:"zone"` // "" if it was not found
	Servers []nameserverJSON `json:"servers"`
	Error   *dnsErrJSON      `json:"error,omitempty"` // why they were not found
}

// nameserverJSON is one address of an authoritative server.
type nameserverJSON struct {
	Name    string      `json:"name"`
	Address string      `json:"address,omitempty"` // with the port if it is another than 53
	Serial  *uint32     `json:"serial"`            // null if it was not got
	Error   *dnsErrJSON `json:"error,omitempty"`   // the first question that it did not answer
}

func newAuthority(a *check.Authority) *authorityJSON {
	if a == nil {
		return nil
	}
	j := &authorityJSON{Zone: a.Zone.String(), Servers: []nameserverJSON{}, Error: newDNSErr(a.Err)}
	for _, s := range a.Servers {
		one := nameserverJSON{Name: s.Host.String(), Address: s.Address(), Error: newDNSErr(s.Failed())}
		if soa, ok := s.Start(); ok {
			one.Serial = &soa.Serial
		}
		j.Servers = append(j.Servers, one)
	}
	return j
}

// authority shows the servers of the zone with their serials.
func (t *Text) authority(a *check.Authority) {
	if a == nil {
		return
	}
	if a.Err != nil {
		t.Para(0, label("NS"), "unknown: "+a.Err.Error(), t.Style.Magenta)
		return
	}
	first := label("NS")
	for _, s := range a.Servers {
		text, pen := s.String(), term.Pen{}
		soa, ok := s.Start()
		switch {
		case ok && s.Failed() == nil:
			text += fmt.Sprintf(", serial %d", soa.Serial)
		case s.NoRoute:
			text += ": no route from here"
		default:
			text, pen = text+": "+s.Failed().Cause.String(), t.Style.Magenta
		}
		t.Para(0, first, text, pen)
		first = label("")
	}
}
