package keys

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
)

// ErrGarbled says that a file is no key file, or no longer one.
var ErrGarbled = errors.New("the key file cannot be read")

func garbled(path string, why error) error {
	return fmt.Errorf("keys: %s: %w: %w; bring it back from your backup, or make a new key and have it appointed", path, ErrGarbled, why)
}

// Inspect reads what a key file says about itself, without its passphrase. For an encrypted file
// that is the file's own claim; Load proves it.
func Inspect(path string) (File, error) {
	text, err := read(path)
	if err != nil {
		return File{}, err
	}
	f, _, err := parseHead(text)
	if err != nil {
		return File{}, garbled(path, err)
	}
	f.Path = path
	return f, nil
}

// Load reads a key file. It calls passphrase for an encrypted one only (see Passphrases.For and
// Fixed). Errors: those of the file system, ErrGarbled, ErrPassphrase, or passphrase's own.
func Load(path string, passphrase func(File) (string, error)) (Key, error) {
	text, err := read(path)
	if err != nil {
		return Key{}, err
	}
	f, armored, err := parseHead(text)
	if err != nil {
		return Key{}, garbled(path, err)
	}
	f.Path = path
	plain := text
	if f.Encrypted {
		if plain, err = unlock(f, armored, passphrase); err != nil {
			return Key{}, err
		}
	} else if err := mustBePrivate(path); err != nil {
		return Key{}, err
	}
	key, err := parsePlain(plain)
	if err == nil && key.head() != f.head() {
		err = errors.New("its readable lines differ from its encrypted part: somebody changed them")
	}
	if err != nil {
		return Key{}, garbled(path, err)
	}
	key.Path, key.Encrypted = path, f.Encrypted
	return key, nil
}

// Fixed answers with one passphrase, for callers that have it already.
func Fixed(passphrase string) func(File) (string, error) {
	return func(File) (string, error) { return passphrase, nil }
}

func unlock(f File, armored string, passphrase func(File) (string, error)) (string, error) {
	phrase, err := passphrase(f)
	if err != nil {
		return "", err
	}
	plain, err := decrypt(armored, phrase)
	if errors.Is(err, ErrPassphrase) {
		return "", fmt.Errorf("keys: %s (key for %s): %w; try again", f.Path, f.For, err)
	}
	if err != nil {
		return "", garbled(f.Path, err)
	}
	return plain, nil
}

func read(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("keys: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, fileSizeMax+1))
	if err != nil {
		return "", fmt.Errorf("keys: %w", err)
	}
	if len(b) > fileSizeMax {
		return "", garbled(path, fmt.Errorf("it is larger than %d bytes", fileSizeMax))
	}
	return string(b), nil
}

// mustBePrivate refuses an unencrypted key that other accounts of the machine may read.
func mustBePrivate(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("keys: %s is not encrypted and other accounts may read it (mode %04o); run chmod 600 on it, or make a new key if they may have", path, info.Mode().Perm())
	}
	return nil
}
