package tx

import (
	"math/big"
	"math/rand"
	"testing"
)

// The plain arithmetic decides as the standard library does.
func TestPlainModular(t *testing.T) {
	drawn := rand.New(rand.NewSource(1))
	for _, m := range []*big.Int{p256P, p256Order, edwardsP} {
		squares := 0
		for range 200 {
			a := new(big.Int).Rand(drawn, m)
			if a.Sign() == 0 {
				continue
			}
			if plainInverse(a, m).Cmp(new(big.Int).ModInverse(a, m)) != 0 {
				t.Fatalf("1/%d modulo %d", a, m)
			}
			square := big.Jacobi(a, m) == 1
			if plainSquare(a, m) != square {
				t.Fatalf("%d is a square modulo %d: %t", a, m, square)
			}
			if square {
				squares++
			}
		}
		if squares < 50 || squares > 150 {
			t.Errorf("%d of 200 are squares", squares)
		}
	}
}
