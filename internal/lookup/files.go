package lookup

import (
	"context"
	"fmt"
	"strings"

	"licet/license"
)

// A Filing says how many licenses of a profession were copied from files of a day,
// and from none of a later day.
type Filing struct {
	Profession string // us-il.nurse
	Day        string
	Licenses   int64
}

// Filings returns of which days the files are that a board's licenses were copied
// from, by profession and day.
func (l *Lookup) Filings(ctx context.Context, board string) (fs []Filing, at Position, err error) {
	err = l.reading(ctx, func(s *session) error {
		if at, err = positionIn(ctx, s); err != nil {
			return err
		}
		rows, err := s.query(ctx, "SELECT profession, day, licenses FROM files WHERE profession > ? AND profession < ? ORDER BY profession, day", board+".", board+"."+afterAll)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var f Filing
			if err := rows.Scan(&f.Profession, &f.Day, &f.Licenses); err != nil {
				return err
			}
			fs = append(fs, f)
		}
		return rows.Err()
	})
	return fs, at, err
}

// filed returns the day of the newest file that described the license, "" when none
// did. A list of orders comes when it comes, and says nothing of how new a roster is.
func (r *reader) filed(id string, rec *license.License) (string, error) {
	switch {
	case rec.Issued == "" && len(rec.Terms) == 0:
		return "", nil
	case rec.Source != license.SourceImport || len(rec.Orders) == 0:
		return string(rec.Copied), nil
	}
	es, err := r.state.Entries(license.KindLicense, id)
	void := license.VoidedEntries(es)
	newest := license.Day("")
	for i := range es {
		if e := &es[i]; e.Import != nil && !void[e.Hash] && describes(e.Changes) {
			newest = max(newest, e.Import.Day)
		}
	}
	return string(newest), err
}

// describes says whether a row told more than an order and whom it is on.
func describes(cs []license.Change) bool {
	ordered := false
	for _, c := range cs {
		switch c.Do {
		case license.DoOrder:
			ordered = true
		case license.DoOpen:
		case license.DoIssue:
			if c.From != "" {
				return true
			}
		default:
			return true
		}
	}
	return !ordered
}

// CopiedMax is how many licenses one call of Copied looks at.
const CopiedMax = 10_000

// Copied returns the licenses of a board that a roster described, in the order of
// their ids, from after one id on: a part of them, and the id after which the next
// part begins, "" when there is none.
func (l *Lookup) Copied(ctx context.Context, board, after string) (ids []string, next string, at Position, err error) {
	err = l.reading(ctx, func(s *session) error {
		if at, err = positionIn(ctx, s); err != nil {
			return err
		}
		rows, err := s.query(ctx, "SELECT id, filed <> '' AND issued <> '' FROM licenses WHERE id > ? AND id < ? ORDER BY id LIMIT ?", max(after, board+"."), board+"."+afterAll, CopiedMax)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		n, last := 0, ""
		for ; rows.Next(); n++ {
			var copied bool
			if err := rows.Scan(&last, &copied); err != nil {
				return err
			}
			if copied {
				ids = append(ids, strings.Clone(last))
			}
		}
		if n == CopiedMax {
			next = last
		}
		return rows.Err()
	})
	return ids, next, at, err
}

// reading reads at one moment, when it is its turn.
func (l *Lookup) reading(ctx context.Context, read func(s *session) error) (err error) {
	if err := l.gate.enter(ctx); err != nil {
		return err
	}
	defer l.gate.leave()
	s, err := l.reader(ctx)
	if err != nil {
		return err
	}
	defer func() { l.release(s, err != nil) }()
	if err := s.within(ctx, "BEGIN", func() error { return read(s) }); err != nil {
		return fmt.Errorf("lookup: %w", err)
	}
	return nil
}

// count notes that a license was made anew; before is the day of its newest file as
// the tables had it.
func (w *writer) count(before string, r *row) {
	if before == r.filed {
		return
	}
	profession := r.board + "." + r.profession
	if before != "" {
		w.filed[filing{profession, before}]--
	}
	if r.filed != "" {
		w.filed[filing{profession, r.filed}]++
	}
}

type filing struct{ profession, day string }

// putFiled writes what count noted.
func (w *writer) putFiled() error {
	for f, n := range w.filed {
		err := w.exec(w.ctx, `INSERT INTO files (profession, day, licenses) VALUES (?, ?, ?)
			ON CONFLICT (profession, day) DO UPDATE SET licenses = licenses + excluded.licenses`, f.profession, f.day, n)
		if err == nil && n < 0 {
			err = w.exec(w.ctx, "DELETE FROM files WHERE profession = ? AND day = ? AND licenses = 0", f.profession, f.day)
		}
		if err != nil {
			return err
		}
	}
	clear(w.filed)
	return nil
}
