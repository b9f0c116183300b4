package tx

import (
	"encoding/hex"
	"math/big"
)

// ECDSA on P-256 with plain integers. Programs for browsers use it (p256_js.go):
// the standard library brings three more curves along, which would make a third of
// such a program. It handles public values only, so its time may tell about them;
// it takes milliseconds. It decides as the standard library does, which the tests
// compare.

// Constants of P-256 (FIPS 186-4, D.1.2.3): y² = x³ - 3x + b modulo p; base point
// (gx, gy) of order n.
var (
	p256P     = hexInt("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff")
	p256B     = hexInt("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b")
	p256Order = hexInt("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")
	p256G     = &plainPoint{
		x: hexInt("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"),
		y: hexInt("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"),
		z: big.NewInt(1),
	}
	// p256Root is (p+1)/4. As p is 3 modulo 4, its power of a square is a root.
	p256Root = new(big.Int).Rsh(new(big.Int).Add(p256P, big.NewInt(1)), 2)
)

func hexInt(digits string) *big.Int {
	raw, err := hex.DecodeString(digits)
	if err != nil {
		panic("tx: constant is no number")
	}
	return new(big.Int).SetBytes(raw)
}

// A plainPoint holds Jacobian coordinates: x/z², y/z³; z is 0 at infinity.
type plainPoint struct{ x, y, z *big.Int }

// plainP256 reads a compressed point: 2 or 3, then x.
func plainP256(raw []byte) (*plainPoint, bool) {
	if len(raw) != compressedP256Size || raw[0]|1 != 3 {
		return nil, false
	}
	x := new(big.Int).SetBytes(raw[1:])
	if x.Cmp(p256P) >= 0 {
		return nil, false
	}
	square := curveRight(x)
	y := new(big.Int).Exp(square, p256Root, p256P)
	if timesP(y, y).Cmp(square) != 0 {
		return nil, false
	}
	if y.Bit(0) != uint(raw[0]&1) {
		y.Sub(p256P, y)
	}
	return &plainPoint{x, y, big.NewInt(1)}, true
}

// curveRight is x³ - 3x + b modulo p.
func curveRight(x *big.Int) *big.Int {
	r := new(big.Int).Mul(x, x)
	r.Sub(r, big.NewInt(3))
	r.Mul(r, x).Add(r, p256B)
	return r.Mod(r, p256P)
}

// onP256 says whether x and y, both not negative, are a point's coordinates.
func onP256(x, y *big.Int) bool {
	return x.Cmp(p256P) < 0 && y.Cmp(p256P) < 0 && timesP(y, y).Cmp(curveRight(x)) == 0
}

// verify checks r, s over a digest of 32 bytes by the key q.
func (q *plainPoint) verify(digest []byte, r, s *big.Int) bool {
	if !p256Scalar(r) || !p256Scalar(s) {
		return false
	}
	w := inverse(s, p256Order)
	u1 := new(big.Int).Mul(new(big.Int).SetBytes(digest), w)
	u2 := new(big.Int).Mul(r, w)
	sum := twoProducts(u1.Mod(u1, p256Order), p256G, u2.Mod(u2, p256Order), q)
	if sum.z.Sign() == 0 {
		return false
	}
	z := inverse(sum.z, p256P)
	x := timesP(sum.x, timesP(z, z))
	return x.Mod(x, p256Order).Cmp(r) == 0
}

// twoProducts is a·p + b·q.
func twoProducts(a *big.Int, p *plainPoint, b *big.Int, q *plainPoint) *plainPoint {
	both := p.add(q)
	sum := &plainPoint{big.NewInt(1), big.NewInt(1), new(big.Int)}
	for i := max(a.BitLen(), b.BitLen()) - 1; i >= 0; i-- {
		sum = sum.double()
		switch {
		case a.Bit(i) == 1 && b.Bit(i) == 1:
			sum = sum.add(both)
		case a.Bit(i) == 1:
			sum = sum.add(p)
		case b.Bit(i) == 1:
			sum = sum.add(q)
		}
	}
	return sum
}

// double is p + p (dbl-2001-b of the Explicit-Formulas Database, for a = -3).
func (p *plainPoint) double() *plainPoint {
	delta, gamma := timesP(p.z, p.z), timesP(p.y, p.y)
	beta := timesP(p.x, gamma)
	alpha := timesP(new(big.Int).Sub(p.x, delta), new(big.Int).Add(p.x, delta))
	alpha.Mul(alpha, big.NewInt(3))
	x := timesP(alpha, alpha)
	x.Sub(x, new(big.Int).Lsh(beta, 3)).Mod(x, p256P)
	yz := new(big.Int).Add(p.y, p.z)
	z := timesP(yz, yz)
	z.Sub(z, gamma).Sub(z, delta).Mod(z, p256P)
	y := new(big.Int).Lsh(beta, 2)
	y.Sub(y, x).Mul(y, alpha)
	y.Sub(y, new(big.Int).Lsh(timesP(gamma, gamma), 3)).Mod(y, p256P)
	return &plainPoint{x, y, z}
}

// add is p + q for any two points.
func (p *plainPoint) add(q *plainPoint) *plainPoint {
	if p.z.Sign() == 0 {
		return q
	}
	if q.z.Sign() == 0 {
		return p
	}
	pz, qz := timesP(p.z, p.z), timesP(q.z, q.z)
	u := timesP(p.x, qz)
	s := timesP(p.y, timesP(q.z, qz))
	h := timesP(q.x, pz)
	h.Sub(h, u).Mod(h, p256P)
	r := timesP(q.y, timesP(p.z, pz))
	r.Sub(r, s).Mod(r, p256P)
	if h.Sign() == 0 {
		if r.Sign() == 0 {
			return p.double()
		}
		return &plainPoint{big.NewInt(1), big.NewInt(1), new(big.Int)}
	}
	hh := timesP(h, h)
	hhh, v := timesP(h, hh), timesP(u, hh)
	x := timesP(r, r)
	x.Sub(x, hhh).Sub(x, v).Sub(x, v).Mod(x, p256P)
	y := new(big.Int).Sub(v, x)
	y.Mul(y, r).Sub(y, new(big.Int).Mul(s, hhh)).Mod(y, p256P)
	return &plainPoint{x, y, timesP(timesP(p.z, q.z), h)}
}

func timesP(a, b *big.Int) *big.Int {
	r := new(big.Int).Mul(a, b)
	return r.Mod(r, p256P)
}
