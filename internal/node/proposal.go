package node

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
)

// freshFor is how old the last block may be for transactions to go into the
// next one.
const freshFor = 500 * time.Millisecond

// PrepareProposal leaves the transactions for the next block when the chain was
// idle. A block's time is the median time of the votes for the block before it,
// so the first block after a pause carries the time at which the pause began.
// An empty block first, some milliseconds long, makes the time of the next one
// fresh.
//
// What proposers reap has passed CheckTx here, so nothing needs warming.
func (a *app) PrepareProposal(ctx context.Context, r *abci.RequestPrepareProposal) (*abci.ResponsePrepareProposal, error) {
	if a.passOver(r.Height, len(r.Txs)) {
		return &abci.ResponsePrepareProposal{}, nil
	}
	return a.BaseApplication.PrepareProposal(ctx, r)
}

// passOver decides whether the transactions wait for a fresher time. A node
// passes over transactions once until a block has some: where rounds fail and
// every block is slow, acts still get in.
func (a *app) passOver(height int64, txs int) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if txs == 0 {
		a.passed = 0
		return false
	}
	if time.Since(a.committed) <= freshFor || a.passed != 0 && a.passed != height {
		return false
	}
	a.passed = height
	return true
}

// ProcessProposal accepts every block within the limits: what a transaction is
// worth is decided by its outcome.
func (a *app) ProcessProposal(_ context.Context, r *abci.RequestProcessProposal) (*abci.ResponseProcessProposal, error) {
	for _, tx := range r.Txs {
		if len(tx) > MaxTxBytes {
			a.log.Warn("refused a proposal with a transaction that is too large", "height", r.Height, "bytes", len(tx))
			return &abci.ResponseProcessProposal{Status: abci.ResponseProcessProposal_REJECT}, nil
		}
	}
	a.warm(r.Hash, r.Txs)
	return &abci.ResponseProcessProposal{Status: abci.ResponseProcessProposal_ACCEPT}, nil
}

// onAllCores calls f with each transaction, as many at once as there are cores,
// and returns when all calls have.
func onAllCores(txs [][]byte, f func(tx []byte)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.NumCPU(), len(txs)) {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(txs)); i = next.Add(1) - 1 {
				f(txs[i])
			}
		})
	}
	wg.Wait()
}
