package ledger_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"licet/internal/ledger"
	"licet/internal/ledgertest"
	"licet/license"
	"licet/proof"
)

// A failing disk refuses writes from the nth on, once it is armed.
type failing struct {
	armed atomic.Bool
	once  bool // only the nth write fails; else it and all after it
	left  atomic.Int64
	hit   atomic.Bool
	err   error
}

func (f *failing) String() string { return "failing disk" }

// MaybeError implements errorfs.Injector.
func (f *failing) MaybeError(op errorfs.Op) error {
	if !f.armed.Load() || op.Kind.ReadOrWrite() != errorfs.OpIsWrite {
		return nil
	}
	if n := f.left.Add(-1); n >= 0 || f.once && n < -1 {
		return nil
	}
	f.hit.Store(true)
	return f.err
}

// stopped runs what may fail for good: the store's own last word is a panic, which
// ends the process of a node.
func stopped(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("stopped: %v", p)
		}
	}()
	return f()
}

// issuing are the transactions of the block under test.
func issuing(t testing.TB, l *ledger.Ledger) [][]byte {
	r := ledgertest.Over(t, l)
	var txs [][]byte
	for i := range 3 {
		o, ref := r.Opening(license.OpeningName, license.Name{Family: "Lee", Given: "Ann"})
		txs = append(txs, r.Sign(true, []license.Act{&license.LicenseIssue{
			License: fmt.Sprintf("us-il.nurse.04100050%d", i), Licensee: r.ID(), Subject: license.SubjectPerson,
			Issued: "2020-06-01", From: "2024-06-01", Openings: []license.OpeningRef{ref},
		}}, []license.Opening{o}, "clerk"))
	}
	return txs
}

// A crash at any write of a block, a failed write or sync, a full disk: Commit says
// so, and what is opened again is the state before or after the block.
func TestCommitFailsBetweenBlocksOnly(t *testing.T) {
	for _, cause := range []error{errorfs.ErrInjected, syscall.ENOSPC} {
		for _, once := range []bool{true, false} {
			n := 0
			for failWrite(t, int64(n), once, cause) {
				n++
			}
			if n < 2 {
				t.Errorf("a block has %d writes; is nothing synced?", n)
			}
		}
	}
}

// failWrite lets the nth write of a block fail, and says whether there was one.
func failWrite(t *testing.T, n int64, once bool, cause error) bool {
	disk := vfs.NewCrashableMem()
	bad := &failing{err: cause, once: once}
	l, err := ledger.Open("store", ledger.Options{FS: errorfs.Wrap(disk, bad)})
	if err != nil {
		t.Fatal(err)
	}
	before := ledgertest.Found(t, l, ledgertest.Name).Head()
	app, _, _, err := l.Finalize(1, ledgertest.Start.Time().Add(time.Minute), issuing(t, l))
	if err != nil {
		t.Fatal(err)
	}
	bad.left.Store(n)
	bad.armed.Store(true)
	err = stopped(l.Commit)
	bad.armed.Store(false)
	if !bad.hit.Load() {
		if err != nil {
			t.Fatal(err)
		}
		return l.Close() != nil
	}
	if err == nil && l.Head().Height == 1 {
		// The write was one that the block does not rest on; then it is durable.
		checkReopened(t, disk.CrashClone(vfs.CrashCloneCfg{}), before, app, 1)
		return true
	}
	if cause == syscall.ENOSPC && !strings.Contains(err.Error(), "no space left") {
		t.Errorf("the disk is full, and Commit says: %v", err)
	}
	for _, percent := range []int{0, 50, 100} {
		clone := disk.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: percent, RNG: rand.New(rand.NewPCG(uint64(n), 1))})
		checkReopened(t, clone, before, app, 0)
	}
	return true
}

// checkReopened checks that a crashed disk holds the state before the block or
// after it, and that the block can be applied again.
func checkReopened(t *testing.T, disk *vfs.MemFS, before ledger.Head, app [32]byte, low int64) {
	t.Helper()
	l, err := ledger.Open("store", ledger.Options{FS: disk})
	if err != nil {
		t.Fatalf("after a crash: %v", err)
	}
	defer func() { _ = l.Close() }()
	switch h := l.Head(); {
	case h.Height < low || h.Height > 1:
		t.Fatalf("after a crash the store stands at block %d", h.Height)
	case h.Height == 0:
		if h.AppHash() != before.AppHash() || h.Map != before.Map {
			t.Fatal("the state before the block is another one now")
		}
		if _, _, _, err := l.Finalize(1, ledgertest.Start.Time().Add(time.Minute), issuing(t, l)); err != nil {
			t.Fatal(err)
		}
		if err := l.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	if h := l.Head(); h.AppHash() != app {
		t.Fatal("the same block gives another app hash after a crash")
	}
	ledger.CheckWhole(t, l)
}

// A damaged page of the map is told as damage; no proof is made from it that does
// not hold, or holds something else.
func TestDamagedPagesProveNothingWrong(t *testing.T) {
	r := ledgertest.New(t)
	for i := range 40 {
		r.Issue(fmt.Sprintf("0410010%02d", i), annLee, "2027-05-31")
	}
	it, err := r.DB().NewIter(&pebble.IterOptions{LowerBound: []byte{'p'}, UpperBound: []byte{'q'}})
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]string{}
	for ok := it.First(); ok; ok = it.Next() {
		pages[string(it.Key())] = string(it.Value())
	}
	if err := it.Close(); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(7, 7))
	told := 0
	for k, v := range pages {
		b := []byte(v)
		b[rng.IntN(len(b))] ^= byte(1 << rng.IntN(8))
		if err := r.DB().Set([]byte(k), b, pebble.Sync); err != nil {
			t.Fatal(err)
		}
		told += damagedReads(t, r)
		if err := r.DB().Set([]byte(k), []byte(v), pebble.Sync); err != nil {
			t.Fatal(err)
		}
	}
	if told == 0 {
		t.Error("no damage was noticed")
	}
}

// damagedReads opens the damaged store from the disk and asks for proofs. It returns
// how often damage was told.
func damagedReads(t *testing.T, r *ledgertest.Registry) (told int) {
	t.Helper()
	disk := vfs.NewMem()
	if err := r.DB().Checkpoint("copy"); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.FS().RemoveAll("copy") }()
	if _, err := vfs.Clone(r.FS(), disk, "copy", "copy"); err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open("copy", ledger.Options{FS: disk})
	if err != nil {
		if !strings.Contains(err.Error(), "damaged") {
			t.Errorf("a damaged store is refused with: %v", err)
		}
		return 1
	}
	defer func() { _ = l.Close() }()
	s, err := l.State()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	for i := range 42 {
		id := fmt.Sprintf("us-il.nurse.0410010%02d", i)
		v, err := s.Value(license.KindLicense, id)
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.Prove(license.KindLicense, id)
		if err != nil {
			told++
			continue
		}
		var want *[32]byte
		if v != nil {
			h := [32]byte(license.HashOf(v))
			want = &h
		}
		if err := p.Verify(s.Head.Map, proof.MapKey(license.KindLicense, id), want); err != nil {
			t.Errorf("a damaged page gave a proof that does not hold: %v", err)
		}
	}
	if _, _, _, err := l.Finalize(s.Head.Height+1, ledgertest.Start.Time().Add(time.Hour), issuing(t, l)); err != nil {
		told++
	}
	return told
}

// A flipped byte in a table is an error or does not matter; never another answer.
func TestDamagedTables(t *testing.T) {
	disk := vfs.NewMem()
	l, err := ledger.Open("store", ledger.Options{FS: disk})
	if err != nil {
		t.Fatal(err)
	}
	r := ledgertest.Found(t, l, ledgertest.Name)
	for i := range 10 {
		r.Issue(fmt.Sprintf("0410020%02d", i), annLee, "2027-05-31")
	}
	truth := answers(l)
	if err := errors.Join(l.DB().Flush(), l.Close()); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(9, 9))
	told := 0
	for range 40 {
		bad := vfs.NewMem()
		if _, err := vfs.Clone(disk, bad, "store", "store"); err != nil {
			t.Fatal(err)
		}
		spoilTable(t, bad, rng)
		got, err := readSpoiled(bad)
		switch {
		case err != nil || strings.Contains(got, "error"):
			told++
		case got != truth:
			t.Fatalf("a flipped byte changed an answer:\n%s\n%s", got, truth)
		}
	}
	if told == 0 {
		t.Error("no damage was noticed")
	}
}

// readSpoiled reads a store that may be damaged. What has no caller to be told, the
// ledger tells its end; the goroutine that found it ends there, as a process would.
func readSpoiled(disk *vfs.MemFS) (got string, err error) {
	ended, done := make(chan error, 100), make(chan error, 1)
	go func() {
		defer close(done) // also when this goroutine is the one that ends
		l, err := ledger.Open("store", ledger.Options{FS: disk, Fatal: func(err error) {
			ended <- err
			runtime.Goexit()
		}})
		if err == nil { // it stays open: what the store waits for may have ended
			got = answers(l)
		}
		done <- err
	}()
	err = <-done
	select {
	case end := <-ended:
		err = errors.Join(err, end)
	default:
	}
	return got, err
}

func spoilTable(t *testing.T, disk *vfs.MemFS, rng *rand.Rand) {
	t.Helper()
	names, err := disk.List("store")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		if strings.HasSuffix(n, ".sst") {
			b, err := disk.UnsafeGetFileDataBuffer("store/" + n)
			if err != nil {
				t.Fatal(err)
			}
			b[rng.IntN(len(b))] ^= byte(1 << rng.IntN(8))
			return
		}
	}
	t.Fatal("there is no table to spoil")
}

// answers are all entries and records of a ledger, or the error in their place.
func answers(l *ledger.Ledger) string {
	s, err := l.State()
	if err != nil {
		return "error: " + err.Error()
	}
	defer s.Release()
	var b strings.Builder
	es, err := s.EntriesRange(0, s.Head.Size)
	if err != nil {
		return "error: " + err.Error()
	}
	for _, e := range es {
		b.Write(e)
	}
	ids, err := s.IDs(license.KindLicense, "", 100)
	if err != nil {
		return "error: " + err.Error()
	}
	for _, id := range ids {
		v, err := s.Value(license.KindLicense, id)
		if err != nil {
			return "error: " + err.Error()
		}
		b.Write(v)
	}
	return b.String()
}

// A directory that cannot be written, and one that another process has open, are
// refused with a sentence.
func TestOpenRefuses(t *testing.T) {
	disk := vfs.NewMem()
	l, err := ledger.Open("store", ledger.Options{FS: disk})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Open("store", ledger.Options{FS: disk}); err == nil || !strings.Contains(err.Error(), "cannot be opened") {
		t.Errorf("opened twice: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	bad := &failing{err: syscall.EACCES}
	bad.armed.Store(true)
	err = stopped(func() error {
		_, err := ledger.Open("store", ledger.Options{FS: errorfs.Wrap(disk, bad)})
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "cannot be opened") || !errors.Is(err, syscall.EACCES) {
		t.Errorf("a directory that cannot be written: %v", err)
	}
}
