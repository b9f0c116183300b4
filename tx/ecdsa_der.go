//go:build !js

package tx

import (
	"bytes"
	"encoding/asn1"
	"math/big"
	"slices"
)

// Whoever asks for signatures needs this file, whoever verifies them does not. Programs for
// browsers go without it (see p256_js.go), as encoding/asn1 would bring a good part of package time.

// NormalizeECDSA turns a browser's DER signature into the only form that is taken: r‖s, 64 bytes,
// s at most half the order of P-256.
func NormalizeECDSA(der []byte) ([]byte, error) {
	var v struct{ R, S *big.Int }
	if len(der) > derSignatureMax {
		return nil, refuseSig(SigBadForm, "a DER signature on P-256 has at most 72 bytes")
	}
	if _, err := asn1.Unmarshal(der, &v); err != nil || !fits(v.R) || !fits(v.S) {
		return nil, refuseSig(SigBadForm, "the signature is not the DER form of ECDSA on P-256")
	}
	// The decoder lets more elements follow in the sequence; encoding again leaves one form.
	if again, err := asn1.Marshal(v); err != nil || !bytes.Equal(again, der) {
		return nil, refuseSig(SigBadForm, "the signature is not the DER form of ECDSA on P-256 and nothing else")
	}
	low := uint256Of(v.S.Bytes())
	if p256HalfOrder.below(low) {
		low, _ = p256Order.m.minus(low)
	}
	s := low.bytes()
	return slices.Concat(v.R.FillBytes(make([]byte, 32)), s[:]), nil
}

// fits says whether n may be r or s.
func fits(n *big.Int) bool {
	return n.Sign() > 0 && n.BitLen() <= 256 && p256Scalar(uint256Of(n.Bytes()))
}
