package runbook

import (
	"strconv"
	"strings"

	"sendplan/internal/method"
	"sendplan/internal/shell"
	"sendplan/planner"
)

// endpoint is the server that a device talks to.
type endpoint struct {
	host string // "" if it is not established, or more than a host
	port int    // 0 likewise
	open string // of a host that is not established: what is said instead
}

// endpointOf reads the server and the port out of the settings of a device.
func endpointOf(settings []method.Setting) endpoint {
	var e endpoint
	for _, s := range settings {
		switch s.Name {
		case "Server":
			e.host = strings.TrimPrefix(s.Value.Text, "https://")
			if !shell.Bare(e.host) || !strings.Contains(e.host, ".") {
				e.host, e.open = "", s.Value.String()
			}
		case "Port":
			if n, err := strconv.ParseUint(s.Value.Text, 10, 16); err == nil {
				e.port = int(n)
			}
		}
	}
	return e
}

// name is the host for people.
func (e endpoint) name() string {
	if e.host == "" {
		return "the server of its sheet"
	}
	return e.host
}

// sendsBy25 reports whether a device that is not moved leaves the LAN by port 25,
// or may do so.
func sendsBy25(d planner.Device) bool {
	id := d.Advice.Today.Method
	switch id.Kind() {
	case method.OwnServer, method.OpenRelay, method.PopBeforeSMTP:
		return true
	case method.Via:
		return false
	case "":
		return true // not known
	}
	return endpointOf(method.Settings(d.Input, id, d.Advice.Today.Auth)).port == 25
}
