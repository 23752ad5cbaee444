package check

import (
	"slices"
	"strings"

	"sendplan/dmarc"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

// ownStep returns the question for the domain's own policy.
func (d *Domain) ownStep() (dmarc.Step, bool) {
	if walk := d.DMARC.Walk; len(walk) > 0 && walk[0].Domain == d.Name {
		return walk[0], true
	}
	return dmarc.Step{}, false
}

// registered returns the domain that the owner registered: one label below the
// public suffix. What is published above it is not his.
func (d *Domain) registered() dns.Name {
	if tenant, ok := tenantDomain(d.Name); ok {
		return tenant
	}
	return d.DMARC.Old.Org
}

// ownSteps returns the questions of the tree walk that the owner of the domain
// answers for, as far as the walk is certain to get: up to the first failure.
func (d *Domain) ownSteps() []dmarc.Step {
	registered := d.registered()
	for i, step := range d.DMARC.Walk {
		if step.Err != nil || !step.Domain.Below(registered) {
			return d.DMARC.Walk[:i]
		}
	}
	return d.DMARC.Walk
}

// policyStep returns the question whose answer holds the record that receivers
// act on. ok is false if there is none, or it is not known, or the domain does
// not exist.
func (d *Domain) policyStep() (step dmarc.Step, ok bool) {
	p := d.DMARC.Discovery
	if p.Source == dmarc.FromUnknown || !p.Record.DMARC || !d.isPresent() {
		return dmarc.Step{}, false
	}
	for _, step := range p.Walk {
		if step.Kept && step.Record.Text() == p.Record.Text() && (p.PolicyDomain == "" || p.PolicyDomain == step.Domain) {
			return step, true
		}
	}
	return dmarc.Step{}, false
}

// ownPolicy is policyStep for a record that is the owner's to change.
func (d *Domain) ownPolicy() (dmarc.Step, bool) {
	step, ok := d.policyStep()
	return step, ok && step.Domain.Below(d.registered())
}

// recordFaults makes a finding of each problem of the domain's DMARC record that
// want accepts.
func (d *Domain) recordFaults(want func(dmarc.Problem) bool, fix func(dmarc.Problem) string) []finding.Finding {
	step, ok := d.ownPolicy()
	if !ok {
		return nil
	}
	var faults []finding.Finding
	for _, p := range step.Record.Problems {
		if want(p) {
			faults = append(faults, failAt(step.Name, step.Record.Text(), finding.Span(p.Span), p.Message, fix(p)))
		}
	}
	return faults
}

// isKind returns a filter for problems of some kinds.
func isKind(kinds ...dmarc.Kind) func(dmarc.Problem) bool {
	return func(p dmarc.Problem) bool { return slices.Contains(kinds, p.Kind) }
}

// hasKind reports whether a record has a problem of one of the kinds.
func hasKind(r dmarc.Record, kinds ...dmarc.Kind) bool {
	return slices.ContainsFunc(r.Problems, isKind(kinds...))
}

// tagSpan returns the place of a tag in a record, empty if it is not there.
func tagSpan(r dmarc.Record, name string) finding.Span {
	for _, t := range r.Tags {
		if strings.EqualFold(t.Name, name) {
			return finding.Span{Start: t.NameSpan.Start, End: t.ValueSpan.End}
		}
	}
	return finding.Span{}
}

// txtRecord returns a TXT record as a line of a zone file.
func txtRecord(name dns.Name, text string) string {
	return name.Zone() + " IN TXT " + dns.NewTXT(text).String()
}

// repairedDMARC returns what a text at a _dmarc name was meant to be, or "" if
// that cannot be told: the same tags with the semicolons that are missing, and
// v=DMARC1 in front.
func repairedDMARC(text string) string {
	if len(text) > maxRewritten {
		return ""
	}
	text = strings.Map(func(r rune) rune {
		switch r {
		case '"', '\\', '\ufeff', '\u200b':
			return -1
		case '\u00a0', '\r', '\n':
			return ' '
		}
		return r
	}, text)
	problems := dmarc.Parse(text).Problems
	for i := len(problems) - 1; i >= 0; i-- {
		if p := problems[i]; p.Kind == dmarc.MissingSemicolon {
			text = text[:p.Span.Start] + "; " + strings.TrimLeft(text[p.Span.Start:], " \t,:")
		}
	}
	tags := []string{"v=DMARC1"}
	for _, t := range dmarc.Parse(text).Tags {
		if name := strings.ToLower(t.Name); name != "v" {
			tags = append(tags, name+"="+t.Value)
		}
	}
	repaired := dmarc.Parse(strings.Join(tags, "; "))
	sound := isKind(dmarc.RemovedTag, dmarc.NoEffect, dmarc.PolicyNotSecond, dmarc.URISize, dmarc.URINotMailto)
	if repaired.Use != dmarc.UsePolicy || slices.ContainsFunc(repaired.Problems, func(p dmarc.Problem) bool { return !sound(p) }) {
		return ""
	}
	return repaired.Text()
}

// publishRepaired is the fix for a text that can be repaired, else the words.
func publishRepaired(name dns.Name, text, otherwise string) string {
	if repaired := repairedDMARC(text); repaired != "" {
		return "publish " + txtRecord(name, repaired) + " instead"
	}
	return otherwise
}
