package evidence

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// rawDay is a day as the file writes it. While it is not known whether days or
// months come first, 03/04/2026 stays a pair of numbers: either reading maps
// different pairs to different days, so messages can be counted already.
type rawDay struct {
	year    int16
	a, b    int8
	numeric bool // a and b in the file's order; else month and day
	dots    bool // numeric, and written with dots
}

const maxDays = 400 // a trace reaches back 90 days, some files are put together

// dates collects the days of a file.
type dates struct {
	order   DateOrder // given
	utc     bool
	column  int // number of the cells, for errors
	head    string
	all     map[rawDay]place // the first row of each day
	day     place            // where a row shows that the day comes first
	month   place
	decided map[rawDay]string
}

// place is a date in the file, to be told about later.
type place struct {
	line int
	text string
}

func newDates(order DateOrder, h header) dates {
	d := dates{order: order, all: map[rawDay]place{}, decided: map[rawDay]string{}}
	if c := h.column[fieldDate]; c >= 0 {
		// Get-MessageTraceV2 prints UTC by its documentation, whatever the format.
		name := loose(h.names[c])
		d.utc = strings.HasSuffix(name, "utc") || name == "received"
		d.column, d.head = c+1, heading(h.names[c])
	}
	return d
}

func (d *dates) err(line int, what, hint string) error {
	return &Error{Line: line, Column: d.column, Head: d.head, What: what, Hint: hint}
}

var (
	isoDate     = regexp.MustCompile(`^(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ](.+))?$`)
	numericDate = regexp.MustCompile(`^(\d{1,2})([./-])(\d{1,2})([./-])(\d{4}),?(?: (.+))?$`)
	clockTime   = regexp.MustCompile(`^\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?(?: ?(?:[AaPp]\.? ?[Mm]\.?))?(?: ?(Z|UTC|GMT|[+-]\d{2}:?\d{2}))?$`)
)

// parse reads a cell. Only the day is kept.
func (d *dates) parse(cell []byte, line int) (rawDay, error) {
	day, ok := rawDay{}, false
	if len(cell) <= maxShown {
		day, ok = d.split(plainSpaces(cell))
	}
	if !ok {
		return rawDay{}, d.err(line, shown(cell)+" is no date", "expected a date such as 2026-11-03T08:15:00Z or 3/11/2026 08:15")
	}
	if _, seen := d.all[day]; seen {
		return day, nil
	}
	at := place{line: line, text: plainSpaces(cell)}
	if day.numeric {
		if err := d.weigh(day, at); err != nil {
			return rawDay{}, err
		}
	}
	if len(d.all) == maxDays {
		return rawDay{}, d.err(line, fmt.Sprintf("the file is about more than %d days", maxDays), "export a shorter time")
	}
	d.all[day] = at
	return day, nil
}

// split takes a date apart.
func (d *dates) split(text string) (rawDay, bool) {
	if m := isoDate.FindStringSubmatch(text); m != nil {
		day := rawDay{year: int16(number(m[1])), a: int8(number(m[2])), b: int8(number(m[3]))}
		if !day.exists() || !clock(m[4]) {
			return rawDay{}, false
		}
		return d.toUTC(day, m[4]), true
	}
	m := numericDate.FindStringSubmatch(text)
	if m == nil || m[2] != m[4] || !clock(m[6]) {
		return rawDay{}, false
	}
	return rawDay{year: int16(number(m[5])), a: int8(number(m[1])), b: int8(number(m[3])), numeric: true, dots: m[2] == "."}, true
}

func number(s string) int {
	n, _ := strconv.Atoi(s) // of at most four digits
	return n
}

func clock(s string) bool { return s == "" || clockTime.MatchString(s) }

// exists reports whether the calendar has the day.
func (r rawDay) exists() bool {
	t := r.time()
	return int8(t.Month()) == r.a && int8(t.Day()) == r.b
}

func (r rawDay) time() time.Time {
	return time.Date(int(r.year), time.Month(r.a), int(r.b), 0, 0, 0, 0, time.UTC)
}

// toUTC moves a day that was written with an offset.
func (d *dates) toUTC(day rawDay, clock string) rawDay {
	m := clockTime.FindStringSubmatch(clock)
	if m == nil || m[1] == "" {
		return day
	}
	d.utc = true
	zone := strings.ReplaceAll(m[1], ":", "")
	if zone[0] != '+' && zone[0] != '-' {
		return day
	}
	at := strings.TrimSpace(strings.TrimSuffix(clock, m[1]))
	for _, layout := range []string{"15:04:05", "15:04"} {
		t, err := time.Parse("2006-01-02 "+layout+" -0700", day.time().Format(time.DateOnly)+" "+at+" "+zone)
		if err == nil {
			t = t.UTC()
			return rawDay{year: int16(t.Year()), a: int8(t.Month()), b: int8(t.Day())}
		}
	}
	return day
}

// weigh notes what a date tells about the order. Where dots separate, the day
// comes first: no locale writes the month first with dots.
func (d *dates) weigh(day rawDay, at place) error {
	dayFirst := rawDay{year: day.year, a: day.b, b: day.a}.exists()
	monthFirst := rawDay{year: day.year, a: day.a, b: day.b}.exists()
	switch {
	case !dayFirst && !monthFirst:
		return d.err(at.line, fmt.Sprintf("%q is no date", at.text), "the calendar has no such day")
	case d.order == DayFirst && !dayFirst, d.order == MonthFirst && !monthFirst:
		return d.err(at.line, fmt.Sprintf("%q does not fit --dates %s", at.text, d.order), "this row can only be meant the other way")
	case d.order != "":
		return nil
	case !monthFirst, day.dots && dayFirst:
		if d.day.line == 0 {
			d.day = at
		}
	case !dayFirst:
		if d.month.line == 0 {
			d.month = at
		}
	}
	if d.day.line > 0 && d.month.line > 0 {
		return d.err(at.line, fmt.Sprintf("%q and %q of line %d cannot both be right", at.text, d.other(at).text, d.other(at).line),
			"one has the day first, the other the month: export the file in one format")
	}
	return nil
}

// other is the row that contradicts the one at a place.
func (d *dates) other(at place) place {
	if d.day == at {
		return d.month
	}
	return d.day
}

// decide turns the days into YYYY-MM-DD.
func (d *dates) decide() error {
	order := d.order
	switch {
	case order != "":
	case d.day.line > 0:
		order = DayFirst
	case d.month.line > 0:
		order = MonthFirst
	}
	first := place{}
	for day, at := range d.all {
		if !day.numeric {
			d.decided[day] = day.time().Format(time.DateOnly)
			continue
		}
		if order == "" && day.a != day.b && (first.line == 0 || at.line < first.line) {
			first = at
		}
		as := rawDay{year: day.year, a: day.a, b: day.b}
		if order != MonthFirst {
			as.a, as.b = day.b, day.a
		}
		d.decided[day] = as.time().Format(time.DateOnly)
	}
	if first.line > 0 {
		return d.err(first.line, fmt.Sprintf("%q can be meant in two ways, and no row decides", first.text),
			"say --dates dmy (day first) or --dates mdy (month first)")
	}
	return nil
}

// settle adds up what belongs to the same day, however the day was written.
func (d *dates) settle(days map[rawDay]int) counts {
	sum := counts{}
	for day, n := range days {
		sum[d.decided[day]] += n
	}
	return sum
}

// span returns the first and the last day, and how many there are.
func (d *dates) span() (first, last string, days int) {
	seen := counts{}
	for _, day := range d.decided {
		seen[day]++
	}
	first, last = seen.span()
	return first, last, len(seen)
}

// counts are by day, YYYY-MM-DD.
type counts map[string]int

func (c counts) span() (first, last string) {
	for day := range c {
		if first == "" || day < first {
			first = day
		}
		last = max(last, day)
	}
	return first, last
}

// busiest is the highest count of a day.
func (c counts) busiest() int {
	n := 0
	for _, k := range c {
		n = max(n, k)
	}
	return n
}
