package interview_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

// importText writes what was read, a line for each thing.
func importText(i interview.Import) string {
	var b strings.Builder
	for _, l := range i.Lead {
		fmt.Fprintf(&b, "%s: %s\n", l.Mark.Word(), l.Text)
	}
	for _, o := range i.Devices {
		sign := "-"
		if o.Take {
			sign = "+"
		}
		fmt.Fprintf(&b, "%s %s", sign, o.Title)
		if o.Why != "" {
			fmt.Fprintf(&b, " [%s]", o.Why)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func added(n string) string {
	return "ok: " + n + " to add; what is not said is proposed and can be changed afterwards\n"
}

func TestParseDevices(t *testing.T) {
	t.Parallel()
	s := interviewtest.Office(t)
	for _, c := range []struct{ what, text, want string }{
		{"names", "ups\nscanner-3og\n\n  nas  \n", added("3 devices") +
			"+ ups: a UPS, from ups@nordwind.example, at hq, today smtp-auth\n+ scanner-3og: a scanner, from scanner-3og@nordwind.example, at hq, today smtp-auth\n+ nas: a NAS, from nas@nordwind.example, at hq, today smtp-auth\n"},
		{"name, from", "ups, usv@nordwind.example\n", added("1 device") + "+ ups: a UPS, from usv@nordwind.example, at hq, today smtp-auth\n"},
		{"name; from; method", "ups; usv@nordwind.example; Direct Send\r\n", added("1 device") + "note: methods are taken as those of today\n+ ups: a UPS, from usv@nordwind.example, at hq, today direct-send\n"},
		{"the method of a service", "shop; shop@nordwind.example; relay:brevo", added("1 device") + "note: methods are taken as those of today\n+ shop: a website, from shop@nordwind.example, today relay:brevo\n"},
		{"tabs of a spreadsheet", "Drucker, EG\tdruck@nordwind.example\tintern\tHQ\n", added("1 device") + "+ Drucker, EG: a printer, from druck@nordwind.example, at hq, today smtp-auth\n"},
		{"bare addresses", "kasse@nordwind.example\nKasse@bücher.example\n", added("2 devices") +
			"+ kasse: something else, from kasse@nordwind.example, at hq, today smtp-auth\n+ Kasse-2: something else, from Kasse@bücher.example, at hq, today smtp-auth\n"},
		{"an address book", "\"Kasse\" <kasse@nordwind.example>\nUPS <mailto:ups@xn--bcher-kva.example>", added("2 devices") +
			"+ Kasse: something else, from kasse@nordwind.example, at hq, today smtp-auth\n+ UPS: a UPS, from ups@bücher.example, at hq, today smtp-auth\n"},
		{"the address first", "x@nordwind.example; Scanner Keller; internal", added("1 device") + "+ Scanner Keller: a scanner, from x@nordwind.example, at hq, today smtp-auth\n"},
		{"a header", "Name,From,Now\nups,,connector-ip\n", added("1 device") + "+ ups: a UPS, from ups@nordwind.example, at hq, today connector-ip\n"},
		{"a German header, with a byte order mark, quotes and line ends of Windows", "\ufeffGerät;Absender;Standort;Methode;Empfänger;TLS-Version;Seriennr.\r\n\"Scanner; 1. OG\";scan1@nordwind.example;HQ;hve;nur intern;TLS 1.2;123\r\n",
			added("1 device") + "note: line 1: the column \"Seriennr.\" is not read\n+ Scanner; 1. OG: a scanner, from scan1@nordwind.example, at hq, today smtp-auth\n"},
		{"an old Mac", "ups\rnas\r", added("2 devices") + "+ ups: a UPS, from ups@nordwind.example, at hq, today smtp-auth\n+ nas: a NAS, from nas@nordwind.example, at hq, today smtp-auth\n"},
		{"a service at no site", "name;kind;from\nletters;newsletter;*@nordwind.example\n", added("1 device") + "+ letters: a newsletter, from *@nordwind.example\n"},
		{"what is there", "ERP\nups\nUPS\nscan@nordwind.example\nups@nordwind.example\nx@nordwind.example\nX, x@nordwind.example\ny, x@nordwind.example\nx@nordwind.example",
			"note: 3 devices to add, 6 there already; what is not said is proposed and can be changed afterwards\n" +
				"- ERP: an application, such as ERP or CRM, from erp@nordwind.example, at hq, today smtp-auth [the inventory has a device \"erp\" already]\n" +
				"+ ups: a UPS, from ups@nordwind.example, at hq, today smtp-auth\n" +
				"- UPS: a UPS, from ups@nordwind.example, at hq, today smtp-auth [\"ups\" stands in this list twice]\n" +
				"- scan: a scanner, from scan@nordwind.example, at hq, today smtp-auth [the device \"scanner-2og\" writes as scan@nordwind.example already]\n" +
				"- ups: a UPS, from ups@nordwind.example, at hq, today smtp-auth [\"ups\" of this list writes as ups@nordwind.example already]\n" +
				"+ x: something else, from x@nordwind.example, at hq, today smtp-auth\n" +
				"- X: something else, from x@nordwind.example, at hq, today smtp-auth [\"x\" stands in this list twice]\n" +
				"+ y: something else, from x@nordwind.example, at hq, today smtp-auth\n" +
				"- x: something else, from x@nordwind.example, at hq, today smtp-auth [\"x\" of this list writes as x@nordwind.example already]\n"},
		{"what cannot be", "a@b@c\nscan@localhost\n, ,\n# a comment\n" + strings.Repeat("n", 65) + "\nx\x07y\n;;;\n" + strings.Repeat("z", 5000) + "\n",
			"warning: no device is in it: paste a line for each, as its name, or as name, From address and the method of today behind commas\n" +
				"warning: line 1 is left out: \"a@b@c\" is no mail address: \"b@c\" is not a domain name: it holds '@'\n" +
				"warning: line 2 is left out: \"scan@localhost\" is no mail address: \"localhost\" is no domain: expected a name such as nordwind.example\n" +
				"warning: line 3 is left out: it names no device\nwarning: line 4 is left out: it is a comment\n" +
				"warning: line 5 is left out: \"" + strings.Repeat("n", 65) + "\" is longer than 64 characters\n" +
				"warning: line 6 is left out: \"x\\ay\" holds what cannot be shown\nwarning: line 7 is left out: it names no device\n" +
				"warning: line 8 is left out: it has 5000 octets, at most 4096 are read\n"},
		{"what is not understood", "ups; carrier pigeon; Halle 3\nname2, x@nordwind.example, via:nobody", added("2 devices") +
			"note: line 1: \"carrier pigeon\" is not understood and left out\nnote: line 1: \"Halle 3\" is not understood and left out\n" +
			"note: line 2: \"via:nobody\" is not understood and left out\n" +
			"+ ups: a UPS, from ups@nordwind.example, at hq, today smtp-auth\n+ name2: something else, from x@nordwind.example, at hq, today smtp-auth\n"},
		{"columns that are not understood", "name,site,method,tls,recipients,auth,kind,per day,name\nups,Halle 3,pigeon,new,boss,face,toaster,many,x,y\n", added("1 device") +
			"note: line 1: the column \"name\" is not read\nnote: line 2: \"Halle 3\" is not understood as a site of the inventory and is left out\n" +
			"note: line 2: \"pigeon\" is not understood as a method and is left out\nnote: line 2: \"new\" is not understood as a version of TLS and is left out\n" +
			"note: line 2: \"boss\" is not understood as whom it writes to and is left out\nnote: line 2: \"face\" is not understood as a login and is left out\n" +
			"note: line 2: \"toaster\" is not understood as a kind of device and is left out\nnote: line 2: \"many\" is no number of mails a day and is left out\n" +
			"note: line 2: \"y\" stands in no column and is left out\n+ ups: a UPS, from ups@nordwind.example, today smtp-auth\n"},
		{"a method that cannot be", "name;method;recipients\nups;hve;extern\nnas;hve;intern\n", added("2 devices") +
			"note: line 2: the method is left out: High Volume Email (hve) cannot be taken: it writes to anyone (High Volume Email refuses external recipients: 550 5.5.105)\n" +
			"+ ups: a UPS, from ups@nordwind.example, at hq, today smtp-auth\n+ nas: a NAS, from nas@nordwind.example, at hq, today smtp-auth\n"},
		{"too many addresses", strings.Repeat("a@b.c ", 3) + "\n" + many(), added("1 device") + "warning: line 2 is left out: it has 101 addresses, at most 100 are read\n+ a: something else, from a@b.c, at hq, today smtp-auth\n"},
		{"nothing", " \r\n\n", "warning: no device is in it: paste a line for each, as its name, or as name, From address and the method of today behind commas\n"},
	} {
		if got := importText(s.ParseDevices(c.text)); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.what, got, c.want)
		}
	}
}

// many is a line of more addresses than a device may have.
func many() string {
	var b strings.Builder
	for i := range 101 {
		fmt.Fprintf(&b, "a%d@b.c ", i)
	}
	return b.String()
}

func TestParseDevicesAnswers(t *testing.T) {
	t.Parallel()
	s := interviewtest.Office(t)
	got := s.ParseDevices("Name;Absender;Standort;heute;Methode;Empfänger;TLS;Anmeldung;Art;pro Tag\nScanner EG;a@nordwind.example b@nordwind.example;HQ;smtp;connector;nur intern;TLSv1.2;Passwort;Kopierer;40\nx;;nirgends;;;;;;;")
	want := []interview.Answers{
		{"name": "Scanner EG", "from": "a@nordwind.example, b@nordwind.example", "site": "hq", "now": "smtp-auth", "method": "connector-ip", "recipients": "internal", "tls": "1.2", "auth": "basic", "kind": "copier", "per_day": "40"},
		{"name": "x", "site": "", "method": ""},
	}
	for i, o := range got.Devices {
		if fmt.Sprint(o.Answers) != fmt.Sprint(want[i]) {
			t.Errorf("line %d is\n%v, want\n%v", i+2, o.Answers, want[i])
		}
	}
}

// Too long a list is read to its bound, and what is behind it told.
func TestParseDevicesBounds(t *testing.T) {
	t.Parallel()
	s := interviewtest.Office(t)
	var b strings.Builder
	for i := range 1200 {
		fmt.Fprintf(&b, "device-%d\n", i)
	}
	got := s.ParseDevices(b.String())
	last := got.Lead[len(got.Lead)-1]
	if len(got.Devices) != 1000 || last.Text != "only the first 1000 lines are read: paste the rest afterwards" || last.Mark != interview.Warn {
		t.Errorf("%d devices, and %q", len(got.Devices), last.Text)
	}
}

func TestAddDevices(t *testing.T) {
	t.Parallel()
	s := interviewtest.Office(t)
	next, n, err := s.AddDevices(taken(s.ParseDevices("ups\nnas, nas@nordwind.example")))
	if err != nil || n != 2 {
		t.Fatal(n, err)
	}
	if got := len(next.Draft.Devices); got != 5 || next.Draft.Devices[4].Method != "" {
		t.Errorf("there are %d devices, the last with %q", got, next.Draft.Devices[4].Method)
	}
	for _, c := range []struct{ first, second, message string }{
		{"ups", "erp", `"erp" is there already: names differ in more than case`},
		{"ups", "UPS", `"ups" is there already: names differ in more than case`},
	} {
		next, n, err := s.AddDevices([]interview.Offered{{Answers: interview.Answers{"name": c.first}}, {Answers: interview.Answers{"name": c.second}}, {Answers: interview.Answers{"name": "nas"}}})
		checkMistake(t, err, interview.Mistake{ID: "name", Message: c.message, Fix: "type another name"})
		if n != 1 || len(next.Draft.Devices) != len(s.Draft.Devices)+1 {
			t.Errorf("%d are taken, there are %d devices then", n, len(next.Draft.Devices))
		}
	}
	if same, n, err := s.AddDevices(nil); err != nil || n != 0 || same.Draft != s.Draft {
		t.Errorf("no device changes the draft: %v", err)
	}
}

func taken(i interview.Import) []interview.Offered {
	var list []interview.Offered
	for _, o := range i.Devices {
		if o.Take {
			list = append(list, o)
		}
	}
	return list
}

// Whatever is pasted: what is offered can be taken, all at once, and every line is
// accounted for.
func FuzzParseDevices(f *testing.F) {
	for _, text := range []string{
		"ups\nnas", "name,from\nx,a@b.example", "\"a\"\"b\";c@d.example;smtp", "Name\tAbsender\nx\t*@b.example", "a <b@c.example>\na, b@c.example, intern, TLS 1.2, hq",
		"scan@nordwind.example\nscan@b.example\nSCAN@c.example", "x;y;z\n\"", ",\n;\n\t", "via:erp; via:erp", "name;method\nx;via:erp\ny;relay:brevo", "# x\n\ufeffups\r\n", "*@nordwind.example", "n;*@a\\.b.example",
		"name,per day\nx,+5", "x, <>", "x, mailto:?", "\xff\xfe",
	} {
		f.Add(text)
	}
	s := interviewtest.Office(f)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 2000 {
			return
		}
		got := s.ParseDevices(text)
		if len(got.Lead) == 0 {
			t.Fatal("nothing is said")
		}
		names := deviceNames(s)
		for _, o := range got.Devices {
			if o.Take == o.Refused || o.Refused != (o.Why != "") || o.Title == "" {
				t.Fatalf("offered is %+v", o)
			}
			if name := strings.ToLower(o.Answers["name"]); !o.Refused && slices.Contains(names, name) {
				t.Fatalf("%q is there already", name)
			} else if !o.Refused {
				names = append(names, name)
			}
		}
		list := taken(got)
		list = list[:min(len(list), 3)]
		next, _, err := s.AddDevices(list)
		if err != nil {
			t.Fatalf("%v: %v", list, err)
		}
		if n := len(next.Draft.Devices) - len(s.Draft.Devices); n != len(list) {
			t.Fatalf("%d of %d devices were added", n, len(list))
		}
	})
}
