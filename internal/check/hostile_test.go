package check_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/survey"
)

// huge is how many octets of text a hostile record holds here, half of the most
// that DNS allows.
const huge = 32000

// longTXT is a TXT record of one text, in strings of 250 octets.
func longTXT(name, text string) string {
	var b strings.Builder
	b.WriteString(name + " IN TXT")
	for len(text) > 0 {
		n := min(250, len(text))
		fmt.Fprintf(&b, " %q", text[:n])
		text = text[n:]
	}
	return b.String() + "\n"
}

// filled is start and as many times part as make a huge text.
func filled(start, part string) string { return start + strings.Repeat(part, huge/len(part)) }

// numbered is n texts made by a format of one number.
func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// hostileZones hold one kind of mistake thousands of times.
func hostileZones() map[string]string {
	spf := func(text string) string { return longTXT("contoso.example.", text) }
	policy := func(text string) string { return longTXT("_dmarc.contoso.example.", text) }
	key := func(name, text string) string { return longTXT(name+"._domainkey.contoso.example.", text) }
	zones := map[string]string{
		"addresses":               spf("v=spf1" + numbered(4000, " ip4:192.0.2.1/%d")),
		"an include bomb":         spf("v=spf1"+numbered(9, " include:i%d.contoso.example")) + numbered(9, "i%d.contoso.example. IN CNAME i.contoso.example.\n") + longTXT("i.contoso.example.", filled("v=spf1", " ip4:10.1.2.3")),
		"includes":                spf("v=spf1" + numbered(3000, " include:x%d.contoso.example")),
		"MX hosts":                numbered(1000, "contoso.example. IN MX 10 m%d.contoso.example.\n"),
		"MX hosts and mx":         spf("v=spf1 mx -all") + numbered(1000, "contoso.example. IN MX 10 m%d.contoso.example.\n"),
		"TXT records":             numbered(1000, "contoso.example. IN TXT \"proof=%d\"\n"),
		"SPF records":             numbered(1000, "contoso.example. IN TXT \"v=spf1 ip4:192.0.2.%d -all\"\n"),
		"SPF records, nearly":     numbered(1000, "contoso.example. IN TXT \" v=spf1 exp=a%d.example -all\"\n"),
		"semicolons":              policy(filled("v=DMARC1; p=none", ";")),
		"policies":                policy(filled("v=DMARC1; p=none", ";p=x")),
		"missing semicolons":      policy(filled("v=DMARC1; p=none", " p=none")),
		"report addresses":        policy(filled("v=DMARC1; p=none; rua=mailto:a@b.example", ",mailto:a@b.example")),
		"report destinations":     policy("v=DMARC1; p=none; rua=mailto:a@b.example" + numbered(2500, ",mailto:a@b%d.example")),
		"report size limits":      policy(filled("v=DMARC1; p=none; rua=mailto:a@b.example", ",mailto:a@b.example!1k!2m")),
		"DMARC records":           numbered(1000, "_dmarc.contoso.example. IN TXT \"v=DMARC1; p=none; x=%d\"\n"),
		"DMARC records, nearly":   numbered(1000, "_dmarc.contoso.example. IN TXT \" v=DMARC1; p=none rua=%d\"\n"),
		"a key":                   key("selector1", filled("v=DKIM1; p=", "A")),
		"tags of a key":           key("selector1", filled("v=DKIM1; p=AA", "; a=b")),
		"semicolons of a key":     key("selector1", filled("v=DKIM1; p=AA", ";")),
		"algorithms of every key": key("*", filled("v=DKIM1; p=AA; h=x", ":x")),
		"keys":                    numbered(1000, "selector1._domainkey.contoso.example. IN TXT \"v=DKIM1; p=AA%d\"\n"),
	}
	for _, term := range []string{
		"ip4:10.0.0.1", "ip4:0.0.0.0/0", "ipv4:192.0.2.1", "x", ",", "include=a.example", "include:gone.contoso.example", "include:contoso.example",
		"a", "mx", "ptr", "-all", "+all", "exists:%{i}.contoso.example", "redirect=a.contoso.example", "exp=a.contoso.example",
	} {
		zones["SPF of "+term] = spf(filled("v=spf1", " "+term))
	}
	return zones
}

// What takes long for one hostile domain keeps the others of a run waiting, and
// no deadline ends it: judging is not to be interrupted. The time allowed is a
// hundred times what is needed, and far below that of anything quadratic.
func TestHostileZonesAreJudgedSoon(t *testing.T) {
	t.Parallel()
	for name, zone := range hostileZones() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zones, err := dns.ParseZones(caseZones+zone, "test.zone")
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			gathered := survey.Gather(t.Context(), zones, survey.Options{}, func(r dns.Resolver) { check.Look(r, "contoso.example", check.Options{}) })
			asked := time.Since(start)
			report := check.Examine(gathered, "contoso.example", check.Options{}, nil)
			took := time.Since(start)
			t.Logf("asked within %v, judged within %v", asked, took-asked)
			if took > time.Minute {
				t.Errorf("it took %v", took)
			}
			if n := len(report.Findings); n == 0 || n > 200 {
				t.Errorf("%d findings", n)
			}
		})
	}
}
