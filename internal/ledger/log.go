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
	open  []tile // by band, the rightmost
	full  []tile // that were completed since the frontier was opened or cloned
}

// The log's hashes are stored in tiles, so that an entry does not cost a key for
// each of them: a tile of band b holds 16 hashes of level 4b that stand next to
// each other and the nodes above them, up to level 4b+3. (Tiles as they are served
// are of another size and made of these hashes.)
type tile struct {
	band   int
	n      int64
	hashes [tileHashes]tlog.Hash // zero: not there yet
}

const (
	tileLevels = 4
	tileHashes = 16 + 8 + 4 + 2
)

// tileOf says where the hash of a node is.
func tileOf(level int, n int64) (band int, tileN int64, slot int) {
	band, level = level/tileLevels, level%tileLevels
	width := int64(16 >> level)
	return band, n / width, tileHashes + 2 - int(2*width) + int(n%width)
}

// put keeps the hash of a node. Nodes of one band come from left to right.
func (f *frontier) put(level int, n int64, h tlog.Hash) {
	band, tileN, slot := tileOf(level, n)
	if band == len(f.open) {
		f.open = append(f.open, tile{band: band})
	}
	t := &f.open[band]
	if t.n != tileN {
		f.full = append(f.full, *t)
		*t = tile{band: band, n: tileN}
	}
	t.hashes[slot] = h
}

// append adds a leaf.
func (f *frontier) append(h tlog.Hash) {
	n := f.size
	f.put(0, n, h)
	for level := 0; n>>level&1 == 1; level++ {
		h = tlog.NodeHash(f.roots[len(f.roots)-1], h)
		f.roots = f.roots[:len(f.roots)-1]
		f.put(level+1, n>>(level+1), h)
	}
	f.roots = append(f.roots, h)
	f.size++
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
	return frontier{size: f.size, roots: append([]tlog.Hash(nil), f.roots...), open: append([]tile(nil), f.open...)}
}

// write puts the tiles that changed since from into the batch.
func (f *frontier) write(w *setter, from int64) {
	for i := range f.full {
		w.tile(&f.full[i])
	}
	for i := range f.open {
		if level := i * tileLevels; f.size>>level != from>>level { // else the band has nothing new
			w.tile(&f.open[i])
		}
	}
}

func (w *setter) tile(t *tile) {
	b := make([]byte, 0, tileHashes*tlog.HashSize)
	for i := range t.hashes {
		b = append(b, t.hashes[i][:]...)
	}
	w.set(tileKey(t.band, t.n), b)
}

// openFrontier reads the right edge of a log of this size.
func openFrontier(r pebble.Reader, size int64) (frontier, error) {
	f := frontier{size: size}
	for band := 0; size>>(band*tileLevels) > 0; band++ {
		t, err := readTile(r, band, (size>>(band*tileLevels)-1)/16)
		if err != nil {
			return f, err
		}
		f.open = append(f.open, *t)
	}
	tiles := tileReader{r: r}
	for rest, at := size, int64(0); rest > 0; {
		level := bits.Len64(uint64(rest)) - 1
		h, err := tiles.hash(level, at>>level)
		if err != nil {
			return f, err
		}
		f.roots = append(f.roots, h)
		at += 1 << level
		rest -= 1 << level
	}
	return f, nil
}

func readTile(r pebble.Reader, band int, n int64) (*tile, error) {
	b, err := get(r, tileKey(band, n))
	if err != nil {
		return nil, err
	}
	t := &tile{band: band, n: n}
	if len(b) != tileHashes*tlog.HashSize {
		return nil, corrupt("tile %d of band %d of the log has %d bytes", n, band, len(b))
	}
	for i := range t.hashes {
		copy(t.hashes[i][:], b[i*tlog.HashSize:])
	}
	return t, nil
}

// A tileReader reads hashes and holds the tile that it read last.
type tileReader struct {
	r    pebble.Reader
	last *tile
}

func (t *tileReader) hash(level int, n int64) (h tlog.Hash, err error) {
	band, tileN, slot := tileOf(level, n)
	if t.last == nil || t.last.band != band || t.last.n != tileN {
		if t.last, err = readTile(t.r, band, tileN); err != nil {
			return h, err
		}
	}
	if h = t.last.hashes[slot]; h == (tlog.Hash{}) {
		return h, corrupt("hash %d of level %d of the log is missing", n, level)
	}
	return h, nil
}

// hashReader reads the log's tree for proofs and tiles.
func hashReader(r pebble.Reader) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		tiles := tileReader{r: r}
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			h, err := tiles.hash(tlog.SplitStoredHashIndex(x))
			if err != nil {
				return nil, err
			}
			out[i] = h
		}
		return out, nil
	})
}
