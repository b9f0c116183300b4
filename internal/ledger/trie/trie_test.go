package trie

import (
	"bytes"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"pgregory.net/rapid"
)

type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

type quiet struct{}

func (quiet) Infof(string, ...any)  {}
func (quiet) Errorf(string, ...any) {}
func (quiet) Fatalf(format string, args ...any) {
	panic("pebble: " + format)
}

func openStore(t tester, fs vfs.FS) *pebble.DB {
	t.Helper()
	db, err := pebble.Open("db", &pebble.Options{FS: fs, Logger: quiet{}, MemTableSize: 256 << 10})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func open(t tester, r Reader) *Trie {
	t.Helper()
	tr, err := Open(r)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// applyBlock does what the ledger does with a block.
func applyBlock(t tester, db *pebble.DB, tr *Trie, changes []Change) {
	t.Helper()
	p, err := tr.Update(db, changes)
	if err != nil {
		t.Fatal(err)
	}
	batch := db.NewBatch()
	defer batch.Close()
	if err := p.Write(batch); err != nil {
		t.Fatal(err)
	}
	if err := batch.Commit(pebble.Sync); err != nil {
		t.Fatal(err)
	}
	tr.Advance(p)
}

// storedPages gives all of the store, which has nothing but pages.
func storedPages(t tester, db *pebble.DB) map[string]string {
	t.Helper()
	iter, err := db.NewIter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer iter.Close()
	pages := map[string]string{}
	for ok := iter.First(); ok; ok = iter.Next() {
		pages[string(iter.Key())] = string(iter.Value())
	}
	return pages
}

func checkProof(t tester, tr *Trie, r Reader, m naiveMap, root, key [32]byte) {
	t.Helper()
	p, value, err := tr.Prove(r, key)
	if err != nil {
		t.Fatal(err)
	}
	want, present := m[key]
	if present != (value != nil) || present && *value != want {
		t.Fatalf("key %x: proved value %x, want %x (%v)", key, value, want, present)
	}
	if err := p.Verify(root, key, value); err != nil {
		t.Fatal(err)
	}
	cold, _, err := Prove(r, key)
	if err != nil {
		t.Fatal(err)
	}
	a, errA := p.AppendBinary(nil)
	b, errB := cold.AppendBinary(nil)
	if !bytes.Equal(a, b) || errA != nil || errB != nil {
		t.Fatalf("key %x: proof with memory %x (%v), without %x (%v)", key, a, errA, b, errB)
	}
}

type kept struct {
	snapshot *pebble.Snapshot
	content  naiveMap
}

// machine compares a stored trie with the naive map.
type machine struct {
	fs    *vfs.MemFS
	db    *pebble.DB
	trie  *Trie
	twin  naiveMap
	older []kept
}

func (m *machine) block(t *rapid.T) {
	changes := drawChanges(t, 10)
	applyBlock(t, m.db, m.trie, changes)
	m.twin.apply(changes)
}

// dropped is a block that was computed and is not committed.
func (m *machine) dropped(t *rapid.T) {
	if _, err := m.trie.Update(m.db, drawChanges(t, 10)); err != nil {
		t.Fatal(err)
	}
}

func (m *machine) snapshot(*rapid.T) {
	m.older = append(m.older, kept{m.db.NewSnapshot(), maps.Clone(m.twin)})
}

func (m *machine) prove(t *rapid.T) {
	key := drawKey(t)
	checkProof(t, m.trie, m.db, m.twin, m.twin.root(), key)
	for _, k := range m.older {
		checkProof(t, m.trie, k.snapshot, k.content, k.content.root(), key)
	}
}

// crash loses all that was not synced; every committed block was.
func (m *machine) crash(t *rapid.T) {
	after := m.fs.CrashClone(vfs.CrashCloneCfg{})
	m.close(t)
	m.fs, m.db = after, openStore(t, after)
	m.trie = open(t, m.db)
}

func (m *machine) close(t tester) {
	for _, k := range m.older {
		if err := k.snapshot.Close(); err != nil {
			t.Fatal(err)
		}
	}
	m.older = nil
	if err := m.db.Close(); err != nil {
		t.Fatal(err)
	}
}

func (m *machine) check(t *rapid.T) {
	root := m.twin.root()
	if m.trie.Root() != root {
		t.Fatalf("root %x, want %x", m.trie.Root(), root)
	}
	if stored, err := Root(m.db); err != nil || stored != root {
		t.Fatalf("stored root %x (%v), want %x", stored, err, root)
	}
	var walked [][32]byte
	err := Walk(m.db, func(key, value [32]byte) error {
		if m.twin[key] != value {
			t.Errorf("key %x has value %x, want %x", key, value, m.twin[key])
		}
		walked = append(walked, key)
		return nil
	})
	if err != nil || !slices.Equal(walked, m.twin.sorted()) {
		t.Fatalf("walked %x (%v), want %x", walked, err, m.twin.sorted())
	}
}

func TestTrieLikeTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fs := vfs.NewCrashableMem()
		db := openStore(t, fs)
		m := &machine{fs: fs, db: db, trie: open(t, db), twin: naiveMap{}}
		defer func() { m.close(t) }()
		t.Repeat(map[string]func(*rapid.T){
			"block": m.block, "block again": m.block, "dropped": m.dropped,
			"snapshot": m.snapshot, "prove": m.prove, "crash": m.crash, "": m.check,
		})
	})
}

// TestStoreForgetsHistory: the same content gives the same stored bytes, however
// it came about.
func TestStoreForgetsHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		db := openStore(t, vfs.NewMem())
		defer db.Close()
		tr, twin := open(t, db), naiveMap{}
		for range 4 {
			changes := drawChanges(t, 12)
			applyBlock(t, db, tr, changes)
			twin.apply(changes)
		}
		fresh := openStore(t, vfs.NewMem())
		defer fresh.Close()
		var changes []Change
		for key, value := range twin {
			changes = append(changes, Change{Key: key, Value: value})
		}
		applyBlock(t, fresh, open(t, fresh), changes)
		if got, want := storedPages(t, db), storedPages(t, fresh); !maps.Equal(got, want) {
			t.Fatalf("%d pages, want %d: %x, want %x", len(got), len(want), got, want)
		}
	})
}

func TestEmptiedStoreHoldsNothing(t *testing.T) {
	db := openStore(t, vfs.NewMem())
	defer db.Close()
	tr := open(t, db)
	changes := randomChanges(rand.New(rand.NewPCG(1, 1)), 3000, 3000)
	applyBlock(t, db, tr, changes)
	for i := range changes {
		changes[i].Delete = true
	}
	applyBlock(t, db, tr, changes)
	if pages := storedPages(t, db); len(pages) != 0 || tr.Root() != [32]byte{} {
		t.Errorf("%d pages are left, root %x", len(pages), tr.Root())
	}
}

// TestNoChangeWritesNothing: updates without effect touch no page.
func TestNoChangeWritesNothing(t *testing.T) {
	db := openStore(t, vfs.NewMem())
	defer db.Close()
	tr := open(t, db)
	changes := randomChanges(rand.New(rand.NewPCG(1, 1)), 3000, 2000)
	applyBlock(t, db, tr, changes)
	for i := range 500 {
		changes = append(changes, Change{Key: [32]byte{byte(i), byte(i >> 8)}, Delete: true})
	}
	p, err := tr.Update(db, changes)
	if err != nil || p.Root() != tr.Root() || len(p.writes) != 0 {
		t.Errorf("%d writes (%v)", len(p.writes), err)
	}
}

func TestRepeatedKeyIsRefused(t *testing.T) {
	db := openStore(t, vfs.NewMem())
	defer db.Close()
	if _, err := open(t, db).Update(db, []Change{{}, {Delete: true}}); err == nil {
		t.Error("two changes of one key were accepted")
	}
}

func TestAdvanceOutOfOrderPanics(t *testing.T) {
	db := openStore(t, vfs.NewMem())
	defer db.Close()
	tr := open(t, db)
	late, err := tr.Update(db, []Change{{Key: [32]byte{1}}})
	if err != nil {
		t.Fatal(err)
	}
	applyBlock(t, db, tr, []Change{{Key: [32]byte{2}}})
	defer func() {
		if recover() == nil {
			t.Error("an update of an older state was advanced")
		}
	}()
	tr.Advance(late)
}

// TestProveBesideWriter: proofs as of snapshots stay right while another
// goroutine applies blocks.
func TestProveBesideWriter(t *testing.T) {
	db := openStore(t, vfs.NewMem())
	defer db.Close()
	tr, twin := open(t, db), naiveMap{}
	rnd := rand.New(rand.NewPCG(1, 1))
	work := make(chan kept, 2)
	done := make(chan error)
	go func() { done <- proveAll(tr, work) }()
	for range 10 {
		changes := randomChanges(rnd, 1000, 100)
		applyBlock(t, db, tr, changes)
		twin.apply(changes)
		work <- kept{db.NewSnapshot(), maps.Clone(twin)}
	}
	close(work)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func proveAll(tr *Trie, work <-chan kept) (failed error) {
	for k := range work {
		root := k.content.root()
		for key := range k.content {
			p, value, err := tr.Prove(k.snapshot, key)
			if err == nil {
				err = p.Verify(root, key, value)
			}
			failed = errors.Join(failed, err)
		}
		failed = errors.Join(failed, k.snapshot.Close())
	}
	return failed
}

// TestDamageIsNamed: any change of any stored byte is found on reading.
func TestDamageIsNamed(t *testing.T) {
	db := openStore(t, vfs.NewMem())
	defer db.Close()
	changes := randomChanges(rand.New(rand.NewPCG(1, 1)), 40, 40)
	changes = append(changes, Change{Key: [32]byte{31: 1}}, Change{Key: [32]byte{31: 2}})
	applyBlock(t, db, open(t, db), changes)
	root, err := Root(db)
	if err != nil {
		t.Fatal(err)
	}
	nothing := func(_, _ [32]byte) error { return nil }
	rnd := rand.New(rand.NewPCG(2, 2))
	for key, value := range storedPages(t, db) {
		for range 60 {
			batch := db.NewIndexedBatch()
			if err := batch.Set([]byte(key), damage(rnd, value), nil); err != nil {
				t.Fatal(err)
			}
			err := Walk(batch, nothing)
			after, errRoot := Root(batch)
			if isRoot := key == "p\x00"; !errors.Is(err, ErrCorrupt) && !(isRoot && errRoot == nil && after != root) {
				t.Errorf("page %x damaged: %v", key, err)
			}
			batch.Close()
		}
	}
}

func damage(rnd *rand.Rand, value string) []byte {
	b := []byte(value)
	switch rnd.IntN(4) {
	case 0:
		return b[:rnd.IntN(len(b))]
	case 1:
		return append(b, make([]byte, 1+rnd.IntN(40))...)
	}
	b[rnd.IntN(len(b))] ^= 1 << rnd.IntN(8)
	return b
}

func FuzzPage(f *testing.F) {
	f.Add([]byte{0, 1, 0, 1}, uint8(0))
	f.Add(append([]byte{0, 3, 0, 1}, make([]byte, 96)...), uint8(0))
	f.Add(append([]byte{0, 1, 0, 0}, make([]byte, 32)...), uint8(63))
	f.Fuzz(func(t *testing.T, stored []byte, depth uint8) {
		at := pathTo(&[32]byte{}, int(depth%64))
		var p page
		if p.decode(stored, &at) != nil {
			return
		}
		if again := p.appendTo(nil); !bytes.Equal(again, stored) {
			t.Errorf("%x is written back as %x", stored, again)
		}
	})
}
