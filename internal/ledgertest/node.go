package ledgertest

import (
	"context"
	"time"

	"licet/internal/node"
	"licet/strict"
)

// A Node is the registry as a network of one decides it, without an engine:
// every act that comes makes a block at once.
type Node struct{ *Registry }

// Submit makes a block of a transaction.
func (n Node) Submit(ctx context.Context, tx []byte) (node.Outcome, error) {
	if err := ctx.Err(); err != nil {
		return node.Outcome{}, err
	}
	if r := n.Check(tx); r != nil {
		return node.Outcome{}, r
	}
	o := n.Block(tx)[0]
	return node.Outcome{Height: o.Block, Code: o.Code, Data: strict.Encode(&o)}, nil
}

// WaitCheckpoint returns at once when there is a note, and otherwise when ctx ends.
func (n Node) WaitCheckpoint(ctx context.Context, height int64) error {
	if n.Checkpointed() >= height {
		return nil
	}
	<-ctx.Done()
	return ctx.Err()
}

// Status is that of a node without an engine, which has no peers.
func (n Node) Status() node.Status {
	return node.Status{Checkpointed: n.Checkpointed(), Heartbeat: time.Hour}
}
