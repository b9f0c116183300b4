package keys

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"sync/atomic"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// ErrPassphrase says that a key file does not open with the passphrase given.
var ErrPassphrase = errors.New("the passphrase is wrong")

// workFactorMax bounds what a file may demand: 2^20 is 1 GiB and some seconds. Ours ask for 2^18.
const workFactorMax = 20

// testWorkFactor is 0 outside tests: age's own default holds.
var testWorkFactor atomic.Int32

// WeakenForTest makes passphrases cheap to check, and to guess, until the test ends.
func WeakenForTest(t interface {
	Helper()
	Cleanup(f func())
},
) {
	t.Helper()
	before := testWorkFactor.Swap(2)
	t.Cleanup(func() { testWorkFactor.Store(before) })
}

// publishedWorkFactor is for passphrases that everybody knows: no work keeps anybody out.
const publishedWorkFactor = 10

// encrypt closes a text. A work factor of 0 is age's own default.
func encrypt(plain, passphrase string, workFactor int) (string, error) {
	recipient, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return "", err
	}
	if n := testWorkFactor.Load(); n > 0 {
		workFactor = int(n)
	}
	if workFactor > 0 {
		recipient.SetWorkFactor(workFactor)
	}
	var out bytes.Buffer
	armored := armor.NewWriter(&out)
	w, err := age.Encrypt(armored, recipient)
	if err != nil {
		return "", err
	}
	_, err = io.WriteString(w, plain)
	if err := errors.Join(err, w.Close(), armored.Close()); err != nil {
		return "", err
	}
	return out.String(), nil
}

// decrypt opens armor. It returns ErrPassphrase, or what is wrong with the text.
func decrypt(armored, passphrase string) (string, error) {
	identity, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return "", ErrPassphrase
	}
	identity.SetMaxWorkFactor(workFactorMax)
	r, err := age.Decrypt(armor.NewReader(strings.NewReader(armored)), identity)
	var none *age.NoIdentityMatchError
	if errors.As(err, &none) && len(none.StanzaTypes) == 1 && none.StanzaTypes[0] == "scrypt" {
		return "", ErrPassphrase
	}
	if err != nil {
		return "", err
	}
	plain, err := io.ReadAll(io.LimitReader(r, fileSizeMax))
	return string(plain), err
}
