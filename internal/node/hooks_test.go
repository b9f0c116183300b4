package node

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	cmtconfig "github.com/cometbft/cometbft/config"
)

func smallMempool(c *cmtconfig.Config) { c.Mempool.Size = 1 }

// hold stops the registry's consensus calls at a place; inside tells when, and
// closing release lets them go.
func (s *seat) hold(where string, when func(height int64) bool) (inside <-chan int64, release chan struct{}) {
	in, out := make(chan int64, 1), make(chan struct{})
	var once sync.Once
	s.reg.at = func(w string, h int64) {
		if w == where && when(h) {
			once.Do(func() { in <- h; <-out })
		}
	}
	return in, out
}

func (s *seat) inBackground(tx string) <-chan error {
	done := make(chan error, 1)
	n := s.node
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		_, err := n.Submit(ctx, []byte(tx))
		done <- err
	}()
	return done
}

// untilWaiting returns when a transaction has reached the mempool.
func (s *seat) untilWaiting(hash [32]byte) {
	s.t.Helper()
	select {
	case <-s.node.engine.Mempool().(interface{ TxsWaitChan() <-chan struct{} }).TxsWaitChan():
	case <-time.After(20 * time.Second):
		s.t.Fatalf("transaction %x did not reach the mempool", hash)
	}
}

var errBroken = errors.New("the disk is on fire")

type brokenRegistry struct {
	*registry
	on atomic.Bool
}

func (b *brokenRegistry) Finalize(h int64, t time.Time, txs [][]byte) ([32]byte, []Outcome, []Validator, error) {
	if b.on.Load() && len(txs) > 0 {
		return [32]byte{}, nil, nil, errBroken
	}
	return b.registry.Finalize(h, t, txs)
}
