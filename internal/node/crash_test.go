package node

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// A process may die on any line. Here it dies where it matters, while a block
// with an act is being applied; the disk keeps what was synced and a random part
// of the rest. The node must start again, with the act recorded exactly once.
func TestCrash(t *testing.T) {
	for _, where := range []string{"finalize", "commit", "committed"} {
		for _, unsynced := range []int{0, 50, 100} {
			t.Run(fmt.Sprintf("%s, %d%% of the unsynced data kept", where, unsynced), func(t *testing.T) {
				crash(t, where, unsynced)
			})
		}
	}
}

func crash(t *testing.T, where string, unsynced int) {
	s := seats(t, 1)[0]
	s.start()
	s.submit("note before the crash")
	s.stop()
	s.open()
	var victim int64 = -1
	inside, release := s.hold(where, func(h int64) bool {
		// The first block after the restart may be an empty one; take the one
		// with the act.
		if victim < 0 && s.reg.txs > 0 {
			victim = h
		}
		return victim == h
	})
	s.start()
	outcome := s.inBackground("note in flight")
	<-inside

	dead := *s // what is left after the crash
	dead.cfg.Home = filepath.Join(t.TempDir(), "engine")
	if err := os.CopyFS(dead.cfg.Home, os.DirFS(s.cfg.Home)); err != nil {
		t.Fatal(err)
	}
	dead.fs = s.fs.(*vfs.MemFS).CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: unsynced, RNG: rand.New(rand.NewPCG(1, 2))})
	dead.cfg.Stores = &Stores{FS: dead.fs, Dir: "engine"}
	dead.reg, dead.node = nil, nil

	close(release) // the first life ends in peace, unseen
	<-outcome
	s.stop()

	dead.start()
	o := dead.submit("note in flight")
	if string(o.Data) != `{"index":1}` || o.Height != victim {
		t.Errorf("the act in flight at block %d: %+v", victim, o)
	}
	if o := dead.submit("note after the crash"); string(o.Data) != `{"index":2}` {
		t.Errorf("the next act: %+v", o)
	}
	for h := range dead.node.Checkpointed() {
		if signed, total, _ := dead.reg.weightUnder(t, h); signed != total {
			t.Errorf("note of block %d: weight %d of %d", h, signed, total)
		}
	}
}
