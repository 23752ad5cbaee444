package interview

func (s State) deviceQuestions(string, Answers) []Question { return nil }
func (s State) putDevice(string, Answers) (State, error)   { return s, nil }
func (s State) copyDevice(string) Answers                  { return nil }
func (s State) deleteDevice(string) (State, error)         { return s, nil }
func (s State) deviceTable() Table                         { return Table{} }
func (s State) openQuestions(Answers) []Question           { return nil }
func (s State) putOpen(Answers) (State, error)             { return s, nil }

// Recommend writes the recommended method of a device, or with "" of every
// device for which none is decided, into the draft.
func (s State) Recommend(device string) (State, error) { return s, nil }

// ParseDevices reads a pasted list of devices.
func (s State) ParseDevices(text string) Import { return Import{} }
