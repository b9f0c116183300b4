package ledger

import (
	"math/bits"

	"github.com/cockroachdb/pebble/v2"
	"golang.org/x/mod/sumdb/tlog"
)

// A frontier is the right edge of the log's Merkle tree: the roots of the full
// subtrees that the log's size is the sum of, the largest first. With it entries
// are appended, and the root computed, without reading the store.
type frontier struct {
	size  int64
	roots []tlog.Hash
}

// A storedHash is a node of the tree that is kept: level 0 are leaf hashes.
type storedHash struct {
	level int
	n     int64
	hash  tlog.Hash
}

// append adds a leaf and returns the nodes that came to be.
func (f *frontier) append(leaf tlog.Hash) []storedHash {
	out := []storedHash{{0, f.size, leaf}}
	h := leaf
	for level := 0; f.size>>level&1 == 1; level++ {
		h = tlog.NodeHash(f.roots[len(f.roots)-1], h)
		f.roots = f.roots[:len(f.roots)-1]
		out = append(out, storedHash{level + 1, f.size >> (level + 1), h})
	}
	f.roots = append(f.roots, h)
	f.size++
	return out
}

// root returns the RFC 6962 root; of an empty log SHA-256 of nothing.
func (f *frontier) root() tlog.Hash {
	if f.size == 0 {
		h, _ := tlog.TreeHash(0, nil)
		return h
	}
	h := f.roots[len(f.roots)-1]
	for i := len(f.roots) - 2; i >= 0; i-- {
		h = tlog.NodeHash(f.roots[i], h)
	}
	return h
}

func (f *frontier) clone() frontier {
	return frontier{f.size, append([]tlog.Hash(nil), f.roots...)}
}

// openFrontier reads the right edge of a log of this size.
func openFrontier(r pebble.Reader, size int64) (frontier, error) {
	f := frontier{size: size}
	for rest, at := size, int64(0); rest > 0; {
		level := bits.Len64(uint64(rest)) - 1
		h, err := readHash(r, level, at>>level)
		if err != nil {
			return f, err
		}
		f.roots = append(f.roots, h)
		at += 1 << level
		rest -= 1 << level
	}
	return f, nil
}

func readHash(r pebble.Reader, level int, n int64) (h tlog.Hash, err error) {
	b, err := get(r, hashKey(level, n))
	if err == nil && len(b) != len(h) {
		err = corrupt("hash %d of level %d of the log has %d bytes", n, level, len(b))
	}
	copy(h[:], b)
	return h, err
}

// hashReader reads the log's tree for proofs and tiles.
func hashReader(r pebble.Reader) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			level, n := tlog.SplitStoredHashIndex(x)
			h, err := readHash(r, level, n)
			if err != nil {
				return nil, err
			}
			out[i] = h
		}
		return out, nil
	})
}
