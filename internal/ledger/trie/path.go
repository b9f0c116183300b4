package trie

import "encoding/hex"

const (
	pagePrefix = 'p' // first byte of the keys of pages in the store
	depthMax   = 63  // depth of the page for the last of a key's 64 nibbles
)

// A path names a page: the first nibbles of the keys below it, padded with
// zeros, and their number.
type path struct {
	nibbles [32]byte // two to a byte, the first one in the upper half
	depth   int
}

// pathTo is the path of the page at a depth on the way to key.
func pathTo(key *[32]byte, depth int) path {
	p := path{depth: depth}
	copy(p.nibbles[:], key[:(depth+1)/2])
	if depth%2 == 1 {
		p.nibbles[depth/2] &= 0xf0
	}
	return p
}

// child is the path of the page in slot n.
func (p *path) child(n int) path {
	c := *p
	if c.depth%2 == 0 {
		n <<= 4
	}
	c.nibbles[c.depth/2] |= byte(n)
	c.depth++
	return c
}

// holds says whether key belongs below the page.
func (p *path) holds(key *[32]byte) bool {
	return pathTo(key, p.depth) == *p
}

// appendKey appends the page's key in the store. The depth comes first, so
// that pages that are read and written together stand together.
func (p *path) appendKey(b []byte) []byte {
	b = append(b, pagePrefix, byte(p.depth))
	return append(b, p.nibbles[:(p.depth+1)/2]...)
}

func (p *path) String() string {
	if p.depth == 0 {
		return "root page"
	}
	return "page " + hex.EncodeToString(p.nibbles[:])[:p.depth]
}

func nibbleAt(key *[32]byte, depth int) int {
	if depth%2 == 0 {
		return int(key[depth/2] >> 4)
	}
	return int(key[depth/2] & 15)
}
