package node

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/cometbft/cometbft/mempool"
)

// What Submit can answer besides an outcome and the errors of Machine.Check.
var (
	// ErrPending: no outcome came in time. The transaction may still be recorded;
	// submit it again, as often as you like, to learn more.
	ErrPending = errors.New("no outcome yet; submit the same transaction again")
	// ErrBusy: too many transactions wait. Nothing was taken in; try later.
	ErrBusy = errors.New("too many transactions are waiting; try again later")
	// ErrTooLarge: over MaxTxBytes.
	ErrTooLarge = errors.New("the transaction is too large")
	// ErrStopped: the node stopped first. As with ErrPending, the transaction may
	// have been recorded, or may be yet.
	ErrStopped = errors.New("the node has stopped")
)

// TxHash identifies a transaction by its bytes.
func TxHash(tx []byte) [32]byte { return sha256.Sum256(tx) }

// Submit hands a transaction to the network and waits for its outcome. The same
// bytes again give the same outcome. Refusals by the state machine are outcomes;
// refusals at the door are the error of Machine.Check.
func (n *Node) Submit(ctx context.Context, tx []byte) (Outcome, error) {
	if len(tx) > MaxTxBytes {
		return Outcome{}, fmt.Errorf("%w: %d bytes of at most %d", ErrTooLarge, len(tx), MaxTxBytes)
	}
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, n.cfg.SubmitTimeout)
		defer cancel()
	}
	if !n.gate.enter() {
		return Outcome{}, ErrStopped
	}
	defer n.gate.leave()
	hash := TxHash(tx)
	// The waiter stands before anything else happens, so that no block between
	// the look-up and the wait is missed.
	w := n.app.waiters.join(hash)
	defer n.app.waiters.leave(hash, w)
	if o, ok := n.machine.Recorded(hash); ok {
		return o, nil
	}
	if n.cfg.Prefetch != nil { // here many submitters do it at once; the mempool lets one in at a time
		n.cfg.Prefetch(tx)
	}
	if err := n.offer(tx); err != nil {
		return Outcome{}, err
	}
	select {
	case <-w.done:
		return w.outcome, w.err
	case <-n.gate.closing:
		return Outcome{}, ErrStopped
	case <-ctx.Done():
	}
	if o, ok := n.machine.Recorded(hash); ok {
		return o, nil
	}
	return Outcome{}, fmt.Errorf("%w (%w)", ErrPending, context.Cause(ctx))
}

// offer puts a transaction into the mempool. That it is there already, or was in
// a block lately, is no error. A refusal by Machine.Check goes to the waiter.
func (n *Node) offer(tx []byte) error {
	err := n.engine.Mempool().CheckTx(tx, nil, mempool.TxInfo{})
	var full mempool.ErrMempoolIsFull
	var large mempool.ErrTxTooLarge
	switch {
	case err == nil, errors.Is(err, mempool.ErrTxInCache):
		return nil
	case errors.As(err, &full):
		return fmt.Errorf("%w (%d wait)", ErrBusy, full.NumTxs)
	case errors.As(err, &large):
		return fmt.Errorf("%w: %w", ErrTooLarge, err)
	}
	return fmt.Errorf("node: the engine does not take the transaction: %w", err)
}
