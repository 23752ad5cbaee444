package spf

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sendplan/internal/dns"

	blitiri "blitiri.com.ar/go/spf"
	"pgregory.net/rapid"
)

// drawZone draws a zone of five SPF records that lead to each other, with hosts,
// some of which do not exist or fail. No address is in 203.0.113.0/24, and no
// record passes everybody.
func drawZone(t *rapid.T, faults bool) string {
	var b strings.Builder
	target := rapid.SampledFrom([]string{"d.example", "r1.example", "r2.example", "r3.example", "r4.example", "h1.example"})
	host := rapid.SampledFrom([]string{"h1.example", "h1.example", "h2.example", "h3.example", "nx.example"})
	term := rapid.Custom(func(t *rapid.T) string {
		q := rapid.SampledFrom([]string{"", "", "-", "~", "?"}).Draw(t, "qualifier")
		switch rapid.IntRange(0, 8).Draw(t, "kind") {
		case 0, 1, 2:
			return q + "include:" + target.Draw(t, "target")
		case 3:
			return q + "a:" + host.Draw(t, "host")
		case 4:
			return q + "mx"
		case 5:
			return q + "exists:nx.example"
		case 6:
			return q + "a:" + host.Draw(t, "host") + "/28//64"
		case 7:
			return q + fmt.Sprintf("ip6:2001:db8:%x::/48", rapid.IntRange(0, 3).Draw(t, "net"))
		}
		return q + fmt.Sprintf("ip4:192.0.2.%d/28", 16*rapid.IntRange(0, 8).Draw(t, "net"))
	})
	for i, owner := range []string{"d.example.", "r1.example.", "r2.example.", "r3.example.", "r4.example."} {
		terms := rapid.SliceOfN(term, 0, 5).Draw(t, "terms")
		end := rapid.SampledFrom([]string{"-all", "~all", "?all", "", "redirect=" + target.Draw(t, "redirect")}).Draw(t, "end")
		b.WriteString(txt(owner, strings.TrimSpace("v=spf1 "+strings.Join(append(terms, end), " "))))
		fmt.Fprintf(&b, "%s 60 IN MX 10 h%d.example.\n", owner, 1+i%3)
	}
	b.WriteString("h1.example. 60 IN A 192.0.2.1\nh1.example. 60 IN AAAA 2001:db8:1::1\nh2.example. 60 IN A 192.0.2.33\nh3.example. 60 IN AAAA 2001:db8:2::1\n")
	if faults {
		for _, f := range rapid.SliceOfN(rapid.SampledFrom([]string{"r3.example. TXT", "h2.example. A", "r1.example. MX"}), 0, 2).Draw(t, "faults") {
			b.WriteString(";! servfail " + f + "\n")
		}
	}
	return b.String()
}

func drawClient(t *rapid.T) string {
	return rapid.SampledFrom([]string{"192.0.2.1", "192.0.2.20", "192.0.2.33", "192.0.2.100", "203.0.113.1", "2001:db8:1::1", "2001:db8:2::9", "2001:db8:ffff::1"}).Draw(t, "client")
}

// TestTreeAgreesWithEvaluation: what the tree says without a sender holds for
// each message, and a client that no term matches sees all of it.
func TestTreeAgreesWithEvaluation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawZone(t, true)
		z := zones(t, text)
		tree := expand(t, z)
		for _, client := range []string{"203.0.113.1", drawClient(t)} {
			v := evaluate(t, z, client)
			four := netip.MustParseAddr(client).Is4()
			switch {
			case tree.Result == Valid && (v.Result == TempError || v.Result == PermError && four):
				t.Fatalf("%s gets %s, tree %s\n%s\n%s", client, v.Result, tree.Result, text, storyOf(v))
			case v.Lookups > tree.Lookups && !tree.Partial, four && v.Voids > tree.Voids4 && !tree.PartialVoids:
				t.Fatalf("%s: %d lookups, %d voids, tree %+v\n%s", client, v.Lookups, v.Voids, tree.Counts, text)
			}
		}
		v := evaluate(t, z, "203.0.113.1")
		// With a failure and an error, what comes first decides.
		mixed := slices.ContainsFunc(tree.Problems, func(p Problem) bool { return p.Kind == ProblemUnanswered })
		if got := v.Result == PermError; got != (tree.Result == PermanentErr) && !mixed {
			t.Fatalf("%s, tree %s %s\n%s\n%s", v.Result, tree.Result, problems(tree), text, storyOf(v))
		}
		if tree.Result == Valid && v.Lookups != tree.Lookups {
			t.Fatalf("%d lookups, tree %d\n%s", v.Lookups, tree.Lookups, text)
		}
	})
}

// TestAuthorizedAgreesWithEvaluation: a client that passes is in a network that
// the tree lists.
func TestAuthorizedAgreesWithEvaluation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawZone(t, false)
		z := zones(t, text)
		client := netip.MustParseAddr(drawClient(t))
		v := evaluate(t, z, client.String())
		covers := func(g Grant) bool { return g.Prefix.Contains(client) }
		if v.Result == Pass && !slices.ContainsFunc(expand(t, z).Authorized().Grants, covers) {
			t.Fatalf("%s passes, but is in no network\n%s", client, text)
		}
	})
}

// TestAgainstBlitiri asks another implementation for a second opinion, without
// the void limit, which it counts differently.
func TestAgainstBlitiri(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawZone(t, true)
		z := zones(t, text)
		client := drawClient(t)
		v := Evaluate(context.Background(), z, Query{IP: netip.MustParseAddr(client), MailFrom: "user@d.example", Helo: "mail.d.example", Limits: Limits{Voids: -1}})
		if strings.Contains(text, "servfail") && netip.MustParseAddr(client).Is6() {
			return // it asks for both families at once, and sees a failure of the other
		}
		got, _ := blitiri.CheckHostWithSender(net.ParseIP(client), "mail.d.example", "user@d.example",
			blitiri.WithResolver(netResolver{z}), blitiri.OverrideVoidLookupLimit(1000))
		if string(got) != string(v.Result) {
			t.Fatalf("%s: %s, the other says %s\n%s\n%s", client, v.Result, got, text, storyOf(v))
		}
	})
}

// netResolver gives a Resolver the shape of package net.
type netResolver struct{ r dns.Resolver }

func (n netResolver) lookup(name string, t dns.Type) (dns.Answer, error) {
	d, err := dns.RawName(name)
	if err != nil {
		return dns.Answer{}, &net.DNSError{Err: err.Error(), IsNotFound: true}
	}
	a, err := n.r.Lookup(context.Background(), d, t)
	if err != nil {
		return a, &net.DNSError{Err: err.Error(), IsTemporary: true}
	}
	if a.Void() {
		return a, &net.DNSError{Err: "no such host", IsNotFound: true}
	}
	return a, nil
}

func (n netResolver) LookupTXT(_ context.Context, name string) ([]string, error) {
	a, err := n.lookup(name, dns.TypeTXT)
	return texts(a), err
}

func (n netResolver) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	a, err := n.lookup(name, dns.TypeMX)
	hosts, _ := mxHosts(a)
	var mxs []*net.MX
	for _, h := range hosts {
		mxs = append(mxs, &net.MX{Host: h.String()})
	}
	return mxs, err
}

func (n netResolver) LookupIPAddr(_ context.Context, host string) ([]net.IPAddr, error) {
	var ips []net.IPAddr
	var last error
	for _, t := range []dns.Type{dns.TypeA, dns.TypeAAAA} {
		a, err := n.lookup(host, t)
		for _, ip := range addrs(a) {
			ips = append(ips, net.IPAddr{IP: ip.AsSlice()})
		}
		if e, ok := err.(*net.DNSError); ok && (last == nil || e.IsTemporary) {
			last = err
		}
	}
	if e, ok := last.(*net.DNSError); ok && (e.IsTemporary || len(ips) == 0) {
		return nil, last
	}
	return ips, nil
}

func (n netResolver) LookupAddr(context.Context, string) ([]string, error) {
	return nil, &net.DNSError{Err: "no such host", IsNotFound: true}
}
