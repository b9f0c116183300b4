package host

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"licet/internal/ledger"
)

// handler puts API and pages together.
func (s *Host) handler(Config) (http.Handler, error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") })
	return mux, nil
}

// readyWithin is how long the first checkpoint of a start may take.
const readyWithin = time.Minute

// Ready returns when the newest state has its checkpoint and the index for
// searches has caught up.
func (s *Host) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, readyWithin, fmt.Errorf("the node is not ready after %v", readyWithin))
	defer cancel()
	head := s.Ledger.Head()
	if err := s.Node.WaitCheckpoint(ctx, head.Height); err != nil {
		return err
	}
	return s.Lookup.Wait(ctx, head.Size)
}

// Submit has a transaction recorded and returns its outcome.
func (s *Host) Submit(ctx context.Context, transaction []byte) (ledger.Outcome, error) {
	o, err := s.Node.Submit(ctx, transaction)
	if err != nil {
		return ledger.Outcome{}, err
	}
	return ledger.ParseOutcome(o.Data)
}
