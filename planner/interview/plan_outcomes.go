package interview

import (
	"fmt"

	"sendplan/internal/method"
	"sendplan/internal/proof"
	"sendplan/internal/words"
	"sendplan/planner"
)

// devices are what receivers make of the mail of each device, before and after.
func (p planned) devices() Section {
	var items []Item
	for _, d := range p.Plan.Devices {
		var more lines
		if d.Right != method.True {
			more.add(rightMark(d.Right), 0, d.Why)
		}
		more.add(Plain, 0, "method: "+words.Method(d))
		more = append(more, proofLines(d.After)...)
		for i, h := range d.Hops {
			more = append(more, hopLines(i+1, h)...)
		}
		one := item(rightMark(d.Right), d.Name, more)
		one.Cells = append(words.Steps(d.Before, d.After), words.Right(d.Right))
		one.About = Subject{OfDevice, d.Name}
		items = append(items, one)
	}
	table := section("Devices, before -> after (one word: the same)", items)
	table.Columns = []string{"Device", "SPF", "DKIM", "DMARC", "Right"}
	return table
}

// senders are what receivers make of those whom the records allow besides.
func (p planned) senders() Section {
	var items []Item
	for _, s := range p.Plan.Senders {
		var more lines
		more.add(Plain, 0, words.Sender(s))
		more = append(more, proofLines(s.After)...)
		one := item(senderMark(s), s.What, more)
		one.Cells = words.Steps(s.Before, s.After)
		items = append(items, one)
	}
	table := section("Whom the records allow besides, before -> after", items)
	table.Columns = []string{"Sender", "SPF", "DKIM", "DMARC"}
	return table
}

// senderMark signs what becomes of a sender. One that fails as it did before is no
// fault of the plan.
func senderMark(s planner.Sender) Mark {
	if s.After.Right == method.False && s.Before.Right != method.True {
		return Warn
	}
	return rightMark(s.After.Right)
}

func rightMark(right method.Truth) Mark {
	switch right {
	case method.True:
		return Good
	case method.False:
		return Bad
	}
	return Unknown
}

// proofLines say how the verdicts came about.
func proofLines(o proof.Outcome) lines {
	var more lines
	for _, text := range words.Reasons(o) {
		more.add(Plain, 0, text)
	}
	return more
}

// hopLines say how the mail goes a step further, and whether it is judged there.
func hopLines(n int, h method.Hop) lines {
	judged := map[method.Truth]string{method.True: "judged", method.False: "informative", method.Unknown: "judged or not: unknown"}[h.Judged]
	var more lines
	more.add(Plain, 0, fmt.Sprintf("hop %d: %s -> %s: %s", n, h.From, h.To, judged))
	more.add(Muted, 1, h.Why)
	if len(h.Addresses) > 0 {
		more.add(Muted, 1, "from "+list(h.Addresses, prefixText))
	}
	for _, name := range h.Includes {
		more.add(Muted, 1, "from the addresses of include:"+name.String())
	}
	for _, note := range h.Notes {
		more.add(Muted, 1, note)
	}
	return more
}
