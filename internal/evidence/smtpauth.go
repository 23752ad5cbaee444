package evidence

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

const maxGroups = 50_000 // senders by one way each

// login is a mailbox that logs in one way. The report has a row for each
// mailbox, since it tells the protocol apart perhaps two, and one for each day
// if it was made so.
type login struct {
	sender address
	auth   Auth
}

// usage is what the rows of a login add up to.
type usage struct {
	messages int
	days     map[rawDay]int
	tls      [4]bool
}

// smtpAuth reads the SMTP AUTH clients report.
func (in *reading) smtpAuth() ([]Found, error) {
	logins := map[login]*usage{}
	err := in.each(func(r row) error {
		who, ok := parseAddress(in.cell(r, fieldSender))
		if !ok {
			return in.fault(r, fieldSender, strconv.QuoteToASCII(heading(string(in.cell(r, fieldSender))))+" is no address", "the report names a mailbox in each row")
		}
		key := login{sender: who, auth: authOf(in.cell(r, fieldProtocol))}
		u := logins[key]
		if u == nil {
			if len(logins) == maxGroups {
				return in.fault(r, fieldSender, "the file has too many senders", "export fewer")
			}
			u = &usage{days: map[rawDay]int{}}
			logins[key] = u
		}
		return in.addUsage(u, r)
	})
	if err == nil {
		err = in.dates.decide()
	}
	if err != nil {
		return nil, err
	}
	var found []Found
	for key, u := range logins {
		found = append(found, in.foundLogin(key, u))
	}
	sortFound(found)
	return found, nil
}

// addUsage adds a row to its login.
func (in *reading) addUsage(u *usage, r row) error {
	messages := 0
	if cell := in.cell(r, fieldMessages); len(cell) > 0 {
		n, err := count(cell)
		if err != nil {
			return in.fault(r, fieldMessages, err.Error(), "expected how many messages were sent")
		}
		messages = n
	}
	for i, f := range []field{fieldTLS10, fieldTLS11, fieldTLS12, fieldTLS13} {
		yes, err := used(in.cell(r, f))
		if err != nil {
			return in.fault(r, f, err.Error(), "expected a percentage")
		}
		u.tls[i] = u.tls[i] || yes
	}
	day, err := in.day(r)
	if err != nil {
		return err
	}
	u.messages += messages
	if day != (rawDay{}) {
		u.days[day] += messages
	}
	return nil
}

// authOf reads the authentication protocol: "Basic Authentication", "Modern
// Authentication", "Basic", "OAuth". A value that says both, or neither, is
// unknown.
func authOf(cell []byte) Auth {
	text := loose(strings.ToValidUTF8(string(cell), ""))
	basic := strings.Contains(text, "basic") || strings.Contains(text, "legacy") || text == "standardauthentifizierung" || text == "basisauthentifizierung"
	modern := strings.Contains(text, "modern") || strings.Contains(text, "oauth")
	switch {
	case basic && !modern:
		return AuthBasic
	case modern && !basic:
		return AuthOAuth
	}
	return AuthUnknown
}

func (in *reading) foundLogin(key login, u *usage) Found {
	f := Found{
		Sender: key.sender.String(), Auth: key.auth, Direction: DirectionUnknown, Own: OwnAccepted,
		Recipients: ScopeUnknown, Messages: u.messages,
	}
	for i, version := range []TLS{TLS10, TLS11, TLS12, TLS13} {
		if u.tls[i] && f.Lowest == "" {
			f.Lowest = version
		}
		if u.tls[i] {
			f.Highest = version
		}
	}
	days := in.dates.settle(u.days)
	f.First, f.Last = days.span()
	f.Days, f.PerDay = len(days), days.busiest()
	if len(days) == 0 && in.opts.Days > 0 {
		f.PerDay = (u.messages + in.opts.Days - 1) / in.opts.Days
	}
	return f
}

// sortFound orders by what tells two apart, so that the same devices come in
// the same order from next month's file.
func sortFound(found []Found) {
	slices.SortFunc(found, func(a, b Found) int {
		return cmp.Or(
			cmp.Compare(a.Sender, b.Sender),
			cmp.Compare(a.Auth, b.Auth),
			a.Address.Compare(b.Address),
			cmp.Compare(a.Connector, b.Connector),
			cmp.Compare(a.Direction, b.Direction),
			cmp.Compare(serverRank(a), serverRank(b)),
		)
	})
}

// serverRank orders what differs in nothing that is shown.
func serverRank(f Found) int {
	if f.server {
		return 1
	}
	return 0
}
