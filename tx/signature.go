package tx

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"strings"
)

const (
	signatureSize = 64  // ed25519: R‖S; es256: r‖s
	signerMax     = 200 // bytes of Signature.By
)

// Signature is one signature over a header. Its members stand in the order of its one writing.
//
// Two different signatures may both be valid for one key and header, so signature bytes never
// identify anything. By is not signed: whoever relays a header may change it, and the state
// therefore decides by Key alone and refuses a By whose key is another.
type Signature struct {
	// By says who signs: "officer/us-il/mreyes", or a root key: "board/us-il", "member/idfpr".
	By string `json:"by"`
	// Key is the public key with which Sig verifies. That it is By's key is for the state to say.
	Key KeySpec `json:"key"`
	// Sig is 64 bytes: an Ed25519 signature, or r‖s of ECDSA with s at most half the group's order.
	Sig []byte `json:"sig"`
	// AuthenticatorData is what a passkey's authenticator wrote; empty for ed25519.
	AuthenticatorData []byte `json:"authenticator_data"`
	// ClientData holds the exact bytes of the browser's clientDataJSON; empty for ed25519.
	ClientData []byte `json:"client_data"`
}

// SignEd25519 signs a header with an Ed25519 key.
func SignEd25519(by string, priv ed25519.PrivateKey, headerBytes []byte) Signature {
	return Signature{
		By:  by,
		Key: Ed25519Key(priv.Public().(ed25519.PublicKey)),
		Sig: ed25519.Sign(priv, PAE(headerBytes)),
	}
}

// Verify reports whether s is a well-formed signature over the header by the key that it names.
// It needs no state: neither does it know whose key that is, nor, for a passkey, which relying
// party asked for it (see CheckRelyingParty). A refusal is a *SignatureError.
//
// Checks run in the order of docs/spec/signatures.md, so every implementation names the same code.
func (s Signature) Verify(headerBytes []byte) error {
	if err := s.checkForm(); err != nil {
		return err
	}
	key, err := decodeKey(s.Key)
	if err != nil {
		return err
	}
	if key.scheme == SchemeEd25519 {
		return s.verifyEd25519(key, headerBytes)
	}
	return s.verifyWebAuthn(key, headerBytes)
}

func (s Signature) verifyEd25519(key PublicKey, headerBytes []byte) error {
	err := s.checkEd25519Parts(key, headerBytes)
	// A signature that holds proves its key to be on the curve; only the others need the question.
	if err != nil && !onEdwardsCurve(key.ed) {
		return offCurve()
	}
	return err
}

func (s Signature) checkEd25519Parts(key PublicKey, headerBytes []byte) error {
	if len(s.AuthenticatorData) > 0 || len(s.ClientData) > 0 {
		return refuseSig(SigBadForm, "an ed25519 signature carries neither authenticator_data nor client_data; leave them out")
	}
	return checkEd25519(key.ed, PAE(headerBytes), s.Sig)
}

// checkEd25519 decides by the equation without cofactor, as crypto/ed25519 does; sig has 64 bytes.
func checkEd25519(key ed25519.PublicKey, message, sig []byte) error {
	if !canonicalScalar(sig[32:]) {
		return refuseSig(SigHighS, "the second half of the ed25519 signature is not below the group's order; sign again with a standard library")
	}
	if !ed25519.Verify(key, message, sig) {
		return refuseSig(SigBadSignature, "the ed25519 signature is not one by this key over these header bytes")
	}
	return nil
}

// checkForm checks what can be checked before the key is read.
func (s Signature) checkForm() error {
	if !wellFormedSigner(s.By) {
		return refuseSig(SigBadForm, "by must be officer/BOARD/NAME, board/ID or member/ID in lower-case letters, digits, dot, hyphen and underscore")
	}
	if len(s.Sig) != signatureSize {
		return refuseSig(SigBadForm, "sig must be 64 bytes; a browser's DER signature is turned into r‖s with low s before it is sent")
	}
	return nil
}

// wellFormedSigner checks the shape of a signer's name. It is looser than the rules for ids of
// boards and officers, which the state knows; it keeps odd bytes out of logs and pages.
func wellFormedSigner(by string) bool {
	if len(by) > signerMax {
		return false
	}
	kind, rest, _ := strings.Cut(by, "/")
	switch kind {
	case "board", "member":
		return wellFormedID(rest)
	case "officer":
		of, name, _ := strings.Cut(rest, "/")
		return wellFormedID(of) && wellFormedID(name)
	}
	return false
}

func wellFormedID(id string) bool {
	for _, c := range []byte(id) {
		alphanumeric := 'a' <= c && c <= 'z' || '0' <= c && c <= '9'
		if !alphanumeric && c != '.' && c != '-' && c != '_' {
			return false
		}
	}
	return id != ""
}

// CacheKey names the question that Verify answered, so that a cache of successes can skip asking
// again. It covers everything that Verify reads except By, which decides nothing cryptographic:
// check By's form apart, or on the first sight of the transaction.
func (s Signature) CacheKey(headerBytes []byte) [sha256.Size]byte {
	scheme, _, _ := strings.Cut(string(s.Key), ":")
	h := sha256.New()
	h.Write([]byte("licet/signature-cache/1\x00"))
	for _, part := range [][]byte{[]byte(scheme), []byte(s.Key), PAE(headerBytes), s.Sig, s.AuthenticatorData, s.ClientData} {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(part)))
		h.Write(size[:])
		h.Write(part)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// IsWebAuthn reports whether a passkey made the signature; then its relying party
// is for the state to check.
func (s Signature) IsWebAuthn() bool { return strings.HasPrefix(string(s.Key), "es256:") }
