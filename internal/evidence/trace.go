package evidence

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"net/netip"
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// way is how messages of one sender came: a group of the trace. The direction
// tells groups apart only where there is no connector: one device behind a
// connector writes to both sides of it.
type way struct {
	sender    address
	addr      netip.Addr
	connector string
	server    bool // a row names a connector of one of Exchange's servers
	direction Direction
}

// letter is one message, put together from its rows: one for each recipient
// (Get-MessageTraceV2), one for each event (extended), or one (enhanced
// summary). The rows come in no order.
type letter struct {
	way
	day        rawDay
	recipients int
	scope      scope
	returned   returnPath
}

// returnPath is the domain of a return path. The local part is not kept: it may
// hold a recipient.
type returnPath struct {
	domain dns.Name // "." for the null sender, "" if the row does not tell
	varies bool
}

// tracing is the state of reading a trace.
type tracing struct {
	*reading
	seed    maphash.Seed
	letters map[uint64]*letter
	told    told
	senders map[string]address // by cell, those that may be devices
	named   map[string]string  // connectors by cell
}

// trace reads a message trace.
func (in *reading) trace() ([]Found, error) {
	if len(in.opts.Accepted) == 0 {
		return nil, &Error{What: "a message trace can only be read with the accepted domains of the tenant",
			Hint: "without them nothing tells own devices from the rest of the world"}
	}
	t := &tracing{reading: in, seed: maphash.MakeSeed(), letters: map[uint64]*letter{}, senders: map[string]address{}, named: map[string]string{}, told: told{
		trace: true, connector: in.head.has(fieldConnector), direction: in.head.has(fieldDirection),
		address: in.head.has(fieldClientIP), inbound: len(in.opts.Inbound) > 0,
	}}
	err := in.each(t.row)
	if err == nil {
		err = in.dates.decide()
	}
	if err != nil {
		return nil, err
	}
	return t.found()
}

// row adds a row to its message, or leaves it out.
func (t *tracing) row(r row) error {
	who, why := t.sender(r)
	if why == "" && t.later(r) {
		why = LaterEvent
	}
	if why != "" {
		t.skip(why, r)
		return nil
	}
	day, err := t.day(r)
	if err != nil {
		return err
	}
	connector, server := t.connector(r)
	t.add(t.id(r, who), letter{
		way: way{sender: who, addr: client(t.cell(r, fieldClientIP)), connector: connector, server: server, direction: directionOf(t.cell(r, fieldDirection))},
		day: day, returned: returned(t.cell(r, fieldReturnPath)),
	}, r)
	return nil
}

// sender returns who sent the message, or why that is no device of ours.
func (t *tracing) sender(r row) (address, Reason) {
	cell := t.cell(r, fieldSender)
	if known, ok := t.senders[string(cell)]; ok {
		return known, ""
	}
	who, why := t.judge(cell)
	if why == "" && len(t.senders) < maxGroups {
		t.senders[string(cell)] = who
	}
	return who, why
}

// judge tells whether a sender may be a device of ours.
func (t *tracing) judge(cell []byte) (address, Reason) {
	if empty(cell) {
		return address{}, NullSender
	}
	who, ok := parseAddress(cell)
	switch {
	case !ok:
		return address{}, NoAddress
	case !slices.Contains(t.opts.Accepted, who.domain) && !below(who.domain, t.opts.Accepted):
		return address{}, OtherDomain
	case system.MatchString(who.local):
		return address{}, ExchangeSelf
	case who.forOneMessage():
		return address{}, OneMessage
	}
	return who, ""
}

// later reports whether a row of an extended trace is about what became of a
// message: its client is one of Microsoft's servers, its connector the one by
// which the message left, its recipients perhaps the members of a group.
func (t *tracing) later(r row) bool {
	cell := t.cell(r, fieldEvent)
	return len(cell) > 0 && !strings.EqualFold(string(cell), "RECEIVE")
}

// id tells messages apart. Devices repeat Message-IDs, so that one counts only
// together with the time; without any ID each row is a message.
func (t *tracing) id(r row, who address) uint64 {
	var h maphash.Hash
	h.SetSeed(t.seed)
	h.WriteString(who.String())
	h.WriteByte(0)
	switch {
	case len(t.cell(r, fieldNetworkID)) > 0:
		h.Write(t.cell(r, fieldNetworkID))
	case len(t.cell(r, fieldMessageID)) > 0:
		h.Write(t.cell(r, fieldMessageID))
		h.WriteByte(0)
		h.Write(t.cell(r, fieldDate))
	default:
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(t.rows))
		h.WriteByte(1)
		h.Write(n[:])
	}
	return h.Sum64()
}

// add puts a row together with the others of its message.
func (t *tracing) add(id uint64, l letter, r row) {
	n := recipients(t.cell(r, fieldRecipients), func(addr []byte) { l.scope.add(t.seed, t.opts.Accepted, addr) })
	l.recipients = n
	have := t.letters[id]
	if have == nil {
		t.letters[id] = &l
		return
	}
	if t.head.has(fieldEvent) { // each event repeats the recipients
		have.recipients = max(have.recipients, n)
	} else {
		have.recipients += n
	}
	have.scope.merge(l.scope)
	have.returned = have.returned.merge(l.returned)
	if !have.addr.IsValid() || l.addr.IsValid() && l.addr.Less(have.addr) {
		have.addr = l.addr
	}
	if have.connector == "" || l.connector != "" && l.connector < have.connector {
		have.connector = l.connector
	}
	have.server = have.server || l.server
	if have.direction == DirectionUnknown {
		have.direction = l.direction
	}
}

// connector is the tenant's connector that a row names. SERVER\NAME is one of
// Exchange's own servers, as message tracking writes it: that does not tell
// whether there was one of the tenant as well.
func (t *tracing) connector(r row) (tenant string, server bool) {
	cell := t.cell(r, fieldConnector)
	if len(cell) == 0 || bytes.IndexByte(cell, '\\') >= 0 {
		return "", len(cell) > 0
	}
	known, ok := t.named[string(cell)]
	if !ok {
		known = name(cell)
		if len(t.named) < maxGroups && len(cell) <= maxName {
			t.named[string(cell)] = known
		}
	}
	return known, false
}

// client reads the address of a client; what is none is left out.
func client(cell []byte) netip.Addr {
	if len(cell) > 64 {
		return netip.Addr{}
	}
	text := strings.Trim(string(cell), "[]")
	addr, err := netip.ParseAddr(text)
	if err != nil {
		port, err := netip.ParseAddrPort(string(cell))
		if err != nil {
			return netip.Addr{}
		}
		addr = port.Addr()
	}
	addr = addr.Unmap().WithZone("")
	if addr.IsUnspecified() || addr == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
		return netip.Addr{}
	}
	return addr
}

func directionOf(cell []byte) Direction {
	switch strings.ToLower(string(cell)) {
	case "1", "inbound", "incoming":
		return Inbound
	case "2", "outbound", "originating":
		return Outbound
	}
	return DirectionUnknown
}

func returned(cell []byte) returnPath {
	if string(cell) == "<>" {
		return returnPath{domain: dns.Root}
	}
	if who, ok := parseAddress(cell); ok {
		return returnPath{domain: who.domain}
	}
	return returnPath{}
}

func (p returnPath) merge(o returnPath) returnPath {
	switch {
	case p.domain == "":
		p.domain = o.domain
	case o.domain != "" && o.domain != p.domain:
		p.varies = true
	}
	p.varies = p.varies || o.varies
	return p
}

// tally is what the messages of a way add up to.
type tally struct {
	messages, in, out int
	days              map[rawDay]int
	recipients        map[rawDay]int
	scope             scope
	returned          returnPath
}

// found puts the messages together by the way they came.
func (t *tracing) found() ([]Found, error) {
	ways := map[way]*tally{}
	for _, l := range t.letters {
		key := l.way
		if key.connector != "" {
			key.direction, key.server = "", false
		}
		have := ways[key]
		if have == nil {
			if len(ways) == maxGroups {
				return nil, &Error{What: fmt.Sprintf("the file has more than %d senders by address", maxGroups), Hint: "export a shorter time, or fewer senders"}
			}
			have = &tally{days: map[rawDay]int{}, recipients: map[rawDay]int{}}
			ways[key] = have
		}
		have.add(l)
	}
	found := make([]Found, 0, len(ways))
	for key, have := range ways {
		found = append(found, t.foundWay(key, have))
	}
	sortFound(found)
	return found, nil
}

func (y *tally) add(l *letter) {
	y.messages++
	switch l.direction {
	case Inbound:
		y.in++
	case Outbound:
		y.out++
	}
	if l.day != (rawDay{}) {
		y.days[l.day]++
		y.recipients[l.day] += l.recipients
	}
	y.scope.merge(l.scope)
	y.returned = y.returned.merge(l.returned)
}

func (y *tally) direction() Direction {
	switch {
	case y.in > 0 && y.out > 0:
		return Both
	case y.in == y.messages:
		return Inbound
	case y.out == y.messages:
		return Outbound
	}
	return DirectionUnknown
}

func (t *tracing) foundWay(key way, y *tally) Found {
	f := Found{
		Sender: key.sender.String(), Auth: AuthUnknown, Address: key.addr, Connector: key.connector,
		Direction: y.direction(), Own: OwnAccepted, Recipients: y.scope.result(), Messages: y.messages, told: t.told, server: key.server,
	}
	if !slices.Contains(t.opts.Accepted, key.sender.domain) {
		f.Own = OwnSubdomain
	}
	f.inbound = slices.ContainsFunc(t.opts.Inbound, func(n string) bool { return strings.EqualFold(n, key.connector) })
	switch from := y.returned; {
	case from.varies:
	case from.domain == dns.Root:
		f.NullMailFrom = true
	case from.domain != key.sender.domain:
		f.MailFrom = from.domain
	}
	days := t.dates.settle(y.days)
	f.First, f.Last = days.span()
	f.Days, f.PerDay = len(days), days.busiest()
	f.RcptPerDay = t.dates.settle(y.recipients).busiest()
	return f
}
