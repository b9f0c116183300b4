package node

import (
	"bytes"
	"sync"

	"github.com/cockroachdb/pebble/v2"
	dbm "github.com/cometbft/cometbft-db"
)

type storeIterator struct {
	it         *pebble.Iterator
	start, end []byte
	step       func() bool
	done       func() // once, at Close
}

// Iterator goes up from start to before end; nil stands for the first key, and
// for past the last.
func (s *store) Iterator(start, end []byte) (dbm.Iterator, error) {
	it, err := s.iterate(start, end)
	if err != nil {
		return nil, err
	}
	it.step = it.it.Next
	it.it.First()
	return it, nil
}

// ReverseIterator goes down from before end to start.
func (s *store) ReverseIterator(start, end []byte) (dbm.Iterator, error) {
	it, err := s.iterate(start, end)
	if err != nil {
		return nil, err
	}
	it.step = it.it.Prev
	it.it.Last()
	return it, nil
}

func (s *store) iterate(start, end []byte) (*storeIterator, error) {
	if start != nil && len(start) == 0 || end != nil && len(end) == 0 {
		return nil, errEmptyKey
	}
	defer s.enter()()
	o := &pebble.IterOptions{LowerBound: start, UpperBound: end}
	if start != nil && end != nil && bytes.Compare(start, end) >= 0 {
		o.UpperBound = start // an empty domain
	}
	it, err := s.db.NewIter(o)
	if err != nil {
		return nil, err
	}
	s.iterators.Add(1) // Close waits for it; see enter
	return &storeIterator{it: it, start: start, end: end, done: sync.OnceFunc(s.iterators.Done)}, nil
}

func (i *storeIterator) Domain() (start, end []byte) { return i.start, i.end }
func (i *storeIterator) Valid() bool                 { return i.it.Valid() }
func (i *storeIterator) Error() error                { return i.it.Error() }

func (i *storeIterator) Next() {
	i.mustBeValid()
	i.step()
}

func (i *storeIterator) Key() []byte {
	i.mustBeValid()
	return append([]byte{}, i.it.Key()...)
}

func (i *storeIterator) Value() []byte {
	i.mustBeValid()
	return append([]byte{}, i.it.Value()...)
}

// mustBeValid panics for a caller that ignores Valid, as the interface says.
func (i *storeIterator) mustBeValid() {
	if !i.it.Valid() {
		panic("node: store: the iterator is at its end")
	}
}

func (i *storeIterator) Close() error {
	defer i.done()
	return i.it.Close()
}
