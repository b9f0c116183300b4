package proof

import (
	"crypto/ed25519"
	"sync"

	"licet/tx"
)

// goodKeys remembers keys that tx.CheckEd25519 accepted: the check is dear beside a
// signature's, and verifiers meet the same few keys all the time.
var goodKeys = struct {
	sync.Mutex
	keys map[[ed25519.PublicKeySize]byte]struct{}
}{keys: map[[ed25519.PublicKeySize]byte]struct{}{}}

// goodKeysMax is how many keys are remembered; then they are forgotten together.
const goodKeysMax = 1000

// checkPublicKey is tx.CheckEd25519 with a memory.
func checkPublicKey(key ed25519.PublicKey) error {
	if len(key) != ed25519.PublicKeySize {
		return tx.CheckEd25519(key)
	}
	k := [ed25519.PublicKeySize]byte(key)
	goodKeys.Lock()
	_, good := goodKeys.keys[k]
	goodKeys.Unlock()
	if good {
		return nil
	}
	if err := tx.CheckEd25519(key); err != nil {
		return err
	}
	goodKeys.Lock()
	defer goodKeys.Unlock()
	if len(goodKeys.keys) >= goodKeysMax {
		clear(goodKeys.keys)
	}
	goodKeys.keys[k] = struct{}{}
	return nil
}
