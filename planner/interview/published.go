package interview

import (
	"fmt"
	"strings"

	"sendplan/dmarc"
	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/spf"
)

// published is what a domain publishes today, as far as wishes are about it.
type published struct {
	dmarc   string     // in a few words
	err     *dns.Error // why that is not known
	missing bool       // it is known that no DMARC policy applies
	policy  dmarc.Policy
	next    inventory.DMARCTarget // the goal to recommend
	rua     []string
	known   bool // what dmarc and rua say

	spf     string // the end of the record, in a few words
	openEnd bool   // the end lets everybody pass, or says nothing
	locked  bool   // it refuses all mail, in both directions
}

// today returns what a domain publishes. What was not answered is not known, and
// nothing is recommended then.
func (s State) today(name dns.Name) published {
	d, asked := s.report(name)
	if !asked {
		return published{dmarc: "not looked at", spf: "not looked at"}
	}
	p := published{}
	p.readDMARC(d.DMARC.Discovery)
	p.readSPF(d)
	p.locked = d.Exchange.Null() && d.SPFText() == "v=spf1 -all"
	return p
}

func (p *published) readDMARC(d dmarc.Discovery) {
	p.policy = d.Policy
	switch {
	case d.Err != nil:
		p.dmarc, p.policy, p.err = "not known", dmarc.Unknown, d.Err
		return
	case d.Source == dmarc.FromUnknown || d.Policy == dmarc.Unknown:
		p.dmarc, p.policy, p.err = "not known", dmarc.Unknown, d.OrgErr
		return
	case d.Policy == dmarc.NoPolicy && d.Record.DMARC:
		p.dmarc = "a record that cannot be used"
	case d.Policy == dmarc.NoPolicy:
		p.dmarc = "no record"
	default:
		p.dmarc = policyTag(d)
	}
	p.known, p.missing, p.next = true, d.Policy == dmarc.NoPolicy, nextGoal(d)
	for _, uri := range d.Record.RUA {
		p.rua = append(p.rua, shownReports(uri.Text))
	}
}

// policyTag writes the policy as it stands in the record, with where that is.
func policyTag(d dmarc.Discovery) string {
	words := d.Tag + "=" + d.Policy.String()
	switch {
	case d.Tag == "":
		words = d.Policy.String() + ", as the record has no policy that counts"
	case d.Effective != d.Policy && d.Record.T:
		words += " with t=y, so " + d.Effective.String()
	case d.Effective != d.Policy:
		words += ", applied as " + d.Effective.String()
	}
	if d.Source != dmarc.FromAuthor {
		words += " at " + d.PolicyDomain.Unicode()
	}
	return words
}

// nextGoal is what to recommend: reports first, then a policy that protects.
// Beyond quarantine mail that mailing lists change is lost (RFC 9989 §7.4), which
// is for the domain's owner to weigh.
func nextGoal(d dmarc.Discovery) inventory.DMARCTarget {
	switch {
	case d.Policy == dmarc.NoPolicy:
		return inventory.DMARCNone
	case d.Policy == dmarc.None:
		return inventory.DMARCQuarantine
	}
	return inventory.DMARCKeep
}

// loosens reports whether a goal is less strict than the policy of today.
func (p published) loosens(goal inventory.DMARCTarget) bool {
	policies := map[inventory.DMARCTarget]dmarc.Policy{inventory.DMARCNone: dmarc.None, inventory.DMARCQuarantine: dmarc.Quarantine, inventory.DMARCReject: dmarc.Reject}
	policy, named := policies[goal]
	return named && p.known && policy < p.policy
}

// reports says where DMARC reports go.
func (p published) reports() string {
	switch {
	case !p.known:
		return "not known"
	case len(p.rua) == 0:
		return "nowhere"
	}
	return strings.Join(p.rua, ", ")
}

func (p *published) readSPF(d *check.Domain) {
	text := d.SPFText()
	switch {
	case d.SPF.Root == nil || d.SPF.Root.Err != nil || d.SPF.Result == spf.UnknownErrors && text == "":
		p.spf = "not known"
		return
	case text == "":
		p.spf = spfAbsence(d.SPF)
		return
	}
	record := spf.Parse(text)
	switch i := record.All(); {
	case i >= 0:
		q := record.Terms[i].Qualifier
		p.spf, p.openEnd = q.String()+"all", q == spf.QualifierPass || q == spf.QualifierNeutral
	case record.Redirect() >= 0:
		p.spf = "the end of " + record.Terms[record.Redirect()].Text
	default:
		p.spf, p.openEnd = "no end, so neutral", true
	}
}

func (s State) wishTable() Table {
	t := Table{Columns: []string{"Domain", "DMARC today", "Goal", "SPF end"}, Empty: "No domain is known yet."}
	for _, d := range s.inventory().Domains {
		t.Rows = append(t.Rows, s.wishRow(d))
	}
	return t
}

func (s State) wishRow(d inventory.Domain) Row {
	today := s.today(d.Name)
	row := Row{About: Subject{OfDomain, string(d.Name)}, Mark: today.mark(d)}
	if d.Parked == inventory.True {
		row.Cells = []string{d.Name.Unicode(), today.dmarc, "parked", today.spf}
		row.More = []Line{{Text: "It shall refuse all mail, in both directions."}}
		return row
	}
	row.Cells = []string{d.Name.Unicode(), today.dmarc, goalWords(d.DMARC.Target), endWords(d.SPF.All, today)}
	if today.known {
		row.More = append(row.More, Line{Text: "Reports go to: " + today.reports()})
	}
	if today.err != nil {
		row.More = append(row.More, Line{Mark: Unknown, Text: failure(today.err)})
	}
	if len(d.DMARC.RUA) > 0 {
		row.More = append(row.More, Line{Text: "Reports shall go to: " + list(d.DMARC.RUA, shownReports)})
	}
	if today.missing {
		row.More = append(row.More, Line{Mark: Bad, Text: "Without a DMARC policy nothing asks receivers to stop mail that only claims to be from this domain, and you do not hear of it."})
	}
	return row
}

// mark says whether what is published needs attention that nothing is planned
// for.
func (p published) mark(d inventory.Domain) Mark {
	keeps := d.Parked != inventory.True && orKeep(d.DMARC.Target) == string(inventory.DMARCKeep)
	switch {
	case !p.known:
		return Unknown
	case p.missing && keeps:
		return Bad
	case keeps && p.policy == dmarc.None:
		return Warn
	}
	return Plain
}

func goalWords(target inventory.DMARCTarget) string {
	if orKeep(target) == string(inventory.DMARCKeep) {
		return "as it is"
	}
	return "p=" + string(target)
}

func endWords(all inventory.SPFAll, today published) string {
	ends := map[inventory.SPFAll]string{inventory.SPFSoftFail: "~all", inventory.SPFFail: "-all"}
	if want := ends[all]; want != "" && want != today.spf {
		return fmt.Sprintf("%s, shall be %s", today.spf, want)
	}
	return today.spf
}
