package evidence

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var (
	plainCount   = regexp.MustCompile(`^\d{1,10}$`)
	groupedCount = regexp.MustCompile(`^\d{1,3}([.,'’ ]\d{3}){1,3}$`)
	shareText    = regexp.MustCompile(`^<?\d{1,12}([.,]\d{1,20})?$`)
)

// count reads a whole number, thousands grouped by whatever locale: 1,204 and
// 1.204 are both twelve hundred and four, because nobody sends half a message.
func count(cell []byte) (int, error) {
	text := plainSpaces(cell)
	if groupedCount.MatchString(text) {
		text = strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, text)
	}
	if !plainCount.MatchString(text) {
		return 0, fmt.Errorf("%s is no whole number", shown(cell))
	}
	return strconv.Atoi(text)
}

// used reports whether a share is above zero. Whether the file counts in
// percent, in fractions or in messages does not matter for that.
func used(cell []byte) (bool, error) {
	text := strings.TrimSpace(strings.TrimSuffix(plainSpaces(cell), "%"))
	if text == "" || text == "-" {
		return false, nil
	}
	if !shareText.MatchString(text) {
		return false, fmt.Errorf("%s is no share", shown(cell))
	}
	return strings.ContainsAny(text, "123456789"), nil
}

// plainSpaces turns a short cell into text with no other space than U+0020:
// locales group digits with no-break spaces, and .NET writes a narrow one
// before AM and PM.
func plainSpaces(cell []byte) string {
	text := string(cell[:min(len(cell), maxShown+1)]) // no number is that long
	if !strings.ContainsAny(text, "\u00a0\u202f") {
		return text
	}
	return strings.TrimSpace(strings.NewReplacer("\u202f", " ", "\u00a0", " ").Replace(text))
}
