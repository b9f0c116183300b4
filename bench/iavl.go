package main

import (
	"bytes"
	"errors"
	"time"

	corestore "cosmossdk.io/core/store"
	"github.com/cockroachdb/pebble/v2"
	"github.com/cosmos/iavl"
)

// The peer cosmos/iavl, on the same store as the ledger, with settings in its
// favor: a large node cache, one synced batch a block, no pruning of old versions.

const iavlCacheNodes = 500_000

func loadIAVL(b *bench, keys int) func(int) time.Duration {
	cache := pebble.NewCache(256 << 20)
	defer cache.Unref()
	db := must(pebble.Open(b.store("iavl"), &pebble.Options{Cache: cache, MemTableSize: 64 << 20, Logger: silent{}}))
	store := &iavlStore{db: db}
	tree := iavl.NewMutableTree(store, iavlCacheNodes, true, iavl.NewNopLogger(), iavl.SyncOption(true), iavl.FlushThresholdOption(1<<30))
	must(tree.Load())
	return peerBlocks(b, "IAVL", keys, func(ids []int, version int, synced bool) {
		store.unsynced = !synced
		for i, id := range ids {
			k, v := peerRecord(id, version)
			must(tree.Set(k[:], v))
			check(db.Set(append([]byte("entry"), peerEntryKey(version, i)...), v, pebble.NoSync))
		}
		must2(tree.SaveVersion())
	})
}

// iavlStore is a Pebble store as iavl wants it.
type iavlStore struct {
	db       *pebble.DB
	unsynced bool // while loading
}

func (s *iavlStore) Get(k []byte) ([]byte, error) {
	v, c, err := s.db.Get(k)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return append([]byte{}, v...), c.Close()
}

func (s *iavlStore) Has(k []byte) (bool, error) {
	v, err := s.Get(k)
	return v != nil, err
}

func (s *iavlStore) Close() error { return s.db.Close() }

func (s *iavlStore) Iterator(start, end []byte) (corestore.Iterator, error) {
	return s.iterator(start, end, false)
}

func (s *iavlStore) ReverseIterator(start, end []byte) (corestore.Iterator, error) {
	return s.iterator(start, end, true)
}

func (s *iavlStore) iterator(start, end []byte, reverse bool) (corestore.Iterator, error) {
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: start, UpperBound: end})
	if err != nil {
		return nil, err
	}
	if reverse {
		it.Last()
	} else {
		it.First()
	}
	return &iavlIterator{it: it, start: start, end: end, reverse: reverse}, nil
}

func (s *iavlStore) NewBatch() corestore.Batch            { return &iavlBatch{s, s.db.NewBatch()} }
func (s *iavlStore) NewBatchWithSize(int) corestore.Batch { return s.NewBatch() }

type iavlBatch struct {
	store *iavlStore
	b     *pebble.Batch
}

func (b *iavlBatch) Set(k, v []byte) error     { return b.b.Set(k, v, nil) }
func (b *iavlBatch) Delete(k []byte) error     { return b.b.Delete(k, nil) }
func (b *iavlBatch) Write() error              { return b.b.Commit(pebble.NoSync) }
func (b *iavlBatch) GetByteSize() (int, error) { return b.b.Len(), nil }
func (b *iavlBatch) Close() error              { return b.b.Close() }
func (b *iavlBatch) WriteSync() error {
	if b.store.unsynced {
		return b.Write()
	}
	return b.b.Commit(pebble.Sync)
}

type iavlIterator struct {
	it         *pebble.Iterator
	start, end []byte
	reverse    bool
}

func (i *iavlIterator) Domain() (start, end []byte) { return i.start, i.end }
func (i *iavlIterator) Valid() bool                 { return i.it.Valid() }
func (i *iavlIterator) Key() []byte                 { return bytes.Clone(i.it.Key()) }
func (i *iavlIterator) Value() []byte               { return bytes.Clone(i.it.Value()) }
func (i *iavlIterator) Error() error                { return i.it.Error() }
func (i *iavlIterator) Close() error                { return i.it.Close() }
func (i *iavlIterator) Next() {
	if i.reverse {
		i.it.Prev()
	} else {
		i.it.Next()
	}
}
