package spf

// Selection sorts the TXT records at a name (RFC 7208 §4.5).
type Selection struct {
	Records []string   // those that are SPF records: one is right, two are permerror
	Misses  []NearMiss // those that were probably meant to be
	Others  []string   // all others
}

// NearMiss is a TXT record that is no SPF record, but was probably meant to be.
type NearMiss struct {
	Text    string
	Message string // what is wrong, for people
	Suggest string // the record that was probably meant, "" where it cannot be told
}
