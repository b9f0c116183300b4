package lookup

import (
	"context"
	"fmt"
	"slices"

	"licet/license"
)

// A Deed says how many changes a contract made to licenses of a board, by the month in
// which they were recorded.
type Deed struct {
	Board   string
	Month   string // 2026-05
	Changes int64
}

// deedsMax bounds how many rows one question reads: boards and months.
const deedsMax = 5000

// Deeds returns what a contract changed, by board and month, the newest months first. It
// is little to read, and waits behind no search.
func (l *Lookup) Deeds(ctx context.Context, contract string) (ds []Deed, err error) {
	s, err := l.reader(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { l.release(s, err != nil) }()
	rows, err := s.query(context.WithoutCancel(ctx), "SELECT board, month, changes FROM deeds WHERE contract = ? ORDER BY month DESC, board LIMIT ?", contract, deedsMax)
	if err != nil {
		return nil, fmt.Errorf("lookup: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var d Deed
		if err := rows.Scan(&d.Board, &d.Month, &d.Changes); err != nil {
			return nil, fmt.Errorf("lookup: %w", err)
		}
		ds = append(ds, d)
	}
	return ds, rows.Err()
}

type deed struct{ contract, board, month string }

const monthLength = len("2026-05")

// deed counts an entry by which a contract changed a license: calls that wait or end and
// timers change none.
func (t *stretch) deed(e *license.Entry) {
	changes := func(c license.Change) bool { return c.Do != license.DoWait && c.Do != license.DoRan }
	if e.ByContract() != "" && slices.ContainsFunc(e.Changes, changes) && len(e.Time) > monthLength {
		t.deeds[deed{e.ByContract(), license.BoardOf(license.KindLicense, e.ID), string(e.Time[:monthLength])}]++
	}
}

func (w *writer) putDeeds(ds map[deed]int64) error {
	for d, n := range ds {
		err := w.exec(w.ctx, `INSERT INTO deeds (contract, board, month, changes) VALUES (?, ?, ?, ?)
			ON CONFLICT (contract, board, month) DO UPDATE SET changes = changes + excluded.changes`, d.contract, d.board, d.month, n)
		if err != nil {
			return err
		}
	}
	return nil
}
