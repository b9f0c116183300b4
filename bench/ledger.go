package main

import (
	"fmt"
	"math/rand/v2"
	"time"

	"licet/internal/ledger"
	"licet/tx"
)

// An act's cost in the ledger: parsing, law, records, log, map and one synced
// batch for a block of 500 acts, as the engine would call it, on one goroutine.
// The peers store a record and a history entry of the same size for each act
// under a Merkle tree, and do nothing else.

const (
	blockActs    = 500
	keysPerIssue = 3 // of the map: license, licensee, opening
)

func ledgerCost(b *bench) {
	for _, keys := range size(b, []int{100_000, 1_000_000}, []int{30_000}) {
		ledgerCostAt(b, keys)
	}
}

// A peer applies blocks of updates of random keys and says what an act cost.
type peer struct {
	name string
	goal string
	run  func(blocks int) time.Duration
	cost series // µs an act
}

func ledgerCostAt(b *bench, keys int) {
	goal := "≤ 20"
	if keys > 500_000 {
		goal = "≤ 35"
	}
	bare := loadLedger(b, keys, func(tx.Signature, []byte) error { return nil })
	defer func() { check(bare.l.Close()) }()
	checked := loadLedger(b, keys, nil)
	defer func() { check(checked.l.Close()) }()
	peers := []*peer{
		{name: "ledger, renewals, payloads of 50, no signature checks", goal: goal, run: bare.blocks(50, true)},
		{name: "ledger, renewals, one act a payload, no signature checks", goal: goal, run: bare.blocks(1, true)},
		{name: "ledger, renewals and new names, one act a payload, no checks", run: bare.blocks(1, false)},
		{name: "ledger, renewals, one act a payload, signatures checked", run: checked.blocks(1, true)},
		{name: "peer: sketch of a paged trie (record and entry)", run: loadSketch(b, keys)},
		{name: "peer: cosmos/iavl on Pebble (record and entry)", run: loadIAVL(b, keys)},
	}
	for range b.runs {
		for _, p := range peers {
			n := size(b, 40, 10)
			p.cost = append(p.cost, float64(p.run(n).Nanoseconds())/1000/float64(n*blockActs))
		}
	}
	for _, p := range peers {
		row(fmt.Sprintf("%s, %d keys", p.name, keys), p.cost, "µs an act", p.goal)
	}
}

// A loaded ledger and the licenses in it.
type loaded struct {
	l        *ledger.Ledger
	random   *rand.Rand
	subjects []*subject
}

// loadLedger issues so many licenses that the map has about so many keys.
func loadLedger(b *bench, keys int, verify func(tx.Signature, []byte) error) *loaded {
	const each = 500
	x := &loaded{l: founded(b.store("ledger"), ledger.Options{Verify: verify}), random: rand.New(rand.NewPCG(1, 2))}
	h := x.l.Head()
	for i := 0; i < keys/keysPerIssue; i += 4 * each {
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
