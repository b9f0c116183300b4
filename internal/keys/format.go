package keys

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"filippo.io/age/armor"

	"licet/tx"
)

// A key file is text that a person may open. An unencrypted one:
//
//	licet key file, version 1
//	for: log
//	key: ed25519:…
//	created: 2026-05-31
//	seed: …base64 of 32 bytes…
//
// In an encrypted one an armored age file stands in place of the seed line. Its content is the
// unencrypted form of the same file: so the lines in front, which anybody could change, are compared
// with lines that only the passphrase's holder could write.
const (
	firstLine   = "licet key file, version 1"
	fileSizeMax = 8 << 10 // bytes
)

// head is the lines that both forms start with.
func (f File) head() string {
	return firstLine + "\nfor: " + f.For + "\nkey: " + string(f.Public) + "\ncreated: " + f.Created + "\n"
}

// plain is the unencrypted form of the whole file.
func (k Key) plain() string {
	return k.head() + "seed: " + base64.StdEncoding.EncodeToString(k.private.Seed()) + "\n"
}

// parseHead splits a file into what it says and what follows: a seed line or armor.
func parseHead(text string) (File, string, error) {
	var lines [4]string
	rest := text
	for i := range lines {
		var ok bool
		if lines[i], rest, ok = strings.Cut(rest, "\n"); !ok {
			return File{}, "", errors.New("it is too short for a key file")
		}
	}
	f := File{
		For:       strings.TrimPrefix(lines[1], "for: "),
		Public:    tx.KeySpec(strings.TrimPrefix(lines[2], "key: ")),
		Created:   strings.TrimPrefix(lines[3], "created: "),
		Encrypted: strings.HasPrefix(rest, armor.Header+"\n"),
	}
	if f.head()+rest != text {
		return File{}, "", fmt.Errorf("its first lines are not %q, for, key and created", firstLine)
	}
	if err := f.check(); err != nil {
		return File{}, "", err
	}
	return f, rest, nil
}

func (f File) check() error {
	if err := checkPurpose(f.For); err != nil {
		return err
	}
	if key, err := tx.ParseKey(f.Public); err != nil {
		return err
	} else if key.Scheme() != tx.SchemeEd25519 {
		return errors.New("a key file holds ed25519 keys only")
	}
	if day, err := time.Parse(time.DateOnly, f.Created); err != nil || day.Format(time.DateOnly) != f.Created {
		return errors.New("the line created holds no day like 2026-05-31")
	}
	return nil
}

// parsePlain reads the unencrypted form.
func parsePlain(text string) (Key, error) {
	f, rest, err := parseHead(text)
	if err != nil {
		return Key{}, err
	}
	line := strings.TrimSuffix(strings.TrimPrefix(rest, "seed: "), "\n")
	seed, err := base64.StdEncoding.DecodeString(line)
	if err != nil {
		return Key{}, errors.New("after the first four lines stands neither a seed nor an encrypted part")
	}
	key, err := fromSeed(f.For, seed, f.Created)
	if err != nil {
		return Key{}, err
	}
	if key.plain() != text {
		return Key{}, errors.New("the public key is not the seed's, or something else stands in the file")
	}
	return key, nil
}
