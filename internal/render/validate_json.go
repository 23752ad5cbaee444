package render

import "time"

// validDoc is the result of "sendplan validate".
type validDoc struct {
	validJSON
	valid Validated
}

// validJSON is its form for programs.
type validJSON struct {
	Schema  int           `json:"schema"`
	Date    string        `json:"date"`
	Verdict ValidVerdict  `json:"verdict"`
	Right   any           `json:"right"` // of all devices together: true, false or "unknown"
	Zone    *string       `json:"zone"`  // that is not published yet; null where the plan is judged
	Devices []plannedJSON `json:"devices"`
	Senders []senderJSON  `json:"senders"` // all, not only those that lose
	Blocked []blockJSON   `json:"blocked"`
	Unknown []unknownJSON `json:"unknown"`
	Sources []sourceJSON  `json:"sources"` // of the facts above
}

func newValidation(v Validated) validDoc {
	doc := validJSON{
		Schema: Schema, Date: v.Date.Format(time.DateOnly), Verdict: v.Verdict(), Right: truth(v.Right()),
		Senders: mapped(v.Senders, newSender), Blocked: mapped(v.bearing().Blocked, newBlock), Unknown: mapped(v.Unknown, newUnknown),
	}
	if v.Zone != "" {
		zone := octets(v.Zone.String())
		doc.Zone = &zone
	}
	var used sources
	doc.Devices = mapped(v.Devices, used.plannedDevice)
	doc.Sources = used.list()
	return validDoc{doc, v}
}
