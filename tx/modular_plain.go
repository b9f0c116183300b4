package tx

import "math/big"

// In browsers one routine, the power, serves for what the standard library does
// faster with two others: a program that a page loads is better short. The tests
// compare.

// plainInverse is 1/a modulo the prime m, for an a that is not 0 modulo m.
func plainInverse(a, m *big.Int) *big.Int {
	return new(big.Int).Exp(a, new(big.Int).Sub(m, big.NewInt(2)), m)
}

// plainSquare says whether a, which is not 0 modulo the prime m, is a square: Euler's
// criterion.
func plainSquare(a, m *big.Int) bool {
	r := new(big.Int).Exp(a, new(big.Int).Rsh(m, 1), m)
	return r.Cmp(big.NewInt(1)) == 0
}
