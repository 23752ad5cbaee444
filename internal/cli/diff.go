package cli

import (
	"os"

	"github.com/spf13/cobra"

	"sendplan/internal/compare"
)

// runHint says what a file of an earlier run is.
const runHint = "make it by: sendplan check --format json DOMAIN... > FILE"

func newDiff(streams Streams) *cobra.Command {
	var out output
	var failOnText string
	c := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "show what differs between the results of two checks",
		Long: `diff compares two files that "sendplan check" wrote with --format json or jsonl: which findings appeared, went and
changed, and which records. It asks nothing.

The exit status is 1 if findings at or above --fail-on are new, 3 if the new run could not tell what the old one could,
else 0.`,
		Example: "  sendplan diff monday.json tuesday.json\n  sendplan diff --format markdown --fail-on warning old.jsonl new.jsonl",
		Args:    cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			failOn, err := parseFailOn(failOnText)
			if err != nil {
				return err
			}
			format, page, err := out.parse(streams)
			if err != nil {
				return err
			}
			d, err := diffFiles(args[0], args[1])
			if err != nil {
				return err
			}
			if err := format.Difference(streams.Out, page, d); err != nil {
				return err
			}
			return status(failOn.codeOf(d))
		},
	}
	out.flags(c.Flags())
	out.complete(c)
	failOnFlag(c, &failOnText)
	return c
}

func diffFiles(oldPath, newPath string) (compare.Difference, error) {
	var runs [2]compare.Run
	for i, path := range []string{oldPath, newPath} {
		run, err := readRun(path)
		if err != nil {
			return compare.Difference{}, usageError(runHint, "%s: %v", path, err)
		}
		runs[i] = run
	}
	return compare.Diff(runs[0], runs[1]), nil
}

// codeOf returns the exit status that a difference stands for.
func (f failOn) codeOf(d compare.Difference) int {
	switch {
	case !f.never && d.Failed(f.severity):
		return exitFindings
	case d.Unknown():
		return exitUnknown
	}
	return exitFine
}

func readRun(path string) (compare.Run, error) {
	file, err := os.Open(path)
	if err != nil {
		return compare.Run{}, err
	}
	defer file.Close()
	return compare.Read(file)
}
