package answer

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"licet/internal/ledger"
	"licet/internal/lookup"
	"licet/internal/wording"
	"licet/license"
)

// A Search asks for licenses by what the lookup knows, on a day, as known at an
// instant.
type Search struct {
	lookup.Query                 // without Status; On is also the day of what is answered
	Any          string          // an id, a number, an NPI or a name, whichever it looks like
	Status       string          // a status on the day, in a board's words or as a code
	Known        license.Instant // "" everything recorded
}

// A SearchPage is a part of what a search found.
type SearchPage struct {
	Items   []Item
	Total   int64
	AtLeast bool   // there may be more than Total
	Match   string // in which way names fit: as written, in part, nearly
	Next    string
	On      license.Day // the day of all items; "" each board's own, of the as-of
	AsOf    AsOf
	Now     license.Instant
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

	Automatic   bool     // an order of a contract is in force
	Waits       bool     // contracts have still to do something about it
	Undescribed bool     // no file told of its issue or of a term
	codes       []string // of the standing
}

// Search finds licenses, and reads from their records how each stands.
func (r *Registry) Search(ctx context.Context, q Search) (*SearchPage, error) {
	codes, err := r.status(&q)
	if err != nil {
		return nil, err
	}
	found, err := r.find(ctx, q)
	if qe := (*lookup.QueryError)(nil); errors.As(err, &qe) {
		return nil, problem("bad-"+qe.Code, "%s", qe.Detail)
	}
	if errors.Is(err, lookup.ErrBusy) {
		return nil, problem("busy", "Too many searches wait; ask again in a moment. A whole license number is answered at any time.")
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
		return nil, problem("known-later", "Nothing is known yet of %s: the newest block is of %s.", q.Known, at.Time)
	}
	p := &SearchPage{Total: found.Total, AtLeast: found.AtLeast, Match: found.Match, Next: found.Next, On: found.On, AsOf: at, Now: r.legalNow(s)}
	if p.On == "" {
		p.On = q.On
	}
	l := lister{State: s, on: p.On, known: q.Known, at: at, registry: r}
	for _, row := range found.Rows {
		it, err := l.item(row)
		if err != nil {
			return nil, err
		}
		if q.Known == "" || len(codes) == 0 || it.has(codes) {
			p.Items = append(p.Items, it)
		}
	}
	if q.Known != "" && len(codes) > 0 {
		p.Total, p.AtLeast = int64(len(p.Items)), p.Next != ""
	}
	return p, nil
}

// status puts the codes of the status that is asked for into the query. As known
// at an earlier instant only the records tell, a page at a time.
func (r *Registry) status(q *Search) (codes []string, err error) {
	if strings.TrimSpace(q.Status) == "" {
		return nil, nil
	}
	if codes, err = r.codesOf(q.Status); err != nil {
		return nil, err
	}
	if q.On == "" {
		if q.DefaultOn, err = r.today(&q.Query); err != nil {
			return nil, err
		}
	}
	if q.Known == "" {
		q.Query.Status = codes
	}
	return codes, nil
}

// today is the legal day of the newest block: of the board that is asked about, or
// of the only one there is; else UTC's.
func (r *Registry) today(q *lookup.Query) (license.Day, error) {
	s, err := r.state()
	if err != nil {
		return "", err
	}
	defer s.Release()
	board, _, named := strings.Cut(q.Profession, ".")
	if !named {
		ids, err := s.IDs(license.KindBoard, "", 2)
		if err != nil {
			return "", err
		}
		if board = ""; len(ids) == 1 {
			board = ids[0]
		}
	}
	var c license.Calendar
	_, err = s.Record(license.KindCalendar, board, &c)
	return c.Day(s.Head.Time), err
}

// find asks the lookup for each thing that what was typed may be, until one finds
// something.
func (r *Registry) find(ctx context.Context, q Search) (found lookup.Page, err error) {
	readings, err := r.readings(&q)
	if err != nil {
		return found, err
	}
	var first *lookup.Page
	for i, reading := range readings {
		p, err := r.Lookup.Search(ctx, reading)
		if err != nil {
			var qe *lookup.QueryError
			if errors.As(err, &qe) && i+1 < len(readings) {
				continue // a cursor is of one reading only, and one may be no number at all
			}
			return p, err
		}
		if p.Total > 0 || p.Next != "" || q.Cursor != "" {
			return p, nil
		}
		if first == nil {
			first = &p
		}
	}
	return *first, nil
}

// readings are what was typed into one field may mean, the likeliest first: an id;
// with a digit in it a number, an NPI, a name with a number, a name; else a name.
func (r *Registry) readings(q *Search) (out []lookup.Query, err error) {
	typed := strings.TrimSpace(q.Any)
	as := func(set func(*lookup.Query)) {
		with := q.Query
		set(&with)
		out = append(out, with)
	}
	if typed == "" {
		return []lookup.Query{q.Query}, nil
	}
	id, err := r.isID(typed)
	switch {
	case err != nil:
		return nil, err
	case id:
		as(func(l *lookup.Query) { l.ID = typed })
		return out, nil
	case !strings.ContainsAny(typed, "0123456789"):
		as(func(l *lookup.Query) { l.Name = typed })
		return out, nil
	}
	as(func(l *lookup.Query) { l.Number = typed })
	if license.FitsNPI(typed) {
		as(func(l *lookup.Query) { l.NPI = typed })
	}
	if number, name := apart(typed); name != "" {
		if number != "" {
			as(func(l *lookup.Query) { l.Number, l.Name = number, name })
		}
		as(func(l *lookup.Query) { l.Name = typed })
	}
	return out, nil
}

// apart parts "Lee 041000001" into the number and the words. Without words it is
// no name.
func apart(typed string) (number, name string) {
	var words []string
	numbers := 0
	for _, w := range strings.Fields(typed) {
		switch digits := strings.ContainsFunc(w, unicode.IsDigit); {
		case digits:
			number, numbers = w, numbers+1
		case strings.ContainsFunc(w, unicode.IsLetter):
			words = append(words, w)
		}
	}
	if numbers != 1 {
		number = ""
	}
	return number, strings.Join(words, " ")
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
	on       license.Day // "" each board's own
	known    license.Instant
	at       AsOf
	registry *Registry
}

func (l *lister) context(id license.ID) (*Context, error) {
	c, _, err := l.registry.context(l.State, id)
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
	rec, err := v.recordAt(row.ID, l.known)
	if err != nil {
		return it, err
	}
	if rec == nil {
		it.NotKnown, it.Answer = true, wording.NotKnown
		return it, nil
	}
	it.CopiedDay, it.Undescribed = rec.Copied, wording.IsUndescribed(rec)
	on := l.on
	if on == "" {
		on = c.Calendar.Day(l.at.Time)
	}
	it.Standing, err = v.standing(rec, on)
	it.Answer = wording.Authority(it.Standing)
	it.Automatic = slices.ContainsFunc(it.Standing.Orders, func(o license.OrderStanding) bool { return o.InForce && o.Contract != "" })
	it.Waits = rec.Counts.Pending > 0 || l.known == "" && c.Board.Days.Waits(row.ID, c.Calendar.Day(l.at.Time))
	it.codes = lookup.StatusCodes(&it.Standing)
	return it, err
}

// AskedBy returns the context of a request, with the address that it came from:
// searches take turns by it.
func AskedBy(r *http.Request) context.Context {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	return lookup.AskedBy(r.Context(), host)
}
