package dmarc

import (
	"slices"
	"strings"
)

// With returns the record with the tag set to value, and every other octet as
// it was. A tag that is there keeps its place; if it stands there more than once,
// the first is changed and the others go. A new one is put where receivers that
// follow RFC 7489 §6.4 want it: p right behind v, sp and np behind p, others at
// the end.
//
// The record is returned unchanged if it is no DMARC record, or if tag and value
// could not be read back: the version cannot be set, a value holds printable
// ASCII without semicolons and does not begin or end with white space.
func (r Record) With(tag, value string) Record {
	tag = lower(tag)
	if !r.DMARC || tag == "v" || !isTagName(tag) || !isTagValue(value) {
		return r
	}
	if t, ok := r.Tag(tag); ok {
		return r.replace(t.ValueSpan, value).withoutRepeated(tag)
	}
	return r.insert(r.placeFor(tag), tag+"="+value)
}

// Without returns the record without the tags of these names, and every other
// octet as it was. The version cannot be removed.
func (r Record) Without(tags ...string) Record {
	return r.cut(func(_ int, t Tag) bool {
		return slices.ContainsFunc(tags, func(name string) bool { return lower(name) == lower(t.Name) })
	})
}

// WithURI returns the record with one more destination in rua or ruf, behind
// those that are there. It is returned unchanged if the destination is there
// already, or if uri is no valid URI. Characters that must be encoded in a
// record are.
func (r Record) WithURI(tag, uri string) Record {
	u, ok := destination(uri)
	tag = lower(tag)
	if !r.DMARC || !ok || tag != "rua" && tag != "ruf" {
		return r
	}
	present := r.RUA
	if tag == "ruf" {
		present = r.RUF
	}
	t, found := r.Tag(tag)
	switch {
	case hasDestination(present, u):
		return r
	case !found || t.Value == "":
		return r.With(tag, u.Text)
	case strings.HasSuffix(t.Value, ","):
		return r.replace(t.ValueSpan, t.Value+u.Text)
	}
	return r.replace(t.ValueSpan, t.Value+","+u.Text)
}

// destination reads a URI that shall become part of a record. RFC 9989 §4.8: a
// comma, a semicolon and an exclamation mark are percent-encoded there.
func destination(uri string) (URI, bool) {
	encoded := strings.NewReplacer(",", "%2C", ";", "%3B", "!", "%21").Replace(uri)
	if !isTagValue(encoded) {
		return URI{}, false
	}
	rec := Parse("v=DMARC1; p=none; rua=" + encoded)
	if len(rec.RUA) != 1 || !rec.RUA[0].Valid {
		return URI{}, false
	}
	return rec.RUA[0], true
}

// hasDestination reports whether reports for u go to one of the list already.
func hasDestination(list []URI, u URI) bool {
	return slices.ContainsFunc(list, func(other URI) bool { return other.Valid && other.place() == u.place() })
}

// place is what two URIs of the same destination have in common: the local part
// of an address is the only thing whose case may matter.
func (u URI) place() string {
	if u.Scheme == "mailto" {
		local, _, _ := strings.Cut(u.Address, "@")
		return local + "@" + string(u.Host)
	}
	body, _ := cutSize(u.Text)
	_, rest, _ := strings.Cut(body, ":")
	return u.Scheme + ":" + rest
}

// isTagName: RFC 9989 §4.8, dmarc-tag = 1*ALPHA ....
func isTagName(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isLetter(s[i]) {
			return false
		}
	}
	return s != ""
}

// isTagValue: RFC 9989 §4.8, dmarc-value = %x20-3A / %x3C-7E, without the white
// space that a reader takes off.
func isTagValue(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' || s[i] == ';' {
			return false
		}
	}
	return s != "" && s == strings.Trim(s, wsp)
}

// replace puts another text in the place of a span.
func (r Record) replace(at Span, with string) Record {
	return Parse(r.text[:at.Start] + with + r.text[at.End:])
}

// insert puts a tag behind the one that ends at an octet. If a semicolon follows
// there, the new tag gets one as well.
func (r Record) insert(at int, tag string) Record {
	if n := strings.IndexByte(r.text[at:], ';'); n >= 0 {
		at += n + 1
		return r.replace(Span{at, at}, " "+tag+";")
	}
	return Parse(r.text + "; " + tag)
}

// placeFor returns where a new tag goes: the end of what it follows.
func (r Record) placeFor(tag string) int {
	var before []string
	switch tag {
	case "p":
		before = []string{"v"}
	case "sp":
		before = []string{"p", "v"}
	case "np":
		before = []string{"sp", "p", "v"}
	}
	for _, name := range before {
		if t, ok := r.Tag(name); ok {
			return t.ValueSpan.End
		}
	}
	return len(strings.TrimRight(r.text, wsp+";"))
}

// withoutRepeated drops all but the first tag of that name.
func (r Record) withoutRepeated(name string) Record {
	found := false
	return r.cut(func(_ int, t Tag) bool {
		again := found && lower(t.Name) == name
		found = found || lower(t.Name) == name
		return again
	})
}

// cut drops tags with the semicolon that sets them off from the rest. The first
// tag is the version and stays.
func (r Record) cut(drop func(i int, t Tag) bool) Record {
	if !r.DMARC {
		return r
	}
	var kept strings.Builder
	from, open := 0, false
	for i, t := range r.Tags {
		if i == 0 || !drop(i, t) {
			continue
		}
		start := strings.LastIndexByte(r.text[:t.NameSpan.Start], ';') + 1
		kept.WriteString(r.text[from:start])
		n := strings.IndexByte(r.text[t.ValueSpan.End:], ';')
		if open = n < 0; open {
			from = len(r.text)
		} else {
			from = t.ValueSpan.End + n + 1
		}
	}
	text := kept.String() + r.text[from:]
	if open { // the last tag had no semicolon, so what is last now has none
		text = strings.TrimSuffix(text, ";")
	}
	return Parse(text)
}
