package node

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/privval"

	"licet/proof"
)

// forger is a member whose node sends vote extensions of its own making.
type forger struct {
	abci.Application
	kind *atomic.Value // string; "" for honest
	sign proof.Cosigner
	text func(height int64) (string, time.Time, bool)
}

func (f forger) ExtendVote(ctx context.Context, r *abci.RequestExtendVote) (*abci.ResponseExtendVote, error) {
	answer, err := f.Application.ExtendVote(ctx, r)
	text, t, _ := f.text(r.Height - 1)
	switch f.kind.Load() {
	case "empty":
		answer.VoteExtension = nil
	case "garbage":
		answer.VoteExtension = make([]byte, proof.CosignatureSize)
	case "oversize":
		answer.VoteExtension = append(answer.VoteExtension, 0)
	case "wrong root":
		e := f.sign.Sign(text+"x", t.Unix())
		answer.VoteExtension = e[:]
	case "wrong time":
		e := f.sign.Sign(text, t.Unix()+1)
		answer.VoteExtension = e[:]
	}
	return answer, err
}

func (s *seat) forge() *atomic.Value {
	kind := &atomic.Value{}
	kind.Store("")
	s.open()
	s.cfg.wrap = func(a abci.Application) abci.Application {
		return forger{a, kind, s.cosigner, func(h int64) (string, time.Time, bool) { return s.reg.CheckpointText(h) }}
	}
	return kind
}

func TestFourValidators(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	ss := seats(t, 4)
	kind := ss[3].forge()
	for _, s := range ss {
		s.start()
	}
	for i := range 12 {
		ss[i%4].submit(fmt.Sprintf("note good %d", i))
	}
	// Late votes complete the notes: all four sign.
	o := ss[0].submit("note all four")
	ss[0].wait("all four cosignatures", func() bool { return ss[0].weight(o.Height) == 40 })

	for _, k := range []string{"empty", "garbage", "oversize", "wrong root", "wrong time"} {
		kind.Store(k)
		for i := range 2 {
			o := ss[i].submit(fmt.Sprintf("note %s %d", k, i))
			if signed, total, _ := ss[i].reg.weightUnder(t, ss[i].node.Checkpointed()); 3*signed <= 2*total {
				t.Errorf("%s: block %d: weight %d of %d", k, o.Height, signed, total)
			}
		}
	}
	kind.Store("")

	// One stops; three go on. It comes back and catches up.
	missed := ss[3].reg.Head().Height
	ss[3].stop()
	var last Outcome
	for i := range 3 {
		last = ss[i].submit(fmt.Sprintf("note without the fourth %d", i))
	}
	ss[3].start()
	ss[3].waitHeight(last.Height)
	if err := ss[3].node.WaitCheckpoint(t.Context(), last.Height); err != nil {
		t.Fatal(err)
	}
	for h := missed + 1; h <= last.Height; h++ {
		if signed, total, _ := ss[3].reg.weightUnder(t, h); 3*signed <= 2*total {
			t.Errorf("block %d, caught up: weight %d of %d", h, signed, total)
		}
	}
	o = ss[3].submit("note all back")
	for _, s := range ss {
		s.waitHeight(o.Height + 1)
		if got, want := s.reg.Head().Root, ss[0].reg.Head().Root; got != want {
			t.Errorf("%s has another root", s.voter.Name)
		}
	}
}

// weight is the weight under a note, 0 when there is none.
func (s *seat) weight(height int64) int64 {
	if _, ok := s.reg.Note(height); !ok {
		return 0
	}
	signed, _, _ := s.reg.weightUnder(s.t, height)
	return signed
}

// One of four forges and one is down: no quorum of right signatures is left, and
// the chain halts. With Lenient on the two honest nodes it goes on, without
// checkpoints.
func TestLenient(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	ss := seats(t, 4)
	kind := ss[2].forge()
	kind.Store("wrong root")
	for _, s := range ss[:3] {
		s.cfg.Lenient = true
		s.start()
	}
	o, err := ss[0].node.Submit(t.Context(), []byte("note lenient"))
	if err != nil {
		t.Fatal(err)
	}
	ss[0].waitHeight(o.Height + 1)
	ss[0].wait("two cosignatures", func() bool { return ss[0].weight(o.Height) == 20 })
	if got := ss[0].node.Checkpointed(); got != -1 {
		t.Errorf("block %d counts as checkpointed", got)
	}
}

// A member is admitted, and the first changes its checkpoint key, in one block:
// both hold from two blocks later, and the first signs with the right key before
// and after.
func TestMemberSetChanges(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	ss := seats(t, 1)
	first, second := ss[0], newSeat(t, "newcomer.example")
	second.gen = first.gen
	connect([]*seat{first, second})
	successor := newSeat(t, "member0.example")
	first.start2(successor.cosigner)
	second.start() // follows without a vote

	voters := []Voter{first.voter, second.voter}
	voters[0].VKey = successor.voter.VKey
	set, err := json.Marshal(voters)
	if err != nil {
		t.Fatal(err)
	}
	o := first.submit("members " + string(set))
	if signed, total, _ := first.reg.weightUnder(t, o.Height); signed != 10 || total != 10 {
		t.Errorf("the block that changes the set: weight %d of %d under the old one", signed, total)
	}
	after := second.submit("note by the newcomer")
	if after.Height < o.Height+2 {
		after = second.submit("note by the newcomer again")
	}
	second.wait("both cosignatures", func() bool { return second.weight(after.Height) == 20 })
}

func (s *seat) start2(more proof.Cosigner) {
	s.t.Helper()
	s.open()
	n, err := Start(s.cfg, s.gen, s.reg, s.cosigner, more)
	if err != nil {
		s.t.Fatal(err)
	}
	s.node = n
	s.t.Cleanup(s.stop)
}

// The note over a block that changed the member set is made again when it is lost,
// however many notes followed it, under the set that signed it then.
func TestLostNoteOfASetChange(t *testing.T) {
	s := seats(t, 1)[0]
	successor := newSeat(t, s.voter.Name)
	s.start2(successor.cosigner)
	voters := []Voter{s.voter}
	voters[0].VKey = successor.voter.VKey
	set, err := json.Marshal(voters)
	if err != nil {
		t.Fatal(err)
	}
	o := s.submit("members " + string(set))
	for i := range 4 {
		s.submit(fmt.Sprintf("note %d", i))
	}
	s.stop()
	s.open()
	if err := s.reg.db.Delete(fmt.Appendf(nil, "note%d", o.Height), pebble.Sync); err != nil {
		t.Fatal(err)
	}
	s.stop()
	s.start2(successor.cosigner)
	if signed, total, _ := s.reg.weightUnder(t, o.Height); signed != total {
		t.Errorf("the note over block %d: weight %d of %d", o.Height, signed, total)
	}
}

// A node whose key the set stops naming while it runs stops with a sentence.
func TestOwnKeyReplaced(t *testing.T) {
	s := seats(t, 1)[0]
	s.start()
	other := newSeat(t, s.voter.Name)
	voters := []Voter{s.voter}
	voters[0].VKey = other.voter.VKey
	set, err := json.Marshal(voters)
	if err != nil {
		t.Fatal(err)
	}
	n := s.node
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if _, err := n.Submit(ctx, []byte("members "+string(set))); err != nil {
		t.Fatal(err)
	}
	_, _ = n.Submit(ctx, []byte("note so that blocks follow"))
	select {
	case <-n.Done():
	case <-ctx.Done():
		t.Fatal("the node goes on")
	}
	if err := n.Err(); !errors.Is(err, ErrWrongKey) || !strings.Contains(err.Error(), other.voter.VKey) {
		t.Errorf("failure: %v", err)
	}
}

// A member replaces its engine key while its node runs, and its checkpoint key later:
// the node votes with the old ones until the set names the new, and then with those,
// also after a start.
func TestKeysReplacedWhileRunning(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	ss := seats(t, 2) // both must vote for each block
	first, second := ss[0], ss[1]
	next := newSeat(t, second.voter.Name)
	second.cfg.Cosigners = func() ([]proof.Cosigner, error) { return []proof.Cosigner{second.cosigner, next.cosigner}, nil }
	first.start()
	second.start()
	first.submit("note before")

	key, err := NewEngineKey(second.cfg.Home)
	if err != nil {
		t.Fatal(err)
	}
	if second.node.Status().Keys.PubKey == nil || string(second.node.Status().Keys.PubKey) == string(key) {
		t.Fatal("the new key is in use before the set names it")
	}
	voters := []Voter{first.voter, second.voter}
	voters[1].PubKey = key
	var changed []int64
	change := func() {
		t.Helper()
		set, err := json.Marshal(voters)
		if err != nil {
			t.Fatal(err)
		}
		o := first.submit("members " + string(set))
		changed = append(changed, o.Height)
		for i := 0; ; i++ {
			after := first.submit(fmt.Sprintf("note %d after %d", i, o.Height))
			if after.Height >= o.Height+2 {
				first.wait("both cosignatures", func() bool { return first.weight(after.Height) == 20 })
				return
			}
		}
	}
	change()
	if string(second.node.Status().Keys.PubKey) != string(key) {
		t.Error("the node does not say that it votes with the new key")
	}
	voters[1].VKey = next.voter.VKey
	change()
	second.stop()
	second.open()
	if second.node, err = Start(second.cfg, second.gen, second.reg, second.cosigner, next.cosigner); err != nil {
		t.Fatal(err)
	}
	first.submit("note after the start")
	if string(second.node.Status().Keys.PubKey) != string(key) {
		t.Error("after its start the node has another key")
	}
	second.stop()
	// The old key signed nothing from the block on that the new one decides.
	if old, now := lastSigned(t, second.cfg.Home, 1), lastSigned(t, second.cfg.Home, 2); old != changed[0]+1 || now <= changed[1] {
		t.Errorf("the set changed in blocks %v; the old key signed last in block %d, the new one in %d", changed, old, now)
	}
}

// lastSigned is the height of an engine key's last vote.
func lastSigned(t *testing.T, home string, number int) int64 {
	t.Helper()
	_, stateFile := engineKeyFiles(home, number)
	var state privval.FilePVLastSignState
	if err := readJSON(stateFile, &state); err != nil {
		t.Fatal(err)
	}
	return state.Height
}

// A new key whose making was interrupted is none, and the next one is another.
func TestEngineKeyHalfMade(t *testing.T) {
	home := t.TempDir()
	first, err := LoadKeys(home)
	if err != nil {
		t.Fatal(err)
	}
	_, stateFile := engineKeyFiles(home, 2)
	if err := os.WriteFile(stateFile, []byte(`{"height":"0","round":0,"step":0}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if k, err := LoadKeys(home); err != nil || !bytes.Equal(k.PubKey, first.PubKey) {
		t.Fatalf("%v", err)
	}
	next, err := NewEngineKey(home)
	if err != nil {
		t.Fatal(err)
	}
	if k, err := LoadKeys(home); err != nil || !bytes.Equal(k.PubKey, next) {
		t.Fatalf("%v", err)
	}
}
