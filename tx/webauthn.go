package tx

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"slices"
)

// Sizes of what a passkey returns, in bytes.
const (
	authenticatorDataMin = 37 // rpIdHash 32 ‖ flags 1 ‖ signCount 4
	authenticatorDataMax = 1024
	clientDataMax        = 2048
	derSignatureMax      = 72
)

// cborMap is CBOR's major type of a map, the form that extension data have.
const cborMap = 5

// Flags of the authenticator data. Bits 1 and 5 are reserved.
const (
	flagUserPresent    = 1 << 0
	flagUserVerified   = 1 << 2
	flagBackupEligible = 1 << 3
	flagBackedUp       = 1 << 4
	flagAttested       = 1 << 6 // attested credential data: in registrations only
	flagExtensions     = 1 << 7
	flagsReserved      = 1<<1 | 1<<5
)

var p256HalfOrder = p256Order.m.shifted(1)

// clientData is read by its bytes and not by a JSON decoder: WebAuthn fixes the order and writing of
// its first members, while decoders disagree about names that occur twice or in another case.
var (
	clientDataStart  = []byte(`{"type":"webauthn.get","challenge":"`)
	clientDataOrigin = []byte(`","origin":"`)
	challengeSize    = base64.RawURLEncoding.EncodedLen(sha256.Size)
)

// cutClientData returns the challenge's text and what follows the quote that opens the origin.
func cutClientData(c []byte) (challenge, rest []byte, ok bool) {
	if len(c) > clientDataMax {
		return nil, nil, false
	}
	c, ok = bytes.CutPrefix(c, clientDataStart)
	if !ok || len(c) < challengeSize {
		return nil, nil, false
	}
	challenge, rest = c[:challengeSize], c[challengeSize:]
	rest, ok = bytes.CutPrefix(rest, clientDataOrigin)
	return challenge, rest, ok && bytes.HasSuffix(rest, []byte("}"))
}

func (s Signature) verifyWebAuthn(key PublicKey, headerBytes []byte) error {
	if err := s.checkAuthenticatorData(); err != nil {
		return err
	}
	if err := s.checkClientData(headerBytes); err != nil {
		return err
	}
	client := sha256.Sum256(s.ClientData)
	digest := sha256.Sum256(slices.Concat(s.AuthenticatorData, client[:]))
	return checkP256(key.ec, digest[:], s.Sig)
}

// checkP256 checks r‖s, 64 bytes, over a digest.
func checkP256(key *p256Key, digest, sig []byte) error {
	if p256HalfOrder.below(uint256Of(sig[32:])) {
		return refuseSig(SigHighS, "s is above half the order of P-256; replace it by the order minus s before sending")
	}
	if !key.verify(digest, sig) {
		return refuseSig(SigBadSignature, "the passkey's signature is not one by this key over this authenticator data and client data")
	}
	return nil
}

func (s Signature) checkAuthenticatorData() error {
	data := s.AuthenticatorData
	if len(data) < authenticatorDataMin || len(data) > authenticatorDataMax {
		return refuseSig(SigBadForm, "an es256 key signs through WebAuthn: authenticator_data must have 37 to 1024 bytes")
	}
	flags := data[32]
	switch {
	case flags&flagsReserved != 0:
		return refuseSig(SigFlags, "the authenticator set a reserved flag, whose meaning is unknown here")
	case flags&flagAttested != 0:
		return refuseSig(SigFlags, "the authenticator data is of a registration; a signature comes from an assertion")
	case flags&flagBackedUp != 0 && flags&flagBackupEligible == 0:
		return refuseSig(SigFlags, "the authenticator says backed up but not eligible for backup")
	case flags&flagExtensions == 0 && len(data) != authenticatorDataMin,
		flags&flagExtensions != 0 && (len(data) == authenticatorDataMin || data[authenticatorDataMin]>>5 != cborMap):
		return refuseSig(SigFlags, "the extension flag and what follows in the authenticator data contradict each other")
	case flags&flagUserPresent == 0:
		return refuseSig(SigUserPresence, "nobody confirmed at the authenticator; sign again and touch it")
	case flags&flagUserVerified == 0:
		return refuseSig(SigUserVerification, "the authenticator did not ask for PIN or biometric; sign again with a passkey that does")
	}
	return nil
}

func (s Signature) checkClientData(headerBytes []byte) error {
	challenge, _, ok := cutClientData(s.ClientData)
	if !ok {
		return refuseSig(SigClientData, "client_data must be the browser's clientDataJSON of a webauthn.get, byte for byte, at most 2048 bytes")
	}
	want := Challenge(headerBytes)
	if string(challenge) != base64.RawURLEncoding.EncodeToString(want[:]) {
		return refuseSig(SigChallenge, "the passkey signed another header than this one")
	}
	return nil
}

func p256Scalar(n uint256) bool { return !n.isZero() && n.below(p256Order.m) }
