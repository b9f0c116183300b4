package node

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	cmtconfig "github.com/cometbft/cometbft/config"

	"licet/proof"
)

// Limits that all members of a network share.
const (
	MaxTxBytes    = 1 << 20 // one transaction; also the largest message between nodes
	MaxBlockBytes = 8 << 20 // one block
)

// The mempool's limits; beyond them Submit answers ErrBusy.
const (
	mempoolTxs   = 20_000
	mempoolCache = 40_000 // hashes of transactions seen lately
	mempoolBytes = 256 << 20
)

// Config says how one node runs. The zero value of a field is a good value,
// except for Home.
type Config struct {
	// Home is the engine's own directory: keys, consensus log, stores. It is
	// made when absent. Two processes cannot share one.
	Home string

	// Listen is the address for other nodes, host:port. Default 127.0.0.1:0,
	// which suits a network of one.
	Listen string

	// Peers are the other members' nodes: ID@host:port. There is no discovery.
	Peers []string

	// Moniker is the name that peers see in their logs. Default "licet".
	Moniker string

	// Heartbeat is the longest time without a block; an empty block renews the
	// checkpoint's time. Default 10 s. All members use the same.
	Heartbeat time.Duration

	// SubmitTimeout bounds Submit when its context has no deadline. Default 30 s.
	SubmitTimeout time.Duration

	// Lenient accepts vote extensions that do not verify. It is the way out of a
	// halt, when so many members sign wrongly that no quorum of right ones is
	// left: set it on the honest nodes, mend the others, take it away. It cannot
	// fork the chain, but checkpoints may lack a quorum meanwhile.
	Lenient bool

	// Cosigners reads the checkpoint keys of the home again. It is asked when the
	// member set names one that Start was not given. Nil: there are no others.
	Cosigners func() ([]proof.Cosigner, error)

	// Observer says that this node has no vote. It needs no cosigner, and does
	// not start when its engine key is a validator's.
	Observer bool

	// Logger gets the engine's log too; what the engine calls "info" has level
	// debug here. Default: none.
	Logger *slog.Logger

	// Fatal is told why the engine's databases cannot go on, when no caller can be.
	// It ends the process and does not return. Default: panic.
	Fatal func(error)

	// Stores says where the engine's databases live. Default: Home/data on disk.
	Stores *Stores

	// Prefetch, when set, is called with every transaction that Submit gets,
	// before Machine.Check, and with those of a block, on all cores at once,
	// before Machine.Finalize. It warms caches (checked signatures) and decides
	// nothing.
	Prefetch func(tx []byte)

	tune func(*cmtconfig.Config) // tests: faster timeouts
	wrap wrapApplication         // tests: members that misbehave
}

// Stores is a place for the engine's databases.
type Stores struct {
	FS  vfs.FS // nil: the real file system
	Dir string // "": Home/data
}

const (
	defaultListen        = "127.0.0.1:0"
	defaultHeartbeat     = 10 * time.Second
	defaultSubmitTimeout = 30 * time.Second
)

// withDefaults fills in what was left out and refuses what cannot work.
func (c Config) withDefaults() (Config, error) {
	if c.Home == "" {
		return c, errors.New("node: Config.Home is empty; name the directory for keys and stores")
	}
	c.Listen = orDefault(c.Listen, defaultListen)
	c.Moniker = orDefault(c.Moniker, "licet")
	c.Heartbeat = orDefault(c.Heartbeat, defaultHeartbeat)
	c.SubmitTimeout = orDefault(c.SubmitTimeout, defaultSubmitTimeout)
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Heartbeat < 0 || c.SubmitTimeout < 0 {
		return c, errors.New("node: Config.Heartbeat and Config.SubmitTimeout cannot be negative")
	}
	if err := checkAddress(c.Listen); err != nil {
		return c, fmt.Errorf("node: Config.Listen %q: %w", c.Listen, err)
	}
	for _, p := range c.Peers {
		if err := checkPeer(p); err != nil {
			return c, fmt.Errorf("node: Config.Peers: %q: %w", p, err)
		}
	}
	return c, nil
}

func orDefault[T comparable](v, d T) T {
	var zero T
	if v == zero {
		return d
	}
	return v
}

func checkAddress(hostport string) error {
	_, port, err := net.SplitHostPort(hostport)
	if err != nil {
		return fmt.Errorf("not host:port: %w", err)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("the port is not a number from 0 to 65535")
	}
	return nil
}

func checkPeer(p string) error {
	id, addr, ok := strings.Cut(p, "@")
	if !ok || len(id) != 40 || strings.Trim(id, "0123456789abcdef") != "" || strings.ContainsAny(addr, ", ") {
		return errors.New("a peer is ID@host:port, the ID 40 lower-case hex digits")
	}
	return checkAddress(addr)
}

// engineConfig gives the settings that the network runs with. They are part of
// the product; docs/adr/0001-engine.md has the reasons and what was measured.
func (c Config) engineConfig() *cmtconfig.Config {
	e := cmtconfig.DefaultConfig()
	e.SetRoot(c.Home)
	e.Moniker = c.Moniker

	// No listener but the one for peers.
	e.RPC.ListenAddress = ""
	e.RPC.GRPCListenAddress = ""
	e.Instrumentation.Prometheus = false
	e.TxIndex.Indexer = "null"
	e.Storage.DiscardABCIResponses = true
	e.FilterPeers = true // app.Query

	c.peerSettings(e.P2P)
	consensusSettings(e.Consensus, c.Heartbeat)

	e.Mempool.Size = mempoolTxs
	e.Mempool.CacheSize = mempoolCache
	e.Mempool.MaxTxBytes = MaxTxBytes
	e.Mempool.MaxTxsBytes = mempoolBytes
	e.Mempool.Recheck = false // refusals are outcomes
	e.Mempool.WalPath = ""
	if c.tune != nil {
		c.tune(e)
	}
	return e
}

func (c Config) peerSettings(p *cmtconfig.P2PConfig) {
	p.ListenAddress = "tcp://" + c.Listen
	p.PersistentPeers = strings.Join(c.Peers, ",")
	p.PexReactor = false      // the members are known
	p.AddrBookStrict = false  // private and loopback addresses are fine
	p.AllowDuplicateIP = true // several nodes behind one address
	p.FlushThrottleTimeout = 5 * time.Millisecond
	p.MaxPacketMsgPayloadSize = 32 << 10 // alike on all nodes
	p.SendRate = 64 << 20
	p.RecvRate = 64 << 20
}

func consensusSettings(s *cmtconfig.ConsensusConfig, heartbeat time.Duration) {
	s.CreateEmptyBlocks = false
	s.CreateEmptyBlocksInterval = heartbeat
	s.TimeoutPropose = time.Second
	s.TimeoutProposeDelta = 500 * time.Millisecond
	s.TimeoutPrevote = 300 * time.Millisecond
	s.TimeoutPrecommit = 300 * time.Millisecond
	s.TimeoutCommit = 100 * time.Millisecond // how long to wait for the last votes …
	s.SkipTimeoutCommit = true               // … unless all are in
	s.PeerGossipSleepDuration = 5 * time.Millisecond
	// Above 0, an idle chain refuses to restart: its own last signatures look
	// like a second signer's.
	s.DoubleSignCheckHeight = 0
}
