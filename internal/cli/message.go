package cli

import (
	"context"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"sendplan/internal/dns"
	"sendplan/internal/message"
	"sendplan/internal/world"
)

// messageFlags are the options of "sendplan message", as typed.
type messageFlags struct {
	network  network
	output   output
	hop      int
	ip       string
	helo     string
	mailFrom string
	authserv string
}

func newMessage(streams Streams) *cobra.Command {
	var flags messageFlags
	c := &cobra.Command{
		Use:   "message FILE|-",
		Short: "judge a message as it was received: SPF, DKIM, DMARC",
		Long: `message reads a message as it was received, with its whole header (.eml, or "-" for standard input), and says what SPF,
DKIM and DMARC make of it by the DNS of today, beside what the servers on its way wrote down.

SPF is about the hop that brought the message into the receiving organisation. Which one that is cannot be read from a
message for certain; it is shown with the reason, and --hop, or --ip, --helo and --mail-from, name another.

With --demo and no FILE it judges a message of the embedded world.`,
		Example: `  sendplan message invoice.eml
  sendplan message --hop 3 invoice.eml
  sendplan message --ip 192.0.2.10 --mail-from scan@contoso.com - < invoice.eml
  sendplan message --demo`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return flags.run(c.Context(), streams, args) },
	}
	f := c.Flags()
	flags.network.flags(f)
	flags.output.flags(f)
	f.IntVar(&flags.hop, "hop", 0, "take the client from Received field `N`, counted from the top (default: found)")
	f.StringVar(&flags.ip, "ip", "", "address of the client that handed the message over (default: found)")
	f.StringVar(&flags.helo, "helo", "", "HELO or EHLO name of that client (default: found)")
	f.StringVar(&flags.mailFrom, "mail-from", "", `MAIL FROM address, "<>" for the null sender (default: found)`)
	f.StringVar(&flags.authserv, "authserv-id", "sendplan.invalid", "name of the server in the Authentication-Results field that is printed")
	flags.output.complete(c)
	return c
}

func (flags *messageFlags) run(ctx context.Context, streams Streams, args []string) error {
	opts, err := flags.options()
	if err != nil {
		return err
	}
	format, page, err := flags.output.parse(streams)
	if err != nil {
		return err
	}
	m, err := flags.read(streams, args)
	if err != nil {
		return err
	}
	if flags.hop != 0 {
		if err := m.CheckHop(flags.hop); err != nil {
			return usageError("the hops are numbered from the top of the header", "--hop: %v", err)
		}
	}
	s, err := flags.network.open()
	if err != nil {
		return err
	}
	opts.Date, page.Date = s.date, s.date.Format(dateForm)
	return s.finish(ctx, s.judgeMessage(ctx, m, opts, func(j message.Judgement) error {
		return format.Message(streams.Out, page, j, j.AuthenticationResults(flags.authserv))
	}))
}

func (s *session) judgeMessage(ctx context.Context, m *message.Message, opts message.Options, write func(message.Judgement) error) error {
	gathered, err := s.gatherOne(ctx, func(r dns.Resolver) { message.Look(r, m, opts) })
	if err != nil {
		return err
	}
	j := message.Judge(gathered, m, opts)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := write(j); err != nil {
		return err
	}
	return unless(!j.Unknown())
}

// options checks what does not need the message.
func (flags *messageFlags) options() (message.Options, error) {
	opts := message.Options{Hop: flags.hop, HELO: flags.helo}
	if flags.hop < 0 {
		return opts, usageError("the hops are numbered from the top of the header, from 1", "--hop: there is no hop %d", flags.hop)
	}
	if flags.ip != "" {
		addr, err := netip.ParseAddr(flags.ip)
		if err != nil || addr.Zone() != "" {
			return opts, usageError("write it as 192.0.2.10 or 2001:db8::10", "--ip %q is not an address", flags.ip)
		}
		opts.IP = addr.Unmap()
	}
	if flags.mailFrom != "" {
		sender, err := message.ParseSender(flags.mailFrom)
		if err != nil {
			return opts, usageError(`write it as scan@contoso.com, or "<>" for the null sender`, "--mail-from: %v", err)
		}
		opts.MailFrom = sender
	}
	if name, err := dns.ParseName(flags.authserv); err != nil || name == dns.Root || strings.ContainsAny(flags.authserv, `\;"() `) {
		return opts, usageError("write it as mail.contoso.com", "--authserv-id %q is not the name of a server", flags.authserv)
	}
	return opts, nil
}

// read reads the message named on the command line.
func (flags *messageFlags) read(streams Streams, args []string) (*message.Message, error) {
	data, name, err := flags.load(streams, args)
	if err != nil {
		return nil, err
	}
	m, err := message.Parse(data)
	if err != nil {
		return nil, usageError("name a file that holds one message with its whole header, as .eml", "%s: %v", name, err)
	}
	return m, nil
}

func (flags *messageFlags) load(streams Streams, args []string) (data []byte, name string, err error) {
	switch {
	case len(args) == 0 && flags.network.demo:
		return world.Message(), "the message of the embedded world", nil
	case len(args) == 0:
		return nil, "", usageError("sendplan message invoice.eml, or sendplan message --demo", "name a file that holds a message, or - for standard input")
	case args[0] == "-":
		data, err = readMost(streams.In)
		name = "standard input"
	default:
		name = args[0]
		data, err = readFile(name)
	}
	if err != nil {
		return nil, "", usageError("name a file that holds a message", "%v", err)
	}
	return data, name, nil
}

func readFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := readMost(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %v", path, err)
	}
	return data, nil
}

// readMost reads as much as a message may have, and one octet more.
func readMost(r io.Reader) ([]byte, error) {
	return io.ReadAll(io.LimitReader(r, message.MaxSize+1))
}
