package keys

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"
)

// Environment variables. The passphrase in a variable, or in a file that a variable names, is for
// services and scripts; so is a whole key.
const (
	EnvPassphrase     = "LICET_PASSPHRASE"
	EnvPassphraseFile = "LICET_PASSPHRASE_FILE"
	EnvKey            = "LICET_KEY" // base64 of the 32-byte seed
)

const (
	passphraseMax    = 1024 // bytes
	newPassphraseMin = 8    // characters
	newAttempts      = 3
)

// ErrNoPassphrase says that a passphrase is needed and nobody can be asked.
var ErrNoPassphrase = errors.New("keys: a passphrase is needed, but there is no terminal to ask at; set " +
	EnvPassphraseFile + " to the path of a file that holds it, or " + EnvPassphrase)

// Passphrases finds passphrases: in the environment, else by asking. Standard is the usual one.
type Passphrases struct {
	// Getenv is os.Getenv or a stand-in.
	Getenv func(name string) string
	// Ask shows the prompt and reads a line without echo. Nil: nobody can be asked. It returns
	// ErrNoPassphrase when there is no terminal.
	Ask func(prompt string) (string, error)
	// Published says that the passphrases are no secret.
	Published bool
}

// Standard looks at the process's environment and asks at its terminal.
func Standard() Passphrases { return Passphrases{Getenv: os.Getenv, Ask: askTerminal} }

// For finds the passphrase of an existing key file; it fits Load.
func (p Passphrases) For(f File) (string, error) {
	if phrase, found, err := p.environment(); found || err != nil {
		return phrase, err
	}
	return p.ask("Passphrase of the key for " + f.For + ": ")
}

// New finds a passphrase for a key about to be saved. At the terminal it asks twice.
func (p Passphrases) New(purpose string) (string, error) {
	if phrase, found, err := p.environment(); found || err != nil {
		if err == nil && utf8.RuneCountInString(phrase) < newPassphraseMin {
			err = fmt.Errorf("keys: the passphrase in the environment is shorter than %d characters; choose a longer one", newPassphraseMin)
		}
		return phrase, err
	}
	prompt := "New passphrase for the key for " + purpose + ": "
	for range newAttempts {
		first, err := p.ask(prompt)
		if err != nil {
			return "", err
		}
		if utf8.RuneCountInString(first) < newPassphraseMin {
			prompt = fmt.Sprintf("That is shorter than %d characters. Another one: ", newPassphraseMin)
			continue
		}
		second, err := p.ask("The same passphrase again: ")
		if err != nil {
			return "", err
		}
		if first == second {
			return first, nil
		}
		prompt = "The two differ. New passphrase: "
	}
	return "", errors.New("keys: no passphrase was chosen; start again")
}

func (p Passphrases) ask(prompt string) (string, error) {
	if p.Ask == nil {
		return "", ErrNoPassphrase
	}
	phrase, err := p.Ask(prompt)
	if err == nil && len(phrase) > passphraseMax {
		return "", fmt.Errorf("keys: a passphrase has at most %d bytes", passphraseMax)
	}
	return phrase, err
}

// environment returns the passphrase that the environment holds, if it holds one.
func (p Passphrases) environment() (phrase string, found bool, err error) {
	phrase, path := p.Getenv(EnvPassphrase), p.Getenv(EnvPassphraseFile)
	switch {
	case phrase != "" && path != "":
		return "", false, fmt.Errorf("keys: both %s and %s are set; unset one", EnvPassphrase, EnvPassphraseFile)
	case phrase != "":
		return phrase, true, nil
	case path != "":
		phrase, err = passphraseFrom(path)
		return phrase, err == nil, err
	}
	return "", false, nil
}

// passphraseFrom reads a file's only line; the line end is no part of the passphrase.
func passphraseFrom(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("keys: %s: %w", EnvPassphraseFile, err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, passphraseMax+3))
	if err != nil {
		return "", fmt.Errorf("keys: %s: %w", EnvPassphraseFile, err)
	}
	phrase := strings.TrimSuffix(strings.TrimSuffix(string(b), "\n"), "\r")
	if phrase == "" || len(phrase) > passphraseMax || strings.ContainsAny(phrase, "\r\n") {
		return "", fmt.Errorf("keys: %s must hold one line of 1 to %d bytes, the passphrase", path, passphraseMax)
	}
	return phrase, nil
}

// FromEnvironment returns the key that the environment variable LICET_KEY holds, for a service that
// needs a key for this purpose, and whether there is one.
func FromEnvironment(purpose string, now time.Time, getenv func(string) string) (key Key, found bool, err error) {
	text := getenv(EnvKey)
	if text == "" {
		return Key{}, false, nil
	}
	seed, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		// The error would quote part of a secret, so it is not passed on.
		return Key{}, false, fmt.Errorf("keys: %s must be base64 of a key's 32-byte seed", EnvKey)
	}
	key, err = fromSeed(purpose, seed, now.UTC().Format(time.DateOnly))
	if err != nil {
		return Key{}, false, fmt.Errorf("%w (from %s)", err, EnvKey)
	}
	return key, true, nil
}
