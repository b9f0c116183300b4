package proof_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"pgregory.net/rapid"

	"licet/proof"
)

// naiveLeaf and the functions on it are the map told the simple way, straight
// from docs/spec/map.md. They share no code with the package.
type naiveLeaf struct{ key, value [32]byte }

func naiveSort(leaves []naiveLeaf) {
	slices.SortFunc(leaves, func(a, b naiveLeaf) int { return bytes.Compare(a.key[:], b.key[:]) })
}

func naiveHash(first byte, a, b [32]byte) (h [32]byte) {
	s := sha256.New()
	s.Write([]byte{first})
	s.Write(a[:])
	s.Write(b[:])
	s.Sum(h[:0])
	return h
}

func naiveBit(key [32]byte, depth int) bool {
	return key[depth/8]&(1<<(7-depth%8)) != 0
}

func naiveSplit(leaves []naiveLeaf, depth int) (zeros, ones []naiveLeaf) {
	i := 0
	for i < len(leaves) && !naiveBit(leaves[i].key, depth) {
		i++
	}
	return leaves[:i], leaves[i:]
}

// naiveRoot takes leaves in the order of their keys, all alike above depth.
func naiveRoot(leaves []naiveLeaf, depth int) [32]byte {
	switch len(leaves) {
	case 0:
		return [32]byte{}
	case 1:
		return naiveHash(0, leaves[0].key, leaves[0].value)
	}
	zeros, ones := naiveSplit(leaves, depth)
	return naiveHash(1, naiveRoot(zeros, depth+1), naiveRoot(ones, depth+1))
}

func naiveProve(leaves []naiveLeaf, key [32]byte, depth int) (p proof.MapProof, value *[32]byte) {
	switch {
	case len(leaves) == 0:
		return p, nil
	case len(leaves) == 1 && leaves[0].key == key:
		return p, &leaves[0].value
	case len(leaves) == 1:
		p.Other = &proof.MapLeaf{
			Key:   hex.EncodeToString(leaves[0].key[:]),
			Value: hex.EncodeToString(leaves[0].value[:]),
		}
		return p, nil
	}
	near, far := naiveSplit(leaves, depth)
	if naiveBit(key, depth) {
		near, far = far, near
	}
	p, value = naiveProve(near, key, depth+1)
	sibling := ""
	if len(far) > 0 {
		h := naiveRoot(far, depth+1)
		sibling = hex.EncodeToString(h[:])
	}
	p.Path = append(p.Path, sibling)
	return p, value
}

// drawKey prefers keys that agree in many bits, so that paths get long, up to
// 256 siblings.
func drawKey(t *rapid.T) (key [32]byte) {
	if rapid.Bool().Draw(t, "spread") {
		return sha256.Sum256([]byte{rapid.Byte().Draw(t, "seed")})
	}
	bits := []int{0, 1, 3, 4, 7, 8, 64, 129, 252, 254, 255}
	for range rapid.IntRange(0, 3).Draw(t, "bits set") {
		b := rapid.SampledFrom(bits).Draw(t, "bit")
		key[b/8] |= 1 << (7 - b%8)
	}
	return key
}

func drawLeaves(t *rapid.T, most int) []naiveLeaf {
	var leaves []naiveLeaf
	for range rapid.IntRange(0, most).Draw(t, "leaves") {
		leaf := naiveLeaf{drawKey(t), sha256.Sum256([]byte{rapid.Byte().Draw(t, "value")})}
		if !slices.ContainsFunc(leaves, func(l naiveLeaf) bool { return l.key == leaf.key }) {
			leaves = append(leaves, leaf)
		}
	}
	naiveSort(leaves)
	return leaves
}
