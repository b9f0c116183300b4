package check

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// A Leaf is one key of the map.
type Leaf struct{ Key, Value Hash }

// MapKey is the place of a record in the map.
func MapKey(kind, id string) Hash {
	return sha256.Sum256([]byte("licet/map/key/1\x00" + kind + "\x00" + id))
}

func mapLeaf(l Leaf) Hash {
	return sha256.Sum256(append(append([]byte{0}, l.Key[:]...), l.Value[:]...))
}

// SortLeaves puts leaves into the order that MapRoot and MapProve want.
func SortLeaves(leaves []Leaf) {
	slices.SortFunc(leaves, func(a, b Leaf) int { return bytes.Compare(a.Key[:], b.Key[:]) })
}

// MapRoot is the root of the map with these leaves, sorted by key.
func MapRoot(leaves []Leaf) Hash { return subtree(leaves, 0) }

func subtree(leaves []Leaf, depth int) Hash {
	switch len(leaves) {
	case 0:
		return Hash{}
	case 1:
		return mapLeaf(leaves[0])
	}
	left, right := split(leaves, depth)
	return nodeHash(subtree(left, depth+1), subtree(right, depth+1))
}

func bit(k Hash, depth int) int { return int(k[depth/8]>>(7-depth%8)) & 1 }

func split(leaves []Leaf, depth int) (left, right []Leaf) {
	i := 0
	for i < len(leaves) && bit(leaves[i].Key, depth) == 0 {
		i++
	}
	return leaves[:i], leaves[i:]
}

// A MapProof is a proof as docs/spec/map.md section 3 writes it.
type MapProof struct {
	Path  []string  `json:"path"`
	Other *MapOther `json:"other"`
}

// MapOther is the leaf that stands where an absent key would stand.
type MapOther struct {
	Key   string `json:"key,required"`
	Value string `json:"value,required"`
}

// MapProve makes the proof for a key over sorted leaves: present says whether it
// is one of presence.
func MapProve(leaves []Leaf, key Hash) (p MapProof, present bool) {
	for depth := 0; len(leaves) > 1; depth++ {
		left, right := split(leaves, depth)
		leaves = left
		beside := subtree(right, depth+1)
		if bit(key, depth) == 1 {
			leaves, beside = right, subtree(left, depth+1)
		}
		s := ""
		if beside != (Hash{}) {
			s = hex.EncodeToString(beside[:])
		}
		p.Path = append([]string{s}, p.Path...)
	}
	if len(leaves) == 0 {
		return p, false
	}
	if leaves[0].Key == key {
		return p, true
	}
	p.Other = &MapOther{hex.EncodeToString(leaves[0].Key[:]), hex.EncodeToString(leaves[0].Value[:])}
	return p, false
}

// Proves says whether p proves under the root that the key has the value hash, or,
// when it is nil, that the key is absent. It takes the steps of docs/spec/map.md
// section 4.
func (p MapProof) Proves(root, key Hash, value *Hash) bool {
	if len(p.Path) > 256 || len(p.Path) > 0 && p.Path[0] == "" {
		return false
	}
	siblings := make([]Hash, len(p.Path))
	for i, s := range p.Path {
		if s != "" && (!readHash(s, &siblings[i]) || siblings[i] == Hash{}) {
			return false
		}
	}
	h, ok := p.end(key, value)
	for i, s := range siblings {
		if bit(key, len(siblings)-1-i) == 0 {
			h = nodeHash(h, s)
		} else {
			h = nodeHash(s, h)
		}
	}
	return ok && h == root
}

func (p MapProof) end(key Hash, value *Hash) (h Hash, ok bool) {
	switch {
	case value != nil:
		return mapLeaf(Leaf{key, *value}), p.Other == nil
	case p.Other == nil:
		return Hash{}, len(p.Path) <= 255
	}
	var other Leaf
	if !readHash(p.Other.Key, &other.Key) || !readHash(p.Other.Value, &other.Value) || other.Key == key {
		return h, false
	}
	for i := range p.Path {
		if bit(other.Key, i) != bit(key, i) {
			return h, false
		}
	}
	return mapLeaf(other), true
}

func readHash(s string, h *Hash) bool {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 32 || hex.EncodeToString(b) != s {
		return false
	}
	copy(h[:], b)
	return true
}
