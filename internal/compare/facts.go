package compare

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// factsJSON is what a result says about the records of a domain.
type factsJSON struct {
	MX struct {
		Result string `json:"result"`
		Hosts  []struct {
			Preference uint16 `json:"preference"`
			Host       string `json:"host"`
		} `json:"hosts"`
	} `json:"mx"`
	SPF struct {
		Record string `json:"record"`
		Result string `json:"result"`
	} `json:"spf"`
	DKIM struct {
		Selectors []selectorJSON `json:"selectors"`
	} `json:"dkim"`
	DMARC struct {
		Record       string  `json:"record"`
		RecordDomain *string `json:"record_domain"`
		Source       string  `json:"source"`
	} `json:"dmarc"`
}

type selectorJSON struct {
	Selector string `json:"selector"`
	State    string `json:"state"`
	Target   string `json:"target"`
	Record   string `json:"record"`
}

// facts lists what is published for a domain, in a fixed order.
func (j factsJSON) facts(domain dns.Name) []Fact {
	facts := []Fact{j.mx(), j.spf(), j.dmarc(domain)}
	for _, s := range j.DKIM.Selectors {
		facts = append(facts, s.fact())
	}
	return facts
}

func (j factsJSON) mx() Fact {
	f := Fact{What: "MX", Known: j.MX.Result != "unknown"}
	var hosts []string
	for _, h := range j.MX.Hosts {
		hosts = append(hosts, fmt.Sprintf("%d %s", h.Preference, h.Host))
	}
	slices.Sort(hosts)
	switch j.MX.Result {
	case "records":
		f.Text = strings.Join(hosts, ", ")
	case "null":
		f.Text = "0 ."
	}
	return f
}

func (j factsJSON) spf() Fact {
	f := Fact{What: "SPF", Text: j.SPF.Record, Known: j.SPF.Record != "" || j.SPF.Result != "temperror"}
	if f.Text == "" && j.SPF.Result == "permerror" {
		f.Text = "several records"
	}
	return f
}

func (j factsJSON) dmarc(domain dns.Name) Fact {
	f := Fact{What: "DMARC", Text: j.DMARC.Record, Known: j.DMARC.Source != "unknown"}
	if at := j.DMARC.RecordDomain; f.Text != "" && at != nil && *at != domain.String() {
		f.Text += " (at " + *at + ")"
	}
	return f
}

func (s selectorJSON) fact() Fact {
	f := Fact{What: "DKIM " + s.Selector, Known: s.State != "unknown"}
	switch {
	case s.State == "missing" || s.State == "unknown":
	case s.Target != "":
		f.Text = s.State + ", CNAME to " + s.Target
	default:
		f.Text = strings.TrimSpace(s.State + " " + s.Record)
	}
	return f
}
