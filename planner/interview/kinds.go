package interview

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"sendplan/internal/inventory"
	"sendplan/internal/method"
)

// kinds are all kinds of devices with what they are called, and the words of
// their names, in English and German, that give them away. A word of up to four
// letters must stand alone, but for digits behind it; a longer one may be part of
// a word: "etagendrucker". The order decides where a name has several.
var kinds = []struct {
	kind  inventory.Kind
	text  string
	words []string
}{
	{inventory.Scanner, "a scanner", []string{"scan", "scanner", "scan2", "scanto", "scansnap"}},
	{inventory.Copier, "a copier or multifunction device", []string{"copier", "copy", "kopie", "mfp", "mfg", "multifunktion", "multifunction", "konica", "minolta", "bizhub", "ricoh", "kyocera", "taskalfa", "xerox", "workcentre", "versalink", "altalink", "sharp", "canon", "imagerunner"}},
	{inventory.Printer, "a printer", []string{"printer", "druck", "prn", "laserjet", "officejet", "plotter", "epson", "brother", "lexmark", "zebra"}},
	{inventory.NAS, "a NAS", []string{"nas", "qnap", "synology", "diskstation", "rackstation", "truenas", "freenas", "netapp"}},
	{inventory.UPS, "a UPS", []string{"ups", "usv", "apc", "eaton"}},
	{inventory.Camera, "a camera or its recorder", []string{"camera", "kamera", "cam", "ipcam", "nvr", "dvr", "axis", "hikvision", "reolink"}},
	{inventory.Alarm, "an alarm system", []string{"alarm", "brandmelde", "einbruch", "bma", "ema"}},
	{inventory.Phone, "a telephone system", []string{"phone", "telefon", "pbx", "voip", "3cx", "starface", "voicemail", "swyx", "asterisk"}},
	{inventory.Router, "a router or firewall", []string{"router", "firewall", "fritz", "lancom", "sophos", "fortigate", "pfsense", "opnsense", "sonicwall", "watchguard", "mikrotik", "vpn", "switch"}},
	{inventory.Machine, "a machine or controller", []string{"machine", "maschine", "cnc", "plc", "sps", "steuerung", "heizung", "heating", "hvac", "aufzug", "elevator", "inverter", "wechselrichter"}},
	{inventory.Backup, "a backup program", []string{"backup", "veeam", "acronis", "sicherung", "arcserve"}},
	{inventory.Monitoring, "a monitoring system", []string{"monitor", "nagios", "zabbix", "prtg", "icinga", "checkmk", "grafana", "überwachung", "ueberwachung"}},
	{inventory.Newsletter, "a newsletter", []string{"newsletter", "mailing", "rundbrief"}},
	{inventory.Website, "a website", []string{"website", "web", "webseite", "wordpress", "shop", "webshop", "homepage", "typo3", "kontaktformular", "shopware", "magento"}},
	{inventory.LANRelay, "a relay on the LAN, which hands on mail of others", []string{"relay", "smarthost", "postfix", "exim", "sendmail", "mx"}},
	{inventory.Application, "an application, such as ERP or CRM", []string{"erp", "crm", "sap", "datev", "navision", "dynamics", "sage", "lexware", "odoo", "application", "anwendung", "app", "ticket", "jira", "dms", "docuware", "elo", "rechnung", "invoice", "zeiterfassung", "wawi", "jtl", "script", "skript"}},
	{inventory.Server, "a server", []string{"server", "srv", "exchange", "linux", "windows", "esxi", "vcenter", "hyperv", "proxmox", "sql"}},
	{inventory.Service, "a service that somebody else hosts", []string{"saas", "mailchimp", "sendgrid", "brevo", "hubspot", "salesforce", "zendesk", "mailjet"}},
	{inventory.Other, "something else", nil},
}

// kindText is what a kind is called.
func kindText(k inventory.Kind) string {
	for _, c := range kinds {
		if c.kind == k {
			return c.text
		}
	}
	return "something else"
}

func kindOptions() []Option {
	options := make([]Option, len(kinds))
	for i, c := range kinds {
		options[i] = Option{Value: string(c.kind), Text: c.text}
	}
	return options
}

// guessKind tells from its name what a device probably is; Other if the name does
// not say.
func guessKind(name string) inventory.Kind {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, c := range kinds {
		if slices.ContainsFunc(c.words, func(sign string) bool { return hasSign(words, sign) }) {
			return c.kind
		}
	}
	return inventory.Other
}

// wholeWord is how long a sign must be to be found in a longer word.
const wholeWord = 5

func hasSign(words []string, sign string) bool {
	return slices.ContainsFunc(words, func(w string) bool {
		return w == sign || strings.TrimRightFunc(w, unicode.IsDigit) == sign || len(sign) >= wholeWord && strings.Contains(w, sign)
	})
}

// coded reports whether a device of a kind may have code that calls a web API.
func coded(k inventory.Kind) bool {
	o := method.Judge(method.Input{Device: method.Device{Kind: string(k)}}, method.ID(method.Graph), method.AuthUnknown, time.Time{})
	return o.State != method.Vetoed // whatever the day
}

func kindBasis(name string) string { return fmt.Sprintf("the name %q", name) }
