package message

import (
	"strings"
	"testing"
	"time"
)

func TestReceived(t *testing.T) {
	t.Parallel()
	const date = "; Fri, 20 Nov 2026 08:15:08 +0100"
	for _, test := range []struct{ name, text, ip, helo, ptr, by string }{
		{"Postfix", "from mail.a.example (host.a.example [192.0.2.1]) (using TLSv1.3 with cipher X (256/256 bits)) by mx.b.example (Postfix) with ESMTPS id 1 for <c@b.example>" + date, "192.0.2.1", "mail.a.example", "host.a.example", "mx.b.example"},
		{"Postfix, no name", "from mail.a.example (unknown [IPv6:2001:db8::1]) by mx.b.example" + date, "2001:db8::1", "mail.a.example", "", "mx.b.example"},
		{"Postfix, HELO is an address", "from [10.0.0.5] (host.a.example [192.0.2.1]) by mx.b.example" + date, "192.0.2.1", "[10.0.0.5]", "host.a.example", "mx.b.example"},
		{"sendmail", "from mail.a.example (host.a.example [192.0.2.1] (may be forged)) by mx.b.example (8.17/8.17) with ESMTP id 2" + date, "192.0.2.1", "mail.a.example", "host.a.example", "mx.b.example"},
		{"Gmail", "from mail.a.example (host.a.example. [192.0.2.1]) by mx.google.com with ESMTPS id x" + date, "192.0.2.1", "mail.a.example", "host.a.example", "mx.google.com"},
		{"Gmail, inner", "by 2002:a17:906:1 with SMTP id y" + date, "", "", "", "2002:a17:906:1"},
		{"Exchange", "from mail.a.example (192.0.2.1) by X.mail.protection.outlook.com (10.1.2.3) with Microsoft SMTP Server (version=TLS1_3) id 15.20.1.1 via Frontend Transport" + date, "192.0.2.1", "mail.a.example", "", "X.mail.protection.outlook.com"},
		{"Exchange, IPv6", "from A.prod.outlook.com (2603:10a6:10:4b4::21) by B.prod.outlook.com (2603:10a6::1) with Microsoft SMTP Server" + date, "2603:10a6:10:4b4::21", "A.prod.outlook.com", "", "B.prod.outlook.com"},
		{"Exim", "from host.a.example ([192.0.2.1] helo=mail.a.example) by mx.b.example with esmtps (Exim 4.98) (envelope-from <x@a.example>)" + date, "192.0.2.1", "mail.a.example", "host.a.example", "mx.b.example"},
		{"Exim with port", "from host.a.example ([192.0.2.1]:48756 helo=mail.a.example) by mx.b.example" + date, "192.0.2.1", "mail.a.example", "host.a.example", "mx.b.example"},
		{"Exim, no name", "from [192.0.2.1] (helo=mail.a.example) by mx.b.example" + date, "192.0.2.1", "mail.a.example", "", "mx.b.example"},
		{"qmail", "from host.a.example (HELO mail.a.example) (192.0.2.1) by mx.b.example with SMTP" + date, "192.0.2.1", "mail.a.example", "host.a.example", "mx.b.example"},
		{"qmail with ident", "from unknown (HELO mail.a.example) (root@192.0.2.1) by mx.b.example with SMTP" + date, "192.0.2.1", "mail.a.example", "unknown", "mx.b.example"},
		{"mapped address", "from mail.a.example (::ffff:192.0.2.1) by mx.b.example" + date, "192.0.2.1", "mail.a.example", "", "mx.b.example"},
		{"a forged second client", "from mail.a.example (host.a.example [192.0.2.1]) (evil [198.51.100.1]) by mx.b.example from x (198.51.100.2)" + date, "192.0.2.1", "mail.a.example", "host.a.example", "mx.b.example"},
		{"words behind the date", "by mx.b.example; from x (198.51.100.2); Fri, 20 Nov 2026 08:15:08 +0100", "", "", "", "mx.b.example"},
		{"open comment", "from mail.a.example (host.a.example [192.0.2.1]", "192.0.2.1", "mail.a.example", "host.a.example", ""},
		{"nothing", "", "", "", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h := parseReceived(test.text)
			ip := ""
			if h.IP.IsValid() {
				ip = h.IP.String()
			}
			if ip != test.ip || h.HELO != test.helo || h.By != test.by {
				t.Errorf("%s: %q %q %q, want %q %q %q", test.text, ip, h.HELO, h.By, test.ip, test.helo, test.by)
			}
			if h.PTR != test.ptr {
				t.Errorf("%s: PTR %q, want %q", test.text, h.PTR, test.ptr)
			}
			if want := time.Date(2026, 11, 20, 7, 15, 8, 0, time.UTC); strings.HasSuffix(test.text, date) && !h.Date.Equal(want) {
				t.Errorf("%s: date %v", test.text, h.Date)
			}
		})
	}
	if h := parseReceived("from x ([192.0.2.1] helo=y) by z with esmtp (envelope-from <a@b.example>)"); h.Sender != "<a@b.example>" {
		t.Errorf("the sender is %q", h.Sender)
	}
}

func FuzzReceived(f *testing.F) {
	for _, s := range []string{
		"from a (b [192.0.2.1]) by c with ESMTP id 1; Fri, 20 Nov 2026 08:15:08 +0100", "from [::1] (helo=x", "(((", `from "a\" (b\)) by`, ");;(",
		"from x (HELO y) (z@192.0.2.1) by", "from [IPv6:fe80::1%eth0] by x", "\x1b[2J\u202e",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		words, date := received(text)
		total := len(date)
		for _, w := range words {
			total += len(w.text)
			if !strings.Contains(text, w.text) {
				t.Errorf("%q is not in %q", w.text, text)
			}
		}
		if total > len(text) {
			t.Errorf("%q: more was read than is there", text)
		}
		h := parseReceived(text)
		for _, s := range []string{h.HELO, h.PTR, h.By, h.With} {
			if !strings.Contains(text, s) {
				t.Errorf("%q is not in %q", s, text)
			}
		}
		if h.IP.Zone() != "" || h.IP.Is4In6() {
			t.Errorf("%q: address %v", text, h.IP)
		}
	})
}
