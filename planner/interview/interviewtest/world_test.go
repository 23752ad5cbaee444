package interviewtest

import (
	"context"
	"errors"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/survey"
	"sendplan/planner/interview"
)

func TestStates(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]struct {
		state                   func(testing.TB) interview.State
		domains, sites, devices int
	}{
		"office":  {Office, 1, 1, 3},
		"failing": {Failing, 1, 1, 3},
		"many":    {Many, 8, 12, 40},
		"long":    {Long, 3, 3, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := make.state(t)
			if len(s.Domains) != make.domains || len(s.Found.Reports) != make.domains {
				t.Errorf("%d domains, %d reports, want %d", len(s.Domains), len(s.Found.Reports), make.domains)
			}
			if len(s.Draft.Sites) != make.sites || len(s.Draft.Devices) != make.devices {
				t.Errorf("%d sites, %d devices", len(s.Draft.Sites), len(s.Draft.Devices))
			}
			for _, r := range s.Found.Reports {
				if !r.Domain.Exists() {
					t.Errorf("%s does not exist", r.Domain.Name)
				}
				if name == "failing" != (r.Domain.Exchange.MX.Err != nil) {
					t.Errorf("MX of %s: %v", r.Domain.Name, r.Domain.Exchange.MX.Err)
				}
			}
		})
	}
}

func TestDead(t *testing.T) {
	t.Parallel()
	w := Dead(t)
	var last survey.Progress
	found := w.Look(context.Background(), []dns.Name{"nordwind.example"}, false, func(p survey.Progress) { last = p })
	if last.Err == nil || last.Err.Server != Server || last.Err.Cause != dns.Timeout {
		t.Errorf("the last answer is %+v", last)
	}
	if !found.Reports[0].Unknown() {
		t.Error("a dead resolver gives verdicts")
	}
}

// Held answers come one by one, and all end with the context.
func TestGate(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Gate = make(chan struct{})
	ctx, cancel := context.WithCancel(context.Background())
	seen := make(chan survey.Progress, 1000)
	done := make(chan interview.Found)
	go func() {
		done <- w.Look(ctx, []dns.Name{"nordwind.example"}, false, func(p survey.Progress) { seen <- p })
	}()
	w.Gate <- struct{}{}
	if p := <-seen; p.Answered != 1 || p.Err != nil {
		t.Errorf("after one answer: %+v", p)
	}
	cancel()
	if found := <-done; !found.Reports[0].Unknown() {
		t.Error("what was not answered is known")
	}
}

func TestDesk(t *testing.T) {
	t.Parallel()
	w, s := New(t), Office(t)
	pieces, err := w.Prepare(context.Background(), s, interview.Answers{"forms": "panel, bind"})
	if err != nil || len(pieces) != 3 || pieces[0].Exists {
		t.Fatalf("%v, %+v", err, pieces)
	}
	if err := w.Write(pieces); err != nil || len(w.Files()) != 3 {
		t.Fatalf("%v, %q", err, w.Files())
	}
	if again, err := w.Prepare(context.Background(), s, nil); err != nil || !again[0].Exists || !again[0].Same {
		t.Errorf("%v, %+v", err, again)
	}
	if w.Write(pieces) == nil {
		t.Error("what appeared since is written over")
	}
	if path, err := w.Keep(s); err != nil || path != KeptAt || w.Kept() != officeText {
		t.Errorf("kept %q at %q: %v", w.Kept(), path, err)
	}
	if err := w.Drop(); err != nil || w.Kept() != "" {
		t.Errorf("dropped: %v, %q", err, w.Kept())
	}
	w.Broken = errors.New("the disk is full")
	if _, err := w.Keep(s); !errors.Is(err, w.Broken) {
		t.Errorf("a broken desk keeps: %v", err)
	}
}
