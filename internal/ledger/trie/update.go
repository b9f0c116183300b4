package trie

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/cockroachdb/pebble/v2"
)

// A Change sets the value hash of a key, or deletes the key. To delete an
// absent key changes nothing.
type Change struct {
	Key    [32]byte
	Value  [32]byte // SHA-256 of the value's bytes; unused when Delete is set
	Delete bool
}

// Pending is an update that is not yet stored.
type Pending struct {
	base   *rootPage
	root   *rootPage
	bytes  []byte // keys and values of writes, one after the other
	writes []pageWrite
	upper  []upperWrite
}

// pageWrite gives the ends of key and value in bytes; the key begins where the
// write before it ends. A write without value deletes the page.
type pageWrite struct{ keyEnd, valueEnd int }

type upperWrite struct {
	at   path
	page *page // nil: deleted
}

// Root is the root hash of the map with the update.
func (p *Pending) Root() [32]byte { return *p.root.page.root() }

// Write adds the changed pages to the batch, in the order of their keys, which
// the store takes in faster than any other.
func (p *Pending) Write(b *pebble.Batch) error {
	for depth, left := 0, len(p.writes); left > 0; depth++ {
		n, err := p.writeDepth(b, depth)
		if err != nil {
			return err
		}
		left -= n
	}
	return nil
}

// writeDepth adds the pages of one depth and says how many they are. The walk
// that made them met the pages of one depth in order.
func (p *Pending) writeDepth(b *pebble.Batch, depth int) (n int, err error) {
	start := 0
	for _, w := range p.writes {
		key, value := p.bytes[start:w.keyEnd], p.bytes[w.keyEnd:w.valueEnd]
		start = w.valueEnd
		if int(key[1]) != depth {
			continue
		}
		n++
		if len(value) == 0 {
			err = b.Delete(key, nil)
		} else {
			err = b.Set(key, value, nil)
		}
		if err != nil {
			return n, fmt.Errorf("map: write pages: %w", err)
		}
	}
	return n, nil
}

// Advance makes p the newest state, once its batch is committed. It panics if
// another update was advanced after p was made: p would undo that one.
func (t *Trie) Advance(p *Pending) {
	if !t.root.CompareAndSwap(p.base, p.root) {
		panic("trie: Advance with an update of an older state")
	}
	for _, w := range p.upper {
		t.upperSlot(&w.at).Store(w.page)
	}
	t.lower.advance(p)
}

// Update computes the map after the changes, each of another key, in any
// order. R is the stored state at t's root. T is not changed; when an update
// is not used, forget it.
func (t *Trie) Update(r Reader, changes []Change) (*Pending, error) {
	sorted := slices.Clone(changes)
	slices.SortFunc(sorted, func(a, b Change) int { return bytes.Compare(a.Key[:], b.Key[:]) })
	for i := 1; i < len(sorted); i++ {
		if sorted[i].Key == sorted[i-1].Key {
			return nil, fmt.Errorf("map: two changes of key %x in one update; give the last one only", sorted[i].Key)
		}
	}
	base := t.root.Load()
	u := update{t: t, r: r, p: &Pending{base: base, root: base}}
	u.p.bytes = make([]byte, 0, len(sorted)*bytesPerChange)
	root := &rootPage{page: base.page}
	changed, err := u.apply(new(path), &root.page, sorted, 0)
	if err != nil {
		return nil, err
	}
	if changed {
		u.setRoot(root)
	}
	return u.p, nil
}

// bytesPerChange is what a change of a map of 100,000 keys writes in a block
// of some hundreds. It only saves growing the buffer.
const bytesPerChange = 1500

// update is one walk down the trie, page by page, and up again.
type update struct {
	t       *Trie
	r       Reader
	p       *Pending
	scratch []*page // by depth, for pages that are not kept in memory
}

// apply makes the changes, which are sorted and belong below the page, and says
// whether the page is another. Dirty are slots whose hashes are not up to date.
func (u *update) apply(at *path, pg *page, changes []Change, dirty uint16) (bool, error) {
	for len(changes) > 0 {
		n := nibbleAt(&changes[0].Key, at.depth)
		end := 1
		for end < len(changes) && nibbleAt(&changes[end].Key, at.depth) == n {
			end++
		}
		changed, err := u.applySlot(at, pg, n, changes[:end])
		if err != nil {
			return false, err
		}
		if changed {
			dirty |= 1 << n
		}
		changes = changes[end:]
	}
	pg.rehash(dirty)
	return dirty != 0, nil
}

// applySlot makes the changes that belong below slot n.
func (u *update) applySlot(at *path, pg *page, n int, changes []Change) (bool, error) {
	if pg.isUsed(n) && !pg.isLeaf(n) {
		return u.applyBelow(at, pg, n, changes)
	}
	leaf := pg.isLeaf(n)
	changes = slices.DeleteFunc(changes, func(c Change) bool {
		return c.Delete && !(leaf && c.Key == pg.key[n])
	})
	switch {
	case len(changes) == 0:
		return false, nil
	case len(changes) > 1 || leaf && changes[0].Key != pg.key[n]:
		return u.applyBelow(at, pg, n, changes)
	case changes[0].Delete:
		pg.setEmpty(n)
	case leaf && changes[0].Value == pg.value[n]:
		return false, nil
	default:
		pg.setLeaf(n, &changes[0].Key, &changes[0].Value)
	}
	return true, nil
}

// applyBelow makes the changes in the page below slot n, which may come into
// being or collapse.
func (u *update) applyBelow(at *path, pg *page, n int, changes []Change) (bool, error) {
	below := at.child(n)
	stored := pg.isUsed(n) && !pg.isLeaf(n)
	child, err := u.child(&below, pg, n)
	if err != nil {
		return false, err
	}
	var dirty uint16
	if pg.isLeaf(n) {
		m := nibbleAt(&pg.key[n], below.depth)
		child.setLeaf(m, &pg.key[n], &pg.value[n])
		dirty = 1 << m
	}
	changed, err := u.apply(&below, child, changes, dirty)
	if err != nil || !changed {
		return false, err
	}
	lone := child.loneLeaf(child.used)
	switch {
	case child.used == 0:
		pg.setEmpty(n)
	case lone >= 0:
		pg.setLeaf(n, &child.key[lone], &child.value[lone])
	default:
		pg.setPage(n, child.root())
		u.set(&below, child)
		return true, nil
	}
	if stored {
		u.delete(&below)
	}
	return true, nil
}

// child gives a page to work on: a copy of the one below slot n, or an empty
// one. It is valid until the next page of this depth is asked for.
func (u *update) child(at *path, parent *page, n int) (*page, error) {
	kept := u.t.upperSlot(at)
	child := u.blank(at.depth, kept != nil)
	if !parent.isUsed(n) || parent.isLeaf(n) {
		return child, nil
	}
	if kept != nil {
		if known := kept.Load(); known != nil && *known.root() == parent.hash[n] {
			*child = *known
			return child, nil
		}
	}
	if kept == nil {
		return child, u.t.readLower(u.r, at, &parent.hash[n], child)
	}
	return child, readPage(u.r, at, &parent.hash[n], child)
}

func (u *update) blank(depth int, kept bool) *page {
	if kept {
		return new(page)
	}
	for len(u.scratch) <= depth {
		u.scratch = append(u.scratch, nil)
	}
	if u.scratch[depth] == nil {
		u.scratch[depth] = new(page)
	} else {
		*u.scratch[depth] = page{}
	}
	return u.scratch[depth]
}

func (u *update) set(at *path, pg *page) {
	p := u.p
	p.bytes = at.appendKey(p.bytes)
	keyEnd := len(p.bytes)
	p.bytes = pg.appendTo(p.bytes)
	p.writes = append(p.writes, pageWrite{keyEnd, len(p.bytes)})
	if u.t.upperSlot(at) != nil {
		p.upper = append(p.upper, upperWrite{*at, pg})
	}
}

func (u *update) delete(at *path) {
	p := u.p
	p.bytes = at.appendKey(p.bytes)
	p.writes = append(p.writes, pageWrite{len(p.bytes), len(p.bytes)})
	if u.t.upperSlot(at) != nil {
		p.upper = append(p.upper, upperWrite{*at, nil})
	}
}

func (u *update) setRoot(root *rootPage) {
	u.p.root = root
	if root.page.used == 0 {
		u.delete(new(path))
		return
	}
	u.set(new(path), &root.page)
	w := u.p.writes[len(u.p.writes)-1]
	root.stored = bytes.Clone(u.p.bytes[w.keyEnd:w.valueEnd])
}
