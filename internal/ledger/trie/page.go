package trie

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"

	"licet/proof"
)

// A page covers one nibble of the key, four binary levels: 16 slots, each
// empty, a leaf, or the page of a subtree with two or more leaves.
//
// Every page but the root holds two or more leaves in its subtree, since a
// lone leaf stands in the slot of the parent. So the stored pages, too, follow
// from the map's content alone.
type page struct {
	used   uint16 // bit n: slot n is not empty
	leaves uint16 // bit n: slot n is a leaf; a subset of used

	key   [16][32]byte // leaves only
	value [16][32]byte // leaves only: the value hash
	hash  [16][32]byte // hash of the leaf or of the page; zero when empty
	// inner holds the page's binary nodes as a heap: 1 is the page's root, the
	// children of i are 2i and 2i+1, and from 16 on the slots follow.
	inner [16][32]byte
}

// slotsBelow gives, for each binary node in heap order, the slots under it.
var slotsBelow = func() (masks [16]uint16) {
	for i := 1; i < 16; i++ {
		level := bits.Len(uint(i)) - 1 // 0 for the root
		width := 16 >> level
		masks[i] = uint16(1<<width-1) << ((i - 1<<level) * width)
	}
	return masks
}()

func (p *page) root() *[32]byte { return &p.inner[1] }

// node is the hash of a binary node or, from 16 on, of a slot.
func (p *page) node(i int) *[32]byte {
	if i < 16 {
		return &p.inner[i]
	}
	return &p.hash[i-16]
}

func (p *page) isLeaf(n int) bool { return p.leaves>>n&1 == 1 }
func (p *page) isUsed(n int) bool { return p.used>>n&1 == 1 }

// loneLeaf gives the slot of the only leaf among the masked slots, or -1.
func (p *page) loneLeaf(mask uint16) int {
	used := p.used & mask
	if bits.OnesCount16(used) != 1 || used&p.leaves == 0 {
		return -1
	}
	return bits.TrailingZeros16(used)
}

func (p *page) setEmpty(n int) {
	p.used &^= 1 << n
	p.leaves &^= 1 << n
	p.key[n], p.value[n], p.hash[n] = [32]byte{}, [32]byte{}, [32]byte{}
}

// setLeaf leaves the slot's hash to rehash.
func (p *page) setLeaf(n int, key, value *[32]byte) {
	p.used |= 1 << n
	p.leaves |= 1 << n
	p.key[n], p.value[n] = *key, *value
}

func (p *page) setPage(n int, hash *[32]byte) {
	p.used |= 1 << n
	p.leaves &^= 1 << n
	p.key[n], p.value[n], p.hash[n] = [32]byte{}, [32]byte{}, *hash
}

// rehash brings up to date the hashes that depend on the changed slots.
func (p *page) rehash(changed uint16) {
	for m := changed & p.leaves; m != 0; m &= m - 1 {
		n := bits.TrailingZeros16(m)
		p.hash[n] = proof.MapLeafHash(p.key[n], p.value[n])
	}
	for i := 15; i >= 1; i-- {
		if slotsBelow[i]&changed == 0 {
			continue
		}
		switch used := p.used & slotsBelow[i]; {
		case used == 0:
			p.inner[i] = [32]byte{}
		case p.loneLeaf(used) >= 0:
			p.inner[i] = p.hash[p.loneLeaf(used)]
		default:
			p.inner[i] = proof.MapInnerHash(*p.node(2 * i), *p.node(2*i + 1))
		}
	}
}

// appendTo writes the page: the used slots and the leaf slots as 16 bits each,
// big-endian, then for each used slot in order the key and value hash of a leaf
// or the hash of a page.
func (p *page) appendTo(b []byte) []byte {
	b = binary.BigEndian.AppendUint16(b, p.used)
	b = binary.BigEndian.AppendUint16(b, p.leaves)
	for m := p.used; m != 0; m &= m - 1 {
		n := bits.TrailingZeros16(m)
		if p.isLeaf(n) {
			b = append(b, p.key[n][:]...)
			b = append(b, p.value[n][:]...)
		} else {
			b = append(b, p.hash[n][:]...)
		}
	}
	return b
}

// decode reads a page written by appendTo into p, which is empty, and computes
// its hashes. It refuses what appendTo does not write for a page at this path.
func (p *page) decode(b []byte, at *path) error {
	if err := p.decodeSlots(b, at); err != nil {
		return err
	}
	p.rehash(p.used)
	return nil
}

func (p *page) decodeSlots(b []byte, at *path) error {
	if len(b) < 4 {
		return fmt.Errorf("%d bytes are too few", len(b))
	}
	p.used, p.leaves, b = binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:]), b[4:]
	nLeaves := bits.OnesCount16(p.leaves)
	nPages := bits.OnesCount16(p.used) - nLeaves
	switch {
	case p.leaves&^p.used != 0:
		return errors.New("a leaf stands in an empty slot")
	case len(b) != 64*nLeaves+32*nPages:
		return fmt.Errorf("%d leaves and %d pages do not fill %d bytes", nLeaves, nPages, len(b))
	case p.used == 0:
		return errors.New("no slot is used")
	case at.depth > 0 && p.loneLeaf(p.used) >= 0:
		return errors.New("a lone leaf was not collapsed into the parent")
	case nPages > 0 && at.depth == depthMax:
		return errors.New("a page stands below the last nibble of the key")
	}
	for m := p.used; m != 0; m &= m - 1 {
		n := bits.TrailingZeros16(m)
		if !p.isLeaf(n) {
			b = b[copy(p.hash[n][:], b):]
			continue
		}
		b = b[copy(p.key[n][:], b):]
		b = b[copy(p.value[n][:], b):]
		if !at.holds(&p.key[n]) || nibbleAt(&p.key[n], at.depth) != n {
			return fmt.Errorf("the leaf in slot %x belongs elsewhere", n)
		}
	}
	return nil
}
