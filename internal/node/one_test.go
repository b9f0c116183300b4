package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestOneValidator(t *testing.T) {
	s := seats(t, 1)[0]
	var warmed atomic.Int64
	s.cfg.Prefetch = func([]byte) { warmed.Add(1) }
	s.start()
	const acts = 300
	for i := range acts {
		o := s.submit(fmt.Sprintf("note %d", i))
		if o.Code != "" || string(o.Data) != fmt.Sprintf(`{"index":%d}`, i) {
			t.Fatalf("act %d: outcome %+v", i, o)
		}
		text, _, _ := s.reg.CheckpointText(o.Height)
		if !strings.HasPrefix(text, fmt.Sprintf("%s\n%d\n", registryOrigin, i+1)) {
			t.Fatalf("act %d: its checkpoint is %q", i, text)
		}
		if s.node.Checkpointed() == o.Height {
			if signed, total, _ := s.reg.weightUnder(t, o.Height); signed != total {
				t.Fatalf("act %d: weight %d of %d", i, signed, total)
			}
		}
	}
	if warmed.Load() != 2*acts {
		t.Errorf("prefetch saw %d transactions, not each of %d once at Submit and once in its block", warmed.Load(), acts)
	}
	// A refusal changes nothing, so no block follows; the log stands checkpointed.
	o := s.submit("refuse this")
	if o.Code != "refused" {
		t.Errorf("outcome of a refusal: %+v", o)
	}
}

// An idle chain is silent between heartbeats: after an act come its own block and
// one block that proves it, then nothing until the heartbeat, which changes no
// hash and renews the cosignature's time.
func TestHeartbeat(t *testing.T) {
	s := seats(t, 1)[0]
	s.cfg.Heartbeat = 400 * time.Millisecond
	s.open()
	at := make(chan time.Time, 100)
	s.reg.at = func(where string, _ int64) {
		if where == "committed" {
			at <- time.Now()
		}
	}
	s.start()
	o := s.submit("note one")
	first, _, _ := s.reg.CheckpointText(o.Height)
	_, _, t0 := s.reg.weightUnder(t, o.Height)
	last := o.Height + 1
	for t1 := t0; t1 == t0; last++ { // the time has whole seconds
		if last > o.Height+8 {
			t.Fatalf("the cosignature's time is still %d", t0)
		}
		if err := s.node.WaitNote(t.Context(), last); err != nil {
			t.Fatal(err)
		}
		if later, _, _ := s.reg.CheckpointText(last); first != later {
			t.Errorf("a heartbeat changed the text from %q to %q", first, later)
		}
		_, _, t1 = s.reg.weightUnder(t, last)
	}
	var commits []time.Time
	for range last {
		commits = append(commits, <-at)
	}
	// Index h-1 is block h. Block o.Height+1 proves the act; each later one is a
	// heartbeat.
	for h := o.Height + 2; h <= last; h++ {
		if gap := commits[h-1].Sub(commits[h-2]); gap < s.cfg.Heartbeat-50*time.Millisecond {
			t.Errorf("block %d came %v after the one before", h, gap)
		}
	}
	if h := s.reg.Head(); h.AppHash != appHash(1, h.Root) {
		t.Error("a heartbeat changed the app hash")
	}
}

func TestRestart(t *testing.T) {
	s := seats(t, 1)[0]
	s.start()
	o := s.submit("note before")
	notes := map[int64][]byte{}
	for h := range o.Height + 1 {
		notes[h], _ = s.reg.Note(h)
	}
	first := s.reg.Head()
	s.stop()

	s.start()
	if got := s.node.Checkpointed(); got < o.Height {
		t.Errorf("after the restart the newest checkpoint is of block %d, before it was of %d", got, o.Height)
	}
	for h, want := range notes {
		if got, _ := s.reg.Note(h); !bytes.Equal(got, want) {
			t.Errorf("the note of block %d changed from\n%s\nto\n%s", h, want, got)
		}
	}
	if h := s.reg.Head(); h.AppHash != first.AppHash {
		t.Error("the app hash changed")
	}
	again := s.submit("note before")
	if again.Height != o.Height {
		t.Errorf("the old transaction again: block %d, was %d", again.Height, o.Height)
	}
	if o := s.submit("note after"); string(o.Data) != `{"index":1}` {
		t.Errorf("the first act after the restart: %+v", o)
	}
}

func TestEqualTransactionsShareOutcome(t *testing.T) {
	s := seats(t, 1)[0]
	s.start()
	var wg sync.WaitGroup
	var heights [16]int64
	for i := range heights {
		wg.Go(func() {
			o, err := s.node.Submit(t.Context(), []byte("note same"))
			if err != nil {
				t.Error(err)
			}
			heights[i] = o.Height
		})
	}
	wg.Wait()
	for _, h := range heights {
		if h != heights[0] {
			t.Fatalf("equal transactions in blocks %v", heights)
		}
	}
	if size := s.reg.Head().Size; size != 1 {
		t.Errorf("the log has %d entries", size)
	}
	if n := len(s.node.app.waiters.by); n != 0 {
		t.Errorf("%d waiters are left", n)
	}
}

func TestSubmitErrors(t *testing.T) {
	s := seats(t, 1)[0]
	s.start()
	if _, err := s.node.Submit(t.Context(), make([]byte, MaxTxBytes+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	if _, err := s.node.Submit(t.Context(), []byte("sing a song")); err != errUnknownVerb {
		t.Errorf("turned away by Check: %v", err)
	}
	big := append([]byte("note "), bytes.Repeat([]byte("x"), MaxTxBytes-5)...)
	if o, err := s.node.Submit(t.Context(), big); err != nil || o.Code != "" {
		t.Errorf("just small enough: %+v, %v", o, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.node.Submit(ctx, []byte("note canceled")); !errors.Is(err, ErrPending) || !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
	// It was submitted all the same.
	if o := s.submit("note canceled"); o.Code != "" {
		t.Errorf("the canceled transaction again: %+v", o)
	}
	s.stop()
}

// A full mempool turns away at once.
func TestBusy(t *testing.T) {
	s := seats(t, 1)[0]
	s.cfg.tune = smallMempool
	s.open()
	inside, release := s.hold("finalize", func(h int64) bool { return h >= 2 })
	s.start()
	first := s.inBackground("note first")
	<-inside // the block with it is being finalized; it is still in the mempool
	if _, err := s.node.Submit(t.Context(), []byte("note second")); !errors.Is(err, ErrBusy) {
		t.Errorf("second transaction: %v", err)
	}
	close(release)
	if err := <-first; err != nil {
		t.Error(err)
	}
}

// Stop answers those who wait, and does not wait for them.
func TestStopWhileOneWaits(t *testing.T) {
	ss := seats(t, 2) // the second never starts, so no block is ever decided
	ss[0].start()
	waiting := ss[0].inBackground("note never")
	ss[0].untilWaiting(TxHash([]byte("note never")))
	done := ss[0].node
	ss[0].stop()
	if err := <-waiting; !errors.Is(err, ErrStopped) {
		t.Errorf("the one who waited got %v", err)
	}
	if _, err := done.Submit(t.Context(), []byte("note late")); !errors.Is(err, ErrStopped) {
		t.Errorf("submit after the stop: %v", err)
	}
	if err := done.WaitCheckpoint(t.Context(), 1000); !errors.Is(err, ErrStopped) {
		t.Errorf("wait after the stop: %v", err)
	}
	if err := done.Stop(); err != nil || done.Err() != nil {
		t.Errorf("second stop: %v, failure: %v", err, done.Err())
	}
}

// An error of the state machine stops the node and says why.
func TestMachineFails(t *testing.T) {
	s := seats(t, 1)[0]
	s.open()
	broken := &brokenRegistry{registry: s.reg}
	n, err := Start(s.cfg, s.gen, broken, s.cosigner)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stop)
	broken.on.Store(true)
	if _, err := n.Submit(t.Context(), []byte("note one")); !errors.Is(err, ErrStopped) {
		t.Errorf("submit: %v", err)
	}
	<-n.Done()
	if !errors.Is(n.Err(), errBroken) || !strings.Contains(n.Err().Error(), "block ") {
		t.Errorf("failure: %v", n.Err())
	}
}
