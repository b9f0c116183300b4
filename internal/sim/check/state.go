package check

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"licet/strict"
)

// A State is the newest state of a registry, as its node would serve it.
type State interface {
	Value(kind, id string) ([]byte, error) // nil: absent
	IDs(kind string) ([]string, error)     // in order
	MapProof(kind, id string) ([]byte, error)
	LogPath(index int64) ([]Hash, error)
	Opens(commitment string) (bool, error) // whether the opening is kept
}

// Kinds are the kinds of records.
var Kinds = []string{"board", "calendar", "call", "claim", "contract", "contracts", "fact", "fault", "license", "licensee", "link", "members", "network", "notice", "officer", "opening", "policy", "profession", "settlement", "timer"}

// CheckMap compares the map root of the newest block end with a map made of this
// world's records.
func (w *World) CheckMap() error {
	root := MapRoot(w.leaves())
	if got := w.mapRoot(); hex.EncodeToString(root[:]) != got {
		return fmt.Errorf("the records make map root %x, the block's end says %s", root, got)
	}
	return nil
}

func (w *World) mapRoot() string {
	var end blockEnd
	w.read("", "end", &end)
	return end.Map
}

func (w *World) leaves() (leaves []Leaf) {
	for k, v := range w.records {
		if k[0] != "" {
			leaves = append(leaves, Leaf{MapKey(k[0], k[1]), sha256.Sum256(v)})
		}
	}
	SortLeaves(leaves)
	return leaves
}

// Size is the number of records, and of entries.
func (w *World) Size() (records, entries int) { return len(w.records) - 1, w.log.Size() }

// CheckRecords compares every record of the registry with this world's.
func (w *World) CheckRecords(s State) error {
	n := 0
	for _, kind := range Kinds {
		ids, err := s.IDs(kind)
		if err != nil {
			return err
		}
		for _, id := range ids {
			v, err := s.Value(kind, id)
			if err != nil {
				return err
			}
			if !bytes.Equal(v, w.value(kind, id)) {
				return fmt.Errorf("%s %s is\n  %s\nand its entries make\n  %s", kind, id, v, w.value(kind, id))
			}
		}
		n += len(ids)
	}
	if records, _ := w.Size(); n != records {
		return fmt.Errorf("the registry has %d records, its entries make %d", n, records)
	}
	return nil
}

// CheckProofs checks that a record is proved present or absent, as it is here.
func (w *World) CheckProofs(s State, kind, id string) error {
	b, err := s.MapProof(kind, id)
	if err != nil {
		return err
	}
	var p MapProof
	if err := strict.Decode(b, &p, 64<<10); err != nil {
		return err
	}
	var root Hash
	readHash(w.mapRoot(), &root)
	var there *Hash
	if v := w.value(kind, id); v != nil {
		h := Hash(sha256.Sum256(v))
		there = &h
	}
	other := Hash{1}
	if !p.Proves(root, MapKey(kind, id), there) {
		return fmt.Errorf("%s %s is not proved so (present: %v)", kind, id, there != nil)
	}
	if p.Proves(root, MapKey(kind, id), &other) || there != nil && p.Proves(root, MapKey(kind, id), nil) {
		return fmt.Errorf("the proof of %s %s proves something else too", kind, id)
	}
	return nil
}

// CheckPath checks that an entry stands in the log.
func (w *World) CheckPath(s State, index int) error {
	path, err := s.LogPath(int64(index))
	if err != nil {
		return err
	}
	root, whole := PathRoot(path, w.log.leaves[index], index, w.log.Size())
	if !whole || root != w.log.Root() {
		return fmt.Errorf("entry %d is not proved in the log", index)
	}
	return nil
}

// CheckOpenings checks that of these transactions' openings exactly those are kept
// whose commitments stand in the map and are not sealed.
func (w *World) CheckOpenings(s State, txs [][]byte) error {
	for _, raw := range txs {
		var t transaction
		if strict.Decode(raw, &t, 1<<20) != nil {
			continue
		}
		for i := range t.Openings {
			if err := w.checkOpening(s, t.Openings[i].commitment()); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *World) checkOpening(s State, c string) error {
	var r openingRecord
	want := w.read("opening", c, &r) && !r.Sealed
	got, err := s.Opens(c)
	if err == nil && got != want {
		err = fmt.Errorf("opening %s: kept %v, it should be %v", c, got, want)
	}
	return err
}

// CheckSeals checks that nothing of a sealed order is left but entries: neither a
// row in the license nor an opening.
func (w *World) CheckSeals(s State) error {
	for id, es := range w.entries {
		var l license
		w.read("license", id, &l)
		for _, e := range es {
			i := slices.IndexFunc(e.Changes, func(c change) bool { return c.Do == "seal" })
			if i < 0 {
				continue
			}
			if l.order(e.Changes[i].Order) != nil {
				return fmt.Errorf("license %s still has the sealed order %s", id, e.Changes[i].Order)
			}
			for _, x := range e.Also {
				if err := w.checkOpening(s, x.ID); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// Licenses are the ids of all licenses, in order.
func (w *World) Licenses() (ids []string) {
	for id := range w.entries {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}
