package realserver

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"sendplan/internal/dns"
)

// keyName names the key that signs updates. It and its secret are worth nothing:
// the servers listen on loopback, for the length of a test.
const keyName = "update-key"

const bindKey = `key "update-key" { algorithm hmac-sha256; secret "c2VuZHBsYW4gdGVzdHMgb25seSwgb24gbG9vcGJhY2s="; };
`

const knotKey = `key:
  - id: update-key
    algorithm: hmac-sha256
    secret: c2VuZHBsYW4gdGVzdHMgb25seSwgb24gbG9vcGJhY2s=
acl:
  - id: update
    key: update-key
    action: update
`

// Updatable serves zones that take updates (RFC 2136) signed with one key. NSD
// takes none.
func Updatable(tb testing.TB, kind Kind, zones *dns.Zones) *Server {
	tb.Helper()
	if kind == NSD {
		tb.Fatal("NSD takes no updates")
	}
	return authority(tb, kind, zones, updatable)
}

// Update hands the text of an update to nsupdate, for the server and with its
// key. It returns what nsupdate said, and an error if the server refused.
func (s *Server) Update(tb testing.TB, text []byte) (string, error) {
	tb.Helper()
	program := Program(tb, "nsupdate")
	dir := tb.TempDir()
	key, file := filepath.Join(dir, "key"), filepath.Join(dir, "update")
	to := "server " + s.Addr.Addr().String() + " " + strconv.Itoa(int(s.Addr.Port())) + "\n"
	if err := errors.Join(os.WriteFile(key, []byte(bindKey), 0o600), os.WriteFile(file, append([]byte(to), text...), 0o600)); err != nil {
		tb.Fatal(err)
	}
	out, err := exec.Command(program, "-k", key, file).CombinedOutput()
	return string(out), err
}
