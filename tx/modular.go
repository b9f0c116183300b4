package tx

import (
	"encoding/binary"
	"math/bits"

	"licet/license"
)

// Integers of 256 bits, and arithmetic modulo an odd one of them, for what the
// standard library hides: whether keys are points of a curve, and of which order;
// and, in browsers, ECDSA on P-256 (p256_plain.go). Package math/big would do it, and
// would be a thirtieth of the program that a browser loads. It handles public values
// only, so its time may tell about them. The tests compare it with math/big.

// A uint256 is an unsigned integer, its least significant word first.
type uint256 [4]uint64

// uint256Of reads at most 32 bytes, the most significant first.
func uint256Of(b []byte) (n uint256) {
	var full [32]byte
	copy(full[32-len(b):], b)
	for i := range n {
		n[i] = binary.BigEndian.Uint64(full[24-8*i:])
	}
	return n
}

func hexUint256(digits string) uint256 {
	h, err := license.ParseHash(digits)
	if err != nil {
		panic("tx: a constant is no number of 256 bits")
	}
	return uint256Of(h[:])
}

func (n uint256) bytes() (b [32]byte) {
	for i, w := range n {
		binary.BigEndian.PutUint64(b[24-8*i:], w)
	}
	return b
}

func (n uint256) isZero() bool { return n == uint256{} }

func (n uint256) bit(i int) uint64 { return n[i/64] >> (i % 64) & 1 }

// below says whether n < m.
func (n uint256) below(m uint256) bool {
	_, borrow := n.minus(m)
	return borrow == 1
}

func (n uint256) plus(m uint256) (sum uint256, carry uint64) {
	for i := range n {
		sum[i], carry = bits.Add64(n[i], m[i], carry)
	}
	return sum, carry
}

func (n uint256) minus(m uint256) (difference uint256, borrow uint64) {
	for i := range n {
		difference[i], borrow = bits.Sub64(n[i], m[i], borrow)
	}
	return difference, borrow
}

// shifted is n / 2^k, rounded down; k is 1 to 63.
func (n uint256) shifted(k int) uint256 {
	for i := range 3 {
		n[i] = n[i]>>k | n[i+1]<<(64-k)
	}
	n[3] >>= k
	return n
}

// A modulus is an odd m, more than 2^192, with what Montgomery's multiplication needs. It works on
// residues: x stands as x·2^256 modulo m, and below m.
type modulus struct {
	m       uint256
	inverse uint64  // -1/m modulo 2^64
	one     residue // 2^256 modulo m
	square  residue // 2^512 modulo m
}

type residue uint256

func newModulus(m uint256) *modulus {
	f := &modulus{m: m, inverse: m[0]} // right in three bits; each step doubles them
	for range 5 {
		f.inverse *= 2 - m[0]*f.inverse
	}
	f.inverse = -f.inverse
	f.square = residue{1}
	for i := range 512 {
		if i == 256 {
			f.one = f.square
		}
		f.square = f.add(f.square, f.square)
	}
	return f
}

// residue is that of any n, also of one that is not below m.
func (f *modulus) residue(n uint256) residue { return f.mul(residue(n), f.square) }

// number is what a residue stands for, below m.
func (f *modulus) number(x residue) uint256 { return uint256(f.mul(x, residue{1})) }

// small is the residue of a small number.
func (f *modulus) small(n uint64) residue { return f.residue(uint256{n}) }

// once takes m away once where carry·2^256 + n is not below it.
func (f *modulus) once(n uint256, carry uint64) residue {
	less, borrow := n.minus(f.m)
	if carry == 0 && borrow == 1 {
		return residue(n)
	}
	return residue(less)
}

func (f *modulus) add(x, y residue) residue { return f.once(uint256(x).plus(uint256(y))) }

func (f *modulus) sub(x, y residue) residue {
	d, borrow := uint256(x).minus(uint256(y))
	if borrow == 1 {
		d, _ = d.plus(f.m)
	}
	return residue(d)
}

// mul is x·y / 2^256 modulo m, of which one factor may be any number of 256 bits.
// (C. K. Koç, T. Acar, B. S. Kaliski, Analyzing and Comparing Montgomery Multiplication
// Algorithms, 1996: coarsely integrated operand scanning.)
func (f *modulus) mul(x, y residue) residue {
	var t [6]uint64
	for i := range 4 {
		var carry, c uint64
		for j := range 4 {
			carry, t[j] = addProduct(x[j], y[i], t[j], carry)
		}
		t[4], c = bits.Add64(t[4], carry, 0)
		t[5] = c
		k := t[0] * f.inverse // makes the lowest word 0
		carry, _ = addProduct(k, f.m[0], t[0], 0)
		for j := 1; j < 4; j++ {
			carry, t[j-1] = addProduct(k, f.m[j], t[j], carry)
		}
		t[3], c = bits.Add64(t[4], carry, 0)
		t[4] = t[5] + c
	}
	return f.once(uint256(t[:4]), t[4])
}

// addProduct is a·b + c + d, which fits two words.
func addProduct(a, b, c, d uint64) (high, low uint64) {
	high, low = bits.Mul64(a, b)
	low, carry := bits.Add64(low, c, 0)
	high += carry
	low, carry = bits.Add64(low, d, 0)
	return high + carry, low
}

// power is x to the e.
func (f *modulus) power(x residue, e uint256) residue {
	r := f.one
	for i := 255; i >= 0; i-- {
		r = f.mul(r, r)
		if e.bit(i) == 1 {
			r = f.mul(r, x)
		}
	}
	return r
}

// invert is 1/x, where m is prime and x not 0 (Fermat).
func (f *modulus) invert(x residue) residue {
	e, _ := f.m.minus(uint256{2})
	return f.power(x, e)
}

// isSquare says whether x, which is not 0, is a square, where m is prime (Euler's criterion).
func (f *modulus) isSquare(x residue) bool { return f.power(x, f.m.shifted(1)) == f.one }
