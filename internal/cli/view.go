package cli

import (
	"maps"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"sendplan/internal/check"
	"sendplan/internal/dns"
)

// view says where the public view of a domain is found. Its zero value leaves
// that to the delegations.
type view struct {
	public      []string
	nameservers []string
}

func (v *view) flags(f *pflag.FlagSet) {
	f.StringArrayVar(&v.public, "public", nil, "where the given resolver shows an inside view, judge that of this `RESOLVER`, such as https://dns.example/dns-query; may be repeated (default: ask the public name servers)")
	v.placeFlag(f)
}

// placeFlag is the option for commands that always look at the public view.
func (v *view) placeFlag(f *pflag.FlagSet) {
	f.StringArrayVar(&v.nameservers, "nameserver", nil, "reach an authoritative server at another address than the DNS says, `NS=ADDR[:PORT]`; may be repeated")
}

// given reports whether an option was used.
func (v *view) given() bool { return len(v.public)+len(v.nameservers) > 0 }

// trusted returns the resolver for the public view, nil if none was named.
func (n *network) trusted() (*dns.Client, error) {
	if len(n.view.public) == 0 {
		return nil, nil
	}
	servers, err := parseServers("--public", n.view.public)
	if err != nil {
		return nil, err
	}
	return n.clientOf(servers)
}

// parseServers reads the resolvers that an option names.
func parseServers(option string, texts []string) ([]dns.Server, error) {
	var servers []dns.Server
	for _, text := range texts {
		server, err := dns.ParseServer(text)
		if err != nil {
			return nil, usageError("write it as "+dns.ServerForms, "%s: %v", option, err)
		}
		servers = append(servers, server)
	}
	return servers, nil
}

// parsePlaces reads where authoritative servers are reached.
func parsePlaces(texts []string) (dns.Places, error) {
	const hint = "write it as ns1.contoso.com=192.0.2.1 or ns1.contoso.com=192.0.2.1:5353"
	places := make(dns.Places)
	for _, text := range texts {
		host, addr, ok := strings.Cut(text, "=")
		name, err := dns.ParseName(host)
		if !ok || err != nil {
			return nil, usageError(hint, "--nameserver %q: expected the name of a server, = and its address", text)
		}
		server, err := dns.ParseServer(addr)
		if err != nil || server.Transport != dns.UDP {
			return nil, usageError(hint, "--nameserver %q: %q is no address", text, addr)
		}
		places[name] = server.Addr
	}
	return places, nil
}

// What a recording keeps of the view, because it decides what is asked.
const (
	metaPublic      = "public"
	metaNameservers = "nameservers"
)

// keepView puts what decides the view into a recording.
func (s *session) keepView(meta map[string]string) {
	if s.public {
		meta[metaPublic] = "yes"
	}
	var places []string
	for _, host := range slices.Sorted(maps.Keys(s.places)) {
		places = append(places, host.String()+"="+s.places[host].String())
	}
	if places != nil {
		meta[metaNameservers] = strings.Join(places, " ")
	}
}

// restoreView reads what keepView kept.
func (s *session) restoreView(meta map[string]string) (err error) {
	s.public = meta[metaPublic] != ""
	s.places, err = parsePlaces(strings.Fields(meta[metaNameservers]))
	return err
}

// applyView tells the judgement what the session knows of the public view.
func (s *session) applyView(o *check.Options) { o.Public, o.Nameservers = s.public, s.places }
