package planner

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/method"
	"sendplan/internal/proof"
)

// moving is an office with something of everything to do, and nothing amiss.
func moving() office {
	return office{
		own: microsoftMX + `@ 900 TXT "v=spf1 ip4:198.51.100.1 include:spf.protection.outlook.com ~all"
@ 900 TXT "MS=ms1" " in two"
_dmarc 300 TXT "v=DMARC1; p=none; x=y"
selector2._domainkey TXT "` + target2 + `"
www A 198.51.100.80
`,
		more: keys(target1, target2), tenant: signing("enabled: true, status: Valid"), domains: policy("target: quarantine, " + clean),
	}
}

// Promise 1: a verdict is never wrong because the DNS failed. Whatever question
// fails, a verdict stays or is not known, and nothing is taken out of a record.
func TestPromise1Failures(t *testing.T) {
	t.Parallel()
	o := moving()
	whole := o.plan(t)
	recorder := dns.NewRecorder(o.zones(t))
	Make(o.read(t), recorder, Options{Date: day})
	for _, q := range recorder.Replay().Questions() {
		hurt := Make(o.read(t), failing{o.zones(t).(servers).Zones, q, false}, Options{Date: day})
		for i, d := range hurt.Devices {
			for _, v := range [][2]proof.Verdict{{d.Before.SPF, whole.Devices[i].Before.SPF}, {d.Before.DKIM, whole.Devices[i].Before.DKIM}, {d.Before.DMARC, whole.Devices[i].Before.DMARC}} {
				if v[0] != v[1] && v[0] != proof.Unknown {
					t.Errorf("when %s fails, %s gets %s instead of %s: %s", q, d.Name, v[0], v[1], d.Before.Why)
				}
			}
			if d.Right == method.True && len(hurt.Changes()) == 0 {
				t.Errorf("when %s fails, %s is right without any change", q, d.Name)
			}
		}
		for _, c := range hurt.Changes() {
			for _, r := range c.Old {
				if c.Key == txt("nordwind.example") && !strings.Contains(r.String(), "MS=ms1") && !strings.Contains(fmt.Sprint(c.New), "ip4:198.51.100.1 ") {
					t.Errorf("when %s fails, %s becomes %s", q, r, c.New)
				}
			}
		}
	}
}

// Promise 3: a plan touches only what it must. Names, texts, TTLs and tags that
// it does not speak of stay.
func TestPromise3Untouched(t *testing.T) {
	t.Parallel()
	o := moving()
	before := modelOf(t, world(apex+o.own)+o.more, "")
	after := before.apply(t, o.plan(t).Changes())
	want := strings.NewReplacer(
		`"v=spf1 ip4:198.51.100.1 include:`, `"v=spf1 ip4:198.51.100.1 ip4:203.0.113.10 include:`,
		`p=none; x=y`, `p=quarantine; x=y`,
		`300 IN TXT "`+target2+`"`, "3600 IN CNAME "+target2+".",
	).Replace(before.text()) + "selector1._domainkey.nordwind.example. 3600 IN CNAME " + target1 + ".\n"
	got, expected := strings.Split(after.text(), "\n"), strings.Split(want, "\n")
	for _, line := range expected {
		if !strings.Contains(after.text(), line+"\n") && line != "" {
			t.Errorf("%s is gone", line)
		}
	}
	if len(got) != len(expected) {
		t.Errorf("%d lines became %d:\n%s", len(expected), len(got), after.text())
	}
}

// Promise 4: after the plan is carried out, planning again changes nothing.
func TestPromise4Again(t *testing.T) {
	t.Parallel()
	o := moving()
	at := modelOf(t, world(apex+o.own)+o.more, "").apply(t, o.plan(t).Changes())
	again := Make(o.read(t), servers{at.zones(t)}, Options{Date: day})
	if len(again.Stages) > 0 || len(again.Blocked)+len(again.Unknown)+len(again.Offers) > 0 {
		t.Errorf("planning again gives\n%s", sketch(again))
	}
}

// Promise 5, as far as the planner goes: the live answers after the plan are
// those that its proof was made with.
func TestPromise5ProofIsTrue(t *testing.T) {
	t.Parallel()
	o := moving()
	p := o.plan(t)
	at := modelOf(t, world(apex+o.own)+o.more, "").apply(t, p.Changes())
	live := Make(o.read(t), servers{at.zones(t)}, Options{Date: day})
	for i, d := range p.Devices {
		if then := live.Devices[i].Before; d.After.SPF != then.SPF || d.After.DKIM != then.DKIM || d.After.DMARC != then.DMARC || d.After.Right != then.Right {
			t.Errorf("%s is proved to be %s/%s/%s, and is %s/%s/%s", d.Name, d.After.SPF, d.After.DKIM, d.After.DMARC, then.SPF, then.DKIM, then.DMARC)
		}
	}
}

// Promise 6: nothing is invented. Without the targets from Exchange Online no
// alias is planned; they are asked for with the command that prints them.
func TestPromise6Asked(t *testing.T) {
	t.Parallel()
	o := moving()
	o.tenant = "" // nothing of DKIM
	o.own = strings.Replace(o.own, "selector2._domainkey TXT", "other TXT", 1)
	p := o.plan(t)
	asked := false
	for _, s := range p.Stages {
		for _, c := range s.Changes {
			if c.Key.Type == dns.TypeCNAME {
				t.Errorf("%s is planned", c.New)
			}
		}
		for _, task := range s.Tasks {
			asked = asked || strings.HasPrefix(task.Command, "Get-DkimSigningConfig -Identity nordwind.example")
		}
	}
	if !asked {
		t.Errorf("the targets are not asked for:\n%s", sketch(p))
	}
}

// Promise 7: the same inventory, DNS and date give the same plan.
func TestPromise7Same(t *testing.T) {
	t.Parallel()
	if a, b := moving().plan(t), moving().plan(t); !reflect.DeepEqual(a, b) {
		t.Errorf("got\n%s\nand\n%s", sketch(a), sketch(b))
	}
}

// Promise 8: nothing is tightened on no evidence.
func TestPromise8Evidence(t *testing.T) {
	t.Parallel()
	o := moving()
	o.domains = policy("target: reject")
	for _, c := range o.plan(t).Changes() {
		if c.Key == txt("_dmarc.nordwind.example") {
			t.Errorf("%s is published without reports", c.New)
		}
	}
}

// Promise 9: gains are judged like losses. An address of a dynamic or shared site
// never becomes an ip4, and a range wider than /29 needs a yes.
func TestPromise9Gains(t *testing.T) {
	t.Parallel()
	for _, sites := range []string{dynamicSite, sharedSite, doubtfulSite, someSharingSite, wideSite, strings.Replace(wideSite, "/24", "/28", 1)} {
		for _, yes := range [][]string{nil, {"spf-gain/nordwind.example/203.0.113.10/32", "spf-overrule/nordwind.example/203.0.113.10/32"}} {
			o := moving()
			o.sites, o.yes = sites, yes
			for _, c := range o.plan(t).Changes() {
				if strings.Contains(fmt.Sprint(c.New), "ip4:203.0.113.") {
					t.Errorf("%s: %s is published", sites, c.New)
				}
			}
		}
	}
}
