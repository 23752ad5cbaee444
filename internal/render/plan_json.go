package render

import (
	"time"

	"sendplan/internal/dns"
	"sendplan/planner"
	"sendplan/spf"
)

// planDoc is the result of "sendplan plan".
type planDoc struct {
	planJSON
	plan Planned
}

// planJSON is its form for programs.
type planJSON struct {
	Schema  int           `json:"schema"`
	Date    string        `json:"date"`
	Verdict PlanVerdict   `json:"verdict"`
	Right   any           `json:"right"` // of all devices together: true, false or "unknown"
	Domains []planDomain  `json:"domains"`
	Stages  []stageJSON   `json:"stages"`
	Devices []plannedJSON `json:"devices"`
	Senders []senderJSON  `json:"senders"`
	Blocked []blockJSON   `json:"blocked"`
	Unknown []unknownJSON `json:"unknown"`
	Offers  []offerJSON   `json:"offers"`
	Sources []sourceJSON  `json:"sources"` // of the facts above
}

type planDomain struct {
	Name  string      `json:"name"`
	SPF   planSPFJSON `json:"spf"`
	Notes []string    `json:"notes"` // what else is worth telling: wishes that have no effect, for one
}

type planSPFJSON struct {
	Before        []string   `json:"before"` // the texts of the records, none if there is none
	After         string     `json:"after"`
	Terms         []termJSON `json:"terms"`
	LookupsBefore costJSON   `json:"lookups_before"`
	LookupsAfter  costJSON   `json:"lookups_after"`
	Gained        []gainJSON `json:"gained"`
	Lost          []lossJSON `json:"lost"`
	Warnings      []string   `json:"warnings"`
}

type termJSON struct {
	Action string `json:"action"` // keep, add, remove or replace
	Text   string `json:"text"`
	With   string `json:"with"` // of replace: what stands there instead
	Why    string `json:"why"`
}

type costJSON struct {
	Lookups     int  `json:"lookups"`
	VoidLookups int  `json:"void_lookups"` // of the client that has more of them
	LowerBound  bool `json:"lower_bound"`  // something could not be counted
}

type gainJSON struct {
	Prefix string `json:"prefix"`
	Who    string `json:"who"`
	Before string `json:"before"` // what it got; it passes after
}

type lossJSON struct {
	Prefix string `json:"prefix"`
	Who    string `json:"who"`
	After  string `json:"after"` // what it gets; it passed before
}

type stageJSON struct {
	Title      string          `json:"title"`
	Current    bool            `json:"current"`
	BeforeDate bool            `json:"before_date"`
	Open       bool            `json:"open"`   // all conditions are met
	WaitS      int             `json:"wait_s"` // how long resolvers may go on with what was there, from when it is published
	Until      *string         `json:"until"`  // the day before which it must be done; null if it can wait, or is overdue
	Conditions []conditionJSON `json:"conditions"`
	Changes    []changeJSON    `json:"changes"`
	Tasks      []taskJSON      `json:"tasks"`
}

type conditionJSON struct {
	Text   string `json:"text"`
	Met    bool   `json:"met"`
	Why    string `json:"why"`
	Accept string `json:"accept"`
}

type changeJSON struct {
	Zone       string     `json:"zone"`
	Name       string     `json:"name"`
	Type       string     `json:"type"`
	TTL        uint32     `json:"ttl"`         // of the set that is left, or that goes
	OldTTL     uint32     `json:"old_ttl"`     // 0 of a new set
	Old        []string   `json:"old"`         // the records; a TXT record with its strings joined
	New        []string   `json:"new"`         // likewise
	OldStrings [][]string `json:"old_strings"` // of TXT records: their character-strings
	NewStrings [][]string `json:"new_strings"` // likewise
	Why        []string   `json:"why"`
	Held       bool       `json:"held"` // by what blocks the plan
}

type taskJSON struct {
	Who     string `json:"who"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
	Command string `json:"command"`
	Why     string `json:"why"`
}

type blockJSON struct {
	ID      string    `json:"id"`
	Accept  string    `json:"accept"`
	Subject string    `json:"subject"`
	Message string    `json:"message"`
	Fix     string    `json:"fix"`
	Holds   []setJSON `json:"holds"`
}

type setJSON struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

type unknownJSON struct {
	Subject string      `json:"subject"`
	Message string      `json:"message"`
	Fix     string      `json:"fix"`
	Cause   *dnsErrJSON `json:"cause"` // null where the inventory is silent
}

type offerJSON struct {
	Accept  string   `json:"accept"`
	Subject string   `json:"subject"`
	Text    string   `json:"text"`
	Flatten *pinJSON `json:"flatten"` // what is written into the inventory in place of the yes; null if the yes is
}

type pinJSON struct {
	Domain    string   `json:"domain"`
	Term      string   `json:"term"`
	Date      string   `json:"date"`
	Addresses []string `json:"addresses"`
}

func newPlan(p Planned) planDoc {
	doc := planJSON{
		Schema: Schema, Date: p.Date.Format(time.DateOnly), Verdict: p.Verdict(), Right: truth(p.Right()),
		Domains: mapped(p.Domains, newPlanDomain), Stages: p.stagesJSON(), Senders: mapped(p.Senders, newSender),
		Blocked: mapped(p.Blocked, newBlock), Unknown: mapped(p.Unknown, newUnknown), Offers: mapped(p.Offers, newOffer),
	}
	var used sources
	doc.Devices = mapped(p.Devices, used.plannedDevice)
	doc.Sources = used.list()
	return planDoc{doc, p}
}

// mapped makes a list of another one, never null.
func mapped[A, B any](list []A, one func(A) B) []B {
	out := make([]B, 0, len(list))
	for _, a := range list {
		out = append(out, one(a))
	}
	return out
}

func newPlanDomain(d planner.Domain) planDomain {
	return planDomain{octets(d.Name.String()), planSPFJSON{
		Before: mapped(d.SPF.Before, octets), After: octets(d.SPF.After),
		Terms: mapped(d.SPF.Terms, func(t planner.Term) termJSON {
			return termJSON{string(t.Action), octets(t.Text), octets(t.With), octets(t.Why)}
		}),
		LookupsBefore: newCost(d.SPF.LookupsBefore), LookupsAfter: newCost(d.SPF.LookupsAfter),
		Gained: mapped(d.SPF.Gained, func(g planner.Difference) gainJSON {
			return gainJSON{g.Prefix.String(), octets(g.Who), string(g.Result)}
		}),
		Lost: mapped(d.SPF.Lost, func(l planner.Difference) lossJSON {
			return lossJSON{l.Prefix.String(), octets(l.Who), string(l.Result)}
		}),
		Warnings: mapped(d.SPF.Warnings, octets),
	}, mapped(d.Notes, octets)}
}

func newCost(c spf.Counts) costJSON {
	return costJSON{c.Lookups, max(c.Voids4, c.Voids6), c.Partial || c.PartialVoids}
}

func (p Planned) stagesJSON() []stageJSON {
	return mapped(p.Stages, func(s planner.Stage) stageJSON {
		return stageJSON{
			Title: octets(s.Title), Current: s.Current, BeforeDate: s.BeforeDate || s.Overdue, Open: s.Open(), WaitS: int(s.Wait.Seconds()), Until: dayOrNull(s.Until),
			Conditions: mapped(s.Conditions, func(c planner.Condition) conditionJSON {
				return conditionJSON{octets(c.Text), c.Met, octets(c.Why), octets(string(c.Accept))}
			}),
			Changes: mapped(s.Changes, p.changeJSON),
			Tasks: mapped(s.Tasks, func(t planner.Task) taskJSON {
				return taskJSON{octets(t.Who), octets(t.Subject), octets(t.Text), octets(t.Command), octets(t.Why)}
			}),
		}
	})
}

// dayOrNull is a day as text, nil for the zero time.
func dayOrNull(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	day := t.Format(time.DateOnly)
	return &day
}

func (p Planned) changeJSON(c dns.Change) changeJSON {
	return changeJSON{
		Zone: octets(c.Zone.String()), Name: octets(c.Key.Name.String()), Type: c.Key.Type.String(), TTL: finalTTL(c), OldTTL: dns.TTL(c.Old),
		Old: mapped(c.Old, recordText), New: mapped(c.New, recordText), OldStrings: recordStrings(c.Old), NewStrings: recordStrings(c.New),
		Why: mapped(c.Why, octets), Held: p.Held(c.Key),
	}
}

// recordText is what a record holds, a TXT record as its readers see it.
func recordText(r dns.Record) string {
	if txt, ok := r.Data.(dns.TXT); ok {
		return octets(txt.Joined())
	}
	return octets(r.Data.String())
}

// recordStrings are the character-strings of TXT records: where they part is
// nothing to readers, but an update must name them exactly.
func recordStrings(set []dns.Record) [][]string {
	list := [][]string{}
	for _, r := range set {
		if txt, ok := r.Data.(dns.TXT); ok {
			list = append(list, mapped(txt.Strings(), octets))
		}
	}
	return list
}

func newBlock(b planner.Block) blockJSON {
	return blockJSON{
		ID: string(b.ID), Accept: octets(string(b.Accept)), Subject: octets(b.Subject), Message: octets(b.Message), Fix: octets(b.Fix),
		Holds: mapped(b.Holds, func(k dns.Key) setJSON { return setJSON{octets(k.Name.String()), k.Type.String()} }),
	}
}

func newUnknown(u planner.Unknown) unknownJSON {
	return unknownJSON{octets(u.Subject), octets(u.Message), octets(u.Fix), newDNSErr(u.Cause)}
}

func newOffer(o planner.Offer) offerJSON {
	out := offerJSON{Accept: octets(string(o.Accept)), Subject: octets(o.Subject), Text: octets(o.Text)}
	if o.Pin != nil {
		out.Flatten = &pinJSON{octets(o.Pin.Domain.String()), octets(o.Pin.Term), o.Pin.Date.Format(time.DateOnly), prefixes(o.Pin.Addresses)}
	}
	return out
}
