package words

import (
	"fmt"

	"sendplan/dkim"
)

// KeyType is an algorithm as people write it.
func KeyType(t dkim.KeyType) string {
	return map[dkim.KeyType]string{dkim.RSA: "RSA", dkim.Ed25519: "Ed25519"}[t]
}

// Selector is how a selector stands: its name, its state and its key.
func Selector(s dkim.Selector) string {
	text := s.Selector + " " + string(s.State)
	if s.KeyBits > 0 {
		text += fmt.Sprintf(", %s %d bits", KeyType(s.KeyType), s.KeyBits)
	}
	return text
}
