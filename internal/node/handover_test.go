package node

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// copyAt keeps a copy of the registry as it is when a height is committed. It is called
// while the node is stopped.
func (s *seat) copyAt(height int64) <-chan map[string][]byte {
	s.t.Helper()
	copied := make(chan map[string][]byte, 1)
	s.reg.at = func(where string, h int64) {
		if where != "committed" || h != height {
			return
		}
		all := map[string][]byte{}
		it, err := s.reg.db.NewIter(nil)
		if err != nil {
			s.t.Error(err)
		}
		for ok := it.First(); ok; ok = it.Next() {
			all[string(it.Key())] = bytes.Clone(it.Value())
		}
		_ = it.Close()
		copied <- all
	}
	return copied
}

// takeOver opens the seat's registry with such a copy.
func (s *seat) takeOver(all map[string][]byte) {
	s.t.Helper()
	r := openRegistry(s.t, s.fs, "registry")
	for k, v := range all {
		if err := r.db.Set([]byte(k), v, pebble.Sync); err != nil {
			s.t.Fatal(err)
		}
	}
	r.close()
	s.open()
}

// handedOver is a network of one with some acts, a handover of block 4, and a seat whose
// registry is that of block 4.
func handedOver(t *testing.T) (old, newcomer *seat, handover []byte) {
	t.Helper()
	old = seats(t, 1)[0]
	old.open()
	copied := old.copyAt(4)
	old.start()
	for i := 0; old.reg.Head().Height < 6; i++ {
		old.submit(fmt.Sprintf("note %d", i))
	}
	newcomer = newSeat(t, "newcomer.example")
	newcomer.gen = old.gen
	newcomer.takeOver(<-copied)
	t.Cleanup(newcomer.stop)
	b, err := old.node.Handover(4)
	if err != nil {
		t.Fatal(err)
	}
	return old, newcomer, b
}

// A node that took over a state goes on from it, comes to vote, and never fetches the
// blocks before. A power cut right after its first start, before its first block, is no
// different.
func TestAdopt(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	old, newcomer, b := handedOver(t)
	if err := Adopt(newcomer.cfg, newcomer.gen, newcomer.reg, b); err != nil {
		t.Fatal(err)
	}
	if err := Adopt(newcomer.cfg, newcomer.gen, newcomer.reg, b); err == nil || !strings.Contains(err.Error(), "has begun already") {
		t.Errorf("a second time: %v", err)
	}
	newcomer.start() // it knows nobody
	newcomer = newcomer.afterPowerCut()
	newcomer.cfg.Peers = []string{old.id + "@" + old.cfg.Listen}
	newcomer.start()
	newcomer.waitHeight(old.reg.Head().Height)
	if base := newcomer.node.assembler.blocks.Base(); base != 5 {
		t.Errorf("its first block is %d", base)
	}
	set, err := json.Marshal([]Voter{old.voter, newcomer.voter})
	if err != nil {
		t.Fatal(err)
	}
	old.submit("members " + string(set))
	after := old.submit("note one")
	after = newcomer.submit(fmt.Sprintf("note two, after block %d", after.Height))
	newcomer.waitHeight(after.Height)
	newcomer.wait("both cosignatures", func() bool { return newcomer.weight(newcomer.node.Checkpointed()) == 20 })
	if newcomer.reg.Head().Root != old.reg.Head().Root {
		t.Error("the two have different roots")
	}
	newcomer.stop()
	newcomer.start()
	newcomer.submit("note after a start like any other")
}

// afterPowerCut is what is left of a seat when the machine loses its power: what was
// synced.
func (s *seat) afterPowerCut() *seat {
	s.t.Helper()
	dead := *s
	dead.cfg.Home = filepath.Join(s.t.TempDir(), "engine")
	if err := os.CopyFS(dead.cfg.Home, os.DirFS(s.cfg.Home)); err != nil {
		s.t.Fatal(err)
	}
	dead.fs = s.fs.(*vfs.MemFS).CrashClone(vfs.CrashCloneCfg{RNG: rand.New(rand.NewPCG(1, 2))})
	dead.cfg.Stores = &Stores{FS: dead.fs, Dir: "engine"}
	dead.reg, dead.node = nil, nil
	s.stop()
	return &dead
}

// A handover that does not fit the proved state is refused, and leaves nothing behind.
func TestAdoptRefuses(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	old, newcomer, good := handedOver(t)
	other, err := old.node.Handover(3)
	if err != nil {
		t.Fatal(err)
	}
	refused := func(what string, b []byte, m Machine, says string) {
		t.Helper()
		if err := Adopt(newcomer.cfg, newcomer.gen, m, b); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", what, err)
		}
	}
	refused("another block", other, newcomer.reg, "is of blocks 3 and 4")
	refused("nothing", nil, newcomer.reg, "is cut off")
	refused("cut off", good[:len(good)-1], newcomer.reg, "is cut off")
	refused("longer", append(bytes.Clone(good), 0), newcomer.reg, "after its end")
	refused("too long", make([]byte, HandoverBytesMax+1), newcomer.reg, "at most")
	refused("another state", good, otherState{newcomer.reg}, "is of another state")
	refused("other members", good, otherMembers{newcomer.reg}, "not those that the map names")
	_, elsewhere, foreign := handedOver(t)
	refused("another network's", foreign, elsewhereVoters{newcomer.reg, elsewhere.reg.Head().AppHash}, "not those that the map names")

	// Every byte counts, but for those that say whose turn it is, and the votes beyond
	// two thirds: none is taken that changes the state.
	want, err := parseHandover(good)
	if err != nil {
		t.Fatal(err)
	}
	for i := range good {
		b := bytes.Clone(good)
		b[i] ^= 0x10
		h, err := parseHandover(b)
		if err != nil || h.check(newcomer.gen, newcomer.reg) != nil {
			continue
		}
		if !bytes.Equal(h.next.Hash(), want.next.Hash()) || !bytes.Equal(h.last.Hash(), want.last.Hash()) || !bytes.Equal(h.after.Hash(), want.after.Hash()) {
			t.Errorf("byte %d changed, and the handover is taken with another content", i)
		}
	}
	if err := Adopt(newcomer.cfg, newcomer.gen, newcomer.reg, good); err != nil {
		t.Errorf("the good one after all of these: %v", err)
	}
	if _, err := old.node.Handover(1000); err == nil {
		t.Error("a handover of a block that is not there")
	}
}

type otherState struct{ Machine }

func (o otherState) Head() Head {
	h := o.Machine.Head()
	h.AppHash[0]++
	return h
}

type otherMembers struct{ Machine }

func (o otherMembers) Voters(h int64) []Voter {
	vs := append([]Voter(nil), o.Machine.Voters(h)...)
	vs[0].Weight++
	return vs
}

type elsewhereVoters struct {
	Machine
	appHash [32]byte
}

func (o elsewhereVoters) Head() Head {
	h := o.Machine.Head()
	h.AppHash = o.appHash
	return h
}

func FuzzHandover(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := parseHandover(b)
		if err == nil && (h.last == nil || h.next == nil || h.after == nil) {
			t.Error("read, and something is missing")
		}
	})
}
