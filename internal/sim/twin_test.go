package sim

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"testing"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"golang.org/x/mod/sumdb/tlog"

	"licet/internal/ledger/trie"
	"licet/internal/sim/check"
	"licet/license"
	"licet/proof"
	"licet/strict"
)

// The naive log and map are only worth something when they are right themselves:
// here they and the real ones are held against each other on whatever comes.

// hashes is a log's stored hashes, for x/mod's arithmetic.
type hashes []tlog.Hash

func (h hashes) ReadHashes(at []int64) (out []tlog.Hash, err error) {
	for _, i := range at {
		out = append(out, h[i])
	}
	return out, nil
}

func FuzzLogTwin(f *testing.F) {
	f.Add(uint16(1), uint16(0), uint16(1), []byte{})
	f.Add(uint16(300), uint16(255), uint16(256), []byte{3})
	f.Fuzz(func(t *testing.T, n, at, older uint16, damage []byte) {
		size := int(n)%700 + 1
		index, old := int(at)%size, int(older)%size+1
		var stored hashes
		var log check.Log
		var leaves []check.Hash
		for i := range size {
			leaf := []byte{byte(i), byte(i >> 8)}
			hs, err := tlog.StoredHashes(int64(i), leaf, stored)
			if err != nil {
				t.Fatal(err)
			}
			stored = append(stored, hs...)
			leaves = append(leaves, check.LeafHash(leaf))
			log.Add(leaves[i])
		}
		root, err := tlog.TreeHash(int64(size), stored)
		if err != nil || check.Hash(root) != check.LogRoot(leaves) || check.Hash(root) != log.Root() {
			t.Fatalf("root of %d: %v", size, err)
		}
		path, err := proof.InclusionPath(int64(size), int64(index), stored)
		if err != nil || !slices.Equal(plain(path), check.LogPath(index, leaves)) {
			t.Fatalf("path of %d in %d: %v", index, size, err)
		}
		consistent, err := proof.ConsistencyPath(int64(size), int64(old), stored)
		if err != nil || !slices.Equal(plain(consistent), check.LogConsistency(old, leaves)) {
			t.Fatalf("consistency of %d and %d: %v", old, size, err)
		}
		for i, d := range damage { // other paths: both accept or both refuse
			if i < len(path) {
				path[i][0] ^= d
			} else if d%2 == 0 {
				path = append(path, tlog.Hash{d})
			} else if len(path) > 0 {
				path = path[1:]
			}
		}
		real := proof.CheckInclusion(path, int64(size), int64(index), root, tlog.Hash(leaves[index])) == nil
		end, whole := check.PathRoot(plain(path), leaves[index], index, size)
		if naive := whole && end == check.Hash(root); real != naive {
			t.Fatalf("leaf %d of %d with path %x: real %v, naive %v", index, size, path, real, naive)
		}
	})
}

func plain(path []tlog.Hash) (out []check.Hash) {
	for _, h := range path {
		out = append(out, check.Hash(h))
	}
	return out
}

func FuzzMapTwin(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 131, 132, 7, 7, 8}, []byte{0}, byte(3))
	f.Fuzz(func(t *testing.T, steps, damage []byte, ask byte) {
		db, err := pebble.Open("map", &pebble.Options{FS: vfs.NewMem(), Logger: silent{}, FormatMajorVersion: pebble.FormatNewest})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		tr, err := trie.Open(db)
		if err != nil {
			t.Fatal(err)
		}
		naive := map[check.Hash]check.Hash{}
		for part := range slices.Chunk(steps[:min(len(steps), 600)], 1+int(ask)%50) {
			grow(t, db, tr, naive, part)
		}
		var leaves []check.Leaf
		for k, v := range naive {
			leaves = append(leaves, check.Leaf{Key: k, Value: v})
		}
		check.SortLeaves(leaves)
		root := check.MapRoot(leaves)
		if root != tr.Root() {
			t.Fatalf("%d leaves: naive root %x, real %x", len(leaves), root, tr.Root())
		}
		key := keyOf(ask)
		p, value, err := tr.Prove(db, key)
		want, there := check.MapProve(leaves, key)
		text := strict.Encode(&p)
		if err != nil || (value != nil) != there || !bytes.Equal(text, strict.Encode(&want)) {
			t.Fatalf("proof %s (%v), naive %s", text, err, strict.Encode(&want))
		}
		sameVerdict(t, text, root, key, value)
		for i, d := range damage {
			text[(i*31+int(d))%len(text)] ^= d
			sameVerdict(t, text, root, key, value)
			sameVerdict(t, text, root, key, nil)
		}
	})
}

// grow changes both maps: a high bit deletes.
func grow(t *testing.T, db *pebble.DB, tr *trie.Trie, naive map[check.Hash]check.Hash, steps []byte) {
	t.Helper()
	changes := map[check.Hash]trie.Change{}
	for i, s := range steps {
		k, v := keyOf(s&0x7f), check.Hash(sha256.Sum256([]byte{s, byte(i)}))
		changes[k] = trie.Change{Key: k, Value: v, Delete: s&0x80 != 0}
	}
	var list []trie.Change
	for k, c := range changes {
		list = append(list, c)
		if naive[k] = c.Value; c.Delete {
			delete(naive, k)
		}
	}
	batch := db.NewBatch()
	p, err := tr.Update(db, list)
	if err == nil {
		err = p.Write(batch)
	}
	if err == nil {
		err = batch.Commit(pebble.NoSync)
	}
	if err != nil {
		t.Fatal(err)
	}
	tr.Advance(p)
}

// keyOf gives keys of which some share very long beginnings.
func keyOf(b byte) (k check.Hash) {
	if b%4 == 0 {
		k[31] = b
		return k
	}
	return check.Hash(license.HashOf([]byte{b}))
}

// sameVerdict lets both verifiers judge a proof's text.
func sameVerdict(t *testing.T, text []byte, root, key check.Hash, value *check.Hash) {
	t.Helper()
	var a proof.MapProof
	var b check.MapProof
	errA, errB := strict.Decode(text, &a, 1<<20), strict.Decode(text, &b, 1<<20)
	real := errA == nil && a.Verify(root, key, value) == nil
	naive := errB == nil && b.Proves(root, key, value)
	if real != naive {
		t.Fatalf("%s: real %v, naive %v", text, real, naive)
	}
}

type silent struct{}

func (silent) Infof(string, ...any)  {}
func (silent) Errorf(string, ...any) {}
func (silent) Fatalf(string, ...any) { panic("the store failed") }
