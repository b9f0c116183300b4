package lookup

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"licet/internal/ledger"
	"licet/license"
)

// A writer makes rows from the records of one state, in one SQL transaction.
type writer struct {
	ctx    context.Context
	tx     *sql.Tx
	state  *ledger.State
	made   map[string]*sql.Stmt
	boards map[string]*license.Board
	words  map[string]int64 // keys seen in this transaction
}

func newWriter(ctx context.Context, tx *sql.Tx, s *ledger.State) *writer {
	return &writer{ctx: ctx, tx: tx, state: s, made: map[string]*sql.Stmt{}, boards: map[string]*license.Board{}, words: map[string]int64{}}
}

func (w *writer) close() {
	for _, s := range w.made {
		_ = s.Close()
	}
}

// prepare keeps one statement for each text.
func (w *writer) prepare(query string) (*sql.Stmt, error) {
	if s := w.made[query]; s != nil {
		return s, nil
	}
	s, err := w.tx.PrepareContext(w.ctx, query)
	if err == nil {
		w.made[query] = s
	}
	return s, err
}

func (w *writer) exec(query string, args ...any) error {
	s, err := w.prepare(query)
	if err == nil {
		_, err = s.ExecContext(w.ctx, args...)
	}
	return err
}

// key runs a statement that returns one integer.
func (w *writer) key(query string, args ...any) (k int64, err error) {
	s, err := w.prepare(query)
	if err == nil {
		err = s.QueryRowContext(w.ctx, args...).Scan(&k)
	}
	return k, err
}

// stretch makes the rows anew of all licenses that entries are about, and of all
// licenses of boards that changed what the public may see.
func (w *writer) stretch(t *stretch) error {
	for _, id := range t.licenses {
		if err := w.license(id, t.newest[id]); err != nil {
			return fmt.Errorf("license %s: %w", id, err)
		}
	}
	for _, b := range t.boards {
		ids, err := w.licensesOf(b)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := w.license(id, 0); err != nil {
				return fmt.Errorf("license %s: %w", id, err)
			}
		}
	}
	return nil
}

func (w *writer) licensesOf(board string) (ids []string, err error) {
	rows, err := w.tx.QueryContext(w.ctx, "SELECT id FROM licenses WHERE board = ?", board)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

func (w *writer) board(id string) (*license.Board, error) {
	if b := w.boards[id]; b != nil {
		return b, nil
	}
	b := new(license.Board)
	if _, err := w.state.Record(license.KindBoard, id, b); err != nil {
		return nil, err
	}
	w.boards[id] = b
	return b, nil
}

// license makes the rows of one license anew; entry is the newest one about it,
// 0 when that is no news.
func (w *writer) license(id string, entry int64) error {
	var rec license.License
	if ok, err := w.state.Record(license.KindLicense, id, &rec); err != nil || !ok {
		return err
	}
	i, err := license.ParseID(id)
	if err != nil {
		return err
	}
	b, err := w.board(i.Board)
	if err != nil {
		return err
	}
	names, err := w.openNames(&rec, b)
	if err != nil {
		return err
	}
	city, err := w.openText(license.OpeningCity, &rec, b)
	if err != nil {
		return err
	}
	row := licenseRow{id: id, parts: i, board: b, record: &rec, names: names, city: city, entry: entry}
	key, err := w.putLicense(&row)
	if err != nil {
		return err
	}
	return w.putNames(key, names)
}

type licenseRow struct {
	id     string
	parts  license.ID
	board  *license.Board
	record *license.License
	names  []datedName
	city   string
	entry  int64
}

// newest returns the name with the latest first day; of one day the one recorded last.
func (r *licenseRow) newest() (best datedName) {
	for _, n := range r.names {
		if n.from >= best.from {
			best = n
		}
	}
	return best
}

// through returns the last day of the last term, "" when it has no end.
func (r *licenseRow) through() (last license.Day) {
	for i, t := range r.record.Terms {
		if t.Through == "" {
			return ""
		}
		if i == 0 || t.Through > last {
			last = t.Through
		}
	}
	return last
}

func (w *writer) putLicense(r *licenseRow) (key int64, err error) {
	n := r.newest()
	copied := r.record.Source == license.SourceImport || r.board.Source == license.SourceImport
	return w.key(`INSERT INTO licenses (id, board, jurisdiction, profession, number, number_plain, name, name_sort, city, issued, through, copied, entry)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET jurisdiction = excluded.jurisdiction, name = excluded.name, name_sort = excluded.name_sort,
			city = excluded.city, issued = excluded.issued, through = excluded.through, copied = excluded.copied, entry = max(entry, excluded.entry)
		RETURNING key`,
		r.id, r.parts.Board, r.board.Jurisdiction, r.parts.Profession, r.parts.Number, PlainNumber(r.parts.Number),
		n.name.String(), sortName(n.name), r.city, string(r.record.Issued), string(r.through()), copied, r.entry)
}

// A datedName is a name that the public may see, and the day from which it holds.
type datedName struct {
	name license.Name
	from license.Day
}

func (w *writer) openNames(rec *license.License, b *license.Board) (out []datedName, err error) {
	if b.AudienceOf(license.OpeningName) != license.AudiencePublic {
		return nil, nil
	}
	for _, d := range rec.Openings {
		if d.Kind != license.OpeningName {
			continue
		}
		o, err := w.state.Opening(d.Commitment)
		if err != nil {
			return nil, err
		}
		if o == nil {
			continue
		}
		if n, err := license.ParseName(o.Bytes); err == nil {
			out = append(out, datedName{n, d.From})
		}
	}
	return out, nil
}

// openText returns the newest opening of a kind that the public may see, or "".
func (w *writer) openText(kind string, rec *license.License, b *license.Board) (string, error) {
	h := rec.OpeningOn(kind, license.DayMax)
	if h == (license.Hash{}) || b.AudienceOf(kind) != license.AudiencePublic {
		return "", nil
	}
	o, err := w.state.Opening(h)
	if o == nil || err != nil {
		return "", err
	}
	return string(o.Bytes), nil
}

// putNames takes the place of all names of a license.
func (w *writer) putNames(licenseKey int64, names []datedName) error {
	old, err := w.wordsOfLicense(licenseKey)
	if err != nil {
		return err
	}
	if err := w.exec("DELETE FROM name_words WHERE name IN (SELECT key FROM names WHERE license = ?)", licenseKey); err != nil {
		return err
	}
	if err := w.exec("DELETE FROM names WHERE license = ?", licenseKey); err != nil {
		return err
	}
	for _, n := range names {
		key, err := w.key("INSERT INTO names (license, from_day, name) VALUES (?, ?, ?) RETURNING key", licenseKey, string(n.from), n.name.String())
		if err != nil {
			return err
		}
		for _, word := range wordsOf(n.name.String()) {
			if err := w.putWord(word, key); err != nil {
				return err
			}
		}
	}
	return w.dropUnused(old)
}

func (w *writer) wordsOfLicense(licenseKey int64) (old map[int64]string, err error) {
	s, err := w.prepare("SELECT DISTINCT w.key, w.word FROM names n JOIN name_words x ON x.name = n.key JOIN words w ON w.key = x.word WHERE n.license = ?")
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(w.ctx, licenseKey)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	old = map[int64]string{}
	for rows.Next() {
		var key int64
		var word string
		if err := rows.Scan(&key, &word); err != nil {
			return nil, err
		}
		old[key] = word
	}
	return old, rows.Err()
}

func (w *writer) putWord(word string, name int64) error {
	key, ok := w.words[word]
	if !ok {
		var err error
		key, err = w.key("SELECT key FROM words WHERE word = ?", word)
		if errors.Is(err, sql.ErrNoRows) {
			key, err = w.key("INSERT INTO words (word) VALUES (?) RETURNING key", word)
		}
		if err != nil {
			return err
		}
		w.words[word] = key
	}
	return w.exec("INSERT INTO name_words (word, name) VALUES (?, ?)", key, name)
}

// dropUnused removes words that no name holds any more.
func (w *writer) dropUnused(old map[int64]string) error {
	for key, word := range old {
		var used bool
		s, err := w.prepare("SELECT EXISTS (SELECT 1 FROM name_words WHERE word = ?)")
		if err == nil {
			err = s.QueryRowContext(w.ctx, key).Scan(&used)
		}
		if err == nil && !used {
			delete(w.words, word)
			err = w.exec("DELETE FROM words WHERE key = ?", key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
