package check

import (
	"testing"

	"sendplan/dmarc"
)

// FuzzRepairedDMARC: a repaired record is sound, and there is nothing left to
// repair.
func FuzzRepairedDMARC(f *testing.F) {
	for _, text := range []string{
		"v=dmarc1; p=reject", "v=DMARC1 p=none rua=mailto:a@b.example", "p=none;v=DMARC1", "\ufeffv=DMARC1; p=none",
		"v=DMARC1; p=none; rua=mailto:a@b.example,ruf=mailto:c@d.example", `"v=DMARC1; p=reject"`, "v=DMARC1; p=none p=none", "=;=;p=none v=", "",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		repaired := repairedDMARC(text)
		if repaired == "" {
			return
		}
		if !dmarc.IsDMARC(repaired) || dmarc.Parse(repaired).Use != dmarc.UsePolicy {
			t.Errorf("%q was repaired to %q, which is no policy", text, repaired)
		}
		if again := repairedDMARC(repaired); again != repaired {
			t.Errorf("%q was repaired to %q, and that to %q", text, repaired, again)
		}
	})
}
