package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	dbm "github.com/cometbft/cometbft-db"
	cmtconfig "github.com/cometbft/cometbft/config"
)

var (
	errEmptyKey  = errors.New("node: store: the key is empty")
	errNilValue  = errors.New("node: store: the value is nil")
	errBatchDone = errors.New("node: store: the batch was written or closed")
)

// storeSet opens the engine's databases and remembers them, so that a start
// that fails halfway leaves none open.
type storeSet struct {
	fs  vfs.FS
	dir string
	log storeLogger

	mu   sync.Mutex
	open []*store

	blocks dbm.DB // while NewNode opens the databases, one at a time
}

func newStoreSet(c Config) *storeSet {
	s := &storeSet{fs: vfs.Default, dir: filepath.Join(c.Home, "data"), log: storeLogger{c.Logger, c.Fatal}}
	if c.Stores != nil {
		s.dir = orDefault(c.Stores.Dir, s.dir)
		if c.Stores.FS != nil {
			s.fs = c.Stores.FS
		}
	}
	return s
}

// provide is the engine's DBProvider. cometbft-db has no Pebble v2 of its own.
func (s *storeSet) provide(c *cmtconfig.DBContext) (dbm.DB, error) {
	st, err := openStore(s.fs, filepath.Join(s.dir, c.ID+".pebble"), s.log)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.open = append(s.open, st)
	s.mu.Unlock()
	return st, nil
}

func (s *storeSet) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, st := range s.open {
		errs = append(errs, st.Close())
	}
	return errors.Join(errs...)
}

// A store is one of the engine's databases, on Pebble.
//
// It parks whoever comes after Close. The engine closes its stores while gossip
// goroutines still run for up to two seconds; an error panics there, and so
// does a closed database. The node is gone, and those goroutines with it.
type store struct {
	db *pebble.DB

	mu        sync.RWMutex // held for reading during each call, for writing by Close
	closed    bool
	iterators sync.WaitGroup
}

var _ dbm.DB = (*store)(nil)

func openStore(fs vfs.FS, dir string, log storeLogger) (*store, error) {
	db, err := pebble.Open(dir, &pebble.Options{
		FS:                 fs,
		Logger:             log,
		EventListener:      &pebble.EventListener{DataCorruption: log.corrupted},
		FormatMajorVersion: pebble.FormatNewest,
	})
	if err != nil {
		return nil, fmt.Errorf("node: store %s: %w", dir, err)
	}
	return &store{db: db}, nil
}

// enter begins a call and returns what ends it. After Close it does not return.
func (s *store) enter() func() {
	s.mu.RLock()
	if s.closed {
		s.mu.RUnlock()
		select {}
	}
	return s.mu.RUnlock
}

// Close waits for the iterators that are open.
func (s *store) Close() error {
	s.mu.Lock()
	done := s.closed
	s.closed = true
	s.mu.Unlock()
	if done {
		return nil
	}
	s.iterators.Wait()
	return s.db.Close()
}

// Get returns nil for a key that is absent, and a slice that is not nil for one
// that holds no bytes.
func (s *store) Get(key []byte) ([]byte, error) {
	if len(key) == 0 {
		return nil, errEmptyKey
	}
	defer s.enter()()
	v, closer, err := s.db.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer closer.Close()
	return append([]byte{}, v...), nil
}

func (s *store) Has(key []byte) (bool, error) {
	v, err := s.Get(key)
	return v != nil, err
}

func (s *store) Set(key, value []byte) error     { return s.set(key, value, pebble.NoSync) }
func (s *store) SetSync(key, value []byte) error { return s.set(key, value, pebble.Sync) }

func (s *store) set(key, value []byte, o *pebble.WriteOptions) error {
	if err := checkPair(key, value); err != nil {
		return err
	}
	defer s.enter()()
	return s.db.Set(key, value, o)
}

func checkPair(key, value []byte) error {
	switch {
	case len(key) == 0:
		return errEmptyKey
	case value == nil:
		return errNilValue
	}
	return nil
}

func (s *store) Delete(key []byte) error     { return s.remove(key, pebble.NoSync) }
func (s *store) DeleteSync(key []byte) error { return s.remove(key, pebble.Sync) }

func (s *store) remove(key []byte, o *pebble.WriteOptions) error {
	if len(key) == 0 {
		return errEmptyKey
	}
	defer s.enter()()
	return s.db.Delete(key, o)
}

func (s *store) Print() error             { return nil }
func (s *store) Stats() map[string]string { return map[string]string{"pebble": s.metrics()} }

func (s *store) metrics() string {
	defer s.enter()()
	return s.db.Metrics().String()
}

// Compact compacts the keys from start to end; nil means from the first, or to
// the last.
func (s *store) Compact(start, end []byte) error {
	if end == nil {
		end = bytes.Repeat([]byte{0xff}, 64)
	}
	if bytes.Compare(start, end) >= 0 {
		return nil
	}
	defer s.enter()()
	return s.db.Compact(context.Background(), append([]byte{}, start...), end, true)
}

// storeLogger keeps Pebble's notices at the lowest level.
type storeLogger struct {
	log *slog.Logger
	end func(error) // Config.Fatal
}

func (l storeLogger) Infof(format string, args ...any) {
	if ctx := context.Background(); l.log.Enabled(ctx, slog.LevelDebug-4) {
		l.log.Log(ctx, slog.LevelDebug-4, fmt.Sprintf(format, args...))
	}
}

func (l storeLogger) Errorf(format string, args ...any) {
	l.log.Error(fmt.Sprintf(format, args...))
}

// Fatalf must not return: Pebble cannot write, and going on would lose data.
func (l storeLogger) Fatalf(format string, args ...any) {
	what, _, _ := strings.Cut(fmt.Sprintf(format, args...), "\n")
	var cause error
	for _, a := range args {
		if err, ok := a.(error); ok {
			cause = err
		}
	}
	l.stop(&storeError{"the engine's store cannot go on: " + what, cause})
}

// corrupted tells of a table that cannot be read.
func (l storeLogger) corrupted(info pebble.DataCorruptionInfo) {
	what, _, _ := strings.Cut(fmt.Sprint(info.Details), "\n")
	l.stop(&storeError{fmt.Sprintf("the engine's store is damaged: %s: %s. Nothing was changed. Restore the home from a backup", info.Path, what), info.Details})
}

func (l storeLogger) stop(err error) {
	l.Errorf("%v", err)
	if l.end != nil {
		l.end(err)
	}
	panic(fmt.Errorf("node: %w", err))
}

// A storeError has one line of words, however much its cause says.
type storeError struct {
	what  string
	cause error
}

func (e *storeError) Error() string { return e.what }
func (e *storeError) Unwrap() error { return e.cause }
