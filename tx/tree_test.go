package tx

import (
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// storedTree makes the stored hashes of a log as package tlog keeps them.
func storedTree(t *testing.T, size int64) tlog.HashReader {
	var stored []tlog.Hash
	read := tlog.HashReaderFunc(func(indexes []int64) (hs []tlog.Hash, err error) {
		for _, i := range indexes {
			hs = append(hs, stored[i])
		}
		return hs, nil
	})
	for i := range size {
		hs, err := tlog.StoredHashes(i, []byte{byte(i)}, read)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, hs...)
	}
	return read
}

// wrong makes paths that are not the one given: a hash changed, one more, one fewer, two
// exchanged.
func wrong(path []tlog.Hash, other tlog.Hash) (paths [][]tlog.Hash) {
	for i := range path {
		p := slices.Clone(path)
		p[i][31] ^= 1
		paths = append(paths, p, slices.Delete(slices.Clone(path), i, i+1), slices.Insert(slices.Clone(path), i, other))
		if i > 0 && path[i] != path[i-1] {
			p = slices.Clone(path)
			p[i], p[i-1] = p[i-1], p[i]
			paths = append(paths, p)
		}
	}
	return append(paths, append(slices.Clone(path), other))
}

// In every small tree the paths that package tlog makes hold, each at its own place, and
// whatever else is shown holds when package tlog takes it.
func TestInclusionAsTlog(t *testing.T) {
	const most = 40
	read := storedTree(t, most)
	for size := int64(1); size <= most; size++ {
		root, _ := tlog.TreeHash(size, read)
		for index := range size {
			leaf := tlog.RecordHash([]byte{byte(index)})
			path, err := tlog.ProveRecord(size, index, read)
			if err != nil || !CheckInclusion(path, size, index, root, leaf) {
				t.Fatalf("leaf %d of %d: %v", index, size, err)
			}
			for _, p := range wrong(path, root) {
				if CheckInclusion(p, size, index, root, leaf) {
					t.Fatalf("leaf %d of %d: a wrong path holds", index, size)
				}
			}
			for at := int64(-1); at <= size+1; at++ {
				if got, want := CheckInclusion(path, size, at, root, leaf), tlog.CheckRecord(path, size, root, at, leaf) == nil; got != want {
					t.Fatalf("the path of leaf %d of %d at %d: %v, want %v", index, size, at, got, want)
				}
				if got, want := CheckInclusion(path, at, index, root, leaf), tlog.CheckRecord(path, at, root, index, leaf) == nil; got != want {
					t.Fatalf("the path of leaf %d of %d in a tree of %d: %v, want %v", index, size, at, got, want)
				}
			}
		}
	}
}

func TestConsistencyAsTlog(t *testing.T) {
	const most = 40
	read := storedTree(t, most)
	for size := int64(1); size <= most; size++ {
		root, _ := tlog.TreeHash(size, read)
		for old := int64(1); old <= size; old++ {
			oldRoot, _ := tlog.TreeHash(old, read)
			path, err := tlog.ProveTree(size, old, read)
			if err != nil || !CheckConsistency(path, size, root, old, oldRoot) {
				t.Fatalf("%d in %d: %v", old, size, err)
			}
			for _, p := range wrong(path, root) {
				if CheckConsistency(p, size, root, old, oldRoot) {
					t.Fatalf("%d in %d: a wrong path holds", old, size)
				}
			}
			for other := int64(-1); other <= size+1; other++ {
				if got, want := CheckConsistency(path, size, root, other, oldRoot), tlog.CheckTree(path, size, root, other, oldRoot) == nil; got != want {
					t.Fatalf("the path of %d in %d for %d: %v, want %v", old, size, other, got, want)
				}
			}
			if old < size && CheckConsistency(path, size, root, old, root) || old < size && CheckConsistency(path, size, oldRoot, old, oldRoot) {
				t.Fatalf("%d in %d: with another root", old, size)
			}
		}
	}
}
