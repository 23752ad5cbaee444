package provider

import (
	"bufio"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sendplan/internal/dns"
)

const corpus = "../../../shared/corpora/records"

// rows reads a file of tab-separated published records.
func rows(t *testing.T, name string) [][]string {
	t.Helper()
	file, err := os.Open(filepath.Join(corpus, name))
	if err != nil {
		t.Skip("no corpus: ", err)
	}
	defer file.Close()
	z, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var list [][]string
	for s := bufio.NewScanner(z); s.Scan(); {
		if line := s.Text(); !strings.HasPrefix(line, "#") {
			list = append(list, strings.Split(line, "\t"))
		}
	}
	return list
}

// tally counts how labels compare with the names that they should be made of.
type tally struct{ plain, hyphen, hyphenCoded, hyphenPlain, other, notJudged int }

func (c *tally) add(label string, domain dns.Name, o Owner) {
	hyphen := strings.Contains(string(domain), "-")
	switch {
	case o == NotJudged:
		c.notJudged++
	case o == OtherDomain:
		c.other++
	case !hyphen:
		c.plain++
	case label == Labels(domain)[0]:
		c.hyphenCoded++
	default:
		c.hyphenPlain++
	}
	if hyphen {
		c.hyphen++
	}
}

// Of the CNAMEs observed at selectors exactly those that lead into Microsoft's
// zones are taken for Microsoft 365.
func TestCorpusWhoSigns(t *testing.T) {
	t.Parallel()
	var recognised, others int
	for _, row := range rows(t, "dkim-cname-observed.tsv.gz") {
		e, _ := ByDKIMTarget(dns.Name(strings.ToLower(strings.TrimSuffix(row[2], "."))))
		if strings.HasPrefix(string(e.ID), "m365-") {
			recognised++
		} else {
			others++
		}
	}
	if recognised != 4991 || others != 898 {
		t.Errorf("%d are taken for Microsoft 365, %d are not, want 4991 and 898", recognised, others)
	}
}

func TestCorpusDKIMTargets(t *testing.T) {
	t.Parallel()
	var all, microsoft, wrongNumber, relative, space, known int
	var labels tally
	zones := map[DKIMZone]int{}
	for _, row := range rows(t, "dkim-cname-observed.tsv.gz") {
		all++
		domain, target := dns.MustName(row[0]), dns.Name(row[2])
		if e, ok := ByDKIMTarget(target); ok {
			known++
			if _, ok := ParseDKIMTarget(target); ok && e.ID != "m365-worldwide" && !strings.HasSuffix(row[2], ".de") {
				t.Errorf("the catalogue says that %s is of %s", target, e.ID)
			}
		}
		got, ok := ParseDKIMTarget(target)
		if !ok {
			switch _, typo := DKIMTypo(target, domain); {
			case typo == Relative:
				relative++
			case typo == WhiteSpace:
				space++
			case strings.Contains(row[2], "microsoft"):
				t.Logf("not of Microsoft's form: %s -> %s", domain, target)
			}
			continue
		}
		microsoft++
		zones[got.Zone]++
		labels.add(got.Label, domain, got.Owner(domain))
		if row[1] != "selector"+string(rune('0'+got.Number)) {
			wrongNumber++
		}
	}
	t.Logf("%d CNAMEs, %d of Microsoft's form (%v), %d of another selector's number, %d relative, %d with white space, %d in the catalogue", all, microsoft, zones, wrongNumber, relative, space, known)
	t.Logf("labels: %+v", labels)
	if microsoft < 4900 || relative+space < 10 || wrongNumber > 10 || labels.other > microsoft/20 {
		t.Error("the parser lost records that it used to read")
	}
}

func TestCorpusMX(t *testing.T) {
	t.Parallel()
	var all, hosts, microsoft, proofs, typos int
	var labels tally
	families := map[Family]int{}
	for _, row := range rows(t, "mx.tsv.gz") {
		all++
		domain, err := dns.ParseName(row[0])
		if err != nil {
			t.Errorf("%s: %v", row[0], err)
			continue
		}
		for _, field := range strings.Fields(row[1]) {
			hosts++
			_, text, ok := strings.Cut(field, ":")
			if !ok {
				text = field
			}
			host := dns.Name(strings.ToLower(text))
			if _, ok := OwnershipProof(host); ok {
				proofs++
			}
			if _, typo := MXTypo(host, domain); typo != NoTypo {
				typos++
			}
			mx, ok := ParseMX(host)
			if !ok {
				continue
			}
			microsoft++
			families[mx.Family]++
			labels.add(mx.Label, domain, mx.Owner(domain))
			if len(ByMX(host)) == 0 {
				t.Errorf("the catalogue does not know %s", host)
			}
		}
	}
	t.Logf("%d rows, %d hosts, %d of Microsoft (%v), %d ownership proofs, %d typos", all, hosts, microsoft, families, proofs, typos)
	t.Logf("labels: %+v", labels)
	if microsoft < 3000 || labels.other > microsoft/20 {
		t.Error("the parser lost records that it used to read")
	}
}

// How much of what domains include is in the catalogue.
func TestCorpusIncludes(t *testing.T) {
	t.Parallel()
	var includes, known int
	for _, row := range rows(t, "spf.tsv.gz") {
		for _, field := range row {
			for term := range strings.FieldsSeq(strings.ToLower(field)) {
				if name, ok := strings.CutPrefix(term, "include:"); ok {
					includes++
					if _, ok := ByInclude(dns.Name(strings.TrimSuffix(name, "."))); ok {
						known++
					}
				}
			}
		}
	}
	t.Logf("%d includes, %d known", includes, known)
	if known*2 < includes {
		t.Error("the catalogue knows less than half of what is included")
	}
}
