package planner

import "testing"

// A record whose sp is none of the three policies is no policy for exact
// receivers, and its p for others. Nothing is planned that takes p away from
// these, and the step that gives it to those is one that tightens.
func TestMisspeltPolicy(t *testing.T) {
	t.Parallel()
	office := func(record, wish string, yes ...string) office {
		return office{own: `@ TXT "v=spf1 ip4:203.0.113.10 -all"` + "\n_dmarc 600 TXT \"" + record + "\"\n", domains: policy(wish), yes: yes}
	}
	const (
		wrong = "v=DMARC1; p=reject; sp=nnoe; rua=mailto:a@nordwind.example"
		asked = "unknown nordwind.example: its DMARC record says p=reject, but for its sp=nnoe exact receivers act by no policy; which one is meant must be known before anything is changed in it"
		from  = "dmarc TXT _dmarc.nordwind.example\n  - 600 \"" + wrong + "\"\n"
	)
	runCases(t, []planCase{
		{"no wish", "", office(wrong, "target: keep"), sends},
		{"reports", "", office(wrong, "rua: ['mailto:b@nordwind.example']"), sends + asked},
		{"subdomains", "", office(wrong, "subdomains: reject"), sends + asked},
		{"the same", "one step: each in between would be looser than what some receivers do", office(wrong, "target: reject"),
			"dmarc only if: " + noReports + "\n" + from + "  + 600 \"v=DMARC1; p=reject; rua=mailto:a@nordwind.example\"\n" + sends + "offer dmarc-raise/nordwind.example/no-sp"},
		{"lower, with reports", "", office(wrong, "target: quarantine, rua: ['mailto:b@nordwind.example'], "+clean),
			"dmarc only if: " + cleanReports + "\n" + from + "  + 600 \"v=DMARC1; p=quarantine; rua=mailto:a@nordwind.example,mailto:b@nordwind.example\"\n" + sends},
		{"subdomains by wish", "", office(wrong, "target: reject, subdomains: none"),
			"dmarc only if: " + noReports + "\n" + from + "  + 600 \"v=DMARC1; p=reject; sp=none; rua=mailto:a@nordwind.example\"\n" + sends + "offer dmarc-raise/nordwind.example/sp=none"},
		{"higher", "the step after waits for reports of its own time", office("v=DMARC1; p=quarantine; sp=nnoe", "target: reject"),
			"dmarc only if: " + noReports + "\n" + `dmarc TXT _dmarc.nordwind.example
			  - 600 "v=DMARC1; p=quarantine; sp=nnoe"
			  + 600 "v=DMARC1; p=quarantine"
			dmarc only if: ` + laterReports + `
			dmarc TXT _dmarc.nordwind.example
			  - 600 "v=DMARC1; p=quarantine"
			  + 600 "v=DMARC1; p=reject"
			scanner pass/none/none > pass/none/none true
			offer dmarc-raise/nordwind.example/no-sp
			` + toReject},
		{"none", "it is the wish", office(wrong, "target: none"), "publish TXT _dmarc.nordwind.example\n  - 600 \"" + wrong + "\"\n  + 600 \"v=DMARC1; p=none; sp=none; rua=mailto:a@nordwind.example\"\n" + sends},
	})
}
