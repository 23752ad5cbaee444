// Package dkim reads DKIM key records and finds what a selector's name holds
// in the DNS (RFC 6376 §3.6, with RFC 8301, RFC 8463 and RFC 8616).
package dkim

import "strings"

// KeyType is the value of k=: the algorithm family that a key is for.
type KeyType string

// The key types that verifiers know.
const (
	RSA     KeyType = "rsa"     // RFC 6376 §3.6.1, the default
	Ed25519 KeyType = "ed25519" // RFC 8463 §3
)

// Span is a range of octets in a record's text.
type Span struct{ Start, End int }

// Tag is one tag=value of a record, as written. White space around the name
// and the value belongs to neither.
type Tag struct {
	Name, Value         string
	NameSpan, ValueSpan Span
}

// Span returns the octets from the tag's name to the end of its value.
func (t Tag) Span() Span { return Span{t.NameSpan.Start, t.ValueSpan.End} }

// Code names a kind of problem of a key record or of a selector's name.
type Code string

// The kinds of problems of a key record. Those marked * make the key unusable.
const (
	NotKey       Code = "not-a-key"           // * the text is no DKIM key record at all
	Syntax       Code = "syntax"              // * not a tag=value list (RFC 6376 §3.2)
	EmptyTag     Code = "empty-tag"           // two semicolons with nothing between: not in the grammar (§3.2), but read by most verifiers
	Duplicate    Code = "duplicate-tag"       // * the same tag twice (§3.2)
	Version      Code = "version"             // * v= is not DKIM1 (§3.6.1)
	VersionOrder Code = "version-not-first"   // * v=DKIM1 is not the first tag (§3.6.1)
	Quotes       Code = "quotes"              // * quotation marks or backslashes of a panel or zone file inside the record
	NoKey        Code = "key-missing"         // * there is no p= (§3.6.1)
	Revoked      Code = "key-revoked"         // * p= is empty (§3.6.1)
	Base64       Code = "base64"              // * p= is not base64
	Padding      Code = "base64-padding"      // p= lacks its final "=": §2.10 allows that, some verifiers do not
	Encoding     Code = "key-encoding"        // * p= decodes, but to no public key
	PrivateKey   Code = "private-key"         // * p= holds a private key, which is now public
	Truncated    Code = "key-truncated"       // * the key ends before its end
	Trailing     Code = "key-trailing"        // * octets follow the key
	Mismatch     Code = "key-type-mismatch"   // * the key is of another type than k= says
	UnknownType  Code = "key-type-unknown"    // * k= names no type that verifiers know (§3.6.1: ignored)
	LetterCase   Code = "letter-case"         // k=, h=, s= or t= in capitals: values are case-sensitive (§3.2)
	Hash         Code = "hash"                // * h= leaves out sha256 (RFC 8301 §3.1)
	Service      Code = "service"             // * s= leaves out mail (§3.6.1)
	TestingFlag  Code = "testing"             // t=y: verifiers treat failures as if unsigned (§3.6.1)
	StrictFlag   Code = "strict"              // t=s: i= must name the very domain (§3.6.1)
	Granularity  Code = "granularity"         // g= was removed by RFC 6376; old verifiers may still honour it
	TooShort     Code = "key-too-short"       // * RSA below 1024 bits: verifiers must refuse it (RFC 8301 §3.2)
	Short        Code = "key-short"           // RSA of 1024 to 2047 bits: signers should use 2048 (RFC 8301 §3.2)
	Long         Code = "key-long"            // RSA above 4096 bits: verifiers need not take it (RFC 8301 §3.2)
	Exponent     Code = "key-exponent"        // * the RSA exponent cannot be one
	SeveralTexts Code = "several-texts"       // more than one TXT record at the name (§3.6.2.2); fatal when more than one is a key
	TargetText   Code = "target-as-text"      // * a TXT record holds the name that a CNAME should lead to
	BadSelector  Code = "selector-not-a-name" // * no DNS name can be made of the selector
)

// Problem is something wrong or remarkable about a key record.
type Problem struct {
	Code    Code
	Span    Span   // what it is about in the record's text; empty for the whole
	Message string // lower-case start, no full stop; may quote text from the DNS
	Fatal   bool   // verifiers that follow the standard find no usable key
}

// Record is a key record as published, usable or not. The zero Record is that
// of an empty text.
type Record struct {
	text     string
	tags     []Tag
	problems []Problem
	keyType  KeyType
	bits     int
	revoked  bool
}

// Text returns the text exactly as it was given to [Parse].
func (r Record) Text() string { return r.text }

// Tags returns the tags in the order written, duplicates included.
func (r Record) Tags() []Tag { return r.tags }

// Tag returns the first tag with that name; ok is false when there is none.
func (r Record) Tag(name string) (t Tag, ok bool) {
	for _, t := range r.tags {
		if t.Name == name {
			return t, true
		}
	}
	return Tag{}, false
}

// Problems returns what is wrong with the record or worth knowing, by place.
func (r Record) Problems() []Problem { return r.problems }

// KeyType returns the type that k= gives the key, RSA where there is no k=. It
// is "" for a text that is no tag list.
func (r Record) KeyType() KeyType { return r.keyType }

// KeyBits returns the size of the RSA modulus, or 256 for Ed25519; it is 0
// when no key could be decoded. A key may be decoded and still not be usable.
func (r Record) KeyBits() int { return r.bits }

// Revoked reports whether the record says that the key was withdrawn: a sound
// tag list with an empty p= (RFC 6376 §3.6.1).
func (r Record) Revoked() bool { return r.revoked }

// Usable reports whether verifiers that follow the standard can verify mail
// with the key: it decodes, and nothing in the record forbids its use.
func (r Record) Usable() bool {
	if r.bits == 0 {
		return false
	}
	for _, p := range r.problems {
		if p.Fatal {
			return false
		}
	}
	return true
}

// Testing reports t=y: a failed signature shall count as no signature.
func (r Record) Testing() bool { return r.flag("y") }

// Strict reports t=s: the domain of i= must be d= itself, not below it.
func (r Record) Strict() bool { return r.flag("s") }

func (r Record) flag(want string) bool {
	t, _ := r.Tag("t")
	for _, item := range listItems(t) {
		if strings.EqualFold(item.Value, want) {
			return true
		}
	}
	return false
}

// String returns the canonical form: tags joined with "; ", white space inside
// values dropped where it has no meaning (p=) and kept elsewhere.
func (r Record) String() string {
	var b strings.Builder
	for i, t := range r.tags {
		if i > 0 {
			b.WriteString("; ")
		}
		v := t.Value
		if t.Name == "p" {
			v = strings.Join(strings.FieldsFunc(v, isSpace), "")
		}
		b.WriteString(t.Name + "=" + v)
	}
	return b.String()
}
