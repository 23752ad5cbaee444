package cli

import (
	"github.com/spf13/cobra"

	"sendplan/internal/check"
	"sendplan/internal/finding"
)

func newExplain(streams Streams) *cobra.Command {
	var out output
	c := &cobra.Command{
		Use:     "explain [ID]",
		Short:   "say what a finding means and what to do; without an ID, list all",
		Example: "  sendplan explain\n  sendplan explain spf-too-many-lookups",
		Args:    oneOrNone,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return checkIDs(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			format, page, err := out.parse(streams)
			if err != nil {
				return err
			}
			ids, err := parseIDs(args)
			if err != nil {
				return err
			}
			if len(ids) == 0 {
				return format.Explanations(streams.Out, page, check.All)
			}
			found, _ := check.ByID(ids[0])
			return format.Explain(streams.Out, page, found)
		},
	}
	out.flags(c.Flags())
	out.complete(c)
	return c
}

func checkIDs() []string {
	var ids []string
	for _, c := range check.All {
		ids = append(ids, string(c.ID))
	}
	return ids
}

// parseIDs reads the names of checks; an unknown one is an error that offers
// the nearest.
func parseIDs(texts []string) ([]finding.ID, error) {
	var ids []finding.ID
	for _, text := range texts {
		id := finding.ID(text)
		if _, ok := check.ByID(id); !ok {
			return nil, usageError(nearest(text, checkIDs()), "there is no check %q", text)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// nearest is a hint that names the check most like text, if one is like it.
func nearest(text string, candidates []string) string {
	return nearestOf(text, candidates, "sendplan explain lists all checks")
}

// nearestOf is a hint that names the candidate most like text, or else tells
// where they are listed.
func nearestOf(text string, candidates []string, list string) string {
	best, least := "", len(text)/2+1
	for _, c := range candidates {
		if d := distance(text, c); d < least {
			best, least = c, d
		}
	}
	if best == "" {
		return list
	}
	return "did you mean " + best + "?"
}

// distance counts the insertions, deletions and replacements that turn a into b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
