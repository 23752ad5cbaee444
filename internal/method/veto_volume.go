package method

// The limits of Exchange Online that are numbers.
const (
	maxPerDay    = 10000 // recipients of one mailbox in 24 hours
	maxPerMinute = 30    // messages of one mailbox
	bulkPerDay   = 5000  // from which the big receivers count a sender as bulk
	trialLimit   = 5000  // external recipients of a trial tenant
	leastLimit   = 10000 // of a tenant with one licence
)

// near is the share of a tenant's limit, in percent, from which a device is
// too close to it.
const near = 80

// volume judges how much one device sends.
func (j *judgment) volume() {
	d := j.in.Device
	if j.kind == SMTPAuth || j.kind == Graph {
		if d.PerDay > maxPerDay {
			j.veto(VetoPerDay, factPerDay, "it sends to %d recipients a day", d.PerDay)
		}
		if d.PerMinute > maxPerMinute {
			j.veto(VetoPerMinute, factPerMinute, "it sends %d messages a minute", d.PerMinute)
		}
		if d.PerDay == 0 && d.PerMinute == 0 {
			j.see(factPerDay, "check that it stays below 10,000 recipients a day and 30 messages a minute")
		}
	}
	if !j.kind.Tenant() {
		return
	}
	bulk := d.Recipients == Anyone && d.PerDay >= bulkPerDay
	switch {
	case bulk && (j.kind == ConnectorIP || j.kind == ConnectorCert):
		j.veto(VetoBulk, factNotBulk, "it sends to %d recipients a day", d.PerDay)
	case bulk:
		j.veto(VetoBulk, factBulk, "it sends to %d recipients a day", d.PerDay)
	case d.Recipients == RecipientsUnknown && d.PerDay >= bulkPerDay:
		j.ask("device.recipients", factBulk, "whom does it write to so often?")
	}
}

// tenantLimit judges what the device adds to the tenant's external recipients.
func (j *judgment) tenantLimit() {
	d, t := j.in.Device, j.in.Tenant
	if !j.kind.Tenant() || !d.external() {
		return
	}
	total := max(t.ExternalPerDay, d.PerDay)
	limit := leastLimit
	switch {
	case t.Trial == True:
		limit = trialLimit
	case t.Licences > 0:
		limit = TenantLimit(t.Licences)
	}
	if total*100 < limit*near {
		return
	}
	if t.Trial != True && t.Licences == 0 {
		j.ask("tenant.licences", factTERRL, "how many mailbox licences has the tenant? Its limit of external recipients follows from them")
		return
	}
	j.veto(VetoTenantLimit, factTERRL, "%d external recipients a day are %d %% or more of the limit of %d", total, near, limit)
}
