package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/cockroachdb/pebble/v2"
)

// A sketch of a paged trie, as small as it can be: no deletion, no proofs, no
// checks of what is read. It says what the data structure costs by itself.

type hash = [32]byte

// A sketchPage covers one nibble; each slot is empty, a leaf or a page below.
type sketchPage struct{ slots [16]sketchSlot }

type sketchSlot struct {
	kind byte // 0 empty, 1 leaf, 2 page
	key  hash // of a leaf
	hash hash // of a leaf's value, or of the page
}

func (p *sketchPage) encode() []byte {
	b := make([]byte, 0, 16*65)
	for i := range p.slots {
		s := &p.slots[i]
		b = append(b, s.kind)
		if s.kind == 1 {
			b = append(b, s.key[:]...)
		}
		if s.kind != 0 {
			b = append(b, s.hash[:]...)
		}
	}
	return b
}

func decodeSketch(b []byte) *sketchPage {
	p := &sketchPage{}
	for i := range p.slots {
		s := &p.slots[i]
		s.kind, b = b[0], b[1:]
		if s.kind == 1 {
			b = b[copy(s.key[:], b):]
		}
		if s.kind != 0 {
			b = b[copy(s.hash[:], b):]
		}
	}
	return p
}

func sketchHash(tag byte, l, r *hash) hash {
	var b [65]byte
	b[0] = tag
	copy(b[1:], l[:])
	copy(b[33:], r[:])
	return sha256.Sum256(b[:])
}

// root hashes the slots from lo to hi; a subtree of one leaf is the leaf.
func (p *sketchPage) root(lo, hi int) (h hash, n int) {
	if hi-lo == 1 {
		switch s := &p.slots[lo]; s.kind {
		case 0:
			return hash{}, 0
		case 1:
			return sketchHash(0, &s.key, &s.hash), 1
		default:
			return s.hash, 2
		}
	}
	lh, ln := p.root(lo, (lo+hi)/2)
	rh, rn := p.root((lo+hi)/2, hi)
	switch {
	case ln+rn == 0:
		return hash{}, 0
	case ln == 0 && rn == 1:
		return rh, 1
	case rn == 0 && ln == 1:
		return lh, 1
	}
	return sketchHash(1, &lh, &rh), ln + rn
}

type sketchLeaf struct{ key, value hash }

type sketch struct {
	db    *pebble.DB
	batch *pebble.Batch
	upper map[string]*sketchPage
}

func (s *sketch) page(path []byte) *sketchPage {
	if p, ok := s.upper[string(path)]; ok {
		return p
	}
	v, c, err := s.db.Get(append([]byte("p"), path...))
	if err != nil {
		return &sketchPage{}
	}
	defer func() { check(c.Close()) }()
	return decodeSketch(v)
}

func sketchNibble(k *hash, depth int) byte {
	if depth%2 == 0 {
		return k[depth/2] >> 4
	}
	return k[depth/2] & 15
}

// update puts sorted leaves below the page at path.
func (s *sketch) update(path []byte, p *sketchPage, leaves []sketchLeaf) {
	depth := len(path)
	for i := 0; i < len(leaves); {
		n, j := sketchNibble(&leaves[i].key, depth), i
		for j < len(leaves) && sketchNibble(&leaves[j].key, depth) == n {
			j++
		}
		group, slot := leaves[i:j], &p.slots[n]
		i = j
		switch {
		case slot.kind == 0 && len(group) == 1:
			*slot = sketchSlot{1, group[0].key, group[0].value}
		case slot.kind == 1 && len(group) == 1 && group[0].key == slot.key:
			slot.hash = group[0].value
		default:
			s.below(append(slices.Clone(path), n), slot, group)
		}
	}
	if depth <= 3 {
		s.upper[string(path)] = p
	}
	check(s.batch.Set(append([]byte("p"), path...), p.encode(), nil))
}

func (s *sketch) below(path []byte, slot *sketchSlot, group []sketchLeaf) {
	child := &sketchPage{}
	switch slot.kind {
	case 1:
		child.slots[sketchNibble(&slot.key, len(path))] = *slot
	case 2:
		child = s.page(path)
	}
	s.update(path, child, group)
	h, _ := child.root(0, 16)
	*slot = sketchSlot{kind: 2, hash: h}
}

// apply sets the values of ids in one batch, a record and a history entry each.
func (s *sketch) apply(ids []int, version int, o *pebble.WriteOptions) {
	s.batch = s.db.NewBatch()
	var leaves []sketchLeaf
	for i, id := range ids {
		k, v := peerRecord(id, version)
		leaves = append(leaves, sketchLeaf{k, sha256.Sum256(v)})
		check(s.batch.Set(append([]byte("v"), k[:]...), v, nil))
		check(s.batch.Set(append([]byte("h"), peerEntryKey(version, i)...), v, nil))
	}
	slices.SortFunc(leaves, func(a, b sketchLeaf) int { return bytes.Compare(a.key[:], b.key[:]) })
	root := s.page(nil)
	s.update(nil, root, leaves)
	root.root(0, 16)
	check(s.batch.Commit(o))
}

const peerValueBytes = 400 // a license with two terms and a name

// peerRecord makes the key and the value of a record at a version.
func peerRecord(id, version int) (hash, []byte) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(id))
	v := make([]byte, peerValueBytes)
	binary.BigEndian.PutUint64(v, uint64(version))
	return sha256.Sum256(b[:]), v
}

func peerEntryKey(version, i int) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, uint64(version)), uint64(i))
}

func loadSketch(b *bench, keys int) func(int) time.Duration {
	cache := pebble.NewCache(256 << 20)
	defer cache.Unref()
	s := &sketch{upper: map[string]*sketchPage{}}
	s.db = must(pebble.Open(b.store("sketch"), &pebble.Options{Cache: cache, MemTableSize: 64 << 20, Logger: silent{}}))
	return peerBlocks(b, "the sketch", keys, func(ids []int, version int, synced bool) {
		o := pebble.NoSync
		if synced {
			o = pebble.Sync
		}
		s.apply(ids, version, o)
	})
}

// peerBlocks loads keys and returns what updates blocks of random ones.
func peerBlocks(b *bench, name string, keys int, apply func(ids []int, version int, synced bool)) func(int) time.Duration {
	version := 0
	say := b.progress(name+" has keys", keys)
	for i := 0; i < keys; i += 10_000 {
		say(i)
		var ids []int
		for j := i; j < min(i+10_000, keys); j++ {
			ids = append(ids, j)
		}
		version++
		apply(ids, version, false)
	}
	random := rand.New(rand.NewPCG(3, 4))
	return func(blocks int) (took time.Duration) {
		for range blocks {
			ids := map[int]bool{}
			for len(ids) < blockActs {
				ids[random.IntN(keys)] = true
			}
			var list []int
			for id := range ids {
				list = append(list, id)
			}
			version++
			began := time.Now()
			apply(list, version, true)
			took += time.Since(began)
		}
		return took
	}
}

type silent struct{}

func (silent) Infof(string, ...any)           {}
func (silent) Errorf(string, ...any)          {}
func (silent) Fatalf(format string, a ...any) { panic(format) }
