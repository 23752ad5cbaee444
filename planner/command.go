package planner

import "sendplan/internal/shell"

// explaining is the command that shows all that is known of a device.
func (m *maker) explaining(device string) string {
	return "sendplan devices -i " + m.file + " --explain " + shell.Word(device)
}
