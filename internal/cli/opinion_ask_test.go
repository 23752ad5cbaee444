package cli

import (
	"bytes"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"

	"sendplan/internal/dns/realserver"
	"sendplan/internal/proof"
)

// opinion is a program that judges mail on its own. Debian's packages of it are
// for Debian's interpreters, not for any other that PATH may have.
type opinion struct {
	name, interpreter string
	installed         string // a script that ends well if the program is installed
	flag              string // with which the interpreter takes a script
	file              string // the script that asks the program
	claims            func([]proved) []claim
}

var opinions = []opinion{
	{"Mail::SPF", "/usr/bin/perl", "use Mail::SPF", "-e", "mailspf.pl", spfClaims},
	{"pyspf", "/usr/bin/python3", "import dns.resolver, spf", "-c", "pyspf.py", spfClaims},
	{"OpenDMARC", "/usr/bin/python3", "import ctypes; ctypes.CDLL('libopendmarc.so.2'); open('/usr/share/publicsuffix/public_suffix_list.dat')",
		"-c", "opendmarc.py", dmarcClaims},
}

// claim is what a proof says of mail, which goes to the program as one line or,
// where it is about several kinds of messages, as several.
type claim struct {
	who   string
	lines []string
	says  string
}

// worstOf is what a program says of all messages of a claim: the first answer
// that is not "pass", if there is one.
func worstOf(answers []string) string {
	for _, answer := range answers {
		if answer != "pass" {
			return answer
		}
	}
	return "pass"
}

// need skips a test where the program is not installed, or fails it where the
// environment requires it.
func (o opinion) need(t *testing.T) {
	t.Helper()
	err := exec.Command(o.interpreter, o.flag, o.installed).Run()
	switch {
	case err == nil:
	case os.Getenv(realserver.RequireEnv) == "require":
		t.Fatalf("%s is not installed, and %s=require", o.name, realserver.RequireEnv)
	default:
		t.Skipf("%s is not installed; on Debian: apt-get install libmail-spf-perl python3-spf python3-dnspython libopendmarc2 publicsuffix", o.name)
	}
}

// ask runs the program on lines, with the resolver at a port, and returns its
// answers.
func (o opinion) ask(t *testing.T, port uint16, lines []string) []string {
	t.Helper()
	script, err := os.ReadFile("testdata/opinion/" + o.file) // read here, so that a test is not taken from the cache when it changes
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), o.interpreter, o.flag, string(script), strconv.Itoa(int(port)))
	var errs bytes.Buffer
	cmd.Stdin, cmd.Stderr = strings.NewReader(strings.Join(lines, "\n")+"\n"), &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", o.name, err, errs.String())
	}
	answers := strings.Fields(string(out))
	if len(answers) != len(lines) {
		t.Fatalf("%s gave %d answers to %d questions\n%s", o.name, len(answers), len(lines), errs.String())
	}
	return answers
}

// hearing asks all programs, and counts what they said.
type hearing struct {
	mu   sync.Mutex
	said map[string]map[string]int // by program and answer
}

// side asks every program about one side of a plan.
func (h *hearing) side(t *testing.T, where string, port uint16, list []proved) {
	t.Helper()
	for _, o := range opinions {
		claims := o.claims(list)
		var lines []string
		for _, c := range claims {
			lines = append(lines, c.lines...)
		}
		if len(lines) == 0 {
			continue
		}
		answers := o.ask(t, port, lines)
		for _, c := range claims {
			said := worstOf(answers[:len(c.lines)])
			answers = answers[len(c.lines):]
			h.count(o.name, said)
			if said != c.says {
				t.Errorf("%s, %s: %s says %s, the proof %s, of\n%s", where, c.who, o.name, said, c.says, strings.Join(c.lines, "\n"))
			}
		}
	}
}

func (h *hearing) count(program, said string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.said[program] == nil {
		h.said[program] = map[string]int{}
	}
	h.said[program][said]++
}

// check says what was heard. It fails if the programs were hardly asked, or give
// always the same answer.
func (h *hearing) check(t *testing.T) {
	t.Helper()
	for _, o := range opinions {
		t.Logf("%s: %v", o.name, h.said[o.name])
		if said := h.said[o.name]; len(said) < 4 || said["pass"] < 50 {
			t.Errorf("%s was hardly asked", o.name)
		}
	}
}

// proved is one outcome of a plan, and of whom.
type proved struct {
	who string
	proof.Outcome
}
