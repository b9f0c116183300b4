package trie

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"licet/proof"
	"licet/strict"
)

// vector has what a map needs of a line of map.jsonl, whose form the tests of
// package proof check.
type vector struct {
	Name, Expect, Leaf, Root, Key, Proof string
	Leaves                               []proof.MapLeaf
}

// TestVectors stores the maps of the published vectors, and makes the good
// proofs, each of which follows the line of its map.
func TestVectors(t *testing.T) {
	file, err := os.ReadFile("../../../docs/spec/vectors/map.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var store Reader
	proofs := 0
	for line := range bytes.Lines(file) {
		var v vector
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatal(err)
		}
		switch {
		case v.Expect != "ok" || v.Leaf != "":
		case v.Proof == "":
			store = storeVector(t, v)
		default:
			proofs++
			p, _, err := Prove(store, unhex(t, v.Key))
			if err != nil || string(strict.Encode(p)) != v.Proof {
				t.Errorf("%s: %s (%v), want %s", v.Name, strict.Encode(p), err, v.Proof)
			}
		}
	}
	if proofs == 0 {
		t.Error("no proof in the file")
	}
}

func storeVector(t *testing.T, v vector) Reader {
	db := openStore(t, vfs.NewMem())
	t.Cleanup(func() { db.Close() })
	var changes []Change
	for _, l := range v.Leaves {
		changes = append(changes, Change{Key: unhex(t, l.Key), Value: unhex(t, l.Value)})
	}
	tr := open(t, db)
	applyBlock(t, db, tr, changes)
	if root := tr.Root(); hex.EncodeToString(root[:]) != v.Root {
		t.Errorf("%s: root %x, want %s", v.Name, root, v.Root)
	}
	return db
}

func unhex(t *testing.T, s string) [32]byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 32 {
		t.Fatalf("%q is not a hash", s)
	}
	return [32]byte(b)
}
