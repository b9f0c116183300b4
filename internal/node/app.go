package node

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
)

// app is what the engine drives: it translates between ABCI and the Machine.
//
// The engine holds one mutex for each of its connections: consensus calls come
// one at a time, CheckTx comes beside them. What both touch is in Machine and
// waiters, which lock for themselves; the fields under mu belong to consensus
// calls and are locked all the same, since a start replays blocks on another
// goroutine.
type app struct {
	abci.BaseApplication
	machine  Machine
	hand     *hand
	lenient  bool
	prefetch func(tx []byte)
	log      *slog.Logger
	waiters  *waiters
	wake     func()        // a block and its votes were saved
	turned   chan struct{} // a block is recorded after which another own key may decide
	fail     func(error)   // this node cannot go on
	leaving  atomic.Bool   // this node stops: no connection begins

	mu        sync.Mutex
	block     finalized // between FinalizeBlock and Commit
	warmed    []byte    // hash of the block that prefetch saw last
	committed time.Time // wall clock at the last Commit, monotonic
	passed    int64     // height at which this node passed over transactions; 0: none since the last block with some
}

type finalized struct {
	txs      [][]byte
	outcomes []Outcome
}

type wrapApplication func(abci.Application) abci.Application

// stop reports that this node cannot go on. The engine gets the error as well
// and halts.
func (a *app) stop(what string, err error) error {
	err = fmt.Errorf("node: %s: %w", what, err)
	a.fail(err)
	return err
}

func (a *app) Info(context.Context, *abci.RequestInfo) (*abci.ResponseInfo, error) {
	h := a.machine.Head()
	r := &abci.ResponseInfo{LastBlockHeight: h.Height}
	if h.Height > 0 {
		r.LastBlockAppHash = h.AppHash[:]
	}
	return r, nil
}

// Query answers whether a peer may connect. While the node stops, none may: an
// engine that is stopping keeps such a connection open and never uses it, and the
// peer, which believes it has one, refuses this node when it comes back.
func (a *app) Query(_ context.Context, r *abci.RequestQuery) (*abci.ResponseQuery, error) {
	if a.leaving.Load() || !strings.HasPrefix(r.Path, "/p2p/filter/") {
		return &abci.ResponseQuery{Code: 1, Log: "nothing is told here"}, nil
	}
	return &abci.ResponseQuery{}, nil
}

// InitChain leaves the consensus parameters as the genesis document has them.
func (a *app) InitChain(_ context.Context, r *abci.RequestInitChain) (*abci.ResponseInitChain, error) {
	payload, err := appState(r.AppStateBytes)
	if err != nil {
		return nil, a.stop("founding", err)
	}
	head, vs, err := a.machine.Genesis(wholeSeconds(r.Time), payload)
	if err != nil {
		return nil, a.stop("founding", err)
	}
	updates, err := validatorUpdates(vs)
	if err != nil {
		return nil, a.stop("founding", err)
	}
	return &abci.ResponseInitChain{AppHash: head.AppHash[:], Validators: updates}, nil
}

// CheckTx tells the submitter, who may sit on this node, why it refuses.
func (a *app) CheckTx(_ context.Context, r *abci.RequestCheckTx) (*abci.ResponseCheckTx, error) {
	if err := a.machine.Check(r.Tx); err != nil {
		a.waiters.resolve(TxHash(r.Tx), Outcome{}, err)
		return &abci.ResponseCheckTx{Code: 1, Log: err.Error()}, nil
	}
	return &abci.ResponseCheckTx{}, nil
}

// FinalizeBlock runs when the engine has saved the block and the votes for it,
// so the checkpoint over the state before this block can be assembled.
func (a *app) FinalizeBlock(_ context.Context, r *abci.RequestFinalizeBlock) (*abci.ResponseFinalizeBlock, error) {
	a.wake()
	a.warm(r.Hash, r.Txs)
	hash, outcomes, changes, err := a.machine.Finalize(r.Height, wholeSeconds(r.Time), r.Txs)
	if err == nil && len(outcomes) != len(r.Txs) {
		err = fmt.Errorf("%d outcomes for %d transactions", len(outcomes), len(r.Txs))
	}
	if err != nil {
		return nil, a.stop(fmt.Sprintf("block %d", r.Height), err)
	}
	updates, err := validatorUpdates(changes)
	if err != nil {
		return nil, a.stop(fmt.Sprintf("block %d", r.Height), err)
	}
	a.mu.Lock()
	a.block = finalized{r.Txs, outcomes}
	a.mu.Unlock()
	return &abci.ResponseFinalizeBlock{AppHash: hash[:], TxResults: results(outcomes, r.Height), ValidatorUpdates: updates}, nil
}

// results reports outcomes to the engine, always with its code 0: another code
// would drop the transaction from the mempool's memory, and gossip would bring
// it again. Our code goes into the data, which the members agree on; the
// sentence in Outcome.Data may change with a version and stays out.
func results(outcomes []Outcome, height int64) []*abci.ExecTxResult {
	var rs []*abci.ExecTxResult
	for i := range outcomes {
		outcomes[i].Height = height
		rs = append(rs, &abci.ExecTxResult{Data: []byte(outcomes[i].Code)})
	}
	return rs
}

func (a *app) Commit(context.Context, *abci.RequestCommit) (*abci.ResponseCommit, error) {
	if err := a.machine.Commit(); err != nil {
		return nil, a.stop("commit", err)
	}
	a.mu.Lock()
	b := a.block
	a.block = finalized{}
	a.committed = time.Now()
	if len(b.txs) > 0 {
		a.passed = 0
	}
	a.mu.Unlock()
	select {
	case a.turned <- struct{}{}:
	default:
	}
	a.waiters.resolveBlock(b.txs, b.outcomes)
	return &abci.ResponseCommit{}, nil
}

// warm runs prefetch over a block, once: the same block comes as a proposal and
// again when it is decided.
func (a *app) warm(hash []byte, txs [][]byte) {
	if a.prefetch == nil || len(txs) == 0 {
		return
	}
	a.mu.Lock()
	again := bytes.Equal(a.warmed, hash)
	a.warmed = hash
	a.mu.Unlock()
	if !again {
		onAllCores(txs, a.prefetch)
	}
}

func validatorUpdates(vs []Validator) ([]abci.ValidatorUpdate, error) {
	var us []abci.ValidatorUpdate
	for _, v := range vs {
		if len(v.PubKey) != engineKeySize || v.Power < 0 {
			return nil, fmt.Errorf("validator %x with power %d: a key has %d bytes, and no power is negative", v.PubKey, v.Power, engineKeySize)
		}
		us = append(us, abci.UpdateValidator(v.PubKey, v.Power, engineKeyType))
	}
	return us, nil
}

// wholeSeconds floors, also before 1970.
func wholeSeconds(t time.Time) time.Time { return time.Unix(t.Unix(), 0).UTC() }
