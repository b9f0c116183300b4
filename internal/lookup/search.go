package lookup

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"licet/license"
)

// Bounds say what one page of a search may cost, whatever is asked.
type bounds struct {
	examined int64 // postings that are looked at
	counted  int64 // what was found is counted so far
}

var usualBounds = bounds{examined: 12_000, counted: 1_000}

// joinedCost is what a posting costs whose license, or another posting of it, is
// looked at too.
const joinedCost = 6

// A Row is one license as the copy has it.
type Row struct {
	ID         string
	Board      string
	Profession string // without the board
	Number     string
	Name       string   // the newest; "" withheld
	Others     []string // former names, the newest first; then names under which business is or was done
	City       string
	NPI        string
	Issued     license.Day
	Through    license.Day
	Copied     bool
}

// A Page is a part of what a search found. Licenses come in the order of names;
// those found by the beginning of a word, or in several professions, by that first.
type Page struct {
	Rows    []Row
	Total   int64       // rows on all pages, as the first page counted them
	AtLeast bool        // there may be more than Total
	Match   string      // in which way names fit
	On      license.Day // the day of the status that was asked for; "" none was
	Next    string      // cursor of the next page, "" after the last; a page may be short, or empty, and still have one
	At      Position
}

// Search finds licenses. All of a page is of one position.
func (l *Lookup) Search(ctx context.Context, q Query) (p Page, err error) {
	c, err := q.check()
	if err != nil {
		return p, err
	}
	if !c.exact() {
		if err := l.gate.enter(ctx); err != nil {
			return p, err
		}
		defer l.gate.leave()
	}
	s, err := l.reader(ctx)
	if err != nil {
		return p, err
	}
	defer func() { l.release(s, err != nil) }()
	if done, err := s.quick(ctx, c, &p); err != nil {
		return Page{}, fmt.Errorf("lookup: %w", err)
	} else if done {
		return p, nil
	}
	p = Page{}
	err = s.within(ctx, "BEGIN", func() (err error) {
		if len(c.Status) > 0 {
			p.On = c.On
		}
		if p.At, err = positionIn(ctx, s); err == nil {
			err = s.page(ctx, c, &p, l.bounds)
		}
		return err
	})
	if err != nil {
		return Page{}, fmt.Errorf("lookup: %w", err)
	}
	return p, nil
}

// page tries the ways of reading a name until one finds something; a later page
// goes on in the way of the first.
func (s *session) page(ctx context.Context, q *question, p *Page, b bounds) error {
	professions, some, err := s.professions(ctx, q)
	if err != nil || some && len(professions) == 0 {
		return err
	}
	for way := q.at.Way; way < len(ways); way++ {
		e := &examination{session: s, ctx: ctx, q: q, page: p, start: q.at, bounds: b}
		e.start.Of, e.start.Way = q.of, way
		for _, w := range q.words {
			t, err := s.test(ctx, w, ways[way])
			if err != nil {
				return err
			}
			e.tests = append(e.tests, t)
		}
		if e.from, err = s.source(ctx, q, e.tests, professions, b.examined); err != nil {
			return err
		}
		if err := e.run(some); err != nil {
			return err
		}
		b.examined = e.examined
		if p.Total > 0 || p.Next != "" {
			p.Match = ways[way]
		}
		if !q.first || p.Total > 0 || p.Next != "" || len(q.words) == 0 {
			break
		}
	}
	return nil
}

// professions lists those that profession and jurisdiction leave, in their order.
// some is false when that is all of them.
func (s *session) professions(ctx context.Context, q *question) (ids []string, some bool, err error) {
	board, code, whole := strings.Cut(q.Profession, ".")
	if !whole {
		code = q.Profession
	}
	var where []string
	var args []any
	if q.Jurisdiction != "" {
		var others bool
		if err := s.row(ctx, "SELECT EXISTS (SELECT 1 FROM professions WHERE jurisdiction < ?) OR EXISTS (SELECT 1 FROM professions WHERE jurisdiction > ?)",
			q.Jurisdiction, q.Jurisdiction).Scan(&others); err != nil {
			return nil, false, err
		}
		if others || q.Profession != "" {
			where, args = append(where, "jurisdiction = ?"), append(args, q.Jurisdiction)
		}
	}
	switch {
	case whole:
		where, args = append(where, "id = ?"), append(args, board+"."+code)
	case code != "":
		where, args = append(where, "code = ?"), append(args, code)
	case len(where) == 0:
		return nil, false, nil
	}
	ids, err = s.list(ctx, "SELECT id FROM professions WHERE "+strings.Join(where, " AND "), args...)
	slices.Sort(ids)
	return ids, true, err
}
