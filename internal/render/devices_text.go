package render

import (
	"fmt"
	"io"
	"strings"
	"time"

	"sendplan/internal/dns"
	"sendplan/internal/fleet"
	"sendplan/internal/method"
	"sendplan/internal/term"
	"sendplan/internal/words"
)

// Devices writes a line for each device: what it uses, whether that fits, what
// fits best and until when there is time.
func (f Format) Devices(w io.Writer, p Page, all fleet.Fleet) error {
	return f.write(w, p, newDevices(all, all.Devices), func() [][]string { return deviceRows(all) }, func(t *Text) { t.devices(all) })
}

// Device writes all that is said of one device.
func (f Format) Device(w io.Writer, p Page, all fleet.Fleet, d fleet.Device) error {
	one := all
	one.Devices = []fleet.Device{d}
	return f.write(w, p, deviceDoc{newDevices(all, one.Devices).devicesJSON}, func() [][]string { return deviceRows(one) }, func(t *Text) { t.device(d) })
}

// deviceDoc is a devicesDoc of one device in full, which Markdown draws as the
// text does.
type deviceDoc struct{ devicesJSON }

var deviceHead = []string{
	"name", "kind", "site", "now", "method", "fits", "vetoes", "recommended", "meanwhile", "questions", "deadline", "deadline_days", "deadline_text",
}

func deviceRows(all fleet.Fleet) [][]string {
	rows := [][]string{deviceHead}
	for _, d := range all.Devices {
		var vetoes, questions []string
		for _, v := range d.Judged().Vetoes {
			vetoes = append(vetoes, string(v.ID))
		}
		for _, q := range d.Advice.Questions {
			questions = append(questions, q.Field)
		}
		day, left, text := "", "", ""
		if e, ok := d.Advice.Deadline(); ok {
			text = e.Text
			if !e.Day.IsZero() {
				day, left = e.Day.Format(time.DateOnly), fmt.Sprint(e.Days)
			}
		}
		rows = append(rows, []string{
			d.Name, string(d.Kind), d.Site, string(d.Today()), string(d.Method), fits(d), strings.Join(vetoes, ", "),
			string(d.Advice.Recommended), string(d.Advice.Meanwhile), strings.Join(questions, ", "), day, left, text,
		})
	}
	return rows
}

// fits says whether a device's method fits, in a word.
func fits(d fleet.Device) string {
	switch {
	case d.Judged().Method == "":
		return "not known"
	case d.Fits() == method.True:
		return "yes"
	case d.Fits() == method.False:
		return "no"
	}
	return "depends"
}

// lasting is fits for people, with the day on which that ends.
func lasting(d fleet.Device) string {
	if day := d.Until(); d.Fits() == method.True && !day.IsZero() {
		return "until " + day.Format(time.DateOnly)
	}
	return fits(d)
}

// step is the method of today and the one that follows it.
func step(d fleet.Device) string {
	now := words.OrUnknown(string(d.Today()))
	if d.Method == "" || d.Method == d.Today() {
		return now
	}
	return now + " -> " + string(d.Method)
}

// best is what is recommended, in as few words as fit a table.
func best(d fleet.Device) string {
	a := d.Advice
	switch {
	case a.Recommended != "":
		return string(a.Recommended)
	case a.Meanwhile != "":
		return "? (" + string(a.Meanwhile) + ")"
	case len(a.Questions) > 0:
		return "?"
	}
	return "none fits"
}

const maxColumn = 36 // cells of one column of the table

func (t *Text) devices(all fleet.Fleet) {
	t.tenant(all)
	if len(all.Devices) == 0 {
		t.Line("The inventory has no devices.")
		return
	}
	head := [4]string{"DEVICE", "NOW -> METHOD", "FITS", "RECOMMENDED"}
	rows := [][4]string{head}
	for _, d := range all.Devices {
		rows = append(rows, [4]string{d.Name, step(d), lasting(d), best(d)})
	}
	var width [4]int
	for i, row := range rows {
		for j := range row {
			rows[i][j] = term.SafeMax(row[j], maxColumn)
			width[j] = max(width[j], term.Cells(rows[i][j]))
		}
	}
	for i, row := range rows {
		line := term.Pad(row[0], width[0]) + "  " + term.Pad(row[1], width[1]) + "  " + term.Pad(row[2], width[2]) + "  " + row[3]
		if i == 0 {
			t.Line("%s", t.Style.Bold.Draw(line))
			continue
		}
		t.Line("%s", line)
		t.remarks(all.Devices[i-1])
	}
	t.Blank()
	t.Para(0, "", "FITS is about the method alone; whether receivers accept the mail by SPF, DKIM and DMARC is judged by check and plan. sendplan devices --explain NAME shows one device in full.", t.Style.Dim)
}

// remarks are the lines below a device's row.
func (t *Text) remarks(d fleet.Device) {
	for _, v := range d.Judged().Vetoes {
		t.Para(4, "not "+string(d.Judged().Method)+": ", v.Reason, t.Style.Red)
	}
	judgesToday := d.Judged().Method == d.Advice.Today.Method
	if e, ok := d.Advice.Deadline(); ok && !(judgesToday && e.ID == method.EventRefused) {
		t.Para(4, "", e.Text, t.deadlinePen(e))
	}
	if len(d.Advice.Questions) > 0 {
		var fields []string
		for _, q := range d.Advice.Questions {
			fields = append(fields, q.Field)
		}
		t.Para(4, "to be answered in the inventory: ", strings.Join(fields, ", "), t.Style.Magenta)
	}
	if d.Review != "" {
		t.Para(4, "to be reviewed: ", d.Review, t.Style.Magenta)
	}
}

func (t *Text) deadlinePen(e method.Event) term.Pen {
	if e.Past || e.Day.IsZero() || e.Days > 60 {
		return t.Style.Yellow
	}
	return t.Style.Red
}

func (t *Text) tenant(all fleet.Fleet) {
	tenant := newTenant(all.Tenant)
	name := tenant.InitialDomain
	if name == "" {
		name = "initial domain not known"
	}
	reject := map[any]string{true: "on", false: "off"}[tenant.RejectDirectSend]
	t.Para(0, "tenant: ", fmt.Sprintf("%s, cloud %s, mail comes in: %s, goes out: %s, RejectDirectSend %s; as of %s",
		name, tenant.Cloud, tenant.Inbound, tenant.Outbound, words.OrUnknown(reject), all.Date.Format("2 January 2006")), term.Pen{})
	t.Blank()
}

// devicePart is a heading of what is said of one device.
func (t *Text) devicePart(title string) {
	t.Blank()
	t.Line("%s", t.Style.Bold.Draw(title))
}

func (t *Text) device(d fleet.Device) {
	t.Para(0, "", d.Name, t.Style.Bold)
	for _, row := range deviceFacts(d) {
		t.Para(2, term.Pad(row[0], 12), row[1], term.Pen{})
	}
	var used sources
	t.methodsOf(d, &used)
	t.ranking(d, &used)
	t.events(d, &used)
	t.setup(d, &used)
	t.devicePart("Sources")
	for _, s := range used.list() {
		t.Para(2, term.Pad(s.Key, 10)+" ", s.Where+" ("+s.AsOf+")", t.Style.Dim)
	}
	t.Para(2, "", "M: text of Microsoft, V: of the vendor, 3P: of others, OBS: seen in public, INF: follows from these, MEM: from memory, verify it", t.Style.Dim)
}

// deviceFacts is what the inventory says of a device.
func deviceFacts(d fleet.Device) [][2]string {
	var from []string
	for _, a := range d.From {
		from = append(from, a.String())
	}
	site := d.Site
	if in := d.Input.Site; site != "" && len(in.Addresses) > 0 {
		site += " (" + ranges(in.Addresses) + ")"
	}
	rows := [][2]string{
		{"kind", words.OrUnknown(string(d.Kind))}, {"site", words.OrUnknown(site)}, {"From", words.OrUnknown(strings.Join(from, ", "))},
		{"recipients", words.OrUnknown(string(d.Recipients))}, {"login", words.OrUnknown(string(d.Auth))}, {"TLS", words.OrUnknown(string(d.TLS))},
	}
	if m := d.MailFrom.String(); m != "" {
		rows = append(rows, [2]string{"MAIL FROM", m})
	}
	if d.PerDay > 0 {
		rows = append(rows, [2]string{"per day", fmt.Sprint(d.PerDay)})
	}
	for _, row := range [][2]string{{"note", d.Note}, {"to review", d.Review}} {
		if row[1] != "" {
			rows = append(rows, row)
		}
	}
	return rows
}

// cite names the source of a fact, in brackets.
func (s *sources) cite(f method.Fact) string {
	if s.fact(f); f.Established() {
		return fmt.Sprintf(" [%s %s]", f.Grade, f.Source)
	}
	return " [not established]"
}

// ground is a reason with the fact that it rests on.
func (s *sources) ground(text string, f method.Fact) string {
	switch {
	case !f.Established() && f.Open == "":
		return text
	case !f.Established():
		return text + " (" + f.String() + ")"
	case strings.Contains(text, f.Text):
		return text + s.cite(f)
	}
	return text + " (" + f.Text + ")" + s.cite(f)
}

func (t *Text) methodsOf(d fleet.Device, used *sources) {
	t.devicePart("Method")
	t.standing("today", d.Advice.Today, used)
	if d.Method != "" && d.Method != d.Today() {
		t.standing("shall use", d.Advice.Chosen, used)
	}
	a := d.Advice
	t.Para(2, term.Pad("best", 12), best(d), t.Style.Bold)
	for _, q := range a.Questions {
		t.Para(4, "asked: ", q.Field+": "+used.ground(q.Text, q.Fact), t.Style.Magenta)
	}
}

// standing says how a method stands for the device.
func (t *Text) standing(label string, o method.Option, used *sources) {
	if o.Method == "" {
		t.Para(2, term.Pad(label, 12), "not known", t.Style.Magenta)
		return
	}
	words := map[method.State]string{method.Free: "fits", method.Depends: "depends", method.Vetoed: "does not fit"}
	t.Para(2, term.Pad(label, 12), string(o.Method)+" ("+o.Name()+"): "+words[o.State], term.Pen{})
	for _, v := range o.Vetoes {
		t.Para(4, "- ", used.ground(v.Reason, v.Fact), t.Style.Red)
	}
}

func (t *Text) ranking(d fleet.Device, used *sources) {
	t.devicePart("Ranking")
	place := 0
	for _, o := range d.Advice.Options {
		if o.State == method.Vetoed {
			continue
		}
		place++
		state := ""
		if o.State == method.Depends {
			state = ": depends on what is asked"
		}
		t.Para(2, fmt.Sprintf("%d. ", place), string(o.Method)+" ("+o.Name()+")"+state, term.Pen{})
		for _, r := range o.Reasons {
			t.Para(5, "- ", used.ground(r.Text, r.Fact), term.Pen{})
		}
		for _, c := range o.Conditions {
			t.Para(5, "- see to it: ", used.ground(c.Text, c.Fact), term.Pen{})
		}
	}
	if place == 0 {
		t.Line("  none")
	}
	t.devicePart("Not possible")
	for _, o := range d.Advice.Options {
		for _, v := range o.Vetoes {
			t.Para(2, "- "+withAuth(o)+": ", used.ground(v.Reason, v.Fact), term.Pen{})
		}
	}
	if len(d.Advice.Tricks) > 0 {
		t.devicePart("Ways around")
	}
	for _, k := range d.Advice.Tricks {
		t.Para(2, "- ", used.ground(k.Text, k.Fact), term.Pen{})
	}
}

// withAuth is a method with the authentication that tells it from its sibling.
func withAuth(o method.Option) string {
	if o.Auth == "" {
		return string(o.Method)
	}
	return string(o.Method) + " (" + string(o.Auth) + ")"
}

func (t *Text) events(d fleet.Device, used *sources) {
	t.devicePart("If nothing is done")
	for _, e := range d.Advice.Events {
		day := "no date"
		if !e.Day.IsZero() {
			day = e.Day.Format(time.DateOnly)
		}
		t.Para(2, term.Pad(day, 12), used.ground(e.Text, e.Fact), term.Pen{})
	}
	if len(d.Advice.Events) == 0 {
		t.Line("  nothing is known that would stop it")
	}
	for _, r := range d.Advice.Wait {
		t.Para(2, term.Pad("can wait", 12), used.ground(r.Text, r.Fact), term.Pen{})
	}
}

// setup is what to type into the device, and which way its mail then goes.
func (t *Text) setup(d fleet.Device, used *sources) {
	target := d.Target()
	if target.Method == "" {
		return
	}
	t.devicePart("Settings for " + string(target.Method))
	for _, s := range d.Settings() {
		t.Para(2, term.Pad(s.Name, 12), s.Value.String()+used.cite(s.Value), term.Pen{})
	}
	t.devicePart("Route by " + string(target.Method))
	for i, h := range d.Route() {
		t.hopOf(i+1, h, used)
	}
}

func (t *Text) hopOf(n int, h method.Hop, used *sources) {
	judged := map[method.Truth]string{method.True: "judged", method.False: "informative", method.Unknown: "judged or not: unknown"}[h.Judged]
	t.Para(2, fmt.Sprintf("%d. ", n), h.From+" -> "+h.To+": "+judged, t.Style.Bold)
	t.Para(5, "", used.ground(h.Why, h.Fact), term.Pen{})
	where := ranges(h.Addresses)
	if len(h.Includes) > 0 {
		where = "those of include:" + strings.Join(dnsNames(h.Includes), ", include:")
	}
	from := envelope(h.MailFrom)
	if from == "" {
		from = words.OrUnknown(h.MailFrom.Text)
	}
	t.Para(5, "", fmt.Sprintf("addresses: %s; MAIL FROM: %s; HELO: %s; signed by: %s%s", words.OrUnknown(where), from, words.OrUnknown(string(h.HELO)), words.OrUnknown(h.Signer.Text), signedFor(h.Signer.Domains)), term.Pen{})
	for _, note := range h.Notes {
		t.Para(5, "- ", note, t.Style.Dim)
	}
}

func signedFor(domains []dns.Name) string {
	if len(domains) == 0 {
		return ""
	}
	return " for " + strings.Join(dnsNames(domains), ", ")
}
