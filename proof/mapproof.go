package proof

import (
	"crypto/sha256"

	"licet/license"
	"licet/phrase"
)

// mapPathMax is the number of bits in a key, and so the greatest depth at
// which a leaf can stand.
const mapPathMax = 256

// A MapProof shows what an authenticated map holds for one key: a value, or
// nothing. It is checked with [MapProof.Verify] against a root that the reader
// trusts for another reason; the proof holds neither key nor value.
//
// For each root and key at most one proof is valid, whatever bytes the root
// was made from: at each level the root fixes whether there is an inner node,
// a leaf or nothing, and every choice in the proof is one of these. So proofs
// for the same root and key can be compared byte by byte.
//
// What a proof does not show is that the rest of the tree is well formed. The
// sibling hashes stand for subtrees that the reader does not see: a root that
// follows no map (made by a faulty quorum) might have an empty place next to a
// leaf that should have been collapsed. Only who recomputes the map sees that.
type MapProof struct {
	// Path holds the siblings from the deepest level up to the root: 64
	// lower-case hex digits each, "" for an empty subtree.
	Path []string `json:"path"`
	// Other is for absence only: the leaf of another key that stands where the
	// key would stand. Without it the place is empty.
	Other *MapLeaf `json:"other"`
}

// MapLeaf is a leaf of the map: 64 lower-case hex digits each.
type MapLeaf struct {
	Key   string `json:"key,required"`
	Value string `json:"value,required"` // SHA-256 of the value's bytes
}

// MapKey gives the place of a record in the map. Kind is one of the network's
// kinds of records and holds no NUL byte, so that no other kind and id give the
// same key.
func MapKey(kind, id string) [32]byte {
	b := make([]byte, 0, 128)
	b = append(b, "licet/map/key/1\x00"...)
	b = append(b, kind...)
	b = append(b, 0)
	b = append(b, id...)
	return sha256.Sum256(b)
}

// MapLeafHash is the hash of a leaf, and of each subtree that holds only it.
// valueHash is SHA-256 of the value's bytes.
func MapLeafHash(key, valueHash [32]byte) [32]byte {
	var b [65]byte
	copy(b[1:], key[:])
	copy(b[33:], valueHash[:])
	return sha256.Sum256(b[:])
}

// MapInnerHash is the hash of a subtree with two or more leaves. The hash of
// an empty side is 32 zero bytes.
func MapInnerHash(left, right [32]byte) [32]byte {
	var b [65]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[33:], right[:])
	return sha256.Sum256(b[:])
}

// MapProofCode names the rule that a proof breaks. The codes are part of the
// format (docs/spec/map.md).
type MapProofCode string

// The rules, in the order in which they are checked.
const (
	MapPathLong     MapProofCode = "path-long"     // path deeper than a place in the tree can be
	MapHashForm     MapProofCode = "hash-form"     // not 64 lower-case hex digits
	MapSiblingZero  MapProofCode = "sibling-zero"  // an empty sibling written as a hash of zeros
	MapSiblingEmpty MapProofCode = "sibling-empty" // the deepest sibling is empty, so the tree is not collapsed
	MapOtherExtra   MapProofCode = "other-extra"   // presence with another leaf
	MapOtherKey     MapProofCode = "other-key"     // the other leaf is the key's own
	MapOtherPlace   MapProofCode = "other-place"   // the other leaf stands elsewhere
	MapRootDiffers  MapProofCode = "root-differs"  // well formed, but of another root, key or value
	MapBinaryForm   MapProofCode = "binary-form"   // the binary form is cut short, too long or has stray bits
)

// A MapProofError says which rule a proof breaks, and where.
type MapProofError struct {
	Code   MapProofCode
	Detail string
}

func (e *MapProofError) Error() string {
	return "map proof: " + e.Detail + " (" + string(e.Code) + ")"
}

func mapErr(code MapProofCode, format string, args ...any) error {
	return &MapProofError{code, phrase.Sprintf(format, args...)}
}

// Verify checks that the map with this root holds valueHash for key, or, when
// valueHash is nil, that it holds nothing for key. Errors are *[MapProofError].
func (p MapProof) Verify(root, key [32]byte, valueHash *[32]byte) error {
	got, err := p.Root(key, valueHash)
	if err != nil {
		return err
	}
	if got != root {
		return mapErr(MapRootDiffers, "the proof leads to root %s, not to %s; it belongs to another state, key or value", license.Hash(got), license.Hash(root))
	}
	return nil
}

// Root computes the root of the map for which p proves that key has valueHash
// or, when valueHash is nil, that key is absent. It proves nothing until the
// caller compares the root with a trusted one. Errors are *[MapProofError].
func (p MapProof) Root(key [32]byte, valueHash *[32]byte) ([32]byte, error) {
	var room [32][32]byte // enough for maps of some hundred million records
	siblings, err := p.decodePath(room[:])
	if err != nil {
		return [32]byte{}, err
	}
	hash, err := p.bottom(key, valueHash)
	if err != nil {
		return [32]byte{}, err
	}
	for i := range p.Path {
		depth := len(p.Path) - 1 - i
		if bitAt(&key, depth) == 0 {
			hash = MapInnerHash(hash, siblings[i])
		} else {
			hash = MapInnerHash(siblings[i], hash)
		}
	}
	return hash, nil
}

// decodePath reads the siblings, into room if that is enough for them.
func (p MapProof) decodePath(room [][32]byte) ([][32]byte, error) {
	if len(p.Path) > mapPathMax {
		return nil, mapErr(MapPathLong, "the path has %d siblings, at most %d are possible", len(p.Path), mapPathMax)
	}
	siblings := room
	if len(p.Path) > len(room) {
		siblings = make([][32]byte, len(p.Path))
	}
	for i, s := range p.Path {
		if s == "" {
			continue
		}
		h, err := mapHash(s)
		if err != nil {
			return nil, mapErr(MapHashForm, "path[%d]: %v", i, err)
		}
		if h == ([32]byte{}) {
			return nil, mapErr(MapSiblingZero, `path[%d] is all zeros; an empty sibling is written ""`, i)
		}
		siblings[i] = h
	}
	// An inner node has at least two leaves. What stands beside the deepest
	// sibling is one leaf or nothing, so that sibling cannot be empty.
	if len(p.Path) > 0 && p.Path[0] == "" {
		return nil, mapErr(MapSiblingEmpty, "path[0] is empty; a leaf without neighbors stands higher in the tree")
	}
	return siblings, nil
}

// bottom gives the hash of the subtree at the end of the path.
func (p MapProof) bottom(key [32]byte, valueHash *[32]byte) ([32]byte, error) {
	switch {
	case valueHash != nil && p.Other != nil:
		return [32]byte{}, mapErr(MapOtherExtra, "a proof of presence has no other leaf")
	case valueHash != nil:
		return MapLeafHash(key, *valueHash), nil
	case p.Other == nil && len(p.Path) == mapPathMax:
		// Beside the empty place is a subtree with two or more leaves, which
		// needs at least one more level.
		return [32]byte{}, mapErr(MapPathLong, "a path to an empty place has at most %d siblings", mapPathMax-1)
	case p.Other == nil:
		return [32]byte{}, nil
	}
	otherKey, err := mapHash(p.Other.Key)
	if err != nil {
		return [32]byte{}, mapErr(MapHashForm, "other.key: %v", err)
	}
	otherValue, err := mapHash(p.Other.Value)
	if err != nil {
		return [32]byte{}, mapErr(MapHashForm, "other.value: %v", err)
	}
	if otherKey == key {
		return [32]byte{}, mapErr(MapOtherKey, "the other leaf is that of the key itself, so the key is present")
	}
	if !sharePrefix(&otherKey, &key, len(p.Path)) {
		return [32]byte{}, mapErr(MapOtherPlace, "the other leaf does not share the key's first %d bits", len(p.Path))
	}
	return MapLeafHash(otherKey, otherValue), nil
}

// mapHash reads the one writing of a hash: 64 lower-case hex digits.
func mapHash(s string) (h [32]byte, err error) {
	if len(s) != 64 {
		return h, phrase.Errorf("a hash has 64 hex digits, this has %d bytes", len(s))
	}
	for i := range h {
		high, low := hexDigits[s[2*i]], hexDigits[s[2*i+1]]
		if high|low > 15 {
			n := 2 * i
			if high <= 15 {
				n++
			}
			return [32]byte{}, phrase.Errorf("byte %d is not a lower-case hex digit", n)
		}
		h[i] = high<<4 | low
	}
	return h, nil
}

// hexDigits gives the value of each lower-case hex digit, and 255 for all else.
var hexDigits = func() (values [256]byte) {
	for i := range values {
		values[i] = 255
	}
	for v, c := range "0123456789abcdef" {
		values[c] = byte(v)
	}
	return values
}()

// bitAt counts from the most significant bit of the first byte.
func bitAt(key *[32]byte, depth int) byte {
	return key[depth/8] >> (7 - depth%8) & 1
}

func sharePrefix(a, b *[32]byte, bits int) bool {
	for i := range bits {
		if bitAt(a, i) != bitAt(b, i) {
			return false
		}
	}
	return true
}
