package zone

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sendplan/internal/dns"
)

const psString = `'((?:[^']|'')*)'`

// The lines of the script that change records.
var (
	psRemoveLine = regexp.MustCompile(`^Remove-Record -Name ` + psString + ` -Type ` + psString + ` -Text ` + psString + `$`)
	psAddLine    = regexp.MustCompile(`^Add-DnsServerResourceRecord -ZoneName \$Zone -ComputerName \$ComputerName -Name ` + psString + ` (-Txt|-CName|-MX|-A|-AAAA) (.*) -TimeToLive \(\[TimeSpan\]::FromSeconds\(([0-9]+)\)\) -WhatIf:\$WhatIfPreference$`)
	psDataParts  = regexp.MustCompile(`^(?:-Preference ([0-9]+) )?-(DescriptiveText|HostNameAlias|MailExchange|IPv4Address|IPv6Address) ` + psString + `$`)
)

// readPowerShell reads the sets from the comments and carries the commands out on
// the old records: they must give the new ones. A set by hand has no commands.
func readPowerShell(text []byte, b Batch) ([]Set, error) {
	s := script{zone: b.Zone, done: map[dns.Key][]dns.Record{}}
	for line := range strings.Lines(string(text)) {
		if err := s.line(strings.TrimSuffix(line, "\n")); err != nil {
			return nil, fmt.Errorf("%q: %w", line, err)
		}
	}
	for _, set := range s.sets {
		after, commanded := s.done[set.Key]
		at := slices.IndexFunc(b.Changes, func(c dns.Change) bool { return c.Key == set.Key })
		switch {
		case commanded && !sameSet(after, set.New):
			return nil, fmt.Errorf("%s: the commands give %v", set.Key, after)
		case !commanded && at >= 0 && scriptable(b.Changes[at], b):
			return nil, fmt.Errorf("%s: no commands", set.Key)
		}
	}
	return s.sets, nil
}

// script is a script while it is read.
type script struct {
	collected
	zone dns.Name
	done map[dns.Key][]dns.Record // sets with commands, as these leave them
}

func (s *script) line(line string) error {
	if old, ok := strings.CutPrefix(line, psOld); ok {
		r, err := readRecord(old)
		if err == nil {
			s.old(r)
		}
		return err
	}
	if now, ok := strings.CutPrefix(line, psNew); ok {
		r, err := readRecord(now)
		if err == nil {
			s.new(r)
		}
		return err
	}
	if m := psRemoveLine.FindStringSubmatch(line); m != nil {
		return s.remove(m)
	}
	if m := psAddLine.FindStringSubmatch(line); m != nil {
		return s.add(m)
	}
	if strings.HasPrefix(line, "Remove-") || strings.HasPrefix(line, "Add-") {
		return fmt.Errorf("not understood")
	}
	return nil
}

func (s *script) at(host, kind string) (dns.Key, []dns.Record, error) {
	name, err := absolute(psUnquote(host), s.zone)
	t, _ := dns.ParseType(kind)
	k := dns.Key{Name: name, Type: t}
	have, known := s.done[k]
	if !known {
		have = slices.Clone(s.set(k).Old)
	}
	return k, have, err
}

func (s *script) remove(m []string) error {
	k, have, err := s.at(m[1], psUnquote(m[2]))
	if err != nil {
		return err
	}
	// An addition may come before the removal; its text is another.
	left := slices.DeleteFunc(slices.Clone(have), func(r dns.Record) bool { return psText(r) == psUnquote(m[3]) })
	if len(left) != len(have)-1 {
		return fmt.Errorf("no single record with this text")
	}
	s.done[k] = left
	return nil
}

func (s *script) add(m []string) error {
	data := psDataParts.FindStringSubmatch(m[3])
	if data == nil {
		return fmt.Errorf("not understood")
	}
	kind, value := strings.ToUpper(m[2][1:]), psUnquote(data[3])
	switch kind {
	case "TXT":
		value = dns.NewTXT(value).String()
	case "MX":
		value = data[1] + " " + value
	}
	k, have, err := s.at(m[1], kind)
	if err != nil {
		return err
	}
	r, err := readRecord(fmt.Sprintf("%s %s IN %s %s", k.Name.Zone(), m[4], kind, value))
	if err != nil {
		return err
	}
	s.done[k] = append(have, r)
	return nil
}

func psUnquote(s string) string { return strings.ReplaceAll(s, "''", "'") }
