// Package words says what a plan, its proof and the records that they are about
// come to, in a line at most. Reports and the wizard say it alike.
package words

import (
	"fmt"
	"time"

	"sendplan/internal/dns"
)

// Plural is a number of things: "1 answer", "2 answers".
func Plural(n int, thing string) string { return Count(n, thing, many(thing)) }

func many(thing string) string {
	if thing == "unknown" {
		return thing
	}
	return thing + "s"
}

// Count is a number of things with what is said of them: "1 device is", "2 devices
// are".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// OrUnknown is the text, "unknown" if there is none.
func OrUnknown(text string) string {
	if text == "" {
		return "unknown"
	}
	return text
}

// Duration is how long something takes, as people say it.
func Duration(d time.Duration) string {
	for _, unit := range []struct {
		of   time.Duration
		name string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		if n := d / unit.of; n > 0 && d%unit.of == 0 {
			return Plural(int(n), unit.name)
		}
	}
	return Plural(int(d.Seconds()), "second")
}

// Key names a record set.
func Key(k dns.Key) string { return k.Type.String() + " " + k.Name.String() }
