//go:build !js

package tx

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"math/big"
)

// A p256Key is a point of P-256 with which signatures are verified.
type p256Key struct{ key *ecdsa.PublicKey }

// parseP256 reads a compressed point.
func parseP256(raw []byte) (*p256Key, bool) {
	x, y := elliptic.UnmarshalCompressed(elliptic.P256(), raw)
	if x == nil {
		return nil, false
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), uncompressed(x, y))
	return &p256Key{key}, err == nil
}

func (k *p256Key) verify(digest []byte, r, s *big.Int) bool { return ecdsa.Verify(k.key, digest, r, s) }

func inverse(a, m *big.Int) *big.Int { return new(big.Int).ModInverse(a, m) }

func isSquare(a, m *big.Int) bool { return big.Jacobi(a, m) == 1 }
