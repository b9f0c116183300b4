package main

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"time"

	"licet/internal/ledger"
	"licet/tx"
)

// An act's cost in the ledger: parsing, law, records, log, map and one synced
// batch for a block of 500 acts, as the engine would call it, on one goroutine.
// The peers store a record and a history entry of the same size for each act
// under a Merkle tree, and do nothing else: what compares with them is the part of
// the ledger's time that map, log and store take.

const (
	blockActs    = 500
	keysPerIssue = 3 // of the map: license, licensee, opening
)

func ledgerCost(b *bench) {
	for _, keys := range size(b, []int{100_000, keysPerIssue * b.licenses}, []int{30_000}) {
		ledgerCostAt(b, keys)
	}
}

// A peer applies blocks of updates of random keys and says what an act cost.
type peer struct {
	name string
	run  func(blocks int) time.Duration
	goal string // of what map, log and store take; "": not shown
	cost series // µs an act
	kept series // of it map, log and store
	seen series // the cost in signature verifications of the same moment
}

func ledgerCostAt(b *bench, keys int) {
	goal := "≤ 20"
	if keys > 500_000 {
		goal = "≤ 35"
	}
	x := loadLedger(b, keys)
	defer func() { check(x.l.Close()) }()
	peers := []*peer{
		{name: "ledger, renewals, payloads of 50, no signature checks", goal: goal, run: x.blocks(50, true)},
		{name: "ledger, renewals, one act a payload, no signature checks", goal: goal, run: x.blocks(1, true)},
		{name: "ledger, renewals and new names, one act a payload, no checks", run: x.blocks(1, false)},
		{name: "ledger, renewals, one act a payload, signatures checked", run: x.checking(x.blocks(1, true))},
		{name: "the same, checked on all cores before the block, as a node does", run: x.checking(x.prefetched())},
		{name: "peer: sketch of a paged trie (record and entry)", run: loadSketch(b, keys)},
		{name: "peer: cosmos/iavl on Pebble (record and entry)", run: loadIAVL(b, keys)},
	}
	for _, p := range peers { // warm caches
		p.run(size(b, 10, 3))
	}
	for range b.runs {
		for _, p := range peers {
			n := size(b, 40, 10)
			before := verifyPlain(100)
			x.watch = stopwatch{}
			each := float64(p.run(n).Nanoseconds()) / float64(n*blockActs)
			one := float64(before+verifyPlain(100)) / 200
			p.cost, p.seen = append(p.cost, each/1000), append(p.seen, each/one)
			p.kept = append(p.kept, float64(x.watch.kept.Nanoseconds())/1000/float64(n*blockActs))
		}
	}
	fmt.Printf("  %d keys in the map, blocks of %d acts\n", keys, blockActs)
	for _, p := range peers {
		row(p.name, p.cost, "µs an act", "")
		if p.goal != "" {
			row("  of it in map, log and store", p.kept, "µs an act", p.goal)
		}
		row("  in signature verifications", p.seen, "", "")
	}
}

// A loaded ledger and the licenses in it.
type loaded struct {
	l        *ledger.Ledger
	random   *rand.Rand
	checks   bool // signatures are checked
	subjects []*subject
	watch    stopwatch
}

// A stopwatch adds up what map, log and store take.
type stopwatch struct {
	step string
	at   time.Time
	kept time.Duration
}

func (w *stopwatch) next(step string) {
	now := time.Now()
	if w.step == "state" || w.step == "store" {
		w.kept += now.Sub(w.at)
	}
	w.step, w.at = step, now
}

// loadLedger issues so many licenses that the map has about so many keys.
func loadLedger(b *bench, keys int) *loaded {
	const each = 500
	x := &loaded{random: rand.New(rand.NewPCG(1, 2))}
	x.l = founded(b.store("ledger"), ledger.Options{Step: func(s string) { x.watch.next(s) }, Verify: func(s tx.Signature, header []byte) error {
		if !x.checks {
			return nil
		}
		return s.Verify(header)
	}})
	h := x.l.Head()
	say := b.progress("issued", keys/keysPerIssue)
	for i := 0; i < keys/keysPerIssue; i += 4 * each {
		say(i)
		var txs [][]byte
		for j := range 4 {
			txs = append(txs, issuance(h.Origin, h.Time, i+j*each, each))
		}
		block(x.l, txs...)
	}
	for i := range keys / keysPerIssue {
		x.subjects = append(x.subjects, &subject{id: licenseID(i)})
	}
	return x
}

// blocks returns what records blocks of 500 acts on random licenses, acts of them
// in each payload, and measures Finalize and Commit. Signing is not measured.
func (x *loaded) blocks(acts int, renewals bool) func(int) time.Duration {
	return func(blocks int) (took time.Duration) {
		h := x.l.Head()
		for range blocks {
			var txs [][]byte
			chosen := x.draw(blockActs)
			for i := 0; i < blockActs; i += acts {
				txs = append(txs, x.payload(h, chosen[i:i+acts], renewals))
			}
			began := time.Now()
			block(x.l, txs...)
			took += time.Since(began)
		}
		return took
	}
}

// checking lets signatures be checked while run runs.
func (x *loaded) checking(run func(int) time.Duration) func(int) time.Duration {
	return func(blocks int) time.Duration {
		x.checks = true
		defer func() { x.checks = false }()
		return run(blocks)
	}
}

// prefetched is blocks(1, true) with Prefetch on all cores in front, which is
// measured too.
func (x *loaded) prefetched() func(int) time.Duration {
	return func(blocks int) (took time.Duration) {
		h := x.l.Head()
		for range blocks {
			var txs [][]byte
			for _, s := range x.draw(blockActs) {
				txs = append(txs, x.payload(h, []*subject{s}, true))
			}
			began := time.Now()
			var wg sync.WaitGroup
			for c := range runtime.NumCPU() {
				wg.Go(func() {
					for i := c; i < len(txs); i += runtime.NumCPU() {
						x.l.Prefetch(txs[i])
					}
				})
			}
			wg.Wait()
			block(x.l, txs...)
			took += time.Since(began)
		}
		return took
	}
}

func (x *loaded) payload(h ledger.Head, of []*subject, renewals bool) []byte {
	if renewals {
		for _, s := range of {
			s.renewNext = true
		}
	}
	return payload(h.Origin, h.Time, of)
}

// draw picks n different licenses.
func (x *loaded) draw(n int) []*subject {
	seen := map[int]bool{}
	var out []*subject
	for len(out) < n {
		if i := x.random.IntN(len(x.subjects)); !seen[i] {
			seen[i] = true
			out = append(out, x.subjects[i])
		}
	}
	return out
}
