package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtnode "github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/proxy"
	cmttypes "github.com/cometbft/cometbft/types"

	"licet/proof"
)

// ErrHalted: the engine ended by itself. Its own log says why.
var ErrHalted = errors.New("the engine has halted")

// A Node is a running node.
type Node struct {
	cfg       Config
	machine   Machine
	app       *app
	assembler *assembler
	engine    *cmtnode.Node
	stores    *storeSet
	lock      io.Closer
	keys      Keys
	gate      *gate // of the exported methods

	cancel   context.CancelFunc // ends our own goroutines
	routines sync.WaitGroup
	stopOnce sync.Once
	stopErr  error
	stopped  chan struct{} // closed when everything has ended

	mu      sync.Mutex
	failure error
	failed  chan struct{} // closed when failure is set
}

// Start starts a node over a state machine that is open, and returns when it
// takes part. cosigners hold the member's checkpoint key; while the key is being
// changed, the old and the new one. The machine stays the caller's to close,
// after Stop.
//
// When Start returns an error, end the process: the engine may have left
// goroutines behind.
func Start(cfg Config, g Genesis, m Machine, cosigners ...proof.Cosigner) (*Node, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := g.check(time.Now()); err != nil {
		return nil, err
	}
	if !cfg.Observer && len(cosigners) == 0 {
		return nil, errors.New("node: no cosigner: a member needs its checkpoint key, or Config.Observer")
	}
	lock, err := lockHome(cfg.Home)
	if err != nil {
		return nil, err
	}
	n, err := start(cfg, g, m, cosigners, lock)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return n, nil
}

func start(cfg Config, g Genesis, m Machine, cosigners []proof.Cosigner, lock io.Closer) (*Node, error) {
	if err := checkListen(cfg.Listen); err != nil {
		return nil, err
	}
	keys, err := openKeys(cfg.Home)
	if err != nil {
		return nil, err
	}
	n := &Node{
		cfg: cfg, machine: m, assembler: newAssembler(m, cfg.Logger), stores: newStoreSet(cfg),
		lock: lock, gate: newGate(),
		keys:    Keys{NodeID: string(keys.node.ID()), PubKey: keys.validators[0].public},
		stopped: make(chan struct{}), failed: make(chan struct{}),
	}
	n.app = &app{
		machine: m, turned: make(chan struct{}, 1), lenient: cfg.Lenient, prefetch: cfg.Prefetch,
		log: cfg.Logger, waiters: newWaiters(), wake: n.assembler.wake, fail: n.fail,
	}
	n.app.hand = &hand{home: cfg.Home, machine: m, more: cfg.Cosigners, log: cfg.Logger, engine: keys.validators, cosigners: cosigners}
	if err := n.launch(g, keys); err != nil {
		if cause := n.Err(); cause != nil {
			err = cause // without the engine's words around it
		}
		return nil, errors.Join(err, n.stores.close())
	}
	return n, nil
}

// launch builds the engine and starts it. NewNode already replays blocks into
// the machine. Some of the engine's mistakes are panics; here they are errors.
func (n *Node) launch(g Genesis, keys keyring) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("node: the engine did not start: %v", r)
		}
	}()
	doc, err := g.document()
	if err != nil {
		return err
	}
	var application abci.Application = n.app
	if n.cfg.wrap != nil {
		application = n.cfg.wrap(application)
	}
	e := n.cfg.engineConfig()
	n.engine, err = cmtnode.NewNode(e, n.app.hand, keys.node,
		proxy.NewConnSyncLocalClientCreator(application),
		func() (*cmttypes.GenesisDoc, error) { return doc, nil },
		n.stores.provideJoined,
		cmtnode.DefaultMetricsProvider(e.Instrumentation),
		engineLogger{n.cfg.Logger})
	if err != nil {
		return fmt.Errorf("node: the engine did not start: %w", err)
	}
	if err := n.checkGenesis(doc); err != nil {
		return err
	}
	if err := n.checkOwnKey(); err != nil {
		return err
	}
	return n.run()
}

// checkGenesis compares with the genesis that the home began with, which the
// engine goes on using.
func (n *Node) checkGenesis(doc *cmttypes.GenesisDoc) error {
	was := n.engine.GenesisDoc()
	if was.ChainID != doc.ChainID || !was.GenesisTime.Equal(doc.GenesisTime) || string(was.AppState) != string(doc.AppState) {
		return fmt.Errorf("node: home %s belongs to another network (chain id %q, founded %v); use the genesis that it began with, or another home",
			n.cfg.Home, was.ChainID, was.GenesisTime)
	}
	return nil
}

// checkOwnKey finds a wrong key before the first vote. A node that is not in the
// set yet may run: it follows until it is admitted.
func (n *Node) checkOwnKey() error {
	for _, v := range n.machine.Voters(n.machine.Head().Height + 1) {
		own := n.app.hand.own(v.PubKey)
		switch {
		case own && n.cfg.Observer:
			return fmt.Errorf("node: %w: this home has the engine key of member %s, which votes; it cannot be an observer", ErrWrongKey, v.Name)
		case own:
			if _, err := ownCosigner([]Voter{v}, v.PubKey, n.app.hand.cosigners); err != nil {
				return fmt.Errorf("node: %w", err)
			}
		case n.hasCosigner(v.VKey):
			return fmt.Errorf("node: %w: the checkpoint key of member %s belongs with engine key %x, and this home has %x", ErrWrongKey, v.Name, v.PubKey, n.keys.PubKey)
		}
	}
	return nil
}

func (n *Node) hasCosigner(vkey string) bool {
	for _, c := range n.app.hand.cosigners {
		if c.VKey().String() == vkey {
			return true
		}
	}
	return false
}

func (n *Node) run() error {
	ctx, cancel := context.WithCancel(context.Background())
	n.cancel = cancel
	// Subscribed before the start, so that no vote is missed.
	bus := n.engine.EventBus()
	sub, err := subscribe(ctx, bus)
	if err != nil {
		cancel()
		return fmt.Errorf("node: the engine's events: %w", err)
	}
	n.assembler.blocks = n.engine.BlockStore()
	n.assembler.resume()
	n.routines.Go(func() { n.assembler.run(ctx) })
	n.routines.Go(func() { n.assembler.collect(ctx, bus, sub) })
	n.routines.Go(func() { n.turn(ctx) })
	if err := n.engine.Start(); err != nil {
		cancel()
		n.routines.Wait()
		return fmt.Errorf("node: the engine did not start: %w", err)
	}
	go n.watch(ctx, n.consensusEnd())
	return nil
}

// watch stops the node when it has failed, or when the engine's consensus has
// ended by itself, which the engine reports in its log only.
func (n *Node) watch(ctx context.Context, ended <-chan struct{}) {
	select {
	case <-ctx.Done():
		return
	case <-ended:
		if ctx.Err() == nil {
			n.fail(fmt.Errorf("node: %w", ErrHalted))
		}
	case <-n.failed:
	}
	_ = n.Stop() // Done and Err tell the owner
}

// consensusEnd returns a channel that is closed when consensus has ended; never,
// when it never began. Only the engine's RPC environment, which we do not serve,
// hands out what can be waited for.
func (n *Node) consensusEnd() <-chan struct{} {
	env, err := n.engine.ConfigureRPC()
	if err != nil {
		return nil
	}
	consensus, ok := env.ConsensusState.(interface{ Wait() })
	if !ok {
		return nil
	}
	ended := make(chan struct{})
	go func() {
		consensus.Wait()
		close(ended)
	}()
	return ended
}

// fail records why this node cannot go on; the first reason counts.
func (n *Node) fail(err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.failure == nil {
		n.failure = err
		n.cfg.Logger.LogAttrs(context.Background(), slog.LevelError, "the node stops", slog.Any("reason", err))
		close(n.failed)
	}
}

// Stop stops the node and waits for its end. It may be called again.
//
// The order matters: the engine's stores must not close under our own readers,
// and the machine may close only when the engine calls it no more.
func (n *Node) Stop() error {
	n.stopOnce.Do(func() {
		n.app.leaving.Store(true)
		n.gate.close()
		n.cancel()
		n.routines.Wait()
		err := n.engine.Stop()
		n.engine.Wait()
		n.stopErr = errors.Join(err, n.stores.close(), n.lock.Close())
		close(n.stopped)
	})
	<-n.stopped
	return n.stopErr
}

// Done is closed when the node has stopped, by Stop or because it failed.
func (n *Node) Done() <-chan struct{} { return n.stopped }

// Err says why the node failed, nil when it did not.
func (n *Node) Err() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.failure
}

// Checkpointed is the newest height whose state has a note with a quorum under
// it, -1 when there is none yet. The note is Machine.Note of that height.
func (n *Node) Checkpointed() int64 {
	h, _ := n.assembler.state()
	return h
}

// WaitCheckpoint returns when the log after block height is under a note with a
// quorum: the note of that block, of a later one, or of an earlier one with the
// same log. (After a block that changed nothing, the next may be a heartbeat
// away.)
func (n *Node) WaitCheckpoint(ctx context.Context, height int64) error {
	return n.waitNote(ctx, height, n.sameLog)
}

// WaitNote returns when the newest note with a quorum is of block height or of
// a later one; unlike WaitCheckpoint it waits for heartbeats.
func (n *Node) WaitNote(ctx context.Context, height int64) error {
	return n.waitNote(ctx, height, func(newest, height int64) bool { return false })
}

func (n *Node) waitNote(ctx context.Context, height int64, enough func(newest, height int64) bool) error {
	if !n.gate.enter() {
		return ErrStopped
	}
	defer n.gate.leave()
	for {
		newest, changed := n.assembler.state()
		if newest >= height || enough(newest, height) {
			return nil
		}
		select {
		case <-changed:
		case <-n.gate.closing:
			return ErrStopped
		case <-ctx.Done():
			return fmt.Errorf("node: block %d has no quorum of cosignatures yet: %w", height, context.Cause(ctx))
		}
	}
}

func (n *Node) sameLog(a, b int64) bool {
	textA, _, okA := n.machine.CheckpointText(a)
	textB, _, okB := n.machine.CheckpointText(b)
	return okA && okB && textA == textB
}

// Status is how a node fares.
type Status struct {
	Keys         Keys
	Head         Head
	Checkpointed int64 // as Node.Checkpointed
	Peers        int   // connections
	CatchingUp   bool  // it fetches old blocks and does not vote yet

	Heartbeat time.Duration // longest time without a block
}

// Status says how the node fares. Once it has stopped, only the keys are told.
func (n *Node) Status() Status {
	if !n.gate.enter() {
		return Status{Keys: n.keys, Checkpointed: n.Checkpointed()}
	}
	defer n.gate.leave()
	keys := n.keys
	keys.PubKey = n.app.hand.keyFor(n.machine.Head().Height + 1).public
	return Status{
		Keys: keys, Head: n.machine.Head(), Checkpointed: n.Checkpointed(),
		Peers: n.engine.Switch().Peers().Size(), CatchingUp: n.engine.ConsensusReactor().WaitSync(),
		Heartbeat: n.cfg.Heartbeat,
	}
}
