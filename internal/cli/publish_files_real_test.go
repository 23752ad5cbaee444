package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/dns/realserver"
)

// byHand does with zones what the form "bind" says on top: what begins with ";- "
// goes, the other records come, all else stays. It returns the zone files.
func byHand(t *testing.T, zones *dns.Zones, emitted string) map[dns.Name]string {
	t.Helper()
	files := map[dns.Name]string{}
	for _, apex := range zones.Apexes() {
		files[apex] = realserver.MasterFile(zones, apex)
	}
	apex := dns.Name("")
	for line := range strings.Lines(emitted) {
		old, gone := strings.CutPrefix(line, ";- ")
		switch {
		case strings.HasPrefix(line, "; sendplan: zone "):
			apex = dns.MustName(strings.TrimSuffix(strings.Fields(line)[3], ","))
		case gone && strings.Count("\n"+files[apex], "\n"+old) != 1:
			t.Fatalf("the zone %s has no line %sbut\n%s", apex, old, files[apex])
		case gone:
			files[apex] = strings.TrimPrefix(strings.Replace("\n"+files[apex], "\n"+old, "\n", 1), "\n")
		case line != "\n" && line[0] != ';':
			files[apex] += line
		}
	}
	return files
}

// together is zone files as one text.
func together(t *testing.T, files map[dns.Name]string) *dns.Zones {
	t.Helper()
	var text strings.Builder
	for _, apex := range slices.Sorted(maps.Keys(files)) {
		text.WriteString(files[apex] + "$ORIGIN .\n") // a file may end with another origin
	}
	return parseReal(t, text.String())
}

// loaders are the programs that load a zone file as their server does. Where
// they can they print what they have read.
var loaders = map[realserver.Kind]struct {
	program string
	args    []string // before the zone and the file
	prints  bool
}{
	// The zones name hosts that they do not hold.
	realserver.BIND: {"named-checkzone", []string{"-q", "-D", "-o", "-", "-i", "none", "-m", "ignore"}, true},
	realserver.NSD:  {"nsd-checkzone", []string{"-p"}, true},
	realserver.Knot: {"kzonecheck", []string{"-o"}, false},
}

// loaded is zone files as the loader of a kind of servers reads them.
func loaded(t *testing.T, kind realserver.Kind, files map[dns.Name]string) *dns.Zones {
	t.Helper()
	l, read := loaders[kind], map[dns.Name]string{}
	path := realserver.Program(t, l.program)
	for apex, text := range files {
		file := filepath.Join(t.TempDir(), "zone")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(path, append(slices.Clone(l.args), apex.Zone(), file)...).Output()
		if err != nil {
			t.Fatalf("%s: %v: %s\n%s", l.program, err, out, text)
		}
		read[apex] = text
		if l.prints {
			read[apex] = string(out)
		}
	}
	return together(t, read)
}

// planOfRecords is what a plan, as JSON, says of records.
type planOfRecords struct {
	Stages []struct {
		Open    bool
		Changes []changeOfRecords
	}
}

type changeOfRecords struct {
	Name, Type string
	TTL        uint32
	New        []string
	NewStrings [][]string `json:"new_strings"`
	Held       bool
}

// lines are the lines of a zone file that a changed set is made of.
func (c changeOfRecords) lines() string {
	data := c.New
	if c.Type == "TXT" {
		data = nil
		for _, list := range c.NewStrings {
			data = append(data, strings.Trim(fmt.Sprintf("%q", list), "[]"))
		}
	}
	set := ""
	for _, d := range data {
		set += fmt.Sprintf("%s. %d IN %s %s\n", c.Name, c.TTL, c.Type, d)
	}
	return set
}

// afterPlan is zones with the sets replaced that a plan changes now.
func afterPlan(t *testing.T, zones *dns.Zones, plan string) *dns.Zones {
	t.Helper()
	var p planOfRecords
	if err := json.Unmarshal([]byte(plan), &p); err != nil {
		t.Fatal(err)
	}
	sets := map[string]string{} // the last of each set counts
	for _, s := range p.Stages {
		for _, c := range s.Changes {
			if s.Open && !c.Held {
				sets[c.Name+". "+c.Type] = c.lines()
			}
		}
	}
	text := ""
	for _, apex := range zones.Apexes() {
		for line := range strings.Lines(realserver.MasterFile(zones, apex)) {
			words := strings.Fields(line)
			if _, changed := sets[words[0]+" "+words[3]]; !changed {
				text += line
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(sets)) {
		text += sets[key]
	}
	return parseReal(t, text)
}

// The zone files as the form "bind" has them changed are loaded by every kind of
// server, which then answers as the plan says, and in all else as before.
func TestPublishZoneFiles(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"01-gateway", "07-two-spf-records", "10-txt-instead-of-cname", "11-parked", "12-subdomain-wildcard", "13-report-address"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := partedExample(t, name)
			l, before := serveExample(t, e), ownZones(t, e)
			plan := l.run(t, "$ sendplan plan -i inventory.yaml --date 2026-11-22 --format json")
			emitted := l.run(t, "$ sendplan emit -i inventory.yaml --date 2026-11-22 --stage all --as bind")
			files, planned := byHand(t, before, emitted.stdout), afterPlan(t, before, plan.stdout)
			keys := asked(before, planned)
			for _, kind := range realserver.Kinds {
				server := realserver.Authority(t, kind, loaded(t, kind, files))
				holdsAll(t, string(kind), server.Addr, planned, keys)
			}
		})
	}
}
