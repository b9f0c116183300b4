package ledger_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"licet/internal/ledger"
	"licet/internal/ledgertest"
	"licet/license"
	"licet/proof"
)

// A succession is a registry whose one member changes its checkpoint key again
// and again.
type succession struct {
	*ledgertest.Registry
	t       *testing.T
	fs      vfs.FS
	options ledger.Options
	silent  map[int64]bool // heights that get no note
}

func newSuccession(t *testing.T, o ledger.Options) *succession {
	t.Helper()
	s := &succession{t: t, fs: vfs.NewMem(), options: o, silent: map[int64]bool{}}
	s.options.FS = s.fs
	s.Registry = ledgertest.Found(t, s.open(), ledgertest.Name)
	s.NoQuorum = true // the succession cosigns by itself
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func (s *succession) open() *ledger.Ledger {
	s.t.Helper()
	l, err := ledger.Open("store", s.options)
	if err != nil {
		s.t.Fatal(err)
	}
	return l
}

func (s *succession) reopen() {
	s.t.Helper()
	if err := s.Close(); err != nil {
		s.t.Fatal(err)
	}
	s.Ledger = s.open()
}

// cosignerOf is the member's for a set: the fixture's own, then one for each set.
func cosignerOf(set int64) proof.Cosigner {
	name := "cosign"
	if set > 1 {
		name = fmt.Sprint("cosign ", set)
	}
	c, err := proof.NewCosigner("idfpr", ledgertest.Key(name))
	if err != nil {
		panic(err)
	}
	return c
}

// note is the note over the newest state, by those who decide the next block.
func (s *succession) note() []byte {
	h := s.Head()
	c, at, _ := s.Checkpoint(h.Height)
	ext := cosignerOf(h.VotersOf(h.Height+1).Set).Sign(c.Text(), at.Unix())
	return proof.AssembleNote(c.Text(), []string{proof.SignatureLine("idfpr", ext[:])})
}

func (s *succession) cosign() {
	s.t.Helper()
	if h := s.Head().Height; !s.silent[h] {
		if err := s.SaveNote(h, s.note()); err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *succession) blocks(n int) {
	s.t.Helper()
	for range n {
		s.Block()
		s.cosign()
	}
}

// change gives the member a new checkpoint key and returns the block's height.
func (s *succession) change() int64 {
	s.t.Helper()
	set := s.Head().Sets[len(s.Head().Sets)-1].Set
	next := license.MemberSetAct{Set: set.Set + 1, Members: append([]license.Member(nil), set.Members...)}
	next.Members[0].Cosign = cosignerOf(set.Set + 1).VKey().String()
	s.Act(nil, []string{"member"}, &next)
	s.cosign()
	return s.Head().Height
}

func (s *succession) signing() int64 {
	h := s.Head()
	return h.VotersOf(h.Height + 1).Set
}

func (s *succession) genesisTrust() proof.Trust {
	return proof.TrustOf(s.Head().Origin, license.MemberSet{Set: 1, Members: ledgertest.FoundingActs(ledgertest.Name)[1].(*license.MemberSetAct).Members}, nil)
}

// walk follows the trail from the founding's set until there is no more.
func (s *succession) walk(until int64) (t proof.Trust, bundles int) {
	s.t.Helper()
	t = s.genesisTrust()
	for t.Set < until {
		b, err := s.TrailBundle(t.Set, until)
		if err != nil {
			s.t.Fatal(err)
		}
		v, err := proof.Verify(b, t, proof.Question{})
		if err != nil {
			s.t.Fatal(err)
		}
		t, bundles = v.Trust, bundles+1
	}
	return t, bundles
}

// Three changes of the member set, each with an older one that was pruned long
// ago, and a restart: whoever trusts the founding's set walks to the newest one.
func TestTrailOutlivesPruning(t *testing.T) {
	s := newSuccession(t, ledger.Options{})
	var at []int64
	for range 3 {
		s.blocks(3)
		at = append(at, s.change())
	}
	s.blocks(ledger.NotesKept + 5)
	s.reopen()
	if got := fmt.Sprint(s.SetChanges()); got != fmt.Sprint(at) {
		t.Errorf("the set changed at %s, want %v", got, at)
	}
	if n, _ := s.Note(at[0] + 1); n != nil {
		t.Error("the note after the first change is kept: the test proves nothing")
	}
	trust, _ := s.walk(4)
	if trust.Set != 4 || trust.Members[0].VKey != cosignerOf(4).VKey().String() {
		t.Errorf("the trail leads to set %d, %s", trust.Set, trust.Members[0].VKey)
	}
	for _, h := range append(at, 1, at[2]+1) {
		voters, err := s.VotersOf(h + 1)
		want := int64(1)
		for i, c := range at {
			if c+2 <= h+1 {
				want = int64(i + 2)
			}
		}
		if err != nil || voters.Set != want {
			t.Errorf("block %d is decided by set %d, not %d (%v)", h+1, want, voters.Set, err)
		}
	}
}

// A crash between a block that changes the set and what is kept of it.
func TestTrailStepIsMadeAgain(t *testing.T) {
	s := newSuccession(t, ledger.Options{})
	s.blocks(2)
	h := s.change()
	if err := s.DB().Delete(ledger.StepKey(2, h), pebble.Sync); err != nil {
		t.Fatal(err)
	}
	s.reopen()
	s.blocks(2)
	if trust, _ := s.walk(2); trust.Set != 2 {
		t.Errorf("the trail leads to set %d", trust.Set)
	}
}

// Many sets: more than the head remembers, and more than one bundle holds.
func TestTrailOfManySets(t *testing.T) {
	s := newSuccession(t, ledger.Options{NotesKept: 4})
	for range ledger.TrailStepsMax + 5 {
		s.change()
		s.blocks(1)
	}
	s.blocks(10)
	until := s.signing()
	trust, bundles := s.walk(until)
	if trust.Set != ledger.TrailStepsMax+6 || bundles != 2 {
		t.Errorf("%d bundles lead to set %d", bundles, trust.Set)
	}
	if voters, err := s.VotersOf(4); err != nil || voters.Set != 2 {
		t.Errorf("block 4 was decided by set %d, %v", voters.Set, err)
	}
}

// What cannot be told is told so: a set to come, the newest, a lost note, and a note
// below the quorum.
func TestTrailThatCannotBeTold(t *testing.T) {
	s := newSuccession(t, ledger.Options{})
	s.silent[2] = true
	s.blocks(1)
	s.change() // height 2
	s.blocks(3)
	s.change()
	s.blocks(2)
	for _, c := range []struct {
		from, until int64
		code        string
	}{{0, 3, "unknown-set"}, {4, 3, "unknown-set"}, {3, 3, "newest-set"}, {1, 3, "no-trail"}} {
		var e *ledger.TrailError
		if _, err := s.TrailBundle(c.from, c.until); !errors.As(err, &e) || e.Code != c.code {
			t.Errorf("from %d: %v, want %s", c.from, err, c.code)
		}
	}
	c, at, _ := s.Checkpoint(2)
	stranger, _ := proof.NewCosigner("idfpr", ledgertest.Key("stranger"))
	ext := stranger.Sign(c.Text(), at.Unix())
	if err := s.SaveNote(2, proof.AssembleNote(c.Text(), []string{proof.SignatureLine("idfpr", ext[:])})); err != nil {
		t.Fatal(err)
	}
	var e *ledger.TrailError
	if _, err := s.TrailBundle(1, 3); !errors.As(err, &e) || e.Code != "no-trail" {
		t.Errorf("with a note that nobody trusts: %v", err)
	}
	ext = cosignerOf(1).Sign(c.Text(), at.Unix())
	if err := s.SaveNote(2, proof.AssembleNote(c.Text(), []string{proof.SignatureLine("idfpr", ext[:])})); err != nil {
		t.Fatal(err)
	}
	if trust, bundles := s.walk(3); trust.Set != 3 || bundles != 1 {
		t.Errorf("the trail leads to set %d in %d bundles", trust.Set, bundles)
	}
}
