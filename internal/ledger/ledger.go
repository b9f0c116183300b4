// Package ledger is the state machine: it takes blocks of transactions, applies
// their acts to the records by the law of package license, writes what happened
// as entries of the log, and keeps records, log, map and openings in one store,
// one synced batch a block.
//
// The same blocks give the same bytes on every machine: nothing here reads a
// clock, a random number or a map's order on the way from a block to its app hash.
package ledger

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"
	"github.com/cockroachdb/pebble/v2/sstable"
	"github.com/cockroachdb/pebble/v2/vfs"
	"golang.org/x/mod/sumdb/tlog"

	"licet/internal/contract"
	"licet/internal/ledger/trie"
	"licet/license"
	"licet/strict"
	"licet/tx"
)

// RootsKept is how many states proofs can be made at, the newest counted.
const RootsKept = 16

// A Head is a committed state.
type Head struct {
	Origin  string          `json:"origin"` // name / first 8 bytes of the genesis hash
	Height  int64           `json:"height"`
	Size    int64           `json:"size"`    // of the log
	Root    license.Hash    `json:"root"`    // of the log
	Map     license.Hash    `json:"map"`     // root of the map
	Time    license.Instant `json:"time"`    // legal time of the block
	Set     int64           `json:"set"`     // number of the member set in the map
	Rules   int64           `json:"rules"`   // that decide the next block
	Genesis license.Hash    `json:"genesis"` // SHA-256 of the founding payload
	Sets    []setFrom       `json:"sets"`    // which set was written when, the newest two
}

// setFrom says that a member set was written by block From; it decides from
// block From+2 on.
type setFrom struct {
	From int64             `json:"from"`
	Set  license.MemberSet `json:"set"`
}

// AppHash is what the engine agrees on: the log's size and root, nothing else,
// so that an empty block changes nothing.
func (h *Head) AppHash() [32]byte {
	b := append([]byte("licet/app/1"), u64(h.Size)...)
	return sha256.Sum256(append(b, h.Root[:]...))
}

// VotersOf returns the member set that decides a height.
func (h *Head) VotersOf(height int64) license.MemberSet {
	set := h.Sets[0].Set
	for _, s := range h.Sets {
		if s.From+2 <= height {
			set = s.Set
		}
	}
	return set
}

// Options of a ledger.
type Options struct {
	FS    vfs.FS // nil: the machine's
	Cache int64  // bytes of block cache; 0: 256 MiB
	// Fatal is told why the store cannot go on, when no caller can be. It ends the
	// process and does not return; nil: panic.
	Fatal func(error)
	// Verify checks a signature over a header's bytes; nil: tx.Signature.Verify.
	// A node passes one that remembers what held.
	Verify func(tx.Signature, []byte) error
	// NotesKept is for how many of the newest heights checkpoint texts and notes
	// are kept; 0: 2,000. A node needs the newest 1,000; tests may do with fewer.
	NotesKept int64
	// Step is told what a block's work goes on with: "acts", "state" (map and log),
	// "store", and "" when it is done. The ledger has no clock; a bench has.
	Step func(string)
	// Synced is called before each synced write; a bench counts them.
	Synced func()
}

// A Ledger is the state machine on its store. Finalize and Commit are called by
// one goroutine in turn; everything else may be called at any time.
type Ledger struct {
	db   *pebble.DB
	opts Options
	trie *trie.Trie

	mu     sync.RWMutex // guards head, recent, wake, forget
	head   Head
	recent []*State // newest last
	wake   chan struct{}
	forget forgetter
	sets   map[int64]int64 // height of a block that changed the member set → the new set; guarded by mu
	proven map[int64]bool  // of these, whose note has held; guarded by mu

	door   *door
	memory *memory // of the goroutine that calls Finalize and Commit

	packs   map[license.Hash]*contract.Package // contracts that were read; of the same goroutine
	edge    frontier                           // of the committed log
	pruned  []byte                             // of outcomes, the newest age
	pending *block                             // between Finalize and Commit
}

// Open opens or creates the store in dir.
func Open(dir string, opts Options) (*Ledger, error) {
	if opts.Cache == 0 {
		opts.Cache = 256 << 20
	}
	log := fatal{end: opts.Fatal}
	if opts.NotesKept == 0 {
		opts.NotesKept = notesKept
	}
	if opts.Verify == nil {
		opts.Verify = tx.Signature.Verify
	}
	if opts.Step == nil {
		opts.Step = func(string) {}
	}
	cache := pebble.NewCache(opts.Cache)
	defer cache.Unref()
	db, err := pebble.Open(dir, &pebble.Options{
		FS: opts.FS, Cache: cache, Logger: log, EventListener: &pebble.EventListener{DataCorruption: log.corrupted}, MemTableSize: 48 << 20,
		FormatMajorVersion: pebble.FormatNewest, Cleaner: deleteAtOnce{}, Levels: levels(),
	})
	if err != nil {
		return nil, fmt.Errorf("the registry's store in %s cannot be opened: %w", dir, err)
	}
	l := &Ledger{db: db, opts: opts, wake: make(chan struct{}), door: newDoor(), memory: newMemory(db), packs: map[license.Hash]*contract.Package{}}
	l.forget.ended = make(chan struct{})
	l.forget.ctx, l.forget.cancel = context.WithCancel(context.Background())
	if err := errors.Join(l.load(), l.loadSteps(), l.resumeForgetting(), l.readDue()); err != nil {
		l.stopForgetting()
		return nil, errors.Join(err, db.Close())
	}
	return l, nil
}

func (l *Ledger) load() (err error) {
	if l.trie, err = trie.Open(l.db); err != nil {
		return err
	}
	b, err := get(l.db, []byte{keyHead})
	if err != nil || b == nil {
		return err
	}
	if err := strict.Decode(b, &l.head, 1<<20); err != nil {
		return corrupt("head: %v", err)
	}
	if l.edge, err = openFrontier(l.db, l.head.Size); err != nil {
		return err
	}
	if root := l.edge.root(); root != tlog.Hash(l.head.Root) {
		return corrupt("the log's root is %s, the head says %s", root, l.head.Root)
	}
	if root, err := trie.Root(l.db); err != nil || license.Hash(root) != l.head.Map {
		return errors.Join(corrupt("the map's root is %x, the head says %s", root, l.head.Map), err)
	}
	l.keep()
	return nil
}

// keep takes a snapshot of the newest state, for proofs, and lets the oldest go.
func (l *Ledger) keep() {
	s := &State{Head: l.head, snapshot: &snapshot{Snapshot: l.db.NewSnapshot(), closed: make(chan struct{})}, version: l.trie.Newest(), newest: l.db, common: newCommon(), since: l.head.Height}
	s.refs.Add(1)
	l.recent = append(l.recent, s)
	if len(l.recent) > RootsKept {
		l.recent[0].Release()
		l.recent = l.recent[1:]
	}
}

// Close closes the store. States that are still held keep it from closing; release them first.
func (l *Ledger) Close() error {
	l.stopForgetting()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.recent {
		s.Release()
	}
	l.recent = nil
	return l.db.Close()
}

// Head returns the newest committed state. Before genesis its Origin is empty.
func (l *Ledger) Head() Head {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.head
}

// Changed returns a channel that is closed by the next commit.
func (l *Ledger) Changed() <-chan struct{} {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.wake
}

// quiet drops the store's chatter; its errors come back from calls.
type quiet struct{}

func (quiet) Infof(string, ...any)  {}
func (quiet) Errorf(string, ...any) {}

// levels gives every table a filter of its keys: most acts ask for what is not
// there (a commitment that is new, a transaction that was not recorded yet). Only
// the last level, where nearly everything ends, is compressed: half of what is
// written are hashes.
func levels() (l [7]pebble.LevelOptions) {
	for i := range l {
		l[i].FilterPolicy = bloom.FilterPolicy(10)
		l[i].Compression = func() *sstable.CompressionProfile { return sstable.NoCompression }
	}
	l[6].Compression = func() *sstable.CompressionProfile { return sstable.SnappyCompression }
	return l
}

// A CorruptError says that the store does not hold what it must.
type CorruptError struct{ What string }

func (e *CorruptError) Error() string {
	return "the registry's store is damaged: " + e.What + ". Nothing was changed. Restore the home from a backup, or let this node join again."
}

func corrupt(format string, a ...any) error { return &CorruptError{fmt.Sprintf(format, a...)} }

// get returns a value of its own, or nil when it is absent.
func get(r pebble.Reader, k []byte) ([]byte, error) {
	v, c, err := r.Get(k)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func(c io.Closer) { _ = c.Close() }(c)
	return bytes.Clone(v), nil
}

func legal(t time.Time, offset int64) license.Instant {
	return license.InstantUnix(t.Unix() + offset)
}

func be64(b []byte) int64 { return int64(binary.BigEndian.Uint64(b)) }
