package cli

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sendplan/internal/intake"
	"sendplan/internal/inventory"
	"sendplan/internal/shell"
	"sendplan/internal/term"
	"sendplan/internal/world"
	"sendplan/internal/zone"
	"sendplan/planner/interview"
)

// wizardFlags are the options of "sendplan wizard", as typed.
type wizardFlags struct {
	network   network
	inventory string
	named     bool     // the inventory was
	also      []string // of the options, those that other commands need too
	plain     bool
	resume    bool
	color     string
}

// wizardInventory is the inventory where none is named.
const wizardInventory = "inventory.yaml"

func newWizard(streams Streams) *cobra.Command {
	var flags wizardFlags
	c := &cobra.Command{
		Use:   "wizard [DOMAIN...]",
		Short: "ask about the devices, verify the DNS, plan, and write all that is needed",
		Long: `wizard leads from nothing to a plan: it looks at the domains, asks about the tenant, the sites and the devices, says which
method lasts for each, shows what is wrong with MX, SPF, DKIM and DMARC, plans the changes with their proof, and writes the
inventory, the changes as your DNS host takes them, and the run-book.

It fills the screen; with --plain, where TERM is dumb or SENDPLAN_PLAIN is set, and where standard input or output is no
terminal, it asks the same on plain lines. Nothing is written over without a yes. What was answered is kept beside the inventory,
as FILE.draft, whenever you leave: --resume goes on from there.

Exit status: 0 at the end, or left with the draft kept, 2 bad input, or an input that ends early, 130 interrupted.`,
		Example: `  sendplan wizard contoso.com
  sendplan wizard --demo
  sendplan wizard -i inventory.yaml
  sendplan wizard --resume
  sendplan wizard --plain contoso.com contoso.de`,
		ValidArgsFunction: flags.network.completeDomain,
		RunE: func(c *cobra.Command, args []string) error {
			flags.named, flags.also = c.Flags().Changed("inventory"), alsoFor(c.Flags())
			return flags.run(c.Context(), streams, args)
		},
	}
	f := c.Flags()
	flags.network.flags(f)
	flags.network.view.flags(f)
	f.StringVarP(&flags.inventory, "inventory", "i", wizardInventory, "go on with the inventory in this `FILE`, or begin it")
	f.BoolVar(&flags.plain, "plain", false, "ask on plain lines, for screen readers and scripts")
	f.BoolVar(&flags.resume, "resume", false, "go on with the draft that was kept")
	f.StringVar(&flags.color, "color", term.Auto.String(), "colour: auto, always or never")
	// They fail only for flags that do not exist.
	_ = c.MarkFlagFilename("inventory", "yaml", "yml")
	_ = c.RegisterFlagCompletionFunc("color", cobra.FixedCompletions([]string{"auto", "always", "never"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func (flags *wizardFlags) run(ctx context.Context, streams Streams, args []string) error {
	mode, err := term.ParseMode(flags.color)
	if err != nil {
		return usageError("", "--color: %v", err)
	}
	begin, err := flags.begin(streams, args)
	if err != nil {
		return err
	}
	s, err := flags.network.open()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	begin.state.Date, begin.state.Path, begin.state.Forms, begin.state.Args = s.date, flags.inventory, formOptions(), flags.also
	w := &wizard{session: s, inventory: flags.inventory, begun: begin.text, shown: map[string]shownFile{}}
	if flags.fullScreen(streams) {
		err = w.fullScreen(ctx, streams, begin.state, term.Decide(mode, streams.Getenv, true))
	} else {
		err = w.plain(ctx, streams, begin.state)
	}
	if exitCode(ctx, err) == exitInterrupted {
		cancel() // what was asked until then is no recording
	}
	return s.finish(ctx, err)
}

// alsoFor returns the options that say where answers come from, as they were
// typed: commands that are run later need them too.
func alsoFor(typed *pflag.FlagSet) []string {
	var args []string
	typed.Visit(func(f *pflag.Flag) {
		switch list, several := f.Value.(pflag.SliceValue); {
		case !slices.Contains([]string{"demo", "replay", "resolver", "nameserver", "timeout", "deadline", "max-queries"}, f.Name):
		case several:
			for _, value := range list.GetSlice() {
				args = append(args, "--"+f.Name, value)
			}
		case f.Name == "demo":
			args = append(args, "--demo")
		default:
			args = append(args, "--"+f.Name, f.Value.String())
		}
	})
	return args
}

// formOptions are the forms of changes to choose from.
func formOptions() []interview.Option {
	var list []interview.Option
	for _, f := range zone.Forms {
		list = append(list, interview.Option{Value: f.Name, Text: f.Name, Note: f.Title})
	}
	return list
}

// fullScreen decides how to ask, before anything is drawn: what draws the screen
// looks for a terminal of its own where it is given none.
func (flags *wizardFlags) fullScreen(streams Streams) bool {
	return !flags.plain && streams.Getenv("SENDPLAN_PLAIN") == "" && streams.Getenv("TERM") != "dumb" &&
		term.IsTerminal(streams.In) && term.IsTerminal(streams.Out)
}

// wizard is the world of the interview: one network and the files.
type wizard struct {
	session   *session
	inventory string // its path
	begun     []byte // what it held when the interview began; nil: there was none

	mu    sync.Mutex
	shown map[string]shownFile // what stood where files are to be written, by path
}

var _ interview.World = (*wizard)(nil)

// beginning is where an interview begins.
type beginning struct {
	state interview.State
	text  []byte // of the inventory; nil: there is none
}

// begin reads the inventory or the draft, if there is one.
func (flags *wizardFlags) begin(streams Streams, args []string) (beginning, error) {
	b := beginning{state: interview.State{At: interview.Domains}}
	if err := flags.refuse(); err != nil {
		return b, err
	}
	step, err := interview.Look, error(nil)
	if exists(flags.inventory) {
		b.text, err = readUpTo(flags.inventory, maxInventory)
	}
	switch {
	case err != nil:
		return b, usageError("", "-i: %v", err)
	case flags.resume:
		step, b.state.Draft, err = readDraft(draftOf(flags.inventory))
	case b.text != nil:
		b.state.Draft, err = parseInventory(streams, flags.inventory, b.text)
	}
	if err != nil {
		return b, err
	}
	b.state, err = flags.about(b.state, step, args)
	return b, err
}

// refuse says why the wizard cannot begin where it is told to: what is there is
// neither written over nor left aside unasked.
func (flags *wizardFlags) refuse() error {
	path, draft := flags.inventory, draftOf(flags.inventory)
	resume := interview.State{Path: path, Args: flags.also}.Resume()
	switch {
	case path == "-" || path == "":
		return usageError("name a file with -i", "the wizard reads and writes the inventory: it cannot be standard input")
	case flags.resume && !exists(draft):
		return usageError("leave --resume out to begin anew", "there is no draft %s to go on with", draft)
	case !flags.resume && exists(draft):
		return usageError("go on with it: "+resume+", or delete it to begin anew", "%s holds what was answered before", draft)
	case !flags.resume && !flags.named && exists(path):
		return usageError("go on with it: "+shell.Line(append([]string{"sendplan", "wizard", "-i", path}, flags.also...)...)+", or name another file with -i", "there is an inventory already: %s", path)
	}
	return nil
}

// about takes the domains to ask about, if they are known, to the step.
func (flags *wizardFlags) about(s interview.State, step interview.Step, args []string) (interview.State, error) {
	var names []string
	for _, arg := range args {
		name, err := parseDomain(arg)
		if err != nil {
			return s, err
		}
		names = append(names, name.String())
	}
	if s.Draft != nil {
		names = slices.Concat(domainNames(s.Draft), names)
	} else if flags.network.demo && len(names) == 0 {
		names = []string{world.Domains()[0].String()}
	}
	if len(names) == 0 {
		return s, nil
	}
	s, err := s.Put(interview.Subject{Of: interview.OfDomains}, interview.Answers{"domains": strings.Join(names, ", ")})
	if mistake := new(interview.Mistake); errors.As(err, &mistake) {
		return s, usageError(mistake.Fix, "%s", mistake.Message)
	}
	s.At = step
	return s, err
}

func domainNames(file *inventory.File) []string {
	var names []string
	for _, d := range file.Domains {
		names = append(names, d.Name.String())
	}
	return names
}

// readDraft reads a draft that the wizard kept.
func readDraft(path string) (interview.Step, *inventory.File, error) {
	text, err := readUpTo(path, maxInventory)
	if err != nil {
		return "", nil, usageError("", "--resume: %v", err)
	}
	const hint = "leave --resume out, and delete the file, to begin anew"
	step, rest, ok := parseDraft(text)
	if !ok {
		return "", nil, usageError(hint, "--resume: the first line of %s does not say where the wizard was", path)
	}
	if _, err := inventory.Parse(text, path, intake.Catalogue); err != nil { // with the file's own line numbers
		return "", nil, usageError(hint, "--resume: %v", err)
	}
	file, err := inventory.Parse(rest, path, intake.Catalogue)
	return step, file, err
}
