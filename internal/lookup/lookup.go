// Package lookup is the readable copy of the registry: licenses and names in
// SQLite, for searches that the map cannot answer. It follows the log by index
// and reads records and openings from the ledger's state, never from blocks, so
// that it can be dropped and made again on any node. It decides nothing, and
// what it finds is proved by the ledger, not by it.
//
// What the ledger forgets, it forgets: a row is made anew from the record at
// every entry about a license, deleted content is overwritten, and the
// write-ahead log is cut off after an entry that takes something back.
package lookup

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"licet/internal/ledger"
	"licet/license"
)

// A Source is what the copy follows; *ledger.Ledger is one.
type Source interface {
	// State returns the newest committed state; ledger.ErrNoState before genesis.
	State() (*ledger.State, error)
	// Changed returns a channel that is closed by the next commit.
	Changed() <-chan struct{}
}

const fileName = "lookup.db"

// readersMax bounds the searches that run at a time.
const readersMax = 8

// A Lookup is the open copy. One goroutine follows; searches come from any.
type Lookup struct {
	source  Source
	files   []*sql.DB
	write   *writer
	readers chan *session // those that nobody uses
	gate    *gate         // before searches that may look at much
	bounds  bounds
	checked bool        // that the copy is of this log
	claimed atomic.Bool // somebody claims something, or did

	mu       sync.Mutex
	position Position
	advanced chan struct{} // closed when position changes
}

// A Position says for how much of the log the copy answers.
type Position struct {
	Size  int64           // entries of the log
	Block int64           // of the last one
	Time  license.Instant // of that block
}

// Open opens the copy in dir, or creates it. One that cannot be read or was made
// by another edition of this program is dropped: Follow makes it anew.
func Open(dir string, source Source) (*Lookup, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("lookup: %w", err)
	}
	file := filepath.Join(dir, fileName)
	l, err := open(file, source)
	if err == nil {
		return l, nil
	}
	if err := drop(file); err != nil {
		return nil, fmt.Errorf("lookup: the copy cannot be read and not be dropped: %w", err)
	}
	if l, err = open(file, source); err != nil {
		return nil, fmt.Errorf("lookup: the copy in %s cannot be made: %w", dir, err)
	}
	return l, nil
}

func open(file string, source Source) (_ *Lookup, err error) {
	l := &Lookup{source: source, advanced: make(chan struct{}), readers: make(chan *session, readersMax), gate: newGate(), bounds: usualBounds}
	defer func() {
		if err != nil {
			err = errors.Join(err, l.Close())
		}
	}()
	ctx := context.Background()
	s, err := l.connect(ctx, file, 1, "journal_mode(WAL)", "synchronous(NORMAL)", "secure_delete(ON)", "temp_store(MEMORY)", "wal_autocheckpoint(16384)", writeCache)
	if err != nil {
		return nil, err
	}
	l.write = newWriter(s[0])
	if err := prepare(ctx, s[0]); err != nil {
		return nil, err
	}
	if s, err = l.connect(ctx, file, readersMax, "query_only(ON)", "temp_store(MEMORY)", readCache); err != nil {
		return nil, err
	}
	for _, r := range s {
		l.readers <- r
	}
	if l.position, err = positionIn(ctx, s[0]); err != nil {
		return l, err
	}
	var claimed bool
	err = s[0].row(ctx, "SELECT EXISTS (SELECT 1 FROM claims WHERE id > '')").Scan(&claimed)
	l.claimed.Store(claimed)
	return l, err
}

// Pages that a connection keeps in memory, in KiB. The writer's hold the upper
// levels of every index, also of a million licenses.
const (
	writeCache = "cache_size(-65536)"
	readCache  = "cache_size(-8192)"
)

// connect opens sessions of the file. Who asks holds one of them, so that nothing
// else need bound the connections.
func (l *Lookup) connect(ctx context.Context, file string, n int, pragmas ...string) (out []*session, err error) {
	q := url.Values{"_pragma": append([]string{"busy_timeout(5000)"}, pragmas...)}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: file, RawQuery: q.Encode()}).String())
	if err != nil {
		return nil, err
	}
	l.files = append(l.files, db)
	for range n {
		s, err := newSession(ctx, db)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// reader takes a session for reading; hand it back with release.
func (l *Lookup) reader(ctx context.Context) (*session, error) {
	select {
	case s := <-l.readers:
		return s, nil
	default:
	}
	select {
	case s := <-l.readers:
		return s, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// release hands a session back. One on which something failed, and be it that the
// asker went away, is replaced: who knows in which state it is.
func (l *Lookup) release(s *session, failed bool) {
	if failed {
		if fresh, err := newSession(context.Background(), l.files[1]); err == nil {
			s.discard()
			s = fresh
		}
	}
	s.tidy()
	l.readers <- s
}

// drop removes the copy's files.
func drop(file string) (err error) {
	for _, end := range []string{"", "-wal", "-shm"} {
		if e := os.Remove(file + end); !errors.Is(e, os.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// Close closes the copy; end Follow and all searches first.
func (l *Lookup) Close() (err error) {
	for len(l.readers) > 0 {
		err = errors.Join(err, (<-l.readers).close())
	}
	if l.write != nil {
		err = errors.Join(err, l.write.close())
	}
	for _, db := range l.files {
		err = errors.Join(err, db.Close())
	}
	return err
}

// Position says how far the copy has come.
func (l *Lookup) Position() Position {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.position
}

// CaughtUp says whether the copy answers for the first size entries of the log.
func (l *Lookup) CaughtUp(size int64) bool { return l.Position().Size >= size }

// Wait returns when the copy answers for the first size entries of the log.
func (l *Lookup) Wait(ctx context.Context, size int64) error {
	for {
		l.mu.Lock()
		at, advanced := l.position.Size, l.advanced
		l.mu.Unlock()
		if at >= size {
			return nil
		}
		select {
		case <-advanced:
		case <-ctx.Done():
			return fmt.Errorf("lookup: %d of %d entries read: %w", at, size, context.Cause(ctx))
		}
	}
}

func (l *Lookup) advance(p Position) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.position = p
	close(l.advanced)
	l.advanced = make(chan struct{})
}

func positionIn(ctx context.Context, s *session) (p Position, err error) {
	err = s.row(ctx, "SELECT size, block, time FROM position").Scan(&p.Size, &p.Block, &p.Time)
	return p, err
}
