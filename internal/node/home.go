package node

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// Reasons why a node does not start.
var (
	ErrHomeInUse = errors.New("another node runs in this home")
	ErrPortInUse = errors.New("another program listens at this address")
)

// makeHome makes the directories that the engine expects.
func makeHome(home string) error {
	for _, d := range []string{"config", "data"} {
		if err := os.MkdirAll(filepath.Join(home, d), 0o700); err != nil {
			return fmt.Errorf("node: home %s cannot be made: %w", home, err)
		}
	}
	return nil
}

// lockHome keeps other processes, and other nodes of this process, out of home.
func lockHome(home string) (io.Closer, error) {
	if err := makeHome(home); err != nil {
		return nil, err
	}
	abs, err := filepath.Abs(home)
	if err != nil {
		return nil, fmt.Errorf("node: home %q: %w", home, err)
	}
	lock, err := vfs.Default.Lock(filepath.Join(abs, "data", "LOCK"))
	switch {
	case err == nil:
		return lock, nil
	case errors.Is(err, syscall.EACCES), errors.Is(err, syscall.ENOENT), errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.EROFS):
		return nil, fmt.Errorf("node: home %s cannot be locked: %w", home, err)
	}
	return nil, fmt.Errorf("node: %w (%s)", ErrHomeInUse, home)
}

// checkListen finds out whether the address is free before anything is started:
// the engine finds out last, when much is running already.
func checkListen(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err == nil {
		return l.Close()
	}
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("node: %s: %w; stop it, or choose another address", addr, ErrPortInUse)
	}
	return fmt.Errorf("node: cannot listen at %s: %w", addr, err)
}
