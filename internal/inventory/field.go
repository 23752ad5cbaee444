package inventory

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// field is one field of a T: how it is read from a file and written to one. The
// tables of them are the format; docs/inventory.md is held against them.
type field[T any] struct {
	name     string
	required bool
	read     func(r *reader, n *node, to *T)
	write    func(from *T) Value // an empty Value: the field is not set
	below    []string            // paths of the fields in it
}

// must marks a field that may not be left out.
func (f field[T]) must() field[T] {
	f.required = true
	return f
}

// reader collects the mistakes of one file.
type reader struct {
	source source
	file   string
	errs   Errors
}

func (r *reader) fault(p place, format string, args ...any) {
	r.errs = append(r.errs, r.source.mistake(r.file, p, format, args...))
}

// wrong says that a value has not the shape that was wanted.
func (r *reader) wrong(n *node, key, want string) {
	r.fault(n.start, "%s holds %s: expected %s", key, n.shape, want)
}

// readFields reads a mapping by its table.
func readFields[T any](r *reader, n *node, what string, table []field[T], to *T) {
	switch n.shape {
	case empty:
	case mapping:
		readEntries(r, n, what, table, to)
	default:
		r.wrong(n, what, "the fields "+names(table))
		return
	}
	for _, f := range table {
		if f.required && n.entry(f.name) == nil {
			r.fault(n.start, "%s has no %s, which it must have", what, f.name)
		}
	}
}

func readEntries[T any](r *reader, n *node, what string, table []field[T], to *T) {
	lines := map[string]int{}
	for _, e := range n.fields {
		i := slices.IndexFunc(table, func(f field[T]) bool { return f.name == e.key })
		first, twice := lines[e.key]
		switch {
		case i < 0:
			r.fault(e.start, "unknown field %q of %s%s: expected %s", e.key, what, slip(e.key, keys(table)), names(table))
		case twice:
			r.fault(e.start, "%s is given twice, the first time on line %d", e.key, first)
		default:
			lines[e.key] = e.start.line + 1
			table[i].read(r, e.value, to)
		}
	}
}

// slip returns what a key that does not exist may have been meant to be.
func slip(key string, words []string) string {
	if before, _, found := strings.Cut(key, ":"); found && slices.Contains(words, before) {
		return ", did you mean a space behind the colon?"
	}
	return near(key, words)
}

func keys[T any](table []field[T]) []string {
	list := make([]string, len(table))
	for i, f := range table {
		list[i] = f.name
	}
	return list
}

func names[T any](table []field[T]) string { return strings.Join(keys(table), ", ") }

// writeFields builds the fields that are set.
func writeFields[T any](table []field[T], from *T) Value {
	v := Value{shape: mapping}
	for _, f := range table {
		if w := f.write(from); w.shape != empty {
			v.fields = append(v.fields, Pair{f.name, w})
		}
	}
	return v
}

// as is a field that is one text, with a parser that says what was expected.
func as[T any, V comparable](name, want string, parse func(string) (V, error), show func(V) Value, at func(*T) *V) field[T] {
	return field[T]{
		name: name,
		read: func(r *reader, n *node, to *T) {
			if n.shape != scalar {
				r.wrong(n, name, want)
				return
			}
			v, err := parse(n.text)
			if err != nil {
				r.fault(n.start, "%s: %v", name, err)
				return
			}
			*at(to) = v
		},
		write: func(from *T) Value {
			var none V
			if v := *at(from); v != none {
				return show(v)
			}
			return Value{}
		},
	}
}

// free is a field of free text. What another reader of YAML would take for a
// number or a truth value must stand in quotes.
func free[T any](name, want string, valid func(string) bool, at func(*T) *string) field[T] {
	f := as(name, want, func(s string) (string, error) { return s, nil }, Text, at)
	f.read = func(r *reader, n *node, to *T) {
		switch {
		case n.shape != scalar:
			r.wrong(n, name, want)
		case !n.quoted && !plainText(n.text):
			r.fault(n.start, "%s: %s is no text to YAML: write %q, in quotes", name, n.text, n.text)
		case !valid(n.text):
			r.fault(n.start, "%s: %q is not allowed: expected %s", name, n.text, want)
		default:
			*at(to) = n.text
		}
	}
	return f
}

// choice is a field that is one of some words. zero, if it is one of them, is
// the word for the zero value.
func choice[T any, E ~string](name string, words []E, zero E, at func(*T) *E) field[T] {
	all := spellings(words)
	if zero != "" {
		all = append(all, string(zero))
	}
	want := either(all)
	return as(name, want, func(s string) (E, error) {
		switch {
		case s == string(zero) && zero != "":
			return "", nil
		case slices.Contains(words, E(s)):
			return E(s), nil
		}
		return "", fmt.Errorf("%q is none of its words%s: expected %s", s, near(s, all), want)
	}, func(e E) Value { return Text(string(e)) }, at)
}

// either joins words as "a, b or c".
func either(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// truth is a field that is true, false or unknown.
func truth[T any](name string, at func(*T) *Truth) field[T] {
	const want = "true, false or unknown"
	f := as(name, want, func(s string) (Truth, error) {
		switch s {
		case "true", "false":
			return Truth(s), nil
		case "unknown":
			return Unknown, nil
		}
		return "", fmt.Errorf("%q is no truth value: expected %s", s, want)
	}, Bool, at)
	return unquoted(f, name, want)
}

// unquoted refuses a text in quotes for what is none.
func unquoted[T any](f field[T], name, want string) field[T] {
	read := f.read
	f.read = func(r *reader, n *node, to *T) {
		if n.quoted {
			r.fault(n.start, "%s: %q is a text: expected %s, without quotes", name, n.text, want)
			return
		}
		read(r, n, to)
	}
	return f
}

// count is a field that is a whole number from 0 to limit.
func count[T any](name string, limit int, at func(*T) *int) field[T] {
	want := fmt.Sprintf("a whole number from 0 to %d", limit)
	f := as(name, want, func(s string) (int, error) {
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 || n > limit || strconv.Itoa(n) != s {
			return 0, fmt.Errorf("%q is out of range or no number: expected %s", s, want)
		}
		return n, nil
	}, Number, at)
	return unquoted(f, name, want)
}

// day is a field that is a date.
func day[T any](name string, at func(*T) *time.Time) field[T] {
	const want = "a date such as 2026-11-22"
	return as(name, want, func(s string) (time.Time, error) {
		t, err := time.Parse(time.DateOnly, s)
		if err != nil || t.Year() < 1990 {
			return time.Time{}, fmt.Errorf("%q is no date: expected %s", s, want)
		}
		return t, nil
	}, Date, at)
}

// maxItems bounds a list of texts, whose reading and editing compares all with
// all.
const maxItems = 500

// list is a field that is a list of texts; a text alone is none.
func list[T, V any](name, want string, parse func(string) (V, error), show func(V) string, at func(*T) *[]V) field[T] {
	return field[T]{
		name: name,
		read: func(r *reader, n *node, to *T) {
			if n.shape != sequence {
				if n.shape != empty {
					r.wrong(n, name, "a list, each item "+want+": write it in [ ]")
				}
				return
			}
			if len(n.items) > maxItems {
				r.fault(n.start, "%s has %d items, at most %d are read", name, len(n.items), maxItems)
				return
			}
			for _, item := range n.items {
				if item.value.shape != scalar {
					r.wrong(item.value, "an item of "+name, want)
				} else if v, err := parse(item.value.text); err != nil {
					r.fault(item.value.start, "%s: %v", name, err)
				} else {
					*at(to) = append(*at(to), v)
				}
			}
		},
		write: func(from *T) Value {
			v := Value{}
			for _, one := range *at(from) {
				v.shape = sequence
				v.items = append(v.items, Text(show(one)))
			}
			return v
		},
	}
}

// section is a field that is fields of its own.
func section[T, S any](name string, table []field[S], at func(*T) *S) field[T] {
	return field[T]{
		name:  name,
		read:  func(r *reader, n *node, to *T) { readFields(r, n, name, table, at(to)) },
		below: paths(name, table),
		write: func(from *T) Value {
			if v := writeFields(table, at(from)); len(v.fields) > 0 {
				return v
			}
			return Value{}
		},
	}
}

// sections is a field that is a list of fields.
func sections[T, S any](name, one string, table []field[S], at func(*T) *[]S) field[T] {
	return field[T]{
		name: name,
		read: func(r *reader, n *node, to *T) {
			if n.shape != sequence {
				if n.shape != empty {
					r.wrong(n, name, "a list, each item with the fields "+names(table))
				}
				return
			}
			for _, item := range n.items {
				var s S
				readFields(r, item.value, one, table, &s)
				*at(to) = append(*at(to), s)
			}
		},
		below: paths(name, table),
		write: func(from *T) Value {
			v := Value{}
			for i := range *at(from) {
				v.shape = sequence
				v.items = append(v.items, writeFields(table, &(*at(from))[i]))
			}
			return v
		},
	}
}

// paths returns the fields of a table and those in them, below a name.
func paths[T any](name string, table []field[T]) []string {
	var all []string
	for _, f := range table {
		all = append(all, name+"."+f.name)
		for _, b := range f.below {
			all = append(all, name+"."+b)
		}
	}
	return all
}
