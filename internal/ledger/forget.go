package ledger

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/cockroachdb/pebble/v2"

	"licet/license"
)

// Forgetting. A seal deletes openings from the state; a store that only appends
// keeps the bytes in older files for as long as it likes. So a commit that deletes
// openings marks them, and the files that hold them are rewritten in the
// background: as soon as a checkpoint covers that commit, so that proofs never
// miss the states that are let go for it. A mark outlives a crash.

// deleteAtOnce deletes the store's files when they are not needed any more. What
// marks it as a cleaner that needs their contents keeps the store from writing
// new logs over old ones, whose bytes would stay behind the new ones.
type deleteAtOnce struct {
	pebble.DeleteCleaner
	needsContents
}

type needsContents struct{ pebble.ArchiveCleaner } // deeper: its Clean is not ours

// A forgetter knows what is to be forgotten. It is guarded by the ledger's mu.
type forgetter struct {
	from   int64         // the first height whose state lacks it all
	noted  int64         // the newest height that has a checkpoint
	wanted bool          // marks stand in the store
	busy   bool          // a rewrite runs
	ended  chan struct{} // closed when a rewrite ends
	err    error         // of the newest rewrite
	ctx    context.Context
	cancel context.CancelFunc
	runs   sync.WaitGroup
}

// Forgotten returns when the store's files hold nothing of what commits so far
// deleted. It waits for the checkpoint that covers them. Files that still wait
// for their removal are removed at Close at the latest.
func (l *Ledger) Forgotten(ctx context.Context) error {
	for {
		l.mu.RLock()
		wanted, ended, err := l.forget.wanted, l.forget.ended, l.forget.err
		l.mu.RUnlock()
		if !wanted || err != nil {
			return err
		}
		select {
		case <-ended:
		case <-ctx.Done():
			return fmt.Errorf("sealed openings still stand in the registry's files: %w", context.Cause(ctx))
		}
	}
}

// resumeForgetting goes on with what marks say that a crash broke off. It is
// called by Open, when no older state is held.
func (l *Ledger) resumeForgetting() error {
	marked, err := l.marked(l.head.Height)
	if err != nil || len(marked) == 0 {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forget.from, l.forget.noted, l.forget.wanted = l.head.Height, l.head.Height, true
	l.startForgetting()
	return nil
}

// mayForget starts to forget when the checkpoint of a height covers it.
func (l *Ledger) mayForget(height int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forget.noted = max(l.forget.noted, height)
	l.startForgetting()
}

// startForgetting lets older states go and rewrites files, when there is reason
// to. mu is held.
func (l *Ledger) startForgetting() {
	f := &l.forget
	if !f.wanted || f.busy || f.noted < f.from || f.ctx.Err() != nil {
		return
	}
	f.busy = true
	var older []*State
	for len(l.recent) > 1 && l.recent[1].since <= f.from {
		older, l.recent = append(older, l.recent[0]), l.recent[1:]
	}
	from := f.from
	f.runs.Go(func() {
		err := l.rewrite(from, older)
		l.mu.Lock()
		defer l.mu.Unlock()
		f.busy, f.err = false, err
		f.wanted = err != nil || f.from != from // more was sealed meanwhile
		close(f.ended)
		f.ended = make(chan struct{})
		if err == nil {
			l.startForgetting()
		}
	})
}

// rewrite removes what was forgotten up to a height from the store's files.
func (l *Ledger) rewrite(height int64, older []*State) error {
	for _, s := range older {
		s.Release()
	}
	for _, s := range older { // whoever still reads them
		select {
		case <-s.closed:
		case <-l.forget.ctx.Done():
			return l.forget.ctx.Err()
		}
	}
	marked, err := l.marked(height)
	if err != nil {
		return err
	}
	// Deleted once more, so that newer files lie over the ones that hold the
	// bytes, at whatever level: merging them leaves neither.
	b := l.db.NewBatch()
	defer func() { _ = b.Close() }()
	for _, c := range marked {
		if err := b.Delete(key(keyOpening, c[:]), nil); err != nil {
			return err
		}
	}
	if err := errors.Join(b.Commit(pebble.Sync), l.db.Flush()); err != nil {
		return err
	}
	done := l.db.NewBatch()
	defer func() { _ = done.Close() }()
	for _, c := range marked {
		k := key(keyOpening, c[:])
		if err := l.db.Compact(l.forget.ctx, k, append(k, 0), false); err != nil {
			return err
		}
		if err := done.Delete(key(keyForget, c[:]), nil); err != nil {
			return err
		}
	}
	return done.Commit(pebble.Sync)
}

// marked lists the openings that were deleted up to a height and still stand in
// files.
func (l *Ledger) marked(height int64) (out []license.Hash, err error) {
	prefix := []byte{keyForget}
	it, err := l.db.NewIter(&pebble.IterOptions{LowerBound: prefix, UpperBound: after(prefix)})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	for ok := it.First(); ok; ok = it.Next() {
		if len(it.Key()) == 33 && len(it.Value()) == 8 && be64(it.Value()) <= height {
			out = append(out, license.Hash(it.Key()[1:]))
		}
	}
	return out, it.Error()
}

// stopForgetting ends what runs in the background. What is left undone is marked.
func (l *Ledger) stopForgetting() {
	l.forget.cancel()
	l.forget.runs.Wait()
}
