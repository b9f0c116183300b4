package check

import "crypto/sha256"

// A Hash is a SHA-256 value.
type Hash = [32]byte

// LeafHash is RFC 6962's hash of a leaf.
func LeafHash(leaf []byte) Hash { return sha256.Sum256(append([]byte{0}, leaf...)) }

func nodeHash(left, right Hash) Hash {
	return sha256.Sum256(append(append([]byte{1}, left[:]...), right[:]...))
}

// LogRoot is RFC 6962's Merkle tree hash of leaf hashes, as section 2.1 writes it.
func LogRoot(leaves []Hash) Hash {
	switch len(leaves) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return leaves[0]
	}
	k := half(len(leaves))
	return nodeHash(LogRoot(leaves[:k]), LogRoot(leaves[k:]))
}

// half is the largest power of two below n.
func half(n int) int {
	k := 1
	for 2*k < n {
		k *= 2
	}
	return k
}

// LogPath is RFC 6962's audit path of leaf m.
func LogPath(m int, leaves []Hash) []Hash {
	if len(leaves) == 1 {
		return nil
	}
	if k := half(len(leaves)); m < k {
		return append(LogPath(m, leaves[:k]), LogRoot(leaves[k:]))
	} else {
		return append(LogPath(m-k, leaves[k:]), LogRoot(leaves[:k]))
	}
}

// LogConsistency is RFC 6962's consistency proof of the first m leaves.
func LogConsistency(m int, leaves []Hash) []Hash {
	if m == 0 || m == len(leaves) {
		return nil
	}
	return subproof(m, leaves, true)
}

func subproof(m int, leaves []Hash, whole bool) []Hash {
	if m == len(leaves) {
		if whole {
			return nil
		}
		return []Hash{LogRoot(leaves)}
	}
	if k := half(len(leaves)); m <= k {
		return append(subproof(m, leaves[:k], whole), LogRoot(leaves[k:]))
	} else {
		return append(subproof(m-k, leaves[k:], false), LogRoot(leaves[:k]))
	}
}

// PathRoot is the root to which an audit path leads from leaf m of n, and whether
// the path has the length that it must.
func PathRoot(path []Hash, leaf Hash, m, n int) (Hash, bool) {
	if n == 1 {
		return leaf, len(path) == 0
	}
	if len(path) == 0 {
		return leaf, false
	}
	last, rest := path[len(path)-1], path[:len(path)-1]
	if k := half(n); m < k {
		h, ok := PathRoot(rest, leaf, m, k)
		return nodeHash(h, last), ok
	} else {
		h, ok := PathRoot(rest, leaf, m-k, n-k)
		return nodeHash(last, h), ok
	}
}

// A Log is a growing list of leaves that remembers the roots of its full subtrees,
// so that LogRoot can be asked for after every block of a long run.
type Log struct {
	leaves []Hash
	full   map[[2]int]Hash // first leaf, number of leaves → root
}

// Add appends a leaf hash.
func (l *Log) Add(h Hash) { l.leaves = append(l.leaves, h) }

// Size is the number of leaves.
func (l *Log) Size() int { return len(l.leaves) }

// Root is LogRoot of all leaves.
func (l *Log) Root() Hash {
	if l.full == nil {
		l.full = map[[2]int]Hash{}
	}
	return l.root(0, len(l.leaves))
}

func (l *Log) root(first, n int) Hash {
	if n <= 1 {
		return LogRoot(l.leaves[first : first+n])
	}
	if h, ok := l.full[[2]int{first, n}]; ok {
		return h
	}
	k := half(n)
	h := nodeHash(l.root(first, k), l.root(first+k, n-k))
	if n&(n-1) == 0 && first%n == 0 {
		l.full[[2]int{first, n}] = h
	}
	return h
}
