package lookup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"licet/internal/ledger"
	"licet/license"
	"licet/strict"
)

// entriesPerStep is how many entries one SQL transaction takes in at most. Who is
// far behind writes much at once: neighbors in the index share their pages.
const entriesPerStep = 20_000

// Where so many entries came at once that somebody imports a file, the next ones are
// taken in no sooner than so long after these: rows of many blocks are written together.
const (
	manyEntries = 500
	gatherFor   = 500 * time.Millisecond
)

// Follow keeps the copy at the newest state until ctx ends; then it returns nil.
// An error means that the copy cannot go on: the disk, or a damaged store.
func (l *Lookup) Follow(ctx context.Context) error {
	for {
		changed := l.source.Changed() // before State, so that no commit is missed
		next, before := time.After(gatherFor), l.Position().Size
		if err := l.CatchUp(ctx); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		if l.Position().Size-before >= manyEntries {
			select {
			case <-next:
			case <-ctx.Done():
				return nil
			}
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil
		}
	}
}

// CatchUp brings the copy to the newest state. While it runs, rows may already be
// newer than Position says; afterwards they are exactly of its index.
func (l *Lookup) CatchUp(ctx context.Context) error {
	s, err := l.source.State()
	if errors.Is(err, ledger.ErrNoState) {
		return nil
	}
	if err != nil {
		return err
	}
	defer s.Release()
	if err := l.checkLog(ctx, s); err != nil {
		return err
	}
	for l.Position().Size < s.Head.Size {
		if err := l.step(ctx, s); err != nil {
			return fmt.Errorf("lookup: from entry %d: %w", l.Position().Size, err)
		}
	}
	return l.scrub(ctx)
}

// checkLog compares, once, the copy's position with the log. A copy of another
// network, or of a log that this one does not begin with, is emptied.
func (l *Lookup) checkLog(ctx context.Context, s *ledger.State) error {
	if l.checked {
		return nil
	}
	var origin, root string
	var size int64
	if err := l.write.row(ctx, "SELECT origin, size, root FROM position").Scan(&origin, &size, &root); err != nil {
		return fmt.Errorf("lookup: %w", err)
	}
	fits := origin == s.Head.Origin && size <= s.Head.Size
	if fits && size > 0 {
		h, err := tlog.TreeHash(size, s.Hashes())
		if err != nil {
			return err
		}
		fits = license.Hash(h).String() == root
	}
	if !fits {
		if err := l.empty(ctx, s.Head.Origin); err != nil {
			return fmt.Errorf("lookup: the copy is of another log and cannot be emptied: %w", err)
		}
	}
	l.checked = true
	return nil
}

// empty removes everything, so that the copy begins anew.
func (l *Lookup) empty(ctx context.Context, origin string) error {
	l.write.forgetKnown()
	err := l.write.within(ctx, "BEGIN IMMEDIATE", func() error {
		for _, t := range []string{"claims", "postings", "forms", "professions", "files", "deeds", "licenses"} {
			if err := l.write.exec(ctx, "DELETE FROM "+t); err != nil {
				return err
			}
		}
		return l.write.exec(ctx, "UPDATE position SET origin = ?, size = 0, root = '', block = 0, time = '', scrub = 1", origin)
	})
	if err != nil {
		return err
	}
	l.advance(Position{})
	return nil
}

// A stretch is a run of entries, as far as the copy cares.
type stretch struct {
	next     Position
	licenses []string // that entries, or facts of theirs, are about; each once, in their order
	claims   []string // that entries are about, likewise
	boards   []string // likewise: who may see what may have changed
	takes    bool     // an entry takes back, replaces or seals something
	deeds    map[deed]int64
}

func readStretch(s *ledger.State, first int64) (t stretch, err error) {
	es, err := s.EntriesRange(first, entriesPerStep)
	if err != nil {
		return t, err
	}
	if len(es) == 0 {
		return t, fmt.Errorf("the log has %d entries, and entry %d cannot be read", s.Head.Size, first)
	}
	t.deeds = map[deed]int64{}
	seen := map[string]bool{}
	about := func(list *[]string, id string) {
		if !seen[id] {
			seen[id] = true
			*list = append(*list, id)
		}
	}
	for i, b := range es {
		var e license.Entry
		if err := strict.Decode(b, &e, license.EntryBytesMax); err != nil {
			return t, fmt.Errorf("entry %d: %w", first+int64(i), err)
		}
		t.next = Position{Size: first + int64(i) + 1, Block: e.Block, Time: e.Time}
		t.takes = t.takes || len(e.Voids) > 0 || e.Replaces != license.Hash{} ||
			slices.ContainsFunc(e.Changes, func(c license.Change) bool { return c.Do == license.DoSeal })
		switch {
		case e.Kind == license.KindBoard && e.Act != "board.create":
			t.boards, t.takes = append(t.boards, e.ID), true
		case e.Kind == license.KindLicense:
			about(&t.licenses, e.ID)
			t.deed(&e)
		case e.Kind == license.KindClaim:
			about(&t.claims, e.ID)
		case e.Kind == license.KindFact:
			var f license.Fact
			if err := strict.Decode(e.Body, &f, license.EntryBytesMax); err != nil {
				return t, fmt.Errorf("entry %d: %w", first+int64(i), err)
			}
			if f.Code == license.FactDBA {
				about(&t.licenses, f.About)
				t.takes = t.takes || e.Act != "fact.record"
			}
		}
	}
	return t, nil
}

// step takes in one stretch of entries: rows and position in one transaction.
func (l *Lookup) step(ctx context.Context, s *ledger.State) error {
	t, err := readStretch(s, l.Position().Size)
	if err != nil {
		return err
	}
	root, err := tlog.TreeHash(t.next.Size, s.Hashes())
	if err != nil {
		return err
	}
	w := l.write
	w.ctx = ctx
	err = w.within(ctx, "BEGIN IMMEDIATE", func() error {
		if err := w.stretch(&t, newReader(s)); err != nil {
			return err
		}
		if err := w.putDeeds(t.deeds); err != nil {
			return err
		}
		return w.exec(ctx, "UPDATE position SET origin = ?, size = ?, root = ?, block = ?, time = ?, scrub = max(scrub, ?)",
			s.Head.Origin, t.next.Size, license.Hash(root).String(), t.next.Block, string(t.next.Time), t.takes)
	})
	if err != nil {
		w.forgetKnown()
		return err
	}
	if len(t.claims) > 0 {
		l.claimed.Store(true)
	}
	l.advance(t.next)
	return nil
}

// scrub cuts off the write-ahead log when rows were taken back: its frames hold
// pages as they were before. What is left in the file itself was overwritten as
// it was deleted. While searches hold the log, it waits for the next call; the
// table remembers.
func (l *Lookup) scrub(ctx context.Context) error {
	var due bool
	if err := l.write.row(ctx, "SELECT scrub FROM position").Scan(&due); err != nil || !due {
		return err
	}
	var busy, frames, moved int
	err := l.write.row(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved)
	if err != nil || busy != 0 {
		return err
	}
	return l.write.exec(ctx, "UPDATE position SET scrub = 0")
}
