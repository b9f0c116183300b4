package proof

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"

	"licet/phrase"
	"licet/tx"
)

// Key types of C2SP signed notes. Type 0x06 (ML-DSA-44 cosignatures) is known
// by number only: it comes when Go's standard library has ML-DSA.
const (
	KeyLog    byte = 0x01 // ed25519 over the note's text: a log's own signature
	KeyCosign byte = 0x04 // ed25519 with a time: a cosignature
)

// Lengths, in bytes, of a signature line's base64 part after decoding: key id,
// for cosignatures the time, and the ed25519 signature.
const (
	LogSignatureSize = 4 + ed25519.SignatureSize
	CosignatureSize  = 4 + 8 + ed25519.SignatureSize
)

// maxTime is the last second of the year 9999; later instants have no writing.
const maxTime = 253402300799

// A VKey is a verifier key: who signs, with what.
type VKey struct {
	Name string
	Type byte // KeyLog or KeyCosign
	Key  ed25519.PublicKey
}

// ParseVKey reads NAME+HEX+BASE64 as C2SP signed-note defines it. Key types
// other than 0x01 and 0x04 are refused with the code "key-type".
func ParseVKey(s string) (VKey, error) {
	k, err := parseVKey(s)
	k.Key = slices.Clone(k.Key) // what is remembered stays as it is
	return k.VKey, err
}

// readVKey is ParseVKey without a memory.
func readVKey(s string) (VKey, error) {
	part := strings.Split(s, "+")
	if len(s) > 8<<10 || len(part) < 3 {
		return VKey{}, flawf("vkey-form", "a verifier key is NAME+KEYID+BASE64, not %.80q", s)
	}
	// Base64 may hold plus signs, names may not.
	v, id, key64 := VKey{Name: part[0]}, part[1], strings.Join(part[2:], "+")
	if err := checkName(v.Name); err != nil {
		return VKey{}, flawf("vkey-name", "verifier key: the name %v", err)
	}
	material, err := parseBase64(key64)
	if err != nil || len(material) == 0 {
		return VKey{}, flawf("vkey-form", "verifier key of %s: the part after the key id is not canonical base64", v.Name)
	}
	if want := phrase.Sprintf("%08x", keyID(v.Name, material)); id != want {
		return VKey{}, flawf("vkey-id", "verifier key of %s: key id %.16q does not belong to this name and key, which give %s", v.Name, id, want)
	}
	v.Type = material[0]
	if v.Type != KeyLog && v.Type != KeyCosign {
		return VKey{}, flawf("key-type", "verifier key of %s: key type 0x%02x is not supported by this version, which knows 0x01 and 0x04", v.Name, v.Type)
	}
	v.Key = material[1:]
	if err := tx.CheckEd25519(v.Key); err != nil {
		return VKey{}, flawf("public-key", "verifier key of %s: %v", v.Name, err)
	}
	return v, nil
}

// String writes the key as ParseVKey reads it.
func (v VKey) String() string {
	return phrase.Sprintf("%s+%08x+%s", v.Name, v.ID(), base64.StdEncoding.EncodeToString(v.material()))
}

// ID is the key id that stands, big-endian, before each signature of the key.
func (v VKey) ID() uint32 { return keyID(v.Name, v.material()) }

func (v VKey) material() []byte { return append([]byte{v.Type}, v.Key...) }

func keyID(name string, material []byte) uint32 {
	h := sha256.New()
	h.Write([]byte(name))
	h.Write([]byte{'\n'})
	h.Write(material)
	return binary.BigEndian.Uint32(h.Sum(nil))
}

// NewVKey makes the verifier key of a public key; keyType is KeyLog (then name
// is the origin) or KeyCosign.
func NewVKey(name string, keyType byte, key ed25519.PublicKey) (VKey, error) {
	return ParseVKey(VKey{Name: name, Type: keyType, Key: key}.String())
}

// CosignatureMessage is the message that a cosignature of type 0x04 signs: that
// at unix (seconds since 1970) text is the newest consistent checkpoint known.
func CosignatureMessage(text string, unix int64) []byte {
	return []byte("cosignature/v1\ntime " + strconv.FormatInt(unix, 10) + "\n" + text)
}

// A Cosigner cosigns checkpoints for a member.
type Cosigner struct {
	vkey VKey
	key  ed25519.PrivateKey
}

// NewCosigner makes a cosigner. The message does not name the key, so a key
// must serve one cosigner only.
func NewCosigner(name string, key ed25519.PrivateKey) (Cosigner, error) {
	v, err := signerVKey(name, KeyCosign, key)
	return Cosigner{v, key}, err
}

// VKey is the key to verify with.
func (c Cosigner) VKey() VKey { return c.vkey }

// Sign cosigns a checkpoint's text. unix, seconds since 1970, is not negative
// and not after the year 9999, else nobody accepts the result. What it returns
// is a vote extension, and the argument of SignatureLine.
func (c Cosigner) Sign(text string, unix int64) (ext [CosignatureSize]byte) {
	binary.BigEndian.PutUint32(ext[0:4], c.vkey.ID())
	binary.BigEndian.PutUint64(ext[4:12], uint64(unix))
	copy(ext[12:], ed25519.Sign(c.key, CosignatureMessage(text, unix)))
	return ext
}

// A LogSigner signs checkpoints as the log itself, for outside witnesses. Its
// signatures count for no quorum.
type LogSigner struct {
	vkey VKey
	key  ed25519.PrivateKey
}

// NewLogSigner makes a log signer; the key's name is the network's origin.
func NewLogSigner(origin string, key ed25519.PrivateKey) (LogSigner, error) {
	v, err := signerVKey(origin, KeyLog, key)
	return LogSigner{v, key}, err
}

// VKey is the key to verify with.
func (l LogSigner) VKey() VKey { return l.vkey }

// Sign signs a checkpoint's text; SignatureLine takes what it returns.
func (l LogSigner) Sign(text string) (ext [LogSignatureSize]byte) {
	binary.BigEndian.PutUint32(ext[0:4], l.vkey.ID())
	copy(ext[4:], ed25519.Sign(l.key, []byte(text)))
	return ext
}

func signerVKey(name string, keyType byte, key ed25519.PrivateKey) (VKey, error) {
	if len(key) != ed25519.PrivateKeySize {
		return VKey{}, flawf("private-key", "an ed25519 private key has %d bytes, not %d", ed25519.PrivateKeySize, len(key))
	}
	return NewVKey(name, keyType, key.Public().(ed25519.PublicKey))
}

// VerifyCosignature checks a cosignature of type 0x04 over a checkpoint's text
// and returns its time in seconds since 1970. ext has CosignatureSize bytes.
func VerifyCosignature(vkey, text string, ext []byte) (unix int64, err error) {
	v, err := ParseVKey(vkey)
	if err != nil {
		return 0, err
	}
	return v.VerifyCosignature(text, ext)
}

// VerifyCosignature is the function of that name for a key that is parsed already.
func (v VKey) VerifyCosignature(text string, ext []byte) (unix int64, err error) {
	return v.verifyCosignature(v.ID(), text, ext)
}

func (v VKey) verifyCosignature(id uint32, text string, ext []byte) (unix int64, err error) {
	if v.Type != KeyCosign {
		return 0, flawf("key-type", "key %s has type 0x%02x; cosignatures need 0x%02x", v.Name, v.Type, KeyCosign)
	}
	if len(ext) != CosignatureSize {
		return 0, flawf("signature", "cosignature of %s: %d bytes long, not %d", v.Name, len(ext), CosignatureSize)
	}
	if binary.BigEndian.Uint32(ext) != id {
		return 0, flawf("signature", "cosignature of %s: key id %08x is not this key's", v.Name, binary.BigEndian.Uint32(ext))
	}
	seconds := binary.BigEndian.Uint64(ext[4:])
	if seconds > maxTime {
		return 0, flawf("signature", "cosignature of %s: its time is after the year 9999", v.Name)
	}
	if !ed25519.Verify(v.Key, CosignatureMessage(text, int64(seconds)), ext[12:]) {
		return 0, flawf("signature", "cosignature of %s: the signature does not verify", v.Name)
	}
	return int64(seconds), nil
}

// VerifyLogSignature checks a log's signature of type 0x01 over a note's text.
// ext has LogSignatureSize bytes.
func (v VKey) VerifyLogSignature(text string, ext []byte) error {
	switch {
	case v.Type != KeyLog:
		return flawf("key-type", "key %s has type 0x%02x; log signatures need 0x%02x", v.Name, v.Type, KeyLog)
	case len(ext) != LogSignatureSize:
		return flawf("signature", "log signature of %s: %d bytes long, not %d", v.Name, len(ext), LogSignatureSize)
	case binary.BigEndian.Uint32(ext) != v.ID():
		return flawf("signature", "log signature of %s: key id %08x is not this key's", v.Name, binary.BigEndian.Uint32(ext))
	case !ed25519.Verify(v.Key, []byte(text), ext[4:]):
		return flawf("signature", "log signature of %s: the signature does not verify", v.Name)
	}
	return nil
}
