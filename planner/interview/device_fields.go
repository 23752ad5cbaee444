package interview

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
)

// deviceField is a field of a device as the answer to a question. The id is what
// the inventory calls it.
type deviceField struct {
	id    ID
	get   func(*inventory.Device) string
	set   func(*inventory.Device, string) error                    // its error is a *[Mistake]
	value func(*inventory.File, *inventory.Device) inventory.Value // for a file, which may hold some of it
	none  func() inventory.Value                                   // what stands for no value; nil: the field is taken away
}

// deviceFields are all fields but the name, in the order of the inventory.
var deviceFields = []deviceField{
	{"kind", kindAnswer, setKind, textOf(kindAnswer), nil},
	wordField("site", func(d *inventory.Device) *string { return &d.Site }),
	wordField("method", func(d *inventory.Device) *inventory.Method { return &d.Method }),
	wordField("now", func(d *inventory.Device) *inventory.Method { return &d.Now }),
	{"from", fromAnswer, setFrom, fromValue, noTexts},
	parsedField("mail_from", parseMailFrom, inventory.MailFrom.String, func(d *inventory.Device) *inventory.MailFrom { return &d.MailFrom }),
	parsedField("helo", parseDomain, dns.Name.String, func(d *inventory.Device) *dns.Name { return &d.HELO }),
	parsedField("login", parseMailbox, inventory.Address.String, func(d *inventory.Device) *inventory.Address { return &d.Login }),
	wordField("recipients", func(d *inventory.Device) *inventory.Recipients { return &d.Recipients }).open(),
	wordField("auth", func(d *inventory.Device) *inventory.Auth { return &d.Auth }).open(),
	wordField("tls", func(d *inventory.Device) *inventory.TLS { return &d.TLS }).open(),
	truthField("certificate", func(d *inventory.Device) *inventory.Truth { return &d.Certificate }),
	truthField("https", func(d *inventory.Device) *inventory.Truth { return &d.HTTPS }),
	parsedField("signs_as", parseDomain, dns.Name.String, func(d *inventory.Device) *dns.Name { return &d.SignsAs }),
	wordField("sign_selector", func(d *inventory.Device) *string { return &d.SignSelector }),
	countField("per_day", func(d *inventory.Device) *int { return &d.PerDay }),
	countField("per_minute", func(d *inventory.Device) *int { return &d.PerMinute }),
	wordField("review", func(d *inventory.Device) *string { return &d.Review }),
	wordField("note", func(d *inventory.Device) *string { return &d.Note }),
}

func deviceFieldOf(id ID) deviceField {
	return deviceFields[slices.IndexFunc(deviceFields, func(fd deviceField) bool { return fd.id == id })]
}

// DeviceAnswers returns what is known of a device as answers, for one that was
// read from elsewhere. Fields that no question is about are among them: Put takes
// them too.
func DeviceAnswers(d inventory.Device) Answers {
	all := Answers{"name": d.Name}
	for _, fd := range deviceFields {
		if answer := fd.get(&d); answer != "" {
			all[fd.id] = answer
		}
	}
	return all
}

// open is a field of which the inventory can say that it is not known.
func (fd deviceField) open() deviceField {
	fd.none = func() inventory.Value { return inventory.Text("unknown") }
	return fd
}

func noTexts() inventory.Value { return inventory.Texts() }

func textOf(get func(*inventory.Device) string) func(*inventory.File, *inventory.Device) inventory.Value {
	return func(_ *inventory.File, d *inventory.Device) inventory.Value { return inventory.Text(get(d)) }
}

// wordField is a field whose answer is its value. Whether the inventory takes it
// is seen when it is written.
func wordField[T ~string](id ID, at func(*inventory.Device) *T) deviceField {
	get := func(d *inventory.Device) string { return string(*at(d)) }
	set := func(d *inventory.Device, answer string) error {
		*at(d) = T(answer)
		return nil
	}
	return deviceField{id, get, set, textOf(get), nil}
}

func truthField(id ID, at func(*inventory.Device) *inventory.Truth) deviceField {
	fd := wordField(id, at).open()
	fd.value = func(_ *inventory.File, d *inventory.Device) inventory.Value { return inventory.Bool(*at(d)) }
	return fd
}

func parsedField[T comparable](id ID, parse func(ID, string) (T, error), show func(T) string, at func(*inventory.Device) *T) deviceField {
	get := func(d *inventory.Device) string { return show(*at(d)) }
	set := func(d *inventory.Device, answer string) error {
		var v T
		var err error
		if answer != "" {
			v, err = parse(id, answer)
		}
		*at(d) = v
		return err
	}
	return deviceField{id, get, set, textOf(get), nil}
}

// maxCount is the greatest number that the inventory takes.
const maxCount = 1_000_000_000

func countField(id ID, at func(*inventory.Device) *int) deviceField {
	fd := parsedField(id, parseCount, func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}, at)
	fd.value = func(_ *inventory.File, d *inventory.Device) inventory.Value { return inventory.Number(*at(d)) }
	return fd
}

func parseCount(id ID, answer string) (int, error) {
	n, err := strconv.Atoi(answer)
	if err != nil || n < 0 || n > maxCount {
		return 0, &Mistake{ID: id, Message: fmt.Sprintf("%q is no number", answer), Fix: "type a whole number, as 200, or leave it empty"}
	}
	return n, nil
}

// kindAnswer says "other" also where the inventory says no kind: that means the
// same.
func kindAnswer(d *inventory.Device) string {
	if d.Kind == "" {
		return string(inventory.Other)
	}
	return string(d.Kind)
}

func setKind(d *inventory.Device, answer string) error {
	if d.Kind = inventory.Kind(answer); d.Kind == inventory.Other {
		d.Kind = ""
	}
	return nil
}

func fromAnswer(d *inventory.Device) string { return list(d.From, shownAddress) }

// shownAddress writes an address with its domain as people do.
func shownAddress(a inventory.Address) string { return a.Local + "@" + a.Domain.Unicode() }

func setFrom(d *inventory.Device, answer string) error {
	from, err := parsed("from", answer, parseSender)
	d.From = from
	return err
}

// fromValue spells an address as the file does, so that its line stays.
func fromValue(f *inventory.File, d *inventory.Device) inventory.Value {
	texts := make([]string, len(d.From))
	for i, a := range d.From {
		if texts[i] = shownAddress(a); !bytes.Contains(f.Bytes(), []byte(texts[i])) {
			texts[i] = a.String()
		}
	}
	return inventory.Texts(texts...)
}

// parseSender reads an address, or "*@domain" for any of a domain. The error is a
// *[Mistake].
func parseSender(id ID, text string) (inventory.Address, error) {
	if domain, ok := strings.CutPrefix(text, inventory.AnyLocal+"@"); ok {
		name, err := parseDomain(id, domain)
		return inventory.Address{Local: inventory.AnyLocal, Domain: name}, err
	}
	return parseMailbox(id, text)
}

func parseMailFrom(id ID, text string) (inventory.MailFrom, error) {
	switch {
	case text == "<>":
		return inventory.MailFrom{Null: true}, nil
	case strings.Contains(text, "@"):
		a, err := parseMailbox(id, text)
		return inventory.MailFrom{Local: a.Local, Domain: a.Domain}, err
	}
	name, err := parseDomain(id, text)
	return inventory.MailFrom{Domain: name}, err
}

// changeDevice writes what differs of a device, its name last.
func changeDevice(f *inventory.File, old, d *inventory.Device) error {
	at := inventory.DeviceAt(old.Name)
	for _, fd := range deviceFields {
		if err := fd.change(f, at.Key(string(fd.id)), old, d); err != nil {
			return err
		}
	}
	if old.Name == d.Name {
		return nil
	}
	return f.RenameDevice(old.Name, d.Name)
}

func (fd deviceField) change(f *inventory.File, at inventory.Spot, old, d *inventory.Device) error {
	var zero inventory.Device
	switch want := fd.get(d); {
	case want == fd.get(old):
		return nil
	case want == fd.get(&zero) && fd.none != nil:
		return f.Set(at, fd.none())
	case want == fd.get(&zero):
		return f.Delete(at)
	}
	return f.Set(at, fd.value(f, d))
}
