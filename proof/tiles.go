package proof

import (
	"encoding/hex"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"licet/phrase"
	"licet/tx"
)

// Geometry of C2SP tlog-tiles.
const (
	TileHeight = 8
	TileWidth  = 1 << TileHeight // hashes in a full tile, entries in a full bundle
	EntryLevel = -1              // the level that tlog.Tile gives entry bundles
)

// maxTileLevel is the highest level that a path may name.
const maxTileLevel = 63

// maxPathHashes is how many hashes an inclusion or consistency proof can have,
// with one to spare: a log has fewer than 2^63 entries.
const maxPathHashes = 64

// TilePath writes where a tile or an entry bundle (level EntryLevel) is served,
// such as tile/0/x001/234.p/17. t.H is TileHeight.
func TilePath(t tlog.Tile) string {
	path := "tile/entries/"
	if t.L != EntryLevel {
		path = "tile/" + strconv.Itoa(t.L) + "/"
	}
	digits := phrase.Sprintf("%03d", t.N)
	digits = strings.Repeat("0", (3-len(digits)%3)%3) + digits
	for len(digits) > 3 {
		path += "x" + digits[:3] + "/"
		digits = digits[3:]
	}
	path += digits
	if t.W != TileWidth {
		path += ".p/" + strconv.Itoa(t.W)
	}
	return path
}

// ParseTilePath reads a path and accepts only what TilePath writes, without
// asking whether such a tile can exist.
func ParseTilePath(path string) (tlog.Tile, error) {
	t := tlog.Tile{H: TileHeight, W: TileWidth}
	bad := func() (tlog.Tile, error) {
		return tlog.Tile{}, flawf("tile-path", "%.80q is no path of a tile or an entry bundle", path)
	}
	rest, ok := strings.CutPrefix(path, "tile/")
	level, index, hasLevel := strings.Cut(rest, "/")
	if !ok || !hasLevel || len(path) > 64 {
		return bad()
	}
	if level == "entries" {
		t.L = EntryLevel
	} else if n, err := parseDecimal(level); err == nil && n <= maxTileLevel {
		t.L = int(n)
	} else {
		return bad()
	}
	if whole, width, partial := strings.Cut(index, ".p/"); partial {
		n, err := parseDecimal(width)
		if err != nil || n < 1 || n >= TileWidth {
			return bad()
		}
		index, t.W = whole, int(n)
	}
	digits := strings.ReplaceAll(strings.ReplaceAll(index, "/", ""), "x", "")
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 0 {
		return bad()
	}
	// Other writings of the same index are found by writing it again.
	if t.N = n; TilePath(t) != path {
		return bad()
	}
	return t, nil
}

// TileWidthAt is how many hashes (level EntryLevel: entries) the tile of this
// level and index has in a log of this size: 0 when it does not exist,
// TileWidth when it is full.
func TileWidthAt(size int64, level int, index int64) int {
	if level > 7 || level < EntryLevel || size < 0 || index < 0 {
		return 0 // at level 8, one hash would cover 2^64 entries
	}
	n := size
	if level > 0 {
		n >>= TileHeight * level // full subtrees of this level
	}
	if index > n>>TileHeight {
		return 0
	}
	return int(min(n-index<<TileHeight, TileWidth))
}

// PartialTiles lists the tiles, and before them the entry bundle, that are not
// full in a log of this size.
func PartialTiles(size int64) []tlog.Tile {
	var tiles []tlog.Tile
	for level := EntryLevel; level <= 7; level++ {
		index := size >> TileHeight
		if level > 0 {
			index = size >> (TileHeight * level) >> TileHeight
		}
		if w := TileWidthAt(size, level, index); w > 0 {
			tiles = append(tiles, tlog.Tile{H: TileHeight, L: level, N: index, W: w})
		}
	}
	return tiles
}

// TileData makes the bytes of a tile of hashes in a log of this size; r holds
// the log's hashes. A tile that the log does not have gives the code "no-tile",
// and so does one that it has wider or not yet as wide.
func TileData(t tlog.Tile, size int64, r tlog.HashReader) ([]byte, error) {
	width := TileWidthAt(size, t.L, t.N)
	if t.H != TileHeight || t.L == EntryLevel || t.W < 1 || t.W > width {
		return nil, flawf("no-tile", "a log of %d entries has no tile %s", size, TilePath(t))
	}
	return tlog.ReadTileData(t, r)
}

// HashReader reads a log's hashes through its tiles and checks them against a
// verified checkpoint, so that fetch need not be trusted. fetch gets a path as
// TilePath writes it. Where a partial tile is gone, the full one serves.
func HashReader(c Checkpoint, fetch func(path string) ([]byte, error)) tlog.HashReader {
	return tlog.TileHashReader(tlog.Tree{N: c.Size, Hash: c.Root}, tileReader{fetch})
}

type tileReader struct {
	fetch func(path string) ([]byte, error)
}

func (r tileReader) Height() int                     { return TileHeight }
func (r tileReader) SaveTiles([]tlog.Tile, [][]byte) {}

func (r tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, t := range tiles {
		var err error
		if data[i], err = r.readTile(t); err != nil {
			return nil, err
		}
	}
	return data, nil
}

func (r tileReader) readTile(t tlog.Tile) ([]byte, error) {
	data, err := r.fetch(TilePath(t))
	if err != nil && t.W < TileWidth {
		full := t
		full.W = TileWidth
		whole, fullErr := r.fetch(TilePath(full))
		if fullErr == nil && len(whole) == TileWidth*tlog.HashSize {
			return whole[:t.W*tlog.HashSize], nil
		}
	}
	if err != nil {
		return nil, phrase.Wrap(err, "tile %s", TilePath(t))
	}
	if len(data) != t.W*tlog.HashSize {
		return nil, flawf("tile-size", "tile %s has %d bytes, not %d", TilePath(t), len(data), t.W*tlog.HashSize)
	}
	return data, nil
}

// InclusionPath lists the hashes that prove that an entry stands at an index,
// from its sibling to the root's child.
func InclusionPath(size, index int64, r tlog.HashReader) ([]tlog.Hash, error) {
	if index < 0 || index >= size {
		return nil, flawf("no-entry", "a log of %d entries has no entry %d", size, index)
	}
	return tlog.ProveRecord(size, index, r)
}

// CheckInclusion checks what InclusionPath lists. leaf is SHA-256(0x00 ‖ entry).
func CheckInclusion(path []tlog.Hash, size, index int64, root, leaf tlog.Hash) error {
	if index < 0 || index >= size {
		return flawf("no-entry", "a log of %d entries has no entry %d", size, index)
	}
	if len(path) > maxPathHashes || !tx.CheckInclusion(path, size, index, root, leaf) {
		return flawf("inclusion", "the path of %d hashes does not lead from this entry at index %d to the root at size %d", len(path), index, size)
	}
	return nil
}

// ConsistencyPath lists the hashes that prove that a log of newSize begins with
// the log of oldSize. From size 0 no hash is needed.
func ConsistencyPath(newSize, oldSize int64, r tlog.HashReader) ([]tlog.Hash, error) {
	switch {
	case oldSize < 0 || oldSize > newSize:
		return nil, flawf("sizes", "a log of %d entries does not begin with one of %d", newSize, oldSize)
	case oldSize == 0:
		return nil, nil
	}
	return tlog.ProveTree(newSize, oldSize, r)
}

// CheckConsistency checks what ConsistencyPath lists.
func CheckConsistency(path []tlog.Hash, newSize int64, newRoot tlog.Hash, oldSize int64, oldRoot tlog.Hash) error {
	if oldSize < 0 || oldSize > newSize {
		return flawf("sizes", "a log of %d entries does not begin with one of %d", newSize, oldSize)
	}
	ok := len(path) <= maxPathHashes
	if oldSize == 0 {
		ok = len(path) == 0 && oldRoot == emptyRoot && (newSize > 0 || newRoot == emptyRoot)
	} else {
		ok = ok && tx.CheckConsistency(path, newSize, newRoot, oldSize, oldRoot)
	}
	if !ok {
		return flawf("consistency", "the path of %d hashes does not join the roots at sizes %d and %d", len(path), oldSize, newSize)
	}
	return nil
}

// HexPath writes a proof's hashes as bundles hold them.
func HexPath(path []tlog.Hash) []string {
	var s []string
	for _, h := range path {
		s = append(s, hex.EncodeToString(h[:]))
	}
	return s
}

// ParseHexPath reads what HexPath writes.
func ParseHexPath(s []string) ([]tlog.Hash, error) {
	if len(s) > maxPathHashes {
		return nil, flawf("path-form", "a path of %d hashes is too long", len(s))
	}
	path := make([]tlog.Hash, 0, len(s))
	for i, text := range s {
		h, err := mapHash(text)
		if err != nil {
			return nil, flawf("path-form", "hash %d of the path is not 64 lower-case hexadecimal digits", i)
		}
		path = append(path, h)
	}
	return path, nil
}
