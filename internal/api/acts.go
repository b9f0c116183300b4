package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"licet/internal/ledger"
	"licet/internal/node"
	"licet/license"
	"licet/tx"
)

// bodyWithin is how long a transaction may take to arrive.
const bodyWithin = 20 * time.Second

type appliedBody struct {
	Act   int64  `json:"act"`
	Index int64  `json:"index"`
	Entry string `json:"entry"`
	Kind  string `json:"kind"`
	ID    string `json:"id"`
}

type actRefusedBody struct {
	Act      int64  `json:"act"`
	Code     string `json:"code"`
	Sentence string `json:"sentence"`
	Citation string `json:"citation,omitempty"`
}

type outcomeBody struct {
	Payload string           `json:"payload"`
	State   string           `json:"state,omitempty"` // absent: recorded, and seen by those who ask here
	Block   int64            `json:"block,omitempty"`
	Time    license.Instant  `json:"time,omitempty"`
	Applied []appliedBody    `json:"applied,omitempty"`
	Refused []actRefusedBody `json:"refused,omitempty"`
}

// States of an act that is not wholly through.
const (
	stateSigned   = "signed, not yet recorded"
	stateRecorded = "recorded, not yet checkpointed"
)

func outcomeOf(o *ledger.Outcome, state string) *outcomeBody {
	b := &outcomeBody{Payload: o.Payload.String(), State: state, Block: o.Block, Time: o.Time}
	for _, x := range o.Applied {
		b.Applied = append(b.Applied, appliedBody{x.Act, x.Index, x.Entry.String(), x.Kind, x.ID})
	}
	b.Refused = refusedActs(o)
	return b
}

func refusedActs(o *ledger.Outcome) (rs []actRefusedBody) {
	for _, x := range o.Refused {
		rs = append(rs, actRefusedBody(x))
	}
	return rs
}

// submit takes a signed transaction and answers when it is recorded; with wait=1
// when also the checkpoint and the lookup have it.
func (a *API) submit(w http.ResponseWriter, r *http.Request) error {
	raw, err := readBody(w, r)
	if err != nil {
		return err
	}
	payload, refusal := a.Ledger.Read(raw) // once for all that look at it
	if refusal != nil {
		return refusal
	}
	ctx, cancel := context.WithTimeout(r.Context(), a.SubmitWithin)
	defer cancel()
	out, err := a.Node.Submit(ctx, raw)
	if errors.Is(err, node.ErrPending) {
		writeJSON(w, http.StatusAccepted, "application/json", &outcomeBody{Payload: payload.String(), State: stateSigned})
		return nil
	}
	if err != nil {
		return withPayload(err, payload)
	}
	o, err := ledger.ParseOutcome(out.Data)
	if err != nil {
		return err
	}
	if refusal := o.Refusal(); refusal != nil {
		p := refused(refusal)
		p.act, p.payload, p.refused = o.Act, payload, refusedActs(&o)
		return p
	}
	if r.FormValue("wait") == "1" && a.waitSeen(ctx, &o) != nil {
		writeJSON(w, http.StatusAccepted, "application/json", outcomeOf(&o, stateRecorded))
		return nil
	}
	return sendJSON(w, outcomeOf(&o, ""))
}

func withPayload(err error, payload license.Hash) error {
	if p := problemOf(err); p != nil {
		p.payload = payload
		return p
	}
	return err
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	// Not every server below can set it; then the server's own limits hold.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyWithin))
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, tx.TransactionBytesMax))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, tooLarge()
	case err != nil:
		return nil, badRequest("bad-body", "The transaction did not arrive whole.")
	}
	return b, nil
}

// waitSeen returns when whoever asks here for proof or search finds the act.
func (a *API) waitSeen(ctx context.Context, o *ledger.Outcome) error {
	if err := a.Node.WaitCheckpoint(ctx, o.Block); err != nil {
		return err
	}
	var size int64
	for _, x := range o.Applied {
		size = max(size, x.Index+1)
	}
	return a.Lookup.Wait(ctx, size)
}

func (a *API) outcome(w http.ResponseWriter, r *http.Request) error {
	h, err := pathHash(r, "payload")
	if err != nil {
		return err
	}
	o, err := a.Ledger.RecordedPayload(h)
	if err != nil {
		return err
	}
	if o == nil {
		return notFound("unknown-payload", "No act of payload %s is recorded here. It may be under way, or was refused; submit it again to learn which.", h)
	}
	return sendJSON(w, outcomeOf(o, ""))
}
