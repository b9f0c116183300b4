package lookup

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"licet/license"
)

// Limits of a search.
const (
	LimitDefault = 25
	LimitMax     = 100
	queryMax     = 200 // bytes of a searched text
	wordsMax     = 8
)

// A Query says what to search for. Every member that is set must fit; when none
// is, everything does.
type Query struct {
	ID           string // a license id, exactly
	Number       string // in any punctuation and case
	Name         string // words of one name, each by its beginning, in any order
	Profession   string // "nurse" or "us-il.nurse"
	Jurisdiction string // us-il
	Limit        int    // rows a page; 0: LimitDefault
	Cursor       string // of the page before; "": the first page
}

// A Row is one license as the copy has it.
type Row struct {
	ID         string
	Board      string
	Profession string // without the board
	Number     string
	Name       string // the newest; "" withheld
	City       string
	Issued     license.Day
	Through    license.Day
	Copied     bool
}

// A Page is a part of what a search found, in the order of names.
type Page struct {
	Rows  []Row
	Total int64  // rows on all pages
	Next  string // cursor of the next page, "" after the last
	At    Position
}

// A QueryError says what is wrong with a question.
type QueryError struct{ Code, Detail string }

func (e *QueryError) Error() string { return e.Detail }

// Search finds licenses. All of a page is of one position.
func (l *Lookup) Search(ctx context.Context, q Query) (Page, error) {
	f, err := q.filter()
	if err != nil {
		return Page{}, err
	}
	tx, err := l.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return Page{}, fmt.Errorf("lookup: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	p, err := f.page(ctx, tx)
	if err != nil {
		return Page{}, fmt.Errorf("lookup: %w", err)
	}
	return p, nil
}

// A filter is a query as SQL.
type filter struct {
	where []string
	args  []any
	words []string // of the name
	limit int
	after [2]string // name_sort and id of the last row of the page before
	first bool
}

func (f *filter) add(clause string, args ...any) {
	f.where = append(f.where, clause)
	f.args = append(f.args, args...)
}

func (q *Query) filter() (*filter, error) {
	f := &filter{limit: q.Limit, first: q.Cursor == "", where: []string{"true"}}
	if f.limit == 0 {
		f.limit = LimitDefault
	}
	if f.limit < 1 || f.limit > LimitMax {
		return nil, &QueryError{"limit", fmt.Sprintf("A page has 1 to %d rows, not %d.", LimitMax, q.Limit)}
	}
	for _, s := range []string{q.ID, q.Number, q.Name, q.Profession, q.Jurisdiction, q.Cursor} {
		if len(s) > 4*queryMax {
			return nil, &QueryError{"too-long", "The search is too long; shorten it."}
		}
	}
	if err := q.words(f); err != nil {
		return nil, err
	}
	if q.ID != "" {
		f.add("l.id = ?", q.ID)
	}
	if q.Jurisdiction != "" {
		f.add("l.jurisdiction = ?", q.Jurisdiction)
	}
	if board, code, ok := strings.Cut(q.Profession, "."); ok {
		f.add("l.board = ? AND l.profession = ?", board, code)
	} else if q.Profession != "" {
		f.add("l.profession = ?", q.Profession)
	}
	return f, f.parseCursor(q.Cursor)
}

// words takes number and name into the filter.
func (q *Query) words(f *filter) error {
	if q.Number != "" {
		n := PlainNumber(q.Number)
		if n == "" {
			return &QueryError{"number", "The number has no letter or digit."}
		}
		f.add("l.number_plain = ?", n)
	}
	if q.Name != "" {
		if f.words = wordsOf(q.Name); len(f.words) == 0 {
			return &QueryError{"name", "The name has no letter."}
		}
		if len(f.words) > wordsMax {
			return &QueryError{"name", fmt.Sprintf("Search for at most %d words of a name.", wordsMax)}
		}
	}
	return nil
}

func (f *filter) parseCursor(c string) error {
	if c == "" {
		return nil
	}
	b, err := base64.RawURLEncoding.DecodeString(c)
	sort, id, ok := strings.Cut(string(b), "\x00")
	if err != nil || !ok {
		return &QueryError{"cursor", "The cursor is not one that a page of this search ended with; begin at the first page."}
	}
	f.after = [2]string{sort, id}
	return nil
}

func cursorAfter(sort, id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(sort + "\x00" + id))
}

func (f *filter) page(ctx context.Context, tx queryer) (p Page, err error) {
	if p.At, err = positionIn(ctx, tx); err != nil {
		return p, err
	}
	if err := f.addWords(ctx, tx); err != nil {
		return p, err
	}
	where := strings.Join(f.where, " AND ")
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM licenses l WHERE "+where, f.args...).Scan(&p.Total); err != nil {
		return p, err
	}
	args := f.args
	if !f.first {
		where += " AND (l.name_sort, l.id) > (?, ?)"
		args = append(args, f.after[0], f.after[1])
	}
	rows, err := tx.QueryContext(ctx, `SELECT l.id, l.board, l.profession, l.number, l.name, l.city, l.issued, l.through, l.copied, l.name_sort
		FROM licenses l WHERE `+where+" ORDER BY l.name_sort, l.id LIMIT ?", append(args, f.limit+1)...)
	if err != nil {
		return p, err
	}
	defer func() { _ = rows.Close() }()
	var sort string
	for rows.Next() {
		if len(p.Rows) == f.limit { // one more than asked for: there is a next page
			p.Next = cursorAfter(sort, p.Rows[f.limit-1].ID)
			break
		}
		var r Row
		if err := rows.Scan(&r.ID, &r.Board, &r.Profession, &r.Number, &r.Name, &r.City, &r.Issued, &r.Through, &r.Copied, &sort); err != nil {
			return p, err
		}
		p.Rows = append(p.Rows, r)
	}
	return p, errors.Join(rows.Err())
}

// addWords asks that one dated name of the license has all the words.
func (f *filter) addWords(ctx context.Context, tx queryer) error {
	if len(f.words) == 0 {
		return nil
	}
	var each []string
	var args []any
	for _, w := range f.words {
		clause, arg, err := wordClause(ctx, tx, w)
		if err != nil {
			return err
		}
		each = append(each, "n.key IN (SELECT x.name FROM words w JOIN name_words x ON x.word = w.key WHERE "+clause+")")
		args = append(args, arg...)
	}
	f.add("l.key IN (SELECT n.license FROM names n WHERE "+strings.Join(each, " AND ")+")", args...)
	return nil
}

// partMin is the length from which a part inside a word is searched for.
const partMin = 3

// wordClause finds words of the vocabulary by their beginning; when none begins
// so, those that hold the part anywhere.
func wordClause(ctx context.Context, tx queryer, part string) (clause string, args []any, err error) {
	clause, args = "w.word >= ? AND w.word < ?", []any{part, part + "\U0010FFFF"}
	var found bool
	if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM words w WHERE "+clause+")", args...).Scan(&found); err != nil {
		return "", nil, err
	}
	if !found && len(part) >= partMin {
		return "instr(w.word, ?) > 0", []any{part}, nil
	}
	return clause, args, nil
}

// Names returns every name that the copy has of a license, the oldest first.
func (l *Lookup) Names(ctx context.Context, id string) (names []DatedName, err error) {
	rows, err := l.read.QueryContext(ctx, `SELECT n.name, n.from_day FROM names n JOIN licenses l ON l.key = n.license
		WHERE l.id = ? ORDER BY n.from_day, n.key`, id)
	if err != nil {
		return nil, fmt.Errorf("lookup: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var n DatedName
		if err := rows.Scan(&n.Name, &n.From); err != nil {
			return nil, err
		}
		names = append(names, n)
	}
	return names, rows.Err()
}

// A DatedName is a name and the day from which it holds.
type DatedName struct {
	Name string
	From license.Day
}
