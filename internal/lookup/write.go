package lookup

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A writer puts rows into the tables, in one transaction of its session.
type writer struct {
	*session
	ctx context.Context
	// What is known to be in the tables, kept over transactions; a rollback
	// forgets it.
	words       map[string]bool
	professions map[string]bool
	queue       []posting // to be inserted
	loose       []string  // words that a name has lost
}

type posting struct {
	term, names string
	license     int64
}

func newWriter(s *session) *writer {
	return &writer{session: s, words: map[string]bool{}, professions: map[string]bool{}}
}

// knownMax bounds the words that a writer remembers.
const knownMax = 100_000

// forgetKnown is for when a transaction did not come about.
func (w *writer) forgetKnown() {
	clear(w.words)
	clear(w.professions)
	w.queue, w.loose = w.queue[:0], w.loose[:0]
}

const selectStored = `SELECT key, board, profession, number, names, city, spans FROM licenses WHERE id = ?`

// put makes the rows of one license anew.
func (w *writer) put(r *row) error {
	var old row
	var key int64
	err := w.row(w.ctx, selectStored, r.id).Scan(&key, &old.board, &old.profession, &old.number, &old.names, &old.city, &old.spans)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		if key, err = w.insert(r); err != nil {
			return err
		}
		if err := w.putProfession(r); err != nil {
			return err
		}
		for _, t := range r.terms() {
			w.queue = append(w.queue, posting{t, r.names, key})
		}
		return nil
	case err != nil:
		return err
	}
	if err := w.update(key, r); err != nil {
		return err
	}
	return w.repost(key, &old, r)
}

func (w *writer) insert(r *row) (key int64, err error) {
	err = w.row(w.ctx, `INSERT INTO licenses
		(id, board, jurisdiction, profession, number, loose, name, others, names, city, npi, issued, through, copied, spans)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING key`,
		r.id, r.board, r.jurisdiction, r.profession, r.number, LooseNumber(r.number),
		r.name, r.others, r.names, r.city, r.npi, r.issued, r.through, r.copied, r.spans).Scan(&key)
	return key, err
}

// update writes what can change of a license.
func (w *writer) update(key int64, r *row) error {
	return w.exec(w.ctx, `UPDATE licenses SET jurisdiction = ?, name = ?, others = ?, names = ?, city = ?, npi = ?,
		issued = ?, through = ?, copied = ?, spans = ? WHERE key = ?`,
		r.jurisdiction, r.name, r.others, r.names, r.city, r.npi, r.issued, r.through, r.copied, r.spans, key)
}

func (w *writer) putProfession(r *row) error {
	id := r.board + "." + r.profession
	if w.professions[id] {
		return nil
	}
	w.professions[id] = true
	return w.exec(w.ctx, `INSERT INTO professions (id, board, code, jurisdiction) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET jurisdiction = excluded.jurisdiction`, id, r.board, r.profession, r.jurisdiction)
}

// repost takes away the postings that are no more and adds the new ones.
func (w *writer) repost(key int64, old, r *row) error {
	before, now := old.terms(), r.terms()
	same := func(t string, in []string) bool { return old.names == r.names && slices.Contains(in, t) }
	for _, t := range before {
		if !same(t, now) {
			if err := w.exec(w.ctx, "DELETE FROM postings WHERE term = ? AND names = ? AND license = ?", t, old.names, key); err != nil {
				return err
			}
		}
	}
	for _, t := range now {
		if !same(t, before) {
			w.queue = append(w.queue, posting{t, r.names, key})
		}
	}
	if old.names != r.names {
		w.loose = append(w.loose, wordsIn(old.names)...)
	}
	return nil
}

// atATime is how many postings one statement inserts.
const atATime = 32

// flush inserts what is queued, in the order of the table, so that neighbors are
// written together.
func (w *writer) flush() error {
	slices.SortFunc(w.queue, func(a, b posting) int {
		return cmp.Or(strings.Compare(a.term, b.term), strings.Compare(a.names, b.names), cmp.Compare(a.license, b.license))
	})
	for chunk := range slices.Chunk(w.queue, atATime) {
		args := make([]any, 0, 3*atATime)
		for i, p := range chunk {
			args = append(args, p.term, p.names, p.license)
			if i == 0 || p.term != chunk[i-1].term {
				if err := w.putForms(p.term); err != nil {
					return err
				}
			}
		}
		if err := w.exec(w.ctx, "INSERT INTO postings VALUES "+strings.Repeat("(?,?,?),", len(chunk)-1)+"(?,?,?)", args...); err != nil {
			return err
		}
	}
	w.queue = w.queue[:0]
	return w.dropUnused() // now, since a word may go over from one name to another
}

func isWord(term string) bool {
	return !strings.ContainsAny(term[:1], termCity+termProfession+termStatus)
}

// putForms adds the forms of a word that is new.
func (w *writer) putForms(word string) error {
	if w.words[word] || !isWord(word) {
		return nil
	}
	if len(w.words) >= knownMax {
		clear(w.words)
	}
	w.words[word] = true
	var known bool
	if err := w.row(w.ctx, hasTerm, word).Scan(&known); err != nil || known {
		return err
	}
	for _, f := range formsOf(word) {
		if err := w.exec(w.ctx, "INSERT OR IGNORE INTO forms VALUES (?, ?)", f, word); err != nil {
			return err
		}
	}
	return nil
}

const hasTerm = "SELECT EXISTS (SELECT 1 FROM postings WHERE term = ?)"

// dropUnused removes the forms of words that no name holds any more.
func (w *writer) dropUnused() error {
	slices.Sort(w.loose)
	for _, word := range slices.Compact(w.loose) {
		var used bool
		if err := w.row(w.ctx, hasTerm, word).Scan(&used); err != nil {
			return err
		}
		if used {
			continue
		}
		delete(w.words, word)
		for _, f := range formsOf(word) {
			if err := w.exec(w.ctx, "DELETE FROM forms WHERE form = ? AND word = ?", f, word); err != nil {
				return err
			}
		}
	}
	w.loose = w.loose[:0]
	return nil
}

// stretch makes the rows anew of all licenses that entries are about, and of all
// licenses of boards that changed what the public may see.
func (w *writer) stretch(t *stretch, from *reader) error {
	put := func(id string) error {
		r, err := from.license(id)
		if err == nil && r != nil {
			err = w.put(r)
		}
		if err != nil {
			return fmt.Errorf("license %s: %w", id, err)
		}
		return nil
	}
	for _, id := range t.licenses {
		if err := put(id); err != nil {
			return err
		}
	}
	if err := w.flush(); err != nil {
		return err
	}
	slices.Sort(t.boards)
	for _, b := range slices.Compact(t.boards) {
		ids, err := w.licensesOf(b)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := put(id); err != nil {
				return err
			}
		}
		if err := w.flush(); err != nil {
			return err
		}
	}
	return nil
}

// licensesOf lists the licenses of a board.
func (w *writer) licensesOf(board string) (ids []string, err error) {
	rows, err := w.query(w.ctx, "SELECT id FROM licenses WHERE id > ? AND id < ?", board+".", board+"."+afterAll)
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
