package tx

import "math/big"

// In browsers the plain arithmetic serves, for the size of programs.

type p256Key = plainPoint

func parseP256(raw []byte) (*p256Key, bool) { return plainP256(raw) }

func inverse(a, m *big.Int) *big.Int { return plainInverse(a, m) }

func isSquare(a, m *big.Int) bool { return plainSquare(a, m) }
