package node

import (
	"github.com/cockroachdb/pebble/v2"
	dbm "github.com/cometbft/cometbft-db"
)

// storeBatch can be written once; afterwards only Close is allowed.
type storeBatch struct {
	store *store
	batch *pebble.Batch // nil once written or closed
}

func (s *store) NewBatch() dbm.Batch {
	defer s.enter()()
	return &storeBatch{s, s.db.NewBatch()}
}

func (b *storeBatch) Set(key, value []byte) error {
	if b.batch == nil {
		return errBatchDone
	}
	if err := checkPair(key, value); err != nil {
		return err
	}
	return b.batch.Set(key, value, nil)
}

func (b *storeBatch) Delete(key []byte) error {
	switch {
	case b.batch == nil:
		return errBatchDone
	case len(key) == 0:
		return errEmptyKey
	}
	return b.batch.Delete(key, nil)
}

func (b *storeBatch) Write() error     { return b.write(pebble.NoSync) }
func (b *storeBatch) WriteSync() error { return b.write(pebble.Sync) }

func (b *storeBatch) write(o *pebble.WriteOptions) error {
	if b.batch == nil {
		return errBatchDone
	}
	defer b.store.enter()()
	if err := b.batch.Commit(o); err != nil {
		return err
	}
	return b.Close()
}

func (b *storeBatch) Close() error {
	if b.batch == nil {
		return nil
	}
	err := b.batch.Close()
	b.batch = nil
	return err
}
