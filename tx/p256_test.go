package tx

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"math/big"
	"testing"
)

func plainInt(x residue) *big.Int { return intOf(p256P.number(x)) }

// The plain arithmetic decides as the standard library does.
func TestPlainP256(t *testing.T) {
	if p := elliptic.P256().Params(); p.P.Cmp(intOf(p256P.m)) != 0 || p.B.Cmp(plainInt(p256B)) != 0 || p.N.Cmp(intOf(p256Order.m)) != 0 || p.Gx.Cmp(plainInt(p256G.x)) != 0 || p.Gy.Cmp(plainInt(p256G.y)) != 0 {
		t.Fatal("the constants are not those of P-256")
	}
	for i := range 40 {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		compressed := elliptic.MarshalCompressed(elliptic.P256(), key.X, key.Y)
		q, ok := plainP256(compressed)
		if !ok || plainInt(q.x).Cmp(key.X) != 0 || plainInt(q.y).Cmp(key.Y) != 0 || !onP256(uint256From(key.X), uint256From(key.Y)) {
			t.Fatal("a point is read as another one")
		}
		digest := sha256.Sum256([]byte{byte(i)})
		r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
		if err != nil {
			t.Fatal(err)
		}
		if !q.verify(digest[:], signed(r, s)) {
			t.Fatal("a good signature does not verify")
		}
		one, order := big.NewInt(1), intOf(p256Order.m)
		for name, c := range map[string]struct{ r, s *big.Int }{
			"another r": {new(big.Int).Add(r, one), s}, "another s": {r, new(big.Int).Add(s, one)}, "swapped": {s, r},
			"r is 0": {new(big.Int), s}, "s is 0": {r, new(big.Int)}, "r is the order": {order, s}, "s is the order": {r, order},
			"r and order": {new(big.Int).Add(r, order), s},
		} {
			if c.r.BitLen() > 256 { // it cannot be written
				continue
			}
			if q.verify(digest[:], signed(c.r, c.s)) {
				t.Errorf("%s: verifies", name)
			}
		}
		digest[i%32] ^= 1
		if q.verify(digest[:], signed(r, s)) {
			t.Error("the signature verifies over another digest")
		}
	}
}

func TestPlainP256Points(t *testing.T) {
	for range 300 {
		raw := make([]byte, compressedP256Size)
		if _, err := rand.Read(raw); err != nil {
			t.Fatal(err)
		}
		raw[0] = 2 + raw[0]%3 // 4 is no compressed point
		if raw[1] < 8 {
			copy(raw[1:], intOf(p256P.m).Bytes()[:6]) // near p, on both sides of it
		}
		x, y := elliptic.UnmarshalCompressed(elliptic.P256(), raw)
		p, ok := plainP256(raw)
		if ok != (x != nil) || ok && (plainInt(p.x).Cmp(x) != 0 || plainInt(p.y).Cmp(y) != 0) {
			t.Fatalf("%x: read as %v, by the library as %v", raw, p, x)
		}
	}
	minus := plainPoint{p256G.x, p256P.sub(residue{}, p256G.y), p256P.one}
	if p256G.add(minus) != infinity || infinity.add(p256G) != p256G || p256G.add(infinity) != p256G || infinity.double() != infinity {
		t.Error("infinity is not neutral")
	}
	if p256G.double() != p256G.add(p256G) {
		t.Error("doubling and adding differ")
	}
	if all := twoProducts(p256Order.m, p256G, uint256{}, p256G); all != infinity {
		t.Error("the order times the base point is not infinity")
	}
}

// signed is r ‖ s.
func signed(r, s *big.Int) []byte {
	return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
}
