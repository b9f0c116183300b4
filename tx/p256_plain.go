package tx

// ECDSA on P-256 with plain integers. Programs for browsers use it (p256_js.go):
// the standard library brings three more curves along, which would make a third of
// such a program. It decides as the standard library does, which the tests compare.

// Constants of P-256 (FIPS 186-4, D.1.2.3): y² = x³ - 3x + b modulo p; base point
// (gx, gy) of order n.
var (
	p256P     = newModulus(hexUint256("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"))
	p256Order = newModulus(hexUint256("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"))
	p256B     = p256P.residue(hexUint256("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b"))
	p256G     = plainPoint{
		x: p256P.residue(hexUint256("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296")),
		y: p256P.residue(hexUint256("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")),
		z: p256P.one,
	}
	infinity = plainPoint{x: p256P.one, y: p256P.one}
)

// A plainPoint holds Jacobian coordinates modulo p: x/z², y/z³; z is 0 at infinity.
type plainPoint struct{ x, y, z residue }

// plainP256 reads a compressed point: 2 or 3, then x.
func plainP256(raw []byte) (*plainPoint, bool) {
	if len(raw) != compressedP256Size || raw[0]|1 != 3 {
		return nil, false
	}
	number := uint256Of(raw[1:])
	if !number.below(p256P.m) {
		return nil, false
	}
	x := p256P.residue(number)
	square := curveRight(x)
	// As p is 3 modulo 4, the power (p+1)/4 of a square is a root of it.
	e, _ := p256P.m.plus(uint256{1})
	y := p256P.power(square, e.shifted(2))
	if p256P.mul(y, y) != square {
		return nil, false
	}
	if p256P.number(y).bit(0) != uint64(raw[0]&1) {
		y = p256P.sub(residue{}, y)
	}
	return &plainPoint{x, y, p256P.one}, true
}

// curveRight is x³ - 3x + b.
func curveRight(x residue) residue {
	r := p256P.sub(p256P.mul(x, x), p256P.small(3))
	return p256P.add(p256P.mul(r, x), p256B)
}

// onP256 says whether x and y are a point's coordinates.
func onP256(x, y uint256) bool {
	if !x.below(p256P.m) || !y.below(p256P.m) {
		return false
	}
	r := p256P.residue(y)
	return p256P.mul(r, r) == curveRight(p256P.residue(x))
}

// verify checks r ‖ s over a digest of 32 bytes by the key q.
func (q *plainPoint) verify(digest, signature []byte) bool {
	r, s := uint256Of(signature[:32]), uint256Of(signature[32:])
	if !p256Scalar(r) || !p256Scalar(s) {
		return false
	}
	n := p256Order
	w := n.invert(n.residue(s))
	u1 := n.number(n.mul(n.residue(uint256Of(digest)), w))
	u2 := n.number(n.mul(n.residue(r), w))
	sum := twoProducts(u1, p256G, u2, *q)
	if sum.z == (residue{}) {
		return false
	}
	z := p256P.invert(sum.z)
	x := p256P.number(p256P.mul(sum.x, p256P.mul(z, z)))
	return n.residue(x) == n.residue(r)
}

// twoProducts is a·p + b·q.
func twoProducts(a uint256, p plainPoint, b uint256, q plainPoint) plainPoint {
	both, sum := p.add(q), infinity
	for i := 255; i >= 0; i-- {
		sum = sum.double()
		switch a.bit(i) + 2*b.bit(i) {
		case 1:
			sum = sum.add(p)
		case 2:
			sum = sum.add(q)
		case 3:
			sum = sum.add(both)
		}
	}
	return sum
}

// double is p + p (dbl-2001-b of the Explicit-Formulas Database, for a = -3).
func (p plainPoint) double() plainPoint {
	if p.z == (residue{}) {
		return infinity
	}
	f := p256P
	twice := func(x residue) residue { return f.add(x, x) }
	delta, gamma := f.mul(p.z, p.z), f.mul(p.y, p.y)
	beta := f.mul(p.x, gamma)
	alpha := f.mul(f.sub(p.x, delta), f.add(p.x, delta))
	alpha = f.add(alpha, twice(alpha))
	beta4 := twice(twice(beta))
	x := f.sub(f.mul(alpha, alpha), twice(beta4))
	yz := f.add(p.y, p.z)
	z := f.sub(f.sub(f.mul(yz, yz), gamma), delta)
	y := f.sub(f.mul(alpha, f.sub(beta4, x)), twice(twice(twice(f.mul(gamma, gamma)))))
	return plainPoint{x, y, z}
}

// add is p + q for any two points.
func (p plainPoint) add(q plainPoint) plainPoint {
	if p.z == (residue{}) {
		return q
	}
	if q.z == (residue{}) {
		return p
	}
	f := p256P
	pz, qz := f.mul(p.z, p.z), f.mul(q.z, q.z)
	u := f.mul(p.x, qz)
	s := f.mul(p.y, f.mul(q.z, qz))
	h := f.sub(f.mul(q.x, pz), u)
	r := f.sub(f.mul(q.y, f.mul(p.z, pz)), s)
	if h == (residue{}) {
		if r == (residue{}) {
			return p.double()
		}
		return infinity
	}
	hh := f.mul(h, h)
	hhh, v := f.mul(h, hh), f.mul(u, hh)
	x := f.sub(f.sub(f.sub(f.mul(r, r), hhh), v), v)
	y := f.sub(f.mul(r, f.sub(v, x)), f.mul(s, hhh))
	return plainPoint{x, y, f.mul(f.mul(p.z, q.z), h)}
}
