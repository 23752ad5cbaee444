// Package cli turns command lines into work: it parses options, opens the
// network, runs the judgement and prints the result.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"sendplan/internal/term"
)

// Main runs sendplan with arguments and returns the exit status:
//
//	0    fine
//	1    findings at or above --fail-on
//	2    usage or bad input
//	3    could not tell
//	70   internal failure
//	130  interrupted
func Main(ctx context.Context, streams Streams, args []string) (code int) {
	defer func() {
		if cause := recover(); cause != nil { // Go's own status of a panic, 2, is that of bad input here
			fmt.Fprintf(streams.Err, "sendplan: internal failure: %s\n%s", term.Safe(fmt.Sprint(cause)), debug.Stack())
			code = exitInternal
		}
	}()
	root := newRoot(streams)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	code = exitCode(ctx, err)
	if err != nil {
		report(streams.Err, code, err)
	}
	return code
}

// report prints an error once, with its hint. Errors without a message stand
// for a result that is already printed.
func report(w io.Writer, code int, err error) {
	if code == exitInterrupted {
		fmt.Fprintln(w, "sendplan: interrupted")
		return
	}
	if err.Error() == "" {
		return
	}
	fmt.Fprintf(w, "sendplan: %s\n", safeLines(err.Error()))
	var e *exitError
	if errors.As(err, &e) && e.hint != "" {
		fmt.Fprintf(w, "hint: %s\n", e.hint)
	}
}

// safeLines makes text safe that may have several lines, such as cobra's
// suggestions.
func safeLines(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	for i, line := range lines {
		lines[i] = term.Safe(strings.ReplaceAll(line, "\t", "  "))
	}
	return strings.Join(lines, "\n")
}

func newRoot(streams Streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "sendplan",
		Short: "keep mail flowing: check a domain's mail DNS, plan how each sender moves on",
		Long: `sendplan checks MX, SPF, DKIM and DMARC of domains by live DNS queries, explains what is wrong, and says what to do.
With --demo every command works on an embedded world of zones, without internet.

Exit status: 0 fine, 1 findings at or above --fail-on, 2 usage or bad input, 3 could not tell,
70 internal failure, 130 interrupted.`,
		SilenceErrors: true,
		SilenceUsage:  true,

		SuggestionsMinimumDistance: 2,
		Args:                       onlyCommands,
		RunE:                       func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetIn(streams.In)
	root.SetOut(streams.Out)
	root.SetErr(streams.Err)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usageError("see "+c.CommandPath()+" --help", "%v", err)
	})
	root.AddCommand(
		newCheck(streams), newSPF(streams), newDMARC(streams), newDKIM(streams), newMessage(streams),
		newWizard(streams), newInit(streams), newDevices(streams), newPlan(streams), newValidate(streams), newVerify(streams), newEmit(streams), newImport(streams), newDiff(streams), newExplain(streams), newVersion(streams),
	)
	asUsage(root)
	return root
}

// asUsage makes every refusal of arguments, an unknown command included, a
// usage error.
func asUsage(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(c *cobra.Command, args []string) error {
			err := check(c, args)
			if err == nil {
				return nil
			}
			var coded *exitError
			if errors.As(err, &coded) {
				return err
			}
			return usageError("see "+c.CommandPath()+" --help", "%v", err)
		}
	}
	for _, sub := range c.Commands() {
		asUsage(sub)
	}
}

// onlyCommands refuses what is no command of c, and offers those like it.
func onlyCommands(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := "see " + c.CommandPath() + " --help"
	if like := c.SuggestionsFor(args[0]); len(like) > 0 {
		hint = "did you mean " + strings.Join(like, " or ") + "?"
	}
	return usageError(hint, "%q is no command of %s", args[0], c.CommandPath())
}

// group is a command that only holds others.
func group(use, short string, subs ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Args: onlyCommands, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(subs...)
	return c
}
