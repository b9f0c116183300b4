package node

import (
	"context"
	"log/slog"
	"sync"

	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmttypes "github.com/cometbft/cometbft/types"

	"licet/proof"
)

const (
	// openDrafts is for how many of the newest heights late cosignatures are
	// still added. The engine itself takes late votes for one height only.
	openDrafts = 16
	// textsKept is for how many heights a Machine keeps checkpoint texts at least.
	textsKept = 1000
	// voteBuffer is how many vote events may wait; two come for each member and
	// block.
	voteBuffer = 4096
)

// blockStore is what the assembler reads of the engine.
type blockStore interface {
	Base() int64
	Height() int64
	LoadBlockExtendedCommit(height int64) *cmttypes.ExtendedCommit
}

// An assembler follows the chain and makes a note for each height: the text over
// the state after block H, with the cosignatures from the votes on block H+1.
//
// The engine stores the first votes that make more than two thirds, other ones
// on each node; the rest come as events, shortly after.
type assembler struct {
	machine Machine
	blocks  blockStore
	log     *slog.Logger
	wakeup  chan struct{}

	next   int64 // height whose note comes next; only run touches it
	drafts map[int64]*draft

	mu      sync.Mutex
	votes   []lateVote    // not yet looked at
	newest  int64         // newest height whose note has a quorum; -1: none
	changed chan struct{} // closed when newest changes
}

type lateVote struct {
	height  int64 // of the block that the vote is for
	address string
	ext     []byte
}

func newAssembler(m Machine, log *slog.Logger) *assembler {
	return &assembler{
		machine: m, log: log, newest: -1,
		wakeup: make(chan struct{}, 1), changed: make(chan struct{}), drafts: map[int64]*draft{},
	}
}

// wake makes run look again. It never blocks.
func (a *assembler) wake() {
	select {
	case a.wakeup <- struct{}{}:
	default:
	}
}

func (a *assembler) run(ctx context.Context) {
	for {
		a.assemble(ctx)
		select {
		case <-ctx.Done():
			return
		case <-a.wakeup:
		}
	}
}

// resume finds where an earlier run stopped: the newest note with a quorum. Notes
// above it are made again from the votes that the engine keeps.
func (a *assembler) resume() {
	a.findNext()
	a.remake()
}

// remake makes notes again that must not be missing, and that stand below where
// resume looks: a store that failed to save one may have saved later ones.
func (a *assembler) remake() {
	for _, h := range a.machine.SetChanges() {
		d := newDraft(a.machine, h)
		if h >= a.next || d == nil || d.quorum() {
			continue
		}
		a.addStored(d)
		if err := d.save(a.machine); err != nil {
			a.log.Error("a checkpoint could not be saved", "reason", err)
		} else if !d.quorum() {
			a.log.Warn("the checkpoint over a change of the member set is lost: this node cannot prove that change, other members' nodes can", "height", h)
		}
	}
}

func (a *assembler) findNext() {
	top := a.machine.Head().Height
	lowest := max(top-textsKept+1, a.blocks.Base()-1, 0)
	for h := top; h >= lowest; h-- {
		if _, ok := a.machine.Note(h); !ok {
			continue
		}
		if d := newDraft(a.machine, h); d != nil && d.quorum() {
			a.next = h
			a.advance(h)
			return
		}
	}
	a.next = lowest
}

func (a *assembler) assemble(ctx context.Context) {
	// The state after block next must be there, and block next+1 in the store
	// with its votes.
	for a.next < a.blocks.Height() && a.next <= a.machine.Head().Height && ctx.Err() == nil {
		if d := newDraft(a.machine, a.next); d != nil {
			a.addStored(d)
			a.drafts[d.height] = d
			a.settle(d)
		} else {
			a.log.Warn("a checkpoint was missed: the state machine has no text for it", "height", a.next)
		}
		a.next++
	}
	a.addLate()
	for h, d := range a.drafts {
		if h < a.next-openDrafts || d.complete() {
			delete(a.drafts, h)
		}
	}
}

// addStored takes the votes of the stored commit, which the engine may have
// pruned.
func (a *assembler) addStored(d *draft) {
	ec := a.blocks.LoadBlockExtendedCommit(d.height + 1)
	if ec == nil {
		return
	}
	for _, s := range ec.ExtendedSignatures {
		if s.BlockIDFlag == cmttypes.BlockIDFlagCommit {
			d.add(string(s.ValidatorAddress), s.Extension)
		}
	}
}

// addLate takes the votes that came as events. Nobody has verified those.
func (a *assembler) addLate() {
	a.mu.Lock()
	votes := a.votes
	a.votes = nil
	a.mu.Unlock()
	var early []lateVote
	for _, v := range votes {
		if d := a.drafts[v.height-1]; d != nil {
			d.add(v.address, v.ext)
			a.settle(d)
		} else if v.height > a.next {
			early = append(early, v) // its block is not decided yet
		}
	}
	a.mu.Lock()
	a.votes = append(early, a.votes...)
	a.mu.Unlock()
}

// settle saves a draft that has grown, and tells those who wait for a quorum.
func (a *assembler) settle(d *draft) {
	if err := d.save(a.machine); err != nil {
		a.log.Error("a checkpoint could not be saved", "reason", err)
		return
	}
	if d.quorum() {
		a.advance(d.height)
	}
}

func (a *assembler) advance(height int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if height > a.newest {
		a.newest = height
		close(a.changed)
		a.changed = make(chan struct{})
	}
}

// state returns the newest height with a quorum, and what is closed at the next.
func (a *assembler) state() (newest int64, changed <-chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.newest, a.changed
}

// collect takes votes from the engine's events until ctx ends. The engine cancels
// a subscriber that is slow; what is missed meanwhile only makes a note shorter.
func (a *assembler) collect(ctx context.Context, bus *cmttypes.EventBus, sub cmttypes.Subscription) {
	for {
		select {
		case <-ctx.Done():
			return
		case m := <-sub.Out():
			if e, ok := m.Data().(cmttypes.EventDataVote); ok {
				a.offer(e.Vote)
			}
		case <-sub.Canceled():
			var err error
			if sub, err = subscribe(ctx, bus); err != nil {
				a.log.Warn("late cosignatures are no longer collected", "reason", err)
				return
			}
		}
	}
}

func subscribe(ctx context.Context, bus *cmttypes.EventBus) (cmttypes.Subscription, error) {
	return bus.Subscribe(ctx, "checkpoints", cmttypes.EventQueryVote, voteBuffer)
}

func (a *assembler) offer(v *cmttypes.Vote) {
	if v == nil || v.Type != cmtproto.PrecommitType || len(v.Extension) != proof.CosignatureSize {
		return
	}
	a.mu.Lock()
	if len(a.votes) < voteBuffer {
		a.votes = append(a.votes, lateVote{v.Height, string(v.ValidatorAddress), v.Extension})
	}
	a.mu.Unlock()
	a.wake()
}
