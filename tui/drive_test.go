package tui

import (
	"context"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"sendplan/planner/interview"
)

// driver is a person at the wizard. It runs what the model asks for, and goes on
// when all has come to rest. It lives in a bubble: ticks come when it lets time
// pass, and only then.
type driver struct {
	t       testing.TB
	m       model
	arrived chan tea.Msg
	quit    bool
	pressed int      // keys, but for those of texts
	way     []string // by which it came here, for messages
}

// drive begins an interview on a terminal of that size and hands it to play.
func drive(t *testing.T, play func(d *driver), begin func() (interview.State, interview.World), size ...int) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		defer func() {
			cancel()
			time.Sleep(time.Second) // the last ticks
		}()
		s, w := begin()
		d := &driver{t: t, m: newModel(ctx, s, w, newStyles(renderer(Options{Out: io.Discard}))), arrived: make(chan tea.Msg, 4096)}
		if size == nil {
			size = []int{80, 24}
		}
		d.send(sized(size[0], size[1]))
		play(d)
	})
}

// send gives the model a message and waits until all has come to rest.
func (d *driver) send(msg tea.Msg) {
	d.take(msg)
	d.settle()
}

func (d *driver) take(msg tea.Msg) {
	if msg == nil {
		return
	}
	if _, ok := msg.(tea.QuitMsg); ok {
		d.quit = true
		return
	}
	if batch, ok := msg.(tea.BatchMsg); ok {
		for _, cmd := range batch {
			d.start(cmd)
		}
		return
	}
	next, cmd := d.m.update(msg)
	d.m = next
	d.start(cmd)
}

func (d *driver) start(cmd tea.Cmd) {
	if cmd != nil {
		go func() { d.arrived <- cmd() }()
	}
}

func (d *driver) settle() {
	for {
		synctest.Wait()
		select {
		case msg := <-d.arrived:
			d.take(msg)
		default:
			return
		}
	}
}

// pass lets time pass, tick by tick.
func (d *driver) pass(span time.Duration) {
	for ; span > 0; span -= tick {
		time.Sleep(tick)
		d.settle()
	}
}

// keyNamed is a key as [tea.KeyMsg] prints it.
func keyNamed(name string) tea.KeyMsg {
	for k := tea.KeyType(-200); k < 200; k++ {
		if k != tea.KeyRunes && (tea.KeyMsg{Type: k}).String() == name {
			return tea.KeyMsg{Type: k, Runes: map[bool][]rune{true: {' '}}[k == tea.KeySpace]}
		}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}
}

// press presses keys, by their names.
func (d *driver) press(names ...string) {
	for _, name := range names {
		d.pressed++
		d.send(keyNamed(name))
	}
}

// write types a text.
func (d *driver) write(text string) {
	for _, r := range text {
		d.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
	}
}

// screen is what is seen, without colours.
func (d *driver) screen() string { return ansi.Strip(d.m.View()) }

// sees fails the test unless all of that is on the screen.
func (d *driver) sees(texts ...string) {
	d.t.Helper()
	flat := strings.Join(strings.Fields(d.screen()), " ")
	for _, text := range texts {
		if !strings.Contains(flat, text) {
			d.t.Fatalf("%q is not on the screen:\n%s", text, d.screen())
		}
	}
}

// at fails the test unless the interview stands at a step.
func (d *driver) at(s interview.Step) {
	d.t.Helper()
	if d.m.state.At != s {
		d.t.Fatalf("at %s, not at %s:\n%s", d.m.state.At, s, d.screen())
	}
}

func sized(w, h int) tea.WindowSizeMsg { return tea.WindowSizeMsg{Width: w, Height: h} }
