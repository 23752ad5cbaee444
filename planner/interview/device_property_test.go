package interview_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendplan/internal/inventory"
	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

const commentedDevices = `# ours
version: 1
tenant: {outbound: direct, reject_direct_send: false}
sites: [{name: hq, addresses: [203.0.113.10], static: true, shared: false, port25: open}, {name: branch, static: false}]
domains: [{name: nordwind.example}]
devices:
  # on the second floor
  - name: scanner # Ricoh
    kind: scanner # they say
    site: HQ # by the stairs
    now: smtp-auth # till December
    from: # two
      - scan@nordwind.example # the first
      - Scan2@bücher.example # the other
    recipients: unknown # ask them
    helo: scanner.nordwind.example # in the menu
    note: it beeps # really
  - {name: mx1, kind: relay, site: hq, method: own-server, from: ["*@nordwind.example"]} # in the rack
  - name: ups # APC
    now: via:mx1 # port 25
    method: via:mx1 # stays
    kind: other # no idea
    auth: none # too old
    tls: "1.0" # very old
    per_day: 7 # at most
# the end
`

func deviceStates(t *testing.T) *rapid.Generator[interview.State] {
	commented := withDraft(t, commentedDevices)
	found := learnt(t, interviewtest.New(t), commented, "nordwind.example")
	return rapid.SampledFrom([]interview.State{commented, found, withDraft(t, relayText), interviewtest.Failing(t), interviewtest.Long(t)})
}

func deviceNames(s interview.State) []string {
	var list []string
	for _, d := range s.Draft.Devices {
		list = append(list, d.Name)
	}
	return list
}

// A form that is taken as it is changes nothing, whatever fields it does not ask
// about: only a method that was not decided is proposed.
func TestDeviceFormTakenAsItIs(t *testing.T) {
	t.Parallel()
	states := deviceStates(t)
	rapid.Check(t, func(t *rapid.T) {
		s := states.Draw(t, "state")
		name := rapid.SampledFrom(deviceNames(s)).Draw(t, "device")
		d, _ := s.Draft.Device(name)
		given := interview.Answers{"method": string(d.Method)}
		for _, q := range s.Questions(aboutDevice(name), given) {
			if rapid.Bool().Draw(t, "type "+string(q.ID)) {
				given[q.ID] = q.Answer
			}
		}
		next, err := s.Put(aboutDevice(name), given)
		if err != nil {
			t.Fatalf("%v: %v", given, err)
		}
		if got, want := string(next.Draft.Bytes()), string(s.Draft.Bytes()); got != want {
			t.Fatalf("%v:\n%s\nwas\n%s", given, got, want)
		}
	})
}

// Whatever is answered is taken and stands, or is a mistake and changes nothing.
// Other devices stay as they are, and so do fields that nobody asks about.
func TestDeviceForms(t *testing.T) {
	t.Parallel()
	states := deviceStates(t)
	rapid.Check(t, func(t *rapid.T) {
		s := states.Draw(t, "state")
		about := aboutDevice(rapid.SampledFrom(append(deviceNames(s), "")).Draw(t, "device"))
		given := answeredDevice(t, s, about)
		next, ok := puts(t, s, about, given)
		if !ok {
			return
		}
		i := slices.Index(deviceNames(s), about.Name)
		checkOthers(t, s, next, i)
		if i < 0 {
			i = len(s.Draft.Devices)
		}
		checkTakenAgain(t, next, next.Draft.Devices[i])
	})
}

// answeredDevice is answered for all questions of a form at once, and for those
// that come up by that: each time that it asks all methods are judged.
func answeredDevice(t *rapid.T, s interview.State, about interview.Subject) interview.Answers {
	given := interview.Answers{}
	for range 2 {
		for _, q := range s.Questions(about, given) {
			pool := slices.Concat(typed, []string{"scan@nordwind.example", "via:mx1", "relay:brevo"})
			if len(q.Options) > 0 {
				pool = pool[:2]
			}
			for _, o := range q.Options {
				pool = append(pool, o.Value)
			}
			if _, ok := given[q.ID]; !ok && rapid.IntRange(0, 2).Draw(t, "answer it") == 0 {
				given[q.ID] = rapid.SampledFrom(pool).Draw(t, string(q.ID))
			}
		}
	}
	return given
}

// checkOthers finds devices beside one that have changed, but for its name in
// them.
func checkOthers(t *rapid.T, before, after interview.State, changed int) {
	for i, want := range before.Draft.Devices {
		got := after.Draft.Devices[i]
		if i == changed {
			want.Name, want.Kind, want.Site, want.Method, want.Now, want.From = got.Name, got.Kind, got.Site, got.Method, got.Now, got.From
			want.Recipients, want.Auth, want.TLS, want.HTTPS, want.PerDay = got.Recipients, got.Auth, got.TLS, got.HTTPS, got.PerDay
		} else if changed >= 0 {
			named := inventory.Method("via:" + before.Draft.Devices[changed].Name)
			for _, m := range []*inventory.Method{&want.Method, &want.Now} {
				if strings.EqualFold(string(*m), string(named)) && before.Draft.Devices[changed].Name != after.Draft.Devices[changed].Name {
					*m = inventory.Method("via:" + after.Draft.Devices[changed].Name)
				}
			}
		}
		if got.Name != want.Name || got.Method != want.Method || got.Now != want.Now || got.HELO != want.HELO || got.Note != want.Note || !slices.Equal(got.From, want.From) {
			t.Fatalf("device %d is\n%+v, was\n%+v", i, got, want)
		}
	}
}

func checkTakenAgain(t *rapid.T, s interview.State, d inventory.Device) {
	after := string(s.Draft.Bytes())
	again, err := s.Put(aboutDevice(d.Name), interview.Answers{"method": string(d.Method)})
	if err != nil {
		t.Fatalf("taken again: %v", err)
	}
	if got := string(again.Draft.Bytes()); got != after {
		t.Fatalf("taken again:\n%s\nwas\n%s", got, after)
	}
}

// Comments stay where values change to others, or to not known.
func TestDeviceComments(t *testing.T) {
	t.Parallel()
	s := withDraft(t, commentedDevices)
	next := put(t, s, aboutDevice("scanner"), interview.Answers{
		"name": "scan", "kind": "nas", "site": "branch", "now": "direct-send", "from": "Scan2@bücher.example", "recipients": "internal", "auth": "basic", "method": "hve",
	})
	next = put(t, next, aboutDevice("mx1"), interview.Answers{"name": "smarthost", "from": ""})
	next = put(t, next, aboutDevice("ups"), interview.Answers{"auth": "", "tls": "", "per_day": "8", "now": "own-server", "method": "own-server"})
	const lost = " # the first" // it went with its address
	for _, line := range strings.Split(commentedDevices, "\n") {
		if i := strings.Index(line, "# "); i >= 0 && !strings.HasSuffix(line, lost) && !strings.Contains(string(next.Draft.Bytes()), line[i:]) {
			t.Errorf("%q is lost:\n%s", line[i:], next.Draft.Bytes())
		}
	}
}
