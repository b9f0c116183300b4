package sim

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"

	"licet/tx"
)

// Some officers sign with passkeys. A signature is made as a browser and its
// authenticator make it, and always with the same bytes (RFC 6979).

// newOfficerKey draws a key, a passkey's now and then.
func (g *game) newOfficerKey() string {
	if g.rng.IntN(3) > 0 {
		return g.newKey()
	}
	seed := g.draw("passkey")
	k, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), seed[:])
	if err != nil {
		panic(err)
	}
	point, err := k.PublicKey.Bytes()
	if err != nil {
		panic(err)
	}
	spec, err := tx.CompressP256(point[1:33], point[33:])
	if err != nil {
		panic(err)
	}
	g.passkeys[string(spec)] = k
	return string(spec)
}

// A page is where a passkey signs, and what its authenticator says of that.
type page struct {
	site, origin string
	flags        byte
}

const userPresentAndVerified = 0x05

// desk is the page of the member to whom all boards belong.
var desk = page{"il.example", "https://il.example", userPresentAndVerified}

// wrongPages are pages and authenticators on which no signature counts.
var wrongPages = []page{
	{"il.example", "https://il.example.evil.example", userPresentAndVerified},
	{"evil.example", "https://il.example", userPresentAndVerified},
	{"il.example", "https://il.example", 0x01},        // nobody was asked for a PIN
	{"il.example", "https://il.example", 0x04},        // nobody touched it
	{"il.example", "https://il.example", 0x05 | 0x08}, // it can be copied to other devices
}

// signature signs with whichever key it is; ok is false when nobody here has it.
func (g *game) signature(by, key string, header []byte, p page) (s tx.Signature, ok bool) {
	if k := g.keys[key]; k != nil {
		return tx.SignEd25519(by, k, header), true
	}
	k := g.passkeys[key]
	if k == nil {
		return s, false
	}
	site, challenge := sha256.Sum256([]byte(p.site)), tx.Challenge(header)
	s = tx.Signature{By: by, Key: tx.KeySpec(key), AuthenticatorData: append(site[:], p.flags, 0, 0, 0, 7)}
	s.ClientData = fmt.Appendf(nil, `{"type":"webauthn.get","challenge":"%s","origin":"%s","crossOrigin":false}`, base64.RawURLEncoding.EncodeToString(challenge[:]), p.origin)
	client := sha256.Sum256(s.ClientData)
	digest := sha256.Sum256(append(slices.Clone(s.AuthenticatorData), client[:]...))
	der, err := k.Sign(nil, digest[:], crypto.SHA256)
	if err == nil {
		s.Sig, err = tx.NormalizeECDSA(der)
	}
	if err != nil {
		panic(err)
	}
	return s, true
}
