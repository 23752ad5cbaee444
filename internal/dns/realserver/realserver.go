// Package realserver runs the name servers that the world runs, BIND, NSD, Knot
// and Unbound, on loopback for tests: what sendplan says must not depend on its
// own idea of a name server.
package realserver

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"sendplan/internal/dns"
)

// RequireEnv is the environment variable that, set to "require", makes tests
// fail that would skip because a server is not installed.
const RequireEnv = "SENDPLAN_REAL_SERVERS"

// Program returns where a program is. If it is not installed, the test is
// skipped, and says so; or fails, where the environment requires the servers.
func Program(tb testing.TB, name string) string {
	tb.Helper()
	found := find(name)
	switch {
	case found != "":
	case os.Getenv(RequireEnv) == "require":
		tb.Fatalf("%s is not installed, and %s=require", name, RequireEnv)
	default:
		tb.Skipf("%s is not installed; on Debian: apt-get install bind9 bind9-utils bind9-dnsutils nsd knot knot-dnssecutils unbound openssl", name)
	}
	return found
}

// find returns where a program is, "" if it is not installed. Servers are often
// outside the PATH of ordinary users.
func find(program string) string {
	if found, err := exec.LookPath(program); err == nil {
		return found
	}
	for _, dir := range []string{"/usr/sbin", "/usr/local/sbin", "/sbin"} {
		if found, err := exec.LookPath(filepath.Join(dir, program)); err == nil {
			return found
		}
	}
	return ""
}

// Server is a running server.
type Server struct {
	Addr netip.AddrPort // by UDP and TCP
	Dir  string         // its files, gone after the test
	log  *bytes.Buffer
	quit chan struct{} // closed when the process has ended
}

// setup is what differs from server to server.
type setup struct {
	program string
	config  func(dir string, port uint16) string
	args    func(config string) []string
	ready   dns.Key // the question that it must answer
}

// start runs a server until the end of the test. A port that is free may be
// taken a moment later, so it tries again.
func start(tb testing.TB, s setup, files map[string]string) *Server {
	tb.Helper()
	program := Program(tb, s.program)
	var err error
	for range 3 {
		var srv *Server
		if srv, err = try(tb, program, s, files); err == nil {
			return srv
		}
	}
	tb.Fatal(err)
	return nil
}

func try(tb testing.TB, program string, s setup, files map[string]string) (*Server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	// Not TempDir: its name would be too long for the path of a control socket.
	dir, err := os.MkdirTemp("", "sendplan")
	if err != nil {
		return nil, err
	}
	tb.Cleanup(func() { _ = os.RemoveAll(dir) })
	config := filepath.Join(dir, "server.conf")
	if err := os.WriteFile(config, []byte(s.config(dir, port)), 0o600); err != nil {
		return nil, err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	srv := &Server{netip.AddrPortFrom(loopback, port), dir, new(bytes.Buffer), make(chan struct{})}
	cmd := exec.Command(program, s.args(config)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, srv.log, srv.log
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = cmd.Wait() // it ends when it is killed, or says in its log why it did
		close(srv.quit)
	}()
	stop := func() {
		_ = cmd.Process.Kill()
		<-srv.quit
	}
	if err := srv.wait(s.ready); err != nil {
		stop()
		return nil, fmt.Errorf("%s: %w\n%s", s.program, err, srv.log)
	}
	tb.Cleanup(stop)
	return srv, nil
}

var loopback = netip.MustParseAddr("127.0.0.1")

// freePort returns a port that neither transport uses.
func freePort() (uint16, error) {
	for {
		udp, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopback, 0)))
		if err != nil {
			return 0, err
		}
		at := udp.LocalAddr().(*net.UDPAddr).AddrPort()
		tcp, err := net.ListenTCP("tcp4", net.TCPAddrFromAddrPort(at))
		if err := udp.Close(); err != nil {
			return 0, err
		}
		if err != nil {
			continue
		}
		return at.Port(), tcp.Close()
	}
}

// wait returns when the server answers, or why it does not.
func (s *Server) wait(ready dns.Key) error {
	client, err := dns.NewClient(dns.ClientOptions{
		Servers: []dns.Server{{Transport: dns.UDP, Addr: s.Addr}}, Timeout: time.Second, Attempts: 1,
	})
	if err != nil {
		return err
	}
	for range 200 {
		if _, err = client.Lookup(context.Background(), ready.Name, ready.Type); err == nil {
			return nil
		}
		select {
		case <-s.quit:
			return fmt.Errorf("it ended before it answered")
		case <-time.After(50 * time.Millisecond):
		}
	}
	return fmt.Errorf("it does not answer: %w", err)
}
