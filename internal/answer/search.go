package answer

import (
	"context"
	"errors"
	"strings"

	"licet/internal/ledger"
	"licet/internal/lookup"
	"licet/internal/wording"
	"licet/license"
)

// A Search asks for licenses by what the lookup knows, on a day, as known at an
// instant.
type Search struct {
	lookup.Query
	Any   string // an id, a number or a name, whichever it looks like
	On    license.Day
	Known license.Instant
}

// A SearchPage is a part of what a search found.
type SearchPage struct {
	Items []Item
	Total int64
	Next  string
	AsOf  AsOf
	Now   license.Instant
}

// An Item is one license of a search. Its standing is computed from the record.
type Item struct {
	lookup.Row
	BoardName string
	Title     string // of the profession
	Standing  license.Standing
	Answer    string      // "may practice", …
	NotKnown  bool        // not known to the network then
	CopiedDay license.Day // of the newest file that it was copied from; "" decided here
}

// Search finds licenses, and reads from their records how each stands.
func (r *Registry) Search(ctx context.Context, q Search) (*SearchPage, error) {
	if err := r.spread(&q); err != nil {
		return nil, err
	}
	found, err := r.Lookup.Search(ctx, q.Query)
	if qe := (*lookup.QueryError)(nil); errors.As(err, &qe) {
		return nil, problem("bad-"+qe.Code, "%s", qe.Detail)
	}
	if err != nil {
		return nil, err
	}
	s, at, err := r.stateOf(found.At)
	if err != nil {
		return nil, err
	}
	defer s.Release()
	if q.Known > at.Time {
		return nil, problem("known-later", "Nothing is known yet of %s: the newest block is of %s.", wording.Moment(q.Known, nil), wording.Moment(at.Time, nil))
	}
	p := &SearchPage{Total: found.Total, Next: found.Next, AsOf: at, Now: r.legalNow(s)}
	l := lister{State: s, q: &q, at: at, contexts: map[string]*Context{}}
	for _, row := range found.Rows {
		it, err := l.item(row)
		if err != nil {
			return nil, err
		}
		p.Items = append(p.Items, it)
	}
	return p, nil
}

// spread puts what was typed into one field where it belongs: an id, something
// with a digit in it as a number, else a name.
func (r *Registry) spread(q *Search) error {
	any := strings.TrimSpace(q.Any)
	if any == "" {
		return nil
	}
	id, err := r.isID(any)
	switch {
	case err != nil:
		return err
	case id:
		q.ID = any
	case strings.ContainsAny(any, "0123456789"):
		q.Number = any
	default:
		q.Name = any
	}
	return nil
}

// isID says whether s is an id of a profession that is here. A number with dots
// in it, 036.000.102, is written like an id too.
func (r *Registry) isID(s string) (bool, error) {
	id, err := license.ParseID(s)
	if err != nil {
		return false, nil
	}
	state, err := r.state()
	if err != nil {
		return false, err
	}
	defer state.Release()
	v, err := state.Value(license.KindProfession, id.ProfessionID())
	return v != nil, err
}

// stateOf returns the state at the lookup's position, or, when it is not kept any
// more, the newest one; the answer is then still as of the lookup's position.
func (r *Registry) stateOf(p lookup.Position) (*ledger.State, AsOf, error) {
	s, err := r.Ledger.StateAt(p.Size)
	if err == nil {
		return s, asOf(s), nil
	}
	if s, err = r.state(); err != nil {
		return nil, AsOf{}, err
	}
	return s, AsOf{p.Block, p.Time, p.Size}, nil
}

// A lister reads how the found licenses stand.
type lister struct {
	*ledger.State
	q        *Search
	at       AsOf
	contexts map[string]*Context // by profession
}

func (l *lister) context(id license.ID) (*Context, error) {
	if c := l.contexts[id.ProfessionID()]; c != nil {
		return c, nil
	}
	c := new(Context)
	_, err := c.read(l.State, id)
	l.contexts[id.ProfessionID()] = c
	return c, err
}

func (l *lister) item(row lookup.Row) (Item, error) {
	it := Item{Row: row}
	c, err := l.context(license.ID{Board: row.Board, Profession: row.Profession, Number: row.Number})
	if err != nil {
		return it, err
	}
	it.BoardName, it.Title = c.Board.Name, c.Profession.Title
	v := view{l.State, c}
	rec, err := v.recordAt(row.ID, l.q.Known)
	if err != nil {
		return it, err
	}
	if rec == nil {
		it.NotKnown, it.Answer = true, wording.NotKnown
		return it, nil
	}
	it.CopiedDay = rec.Copied
	on := l.q.On
	if on == "" {
		on = c.Calendar.Day(l.at.Time)
	}
	it.Standing, err = v.standing(rec, on)
	it.Answer = wording.Authority(it.Standing)
	return it, err
}
