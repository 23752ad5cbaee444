package message

import (
	"strings"
	"testing"
	"time"
)

// received makes fields of what follows "Received: ".
func hopsOf(fields ...string) string {
	var b strings.Builder
	for _, f := range fields {
		b.WriteString(f + "\n")
	}
	return b.String()
}

const (
	hopOut      = "Received: from mail.a.example (host.a.example [192.0.2.1]) by mx.b.example; Fri, 20 Nov 2026 08:15:08 +0100"
	hopOther    = "Received: from mail.c.example (host.c.example [198.51.100.7]) by relay.a.example; Fri, 20 Nov 2026 08:15:00 +0100"
	hopPrivate  = "Received: from mx.b.example (10.1.2.3) by box.b.example; Fri, 20 Nov 2026 08:15:09 +0100"
	hopOwn      = "Received: from mx.b.example (mx.b.example [203.0.113.9]) by box.b.example; Fri, 20 Nov 2026 08:15:09 +0100"
	hopClaimed  = "Received: from box.b.example (203.0.113.66) by mx.b.example; Fri, 20 Nov 2026 08:15:09 +0100"
	hopGmail    = "Received: by 10.103.97.5 with SMTP id v5; Fri, 20 Nov 2026 08:15:09 +0100"
	hopOutlook  = "Received: from AM0P.eurprd03.prod.outlook.com (2603:10a6:10::21) by DB9P.eurprd08.prod.outlook.com (2603:10a6::7) with Microsoft SMTP Server; Fri, 20 Nov 2026 08:15:09 +0100"
	hopFrontend = "Received: from mail.a.example (192.0.2.1) by AM0P.mail.protection.outlook.com (10.1.1.1) with Microsoft SMTP Server; Fri, 20 Nov 2026 08:15:08 +0100"
	hopTenant   = "Received: from EUR05.outbound.protection.outlook.com (40.107.20.84) by AM0P.mail.protection.outlook.com (10.1.1.1) with Microsoft SMTP Server; Fri, 20 Nov 2026 08:15:08 +0100"
	hopForged   = "Received: from AM0P.eurprd03.prod.outlook.com (198.51.100.66) by DB9P.mail.protection.outlook.com (10.1.1.1) with Microsoft SMTP Server; Fri, 20 Nov 2026 08:15:08 +0100"
)

func TestChoose(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, header string
		hop          int
		ip, why      string
	}{
		{"the newest", hopsOf(hopOut, hopOther), 1, "192.0.2.1", "the newest hop from outside"},
		{"behind a private hop", hopsOf(hopPrivate, hopOut, hopOther), 2, "192.0.2.1", "hop 1 is from a private address"},
		{"behind a hop within the organisation", hopsOf(hopOwn, hopOut), 2, "192.0.2.1", "one organisation"},
		{"a client that only says it is of the organisation", hopsOf(hopClaimed, hopOut), 1, "203.0.113.66", ""},
		{"Gmail", hopsOf(hopGmail, hopOut), 2, "192.0.2.1", "names no client"},
		{"Exchange Online", hopsOf(hopOutlook, hopOutlook, hopFrontend), 3, "192.0.2.1", "Microsoft's own"},
		{"from another tenant", hopsOf(hopOutlook, hopTenant), 2, "40.107.20.84", ""},
		{"forged name of a Microsoft server", hopsOf(hopForged, hopFrontend), 1, "198.51.100.66", ""},
		{"a hint agrees", "Received-SPF: pass client-ip=192.0.2.1;\n" + hopsOf(hopOut), 1, "192.0.2.1", "Received-SPF in line 1 agrees"},
		{"a hint for a hop that looks inner", hopsOf(hopOwn) + "Received-SPF: pass client-ip=203.0.113.9;\n" + hopsOf(hopOut), 1, "203.0.113.9", "names its address"},
		{"a hint of an earlier organisation", hopsOf(hopOut) + "Received-SPF: pass client-ip=198.51.100.7;\n" + hopsOf(hopOther), 1, "192.0.2.1", "is about 198.51.100.7"},
		{"Exchange Online's report", "X-Forefront-Antispam-Report: CIP:192.0.2.1;CTRY:DE;H:mail.a.example;\n" + hopsOf(hopFrontend), 1, "192.0.2.1", "X-Forefront-Antispam-Report in line 1 agrees"},
		{"Exchange Online's words", "Authentication-Results: spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=a.example\n" + hopsOf(hopFrontend), 1, "192.0.2.1", "agrees"},
		{"a hint alone", "Received-SPF: pass client-ip=192.0.2.1; helo=mail.a.example;\n" + hopsOf(hopGmail), 0, "192.0.2.1", "no Received field does"},
		{"private hops alone", hopsOf(hopPrivate, hopGmail), 0, "", "no Received field tells"},
		{"no hop", "", 0, "", "no Received field"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := parse(t, test.header+"From: x@a.example\n\n")
			c := choose(m.Hops(), m.hints(), suffixOrg())
			ip := ""
			if c.IP.IsValid() {
				ip = c.IP.String()
			}
			if c.Hop != test.hop || ip != test.ip || !strings.Contains(c.Why, test.why) || c.Why == "" {
				t.Errorf("hop %d, %q, %q; want %d, %q, %q", c.Hop, ip, c.Why, test.hop, test.ip, test.why)
			}
		})
	}
}

func TestSender(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ header, want string }{
		{"Return-Path: <a@b.example>", "a@b.example"},
		{"Return-Path: <>", "<>"},
		{"Return-Path: <a@b.example>\nReturn-Path: <c@d.example>", "a@b.example"},
		{"Received-SPF: pass (x) client-ip=192.0.2.1; envelope-from=\"a@b.example\";", "a@b.example"},
		{"Authentication-Results: x.example; spf=pass smtp.mailfrom=a@b.example;", "a@b.example"},
		{"Authentication-Results: spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=b.example; dkim=none", "b.example"},
		{"Received: from x ([192.0.2.1] helo=y) by z (envelope-from <a@b.example>)", "a@b.example"},
		{"Return-Path: <x y>", ""},
		{"Subject: x", ""},
	} {
		m := parse(t, test.header+"\n\n")
		j := Judge(nowhere{}, m, Options{Date: time.Unix(0, 0)})
		if j.Sender.String() != test.want || j.Sender.Known != (test.want != "") {
			t.Errorf("%s: %+v, want %q", test.header, j.Sender, test.want)
		}
	}
}

func TestAuthor(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ header, domain, why string }{
		{"From: a@b.example", "b.example", ""},
		{"From: =?utf-8?q?J=C3=B6?= <a@B.Example>", "b.example", ""},
		{"From: \"boss@bank.example\" <a@evil.example>", "evil.example", ""},
		{"From: Firma [Berlin] <a@b.example>", "b.example", ""},
		{"From: a@b.example, c@b.example", "b.example", ""},
		{"From: a@b\u00fccher.example", "xn--bcher-kva.example", ""},
		{"From: a@b.example, c@d.example", "", "2 domains"},
		{"From: a@b.example\nFrom: c@d.example", "", "2 From fields"},
		{"From: a <x@b.example> <y@c.example>", "", "cannot be read"},
		{"From: undisclosed:;", "", "cannot be read"},
		{"From: a@localhost", "", "no mail domain"},
		{"From:", "", "cannot be read"},
		{"To: a@b.example", "", "no From field"},
	} {
		a := parse(t, test.header+"\n\n").author()
		if string(a.Domain) != test.domain || !strings.Contains(a.Why, test.why) || (a.Why == "") != (test.why == "") {
			t.Errorf("%s: %q, %q; want %q, %q", test.header, a.Domain, a.Why, test.domain, test.why)
		}
	}
}
