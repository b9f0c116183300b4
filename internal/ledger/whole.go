package ledger

import (
	"errors"

	"github.com/cockroachdb/pebble/v2"
)

// EachEntry gives all entries in order, each with the act that it records (nil: none),
// until do fails. What do gets is its own.
func (s *State) EachEntry(do func(entry, act []byte) error) (err error) {
	it, err := s.NewIter(&pebble.IterOptions{LowerBound: entryKey(0), UpperBound: entryKey(s.Head.Size)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	for ok := it.First(); ok; ok = it.Next() {
		entry, act, err := cutPart(append([]byte(nil), it.Value()...))
		if err != nil {
			return err
		}
		if err := do(entry, act); err != nil {
			return err
		}
	}
	return it.Error()
}
