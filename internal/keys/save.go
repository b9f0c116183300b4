package keys

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// Save writes the key to a new file that opens with the passphrase. It never replaces a file: a key
// that is overwritten is lost for good. The file stands whole and on disk when Save returns nil.
func Save(path string, key Key, passphrase string) error { return save(path, key, passphrase, 0) }

// SavePublished is Save for a key that is no secret, since its passphrase is printed for
// all, as a demo's is. The file opens without the second of work that keeps guessers out.
func SavePublished(path string, key Key, passphrase string) error {
	return save(path, key, passphrase, publishedWorkFactor)
}

func save(path string, key Key, passphrase string, workFactor int) error {
	if passphrase == "" {
		return errors.New("keys: a passphrase must not be empty")
	}
	if err := mustBeNew(path); err != nil { // before a second of work on the passphrase
		return err
	}
	armored, err := encrypt(key.plain(), passphrase, workFactor)
	if err != nil {
		return fmt.Errorf("keys: %s cannot be encrypted: %w", path, err)
	}
	return writeNew(path, key.head()+armored)
}

// SavePlain writes the key to a new file that only its mode (0600) protects. It is for services that
// start by themselves, such as a node's log; people's keys and root keys belong in Save.
func SavePlain(path string, key Key) error { return writeNew(path, key.plain()) }

func mustBeNew(path string) error {
	_, err := os.Lstat(path)
	switch {
	case err == nil:
		return fmt.Errorf("keys: %s exists already and is never overwritten; choose another name, or move it away if you are sure", path)
	case errors.Is(err, fs.ErrNotExist):
		return nil
	}
	return fmt.Errorf("keys: %w", err)
}

// writeNew makes the file appear whole or not at all, and makes the directory if it is missing.
func writeNew(path, content string) (err error) {
	if err := mustBeNew(path); err != nil {
		return err
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	temp, err := os.CreateTemp(dir, ".new-key-*") // mode 0600
	if err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	defer os.Remove(temp.Name()) //nolint:errcheck // gone already after a rename
	_, err = temp.WriteString(content)
	if err = errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return fmt.Errorf("keys: %s cannot be written: %w", path, err)
	}
	if err := publish(temp.Name(), path); err != nil {
		return err
	}
	return syncDirectory(dir)
}

// publish gives the finished file its name. A hard link fails when the name was taken meanwhile,
// where a rename would replace; file systems without links get the rename.
func publish(temp, path string) error {
	err := os.Link(temp, path)
	if errors.Is(err, fs.ErrExist) {
		return mustBeNew(path)
	}
	if err != nil {
		err = os.Rename(temp, path)
	}
	if err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	return nil
}

// syncDirectory puts the new name on disk, as fsync of the file did with its bytes.
func syncDirectory(dir string) error {
	if runtime.GOOS == "windows" { // which cannot, and need not
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("keys: %s cannot be put on disk: %w", dir, err)
	}
	return nil
}
