package tx

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"math/big"
	"testing"
)

// The plain arithmetic decides as the standard library does.
func TestPlainP256(t *testing.T) {
	if p := elliptic.P256().Params(); p.P.Cmp(p256P) != 0 || p.B.Cmp(p256B) != 0 || p.N.Cmp(p256Order) != 0 || p.Gx.Cmp(p256G.x) != 0 || p.Gy.Cmp(p256G.y) != 0 {
		t.Fatal("the constants are not those of P-256")
	}
	for i := range 40 {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		compressed := elliptic.MarshalCompressed(elliptic.P256(), key.X, key.Y)
		q, ok := plainP256(compressed)
		if !ok || q.x.Cmp(key.X) != 0 || q.y.Cmp(key.Y) != 0 || !onP256(q.x, q.y) {
			t.Fatal("a point is read as another one")
		}
		digest := sha256.Sum256([]byte{byte(i)})
		r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
		if err != nil {
			t.Fatal(err)
		}
		if !q.verify(digest[:], r, s) {
			t.Fatal("a good signature does not verify")
		}
		one := big.NewInt(1)
		for name, c := range map[string]struct{ r, s *big.Int }{
			"another r": {new(big.Int).Add(r, one), s}, "another s": {r, new(big.Int).Add(s, one)}, "swapped": {s, r},
			"r is 0": {new(big.Int), s}, "s is 0": {r, new(big.Int)}, "r is the order": {p256Order, s}, "s is the order": {r, p256Order},
			"r and order": {new(big.Int).Add(r, p256Order), s},
		} {
			if q.verify(digest[:], c.r, c.s) {
				t.Errorf("%s: verifies", name)
			}
		}
		digest[i%32] ^= 1
		if q.verify(digest[:], r, s) {
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
			copy(raw[1:], p256P.Bytes()[:6]) // near p, on both sides of it
		}
		x, y := elliptic.UnmarshalCompressed(elliptic.P256(), raw)
		p, ok := plainP256(raw)
		if ok != (x != nil) || ok && (p.x.Cmp(x) != 0 || p.y.Cmp(y) != 0) {
			t.Fatalf("%x: read as %v, by the library as %v", raw, p, x)
		}
	}
	infinity := &plainPoint{big.NewInt(1), big.NewInt(1), new(big.Int)}
	minus := &plainPoint{p256G.x, new(big.Int).Sub(p256P, p256G.y), big.NewInt(1)}
	if p256G.add(minus).z.Sign() != 0 || infinity.add(p256G) != p256G || p256G.add(infinity) != p256G || infinity.double().z.Sign() != 0 {
		t.Error("infinity is not neutral")
	}
	if twice, sum := p256G.double(), p256G.add(p256G); twice.x.Cmp(sum.x) != 0 || twice.y.Cmp(sum.y) != 0 {
		t.Error("doubling and adding differ")
	}
	if all := twoProducts(p256Order, p256G, new(big.Int), p256G); all.z.Sign() != 0 {
		t.Error("the order times the base point is not infinity")
	}
}
