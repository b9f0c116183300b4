// Package host is a member's node: everything that runs together in one process
// over one home directory. It opens the registry and the engine, serves the API
// and the pages, and stops them in the right order. It also founds networks of one.
package host

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/cockroachdb/pebble/v2/vfs"

	"licet/internal/ledger"
)

// ErrHomeInUse says that another process runs over the home.
var ErrHomeInUse = errors.New("another licet runs in this home")

// A Home is a node's directory, held against other processes until it is closed.
//
//	founding.json  the payload that founded the network; with it the home is founded
//	peers          where other members' nodes are
//	keys/          root keys (encrypted) and the node's own (mode 0600)
//	engine/        the engine's keys, log and blocks
//	registry/      records, log and map
//	lookup/        the index that pages and searches read; it can be made again
type Home struct {
	Dir  string
	lock io.Closer
}

// Open makes the directory when it is absent, and holds it.
func Open(dir string) (*Home, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("the home %q: %w", dir, err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the home %s cannot be made: %w", dir, err)
	}
	// Nothing else may open this file: a process that closes it lets its lock go.
	lock, err := vfs.Default.Lock(filepath.Join(dir, "LOCK"))
	var opening *fs.PathError
	var number syscall.Errno
	switch {
	case err == nil:
		return &Home{Dir: dir, lock: lock}, nil
	case errors.As(err, &opening):
		return nil, fmt.Errorf("the home %s cannot be written: %w", dir, err)
	case errors.As(err, &number) && number != syscall.EAGAIN && number != syscall.EACCES:
		return nil, fmt.Errorf("the home %s cannot be locked: %w", dir, err)
	}
	return nil, fmt.Errorf("%w (%s)", ErrHomeInUse, dir)
}

// InUse says whether another process runs over the home.
func InUse(dir string) bool {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return false
	}
	if _, err := os.Stat(filepath.Join(dir, "LOCK")); err != nil {
		return false
	}
	h, err := Open(dir)
	if err != nil {
		return errors.Is(err, ErrHomeInUse)
	}
	_ = h.Close()
	return false
}

// Close lets the home go.
func (h *Home) Close() error { return h.lock.Close() }

// Path names a file of the home.
func (h *Home) Path(parts ...string) string {
	return filepath.Join(append([]string{h.Dir}, parts...)...)
}

// KeyPath names a key file of the home.
func (h *Home) KeyPath(name string) string { return h.Path("keys", name+".key") }

// Names of key files in a home.
const (
	keyCosign = "cosign"
	keyLog    = "log"
)

const foundingFile = "founding.json"

// Founded says whether a network was founded here.
func (h *Home) Founded() (bool, error) {
	_, err := os.Stat(h.Path(foundingFile))
	switch {
	case err == nil:
		return true, nil
	case !errors.Is(err, fs.ErrNotExist):
		return false, err
	}
	// Without its founding payload a registry must not be taken for a new one.
	if _, err := os.Stat(h.Path("registry")); err == nil {
		return false, fmt.Errorf("the home %s is damaged: it holds a registry, but %s is missing. Nothing was changed. Restore that file from a backup", h.Dir, foundingFile)
	}
	return false, nil
}

func (h *Home) founding() ([]byte, error) {
	b, err := os.ReadFile(h.Path(foundingFile))
	if err != nil {
		return nil, fmt.Errorf("the founding payload: %w", err)
	}
	if _, _, err := ledger.Founding(b); err != nil {
		// Not %w: a payload that cannot be read is no refusal of the user's act.
		return nil, fmt.Errorf("the home %s is damaged: %s: %v. Nothing was changed. Restore that file from a backup", h.Dir, foundingFile, err)
	}
	return b, nil
}

// writeWhole makes a file appear whole, and on disk, or not at all.
func writeWhole(path string, content []byte) (err error) {
	temp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temp.Name()) }() // gone already after the rename
	_, err = temp.Write(content)
	if err = errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return err
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return err
	}
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
