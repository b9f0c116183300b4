package auditor

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/cockroachdb/pebble/v2"

	"licet/internal/ledger/trie"
	"licet/license"
	"licet/proof"
	"licet/strict"
)

// A block is one block's entries on their way into the records. It is committed
// when its map root is the one that its last entry names.
type block struct {
	s       *store
	batch   *pebble.Batch // indexed: later entries of the block see the earlier ones
	written map[[2]string][]byte
	counted map[payloadName]*counted
	count   int64
	seen    blockSeen // height and time, the same in all entries
	end     license.BlockEnd
}

func newBlock(s *store) *block {
	return &block{s: s, batch: s.db.NewIndexedBatch(), written: map[[2]string][]byte{}, counted: map[payloadName]*counted{}}
}

// add checks one entry and folds it; end says that it closes the block. ps is what
// was signed.
func (b *block) add(raw []byte, ps map[payloadName]*payload) (end bool, err error) {
	e := license.Recorded{Hash: license.LeafHash(raw)}
	if err := strict.Decode(raw, &e.Entry, license.EntryBytesMax); err != nil {
		return false, &Alarm{What: fmt.Sprintf("entry %d cannot be read: %v", b.s.size+b.count, err)}
	}
	if e.Index != b.s.size+b.count {
		return false, &Alarm{What: fmt.Sprintf("entry %d calls itself %d", b.s.size+b.count, e.Index)}
	}
	if err := b.dated(&e); err != nil {
		return false, err
	}
	b.count++
	if e.End != nil {
		if e.Kind != "" || len(e.Also) > 0 {
			return false, &Alarm{What: fmt.Sprintf("entry %d ends a block and writes records", e.Index)}
		}
		b.end = *e.End
		return true, nil
	}
	value, err := b.value(&e)
	if err != nil {
		return false, err
	}
	for _, w := range e.Also {
		if !slices.Contains(license.AlsoKinds, w.Kind) {
			return false, &Alarm{What: fmt.Sprintf("entry %d writes %s %s beside its own record; such records have entries of their own", e.Index, w.Kind, w.ID)}
		}
	}
	if err := b.redo(&e, raw, ps); err != nil {
		return false, err
	}
	b.write(e.Kind, e.ID, value)
	for _, w := range e.Also {
		b.write(w.Kind, w.ID, w.Value)
	}
	key := binary.BigEndian.AppendUint64(prefix(e.Kind, e.ID), uint64(e.Index))
	return false, b.batch.Set(key, raw, nil)
}

func (b *block) write(kind, id string, value []byte) {
	k := [2]string{kind, id}
	b.written[k] = value
	delete(b.s.parsed, k)
}

// dated checks that the block is one, and comes after the one before it.
func (b *block) dated(e *license.Recorded) error {
	seen, before := blockSeen{e.Block, e.Time}, b.s.last
	if b.count == 0 {
		b.seen = seen
	}
	switch {
	case seen != b.seen:
		return &Alarm{What: fmt.Sprintf("entry %d says block %d at %s, in the middle of block %d at %s", e.Index, e.Block, e.Time, b.seen.height, b.seen.time)}
	case b.s.size > 0 && (e.Block <= before.height || e.Time < before.time):
		return &Alarm{What: fmt.Sprintf("entry %d of block %d at %s comes after block %d at %s", e.Index, e.Block, e.Time, before.height, before.time)}
	}
	return nil
}

// value makes the record's new bytes and checks the hash that the entry names.
func (b *block) value(e *license.Recorded) ([]byte, error) {
	es, err := b.entries(e.Kind, e.ID)
	if err != nil {
		return nil, err
	}
	var prev license.Hash
	if len(es) > 0 {
		prev = es[len(es)-1].Hash
	}
	if e.Prev != prev {
		return nil, &Alarm{What: fmt.Sprintf("entry %d does not continue the history of %s %s", e.Index, e.Kind, e.ID)}
	}
	body := []byte(e.Body)
	if slices.Contains(license.AlsoKinds, e.Kind) {
		return nil, &Alarm{What: fmt.Sprintf("entry %d is about %s %s; such records have no entries of their own", e.Index, e.Kind, e.ID)}
	}
	if e.Kind == license.KindLicense {
		l := license.FoldLicense(append(es, *e), "")
		l.Last = license.Hash{}
		body = strict.Encode(l)
	}
	if len(body) < 2 || body[0] != '{' || license.HashOf(body) != e.Result {
		return nil, &Alarm{What: fmt.Sprintf("entry %d about %s %s names another record than its changes make", e.Index, e.Kind, e.ID)}
	}
	return license.ValueWithLast(body, e.Hash), nil
}

func (b *block) entries(kind, id string) (es []license.Recorded, err error) {
	p := prefix(kind, id)
	it, err := b.batch.NewIter(&pebble.IterOptions{LowerBound: p, UpperBound: append(slices.Clone(p), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	for ok := it.First(); ok; ok = it.Next() {
		e := license.Recorded{Hash: license.LeafHash(it.Value())}
		if err := strict.Decode(it.Value(), &e.Entry, license.EntryBytesMax); err != nil {
			return nil, err
		}
		es = append(es, e)
	}
	return es, it.Error()
}

// prefix of the entries about a record. Ids hold no NUL byte.
func prefix(kind, id string) []byte { return []byte("e" + kind + "\x00" + id + "\x00") }

// close recomputes the map's root and keeps the block.
func (b *block) close() error {
	keys := make([][2]string, 0, len(b.written))
	for k := range b.written {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(x, y [2]string) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) })
	changes := make([]trie.Change, len(keys))
	for i, k := range keys {
		v := b.written[k]
		changes[i] = trie.Change{Key: proof.MapKey(k[0], k[1]), Value: license.HashOf(v), Delete: v == nil}
	}
	pending, err := b.s.trie.Update(b.s.db, changes)
	if err != nil {
		return err
	}
	if license.Hash(pending.Root()) != b.end.Map {
		return &Alarm{What: fmt.Sprintf("the block that ends with entry %d names map root %s; its entries make %x", b.s.size+b.count-1, b.end.Map, pending.Root())}
	}
	if err := errors.Join(b.whole(), b.ends()); err != nil {
		return err
	}
	for _, k := range keys {
		if v := b.written[k]; v == nil {
			err = b.batch.Delete(recordKey(k[0], k[1]), nil)
		} else {
			err = b.batch.Set(recordKey(k[0], k[1]), v, nil)
		}
		if err != nil {
			return err
		}
	}
	err = errors.Join(pending.Write(b.batch), b.batch.Set(sizeKey, fmt.Appendf(nil, "%d %d %s", b.s.size+b.count, b.seen.height, b.seen.time), nil))
	if err == nil {
		err = b.batch.Commit(pebble.NoSync)
	}
	if err != nil {
		return err
	}
	b.s.trie.Advance(pending)
	b.s.size, b.s.last = b.s.size+b.count, b.seen
	return nil
}

// ends checks which member set decides the next block, and under which rules.
func (b *block) ends() error {
	es, err := b.entries(license.KindMembers, "set")
	if err != nil {
		return err
	}
	var set license.MemberSet
	for i, e := range es {
		if i > 0 && e.Block+2 > b.seen.height+1 {
			break
		}
		if set, err = proof.ParseMemberSet(e.Body); err != nil {
			return err
		}
	}
	var n license.Network
	v := past{b: b}
	if v.Get(license.KindNetwork, "network", &n); v.err != nil {
		return v.err
	}
	if b.end.Set != set.Set || b.end.Rules != n.RulesAt(b.seen.height+1) {
		return &Alarm{What: fmt.Sprintf("the block that ends with entry %d names member set %d and rules %d; its log makes them %d and %d", b.s.size+b.count-1, b.end.Set, b.end.Rules, set.Set, n.RulesAt(b.seen.height+1))}
	}
	return nil
}
