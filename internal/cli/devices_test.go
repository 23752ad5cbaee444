package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sendplan/internal/intake"
	"sendplan/internal/inventory"
	"sendplan/internal/world"
)

// Every example works as its head says, in every format, for every device.
func TestExamples(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../examples/*.yaml")
	if err != nil || len(files) < 3 {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			for _, format := range []string{"text", "json", "jsonl", "markdown", "csv"} {
				got := run(t, "devices --demo --date 2026-11-22 --format "+format+" -i "+file)
				if got.status != "0" || got.stderr != "" || got.stdout == "" {
					t.Errorf("%s\n%s", format, got)
				}
			}
			for _, name := range exampleDevices(t, file) {
				if got := run(t, "devices --demo --date 2026-11-22 -i "+file+" --explain "+name); got.status != "0" || !strings.HasPrefix(got.stdout, name+"\n") {
					t.Errorf("%s\n%s", name, got)
				}
			}
		})
	}
}

func exampleDevices(t *testing.T, file string) []string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	inv, err := inventory.Parse(data, file, intake.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	return deviceNames(&inv.Inventory)
}

// The words follow the calendar.
func TestDevicesByDate(t *testing.T) {
	t.Parallel()
	space := regexp.MustCompile(`\s+`)
	for _, test := range []struct{ date, want, not string }{
		{"2026-11-22", "goes off by default at the end of December 2026, 39 days left", "went off"},
		{"2026-12-30", "goes off by default at the end of December 2026, 1 day left", "went off"},
		{"2026-12-31", "goes off by default at the end of December 2026, today", "went off"},
		{"2027-01-01", "went off by default at the end of December 2026, 1 day ago", "goes off"},
		{"2028-03-01", "went off by default at the end of December 2026, 426 days ago", "goes off"},
	} {
		t.Run(test.date, func(t *testing.T) {
			t.Parallel()
			got := run(t, "devices --offline -i ../../examples/office.yaml --date "+test.date)
			text := space.ReplaceAllString(got.stdout, " ")
			if got.status != "0" || !strings.Contains(text, test.want) || strings.Contains(text, test.not) {
				t.Errorf("want %q and not %q in\n%s", test.want, test.not, got)
			}
		})
	}
}

// The names of the fields stay.
func TestDevicesJSON(t *testing.T) {
	t.Parallel()
	got := run(t, "devices --demo --date 2026-11-22 --format json -i ../../examples/office.yaml")
	var doc struct {
		Schema  int
		Devices []struct {
			Name, Method, Now, Recommended, Until string
			Fits, Right                           any
			Vetoes, Ranking                       []json.RawMessage
			Deadline                              *struct {
				Date string
				Days int
			}
			Settings []struct {
				Name  string
				Value struct{ Text, Source, Grade string }
			}
			Hops []struct{ Judged any }
		}
	}
	if err := json.Unmarshal([]byte(got.stdout), &doc); err != nil {
		t.Fatal(err)
	}
	scanner := doc.Devices[0]
	if scanner.Name != "scanner-2og" || scanner.Now != "smtp-auth" || scanner.Method != "connector-ip" || scanner.Recommended != "connector-ip" ||
		scanner.Fits != true || scanner.Right != "unknown" || scanner.Deadline == nil || scanner.Deadline.Days != 39 || scanner.Deadline.Date != "2026-12-31" {
		t.Errorf("%+v", scanner)
	}
	if branch := doc.Devices[2]; branch.Until != "2026-12-31" || branch.Recommended != "hve" {
		t.Errorf("%+v", branch)
	}
	if len(scanner.Settings) == 0 || scanner.Settings[0].Value.Text != "nordwind-example.mail.protection.outlook.com" {
		t.Errorf("the server is not the MX host: %+v", scanner.Settings)
	}
	if len(scanner.Hops) == 0 || len(scanner.Ranking) == 0 {
		t.Errorf("%d hops, %d methods", len(scanner.Hops), len(scanner.Ranking))
	}
}

// A draft of any domain of the world can be read again.
func TestInitDrafts(t *testing.T) {
	t.Parallel()
	for _, name := range world.Domains() {
		t.Run(string(name), func(t *testing.T) {
			t.Parallel()
			got := run(t, "init --demo "+string(name))
			if got.status != "0" && got.status != "3" {
				t.Fatal(got)
			}
			file, err := inventory.Parse([]byte(got.stdout), "draft", intake.Catalogue)
			if err != nil {
				t.Fatal(err)
			}
			if _, ok := file.Domain(name); !ok {
				t.Errorf("the domain is not in\n%s", got.stdout)
			}
			head, lists, _ := strings.Cut(got.stdout, "\nsites:")
			uncommented := head + "\nsites:" + regexp.MustCompile(`(?m)^  # (-|  )`).ReplaceAllString(lists, "  $1")
			if _, err := inventory.Parse([]byte(uncommented), "uncommented", intake.Catalogue); err != nil {
				t.Errorf("what is offered cannot be used: %v\n%s", err, uncommented)
			}
		})
	}
}

func TestInitWrites(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "inventory.yaml")
	if got := runArgs(t, "init", "--demo", "nordwind.example", "-o", file); got.status != "0" || got.stdout != "" {
		t.Fatal(got)
	}
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := runArgs(t, "init", "--demo", "moving.example", "-o", file); got.status != "2" || !strings.Contains(got.stderr, "--force") {
		t.Errorf("%s\nwant a refusal to write over a file", got)
	}
	if after, _ := os.ReadFile(file); string(after) != string(before) {
		t.Error("the file was written over")
	}
	if got := runArgs(t, "init", "--demo", "moving.example", "-o", file, "--force"); got.status != "0" {
		t.Error(got)
	}
	if after, _ := os.ReadFile(file); !strings.Contains(string(after), "moving.example") {
		t.Error("--force does not write")
	}
	if got := runArgs(t, "devices", "--demo", "-i", file); got.status != "0" {
		t.Error(got)
	}
}

// What an import writes is added, and nothing else changes.
func TestImportWrites(t *testing.T) {
	t.Parallel()
	for _, eol := range []string{"\n", "\r\n"} {
		t.Run(fmt.Sprintf("%q", eol), func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "inventory.yaml")
			text := "# ours\nversion: 1\ndomains:\n  - name: contoso.com # the one\ndevices:\n  - name: erp # since 2019\n    now: smtp-auth\n    from: [erp@contoso.com]\n"
			before := strings.ReplaceAll(text, "\n", eol)
			if err := os.WriteFile(file, []byte(before), 0o640); err != nil {
				t.Fatal(err)
			}
			got := runArgs(t, "import", "smtp-auth", "../evidence/testdata/smtp-auth-en.csv", "-i", file, "--write")
			if got.status != "0" || !strings.Contains(got.stdout, "3 devices were added") {
				t.Fatal(got)
			}
			after, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(string(after), before) || !strings.Contains(string(after), "name: alarm"+eol) {
				t.Errorf("got\n%s", after)
			}
			if info, _ := os.Stat(file); info.Mode().Perm() != 0o640 {
				t.Errorf("permissions %v", info.Mode())
			}
			again := runArgs(t, "import", "smtp-auth", "../evidence/testdata/smtp-auth-en.csv", "-i", file, "--write")
			if now, _ := os.ReadFile(file); string(now) != string(after) || again.status != "0" {
				t.Errorf("a second import changes the file\n%s", again)
			}
		})
	}
}

// Recipients and subjects are in no output.
func TestImportKeepsSecrets(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"trace-enhanced", "trace-v2-en", "trace-extended-utf16"} {
		for _, format := range []string{"text", "json", "markdown", "csv"} {
			got := run(t, "import trace ../evidence/testdata/"+file+".csv --accepted contoso.com --format "+format)
			if got.status != "0" || got.stdout == "" {
				t.Errorf("%s: %s", file, got)
			}
			if strings.Contains(got.stdout, "recipient.") || strings.Contains(strings.ToLower(got.stdout), "secret") {
				t.Errorf("%s shows a recipient or a subject:\n%s", file, got.stdout)
			}
		}
	}
}

// Bad inventories end with 2, one clear error, and no output.
func TestBadInventory(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want string }{
		{"unknown field", "version: 1\ndevice: []\n", "inventory.yaml:2:1: "},
		{"unknown method", "version: 1\ndevices:\n  - {name: a, now: smtpauth}\n", "smtp-auth"},
		{"unknown relay", "version: 1\ndevices:\n  - {name: a, now: relay:sendgird}\n", "sendgrid"},
		{"empty", "", "inventory.yaml:1:1: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "inventory.yaml")
			if err := os.WriteFile(file, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			got := runArgs(t, "devices", "--offline", "-i", file)
			if got.status != "2" || got.stdout != "" || !strings.Contains(got.stderr, test.want) {
				t.Errorf("%s\nwant %q", got, test.want)
			}
		})
	}
}
