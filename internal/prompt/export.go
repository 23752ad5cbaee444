package prompt

import (
	"context"
	"fmt"
	"strings"

	"sendplan/internal/survey"
	"sendplan/planner/interview"
)

// export asks what to write where, shows it, and writes it after a yes.
func (r *session) export() (move, error) {
	if to, err := r.asked(interview.OfExport); to != on || err != nil {
		return to, err
	}
	pieces, err := r.prepare()
	if err != nil {
		if r.ctx.Err() != nil {
			return stay, r.ctx.Err()
		}
		r.out.text("Nothing is written: " + sentences(err.Error()))
		return stay, nil
	}
	r.out.blank()
	for i, p := range pieces {
		r.row(i, piece(p))
	}
	if yes, err := r.confirmed(pieces); err != nil || !yes {
		return stay, err
	}
	return r.writeAll(pieces)
}

// prepare makes what shall be written.
func (r *session) prepare() ([]interview.Piece, error) {
	type made struct {
		pieces []interview.Piece
		err    error
	}
	state := r.state
	got, err := await(r, "Preparing the files.", "", func(ctx context.Context, _ func(survey.Progress)) made {
		pieces, err := r.world.Prepare(ctx, state, state.Export)
		return made{pieces, err}
	})
	if err != nil {
		return nil, err
	}
	return got.pieces, got.err
}

// piece is a piece in words, with what becomes of the file.
func piece(p interview.Piece) string {
	state := "new"
	switch {
	case p.Path == "":
		return strings.TrimSpace(p.What + ": not written. " + sentences(p.Note))
	case p.Same:
		state = "is there and holds the same"
	case p.Exists:
		state = "is there and would be written over"
	}
	return strings.TrimSpace(ended(fmt.Sprintf("%s: %s, %s", p.What, p.Path, state)) + " " + sentences(p.Note))
}

// confirmed asks before anything is written. Where a file is written over, only
// the word itself does it.
func (r *session) confirmed(pieces []interview.Piece) (bool, error) {
	var over []string
	for _, p := range pieces {
		if p.Exists && !p.Same {
			over = append(over, p.Path)
		}
	}
	if len(over) > 0 {
		return r.yes("Write all of it, and write over "+strings.Join(over, ", "), false)
	}
	return r.yes("Write this", true)
}

// writeAll writes the files and says what comes next.
func (r *session) writeAll(pieces []interview.Piece) (move, error) {
	if err := r.world.Write(pieces); err != nil {
		r.out.text("Not finished: " + sentences(err.Error()))
		return stay, nil
	}
	r.written = pieces
	if err := r.world.Drop(); err != nil {
		r.out.text("warning: the draft that was kept could not be taken away: " + err.Error())
	}
	r.out.blank()
	r.out.lines(0, r.state.Farewell(pieces))
	return end, nil
}
