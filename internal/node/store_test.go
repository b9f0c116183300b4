package node

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	dbm "github.com/cometbft/cometbft-db"
	cmtconfig "github.com/cometbft/cometbft/config"
)

func newTestStore(t *testing.T) *store {
	t.Helper()
	s, err := openStore(vfs.NewMem(), "store", storeLogger{log: discardLog})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestStoreValues(t *testing.T) {
	s := newTestStore(t)
	if v, err := s.Get([]byte("absent")); v != nil || err != nil {
		t.Errorf("absent key: %v, %v", v, err)
	}
	must(t, s.SetSync([]byte("empty"), []byte{}))
	if v, err := s.Get([]byte("empty")); v == nil || len(v) != 0 || err != nil {
		t.Errorf("empty value: %v, %v", v, err)
	}
	if ok, err := s.Has([]byte("empty")); !ok || err != nil {
		t.Errorf("has an empty value: %v, %v", ok, err)
	}
	must(t, s.Set([]byte("k"), []byte("v")))
	v, err := s.Get([]byte("k"))
	must(t, err)
	v[0] = 'x' // the caller's copy
	if v, _ := s.Get([]byte("k")); string(v) != "v" {
		t.Errorf("the store holds %q", v)
	}
	must(t, s.Delete([]byte("absent")))
	must(t, s.DeleteSync([]byte("k")))
	if ok, _ := s.Has([]byte("k")); ok {
		t.Error("a deleted key is there")
	}
	must(t, s.Print())
	if len(s.Stats()) == 0 {
		t.Error("no statistics")
	}
}

func TestStoreRefuses(t *testing.T) {
	s := newTestStore(t)
	b := s.NewBatch()
	for _, key := range [][]byte{nil, {}} {
		_, getErr := s.Get(key)
		_, hasErr := s.Has(key)
		for i, err := range []error{
			getErr, hasErr, s.Set(key, []byte("v")), s.SetSync(key, []byte("v")),
			s.Delete(key), s.DeleteSync(key), b.Set(key, []byte("v")), b.Delete(key),
		} {
			if !errors.Is(err, errEmptyKey) {
				t.Errorf("empty key, call %d: %v", i, err)
			}
		}
	}
	for i, err := range []error{s.Set([]byte("k"), nil), s.SetSync([]byte("k"), nil), b.Set([]byte("k"), nil)} {
		if !errors.Is(err, errNilValue) {
			t.Errorf("nil value, call %d: %v", i, err)
		}
	}
	for _, domain := range [][2][]byte{{{}, nil}, {nil, {}}} {
		if _, err := s.Iterator(domain[0], domain[1]); !errors.Is(err, errEmptyKey) {
			t.Errorf("iterator over %q: %v", domain, err)
		}
		if _, err := s.ReverseIterator(domain[0], domain[1]); !errors.Is(err, errEmptyKey) {
			t.Errorf("reverse iterator over %q: %v", domain, err)
		}
	}
}

func TestStoreBatch(t *testing.T) {
	s := newTestStore(t)
	must(t, s.Set([]byte("old"), []byte("1")))
	for i, write := range []func(dbm.Batch) error{dbm.Batch.Write, dbm.Batch.WriteSync} {
		b := s.NewBatch()
		key := fmt.Appendf(nil, "new%d", i)
		must(t, b.Set(key, []byte("2")))
		must(t, b.Delete([]byte("old")))
		if ok, _ := s.Has(key); ok {
			t.Error("a batch shows before it is written")
		}
		must(t, write(b))
		if ok, _ := s.Has(key); !ok {
			t.Error("a written batch does not show")
		}
		for i, err := range []error{b.Set(key, key), b.Delete(key), b.Write(), b.WriteSync()} {
			if !errors.Is(err, errBatchDone) {
				t.Errorf("call %d after the write: %v", i, err)
			}
		}
		must(t, b.Close())
		must(t, b.Close())
	}
	b := s.NewBatch()
	must(t, b.Set([]byte("dropped"), []byte("3")))
	must(t, b.Close())
	if err := b.Write(); !errors.Is(err, errBatchDone) {
		t.Errorf("write after close: %v", err)
	}
	if ok, _ := s.Has([]byte("dropped")); ok {
		t.Error("a closed batch was written")
	}
}

// The iterators agree with a sorted list, for every domain.
func TestStoreIterators(t *testing.T) {
	s := newTestStore(t)
	keys := []string{"a", "ab", "b", "ba", "c", "\xff", "\xff\xff"}
	for _, k := range keys {
		must(t, s.Set([]byte(k), []byte("value of "+k)))
	}
	bounds := append([]string{""}, keys...)
	for _, start := range bounds {
		for _, end := range append(bounds, "0", "bb", "\xff\xff\xff") {
			var want []string
			for _, k := range keys {
				if k >= start && (end == "" || k < end) {
					want = append(want, k)
				}
			}
			up, err := s.Iterator(bound(start), bound(end))
			must(t, err)
			compare(t, up, start, end, want)
			down, err := s.ReverseIterator(bound(start), bound(end))
			must(t, err)
			slices.Reverse(want)
			compare(t, down, start, end, want)
		}
	}
	must(t, s.Compact(nil, nil))
	must(t, s.Compact([]byte("b"), []byte("a")))
}

func bound(s string) []byte {
	if s == "" {
		return nil
	}
	return []byte(s)
}

func compare(t *testing.T, it dbm.Iterator, start, end string, want []string) {
	t.Helper()
	if s, e := it.Domain(); !bytes.Equal(s, bound(start)) || !bytes.Equal(e, bound(end)) {
		t.Errorf("domain %q to %q is told as %q to %q", start, end, s, e)
	}
	var got []string
	for ; it.Valid(); it.Next() {
		if k := string(it.Key()); string(it.Value()) != "value of "+k {
			t.Errorf("key %q has value %q", k, it.Value())
		}
		got = append(got, string(it.Key()))
	}
	if !slices.Equal(got, want) {
		t.Errorf("from %q to %q: %q, want %q", start, end, got, want)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("Next past the end did not panic")
			}
		}()
		it.Next()
	}()
	must(t, it.Error())
	must(t, it.Close())
}

// Whoever comes after Close is parked; whoever iterates holds Close up.
func TestStoreParksLateCallers(t *testing.T) {
	s := newTestStore(t)
	must(t, s.Set([]byte("k"), []byte("v")))
	b := s.NewBatch()
	must(t, b.Set([]byte("k2"), []byte("v")))
	it, err := s.Iterator(nil, nil)
	must(t, err)
	closed := make(chan error)
	go func() { closed <- s.Close() }()
	for s.mu.RLock(); !s.closed; s.mu.RLock() {
		s.mu.RUnlock()
	}
	s.mu.RUnlock()
	if !it.Valid() || string(it.Key()) != "k" {
		t.Error("the open iterator has lost its place")
	}
	returned := make(chan string, 10)
	late := map[string]func(){
		"get":   func() { _, _ = s.Get([]byte("k")) },
		"set":   func() { _ = s.SetSync([]byte("k"), []byte("w")) },
		"del":   func() { _ = s.Delete([]byte("k")) },
		"batch": func() { _ = b.Write() },
		"new":   func() { s.NewBatch() },
		"iter":  func() { _, _ = s.Iterator(nil, nil) },
	}
	for name, call := range late {
		go func() { call(); returned <- name }()
	}
	must(t, it.Close())
	must(t, <-closed)
	must(t, s.Close())
	select {
	case name := <-returned:
		t.Errorf("%s returned from a closed store", name)
	case <-time.After(20 * time.Millisecond): // nothing is expected to happen
	}
}

// A synced write outlives a crash.
func TestStoreSyncs(t *testing.T) {
	mem := vfs.NewCrashableMem()
	var syncs atomic.Int64
	s, err := openStore(CountSyncs(mem, &syncs), "store", storeLogger{log: discardLog})
	must(t, err)
	before := syncs.Load()
	must(t, s.SetSync([]byte("a"), []byte("1")))
	b := s.NewBatch()
	must(t, b.Set([]byte("b"), []byte("2")))
	must(t, b.WriteSync())
	if n := syncs.Load() - before; n < 2 {
		t.Errorf("two synced writes made %d syncs", n)
	}
	after := mem.CrashClone(vfs.CrashCloneCfg{RNG: rand.New(rand.NewPCG(1, 2))})
	must(t, s.Close())
	again, err := openStore(after, "store", storeLogger{log: discardLog})
	must(t, err)
	defer again.Close()
	for _, k := range []string{"a", "b"} {
		if ok, _ := again.Has([]byte(k)); !ok {
			t.Errorf("key %s is lost", k)
		}
	}
}

func TestStoreSetClosesAll(t *testing.T) {
	mem := vfs.NewMem()
	set := newStoreSet(Config{Logger: discardLog, Stores: &Stores{FS: mem, Dir: "d"}})
	_, err := set.provide(&cmtconfig.DBContext{ID: "state"})
	must(t, err)
	if _, err := set.provide(&cmtconfig.DBContext{ID: "state"}); err == nil || !strings.Contains(err.Error(), "state.pebble") {
		t.Errorf("the same store twice: %v", err)
	}
	must(t, set.close())
	_, err = set.provide(&cmtconfig.DBContext{ID: "state"})
	must(t, err)
	must(t, set.close())
}
