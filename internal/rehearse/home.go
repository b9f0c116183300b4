package rehearse

import (
	"fmt"

	"licet/internal/ledger"
	"licet/license"
)

// Over reads what a rehearsal needs of a node's own store, where all openings are that
// nobody sealed. The caller sets what is to be simulated.
func Over(s *ledger.State, name string, r *Rehearsal) error {
	var k license.Contract
	known, err := s.Record(license.KindContract, name, &k)
	if err != nil {
		return err
	}
	if r.Contract = &k; !known {
		r.Contract = nil
	}
	for _, id := range r.Boards {
		if known, err = s.Record(license.KindBoard, id, new(license.Board)); err != nil {
			return err
		} else if !known {
			return NoBoard(id)
		}
	}
	r.Origin, r.Until, r.Size, r.Source = s.Head.Origin, s.Head.Time, s.Head.Size, &store{s}
	return nil
}

// NoBoard says that a board that is asked for is not there.
func NoBoard(id string) error {
	return fmt.Errorf("no board %q on this network: boards have ids like us-il", id)
}

// A store is a node's own.
type store struct{ s *ledger.State }

// Entries implements Source.
func (h *store) Entries(do func(entry, act []byte) error) error { return h.s.EachEntry(do) }

// Opening implements Source.
func (h *store) Opening(_, _ string, c license.Hash) ([]byte, Shown, error) {
	o, err := h.s.Opening(c)
	if err != nil || o != nil {
		if o == nil {
			return nil, Open, err
		}
		return o.Bytes, Open, err
	}
	return nil, Sealed, nil
}
