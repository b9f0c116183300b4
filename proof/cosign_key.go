package proof

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"sync"
)

// The field and the curve of RFC 8032: y is taken modulo p, and a point is on
// the curve when (y²-1)/(dy²+1) is a square modulo p.
var (
	curveP = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))
	curveD = func() *big.Int {
		d := new(big.Int).ModInverse(big.NewInt(121666), curveP)
		d.Mul(d, big.NewInt(-121665))
		return d.Mod(d, curveP)
	}()
)

// goodKeys remembers keys that checkEd25519 accepted: the check is dear beside a
// signature's, and verifiers meet the same few keys all the time.
var goodKeys = struct {
	sync.Mutex
	keys map[[ed25519.PublicKeySize]byte]struct{}
}{keys: map[[ed25519.PublicKeySize]byte]struct{}{}}

// goodKeysMax is how many keys are remembered; then they are forgotten together.
const goodKeysMax = 1000

// checkPublicKey is checkEd25519 with a memory.
func checkPublicKey(key ed25519.PublicKey) error {
	if len(key) != ed25519.PublicKeySize {
		return checkEd25519(key)
	}
	k := [ed25519.PublicKeySize]byte(key)
	goodKeys.Lock()
	_, good := goodKeys.keys[k]
	goodKeys.Unlock()
	if good {
		return nil
	}
	if err := checkEd25519(key); err != nil {
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

// checkEd25519 refuses public keys under which verifiers may disagree: y not
// below p, no point of the curve, or a point of small order, for which
// signatures of any message can be had without a secret.
func checkEd25519(key ed25519.PublicKey) error {
	if len(key) != ed25519.PublicKeySize {
		return fmt.Errorf("an ed25519 public key has %d bytes, not %d", ed25519.PublicKeySize, len(key))
	}
	be := slices.Clone(key)
	slices.Reverse(be)
	be[0] &= 0x7f // the top bit is the sign of x
	y := new(big.Int).SetBytes(be)
	if y.Cmp(curveP) >= 0 {
		return errors.New("the ed25519 public key is not written canonically")
	}
	one := big.NewInt(1)
	y2 := new(big.Int).Mul(y, y)
	u := new(big.Int).Sub(y2, one) // x² = u/v
	v := new(big.Int).Mul(curveD, y2)
	v.Add(v, one) // never 0 modulo p: -1/d is no square
	u.Mod(u, curveP)
	v.Mod(v, curveP)
	if hasSmallOrder(y, u, v) {
		return errors.New("the ed25519 public key is a point of small order")
	}
	// u/v is a square exactly when u·v is.
	if big.Jacobi(new(big.Int).Mul(u, v), curveP) != 1 {
		return errors.New("the ed25519 public key is no point of the curve")
	}
	return nil
}

// hasSmallOrder tells whether a point (x, y) with x² = u/v has order 1, 2, 4 or
// 8. Orders 1 and 2 have x = 0; order 4 has y = 0; order 8 doubles to y = 0,
// which means y² = -x², or y²·v = -u.
func hasSmallOrder(y, u, v *big.Int) bool {
	if u.Sign() == 0 || y.Sign() == 0 {
		return true
	}
	t := new(big.Int).Mul(y, y)
	t.Mul(t, v).Add(t, u).Mod(t, curveP)
	return t.Sign() == 0
}
