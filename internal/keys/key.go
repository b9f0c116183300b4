// Package keys holds the private keys that people and services keep on disk: those of officers,
// boards and members, encrypted with a passphrase, and those of a node's services, which must start
// without anybody typing one.
package keys

import (
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"licet/tx"
)

// File is what a key file says about itself to anybody, without its passphrase.
type File struct {
	Path    string     // where it was read; empty for a key that is not from a file
	For     string     // what the key is for: "officer us-il/mreyes", "board us-il root", "cosign il", "log"
	Public  tx.KeySpec // the public key
	Created string     // the day, UTC: 2026-05-31
	// Encrypted says whether a passphrase protects the file; if not, only its file mode does.
	Encrypted bool
}

// Key is a private Ed25519 key together with what its file says.
type Key struct {
	File
	private ed25519.PrivateKey
}

// Private is the key to sign with.
func (k Key) Private() ed25519.PrivateKey { return k.private }

// String leaves the private key out, so that a key that is printed or logged by mistake stays secret.
func (k Key) String() string { return "key for " + k.For + " (" + string(k.Public) + ")" }

// GoString is String, for %#v.
func (k Key) GoString() string { return k.String() }

// Generate makes a new key for a purpose, created at an instant of which the UTC day is kept.
func Generate(purpose string, created time.Time) (Key, error) {
	seed := make([]byte, ed25519.SeedSize)
	if _, err := rand.Read(seed); err != nil {
		return Key{}, fmt.Errorf("keys: the system gives no random bytes: %w", err)
	}
	return fromSeed(purpose, seed, created.UTC().Format(time.DateOnly))
}

func fromSeed(purpose string, seed []byte, created string) (Key, error) {
	if err := checkPurpose(purpose); err != nil {
		return Key{}, err
	}
	if len(seed) != ed25519.SeedSize {
		return Key{}, fmt.Errorf("keys: the seed of a key has %d bytes, not %d", ed25519.SeedSize, len(seed))
	}
	private := ed25519.NewKeyFromSeed(seed)
	public := tx.Ed25519Key(private.Public().(ed25519.PublicKey))
	return Key{File: File{For: purpose, Public: public, Created: created}, private: private}, nil
}

const purposeMax = 200 // bytes

// checkPurpose lets in what prints on one line, so that a file cannot fake a second one.
func checkPurpose(purpose string) error {
	printable := func(r rune) bool { return r > 0x20 && r < 0x7f }
	for _, word := range strings.Split(purpose, " ") {
		if word == "" || strings.ContainsFunc(word, func(r rune) bool { return !printable(r) }) {
			return fmt.Errorf("keys: purpose %q must be words of printable ASCII with one space between them, like %q", purpose, "officer us-il/mreyes")
		}
	}
	if len(purpose) > purposeMax {
		return fmt.Errorf("keys: a purpose has at most %d bytes", purposeMax)
	}
	return nil
}

// By is the name under which the key signs transactions (tx.Signature.By): "officer us-il/mreyes"
// signs as officer/us-il/mreyes, "board us-il root" as board/us-il, "member idfpr root" as
// member/idfpr. Keys for other purposes sign no transactions.
func (f File) By() (string, error) {
	words := strings.Split(f.For, " ")
	switch {
	case len(words) == 2 && words[0] == "officer" && strings.Count(words[1], "/") == 1:
		return "officer/" + words[1], nil
	case len(words) == 3 && (words[0] == "board" || words[0] == "member") && words[2] == "root":
		return words[0] + "/" + words[1], nil
	}
	return "", fmt.Errorf("keys: the key for %q signs no transactions; use an officer's key or a root key", f.For)
}
