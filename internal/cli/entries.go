package cli

import (
	"fmt"
	"iter"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"licet/license"
	"licet/proof"
	"licet/strict"
)

// newestFirst reads the server's log backward, bundle by bundle. An error ends it.
func (e *env) newestFirst() iter.Seq2[license.Recorded, error] {
	return func(yield func(license.Recorded, error) bool) {
		size, err := e.logSize()
		if err != nil {
			yield(license.Recorded{}, err)
			return
		}
		for n := (size - 1) / proof.TileWidth; n >= 0; n-- {
			entries, err := e.entryBundle(size, n)
			if err != nil {
				yield(license.Recorded{}, err)
				return
			}
			for i := len(entries) - 1; i >= 0; i-- {
				en := license.Recorded{Hash: license.LeafHash(entries[i])}
				if err := strict.Decode(entries[i], &en.Entry, license.EntryBytesMax); err != nil {
					yield(en, fmt.Errorf("entry %d cannot be read: %w", n*proof.TileWidth+int64(i), err))
					return
				}
				if !yield(en, nil) {
					return
				}
			}
		}
	}
}

func (e *env) logSize() (int64, error) {
	note, err := e.get("/checkpoint")
	if err != nil {
		return 0, err
	}
	text, _, _ := strings.Cut(string(note), "\n\n")
	point, err := proof.ParseCheckpoint(text + "\n")
	return point.Size, err
}

func (e *env) entryBundle(size, n int64) ([][]byte, error) {
	width := proof.TileWidthAt(size, proof.EntryLevel, n)
	b, err := e.get("/" + proof.TilePath(tlog.Tile{H: proof.TileHeight, L: proof.EntryLevel, N: n, W: width}))
	if err != nil {
		return nil, err
	}
	return proof.DecodeEntries(b, width)
}
