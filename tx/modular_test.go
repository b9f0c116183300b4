package tx

import (
	"math/big"
	"math/rand"
	"testing"
)

func intOf(n uint256) *big.Int {
	b := n.bytes()
	return new(big.Int).SetBytes(b[:])
}

func uint256From(n *big.Int) uint256 { return uint256Of(n.Bytes()) }

// numbersFor are numbers of 256 bits at which arithmetic modulo m errs most easily, and others by chance.
func numbersFor(m *big.Int, drawn *rand.Rand) (all []*big.Int) {
	limit := new(big.Int).Lsh(big.NewInt(1), 256)
	for _, n := range []*big.Int{new(big.Int), m, new(big.Int).Rsh(m, 1), new(big.Int).Sub(limit, m), new(big.Int).Sub(limit, big.NewInt(2)), new(big.Int).Lsh(big.NewInt(1), 64), new(big.Int).Lsh(big.NewInt(1), 192)} {
		for d := int64(-2); d <= 2; d++ {
			if n := new(big.Int).Add(n, big.NewInt(d)); n.Sign() >= 0 && n.Cmp(limit) < 0 {
				all = append(all, n)
			}
		}
	}
	for range 40 {
		all = append(all, new(big.Int).Rand(drawn, limit))
	}
	return all
}

// Plain integers compute as package math/big does.
func TestModularArithmetic(t *testing.T) {
	drawn := rand.New(rand.NewSource(1))
	for _, f := range []*modulus{p256P, p256Order, edwardsP} {
		m := intOf(f.m)
		numbers := numbersFor(m, drawn)
		for _, a := range numbers {
			x := f.residue(uint256From(a))
			same := func(what string, got residue, want *big.Int) {
				t.Helper()
				if intOf(f.number(got)).Cmp(want.Mod(want, m)) != 0 || !uint256(got).below(f.m) {
					t.Fatalf("modulo %x, %s of %x: %x", m, what, a, f.number(got))
				}
			}
			same("itself", x, new(big.Int).Set(a))
			for _, b := range numbers {
				y := f.residue(uint256From(b))
				same("product", f.mul(x, y), new(big.Int).Mul(a, b))
				same("sum", f.add(x, y), new(big.Int).Add(a, b))
				same("difference", f.sub(x, y), new(big.Int).Sub(a, b))
				if uint256From(a).below(uint256From(b)) != (a.Cmp(b) < 0) {
					t.Fatalf("order of %x and %x", a, b)
				}
			}
			e := numbers[drawn.Intn(len(numbers))]
			same("power", f.power(x, uint256From(e)), new(big.Int).Exp(a, e, m))
			if x == (residue{}) {
				continue
			}
			same("inverse", f.invert(x), new(big.Int).ModInverse(a, m))
			if f.isSquare(x) != (big.Jacobi(new(big.Int).Mod(a, m), m) == 1) {
				t.Fatalf("%x is a square modulo %x: %t", a, m, f.isSquare(x))
			}
		}
	}
}

func TestUint256(t *testing.T) {
	for _, n := range numbersFor(big.NewInt(5), rand.New(rand.NewSource(2))) {
		u := uint256From(n)
		if intOf(u).Cmp(n) != 0 || u.isZero() != (n.Sign() == 0) {
			t.Fatalf("%x is read as %x", n, intOf(u))
		}
		for k := 1; k < 64; k++ {
			if intOf(u.shifted(k)).Cmp(new(big.Int).Rsh(n, uint(k))) != 0 {
				t.Fatalf("%x shifted by %d", n, k)
			}
		}
		for i := range 256 {
			if u.bit(i) != uint64(n.Bit(i)) {
				t.Fatalf("bit %d of %x", i, n)
			}
		}
	}
}
