package interview

// ID names a question, as "site" or "from"; it is unique among the questions of
// one subject. Fields of the inventory are called as there.
type ID string

// Kind is what sort of answer a question takes.
type Kind uint8

// The kinds.
const (
	Text    Kind = iota // one line
	List                // several texts, parted by commas, blanks or line ends
	Choice              // one of Options
	Choices             // any of Options; the answer is their values, parted by ", "
)

// Question is something to ask.
type Question struct {
	ID      ID
	Text    string // what is asked, with its question mark
	Label   string // the same in a word or two, for a summary: "Site"
	Why     string // why it is asked and what hangs on the answer; sentences
	Kind    Kind
	Options []Option // of a Choice or Choices, in the order in which to show them
	Answer  string   // what was answered, or else what is proposed
	Basis   string   // what a proposed answer rests on: "the MX record leads there"; "" if the person gave it, or nothing is proposed
	Example string   // of a Text or a List
}

// Option is one answer of a choice.
type Option struct {
	Value       string   // of the answer; "" stands for not known, or not decided
	Text        string   // what it is called
	Note        string   // what it means here, in a sentence: the reason for a recommendation, the date that ends it
	Recommended bool     // the best one
	Against     []string // why it cannot be taken; none: it can
	Instead     string   // of one that cannot be taken: what to take
}

// Answers are what was answered, by question. What is absent was not answered:
// then what is proposed stands.
type Answers map[ID]string

// Mistake is an answer that cannot be taken. It is the error of [State.Put].
type Mistake struct {
	ID      ID     // of the question; "" if it is about all of them
	Message string // what is wrong, with the value; lower-case start, no full stop
	Fix     string // what to do, in the imperative; may be ""
}

// Error returns what is wrong.
func (m *Mistake) Error() string { return m.Message }
