package interview

func (s State) domainsQuestions(Answers) []Question      { return nil }
func (s State) putDomains(Answers) (State, error)        { return s, nil }
func (s State) tenantQuestions(Answers) []Question       { return nil }
func (s State) putTenant(Answers) (State, error)         { return s, nil }
func (s State) siteQuestions(string, Answers) []Question { return nil }
func (s State) putSite(string, Answers) (State, error)   { return s, nil }
func (s State) copySite(string) Answers                  { return nil }
func (s State) deleteSite(string) (State, error)         { return s, nil }
func (s State) siteTable() Table                         { return Table{} }
func (s State) wishQuestions(string, Answers) []Question { return nil }
func (s State) putWishes(string, Answers) (State, error) { return s, nil }
func (s State) wishTable() Table                         { return Table{} }
func (s State) exportQuestions(Answers) []Question       { return nil }
func (s State) putExport(Answers) (State, error)         { return s, nil }

// Learn takes what the DNS told; without a draft it begins one.
func (s State) Learn(f Found) (State, error) { return s, nil }

// Farewell is what stays on the screen at the end.
func (s State) Farewell(written []Piece) []Line { return nil }
