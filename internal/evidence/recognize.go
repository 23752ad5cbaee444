package evidence

import "io"

// Recognized reports whether a text begins like one of the exports: with a
// header whose columns tell which one it is. It reads no further.
func Recognized(r io.Reader) bool {
	text, _, err := decode(r)
	if err != nil {
		return false
	}
	t, err := open(text)
	if err != nil {
		return false
	}
	_, err = t.head.kind("")
	return err == nil
}
