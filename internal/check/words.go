package check

import "fmt"

// plural is a number of things in words: "1 TXT record", "2 TXT records".
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
