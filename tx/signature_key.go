package tx

import (
	"crypto/ed25519"
	"encoding/base64"
	"strings"
)

// Schemes of a KeySpec. Es256 keys sign through WebAuthn only.
const (
	SchemeEd25519 = "ed25519"
	SchemeES256   = "es256"
)

const (
	compressedP256Size = 33
	keySpecMax         = 64 // bytes; the longest, ed25519:, has 52
)

// KeySpec is a public key as text: "ed25519:" and base64 of the 32 bytes, or "es256:" and base64 of
// the 33 bytes of a compressed P-256 point. A key has exactly one such text, so texts may be compared.
type KeySpec string

// PublicKey is a key that ParseKey has accepted.
type PublicKey struct {
	scheme string
	spec   KeySpec
	ed     ed25519.PublicKey
	ec     *p256Key
}

// Scheme is SchemeEd25519 or SchemeES256.
func (k PublicKey) Scheme() string { return k.scheme }

// Spec is the text from which the key was parsed.
func (k PublicKey) Spec() KeySpec { return k.spec }

// Ed25519 is the raw key, or nil when the scheme is another.
func (k PublicKey) Ed25519() ed25519.PublicKey { return k.ed }

// ParseKey reads a key that is about to be trusted: one in an appointment, a trust file, a key file.
// An Ed25519 key must be canonical, on the curve, and of prime order; an es256 key on the curve and
// compressed. Checking the order takes about a millisecond, therefore Verify leaves that to the
// moment when a key gets its owner. A refusal is a *SignatureError.
func ParseKey(spec KeySpec) (PublicKey, error) {
	key, err := decodeKey(spec)
	if err != nil {
		return PublicKey{}, err
	}
	if key.scheme != SchemeEd25519 {
		return key, nil
	}
	if err := CheckEd25519(key.ed); err != nil {
		return PublicKey{}, err
	}
	if !primeOrder(key.ed) {
		return PublicKey{}, refuseSig(SigMixedOrder, "the ed25519 key is outside the prime-order group; no honest program makes such a key")
	}
	return key, nil
}

// CheckEd25519 refuses public keys under which verifiers may disagree: of another size, of small
// order, with y not below p, no point of the curve. It leaves open whether the key is of prime order,
// which ParseKey asks. A refusal is a *SignatureError.
func CheckEd25519(raw []byte) error {
	if err := checkEncoding(raw); err != nil {
		return err
	}
	if !onEdwardsCurve(raw) {
		return offCurve()
	}
	return nil
}

// checkEncoding is CheckEd25519 without the curve.
func checkEncoding(raw []byte) error {
	switch {
	case len(raw) != ed25519.PublicKeySize:
		return refuseSig(SigBadKey, "an ed25519 key has 32 bytes")
	case smallOrder(raw):
		return refuseSig(SigSmallOrder, "the ed25519 key is of small order: anyone could sign for it; make a new key")
	case !canonicalY(raw):
		return offCurve()
	}
	return nil
}

func offCurve() error {
	return refuseSig(SigBadKey, "the ed25519 key is not the one encoding of a point on the curve")
}

// decodeKey does what ParseKey does, except for two questions about an Ed25519 key: whether it is on
// the curve, which verifying answers as well, and whether it is of prime order.
func decodeKey(spec KeySpec) (PublicKey, error) {
	if len(spec) > keySpecMax {
		return PublicKey{}, refuseSig(SigBadKey, "the key's text is too long; write ed25519: or es256: and the base64 of the key")
	}
	scheme, text, _ := strings.Cut(string(spec), ":")
	raw, err := base64.StdEncoding.DecodeString(text)
	// The decoder skips line ends and ignores trailing bits; encoding again leaves one text per key.
	if err != nil || base64.StdEncoding.EncodeToString(raw) != text {
		return PublicKey{}, refuseSig(SigBadKey, "the key's text must be a scheme, a colon and padded base64 in its one form")
	}
	switch scheme {
	case SchemeEd25519:
		return decodeEd25519(spec, raw)
	case SchemeES256:
		return decodeES256(spec, raw)
	}
	return PublicKey{}, refuseSig(SigBadKey, "the key's scheme must be ed25519 or es256")
}

func decodeEd25519(spec KeySpec, raw []byte) (PublicKey, error) {
	if err := checkEncoding(raw); err != nil {
		return PublicKey{}, err
	}
	return PublicKey{scheme: SchemeEd25519, spec: spec, ed: raw}, nil
}

func decodeES256(spec KeySpec, raw []byte) (PublicKey, error) {
	if len(raw) != compressedP256Size {
		return PublicKey{}, refuseSig(SigBadKey, "an es256 key has 33 bytes: 2 or 3, then x (compressed form)")
	}
	ec, ok := parseP256(raw)
	if !ok {
		return PublicKey{}, refuseSig(SigBadKey, "the es256 key is not a point on P-256 in compressed form")
	}
	return PublicKey{scheme: SchemeES256, spec: spec, ec: ec}, nil
}

// Ed25519Key writes an Ed25519 public key as text. It does not check the key; ParseKey does.
func Ed25519Key(pub ed25519.PublicKey) KeySpec {
	return KeySpec(SchemeEd25519 + ":" + base64.StdEncoding.EncodeToString(pub))
}

// CompressP256 writes a passkey's public key, given as COSE or JWK give it (x and y, big-endian,
// at most 32 bytes each), as text.
func CompressP256(x, y []byte) (KeySpec, error) {
	if len(x) > 32 || len(y) > 32 {
		return "", refuseSig(SigBadKey, "a coordinate of a P-256 key has at most 32 bytes")
	}
	point := uncompressed(x, y)
	if !onP256(uint256Of(x), uint256Of(y)) {
		return "", refuseSig(SigBadKey, "the coordinates are not those of a point on P-256")
	}
	compressed := append([]byte{2 | point[64]&1}, point[1:33]...)
	return KeySpec(SchemeES256 + ":" + base64.StdEncoding.EncodeToString(compressed)), nil
}

// uncompressed is the point as 4 ‖ x ‖ y, of coordinates of at most 32 bytes.
func uncompressed(x, y []byte) []byte {
	point := make([]byte, 65)
	point[0] = 4
	copy(point[33-len(x):], x)
	copy(point[65-len(y):], y)
	return point
}
