package dmarc

import (
	"testing"
)

func TestRepair(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text, want string
		done             int
	}{
		{"sound", "v=DMARC1; p=none; x=1 ", "v=DMARC1; p=none; x=1 ", 0},
		{"Microsoft's tip", "v=DMARC1; p=reject rua=mailto:a@x.example", "v=DMARC1; p=reject; rua=mailto:a@x.example", 1},
		{"no semicolon at all", "v=DMARC1 p=none rua=mailto:a@x.example", "v=DMARC1; p=none; rua=mailto:a@x.example", 1},
		{"comma for a semicolon", "v=DMARC1; p=none, sp=reject", "v=DMARC1; p=none; sp=reject", 1},
		{"leading blank", " v=DMARC1; p=none; x=1", "v=DMARC1; p=none; x=1", 1},
		{"byte order mark", "\ufeffv=DMARC1; p=none", "v=DMARC1; p=none", 1},
		{"version not first", "p=none; v=DMARC1; rua=mailto:a@x.example", "v=DMARC1; p=none; rua=mailto:a@x.example", 1},
		{"version at the end", "p=none;v=DMARC1", "v=DMARC1; p=none", 1},
		{"case of the version", "v=dmarc1;p=none;", "v=DMARC1;p=none;", 1},
		{"blank in the version", "v=DMARC 1; p=none", "v=DMARC1; p=none", 1},
		{"number forgotten", "v=DMARC; p=none", "v=DMARC1; p=none", 1},
		{"version without v", "DMARC1; p=none", "v=DMARC1; p=none", 1},
		{"colon for an equals sign", "v:DMARC1; p=none", "v=DMARC1; p=none", 1},
		{"no version", "p=reject; rua=mailto:a@x.example", "v=DMARC1; p=reject; rua=mailto:a@x.example", 1},
		{"zone file's quotes", `"v=DMARC1; p=none"`, "v=DMARC1; p=none", 1},
		{"zone file's strings", `"v=DMARC1; p=none; rua=mailto:a@x" ".example"`, "v=DMARC1; p=none; rua=mailto:a@x.example", 1},
		{"zone file's backslash", `v=DMARC1\; p=none`, "v=DMARC1; p=none", 1},
		{"doubled tags", "v=DMARC1; p=none; rua=mailto:a@x.example; p=reject", "v=DMARC1; p=none; rua=mailto:a@x.example", 1},
		{"empty places", "v=DMARC1;; p=none;", "v=DMARC1; p=none;", 1},
		{"case", "V=DMARC1; P=Reject", "v=DMARC1; p=reject", 1},
		{"misspelt policies", "v=DMARC1; p=quarentine; sp=rejct", "v=DMARC1; p=quarantine; sp=reject", 1},
		{"address for a URI", "v=DMARC1; p=none; rua=a@x.example,b@x.example", "v=DMARC1; p=none; rua=mailto:a@x.example,mailto:b@x.example", 1},
		{"zone file's line", `\"_dmarc.x.example. IN TXT \"v=DMARC1; p=none; rua=mailto:a@x.example\"\"`, "v=DMARC1; p=none; rua=mailto:a@x.example", 2},
		{"line break in words", `\nv=DMARC1;p=none\n`, "v=DMARC1;p=none ", 1},
		{"several mistakes", " v=dmarc1 p=rejekt", "v=DMARC1; p=reject", 4},
		{"octets that are no text stay", "v=DMARC1;; p=none; x=\xff", "v=DMARC1; p=none; x=\xff", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rec, done, ok := Repair(c.text)
			if !ok || rec.Text() != c.want || len(done) != c.done {
				t.Errorf("%q became\n%q, %v, %t, want\n%q", c.text, rec.Text(), done, ok, c.want)
			}
		})
	}
}

func TestRepairRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "v=spf1 -all", "hello", "v=DMARC2; p=none", "v=DMARC1", "v=DMARC1; p=block", "v=DMARC1; p=", "v=DMARC1; p=none; sp=block",
		"v=DMARC1; rua=mailto:a@x.example", "v=DKIM1; p=none",
		"v=DMARC1.; p=none; hello", "p=none; v=DMARC1; a_b=1", " v=DMARC1; p=none; rua=mailto:a b",
	} {
		if rec, done, ok := Repair(text); ok || rec.Text() != text || done != nil {
			t.Errorf("%q was taken for %q: %v", text, rec.Text(), done)
		}
	}
}

// FuzzRepair: what was repaired is a policy, and there is nothing left to repair.
func FuzzRepair(f *testing.F) {
	for _, text := range []string{
		"v=dmarc1; p=reject", "v=DMARC1 p=none rua=mailto:a@b.example", "p=none;v=DMARC1", "\ufeffv=DMARC1; p=none",
		"v=DMARC1; p=none; rua=mailto:a@b.example,ruf=mailto:c@d.example", `"v=DMARC1; p=reject" "x=1"`, "v=DMARC1; p=none p=none", "=;=;p=none v=", "",
		"v=DMARC1; p=none; =; V", "v=; p=none", "p=none; DMARC1", `v=DMARC1; p=none\" "`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 2000 {
			return
		}
		before, _ := mend(text)
		if IsDMARC(text) && !before.DMARC {
			t.Errorf("%q is a record, but was mended to %q", text, before.Text())
		}
		rec, _, ok := Repair(text)
		if !ok {
			return
		}
		if rec.Use != UsePolicy {
			t.Errorf("%q was repaired to %q, which is no policy", text, rec.Text())
		}
		if again, done, ok := Repair(rec.Text()); !ok || again.Text() != rec.Text() {
			t.Errorf("%q was repaired to %q, and that to %q: %v", text, rec.Text(), again.Text(), done)
		}
	})
}
