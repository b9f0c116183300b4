package host

import (
	"github.com/cockroachdb/pebble/v2/vfs"

	"licet/internal/ledger"
	"licet/internal/node"
)

// A Bare is the registry of a node as Start runs it, without the rest: what a
// benchmark drives.
type Bare struct {
	Ledger   *ledger.Ledger
	Machine  node.Machine
	Prefetch func(transaction []byte) // for node.Config
}

// OpenBare opens the registry in dir.
func OpenBare(dir string, fs vfs.FS) (*Bare, error) {
	signatures := newSignatureCache()
	l, err := ledger.Open(dir, ledger.Options{FS: fs, Verify: signatures.verify})
	if err != nil {
		return nil, err
	}
	return &Bare{Ledger: l, Machine: machine{l}, Prefetch: l.Prefetch}, nil
}
