package interview_test

import (
	"testing"

	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

func aboutDevice(name string) interview.Subject {
	return interview.Subject{Of: interview.OfDevice, Name: name}
}

func TestGuessedKinds(t *testing.T) {
	t.Parallel()
	s := interviewtest.Office(t)
	for name, kind := range map[string]string{
		"scanner-3og":       "scanner",
		"Scan2Mail EG":      "scanner",
		"kopierer-2":        "copier",
		"MFP_Lager":         "copier",
		"Multifunktion HR":  "copier",
		"Etagendrucker":     "printer",
		"HP LaserJet":       "printer",
		"qnap":              "nas",
		"Synology DS920":    "nas",
		"nas2":              "nas",
		"usv":               "ups",
		"UPS1":              "ups",
		"Groupsoft":         "other", // a short word must stand alone
		"erp-test":          "application",
		"SAP":               "application",
		"Brandmeldeanlage":  "alarm",
		"3cx":               "phone",
		"Starface":          "phone",
		"FritzBox":          "router",
		"CNC-Fräse":         "machine",
		"backup-server":     "backup",
		"Veeam":             "backup",
		"PRTG":              "monitoring",
		"Newsletter":        "newsletter",
		"Webshop":           "website",
		"postfix":           "relay",
		"exchange2019":      "server",
		"Kamera Hof":        "camera",
		"xyz":               "other",
		"":                  "other",
		"\x1b[31mscanner":   "scanner",
		"scannerscannerusv": "scanner",
	} {
		q := ask(t, s, aboutDevice(""), interview.Answers{"name": name}, "kind")
		if q.Answer != kind {
			t.Errorf("%q is taken for %q, want %q", name, q.Answer, kind)
		}
		if known := kind != "other"; known != (q.Basis != "") {
			t.Errorf("%q as %s rests on %q", name, kind, q.Basis)
		}
	}
}
