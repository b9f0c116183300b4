package main

import (
	"context"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/codenotary/immudb/embedded/htree"
	"github.com/codenotary/immudb/embedded/logger"
	"github.com/codenotary/immudb/embedded/store"
)

// The peer immudb, its embedded store: a get with the proof that the value stands in
// its transaction, and that the transaction is in the log that the client knows, as
// its server's VerifiableGet makes them. It says nothing of what stands besides, or
// that a key is absent; there is no signature, no law, and the client trusts the
// server for "newest".
//
// Its license (BUSL 1.1) lets nobody link it into a product like this one, so that
// it is a peer in this module and nowhere else.

type immudbStore struct {
	s    *store.ImmuStore
	keys int
	last *store.TxHeader // which the client knows
}

// immudbTxRows is how many keys a transaction of the load has: with one a get, which
// reads its whole transaction, costs least.
const immudbTxRows = 1

func loadImmudb(b *bench, keys int) *immudbStore {
	o := store.DefaultOptions().WithSynced(false).WithMultiIndexing(false).WithLogger(logger.NewMemoryLoggerWithLevel(logger.LogError))
	p := &immudbStore{s: must(store.Open(b.store("immudb"), o)), keys: keys}
	say := b.progress("immudb has", keys)
	ctx := context.Background()
	for i := 0; i < keys; i += immudbTxRows {
		tx := must(p.s.NewWriteOnlyTx(ctx))
		for j := i; j < min(i+immudbTxRows, keys); j++ {
			k, v := peerRecord(j, 1)
			check(tx.Set(k[:], nil, v))
		}
		p.last = must(tx.AsyncCommit(ctx))
		say(i)
	}
	check(p.s.WaitForIndexingUpto(ctx, p.last.ID))
	return p
}

func (p *immudbStore) close() { check(p.s.Close()) }

// A verifiable is a value with what proves it.
type verifiable struct {
	key, value []byte
	version    int
	root       [32]byte // of its transaction
	inclusion  *htree.InclusionProof
	dual       *store.DualProof
	source     uint64
}

// get makes a verifiable answer.
func (p *immudbStore) get(key []byte, tx *store.Tx) *verifiable {
	ref := must(p.s.Get(context.Background(), key))
	value := must(ref.Resolve())
	check(p.s.ReadTx(ref.Tx(), false, tx))
	h := tx.Header()
	return &verifiable{
		key: key, value: value, version: h.Version, root: h.Eh, source: h.ID,
		inclusion: must(tx.Proof(key)), dual: must(p.s.DualProof(h, p.last)),
	}
}

// verify checks an answer as its client does.
func (p *immudbStore) verify(v *verifiable) {
	digest := must(store.EntrySpecDigestFor(v.version))(&store.EntrySpec{Key: v.key, Value: v.value})
	if !store.VerifyInclusion(v.inclusion, digest, v.root) || v.dual.SourceTxHeader.Eh != v.root ||
		!store.VerifyDualProof(v.dual, v.source, p.last.ID, v.dual.SourceTxHeader.Alh(), p.last.Alh()) {
		panic("an answer of immudb does not verify")
	}
}

// serve makes answers about random keys on all cores for a while, and verifies them
// if that is asked for; it returns how many in a second.
func (p *immudbStore) serve(d time.Duration, verified bool) float64 {
	var made atomic.Int64
	var wg sync.WaitGroup
	began := time.Now()
	for c := range runtime.NumCPU() {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(6, uint64(c)))
			tx := store.NewTx(p.s.MaxTxEntries(), p.s.MaxKeyLen())
			for time.Since(began) < d {
				k, _ := peerRecord(random.IntN(p.keys), 1)
				v := p.get(k[:], tx)
				if verified {
					p.verify(v)
				}
				made.Add(1)
			}
		})
	}
	wg.Wait()
	return perSecond(int(made.Load()), time.Since(began))
}
