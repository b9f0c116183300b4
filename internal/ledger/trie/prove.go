package trie

import (
	"encoding/hex"

	"licet/proof"
)

// Prove makes the proof for key as of r, and gives the value hash that it
// proves, nil for absence. R must be a snapshot, or nobody may write meanwhile:
// pages of different states do not fit together, which reads as damage.
func Prove(r Reader, key [32]byte) (proof.MapProof, *[32]byte, error) {
	return prove(r, nil, key)
}

// Prove does what the function Prove does, faster if r is not much older than
// the newest state.
func (t *Trie) Prove(r Reader, key [32]byte) (proof.MapProof, *[32]byte, error) {
	return prove(r, t, key)
}

// A Version is one state's root, held so that proofs of that state need not read
// it again.
type Version struct {
	trie *Trie
	root *rootPage
}

// Newest is the version of the newest state.
func (t *Trie) Newest() Version { return Version{t, t.root.Load()} }

// Prove does what the function Prove does; r is the state of this version.
func (v Version) Prove(r Reader, key [32]byte) (proof.MapProof, *[32]byte, error) {
	return proveUnder(r, v.trie, v.root, key)
}

func prove(r Reader, t *Trie, key [32]byte) (proof.MapProof, *[32]byte, error) {
	var known *rootPage
	if t != nil {
		known = t.root.Load()
	}
	root, err := readRoot(r, known)
	if err != nil {
		return proof.MapProof{}, nil, err
	}
	return proveUnder(r, t, root, key)
}

func proveUnder(r Reader, t *Trie, root *rootPage, key [32]byte) (p proof.MapProof, value *[32]byte, err error) {
	var room [256]*[32]byte
	siblings := room[:0]
	pg := &root.page
	for depth := 0; ; depth++ {
		var n int
		siblings, n = pg.descend(nibbleAt(&key, depth), siblings)
		if n < 0 || pg.isLeaf(n) {
			p, value = pg.proofAt(n, &key)
			p.Path = hexPath(siblings)
			return p, value, nil
		}
		at := pathTo(&key, depth+1)
		if pg, err = t.read(r, &at, &pg.hash[n]); err != nil {
			return proof.MapProof{}, nil, err
		}
	}
}

// read gives a page that is not to be changed. T may be nil.
func (t *Trie) read(r Reader, at *path, want *[32]byte) (*page, error) {
	if t == nil {
		pg := new(page)
		return pg, readPage(r, at, want, pg)
	}
	if at.depth > upperDepth {
		pg := new(page)
		return pg, t.readLower(r, at, want, pg)
	}
	kept := t.upperSlot(at)
	if known := kept.Load(); known != nil && *known.root() == *want {
		return known, nil
	}
	pg := new(page)
	if err := readPage(r, at, want, pg); err != nil {
		return nil, err
	}
	kept.CompareAndSwap(nil, pg)
	return pg, nil
}

// descend goes down the page's binary levels toward slot n and appends the
// siblings that it passes. It gives the slot where it ends: n, or that of a leaf
// alone in a larger subtree, or -1 if the place is empty.
func (p *page) descend(n int, siblings []*[32]byte) ([]*[32]byte, int) {
	for i, shift := 1, 3; i < 16; shift-- {
		used := p.used & slotsBelow[i]
		if used == 0 {
			return siblings, -1
		}
		if lone := p.loneLeaf(used); lone >= 0 {
			return siblings, lone
		}
		i = 2*i + n>>shift&1
		siblings = append(siblings, p.node(i^1))
	}
	if !p.isUsed(n) {
		return siblings, -1
	}
	return siblings, n
}

// proofAt gives the end of the proof for key: the leaf in slot n, or no leaf.
func (p *page) proofAt(n int, key *[32]byte) (proof.MapProof, *[32]byte) {
	if n < 0 {
		return proof.MapProof{}, nil
	}
	if p.key[n] == *key {
		value := p.value[n]
		return proof.MapProof{}, &value
	}
	return proof.MapProof{Other: &proof.MapLeaf{
		Key:   hex.EncodeToString(p.key[n][:]),
		Value: hex.EncodeToString(p.value[n][:]),
	}}, nil
}

// hexPath turns siblings, root first, into a proof's path, deepest first.
func hexPath(siblings []*[32]byte) []string {
	if len(siblings) == 0 {
		return nil
	}
	digits := make([]byte, 0, 64*len(siblings))
	for _, s := range siblings {
		digits = hex.AppendEncode(digits, s[:])
	}
	all := string(digits)
	path := make([]string, len(siblings))
	for i, s := range siblings {
		if *s != [32]byte{} {
			path[len(siblings)-1-i] = all[64*i : 64*i+64]
		}
	}
	return path
}

// Walk calls fn for each leaf as of r in the order of keys, until fn fails. Like
// Prove it needs a state that does not change.
func Walk(r Reader, fn func(key, value [32]byte) error) error {
	root, err := readRoot(r, nil)
	if err != nil {
		return err
	}
	return walk(r, new(path), &root.page, fn)
}

func walk(r Reader, at *path, pg *page, fn func(key, value [32]byte) error) error {
	for n := range 16 {
		switch {
		case !pg.isUsed(n):
		case pg.isLeaf(n):
			if err := fn(pg.key[n], pg.value[n]); err != nil {
				return err
			}
		default:
			below, child := at.child(n), new(page)
			if err := readPage(r, &below, &pg.hash[n], child); err != nil {
				return err
			}
			if err := walk(r, &below, child, fn); err != nil {
				return err
			}
		}
	}
	return nil
}
