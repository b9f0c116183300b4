package keys

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
)

func TestExports(t *testing.T) {
	WeakenForTest(t)
	dir := t.TempDir()
	say := func(s string) func() (string, error) { return func() (string, error) { return s, nil } }
	nobody := func() (string, error) { return "", errors.New("asked for a passphrase") }
	content := bytes.Repeat([]byte("an order's words. "), 5000)

	byPhrase := filepath.Join(dir, "phrase.age")
	if err := SaveExport(byPhrase, content, nil, say("the board's passphrase")); err != nil {
		t.Fatal(err)
	}
	if raw, err := os.ReadFile(byPhrase); err != nil || bytes.Contains(raw, []byte("order")) {
		t.Errorf("the file is readable: %.80q, %v", raw, err)
	}
	if got, err := OpenExport(byPhrase, "", say("the board's passphrase")); err != nil || !bytes.Equal(got, content) {
		t.Errorf("opened: %d bytes, %v", len(got), err)
	}
	if _, err := OpenExport(byPhrase, "", say("another")); !errors.Is(err, ErrPassphrase) {
		t.Errorf("opened with another passphrase: %v", err)
	}
	if err := SaveExport(byPhrase, []byte("x"), nil, say("the board's passphrase")); err == nil {
		t.Error("an export was overwritten")
	}

	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	identity := filepath.Join(dir, "identity.txt")
	if err := os.WriteFile(identity, []byte(id.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	byKey := filepath.Join(dir, "key.age")
	if err := SaveExport(byKey, content, []string{id.Recipient().String()}, nobody); err != nil {
		t.Fatal(err)
	}
	if got, err := OpenExport(byKey, identity, nobody); err != nil || !bytes.Equal(got, content) {
		t.Errorf("opened: %d bytes, %v", len(got), err)
	}
	if _, err := OpenExport(byKey, "", say("any")); err == nil || !strings.Contains(err.Error(), "--identity") {
		t.Errorf("opened a recipient's file with a passphrase: %v", err)
	}
	if err := SaveExport(filepath.Join(dir, "x"), content, []string{"age1nobody"}, nobody); err == nil {
		t.Error("a recipient that is none was taken")
	}
	cut := filepath.Join(dir, "cut.age")
	raw, err := os.ReadFile(byKey)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(cut, raw[:len(raw)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenExport(cut, identity, nobody); err == nil {
		t.Error("half an export was opened")
	}
}
