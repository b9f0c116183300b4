package node

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	dbm "github.com/cometbft/cometbft-db"
	cmtconfig "github.com/cometbft/cometbft/config"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmtcore "github.com/cometbft/cometbft/rpc/core"
	sm "github.com/cometbft/cometbft/state"
	cmtstore "github.com/cometbft/cometbft/store"
	cmttypes "github.com/cometbft/cometbft/types"
	cmtversion "github.com/cometbft/cometbft/version"
)

// A handover is what the engine of a new node needs to go on from the state after
// block height: that block's header and votes, the next one's, and the validators
// that decide these two and the one after. It needs no trust: see check.
type handover struct {
	last, next *cmttypes.LightBlock
	after      *cmttypes.ValidatorSet
}

// HandoverBytesMax bounds a handover.
const HandoverBytesMax = 2 << 20

// ErrNoHandover: the engine does not hold the blocks of a handover, not yet or not any
// more.
var ErrNoHandover = errors.New("the engine does not hold these blocks")

// Handover writes what Adopt takes, for the state after block height. The block after
// it must be decided.
func (n *Node) Handover(height int64) ([]byte, error) {
	if !n.gate.enter() {
		return nil, ErrStopped
	}
	defer n.gate.leave()
	env, err := n.engine.ConfigureRPC()
	if err != nil {
		return nil, err
	}
	var b []byte
	for h := height; h <= height+1; h++ {
		l, err := lightBlock(env, h)
		if err != nil {
			return nil, err
		}
		p, err := l.ToProto()
		if err != nil {
			return nil, err
		}
		if b, err = appendPart(b, p); err != nil {
			return nil, err
		}
	}
	after, err := env.StateStore.LoadValidators(height + 2)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoHandover, err)
	}
	p, err := after.ToProto()
	if err != nil {
		return nil, err
	}
	return appendPart(b, p)
}

func lightBlock(env *cmtcore.Environment, h int64) (*cmttypes.LightBlock, error) {
	meta, commit := env.BlockStore.LoadBlockMeta(h), env.BlockStore.LoadBlockCommit(h)
	if commit == nil { // the next block, which would hold it, is not decided yet
		commit = env.BlockStore.LoadSeenCommit(h)
	}
	vs, err := env.StateStore.LoadValidators(h)
	if meta == nil || commit == nil || err != nil {
		return nil, fmt.Errorf("%w: block %d", ErrNoHandover, h)
	}
	return &cmttypes.LightBlock{SignedHeader: &cmttypes.SignedHeader{Header: &meta.Header, Commit: commit}, ValidatorSet: vs}, nil
}

func appendPart(b []byte, p interface{ Marshal() ([]byte, error) }) ([]byte, error) {
	raw, err := p.Marshal()
	if err != nil {
		return nil, err
	}
	return append(binary.BigEndian.AppendUint32(b, uint32(len(raw))), raw...), nil //nolint:gosec // bounded by the engine
}

// parseHandover reads what Handover wrote, and checks its form.
func parseHandover(b []byte) (h handover, err error) {
	defer func() {
		if r := recover(); r != nil { // the engine's own reader of untrusted bytes
			err = fmt.Errorf("cannot be read: %v", r)
		}
	}()
	if len(b) > HandoverBytesMax {
		return h, fmt.Errorf("has %d bytes; at most %d", len(b), HandoverBytesMax)
	}
	var last, next cmtproto.LightBlock
	var after cmtproto.ValidatorSet
	for _, p := range []interface{ Unmarshal([]byte) error }{&last, &next, &after} {
		if len(b) < 4 || uint64(len(b)-4) < uint64(binary.BigEndian.Uint32(b)) {
			return h, errors.New("is cut off")
		}
		n := binary.BigEndian.Uint32(b)
		if err := p.Unmarshal(b[4 : 4+n]); err != nil {
			return h, err
		}
		b = b[4+n:]
	}
	if len(b) > 0 {
		return h, errors.New("has bytes after its end")
	}
	if h.last, err = cmttypes.LightBlockFromProto(&last); err != nil {
		return h, err
	}
	if h.next, err = cmttypes.LightBlockFromProto(&next); err != nil {
		return h, err
	}
	h.after, err = cmttypes.ValidatorSetFromProto(&after)
	return h, err
}

// check holds a handover against a state machine whose state is proved: the map names
// who decides the next block, these have signed its header, and that header names the
// rest: the state's app hash, the block before, and the validators after.
//
// What no header names is whose turn it is to propose. A wrong answer there costs this
// node rounds, and nobody else.
func (h *handover) check(g Genesis, m Machine) error {
	doc, err := g.document()
	if err != nil {
		return err
	}
	for _, l := range []*cmttypes.LightBlock{h.last, h.next} {
		if err := l.ValidateBasic(doc.ChainID); err != nil {
			return err
		}
	}
	if err := h.after.ValidateBasic(); err != nil {
		return err
	}
	head, next := m.Head(), h.next.Header
	switch {
	case h.last.Height != head.Height || next.Height != head.Height+1:
		return fmt.Errorf("is of blocks %d and %d, and the state is of block %d", h.last.Height, next.Height, head.Height)
	case !bytes.Equal(next.AppHash, head.AppHash[:]):
		return fmt.Errorf("is of another state: block %d was decided over app hash %X, and the state has %X", next.Height, next.AppHash, head.AppHash)
	case next.LastBlockID.Hash.String() != h.last.Hash().String() || !next.LastBlockID.Equals(h.last.Commit.BlockID):
		return fmt.Errorf("its block %d does not follow its block %d", next.Height, h.last.Height)
	case !bytes.Equal(next.NextValidatorsHash, h.after.Hash()):
		return fmt.Errorf("its validators are not those that block %d names", next.Height)
	case !bytes.Equal(next.ConsensusHash, doc.ConsensusParams.Hash()):
		return fmt.Errorf("block %d runs under other parameters of the engine than the founding has", next.Height)
	case next.Version.Block != cmtversion.BlockProtocol || next.Version.App != 0:
		return fmt.Errorf("block %d was made by an engine with another protocol (%d/%d)", next.Height, next.Version.Block, next.Version.App)
	}
	for _, l := range []*cmttypes.LightBlock{h.last, h.next} {
		if err := sameValidators(l.ValidatorSet, m.Voters(l.Height)); err != nil {
			return fmt.Errorf("block %d: %w", l.Height, err)
		}
		if err := l.ValidatorSet.VerifyCommitLight(doc.ChainID, l.Commit.BlockID, l.Height, l.Commit); err != nil {
			return fmt.Errorf("block %d: %w", l.Height, err)
		}
	}
	return nil
}

// sameValidators compares the engine's validators with the members that decide.
func sameValidators(vs *cmttypes.ValidatorSet, voters []Voter) error {
	if vs.Size() != len(voters) {
		return fmt.Errorf("it was decided by %d validators, and the map names %d", vs.Size(), len(voters))
	}
	for _, v := range voters {
		if _, at := vs.GetByAddress([]byte(engineAddress(v.PubKey))); at == nil || at.VotingPower != v.Weight || !bytes.Equal(at.PubKey.Bytes(), v.PubKey) {
			return fmt.Errorf("its validators are not those that the map names: member %s is another", v.Name)
		}
	}
	return nil
}

func (h *handover) state(g Genesis) (sm.State, error) {
	doc, err := g.document()
	if err != nil {
		return sm.State{}, err
	}
	s, err := sm.MakeGenesisState(doc)
	if err != nil {
		return s, err
	}
	s.Version.Consensus = h.next.Version
	s.LastBlockHeight, s.LastBlockTime, s.LastBlockID = h.last.Height, h.last.Time, h.next.LastBlockID
	s.LastValidators, s.Validators, s.NextValidators = h.last.ValidatorSet, h.next.ValidatorSet, h.after
	s.LastHeightValidatorsChanged = h.next.Height + 1
	s.LastHeightConsensusParamsChanged = h.next.Height
	s.AppHash, s.LastResultsHash = h.next.AppHash, h.next.LastResultsHash
	return s, nil
}

// Adopt begins the engine of an empty home at the state that the machine has taken
// over, so that Start goes on from there. The machine's state must be proved already.
// A handover that does not fit it is refused, and another node's may be tried.
func Adopt(cfg Config, g Genesis, m Machine, b []byte) (err error) {
	if cfg, err = cfg.withDefaults(); err != nil {
		return err
	}
	h, err := parseHandover(b)
	if err == nil {
		err = h.check(g, m)
	}
	if err != nil {
		return fmt.Errorf("node: the handover %w", err)
	}
	state, err := h.state(g)
	if err != nil {
		return err
	}
	lock, err := lockHome(cfg.Home)
	if err != nil {
		return err
	}
	stores := newStoreSet(cfg)
	defer func() { err = errors.Join(err, stores.close(), lock.Close()) }()
	blocks, err := stores.provide(&cmtconfig.DBContext{ID: blockStoreID})
	if err != nil {
		return err
	}
	states, err := stores.provide(&cmtconfig.DBContext{ID: stateStoreID})
	if err != nil {
		return err
	}
	return h.begin(blocks, states, state)
}

func (h *handover) begin(blocks, states dbm.DB, state sm.State) error {
	engine := sm.NewStore(states, sm.StoreOptions{DiscardABCIResponses: true})
	was, err := engine.Load()
	if err != nil {
		return err
	}
	if !was.IsEmpty() || cmtstore.LoadBlockStoreState(blocks).Height != 0 {
		return errors.New("node: the engine has begun already; a new node joins with an empty home")
	}
	if err := cmtstore.NewBlockStore(blocks).SaveSeenCommit(h.last.Height, h.last.Commit); err != nil {
		return err
	}
	return engine.Bootstrap(state) // synced, and the last: before it nothing has begun
}

const (
	blockStoreID = "blockstore"
	stateStoreID = "state"
)

// provideJoined is provide for NewNode. It tells the engine that its blocks begin above
// a state that was taken over, as long as it has no block: the engine forgets that at
// its first start, and panics at the next one for votes that no node here ever had.
func (s *storeSet) provideJoined(c *cmtconfig.DBContext) (dbm.DB, error) {
	db, err := s.provide(c)
	if c.ID == blockStoreID {
		s.blocks = db
	}
	if err != nil || c.ID != stateStoreID || s.blocks == nil || cmtstore.LoadBlockStoreState(s.blocks).Height != 0 {
		return db, err
	}
	engine := sm.NewStore(db, sm.StoreOptions{DiscardABCIResponses: true})
	state, err := engine.Load()
	if err == nil && state.LastBlockHeight > 0 {
		err = engine.SetOfflineStateSyncHeight(state.LastBlockHeight)
	}
	return db, err
}
