package dmarc

import (
	"context"
	"fmt"

	"sendplan/internal/dns"
)

// maxDestinations bounds the questions that a hostile record can cause.
const maxDestinations = 20

// Destination is one place that a record asks reports to be sent to.
type Destination struct {
	Tag        string     // "rua" or "ruf"
	URI        URI        // as the record has it
	Outside    Answer     // it is outside the record's organisation and so must agree to get reports
	Name       dns.Name   // what was asked for its agreement; "" if nothing was
	Texts      []string   // the TXT records there
	Authorised Answer     // reports may go there
	SendTo     []URI      // where they go: URI, or what the destination put in its place; nil unless Authorised is Yes, or if it contradicts itself
	Why        string     // the reason, for people
	Err        *dns.Error // why something is not known
}

// Destinations says of each URI in rua and ruf whether reports may go there.
// Outside of the organization of at, the name where the record was found, that
// needs the destination's agreement (RFC 9990 §4; RFC 9991 §5 uses the same
// steps for ruf).
func Destinations(ctx context.Context, r dns.Resolver, at dns.Name, rec Record) []Destination {
	var ds []Destination
	for _, u := range rec.RUA {
		ds = append(ds, Destination{Tag: "rua", URI: u})
	}
	for _, u := range rec.RUF {
		ds = append(ds, Destination{Tag: "ruf", URI: u})
	}
	for i := range ds {
		if i >= maxDestinations {
			ds[i].Outside, ds[i].Authorised = NotKnown, NotKnown
			ds[i].Why = fmt.Sprintf("only the first %d destinations are looked at", maxDestinations)
			continue
		}
		ds[i].verify(ctx, r, at, rec.PSD)
	}
	return ds
}

// verify decides one destination.
func (d *Destination) verify(ctx context.Context, r dns.Resolver, at dns.Name, psd PSD) {
	switch {
	case !d.URI.Valid || d.URI.Host == "":
		d.Why = "it is not a URI with a host"
		return
	case d.Tag == "ruf" && psd == PSDYes:
		d.Why = "ruf is ignored in a record with psd=y" // RFC 9991 §2
		return
	}
	inside, err := Aligned(at, d.URI.Host, Relaxed, TreeOrg(ctx, r))
	switch {
	case err != nil:
		d.Outside, d.Err = NotKnown, failure(err, dns.Key{})
	case inside:
		d.Authorised, d.SendTo, d.Why = Yes, []URI{d.URI}, "it is in the record's own organisation"
		return
	default:
		d.Outside = Yes
	}
	d.agreement(ctx, r, at)
	if d.Outside == NotKnown && (d.Authorised == No || d.overridden()) {
		// In the record's own organisation its agreement would not matter.
		d.Authorised, d.SendTo = NotKnown, nil
	}
}

// overridden reports whether reports go elsewhere than the record says.
func (d *Destination) overridden() bool {
	return len(d.SendTo) != 1 || d.SendTo[0] != d.URI
}

// agreement asks the destination whether it takes reports about at.
func (d *Destination) agreement(ctx context.Context, r dns.Resolver, at dns.Name) {
	name, err := AuthorisationName(at, d.URI.Host)
	if err != nil {
		// RFC 9990 §4 step 4
		d.Why = "the name to ask at is too long for a domain name, so it can never agree"
		return
	}
	d.Name = name
	answer, err := r.Lookup(ctx, name, dns.TypeTXT)
	if err != nil {
		d.Authorised, d.Why = NotKnown, "the DNS does not tell whether it agrees"
		d.Err = failure(err, dns.Key{Name: name, Type: dns.TypeTXT})
		return
	}
	var records []Record
	for _, t := range texts(answer) {
		d.Texts = append(d.Texts, t.Text)
		// RFC 9990 §4 step 6: what does not start with v=DMARC1 is discarded
		if IsDMARC(t.Text) {
			records = append(records, Parse(t.Text))
		}
	}
	if len(records) == 0 { // step 7
		d.Why = "it publishes no agreement at " + name.String()
		return
	}
	// Step 8: one record is enough; several are as good.
	d.Authorised, d.SendTo, d.Why = Yes, []URI{d.URI}, "it agrees at "+name.String()
	d.override(records)
}

// override applies what the agreement puts in the destination's place. RFC 9990
// §4 step 9: it must have the same host; if not, neither the original nor the
// override may get reports. Which of several different overrides counts is not
// said anywhere, and so not known here.
func (d *Destination) override(records []Record) {
	found := ""
	for _, rec := range records {
		t, ok := rec.Tag(d.Tag)
		if !ok || t.Value == "" {
			continue
		}
		uris := rec.RUA
		if d.Tag == "ruf" {
			uris = rec.RUF
		}
		for _, u := range uris {
			if !u.Valid || u.Host != d.URI.Host {
				d.Authorised, d.SendTo = No, nil
				d.Why = fmt.Sprintf("its agreement sends reports on to %q, which is no URI at the host %s: none may be sent", brief(u.Text), d.URI.Host)
				return
			}
		}
		if found != "" && found != t.Value {
			d.SendTo, d.Why = nil, "it agrees, but in several records that send reports to different places"
		} else {
			found, d.SendTo = t.Value, uris
		}
	}
}
