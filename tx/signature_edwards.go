package tx

import (
	"math/big"
	"slices"
)

// crypto/ed25519 hides the curve. What it leaves open about a key (other encodings of one point,
// points of small or mixed order) is decided here, on encodings and with plain integers.

// Constants of edwards25519: -x² + y² = 1 + d·x²·y² over the integers modulo p; order 8·L.
var (
	edwardsP = hexInt("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed")
	edwardsD = hexInt("52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3")
	edwardsL = hexInt("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed")
	// sqrtMinusOne is a square root of -1, with which the second candidate for x is found.
	sqrtMinusOne = new(big.Int).Exp(big.NewInt(2), new(big.Int).Rsh(edwardsP, 2), edwardsP)
	// smallOrderY holds the y coordinates of the eight points whose order divides 8:
	// 1 (order 1), -1 (order 2), 0 (order 4, twice), and those of order 8 (twice each).
	smallOrderY = []*big.Int{
		big.NewInt(1),
		new(big.Int).Sub(edwardsP, big.NewInt(1)),
		big.NewInt(0),
		hexInt("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826"),
		new(big.Int).Sub(edwardsP, hexInt("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826")),
	}
)

// littleEndian reads an unsigned integer, least significant byte first.
func littleEndian(b []byte) *big.Int {
	r := slices.Clone(b)
	slices.Reverse(r)
	return new(big.Int).SetBytes(r)
}

// encodedY reads the y coordinate of a 32-byte encoding, which may be p or more, and the sign of x.
func encodedY(a []byte) (y *big.Int, negative bool) {
	y = littleEndian(a)
	negative = y.Bit(255) == 1
	return y.SetBit(y, 255, 0), negative
}

// smallOrder reports whether the encoding, canonical or not, is of a point whose order divides 8.
// The point's y decides: a point and its negative have the same order.
func smallOrder(a []byte) bool {
	y, _ := encodedY(a)
	y.Mod(y, edwardsP)
	// A loop, for slices.ContainsFunc would bring every method of big.Int into browsers.
	for _, s := range smallOrderY {
		if s.Cmp(y) == 0 {
			return true
		}
	}
	return false
}

// canonicalY reports whether the encoding's y is below p. (The one other ambiguity, a sign for x = 0,
// exists for points of small order only.)
func canonicalY(a []byte) bool {
	y, _ := encodedY(a)
	return y.Cmp(edwardsP) < 0
}

// onEdwardsCurve reports whether a, which has passed canonicalY and is not of small order, encodes a
// point on the curve.
func onEdwardsCurve(a []byte) bool {
	y, _ := encodedY(a)
	u, v := xSquared(y)
	return isSquare(u.Mul(u, v), edwardsP)
}

// xSquared returns u, v with x² = u/v: u = y² - 1, v = d·y² + 1. As -1/d is no square, v is never 0.
func xSquared(y *big.Int) (u, v *big.Int) {
	yy := mulP(y, y)
	u = new(big.Int).Sub(yy, big.NewInt(1))
	u.Mod(u, edwardsP)
	v = mulP(edwardsD, yy)
	v.Add(v, big.NewInt(1))
	return u, v
}

func mulP(a, b *big.Int) *big.Int {
	r := new(big.Int).Mul(a, b)
	return r.Mod(r, edwardsP)
}

// edwardsPoint holds projective coordinates: x = X/Z, y = Y/Z.
type edwardsPoint struct{ x, y, z *big.Int }

// add is the complete addition law for twisted Edwards curves with a = -1.
func (p edwardsPoint) add(q edwardsPoint) edwardsPoint {
	a := mulP(p.z, q.z)
	b := mulP(a, a)
	c, d := mulP(p.x, q.x), mulP(p.y, q.y)
	e := mulP(edwardsD, mulP(c, d))
	f, g := new(big.Int).Sub(b, e), new(big.Int).Add(b, e)
	cross := mulP(new(big.Int).Add(p.x, p.y), new(big.Int).Add(q.x, q.y))
	cross.Sub(cross, c).Sub(cross, d)
	return edwardsPoint{
		x: mulP(mulP(a, f), cross),
		y: mulP(mulP(a, g), new(big.Int).Add(c, d)),
		z: mulP(f, g),
	}
}

// primeOrder reports whether [L]A is the neutral point. a must have passed onEdwardsCurve.
func primeOrder(a []byte) bool {
	y, negative := encodedY(a)
	point := edwardsPoint{x: recoverX(y, negative), y: y, z: big.NewInt(1)}
	sum := edwardsPoint{x: big.NewInt(0), y: big.NewInt(1), z: big.NewInt(1)}
	for i := edwardsL.BitLen() - 1; i >= 0; i-- {
		sum = sum.add(sum)
		if edwardsL.Bit(i) == 1 {
			sum = sum.add(point)
		}
	}
	return sum.x.Sign() == 0 && sum.y.Cmp(sum.z) == 0
}

// recoverX finds x of the point with this y and sign (RFC 8032, section 5.1.3).
func recoverX(y *big.Int, negative bool) *big.Int {
	u, v := xSquared(y)
	square := mulP(u, inverse(v, edwardsP))
	exponent := new(big.Int).Add(edwardsP, big.NewInt(3))
	x := new(big.Int).Exp(square, exponent.Rsh(exponent, 3), edwardsP)
	if mulP(x, x).Cmp(square) != 0 {
		x = mulP(x, sqrtMinusOne)
	}
	if (x.Bit(0) == 1) != negative {
		x.Sub(edwardsP, x)
	}
	return x
}

// canonicalScalar reports whether the 32 little-endian bytes are below L.
func canonicalScalar(s []byte) bool { return littleEndian(s).Cmp(edwardsL) < 0 }
