// Package node runs one member's node: it embeds the consensus engine (CometBFT)
// in the process, drives a state machine with the blocks that the members agree
// on, submits transactions and waits for their outcomes, and assembles the
// cosigned checkpoints from the members' vote extensions.
//
// No other package imports the engine.
package node

import "time"

// A Machine is the state machine that the blocks drive; ledger.Ledger is one.
//
// Genesis, Finalize and Commit are called one at a time, in that order, with
// rising heights. All other methods are called at any time from any goroutine,
// also while a block is being finalized, and answer from the last commit.
//
// An error from Genesis, Finalize or Commit means that this node cannot go on:
// it stops, and nothing is voted for in the wrong state.
type Machine interface {
	// Head is the newest committed state. Before the first Genesis it is the
	// zero Head.
	Head() Head

	// Genesis founds the state at height 0 and returns it with the validators
	// that decide block 1. appState is the Genesis document's AppState byte for
	// byte, t its time in whole seconds UTC. A node that stops before its first
	// commit calls Genesis again at its next start, with the same arguments.
	Genesis(t time.Time, appState []byte) (Head, []Validator, error)

	// Check is the courtesy at the door: form, size, origin, expiry, signatures,
	// against the last commit. Its error goes to the submitter as it is. It
	// decides nothing; a block may hold transactions that Check would refuse.
	Check(tx []byte) error

	// Finalize applies one block and persists nothing. t is the block's time in
	// whole seconds UTC. There is one outcome for each transaction, in order.
	// changes are the validators whose power changes, power 0 for those who
	// leave; they decide from block height+2 on.
	//
	// Finalize may be called again for the same height, with the same block,
	// when the process stopped in between.
	Finalize(height int64, t time.Time, txs [][]byte) (appHash [32]byte, outcomes []Outcome, changes []Validator, err error)

	// Commit makes the last Finalize durable: one synced batch.
	Commit() error

	// Voters is the member set that decides block height, for all heights up to
	// Head().Height+1: the members who cosign, in their vote extensions at
	// height, the checkpoint over the state after block height-1.
	Voters(height int64) []Voter

	// CheckpointText is the checkpoint's text over the log after block height,
	// and that block's legal time in whole seconds UTC. It is there for height 0
	// (genesis) and kept for the newest 1,000 heights at least, and for ever for
	// SetChanges.
	CheckpointText(height int64) (text string, t time.Time, ok bool)

	// SaveNote keeps the newest note (text and cosignatures) over the state
	// after block height, in place of an older one. It is no part of the hashed
	// state and need not be synced: what a crash loses is assembled again.
	SaveNote(height int64, note []byte) error

	// Note returns what SaveNote keeps for height.
	Note(height int64) (note []byte, ok bool)

	// SetChanges lists the heights of the blocks that changed the member set,
	// ascending, without the founding. Texts and notes over the states after them
	// are kept for ever: they prove who follows whom.
	SetChanges() []int64

	// Recorded looks up the outcome of a transaction that some block held. The
	// hash is TxHash of its bytes.
	Recorded(txHash [32]byte) (Outcome, bool)
}

// A Head is a committed state.
type Head struct {
	Height  int64     // block, 0 for genesis
	Size    int64     // entries in the log
	Root    [32]byte  // RFC 6962 root of the log
	Time    time.Time // legal time of the block, whole seconds UTC
	AppHash [32]byte  // what the members agree on; the same for as long as the log is the same
}

// An Outcome is what became of a transaction in a block.
type Outcome struct {
	Height int64  // the block
	Code   string // "" when it was recorded, else the code of the refusal; all members agree on it
	Data   []byte // the outcome as JSON, opaque to this package and local to the node
}

// A Validator is a voting power in the engine.
type Validator struct {
	PubKey []byte // ed25519, 32 bytes
	Power  int64  // 0 takes the validator out
}

// A Voter is a member that decides a block.
type Voter struct {
	Name   string
	VKey   string // checkpoint key: a C2SP verifier key of type 0x04
	PubKey []byte // engine key: ed25519, 32 bytes
	Weight int64  // the engine's power
}
