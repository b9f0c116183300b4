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
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), uncompressed(x.Bytes(), y.Bytes()))
	return &p256Key{key}, err == nil
}

// verify checks r ‖ s over a digest of 32 bytes.
func (k *p256Key) verify(digest, signature []byte) bool {
	return ecdsa.Verify(k.key, digest, new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:]))
}
