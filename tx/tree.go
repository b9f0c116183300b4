package tx

import (
	"crypto/sha256"

	"golang.org/x/mod/sumdb/tlog"

	"licet/license"
	"licet/phrase"
)

// What officers sign is the root of an RFC 6962 tree over their acts, so that one act
// can be shown without the others. Paths in the log's tree are checked here too.

// leafHashes returns the RFC 6962 leaf hashes of acts.
func leafHashes(acts [][]byte) []license.Hash {
	hs := make([]license.Hash, len(acts))
	for i, a := range acts {
		hs[i] = license.LeafHash(a)
	}
	return hs
}

// LeafHashes returns the acts' leaf hashes, from which any act's path can be made.
func (t *Transaction) LeafHashes() []license.Hash {
	if t.leaves != nil {
		return t.leaves
	}
	return leafHashes(t.ActBytes)
}

func treeHash(hs []license.Hash) license.Hash {
	switch n := len(hs); n {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return hs[0]
	default:
		k := splitAt(n)
		return node(treeHash(hs[:k]), treeHash(hs[k:]))
	}
}

// splitAt returns the largest power of two below n.
func splitAt(n int) int {
	k := 1
	for k*2 < n {
		k *= 2
	}
	return k
}

// ActPath returns the RFC 6962 path of act i, from its sibling up.
func ActPath(hs []license.Hash, i int) []license.Hash {
	if len(hs) <= 1 {
		return nil
	}
	if k := splitAt(len(hs)); i < k {
		return append(ActPath(hs[:k], i), treeHash(hs[k:]))
	} else {
		return append(ActPath(hs[k:], i-k), treeHash(hs[:k]))
	}
}

// CheckActPath says whether an act stands at number i of n under the root.
func CheckActPath(path []license.Hash, n, i int64, root license.Hash, act []byte) error {
	if !CheckInclusion(path, n, i, root, license.LeafHash(act)) {
		return phrase.Errorf("the path of %d hashes does not lead from this act, number %d of %d, to the root", len(path), i+1, n)
	}
	return nil
}

// CheckInclusion says whether a leaf stands at an index of a tree of this size under
// the root: RFC 9162, section 2.1.3.2. The path leads from the leaf's sibling up.
func CheckInclusion[H ~[32]byte](path []H, size, index int64, root, leaf H) bool {
	if index < 0 || index >= size {
		return false
	}
	at, last, hash := index, size-1, leaf
	for _, p := range path {
		if last == 0 {
			return false // the root is reached
		}
		if at%2 == 1 || at == last {
			hash = node(p, hash)
			for at%2 == 0 && at != 0 { // alone in its row
				at, last = at/2, last/2
			}
		} else {
			hash = node(hash, p)
		}
		at, last = at/2, last/2
	}
	return last == 0 && hash == root
}

// CheckConsistency says whether a tree begins with an older one, which is not empty:
// RFC 9162, section 2.1.4.2.
func CheckConsistency[H ~[32]byte](path []H, size int64, root H, oldSize int64, oldRoot H) bool {
	switch {
	case oldSize < 1 || oldSize > size:
		return false
	case oldSize == size:
		return len(path) == 0 && oldRoot == root
	}
	at, last, from := oldSize-1, size-1, oldRoot
	for at%2 == 1 {
		at, last = at/2, last/2
	}
	if at != 0 { // else the older tree is a whole branch of the other: its own root is where the path begins
		if len(path) == 0 {
			return false
		}
		from, path = path[0], path[1:]
	}
	old, hash := from, from
	for _, p := range path {
		if last == 0 {
			return false
		}
		if at%2 == 1 || at == last {
			old, hash = node(p, old), node(p, hash)
			for at%2 == 0 && at != 0 {
				at, last = at/2, last/2
			}
		} else {
			hash = node(hash, p)
		}
		at, last = at/2, last/2
	}
	return last == 0 && old == oldRoot && hash == root
}

func node[H ~[32]byte](left, right H) H {
	return H(tlog.NodeHash(tlog.Hash(left), tlog.Hash(right)))
}
