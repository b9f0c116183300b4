package sim

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"licet/internal/ledger"
	"licet/tx"
)

// A block is what the engine keeps of a height, and gives again after a crash.
type block struct {
	height int64
	time   time.Time
	txs    [][]byte
}

// A replica is one member's ledger on a disk that forgets what was not synced.
type replica struct {
	name    string
	disk    *vfs.MemFS
	ledger  *ledger.Ledger
	founded []byte
	start   time.Time
	rng     *rand.Rand
	verify  func(tx.Signature, []byte) error

	mu     sync.Mutex  // guards the next three: the store writes from goroutines of its own
	writes int         // until the crash, while one is planned
	clone  *vfs.MemFS  // the disk as the crash leaves it
	plan   bool        // a crash within Commit is planned
	engine []block     // what the engine may have to give again
	seen   map[int]int // crashes by kind, for the report
	kind   int         // of the newest block's crash; crashKinds: none
}

// Kinds of crashes.
const (
	crashBeforeCommit = iota // decided, nothing written
	crashInCommit            // at one of the writes of the batch
	crashAfterCommit
	stopped // closed in order
	crashKinds
)

var crashNames = [crashKinds]string{"before Commit", "in Commit", "after Commit", "stopped in order"}

func newReplica(name string, founding []byte, start time.Time, rng *rand.Rand, verify func(tx.Signature, []byte) error) (*replica, error) {
	r := &replica{name: name, disk: vfs.NewCrashableMem(), founded: founding, start: start, rng: rng, verify: verify, seen: map[int]int{}}
	if err := r.open(); err != nil {
		return nil, err
	}
	_, _, err := r.ledger.Genesis(start, founding)
	return r, err
}

func (r *replica) open() (err error) {
	watched := errorfs.Wrap(r.disk, errorfs.InjectorFunc(func(op errorfs.Op) error {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.plan && op.Kind.ReadOrWrite() == errorfs.OpIsWrite {
			if r.writes--; r.writes < 0 && r.clone == nil {
				r.clone = r.crashed()
			}
		}
		return nil
	}))
	r.ledger, err = ledger.Open("registry", ledger.Options{FS: watched, Verify: r.verify, Cache: 8 << 20})
	return err
}

// crashed is the disk as a crash at this moment leaves it: what was synced, and a
// random part of what was not. The file system draws as often as it likes, so it
// gets a source of its own.
func (r *replica) crashed() *vfs.MemFS {
	return r.disk.CrashClone(vfs.CrashCloneCfg{
		UnsyncedDataPercent: []int{0, 50, 100}[r.rng.IntN(3)], RNG: rand.New(rand.NewPCG(r.rng.Uint64(), 0)),
	})
}

// apply brings the replica to the block, through a crash or not. The outcomes are
// nil when a restart found the block durable.
func (r *replica) apply(b block, crash bool) (app [32]byte, os []ledger.Outcome, err error) {
	r.engine = []block{b} // Commit is synced: the engine has at most this one more
	kind := crashKinds
	if crash {
		kind = r.rng.IntN(crashKinds)
		r.seen[kind]++
	}
	r.kind = kind
	if app, os, _, err = r.ledger.Finalize(b.height, b.time, b.txs); err != nil {
		return app, nil, err
	}
	switch kind {
	case crashBeforeCommit:
		r.clone = r.crashed()
		return r.restart(b.height-1, b.height-1, app)
	case crashInCommit:
		r.planCrash(r.rng.IntN(4))
	}
	err = r.ledger.Commit()
	r.mu.Lock()
	r.plan = false
	r.mu.Unlock()
	if err != nil {
		return app, nil, err
	}
	switch kind {
	case crashInCommit:
		if r.clone != nil {
			return r.restart(b.height-1, b.height, app)
		}
		fallthrough
	case crashAfterCommit:
		r.clone = r.crashed()
		return r.restart(b.height, b.height, app)
	case stopped:
		r.clone = nil
		return r.restart(b.height, b.height, app)
	}
	return app, os, nil
}

// planCrash lets the disk of the coming Commit be cloned before one of its writes.
func (r *replica) planCrash(writes int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.plan, r.writes, r.clone = true, writes, nil
}

// restart opens the store again, checks that it stands at a height between low and
// high, and plays what the engine still has.
func (r *replica) restart(low, high int64, want [32]byte) (app [32]byte, os []ledger.Outcome, err error) {
	if err := r.ledger.Close(); err != nil {
		return app, nil, err
	}
	if r.clone != nil {
		r.disk, r.clone = r.clone, nil
	}
	if err := r.open(); err != nil {
		return app, nil, fmt.Errorf("after a crash: %w", err)
	}
	h := r.ledger.Head()
	if h.Height < low || h.Height > high {
		return app, nil, fmt.Errorf("after a crash the store stands at block %d, and %d was durable", h.Height, low)
	}
	if _, _, err := r.ledger.Genesis(r.start, r.founded); err != nil {
		return app, nil, err
	}
	for _, b := range r.engine {
		if b.height <= h.Height {
			continue
		}
		if app, os, _, err = r.ledger.Finalize(b.height, b.time, b.txs); err == nil {
			err = r.ledger.Commit()
		}
		if err != nil {
			return app, nil, fmt.Errorf("replaying block %d: %w", b.height, err)
		}
	}
	h = r.ledger.Head()
	if app = h.AppHash(); app != want {
		return app, nil, fmt.Errorf("the same block gave app hash %x, and %x after a crash", want, app)
	}
	return app, os, nil
}
