package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sendplan/internal/render"
	"sendplan/internal/term"
)

// output says how a command prints its result.
type output struct {
	format  string
	color   string
	reports bool // the result is reports of checks, which more formats can write
	table   bool // the result is also a table, for formats that are nothing else
	tests   bool // the result is also a list of test cases, likewise
}

func (o *output) flags(f *pflag.FlagSet) {
	f.StringVar(&o.format, "format", render.Formats[0].Name, "print the result as `FORMAT`: "+o.formatHelp())
	f.StringVar(&o.color, "color", term.Auto.String(), "colour: auto, always or never")
}

// formats returns those that the command can print.
func (o *output) formats() []render.Format {
	var list []render.Format
	for _, f := range render.Formats {
		if o.reports || f.Documents() || o.table && f.Tables() || o.tests && f.Tests() {
			list = append(list, f)
		}
	}
	return list
}

func (o *output) formatNames() []string {
	var names []string
	for _, f := range o.formats() {
		names = append(names, f.Name)
	}
	return names
}

func (o *output) formatHelp() string {
	var list []string
	for _, f := range o.formats() {
		list = append(list, f.Name+" ("+f.About+")")
	}
	return strings.Join(list, ", ")
}

// complete offers the values of the options to the shell.
func (o *output) complete(c *cobra.Command) {
	values := map[string][]string{"format": o.formatNames(), "color": {"auto", "always", "never"}}
	for flag, list := range values {
		// It fails only for flags that do not exist.
		_ = c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(list, cobra.ShellCompDirectiveNoFileComp))
	}
}

// parse checks the options.
func (o *output) parse(streams Streams) (render.Format, render.Page, error) {
	format, ok := render.FormatByName(o.format)
	if !ok || !slices.Contains(o.formatNames(), o.format) {
		return format, render.Page{}, usageError("", "--format %q: must be one of %s", o.format, strings.Join(o.formatNames(), ", "))
	}
	mode, err := term.ParseMode(o.color)
	if err != nil {
		return format, render.Page{}, usageError("", "--color: %v", err)
	}
	page := render.Page{
		Width:   term.Width(streams.Out, streams.Getenv),
		Style:   term.NewStyle(term.Decide(mode, streams.Getenv, term.IsTerminal(streams.Out))),
		Version: version(),
	}
	return format, page, nil
}
