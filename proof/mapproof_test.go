package proof_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"licet/proof"
	"licet/strict"
)

const mapProofBytesMax = 32 << 10

// TestMapProofOfTwin: what the naive twin proves verifies, in each encoding.
func TestMapProofOfTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaves := drawLeaves(t, 12)
		key := drawKey(t)
		if len(leaves) > 0 && rapid.Bool().Draw(t, "present") {
			key = rapid.SampledFrom(leaves).Draw(t, "leaf").key
		}
		p, value := naiveProve(leaves, key, 0)
		root := naiveRoot(leaves, 0)
		if err := p.Verify(root, key, value); err != nil {
			t.Fatal(err)
		}
		wrong := sha256.Sum256([]byte("another value"))
		if p.Verify(root, key, &wrong) == nil {
			t.Error("the proof also verifies with another value")
		}
		if value != nil && p.Verify(root, key, nil) == nil {
			t.Error("a proof of presence verifies as absence")
		}
		checkEncodings(t, p)
	})
}

type failer interface {
	Errorf(format string, args ...any)
	Fatal(args ...any)
}

func checkEncodings(t failer, p proof.MapProof) {
	var back proof.MapProof
	if err := strict.Decode(strict.Encode(p), &back, mapProofBytesMax); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back, p) {
		t.Errorf("JSON: %+v came back as %+v", p, back)
	}
	b, err := p.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	if back, err = proof.ParseMapProofBinary(b); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back, p) {
		t.Errorf("binary: %+v came back as %+v", p, back)
	}
}

// TestMapProofMutated: a proof in which any bit of anything differs does not
// verify.
func TestMapProofMutated(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaves := drawLeaves(t, 12)
		key := drawKey(t)
		p, value := naiveProve(leaves, key, 0)
		root := naiveRoot(leaves, 0)
		b, err := p.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		bit := rapid.IntRange(0, 8*len(b)-1).Draw(t, "bit of the proof")
		b[bit/8] ^= 1 << (bit % 8)
		if changed, err := proof.ParseMapProofBinary(b); err == nil && changed.Verify(root, key, value) == nil {
			t.Errorf("verifies with bit %d of the proof changed", bit)
		}
		bit = rapid.IntRange(0, 255).Draw(t, "bit of a hash")
		if value != nil {
			v := flipBit(*value, bit)
			if p.Verify(root, key, &v) == nil {
				t.Errorf("verifies with bit %d of the value hash changed", bit)
			}
			if p.Verify(root, flipBit(key, bit), value) == nil {
				t.Errorf("verifies with bit %d of the key changed", bit)
			}
		}
		if p.Verify(flipBit(root, bit), key, value) == nil {
			t.Errorf("verifies with bit %d of the root changed", bit)
		}
	})
}

func flipBit(h [32]byte, bit int) [32]byte {
	h[bit/8] ^= 1 << (bit % 8)
	return h
}

// TestMapProofOfNeighborKey: a proof of absence also serves keys that would
// stand in the same place, and no key that is in the map.
func TestMapProofOfNeighborKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaves := drawLeaves(t, 12)
		root := naiveRoot(leaves, 0)
		p, value := naiveProve(leaves, drawKey(t), 0)
		for _, leaf := range leaves {
			if value == nil && p.Verify(root, leaf.key, nil) == nil {
				t.Errorf("key %x is in the map, and proved absent", leaf.key)
			}
		}
	})
}

func TestMapProofCodes(t *testing.T) {
	key, value := [32]byte{0x80}, sha256.Sum256(nil)
	hash := strings.Repeat("ab", 32)
	path := func(n int) []string {
		p := make([]string, n)
		if n > 0 {
			p[0] = hash
		}
		return p
	}
	leaf := func(key string) *proof.MapLeaf { return &proof.MapLeaf{Key: key, Value: hash} }
	cases := []struct {
		name  string
		proof proof.MapProof
		value *[32]byte
		want  proof.MapProofCode
	}{
		{"257 levels", proof.MapProof{Path: path(257)}, &value, proof.MapPathLong},
		{"empty place at level 256", proof.MapProof{Path: path(256)}, nil, proof.MapPathLong},
		{"short hash", proof.MapProof{Path: []string{hash[:62]}}, &value, proof.MapHashForm},
		{"upper case", proof.MapProof{Path: []string{strings.ToUpper(hash)}}, &value, proof.MapHashForm},
		{"zeros", proof.MapProof{Path: []string{strings.Repeat("0", 64)}}, &value, proof.MapSiblingZero},
		{"leaf not collapsed", proof.MapProof{Path: []string{"", hash}}, &value, proof.MapSiblingEmpty},
		{"empty place not collapsed", proof.MapProof{Path: []string{"", hash}}, nil, proof.MapSiblingEmpty},
		{"other leaf not collapsed", proof.MapProof{Path: []string{""}, Other: leaf("c" + hash[1:])}, nil, proof.MapSiblingEmpty},
		{"presence with other", proof.MapProof{Other: leaf(hash)}, &value, proof.MapOtherExtra},
		{"other is the key", proof.MapProof{Other: leaf("8" + strings.Repeat("0", 63))}, nil, proof.MapOtherKey},
		{"other elsewhere", proof.MapProof{Path: path(1), Other: leaf("7" + hash[1:])}, nil, proof.MapOtherPlace},
		{"other at level 256", proof.MapProof{Path: path(256), Other: leaf("8" + strings.Repeat("0", 62) + "1")}, nil, proof.MapOtherPlace},
		{"bad other key", proof.MapProof{Other: leaf("")}, nil, proof.MapHashForm},
		{"bad other value", proof.MapProof{Other: &proof.MapLeaf{Key: hash, Value: hash + "0"}}, nil, proof.MapHashForm},
		{"another root", proof.MapProof{Path: path(5)}, &value, proof.MapRootDiffers},
	}
	for _, c := range cases {
		err := c.proof.Verify([32]byte{}, key, c.value)
		var got *proof.MapProofError
		if !errors.As(err, &got) || got.Code != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

func TestMapKeyPartsStayApart(t *testing.T) {
	if proof.MapKey("license", "a") == proof.MapKey("licensea", "") {
		t.Error("kind and id run together")
	}
}

func FuzzMapProofJSON(f *testing.F) {
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"path":["` + strings.Repeat("0f", 32) + `",""]}`))
	f.Add([]byte(`{"path":["",""],"other":{"key":"` + strings.Repeat("0f", 32) + `","value":"` + strings.Repeat("f0", 32) + `"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var p proof.MapProof
		if strict.Decode(data, &p, mapProofBytesMax) != nil {
			return
		}
		if back := strict.Encode(p); !bytes.Equal(back, data) {
			t.Errorf("%s is written back as %s", data, back)
		}
		if _, err := p.Root(sha256.Sum256(data), nil); err == nil {
			checkEncodings(t, p)
		}
	})
}

func FuzzMapProofBinary(f *testing.F) {
	f.Add([]byte{0, 0})
	f.Add(append([]byte{0, 2, 0x40}, make([]byte, 32)...))
	f.Add(append([]byte{0x80, 1, 0}, bytes.Repeat([]byte{7}, 96)...))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := proof.ParseMapProofBinary(data)
		if err != nil {
			return
		}
		if back, err := p.AppendBinary(nil); err != nil || !bytes.Equal(back, data) {
			t.Errorf("%x is written back as %x (%v)", data, back, err)
		}
		checkEncodings(t, p)
	})
}

func BenchmarkMapProofRoot(b *testing.B) {
	leaves := make([]naiveLeaf, 1000)
	for i := range leaves {
		leaves[i] = naiveLeaf{key: sha256.Sum256([]byte{byte(i), byte(i >> 8)})}
	}
	naiveSort(leaves)
	key := leaves[500].key
	p, value := naiveProve(leaves, key, 0)
	for b.Loop() {
		if _, err := p.Root(key, value); err != nil {
			b.Fatal(err)
		}
	}
}
