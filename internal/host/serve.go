package host

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"licet/internal/api"
	"licet/internal/keys"
	"licet/internal/ledger"
	"licet/internal/node"
	"licet/internal/web"
	"licet/proof"
)

// handler puts API and pages together.
func (s *Host) handler(cfg Config) (http.Handler, error) {
	signer, err := s.logSigner()
	if err != nil {
		return nil, err
	}
	routes, pages := http.NewServeMux(), http.NewServeMux()
	a := api.New(api.Backend{
		Ledger: s.Ledger, Lookup: s.Lookup, Node: s.Node, Bundles: api.LedgerBundles,
		LogSigner: signer, Logger: cfg.Logger,
	})
	a.Register(routes)
	site, err := web.New(web.Config{Answers: a.Answers(), URL: s.URL, Logger: cfg.Logger})
	if err != nil {
		return nil, err
	}
	site.Register(pages)
	// Both say in their own way that there is no such thing, so each has its own mux.
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := routes.Handler(r); pattern != "" {
			routes.ServeHTTP(w, r)
		} else {
			pages.ServeHTTP(w, r)
		}
	}), nil
}

// logSigner signs the checkpoints that this node serves, for outside witnesses.
func (s *Host) logSigner() (*proof.LogSigner, error) {
	k, err := keys.Load(s.Home.KeyPath(keyLog), nil)
	if err != nil {
		return nil, err
	}
	l, err := proof.NewLogSigner(s.Ledger.Head().Origin, k.Private())
	return &l, err
}

// readyWithin is how long the first checkpoint of a start may take in a network of
// one. In one of several it takes until more than two thirds of the weight run.
const readyWithin = time.Minute

// Ready returns when the newest state has its checkpoint and the index for
// searches has caught up.
func (s *Host) Ready(ctx context.Context) error {
	if !s.Several() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, readyWithin, fmt.Errorf("the node is not ready after %v", readyWithin))
		defer cancel()
	}
	head := s.Ledger.Head()
	if err := s.Node.WaitCheckpoint(ctx, head.Height); err != nil {
		return err
	}
	return s.Lookup.Wait(ctx, head.Size)
}

// Several says whether the network has other members with a vote.
func (s *Host) Several() bool {
	set, err := s.Ledger.VotersOf(s.Ledger.Head().Height + 1)
	n := 0
	for _, m := range set.Members {
		if m.Weight > 0 {
			n++
		}
	}
	return err == nil && n > 1
}

// Submit has a transaction recorded and returns its outcome.
func (s *Host) Submit(ctx context.Context, transaction []byte) (ledger.Outcome, error) {
	o, err := s.Node.Submit(ctx, transaction)
	if errors.Is(err, node.ErrStopped) && s.Node.Err() != nil {
		err = s.Node.Err() // why it has stopped
	}
	if err != nil {
		return ledger.Outcome{}, err
	}
	return ledger.ParseOutcome(o.Data)
}
