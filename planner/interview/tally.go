package interview

import (
	"fmt"
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/survey"
	"sendplan/internal/words"
)

// Tally counts the answers of a look by what they are for. The zero value has
// none. It is a value: Add makes a new one.
type Tally struct {
	groups   [len(protocolNames)]tallied
	answered int
	failed   int // questions that have none in the end
	open     int // questions that wait for their answer
	last     dns.Key
}

// tallied is one group's answers.
type tallied struct {
	answers, failed int
	why             *dns.Error // of the last one that failed
}

// Add returns the tally with one more answer.
func (t Tally) Add(p survey.Progress) Tally {
	t.open = max(p.Asked-p.Answered, 0)
	t.last = p.Last
	g := &t.groups[purpose(p.Last)]
	if p.Err == nil {
		t.answered++
		g.answers++
		return t
	}
	t.failed++
	g.failed++
	g.why = p.Err
	return t
}

// purpose tells from a question alone what it is for.
func purpose(k dns.Key) protocol {
	name := k.Name.String()
	switch {
	case k.Type == dns.TypeMX:
		return aboutMX
	case strings.Contains(name, "._domainkey."):
		return aboutDKIM
	case k.Type != dns.TypeTXT || strings.HasPrefix(name, "_mta-sts.") || strings.HasPrefix(name, "_smtp._tls.") || strings.HasPrefix(name, "default._bimi."):
		return aboutOther
	case strings.HasPrefix(name, "_dmarc.") || strings.Contains(name, "._report._dmarc."):
		return aboutDMARC
	}
	return aboutSPF
}

// Lines says how far the look is: a line for all, and one for each group. There
// are as many from the first answer to the last, so that nothing jumps.
func (t Tally) Lines() []Line {
	head := "nothing is answered yet"
	if came := t.answered + t.failed; came > 0 {
		failed := ""
		if t.failed > 0 {
			failed = fmt.Sprintf(", %d failed", t.failed)
		}
		head = fmt.Sprintf("%d of %d answered%s, the last %s", t.answered, came+t.open, failed, bounded(words.Key(t.last), maxTitle))
	}
	lines := []Line{{Text: head}}
	for i, g := range t.groups {
		line := Line{Indent: 1, Text: fmt.Sprintf("%-8s%s", protocolNames[i], g.words())}
		switch {
		case g.failed > 0:
			line.Mark = Unknown
		case g.answers == 0:
			line.Mark = Muted
		}
		lines = append(lines, line)
	}
	return lines
}

func (g tallied) words() string {
	words := words.Plural(g.answers, "answer")
	if g.failed > 0 {
		words += fmt.Sprintf(", %d failed: %s", g.failed, reason(g.why))
	}
	return words
}

// failure says which question was not answered, and why.
func failure(e *dns.Error) string {
	if e.Cause != dns.Canceled {
		return e.Error()
	}
	return strings.Replace(e.Error(), ": "+e.Cause.String(), ": "+notWaitedFor, 1)
}

// notWaitedFor is what became of a question where the person went on.
const notWaitedFor = "not waited for"

// reason is why a question was not answered, and by whom.
func reason(e *dns.Error) string {
	words := e.Cause.String()
	if e.Cause == dns.Canceled {
		words = notWaitedFor
	}
	if e.Server != "" {
		words += " from " + e.Server
	}
	return bounded(words, maxTitle)
}
