package lookup

import (
	"cmp"
	"context"
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
	filed       map[filing]int64
}

type posting struct {
	term, names string
	license     int64
}

func newWriter(s *session) *writer {
	return &writer{session: s, words: map[string]bool{}, professions: map[string]bool{}, filed: map[filing]int64{}}
}

// knownMax bounds the words that a writer remembers.
const knownMax = 100_000

// forgetKnown is for when a transaction did not come about.
func (w *writer) forgetKnown() {
	clear(w.words)
	clear(w.professions)
	clear(w.filed)
	w.queue, w.loose = w.queue[:0], w.loose[:0]
}

// A stored row is what the tables hold of a license.
type stored struct {
	row
	key int64
}

// atATime is how many rows one statement reads or inserts: what a statement costs
// by itself is shared by so many.
const atATime = 32

// put makes the rows of some licenses anew, at most atATime.
func (w *writer) put(rows []*row) error {
	have, err := w.stored(rows)
	if err != nil {
		return err
	}
	fresh := slices.DeleteFunc(slices.Clone(rows), func(r *row) bool { return have[r.id] != nil })
	if err := w.insert(fresh); err != nil {
		return err
	}
	for _, r := range rows {
		old := have[r.id]
		if old == nil {
			w.count("", r)
			continue
		}
		w.count(old.filed, r)
		if err := w.update(old.key, r); err != nil {
			return err
		}
		if err := w.repost(old.key, &old.row, r); err != nil {
			return err
		}
	}
	return nil
}

// stored reads what the tables hold of the licenses.
func (w *writer) stored(rows []*row) (map[string]*stored, error) {
	args := make([]any, 0, len(rows))
	for _, r := range rows {
		args = append(args, r.id)
	}
	found, err := w.query(w.ctx, "SELECT key, id, board, profession, names, city, filed, spans FROM licenses WHERE id IN (?"+strings.Repeat(", ?", len(rows)-1)+")", args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = found.Close() }()
	have := map[string]*stored{}
	for found.Next() {
		o := new(stored)
		if err := found.Scan(&o.key, &o.id, &o.board, &o.profession, &o.names, &o.city, &o.filed, &o.spans); err != nil {
			return nil, err
		}
		have[o.id] = o
	}
	return have, found.Err()
}

// insert adds licenses, under the next keys in their order.
func (w *writer) insert(rows []*row) error {
	if len(rows) == 0 {
		return nil
	}
	var last int64
	if err := w.row(w.ctx, "SELECT ifnull(max(key), 0) FROM licenses").Scan(&last); err != nil {
		return err
	}
	args := make([]any, 0, 17*len(rows))
	for i, r := range rows {
		key := last + 1 + int64(i)
		args = append(args, key, r.id, r.board, r.jurisdiction, r.profession, r.number, LooseNumber(r.number),
			r.name, r.others, r.names, r.city, r.npi, r.issued, r.through, r.copied, r.filed, r.spans)
		for _, t := range r.terms() {
			w.queue = append(w.queue, posting{t, r.names, key})
		}
		if err := w.putProfession(r); err != nil {
			return err
		}
	}
	return w.insertInto(`licenses
		(key, id, board, jurisdiction, profession, number, loose, name, others, names, city, npi, issued, through, copied, filed, spans)`, len(rows), args)
}

// insertInto inserts rows whose values follow each other. A failure ends the whole
// transaction, so that SQLite need not be able to undo the statement by itself.
func (w *writer) insertInto(table string, rows int, args []any) error {
	return w.insertOr("FAIL", table, rows, args)
}

func (w *writer) insertOr(conflict, table string, rows int, args []any) error {
	one := "(?" + strings.Repeat(",?", len(args)/rows-1) + ")"
	return w.exec(w.ctx, "INSERT OR "+conflict+" INTO "+table+" VALUES "+one+strings.Repeat(","+one, rows-1), args...)
}

// update writes what can change of a license.
func (w *writer) update(key int64, r *row) error {
	return w.exec(w.ctx, `UPDATE licenses SET jurisdiction = ?, name = ?, others = ?, names = ?, city = ?, npi = ?,
		issued = ?, through = ?, copied = ?, filed = ?, spans = ? WHERE key = ?`,
		r.jurisdiction, r.name, r.others, r.names, r.city, r.npi, r.issued, r.through, r.copied, r.filed, r.spans, key)
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
		if err := w.insertInto("postings", len(chunk), args); err != nil {
			return err
		}
	}
	w.queue = w.queue[:0]
	if err := w.putFiled(); err != nil {
		return err
	}
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
	forms := formsOf(word)
	if len(forms) == 0 {
		return nil
	}
	args := make([]any, 0, 2*len(forms))
	for _, f := range forms {
		args = append(args, f, word)
	}
	// They may be there: of a word that goes over from one name to another.
	return w.insertOr("IGNORE", "forms", len(forms), args)
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
	if err := w.claims(t.claims, from); err != nil {
		return err
	}
	if err := w.putAll(t.licenses, from); err != nil {
		return err
	}
	slices.Sort(t.boards)
	for _, b := range slices.Compact(t.boards) {
		ids, err := w.licensesOf(b)
		if err != nil {
			return err
		}
		if err := w.putAll(ids, from); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) putAll(ids []string, from *reader) error {
	for chunk := range slices.Chunk(ids, atATime) {
		var rows []*row
		for _, id := range chunk {
			r, err := from.license(id)
			if err != nil {
				return fmt.Errorf("license %s: %w", id, err)
			}
			if r != nil {
				rows = append(rows, r)
			}
		}
		if len(rows) == 0 {
			continue
		}
		if err := w.put(rows); err != nil {
			return fmt.Errorf("licenses from %s on: %w", rows[0].id, err)
		}
	}
	return w.flush()
}

// licensesOf lists the licenses of a board.
func (w *writer) licensesOf(board string) ([]string, error) {
	return w.list(w.ctx, "SELECT id FROM licenses WHERE id > ? AND id < ?", board+".", board+"."+afterAll)
}
