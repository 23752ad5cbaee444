package method

// Grade says how well a fact is established.
type Grade string

// The grades, the best first.
const (
	Microsoft  Grade = "M"   // text of Microsoft
	Vendor     Grade = "V"   // a provider's own text about its own service
	ThirdParty Grade = "3P"  // somebody else's text
	Observed   Grade = "OBS" // seen in public code, zones or mail
	Inferred   Grade = "INF" // follows from other facts
	Memory     Grade = "MEM" // general knowledge, not found in print: verify before relying on it
)

// SourceKey names a Source.
type SourceKey string

// Source is a text from which facts are taken.
type Source struct {
	Key   SourceKey
	Where string // addresses, or repository and file
	AsOf  string // the date of the text: YYYY-MM-DD, YYYY-MM or YYYY; "undated" if it has none
}

// Fact is one value with its source, or, without Text, the statement that no
// source establishes the value.
type Fact struct {
	Text   string
	Source SourceKey
	Grade  Grade
	AsOf   string // of the source
	Open   string // of a value that is not established: what was found instead, if anything
}

// Established reports whether there is a value.
func (f Fact) Established() bool { return f.Text != "" }

// String returns the value, or that it is not established and why.
func (f Fact) String() string {
	switch {
	case f.Established():
		return f.Text
	case f.Open != "":
		return "not established: " + f.Open
	}
	return "not established"
}

// fact makes a fact, dated by its source.
func fact(g Grade, s SourceKey, text string) Fact {
	source, _ := SourceOf(s)
	return Fact{Text: text, Source: s, Grade: g, AsOf: source.AsOf}
}

// open is a value that no source establishes.
func open(why string) Fact { return Fact{Open: why} }

// SourceOf returns the source with a key.
func SourceOf(key SourceKey) (Source, bool) {
	for _, s := range sources {
		if s.Key == key {
			return s, true
		}
	}
	return Source{}, false
}

// Sources returns all sources that facts are taken from.
func Sources() []Source { return append([]Source(nil), sources...) }
