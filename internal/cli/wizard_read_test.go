package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sendplan/internal/intake"
	"sendplan/internal/inventory"
	"sendplan/planner/interview"
)

// drafted is an interview about the inventory of a text.
func drafted(t *testing.T, text string) interview.State {
	t.Helper()
	file, err := inventory.Parse([]byte(text), "the draft", intake.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	return interview.State{At: interview.Devices, Draft: file}
}

const contosoInventory = "version: 1\ndomains:\n  - name: contoso.com # ours\ndevices:\n  - {name: scanner, from: [scan@contoso.com]}\n"

const dkimJSON = `{"Domain": "contoso.com", "Enabled": true, "Status": "Valid",
"Selector1CNAME": "selector1-contoso-com._domainkey.contoso.onmicrosoft.com",
"Selector2CNAME": "selector2-contoso-com._domainkey.contoso.onmicrosoft.com"}`

// write puts a file into a new folder and returns its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// What is pasted is told apart by what it holds, and so is the file that it
// names.
func TestWizardRead(t *testing.T) {
	t.Parallel()
	trace, err := os.ReadFile("../evidence/testdata/trace-enhanced.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, pasted, lead string
		devices            int
		draft              bool
	}{
		{"a trace", string(trace), "what was pasted is a message trace: 15 rows, 2026-11-03 to 2026-11-05, 7 senders", 7, false},
		{"the file of a trace", "../evidence/testdata/trace-enhanced.csv", "is a message trace", 7, false},
		{"dragged into the terminal", "'../evidence/testdata/trace-enhanced.csv' ", "is a message trace", 7, false},
		{"UTF-16", "../evidence/testdata/trace-extended-utf16.csv", "is a message trace", 0, false},
		{"a report", "../evidence/testdata/smtp-auth-en.csv", "is the SMTP AUTH clients report", 0, false},
		{"JSON of Exchange", dkimJSON, "read: Get-DkimSigningConfig", 0, true},
		{"its file", write(t, "what ever it is called.log", dkimJSON), "read: Get-DkimSigningConfig", 0, true},
		{"Format-List", "Domain         : contoso.com\nEnabled        : True\nStatus         : Valid\nSelector1CNAME : a.contoso.com\nSelector2CNAME : b.contoso.com\n", "read: Get-DkimSigningConfig", 0, true},
		{"a list", "scanner a\nscanner b\n", "", 2, false},
		{"the file of a list", write(t, "list.txt", "\ufeffscanner a\nscanner b\n"), "", 2, false},
		{"a device", "scanner", "", 1, false},
		{"a device that is called like a folder", "..", "", 1, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := drafted(t, contosoInventory)
			in, err := new(wizard).Read(s, test.pasted)
			if err != nil {
				t.Fatal(err)
			}
			if test.devices > 0 && len(in.Devices) != test.devices || (in.Draft != nil) != test.draft {
				t.Errorf("%d devices, a draft: %v", len(in.Devices), in.Draft != nil)
			}
			if test.lead != "" && !strings.Contains(in.Lead[0].Text, test.lead) {
				t.Errorf("it says %+v", in.Lead)
			}
			if string(s.Draft.Bytes()) != contosoInventory {
				t.Error("the draft was edited in place")
			}
			if test.draft && (len(in.Draft.Tenant.DKIM) != 1 || !strings.Contains(string(in.Draft.Bytes()), "# ours")) {
				t.Errorf("the draft is %s", in.Draft.Bytes())
			}
		})
	}
}

// What is wrong is told with what to do instead.
func TestWizardReadErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, pasted, want string }{
		{"no such file", "export.csv", `there is no file "export.csv"`},
		{"nor here", "./list", `there is no file "./list"`},
		{"a folder", "./testdata", `"./testdata" is no ordinary file`},
		{"a workbook", write(t, "devices.xlsx", "PK\x03\x04\x00"), "save it as CSV"},
		{"other JSON", `{"a": 1}`, "is not recognized"},
		{"broken JSON", `{"a": `, "this is not JSON"},
		{"a broken export", "sender_address,Messages sent,TLS 1.2\nscan@contoso.com,many,1\n", "line 2"},
		{"far too long", strings.Repeat("scanner\n", maxList/8+1), "no list of devices"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			in, err := new(wizard).Read(drafted(t, contosoInventory), test.pasted)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("want %q: %v, %d devices", test.want, err, len(in.Devices))
			}
		})
	}
}

// Each sender is offered with what was seen, and only those that a device may be
// are proposed.
func TestWizardOffers(t *testing.T) {
	t.Parallel()
	in, err := new(wizard).Read(drafted(t, contosoInventory), "../evidence/testdata/trace-enhanced.csv")
	if err != nil {
		t.Fatal(err)
	}
	byTitle := map[string]interview.Offered{}
	for _, o := range in.Devices {
		byTitle[o.Title] = o
		if o.Refused == (o.Answers != nil) || o.Why == "" || o.Take && o.Refused {
			t.Errorf("%+v", o)
		}
	}
	camera := byTitle["camera@contoso.com, as camera"]
	if !camera.Take || camera.Answers["name"] != "camera" || camera.Answers["from"] != "camera@contoso.com" || camera.Answers["now"] != "direct-send" || camera.Answers["review"] == "" {
		t.Errorf("camera: %+v", camera)
	}
	if anna := byTitle["anna.user@contoso.com, as anna-user"]; anna.Take || anna.Refused || !strings.HasPrefix(anna.Why, "a device or a person; ") {
		t.Errorf("anna: %+v", anna)
	}
	if scanner := byTitle["scan@contoso.com"]; !scanner.Refused || scanner.Why != "in the inventory already, as scanner" {
		t.Errorf("scanner: %+v of %v", scanner, in.Devices)
	}
}
