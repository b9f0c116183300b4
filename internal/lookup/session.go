package lookup

import (
	"context"
	"database/sql"
	"database/sql/driver"
)

// A session is one connection with the statements that were made on it. It is
// used by one goroutine at a time.
type session struct {
	conn *sql.Conn
	made map[string]*sql.Stmt
}

// statementsMax bounds the statements that a session keeps: searches can be
// combined in many ways.
const statementsMax = 200

func newSession(ctx context.Context, db *sql.DB) (*session, error) {
	c, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &session{conn: c, made: map[string]*sql.Stmt{}}, nil
}

func (s *session) close() error {
	s.forget()
	return s.conn.Close()
}

// tidy keeps the statements from growing without end. No rows may be open.
func (s *session) tidy() {
	if len(s.made) > statementsMax {
		s.forget()
	}
}

func (s *session) forget() {
	for _, m := range s.made {
		_ = m.Close()
	}
	clear(s.made)
}

// statement keeps one for each text.
func (s *session) statement(ctx context.Context, text string) (*sql.Stmt, error) {
	if m := s.made[text]; m != nil {
		return m, nil
	}
	m, err := s.conn.PrepareContext(ctx, text)
	if err == nil {
		s.made[text] = m
	}
	return m, err
}

func (s *session) exec(ctx context.Context, text string, args ...any) error {
	m, err := s.statement(ctx, text)
	if err == nil {
		_, err = m.ExecContext(ctx, args...)
	}
	return err
}

func (s *session) query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	m, err := s.statement(ctx, text)
	if err != nil {
		return nil, err
	}
	return m.QueryContext(ctx, args...)
}

// A scanner reads one row; it carries the error of a statement that failed.
type scanner struct {
	row *sql.Row
	err error
}

func (r scanner) Scan(to ...any) error {
	if r.err != nil {
		return r.err
	}
	return r.row.Scan(to...)
}

func (s *session) row(ctx context.Context, text string, args ...any) scanner {
	m, err := s.statement(ctx, text)
	if err != nil {
		return scanner{err: err}
	}
	return scanner{row: m.QueryRowContext(ctx, args...)}
}

// list returns the rows of a statement that has one column of text.
func (s *session) list(ctx context.Context, statement string, args ...any) (out []string, err error) {
	rows, err := s.query(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	return out, rows.Err()
}

// within runs do in a transaction: of a reader all that it sees is of one moment,
// of the writer all that it does is done or nothing.
func (s *session) within(ctx context.Context, begin string, do func() error) error {
	// However soon ctx ends, a transaction that has begun is ended.
	always := context.WithoutCancel(ctx)
	err := s.exec(always, begin)
	if err == nil {
		if err = do(); err == nil {
			err = s.exec(always, "COMMIT")
		}
	}
	if err != nil {
		_ = s.exec(always, "ROLLBACK")
	}
	return err
}

// discard closes the connection for good, whatever state it is in.
func (s *session) discard() {
	s.forget()
	_ = s.conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = s.conn.Close()
}
