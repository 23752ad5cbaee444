package spf

import (
	"fmt"
	"strings"
)

// doubtful notes a modifier that is ignored, but was meant to be something.
func (p *termParser) doubtful() {
	t, lower := p.t, strings.ToLower(p.t.Name)
	near := nearMechanism(lower)
	if kinds[lower].Mechanism() {
		near = lower
	}
	switch {
	case strings.HasSuffix(lower, "v") && strings.HasPrefix(strings.ToLower(t.Domain), "spf1"):
		p.doubts = append(p.doubts, Fault{SecondVersion, t.Span, p.index,
			fmt.Sprintf("%s reads as an unknown modifier and is ignored: %s belongs at the start, once", show(t.Text), versionTag), ""})
	case near != "":
		p.doubts = append(p.doubts, Fault{MechanismAsModifier, t.Span, p.index,
			fmt.Sprintf("%s reads as an unknown modifier and is ignored: write %s: with a colon", show(t.Text), near), near + ":" + t.Domain})
	case distance(lower, "redirect") <= 2 || lower == "explanation":
		p.doubts = append(p.doubts, Fault{MisspelledModifier, t.Span, p.index,
			fmt.Sprintf("%s is an unknown modifier and is ignored", show(t.Text)), ""})
	}
}
