//go:build !windows

package main

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/term"

	"sendplan/internal/dns/dnsserver"
	"sendplan/internal/world"
)

// Escape sequences that a full screen begins and ends with.
const (
	altScreen  = "\x1b[?1049h"
	mainScreen = "\x1b[?1049l"
	showCursor = "\x1b[?25h"
	ctrlC      = "\x03"
)

// soon is how long a reaction may take on a busy machine. What would wait for
// the network in these tests would wait far longer.
const soon = 10 * time.Second

// person sits at a terminal in which sendplan runs.
type person struct {
	t      *testing.T
	c      *exec.Cmd
	tty    *os.File // the program's end, so that its state can be looked at
	keys   *os.File
	before *term.State
	exited chan error

	mu   sync.Mutex
	seen bytes.Buffer
	more *sync.Cond
}

// sit starts sendplan in a terminal, in a folder of its own.
func sit(t *testing.T, env []string, args ...string) *person {
	t.Helper()
	p := &person{t: t, c: exec.Command(build(t), args...), exited: make(chan error, 1)}
	p.more = sync.NewCond(&p.mu)
	var err error
	if p.keys, p.tty, err = pty.Open(); err != nil {
		t.Fatal(err)
	}
	if err = pty.Setsize(p.keys, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	if p.before, err = term.GetState(int(p.tty.Fd())); err != nil {
		t.Fatal(err)
	}
	p.c.Stdin, p.c.Stdout, p.c.Stderr = p.tty, p.tty, p.tty
	p.c.Dir, p.c.Env = t.TempDir(), append([]string{"HOME=" + t.TempDir()}, env...)
	p.c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := p.c.Start(); err != nil {
		t.Fatal(err)
	}
	go p.watch()
	go func() { p.exited <- p.c.Wait() }()
	t.Cleanup(func() {
		p.c.Process.Kill()
		p.tty.Close()
		p.keys.Close()
	})
	return p
}

func (p *person) watch() {
	part := make([]byte, 4096)
	for {
		n, err := p.keys.Read(part)
		p.mu.Lock()
		p.seen.Write(part[:n])
		p.more.Broadcast()
		p.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// text returns all that was written so far.
func (p *person) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen.String()
}

// sees waits until a text is written, after what was before.
func (p *person) sees(text string, before int) {
	p.t.Helper()
	late := false
	alarm := time.AfterFunc(soon, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		late = true
		p.more.Broadcast()
	})
	defer alarm.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	for !strings.Contains(p.seen.String()[before:], text) {
		if late {
			p.t.Fatalf("%q was not shown in %v:\n%q", text, soon, p.seen.String()[before:])
		}
		p.more.Wait()
	}
}

// types presses keys and returns how much was written before.
func (p *person) types(keys string) int {
	p.t.Helper()
	before := len(p.text())
	if _, err := p.keys.WriteString(keys); err != nil {
		p.t.Fatal(err)
	}
	return before
}

// leaves waits for the end and returns the exit status.
func (p *person) leaves() int {
	p.t.Helper()
	began := time.Now()
	select {
	case <-p.exited:
	case <-time.After(soon):
		p.t.Fatalf("it runs on:\n%q", p.text())
	}
	p.t.Logf("it ended after %v", time.Since(began).Round(time.Millisecond))
	return p.c.ProcessState.ExitCode()
}

// finds makes sure that the terminal is as it was before.
func (p *person) finds() {
	p.t.Helper()
	p.sees(mainScreen, strings.LastIndex(p.text(), altScreen))
	p.sees(showCursor, strings.LastIndex(p.text(), altScreen))
	after, err := term.GetState(int(p.tty.Fd()))
	if err != nil || !reflect.DeepEqual(p.before, after) {
		p.t.Errorf("%v: the terminal is %+v, it was %+v", err, after, p.before)
	}
}

var colourTerminal = []string{"TERM=xterm-256color"}

// Leaving at once gives the terminal back.
func TestWizardInterrupted(t *testing.T) {
	t.Parallel()
	p := sit(t, colourTerminal, "wizard", "--demo")
	p.sees(altScreen, 0)
	p.sees("nordwind.example", 0)
	p.types(ctrlC + ctrlC)
	if code := p.leaves(); code != 130 {
		t.Errorf("exit status %d", code)
	}
	p.finds()
}

// Who has answered something is asked before it ends, and finds the draft.
func TestWizardInterruptedWork(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*person){
		"ctrl+c twice": func(p *person) {
			p.sees("Quit?", p.types(ctrlC))
			p.types(ctrlC)
		},
		"SIGTERM": func(p *person) { p.c.Process.Signal(syscall.SIGTERM) },
		"SIGHUP":  func(p *person) { p.c.Process.Signal(syscall.SIGHUP) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := answered(t)
			end(p)
			if code := p.leaves(); code != 130 {
				t.Errorf("exit status %d", code)
			}
			p.finds()
			draft, err := os.ReadFile(filepath.Join(p.c.Dir, "inventory.yaml.draft"))
			if err != nil || !strings.Contains(string(draft), "name: nordwind.example") {
				t.Errorf("%v: the draft is %s", err, draft)
			}
			p.sees("sendplan wizard --resume --demo", strings.LastIndex(p.text(), mainScreen))
		})
	}
}

// answered is a person who has answered the questions about the tenant.
func answered(t *testing.T) *person {
	t.Helper()
	p := sit(t, colourTerminal, "wizard", "--demo")
	p.sees("Microsoft 365", 0)
	p.sees("Tenant", p.types("n"))
	p.sees("Sites", p.types("\x13"))
	return p
}

// Who answered and then quits has not been interrupted.
func TestWizardQuit(t *testing.T) {
	t.Parallel()
	p := answered(t)
	p.sees("Quit?", p.types("q"))
	p.types("y")
	if code := p.leaves(); code != 0 {
		t.Errorf("exit status %d", code)
	}
	p.finds()
}

// While nothing answers, keys are heeded, and the end does not wait either.
func TestWizardDeadResolver(t *testing.T) {
	t.Parallel()
	silent, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { silent.Close() })
	closed, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	zones, err := world.Zones()
	if err != nil {
		t.Fatal(err)
	}
	slow, err := dnsserver.Start(dnsserver.Options{Zones: zones, Delay: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { slow.Close() })
	for name, resolver := range map[string]string{"silent": silent.LocalAddr().String(), "closed": closed.LocalAddr().String(), "slow": slow.Addr().String()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := sit(t, colourTerminal, "wizard", "nordwind.example", "--resolver", resolver, "--timeout", "1m", "--deadline", "5m")
			p.sees("nordwind.example", 0)
			p.sees("quit", p.types("?"))
			p.types("?" + ctrlC + ctrlC)
			if code := p.leaves(); code != 130 {
				t.Errorf("exit status %d", code)
			}
			p.finds()
		})
	}
}

// Where a screen cannot be drawn, or shall not be, no escape is written.
func TestWizardPlainTerminal(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		env  []string
		args []string
	}{
		{"--plain", colourTerminal, []string{"--plain"}},
		{"a dumb terminal", []string{"TERM=dumb"}, nil},
		{"SENDPLAN_PLAIN", append([]string{"SENDPLAN_PLAIN=1"}, colourTerminal...), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := sit(t, test.env, append([]string{"wizard", "--demo"}, test.args...)...)
			p.sees("What was found [", 0)
			p.sees("Outbound path", p.types("\n"))
			p.types(ctrlC)
			if code := p.leaves(); code != 130 {
				t.Errorf("exit status %d", code)
			}
			if text := p.text(); strings.ContainsRune(text, '\x1b') {
				t.Errorf("got %q", text)
			}
		})
	}
}

// Into a pipe go plain lines, and the end of the input is told.
func TestWizardPipe(t *testing.T) {
	t.Parallel()
	c := exec.Command(build(t), "wizard", "--demo")
	c.Dir, c.Env = t.TempDir(), colourTerminal
	c.Stdin = strings.NewReader("\n")
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	c.Run()
	if code := c.ProcessState.ExitCode(); code != 2 || strings.ContainsRune(out.String()+errs.String(), '\x1b') || !strings.Contains(errs.String(), "hint: ") {
		t.Errorf("exit status %d:\n%q\n%q", code, out.String(), errs.String())
	}
}
