package spf

// Code names a kind of mistake in a record's text.
type Code string

// The mistakes that make a record permerror.
const (
	BadVersion       Code = "version"           // the text does not start with v=spf1 and a blank
	BadSeparator     Code = "separator"         // something else than a blank stands between terms
	BadCharacter     Code = "character"         // an octet outside printable US-ASCII
	UnknownMechanism Code = "unknown-mechanism" // no mechanism of this name exists
	BadQualifier     Code = "qualifier"         // a qualifier alone, doubled, or before a modifier
	MissingArgument  Code = "missing-argument"  // the mechanism or modifier needs a value and has none
	UnwantedArgument Code = "unwanted-argument" // the mechanism takes no value, or no prefix length
	BadAddress       Code = "address"           // no IP address, or one of the wrong family
	BadCIDR          Code = "cidr"              // a prefix length that cannot be
	BadDomain        Code = "domain"            // no domain-spec: wrong last label
	BadMacro         Code = "macro"             // a % that begins no macro, or a macro that cannot be
	Repeated         Code = "repeated-modifier" // redirect or exp for the second time
)

// What is right by the grammar, and wrong all the same.
const (
	MechanismAsModifier Code = "mechanism-as-modifier" // include=, ip4=: an unknown modifier, which is ignored
	SecondVersion       Code = "second-version"        // v=spf1 again: an unknown modifier, which is ignored
	MisspelledModifier  Code = "misspelled-modifier"   // nearly redirect or exp: ignored
)

// Fault is one mistake in a record.
type Fault struct {
	Code    Code
	Span    Span   // in the record's text
	Term    int    // index in [Record.Terms], or -1
	Message string // for people, with the text at fault
	Suggest string // what to write in the span's place, "" where none is safe to guess
}
