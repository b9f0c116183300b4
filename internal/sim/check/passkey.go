package check

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// passkey checks a signature of a browser and its authenticator over a header, as
// WebAuthn tells it: the page, who was asked there and how, and the equation.
func (w *World) passkey(s signature, header []byte) error {
	var client struct {
		Type, Challenge, Origin string
		CrossOrigin             bool
	}
	site := w.siteOf(s.By)
	message := sha256.Sum256(preAuthenticated(header))
	page := sha256.Sum256([]byte(site.RPID))
	switch err := json.Unmarshal(s.ClientData, &client); {
	case err != nil || client.Type != "webauthn.get" || client.CrossOrigin:
		return fmt.Errorf("%s signed elsewhere: %s", s.By, s.ClientData)
	case client.Challenge != base64.RawURLEncoding.EncodeToString(message[:]):
		return fmt.Errorf("%s signed another header", s.By)
	case !slices.Contains(site.Origins, client.Origin):
		return fmt.Errorf("%s signed on page %s", s.By, client.Origin)
	case len(s.AuthenticatorData) != 37 || !bytes.Equal(s.AuthenticatorData[:32], page[:]):
		return fmt.Errorf("the passkey of %s is of another site than %s", s.By, site.RPID)
	case s.AuthenticatorData[32]&0x05 != 0x05 || s.AuthenticatorData[32]&0x08 != 0 && !site.Synced:
		return fmt.Errorf("the passkey of %s has flags %02x", s.By, s.AuthenticatorData[32])
	}
	data := sha256.Sum256(s.ClientData)
	digest := sha256.Sum256(append(slices.Clone(s.AuthenticatorData), data[:]...))
	text, _ := strings.CutPrefix(s.Key, "es256:")
	point, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(s.Sig) != 64 {
		return fmt.Errorf("key or signature of %s: %v", s.By, err)
	}
	x, y := elliptic.UnmarshalCompressed(elliptic.P256(), point)
	if x == nil {
		return fmt.Errorf("the key of %s is no point", s.By)
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, x.FillBytes(make([]byte, 32))...), y.FillBytes(make([]byte, 32))...))
	if err != nil || !ecdsa.Verify(key, digest[:], new(big.Int).SetBytes(s.Sig[:32]), new(big.Int).SetBytes(s.Sig[32:])) {
		return fmt.Errorf("the signature of %s does not hold", s.By)
	}
	return nil
}

// siteOf finds the member to whom a signer belongs.
func (w *World) siteOf(by string) member {
	kind, id, _ := strings.Cut(by, "/")
	if kind != "member" {
		var b board
		name, _, _ := strings.Cut(id, "/")
		w.read("board", name, &b)
		id = b.Member
	}
	var set memberSet
	w.read("members", "set", &set)
	for _, m := range set.Members {
		if m.ID == id {
			return m
		}
	}
	return member{}
}
