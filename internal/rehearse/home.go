package rehearse

import (
	"slices"

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
	r.Origin, r.Until, r.Size, r.Source, r.Known, r.InForce = s.Head.Origin, s.Head.Time, s.Head.Size, &store{s}, known, BoardsOf(&k)
	return nil
}

// BoardsOf lists the boards for which an edition of a contract is in force.
func BoardsOf(k *license.Contract) (ids []string) {
	for _, e := range k.Editions {
		ids = append(ids, e.Boards...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
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
