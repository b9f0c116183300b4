package trie

import (
	"bytes"
	"crypto/sha256"
	"maps"
	"slices"

	"pgregory.net/rapid"
)

type naiveMap map[[32]byte][32]byte

func (m naiveMap) sorted() [][32]byte {
	return slices.SortedFunc(maps.Keys(m), func(a, b [32]byte) int { return bytes.Compare(a[:], b[:]) })
}

// root follows docs/spec/map.md by recursion and shares no code with the trie.
func (m naiveMap) root() [32]byte { return m.rootOf(m.sorted(), 0) }

func (m naiveMap) rootOf(keys [][32]byte, depth int) [32]byte {
	switch len(keys) {
	case 0:
		return [32]byte{}
	case 1:
		value := m[keys[0]]
		return sha256.Sum256(slices.Concat([]byte{0}, keys[0][:], value[:]))
	}
	i := 0
	for i < len(keys) && keys[i][depth/8]&(1<<(7-depth%8)) == 0 {
		i++
	}
	left, right := m.rootOf(keys[:i], depth+1), m.rootOf(keys[i:], depth+1)
	return sha256.Sum256(slices.Concat([]byte{1}, left[:], right[:]))
}

func (m naiveMap) apply(changes []Change) {
	for _, c := range changes {
		if c.Delete {
			delete(m, c.Key)
		} else {
			m[c.Key] = c.Value
		}
	}
}

// drawKey draws from few keys, many of which agree in many nibbles, so that
// pages come into being and collapse at all depths.
func drawKey(t *rapid.T) (key [32]byte) {
	if rapid.Bool().Draw(t, "spread") {
		return sha256.Sum256([]byte{rapid.Byte().Draw(t, "seed")})
	}
	bits := []int{0, 3, 4, 7, 8, 15, 16, 130, 251, 252, 255}
	for range rapid.IntRange(0, 3).Draw(t, "bits set") {
		b := rapid.SampledFrom(bits).Draw(t, "bit")
		key[b/8] |= 1 << (7 - b%8)
	}
	return key
}

func drawChanges(t *rapid.T, most int) (changes []Change) {
	for range rapid.IntRange(0, most).Draw(t, "changes") {
		c := Change{Key: drawKey(t)}
		if rapid.IntRange(0, 2).Draw(t, "delete") == 0 {
			c.Delete = true
		} else {
			c.Value[0] = rapid.ByteRange(0, 3).Draw(t, "value")
		}
		if !slices.ContainsFunc(changes, func(o Change) bool { return o.Key == c.Key }) {
			changes = append(changes, c)
		}
	}
	return changes
}
