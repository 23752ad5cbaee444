package render_test

import (
	"context"
	"strings"

	"pgregory.net/rapid"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

// attacks are texts that act on some reader of some format.
var attacks = []string{
	"`", "``", "```", "````````````", "|", `\|`, "\\", "*bold*", "**", "_x_", "~~x~~", "[a](https://evil.example)", "![a](https://evil.example/x.png)",
	"<html>", "<script>alert(1)</script>", "<!--", "-->", "<https://evil.example>", "https://evil.example/x", "www.evil.example", "a@evil.example",
	"@user", "#1", "org/repo#1", "!1", "GH-1", "&amp;", "&#x3c;", ":smile:", "deadbeefcafe", "# head", "- item", "1. item", "> quote", "---", "===",
	"\n", "\r\n", "\r", "\t", "\x00", "\x1b[2J", "\u0085", "\u202e", "\u2066", "\u200b", "\ufeff", "\xff", "\xed\xa0\x80", "e\u0301\u0301\u0301\u0301\u0301",
	"=1+1", "+1", "-1", "@SUM(A1)", `"=1`, "'=1", "\u00a0=1", ";=1+1", `";=1`, "=cmd|' /C calc'!A0", ",=1", "＝1", "|=1",
	"]]>", "\"", "'", `\"`, "a", "the", "fails", "v=spf1", "p=none", " ", "  ", "é", "名", "שלום", "(", ")", ",", ";", ".", "IN", "TXT",
	"{0}", "[x](1)", "\ufffe", "😀", "[^1]", "$x$", "$$", "\\(x\\)", "[[x]]", "{{x}}", "[ ]", "www.", "http://", "mailto:a@b.example", "xmpp:a@b.example",
}

func hostileText() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		parts := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(attacks), rapid.SampledFrom(attacks), rapid.String()), 0, 8).Draw(t, "parts")
		separator := rapid.SampledFrom([]string{"", " "}).Draw(t, "separator")
		return strings.Join(parts, separator)
	})
}

// published is a resolver of one record set: all TXT questions get it.
type published []string

func (p published) Lookup(_ context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	answer := dns.Answer{Exists: true}
	if t == dns.TypeTXT {
		for _, text := range p {
			answer.Records = append(answer.Records, dns.Record{Name: name, TTL: 300, Data: dns.NewTXT(text)})
		}
	}
	return answer, nil
}

// hostileReport draws a report whose every text is hostile.
func hostileReport(t *rapid.T) check.Report {
	text := hostileText()
	records := published{"v=spf1 " + text.Draw(t, "spf"), "v=DMARC1; p=" + text.Draw(t, "dmarc"), text.Draw(t, "txt")}
	domain := check.Look(records, "contoso.example", check.Options{})
	r := check.Report{Domain: domain, Servers: []string{"192.0.2.53:53"}}
	for range rapid.IntRange(0, 4).Draw(t, "findings") {
		r.Findings = append(r.Findings, hostileFinding(t))
	}
	passed := hostileFinding(t)
	passed.Status = finding.Pass
	r.Passed = append(r.Passed, passed)
	if rapid.Bool().Draw(t, "baseline") {
		r.Since = &check.Since{Known: 1, Gone: 2, Unseen: 3}
	}
	return r
}

func hostileFinding(t *rapid.T) finding.Finding {
	text := hostileText()
	one := rapid.SampledFrom(check.All).Draw(t, "check")
	f := finding.Finding{
		ID: one.ID, Severity: one.Severity, Refs: one.Refs, Status: finding.Fail,
		Message: text.Draw(t, "message"), Fix: text.Draw(t, "fix"), Record: text.Draw(t, "record"), Subject: "contoso.example",
	}
	if name, err := dns.RawName(text.Draw(t, "subject")); err == nil {
		f.Subject = name
	}
	f.Span.Start = rapid.IntRange(0, len(f.Record)).Draw(t, "start")
	f.Span.End = rapid.IntRange(f.Span.Start, len(f.Record)).Draw(t, "end")
	if rapid.Bool().Draw(t, "unknown") {
		f.Status = finding.Unknown
		f.Cause = &dns.Error{Key: dns.Key{Name: f.Subject, Type: dns.TypeTXT}, Cause: dns.ServFail, Server: "192.0.2.53:53", Detail: text.Draw(t, "detail")}
	}
	return f
}
