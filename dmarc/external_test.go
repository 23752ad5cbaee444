package dmarc

import (
	"strings"
	"testing"

	"sendplan/internal/dns"
)

const record = "v=DMARC1; p=none; rua=mailto:d@agg.example.net"

func TestDestinations(t *testing.T) {
	t.Parallel()
	const at, asked = "example.com", "example.com._report._dmarc.agg.example.net"
	for _, tt := range []struct {
		name   string
		rec    string
		agree  []string // TXT records at asked
		fails  string
		want   string // outside, authorised, where to
		errors bool
	}{
		{"agrees", record, []string{"v=DMARC1"}, "", "yes yes mailto:d@agg.example.net", false},
		{"does not", record, nil, "", "yes no", false},
		{"foreign TXT only", record, []string{"v=spf1 -all"}, "", "yes no", false},
		{"question fails", record, nil, asked, "yes unknown", true},
		{"inside", "v=DMARC1; rua=mailto:d@mail.example.com", nil, "", "no yes mailto:d@mail.example.com", false},
		{"inside, equal names ask nothing", "v=DMARC1; rua=mailto:d@example.com", nil, "_dmarc.example.com", "no yes mailto:d@example.com", false},
		{"inside or not is unknown, no agreement", "v=DMARC1; rua=mailto:d@agg.example.com", nil, "_dmarc.com", "unknown unknown", true},
		{"no host", "v=DMARC1; rua=d@agg.example.net", []string{"v=DMARC1"}, "", "no no", false},
		{"override", record, []string{"v=DMARC1; rua=mailto:t@agg.example.net,mailto:u@agg.example.net"}, "", "yes yes mailto:t@agg.example.net mailto:u@agg.example.net", false},
		{"override elsewhere", record, []string{"v=DMARC1; rua=mailto:t@agg.example.net,mailto:u@example.org"}, "", "yes no", false},
		{"override is no URI", record, []string{"v=DMARC1; rua=t@agg.example.net"}, "", "yes no", false},
		{"two overrides", record, []string{"v=DMARC1; rua=mailto:t@agg.example.net", "v=DMARC1; rua=mailto:u@agg.example.net"}, "", "yes yes", false},
		{"one override of two", record, []string{"v=DMARC1", "v=DMARC1; rua=mailto:u@agg.example.net"}, "", "yes yes mailto:u@agg.example.net", false},
		{"override of ruf is none of rua", record, []string{"v=DMARC1; ruf=mailto:u@example.org"}, "", "yes yes mailto:d@agg.example.net", false},
		{"ruf", "v=DMARC1; ruf=mailto:d@agg.example.net", []string{"v=DMARC1; rua=mailto:u@example.org"}, "", "yes yes mailto:d@agg.example.net", false},
		{"ruf of a public suffix", "v=DMARC1; psd=y; ruf=mailto:d@agg.example.net", []string{"v=DMARC1"}, "", "no no", false},
		{"https", "v=DMARC1; rua=https://agg.example.net/x", []string{"v=DMARC1"}, "", "yes yes https://agg.example.net/x", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := policies(at, "v=DMARC1; p=none")
			f.txt[asked] = tt.agree
			if tt.fails != "" {
				f.faults[dns.MustName(tt.fails)] = dns.Timeout
			}
			d := Destinations(t.Context(), f, at, Parse(tt.rec))[0]
			got := []string{d.Outside.String(), d.Authorised.String()}
			for _, u := range d.SendTo {
				got = append(got, u.Text)
			}
			if g := strings.Join(got, " "); g != tt.want || (d.Err != nil) != tt.errors {
				t.Errorf("got %q (%s, %v), want %q", g, d.Why, d.Err, tt.want)
			}
			if d.Authorised != Yes && d.Why == "" && d.Err == nil {
				t.Error("no reason")
			}
		})
	}
}

func TestDestinationsAgreesThoughOrganizationIsUnknown(t *testing.T) {
	t.Parallel()
	f := policies()
	f.faults["_dmarc.com"] = dns.ServFail
	f.txt["example.com._report._dmarc.agg.com"] = []string{"v=DMARC1"}
	d := Destinations(t.Context(), f, "example.com", Parse("v=DMARC1; rua=mailto:d@agg.com"))[0]
	if d.Outside != NotKnown || d.Authorised != Yes || len(d.SendTo) != 1 {
		t.Errorf("%+v", d)
	}
	f.txt["example.com._report._dmarc.agg.com"] = []string{"v=DMARC1; rua=mailto:x@agg.com"}
	d = Destinations(t.Context(), f, "example.com", Parse("v=DMARC1; rua=mailto:d@agg.com"))[0]
	if d.Authorised != NotKnown || d.SendTo != nil {
		t.Errorf("%+v", d)
	}
}

func TestDestinationsAreBounded(t *testing.T) {
	t.Parallel()
	f := policies()
	rec := Parse("v=DMARC1; p=none; rua=" + strings.Repeat("mailto:a@example.net,", 1000) + "mailto:a@example.net")
	ds := Destinations(t.Context(), f, "example.com", rec)
	if len(ds) != 1001 || len(f.asked) > 20*maxDestinations || ds[maxDestinations].Authorised != NotKnown {
		t.Errorf("%d destinations, %d questions", len(ds), len(f.asked))
	}
}
