package method

// lan judges a relay on the LAN by what it hands on by: it cures what the
// device cannot do, but neither the sender nor the recipients.
func (j *judgment) lan() {
	if j.kind != Via {
		return
	}
	if j.in.Device.hosted() == True {
		j.veto(VetoNoLAN, factNoLAN, "it is hosted by somebody else")
		return
	}
	if n, ok := j.in.other(j.out.Method.Name()); ok {
		j.upstream(n)
		return
	}
	j.anyUpstream()
}

// relayed is the device's mail as a relay hands it on.
func (j *judgment) relayed(n Neighbour) Input {
	in := j.in
	in.Site = n.Site
	in.Device.Name, in.Device.Kind, in.Device.ThirdParty = n.Device.Name, n.Device.Kind, n.Device.ThirdParty
	in.Device.Auth, in.Device.TLS = n.Device.Auth, n.Device.TLS
	in.Device.Certificate, in.Device.HTTPS = n.Device.Certificate, n.Device.HTTPS
	return in
}

// upstream judges a relay whose method is known.
func (j *judgment) upstream(n Neighbour) {
	next := n.Device.Method
	if next == "" {
		next = n.Device.Now
	}
	if next == "" || j.depth >= maxHops {
		j.ask("device.method", factLANRelay, "by which method does "+n.Device.Name+" hand on?")
		return
	}
	o := judge(j.relayed(n), next, AuthUnknown, j.date, j.depth+1)
	for _, v := range o.Vetoes {
		j.veto(VetoUpstream, v.Fact, "%s hands on by %s: %s", n.Device.Name, next, v.Reason)
	}
	for _, q := range o.Questions {
		j.ask(q.Field, q.Fact, "of "+n.Device.Name+", which hands on by "+string(next)+": "+q.Text)
	}
	for _, c := range o.Conditions {
		j.see(c.Fact, "%s: %s", n.Device.Name, c.Text)
	}
}

// anyUpstream looks for a method by which a relay that has yet to be built
// could hand on: one that can do TLS 1.2, OAuth and a certificate.
func (j *judgment) anyUpstream() {
	capable := Device{Name: "the relay", Kind: "relay", Auth: AuthOAuth, TLS: TLS12, Certificate: True, HTTPS: False, ThirdParty: False}
	in := j.relayed(Neighbour{capable, j.in.Site})
	var obstacle Veto
	for _, id := range []ID{ID(ConnectorCert), SMTPAuthID, ID(ConnectorIP), ID(ACS), ID(Relay)} {
		o := judge(in, id, AuthOAuth, j.date, j.depth+1)
		if o.State != Vetoed {
			j.see(factLANRelay, "the relay can hand on by %s", Lookup(id, AuthOAuth).Name)
			return
		}
		obstacle = o.Vetoes[0]
	}
	j.veto(VetoUpstream, obstacle.Fact, "a relay could hand on by nothing either: %s", obstacle.Reason)
}
