package method

import (
	"slices"
	"time"
)

// gap is something about a device that may not be known and may decide which
// method is best.
type gap struct {
	ask     Question
	open    func(Input) bool
	answers []func(*Input)
}

// decides reports whether an answer puts another option first.
func (g gap) decides(in Input, first Option, date time.Time) bool {
	return slices.ContainsFunc(g.answers, func(answer func(*Input)) bool {
		other := in
		answer(&other)
		o := ordered(other, date)[0]
		return o.State == Vetoed || o.Method != first.Method || o.Auth != first.Auth
	})
}

var factChoice = fact(Inferred, "RULES", "another method is best for another answer")

var gaps = []gap{
	{
		Question{"device.recipients", "whom does it write to: only mailboxes of the tenant, or others too?", factChoice},
		func(in Input) bool { return in.Device.Recipients == RecipientsUnknown },
		[]func(*Input){
			func(in *Input) { in.Device.Recipients = Internal },
			func(in *Input) { in.Device.Recipients = Anyone },
		},
	},
	{
		Question{"device.auth", "can it log in: not at all, with a password, or by OAuth?", factChoice},
		func(in Input) bool { return in.Device.Auth == AuthUnknown },
		[]func(*Input){
			func(in *Input) { in.Device.Auth = AuthNone },
			func(in *Input) { in.Device.Auth = AuthBasic },
			func(in *Input) { in.Device.Auth = AuthOAuth },
		},
	},
	{
		Question{"device.tls", "can it do TLS 1.2?", factChoice},
		func(in Input) bool { return in.Device.TLS == TLSUnknown },
		[]func(*Input){
			func(in *Input) { in.Device.TLS = TLS10 },
			func(in *Input) { in.Device.TLS = TLS12 },
		},
	},
	{
		Question{"device.https", "can it call a web API, or can its code be changed?", factChoice},
		func(in Input) bool { return in.Device.HTTPS == Unknown && !in.Device.uncoded() },
		[]func(*Input){
			func(in *Input) { in.Device.HTTPS = True },
			func(in *Input) { in.Device.HTTPS = False },
		},
	},
	{
		Question{"site.static", "is the site's address static?", factChoice},
		func(in Input) bool { return in.Site.Static == Unknown && in.Device.hosted() != True },
		[]func(*Input){
			func(in *Input) { in.Site.Static = True },
			func(in *Input) { in.Site.Static = False },
		},
	},
	{
		Question{"site.shared", "has the site its address for itself, or does it share it (carrier-grade NAT, a cloud's common egress)?", factChoice},
		func(in Input) bool { return in.Site.Shared == Unknown && in.Device.hosted() != True },
		[]func(*Input){
			func(in *Input) { in.Site.Shared = True },
			func(in *Input) { in.Site.Shared = False },
		},
	},
	{
		Question{"site.port25", "can the site reach port 25 on the internet?", factChoice},
		func(in Input) bool { return in.Site.Port25 == Unknown },
		[]func(*Input){
			func(in *Input) { in.Site.Port25 = True },
			func(in *Input) { in.Site.Port25 = False },
		},
	},
}
