package keys

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// SaveExport writes content to a new file that only the recipients (age1…) can
// open or, when there are none, whoever knows the passphrase. The file is an
// ordinary age file in armor; the age program opens it too.
func SaveExport(path string, content []byte, recipients []string, passphrase func() (string, error)) error {
	if err := mustBeNew(path); err != nil {
		return err
	}
	to, err := exportRecipients(recipients, passphrase)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	armored := armor.NewWriter(&out)
	w, err := age.Encrypt(armored, to...)
	if err != nil {
		return fmt.Errorf("keys: %s cannot be encrypted: %w", path, err)
	}
	_, err = w.Write(content)
	if err := errors.Join(err, w.Close(), armored.Close()); err != nil {
		return fmt.Errorf("keys: %s cannot be encrypted: %w", path, err)
	}
	return writeNew(path, out.String())
}

func exportRecipients(recipients []string, passphrase func() (string, error)) (to []age.Recipient, err error) {
	for _, r := range recipients {
		x, err := age.ParseX25519Recipient(r)
		if err != nil {
			return nil, fmt.Errorf("keys: %q is no age recipient (age1…): %w", r, err)
		}
		to = append(to, x)
	}
	if len(to) > 0 {
		return to, nil
	}
	phrase, err := passphrase()
	if err != nil {
		return nil, err
	}
	s, err := age.NewScryptRecipient(phrase)
	if err != nil {
		return nil, err
	}
	if n := testWorkFactor.Load(); n > 0 {
		s.SetWorkFactor(int(n))
	}
	return []age.Recipient{s}, nil
}

// exportBytesMax bounds an export; it holds a history bundle.
const exportBytesMax = 64 << 20

// OpenExport reads what SaveExport wrote: with the identities in a file of the
// age program's, or, when identities is "", with the passphrase.
func OpenExport(path, identities string, passphrase func() (string, error)) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	defer func() { _ = f.Close() }()
	ids, err := exportIdentities(identities, passphrase)
	if err != nil {
		return nil, err
	}
	r, err := age.Decrypt(armor.NewReader(io.LimitReader(f, 2*exportBytesMax)), ids...)
	var none *age.NoIdentityMatchError
	switch {
	case errors.As(err, &none) && identities == "":
		return nil, fmt.Errorf("keys: %s: %w, or the file is for a recipient's key; name that with --identity", path, ErrPassphrase)
	case errors.As(err, &none):
		return nil, fmt.Errorf("keys: %s is not for the key in %s", path, identities)
	case err != nil:
		return nil, fmt.Errorf("keys: %s cannot be opened: %w", path, err)
	}
	b, err := io.ReadAll(io.LimitReader(r, exportBytesMax+1))
	if err == nil && len(b) > exportBytesMax {
		err = fmt.Errorf("it holds more than %d bytes", exportBytesMax)
	}
	if err != nil {
		return nil, fmt.Errorf("keys: %s: %w", path, err)
	}
	return b, nil
}

func exportIdentities(path string, passphrase func() (string, error)) ([]age.Identity, error) {
	if path != "" {
		text, err := read(path)
		if err != nil {
			return nil, err
		}
		ids, err := age.ParseIdentities(bytes.NewReader([]byte(text)))
		if err != nil {
			return nil, fmt.Errorf("keys: %s holds no age identity: %w", path, err)
		}
		return ids, nil
	}
	phrase, err := passphrase()
	if err != nil {
		return nil, err
	}
	id, err := age.NewScryptIdentity(phrase)
	if err != nil {
		return nil, ErrPassphrase
	}
	id.SetMaxWorkFactor(workFactorMax)
	return []age.Identity{id}, nil
}
