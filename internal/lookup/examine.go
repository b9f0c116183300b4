package lookup

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
)

// An examination goes through the candidates of one source, no further than a
// page may cost.
type examination struct {
	*session
	bounds // what may still be looked at
	ctx    context.Context
	q      *question
	tests  []wordTest
	from   *source
	page   *Page
	start  cursor // where the page before ended
	last   cursor // of the page's last row
	keys   []int64
	total  int64
	full   bool // the page has its rows, and there is another page
}

// run fills the page, and on the first page counts on.
func (e *examination) run(professions bool) error {
	e.last = e.start
	f := e.filter(professions)
	for i := e.from.begun(e.start); i < e.from.parts(); i++ {
		text, args := e.from.part(i, e.start)
		budget := e.examined / f.cost
		if budget < 1 { // the next page begins with this part
			return e.end(true, cursor{Term: e.from.runs[i].first, License: -1})
		}
		if enough, err := e.part(i, f, text, args, budget); err != nil || enough {
			return e.endAfter(err)
		}
		stop := cursor{}
		err := e.row(e.ctx, text+" LIMIT 1 OFFSET ?", append(slices.Clone(args), budget-1)...).Scan(&stop.Term, &stop.Names, &stop.License)
		if err == nil {
			return e.end(true, stop)
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		n, err := e.countIn(e.ctx, text, args, budget)
		if err != nil {
			return err
		}
		e.examined -= max(1, n) * f.cost
	}
	return e.end(false, cursor{})
}

// part goes through one part; enough says that nothing more need be looked at.
func (e *examination) part(i int, f *filter, text string, args []any, budget int64) (enough bool, err error) {
	where, with := f.of(e.from, i)
	args = append(append(slices.Clone(args), budget), with...)
	rows, err := e.query(e.ctx, "SELECT p.term, p.names, p.license FROM ("+text+" LIMIT ?) p"+f.join+where, args...)
	if err != nil {
		return false, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var at cursor
		if err := rows.Scan(&at.Term, &at.Names, &at.License); err != nil {
			return false, err
		}
		if e.fits(&at) && e.take(&at) {
			return true, nil
		}
	}
	return false, rows.Err()
}

// fits checks what SQL only checked roughly: that one name has all the words, and
// that the license was not found before by another word.
func (e *examination) fits(at *cursor) bool {
	if len(e.tests) == 0 {
		return true
	}
	if e.from.word >= 0 {
		t := &e.tests[e.from.word]
		for _, w := range wordsIn(at.Names) {
			if w < at.Term && t.fits(w) {
				return false
			}
		}
	}
	return fitNames(at.Names, e.tests)
}

// take counts a license that fits, and says whether that was enough.
func (e *examination) take(at *cursor) bool {
	if len(e.keys) < e.q.Limit {
		e.keys = append(e.keys, at.License)
		e.last = *at
	} else {
		e.full = true
	}
	e.total++
	return e.full && (!e.q.first || e.total > e.counted)
}

func (e *examination) endAfter(err error) error {
	if err != nil {
		return err
	}
	return e.end(false, cursor{})
}

// end makes the page. stopped says that not all was looked at, and at where.
func (e *examination) end(stopped bool, at cursor) error {
	p, next := e.page, e.last
	p.Total, p.AtLeast = e.start.Total, e.start.AtLeast
	if e.q.first {
		p.Total, p.AtLeast = min(e.total, e.counted), stopped || e.total > e.counted
	}
	if stopped && !e.full {
		next, e.full = at, true
	}
	if e.full {
		next.Of, next.On, next.Way, next.Total, next.AtLeast = e.start.Of, e.start.On, e.start.Way, p.Total, p.AtLeast
		p.Next = next.String()
	}
	return e.fetch()
}

// fetch reads the page's licenses.
func (e *examination) fetch() error {
	for _, k := range e.keys {
		var r Row
		var others string
		if err := e.row(e.ctx, `SELECT id, board, profession, number, name, others, city, npi, issued, through, copied FROM licenses WHERE key = ?`, k).
			Scan(&r.ID, &r.Board, &r.Profession, &r.Number, &r.Name, &others, &r.City, &r.NPI, (*string)(&r.Issued), (*string)(&r.Through), &r.Copied); err != nil {
			return err
		}
		r.Others = linesOf(others)
		e.page.Rows = append(e.page.Rows, r)
	}
	return nil
}

func linesOf(text string) (lines []string) {
	for l := range strings.Lines(text) {
		lines = append(lines, strings.TrimSuffix(l, "\n"))
	}
	return lines
}

// A filter is what of a question the source does not answer, as SQL.
type filter struct {
	join  string
	where []string
	args  []any
	cost  int64 // of one candidate
}

func (f *filter) add(clause string, args ...any) {
	f.where, f.args = append(f.where, clause), append(f.args, args...)
}

func (e *examination) filter(professions bool) *filter {
	f := &filter{cost: 1}
	for i := range e.tests {
		if i != e.from.word {
			f.word(&e.tests[i])
		}
	}
	if e.q.city != "" && e.from.terms != termCity {
		f.posted(termCity + e.q.city)
	}
	if professions && e.from.terms != termProfession {
		f.profession(e.q)
	}
	if len(e.q.Status) > 0 {
		f.joined()
		f.add("status_on(l.spans, ?, ?)", string(e.q.On), strings.Join(e.q.Status, " "))
	}
	return f
}

// posted asks that the license stands under a term, too. Both runs of postings are in
// the order of names, so that what is looked up stands side by side.
func (f *filter) posted(term string) {
	f.cost = joinedCost
	f.add("EXISTS (SELECT 1 FROM postings c WHERE c.term = ? AND c.names = p.names AND c.license = p.license)", term)
}

func (f *filter) joined() {
	f.join, f.cost = " CROSS JOIN licenses l ON l.key = p.license", joinedCost
}

func (f *filter) word(t *wordTest) {
	if t.inside {
		f.add("instr(p.names, ?) > 0", t.word)
		return
	}
	clause, args := "instr(p.names, ?) > 0", []any{" " + t.word}
	for _, n := range t.near {
		clause, args = clause+" OR instr(p.names, ?) > 0", append(args, " "+n)
	}
	f.add("("+clause+")", args...)
}

func (f *filter) profession(q *question) {
	if strings.Contains(q.Profession, ".") {
		f.posted(termProfession + q.Profession)
	} else if q.Profession != "" {
		f.joined()
		f.add("l.profession = ?", q.Profession)
	}
	if q.Jurisdiction != "" {
		f.joined()
		f.add("l.jurisdiction = ?", q.Jurisdiction)
	}
}

// of returns the condition for one part of a source. A license that had several
// of the statuses is found by the first alone.
func (f *filter) of(s *source, part int) (text string, args []any) {
	where, args := slices.Clone(f.where), slices.Clone(f.args)
	if s.terms == termStatus && part > 0 {
		earlier := s.runs[:part]
		where = append(where, "NOT EXISTS (SELECT 1 FROM postings e WHERE e.term IN (?"+strings.Repeat(", ?", len(earlier)-1)+") AND e.names = p.names AND e.license = p.license)")
		for _, r := range earlier {
			args = append(args, r.first)
		}
	}
	if len(where) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(where, " AND "), args
}
