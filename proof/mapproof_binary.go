package proof

import (
	"encoding/binary"
	"encoding/hex"
)

// The compact binary form, for stores and for measuring:
//
//	2 bytes  big-endian: 0x8000 if another leaf follows, plus the path's length
//	bitmap   one bit for each sibling, deepest first, most significant bit
//	         first: 1 = empty; the last byte is filled with zero bits
//	hashes   32 bytes for each sibling that is not empty
//	leaf     64 bytes: key and value hash of the other leaf, if any
const mapOtherFlag = 0x8000

// AppendBinary appends the compact binary form to b. It fails on a proof whose
// hashes are malformed or whose path is too long; it does not check the proof.
func (p MapProof) AppendBinary(b []byte) ([]byte, error) {
	siblings, err := p.decodePath(nil)
	if err != nil {
		return nil, err
	}
	head := uint16(len(p.Path))
	if p.Other != nil {
		head |= mapOtherFlag
	}
	b = binary.BigEndian.AppendUint16(b, head)
	bitmap := make([]byte, (len(p.Path)+7)/8)
	for i, s := range p.Path {
		if s == "" {
			bitmap[i/8] |= 0x80 >> (i % 8)
		}
	}
	b = append(b, bitmap...)
	for i, s := range p.Path {
		if s != "" {
			b = append(b, siblings[i][:]...)
		}
	}
	if p.Other == nil {
		return b, nil
	}
	for _, s := range []string{p.Other.Key, p.Other.Value} {
		h, err := mapHash(s)
		if err != nil {
			return nil, mapErr(MapHashForm, "other: %v", err)
		}
		b = append(b, h[:]...)
	}
	return b, nil
}

// ParseMapProofBinary reads the compact binary form. It takes all of b; what it
// accepts, [MapProof.AppendBinary] writes back as the same bytes.
func ParseMapProofBinary(b []byte) (MapProof, error) {
	if len(b) < 2 {
		return MapProof{}, mapErr(MapBinaryForm, "%d bytes are too few for a proof", len(b))
	}
	head := binary.BigEndian.Uint16(b)
	depth := int(head &^ mapOtherFlag)
	if depth > mapPathMax {
		return MapProof{}, mapErr(MapPathLong, "the path has %d siblings, at most %d are possible", depth, mapPathMax)
	}
	bitmap, rest, ok := cut(b[2:], (depth+7)/8)
	if !ok {
		return MapProof{}, mapErr(MapBinaryForm, "the bitmap is cut short")
	}
	p := MapProof{}
	if depth > 0 {
		p.Path = make([]string, depth)
	}
	for i := range p.Path {
		if bitmap[i/8]&(0x80>>(i%8)) != 0 {
			continue
		}
		if p.Path[i], rest, ok = cutHash(rest); !ok {
			return MapProof{}, mapErr(MapBinaryForm, "path[%d] is cut short", i)
		}
	}
	if depth%8 != 0 && bitmap[depth/8]<<(depth%8) != 0 {
		return MapProof{}, mapErr(MapBinaryForm, "the bitmap has bits beyond the path")
	}
	if head&mapOtherFlag != 0 {
		p.Other = new(MapLeaf)
		var okValue bool
		p.Other.Key, rest, ok = cutHash(rest)
		p.Other.Value, rest, okValue = cutHash(rest)
		if !ok || !okValue {
			return MapProof{}, mapErr(MapBinaryForm, "the other leaf is cut short")
		}
	}
	if len(rest) != 0 {
		return MapProof{}, mapErr(MapBinaryForm, "%d bytes follow the proof", len(rest))
	}
	if _, err := p.decodePath(nil); err != nil {
		return MapProof{}, err
	}
	return p, nil
}

func cut(b []byte, n int) (head, tail []byte, ok bool) {
	if len(b) < n {
		return nil, nil, false
	}
	return b[:n], b[n:], true
}

func cutHash(b []byte) (hash string, tail []byte, ok bool) {
	h, tail, ok := cut(b, 32)
	return hex.EncodeToString(h), tail, ok
}
