package tx

import "slices"

// crypto/ed25519 hides the curve. What it leaves open about a key (other encodings of one point,
// points of small or mixed order) is decided here, on encodings and with plain integers.

// Constants of edwards25519: -x² + y² = 1 + d·x²·y² modulo p; order 8·L.
var (
	edwardsP = newModulus(hexUint256("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed"))
	edwardsD = edwardsP.residue(hexUint256("52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3"))
	edwardsL = hexUint256("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed")
	// sqrtMinusOne is a square root of -1, with which the second candidate for x is found.
	sqrtMinusOne = edwardsP.power(edwardsP.small(2), edwardsP.m.shifted(2))
	// orderEightY is the y coordinate of two of the four points of order 8; the others have -y.
	orderEightY = edwardsP.residue(hexUint256("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826"))
)

// littleEndian reads an unsigned integer of 32 bytes, the least significant first.
func littleEndian(b []byte) uint256 {
	r := slices.Clone(b)
	slices.Reverse(r)
	return uint256Of(r)
}

// encodedY reads the y coordinate of a 32-byte encoding, which may be p or more, and the sign of x.
func encodedY(a []byte) (y uint256, negative bool) {
	y = littleEndian(a)
	negative = y.bit(255) == 1
	y[3] &= 1<<63 - 1
	return y, negative
}

// smallOrder reports whether the encoding, canonical or not, is of a point whose order divides 8.
// The point's y decides, but for its sign: 1 and -1 (orders 1 and 2), 0 (order 4, twice), and those
// of order 8.
func smallOrder(a []byte) bool {
	encoded, _ := encodedY(a)
	y := edwardsP.residue(encoded)
	if y == (residue{}) {
		return true
	}
	minus := edwardsP.sub(residue{}, y)
	return y == edwardsP.one || minus == edwardsP.one || y == orderEightY || minus == orderEightY
}

// canonicalY reports whether the encoding's y is below p. (The one other ambiguity, a sign for x = 0,
// exists for points of small order only.)
func canonicalY(a []byte) bool {
	y, _ := encodedY(a)
	return y.below(edwardsP.m)
}

// onEdwardsCurve reports whether a, which has passed canonicalY and is not of small order, encodes a
// point on the curve.
func onEdwardsCurve(a []byte) bool {
	y, _ := encodedY(a)
	u, v := xSquared(edwardsP.residue(y))
	return edwardsP.isSquare(edwardsP.mul(u, v))
}

// xSquared returns u, v with x² = u/v: u = y² - 1, v = d·y² + 1. As -1/d is no square, v is never 0.
func xSquared(y residue) (u, v residue) {
	yy := edwardsP.mul(y, y)
	return edwardsP.sub(yy, edwardsP.one), edwardsP.add(edwardsP.mul(edwardsD, yy), edwardsP.one)
}

// edwardsPoint holds projective coordinates: x = X/Z, y = Y/Z.
type edwardsPoint struct{ x, y, z residue }

// add is the complete addition law for twisted Edwards curves with a = -1.
func (p edwardsPoint) add(q edwardsPoint) edwardsPoint {
	m := edwardsP
	a := m.mul(p.z, q.z)
	b := m.mul(a, a)
	c, d := m.mul(p.x, q.x), m.mul(p.y, q.y)
	e := m.mul(edwardsD, m.mul(c, d))
	f, g := m.sub(b, e), m.add(b, e)
	cross := m.sub(m.sub(m.mul(m.add(p.x, p.y), m.add(q.x, q.y)), c), d)
	return edwardsPoint{
		x: m.mul(m.mul(a, f), cross),
		y: m.mul(m.mul(a, g), m.add(c, d)),
		z: m.mul(f, g),
	}
}

// primeOrder reports whether [L]A is the neutral point. a must have passed onEdwardsCurve.
func primeOrder(a []byte) bool {
	encoded, negative := encodedY(a)
	y := edwardsP.residue(encoded)
	point := edwardsPoint{x: recoverX(y, negative), y: y, z: edwardsP.one}
	sum := edwardsPoint{y: edwardsP.one, z: edwardsP.one}
	for i := 252; i >= 0; i-- { // L has 253 bits
		sum = sum.add(sum)
		if edwardsL.bit(i) == 1 {
			sum = sum.add(point)
		}
	}
	return sum.x == residue{} && sum.y == sum.z
}

// recoverX finds x of the point with this y and sign (RFC 8032, section 5.1.3).
func recoverX(y residue, negative bool) residue {
	u, v := xSquared(y)
	square := edwardsP.mul(u, edwardsP.invert(v))
	e, _ := edwardsP.m.plus(uint256{3})
	x := edwardsP.power(square, e.shifted(3))
	if edwardsP.mul(x, x) != square {
		x = edwardsP.mul(x, sqrtMinusOne)
	}
	if edwardsP.number(x).bit(0) == 1 != negative {
		x = edwardsP.sub(residue{}, x)
	}
	return x
}

// canonicalScalar reports whether the 32 little-endian bytes are below L.
func canonicalScalar(s []byte) bool { return littleEndian(s).below(edwardsL) }
