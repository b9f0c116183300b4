package trie

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/cockroachdb/pebble/v2"
)

// randomChanges gives new values for n of the first keys.
func randomChanges(rnd *rand.Rand, keys, n int) []Change {
	changes := make([]Change, n)
	for i, k := range rnd.Perm(keys)[:n] {
		changes[i] = Change{Key: benchKey(k)}
		binary.BigEndian.PutUint64(changes[i].Value[:], rnd.Uint64())
	}
	return changes
}

func benchKey(i int) [32]byte {
	return sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(i)))
}

func benchStore(b *testing.B, keys int) (*pebble.DB, *Trie) {
	b.Helper()
	cache := pebble.NewCache(256 << 20)
	defer cache.Unref()
	db, err := pebble.Open(b.TempDir(), &pebble.Options{Cache: cache, MemTableSize: 64 << 20, Logger: quiet{}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	tr := open(b, db)
	for i := 0; i < keys; i += 10_000 {
		changes := make([]Change, 10_000)
		for j := range changes {
			changes[j].Key = benchKey(i + j)
		}
		applyBlock(b, db, tr, changes)
	}
	return db, tr
}

const benchBlock = 500

func benchmarkUpdate(b *testing.B, keys int, apply func(db *pebble.DB, tr *Trie, changes []Change)) {
	db, tr := benchStore(b, keys)
	rnd := rand.New(rand.NewPCG(1, 1))
	for b.Loop() {
		b.StopTimer()
		changes := make([]Change, benchBlock)
		for i := range changes {
			changes[i] = Change{Key: benchKey(rnd.IntN(keys/benchBlock)*benchBlock + i)}
			binary.BigEndian.PutUint64(changes[i].Value[:], rnd.Uint64())
		}
		b.StartTimer()
		apply(db, tr, changes)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*benchBlock), "ns/update")
}

// BenchmarkUpdate measures blocks of 500 random updates: computed only, and
// with the synced batch.
func BenchmarkUpdate(b *testing.B) {
	compute := func(db *pebble.DB, tr *Trie, changes []Change) {
		if _, err := tr.Update(db, changes); err != nil {
			b.Fatal(err)
		}
	}
	commit := func(db *pebble.DB, tr *Trie, changes []Change) {
		applyBlock(b, db, tr, changes)
	}
	b.Run("100k/compute", func(b *testing.B) { benchmarkUpdate(b, 100_000, compute) })
	b.Run("100k/commit", func(b *testing.B) { benchmarkUpdate(b, 100_000, commit) })
	b.Run("1M/compute", func(b *testing.B) { benchmarkUpdate(b, 1_000_000, compute) })
	b.Run("1M/commit", func(b *testing.B) { benchmarkUpdate(b, 1_000_000, commit) })
}

// BenchmarkProve measures proofs as of a snapshot of the newest state, with and
// without the pages in memory.
func BenchmarkProve(b *testing.B) {
	db, tr := benchStore(b, 100_000)
	snapshot := db.NewSnapshot()
	defer snapshot.Close()
	tr, err := Open(snapshot)
	if err != nil {
		b.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(1, 1))
	size := 0
	one := func(b *testing.B, tr *Trie, keys int) {
		runtime.GC()
		for b.Loop() {
			p, _, err := prove(snapshot, tr, benchKey(rnd.IntN(keys)))
			if err != nil {
				b.Fatal(err)
			}
			size = len(p.Path)
		}
		b.ReportMetric(float64(size), "siblings")
	}
	b.Run("present", func(b *testing.B) { one(b, tr, 100_000) })
	b.Run("absent", func(b *testing.B) { one(b, tr, 1<<40) })
	b.Run("cold", func(b *testing.B) { one(b, nil, 100_000) })
}
