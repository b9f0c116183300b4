package lookup

import (
	"context"
	"strings"
)

// Most questions are for one number. They are answered by one statement, which
// sees one moment by itself; when that finds more than a page, the long way does.

const selectQuick = `SELECT p.size, p.block, p.time, ifnull(id, ''), ifnull(board, ''), ifnull(profession, ''), ifnull(number, ''),
		ifnull(name, ''), ifnull(others, ''), ifnull(city, ''), ifnull(npi, ''), ifnull(issued, ''), ifnull(through, ''), ifnull(copied, 0)
	FROM position p LEFT JOIN licenses l ON %s = ? WHERE p.one = 1 LIMIT ?`

// quick answers a question by id, number or NPI alone; done is false when it is
// another one, or has more answers than a page.
func (s *session) quick(ctx context.Context, q *question, p *Page) (done bool, err error) {
	column, value := q.column()
	if column == "" || !q.first || q.more {
		return false, nil
	}
	// It looks at a page of rows at most, and needs nobody to interrupt it.
	rows, err := s.query(context.WithoutCancel(ctx), strings.Replace(selectQuick, "%s", column, 1), value, q.Limit+1)
	if err != nil {
		return false, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var r Row
		var others string
		if err := rows.Scan(&p.At.Size, &p.At.Block, (*string)(&p.At.Time), &r.ID, &r.Board, &r.Profession, &r.Number,
			&r.Name, &others, &r.City, &r.NPI, (*string)(&r.Issued), (*string)(&r.Through), &r.Copied); err != nil {
			return false, err
		}
		if r.ID != "" {
			r.Others = linesOf(others)
			p.Rows = append(p.Rows, r)
		}
	}
	p.Total = int64(len(p.Rows))
	return len(p.Rows) <= q.Limit, rows.Err()
}
