package cli

// openUnless is open, but offline it opens only what tells the day.
func (n *network) openUnless(offline bool) (*session, error) {
	if !offline {
		return n.open()
	}
	if n.demo || n.record != "" || n.replay != "" || len(n.resolvers) > 0 {
		return nil, usageError("leave --offline out", "--offline excludes --demo, --resolver, --record and --replay")
	}
	if err := n.check(); err != nil {
		return nil, err
	}
	s := &session{close: func() error { return nil }}
	return s, s.setDate(n.date)
}
