// Package trie stores the authenticated map (docs/spec/map.md): it applies the
// changes of a block, gives the root, and makes proofs as of any snapshot.
package trie

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2"
)

// ErrCorrupt marks errors about stored pages that do not fit together. The
// message names the page. Such a store cannot be mended in place.
var ErrCorrupt = errors.New("the stored map is damaged; restore this node from a snapshot or a backup")

// Reader is a state of the store: a *pebble.DB, *pebble.Snapshot or indexed
// *pebble.Batch.
type Reader interface {
	Get(key []byte) (value []byte, closer io.Closer, err error)
}

// A Trie speeds up work on the newest state of a stored map: it holds the
// root page and the pages of the next three nibbles, at most 4,368 of about
// 2 KiB, and of lower pages what was used lately. One goroutine at a time may call Update and Advance; Prove and Root
// may be called meanwhile from others.
type Trie struct {
	root atomic.Pointer[rootPage]
	// upper may hold any version of a page. A page is used only if its hash is
	// the one that its parent names, so stale pages do no harm.
	upper [upperPages]atomic.Pointer[page]
	lower pageCache
}

// rootPage is immutable once published.
type rootPage struct {
	stored []byte // as in the store; empty for an empty map
	page   page
}

const (
	upperDepth = 3 // pages up to this depth are kept in memory
	upperPages = 1<<4 + 1<<8 + 1<<12
)

// upperSlot is where a page is kept, or nil when its depth is not kept.
func (t *Trie) upperSlot(at *path) *atomic.Pointer[page] {
	b := &at.nibbles
	switch at.depth {
	case 1:
		return &t.upper[b[0]>>4]
	case 2:
		return &t.upper[1<<4+int(b[0])]
	case upperDepth:
		return &t.upper[1<<4+1<<8+(int(b[0])<<4|int(b[1]>>4))]
	}
	return nil
}

// Open reads the newest root of the map in r. A store without pages holds the
// empty map.
func Open(r Reader) (*Trie, error) {
	root, err := readRoot(r, nil)
	if err != nil {
		return nil, err
	}
	t := new(Trie)
	t.root.Store(root)
	return t, nil
}

// Root is the root hash of the newest state.
func (t *Trie) Root() [32]byte { return *t.root.Load().page.root() }

// Root is the root hash of the map as of r.
func Root(r Reader) ([32]byte, error) {
	root, err := readRoot(r, nil)
	if err != nil {
		return [32]byte{}, err
	}
	return *root.page.root(), nil
}

// readRoot reads the root page, or gives known if that is what is stored.
func readRoot(r Reader, known *rootPage) (*rootPage, error) {
	var at path
	stored, closer, err := get(r, &at)
	if errors.Is(err, pebble.ErrNotFound) {
		return new(rootPage), nil
	}
	if err != nil {
		return nil, fmt.Errorf("map: read %v: %w", &at, err)
	}
	defer closer.Close()
	if known != nil && bytes.Equal(stored, known.stored) {
		return known, nil
	}
	root := &rootPage{stored: bytes.Clone(stored)}
	if err := root.page.decode(stored, &at); err != nil {
		return nil, corrupt(&at, err)
	}
	return root, nil
}

// readPage reads a page that is not the root into the empty page into, and
// checks it against the hash that its parent names.
func readPage(r Reader, at *path, want *[32]byte, into *page) error {
	stored, closer, err := get(r, at)
	if errors.Is(err, pebble.ErrNotFound) {
		return corrupt(at, errors.New("missing"))
	}
	if err != nil {
		return fmt.Errorf("map: read %v: %w", at, err)
	}
	defer closer.Close()
	if err := into.decode(stored, at); err != nil {
		return corrupt(at, err)
	}
	if *into.root() != *want {
		return corrupt(at, fmt.Errorf("its hash is %x, its parent names %x", *into.root(), *want))
	}
	return nil
}

func get(r Reader, at *path) ([]byte, io.Closer, error) {
	var b [34]byte
	return r.Get(at.appendKey(b[:0]))
}

// readLower is readPage for a page below the upper ones, from memory if it is there.
func (t *Trie) readLower(r Reader, at *path, want *[32]byte, into *page) error {
	var room [34]byte
	key := at.appendKey(room[:0])
	if stored := t.lower.get(key); stored != nil {
		if into.decode(stored, at) == nil && *into.root() == *want {
			return nil
		}
		*into = page{}
	}
	if err := readPage(r, at, want, into); err != nil {
		return err
	}
	t.lower.put(key, into.appendTo(nil))
	return nil
}

func corrupt(at *path, why error) error {
	return fmt.Errorf("map: %v: %w: %w", at, why, ErrCorrupt)
}
