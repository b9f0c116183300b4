package node

import (
	"context"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// BenchmarkAct measures one client and one validator on the real disk: an act's
// way to its outcome, and to the checkpoint over it. syncs/act counts the stores
// of the engine and of the machine, not the engine's log and vote record.
func BenchmarkAct(b *testing.B) {
	s := seats(b, 1)[0]
	var syncs atomic.Int64
	disk := CountSyncs(vfs.Default, &syncs)
	dir := b.TempDir()
	s.cfg.Stores = &Stores{FS: disk, Dir: filepath.Join(dir, "engine")}
	s.reg = openRegistry(b, disk, filepath.Join(dir, "registry"))
	s.start()
	s.submit("note to get under way")
	before := syncs.Load()
	var toOutcome, toCheckpoint time.Duration
	i := 0
	for b.Loop() {
		began := time.Now()
		o, err := s.node.Submit(context.Background(), fmt.Appendf(nil, "note %d", i))
		if err != nil {
			b.Fatal(err)
		}
		toOutcome += time.Since(began)
		if err := s.node.WaitCheckpoint(context.Background(), o.Height); err != nil {
			b.Fatal(err)
		}
		toCheckpoint += time.Since(began)
		i++
	}
	b.ReportMetric(float64(toOutcome.Microseconds())/float64(i), "µs/outcome")
	b.ReportMetric(float64(toCheckpoint.Microseconds())/float64(i), "µs/checkpoint")
	b.ReportMetric(float64(syncs.Load()-before)/float64(i), "syncs/act")
}
