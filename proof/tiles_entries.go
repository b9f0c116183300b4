package proof

import (
	"encoding/binary"

	"golang.org/x/mod/sumdb/tlog"
)

// MaxEntryBytes is the longest entry that a log of ours holds. Bundles could
// carry 65,535 bytes.
const MaxEntryBytes = 16 << 10

// AppendEntry appends an entry to an entry bundle.
func AppendEntry(bundle, entry []byte) ([]byte, error) {
	if len(entry) > MaxEntryBytes {
		return nil, flawf("entry-size", "the entry has %d bytes; at most %d are allowed", len(entry), MaxEntryBytes)
	}
	bundle = binary.BigEndian.AppendUint16(bundle, uint16(len(entry)))
	return append(bundle, entry...), nil
}

// EncodeEntries writes an entry bundle.
func EncodeEntries(entries [][]byte) ([]byte, error) {
	if len(entries) < 1 || len(entries) > TileWidth {
		return nil, flawf("bundle-width", "an entry bundle has 1 to %d entries, not %d", TileWidth, len(entries))
	}
	var bundle []byte
	for _, e := range entries {
		var err error
		if bundle, err = AppendEntry(bundle, e); err != nil {
			return nil, err
		}
	}
	return bundle, nil
}

// DecodeEntries reads an entry bundle that holds exactly width entries. The
// entries share memory with the bundle.
func DecodeEntries(bundle []byte, width int) ([][]byte, error) {
	if width < 1 || width > TileWidth {
		return nil, flawf("bundle-width", "an entry bundle has 1 to %d entries, not %d", TileWidth, width)
	}
	if len(bundle) > width*(2+MaxEntryBytes) {
		return nil, flawf("bundle-size", "the bundle has %d bytes, too many for %d entries", len(bundle), width)
	}
	entries := make([][]byte, 0, width)
	for rest := bundle; len(rest) > 0; {
		if len(entries) == width {
			return nil, flawf("bundle-width", "the bundle goes on for %d bytes after its %d entries", len(rest), width)
		}
		if len(rest) < 2 {
			return nil, flawf("bundle-cut", "the bundle ends within the length of entry %d", len(entries))
		}
		n := int(binary.BigEndian.Uint16(rest))
		if n > MaxEntryBytes {
			return nil, flawf("entry-size", "entry %d of the bundle has %d bytes; at most %d are allowed", len(entries), n, MaxEntryBytes)
		}
		if len(rest) < 2+n {
			return nil, flawf("bundle-cut", "the bundle ends within entry %d", len(entries))
		}
		entries = append(entries, rest[2:2+n:2+n])
		rest = rest[2+n:]
	}
	if len(entries) != width {
		return nil, flawf("bundle-width", "the bundle has %d entries, not %d", len(entries), width)
	}
	return entries, nil
}

// VerifyEntries checks that entries stand in a verified checkpoint's log from
// index first on. r gives the log's hashes and need not be trusted: what it
// says, together with the entries, must give the checkpoint's root.
func VerifyEntries(c Checkpoint, first int64, entries [][]byte, r tlog.HashReader) error {
	last := first + int64(len(entries))
	if first < 0 || last < first || last > c.Size || len(entries) == 0 {
		return flawf("no-entry", "a log of %d entries has no %d entries from index %d on", c.Size, len(entries), first)
	}
	s := spine{first: first, last: last}
	for _, e := range entries {
		s.leaves = append(s.leaves, tlog.RecordHash(e))
	}
	s.collect(0, c.Size)
	var err error
	if s.hashes, err = r.ReadHashes(s.indexes); err != nil {
		return err
	}
	if len(s.hashes) != len(s.indexes) {
		return flawf("entries", "the hash reader gave %d hashes for %d", len(s.hashes), len(s.indexes))
	}
	if s.fold(0, c.Size) != c.Root {
		return flawf("entries", "entries %d to %d are not those of the log with this root at size %d", first, last-1, c.Size)
	}
	return nil
}

// A spine is the part of the tree from the root to a run of leaves.
type spine struct {
	first, last int64 // the run is [first, last)
	leaves      []tlog.Hash
	indexes     []int64     // of the subtrees beside the run, left to right
	hashes      []tlog.Hash // what stands there; fold takes them from the front
}

// collect and fold walk the subtree over [low, high) in the same order.
func (s *spine) collect(low, high int64) {
	k, level := split(high - low)
	switch {
	case s.beside(low, high) && high-low == k:
		s.indexes = append(s.indexes, tlog.StoredHashIndex(level, low>>level))
	case high-low == 1:
	default:
		if high-low == k {
			k /= 2
		}
		s.collect(low, low+k)
		s.collect(low+k, high)
	}
}

func (s *spine) fold(low, high int64) tlog.Hash {
	k, _ := split(high - low)
	switch {
	case s.beside(low, high) && high-low == k:
		h := s.hashes[0]
		s.hashes = s.hashes[1:]
		return h
	case high-low == 1:
		return s.leaves[low-s.first]
	}
	if high-low == k {
		k /= 2
	}
	left := s.fold(low, low+k)
	return tlog.NodeHash(left, s.fold(low+k, high))
}

func (s *spine) beside(low, high int64) bool { return high <= s.first || low >= s.last }

// split returns the largest power of two not above n, and its exponent.
func split(n int64) (k int64, level int) {
	for k = 1; k<<1 <= n && k<<1 > 0; k <<= 1 {
		level++
	}
	return k, level
}
