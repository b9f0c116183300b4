package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"licet/internal/importer"
	"licet/internal/keys"
	"licet/license"
	"licet/tx"
)

// remote is the registry as a plan asks about it, over a node's API.
type remote struct{ *env }

// A heldLicense is what a node says of one of many licenses.
type heldLicense struct {
	ID         string              `json:"id"`
	Record     *license.License    `json:"record"`
	Settlement *license.Settlement `json:"settlement"`
	Copied     []importer.Copied   `json:"copied"`
	Openings   []license.Opening   `json:"openings"`
}

// Licenses returns what the registry holds of licenses.
func (r remote) Licenses(ctx context.Context, ids []string) ([]*importer.Held, error) {
	found := map[string]*importer.Held{}
	for rest := ids; len(rest) > 0; {
		n, err := r.look(rest, found)
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		rest = rest[n:]
	}
	out := make([]*importer.Held, len(ids))
	for i, id := range ids {
		out[i] = found[id]
	}
	return out, nil
}

// look asks once, and says for how many of the licenses there was an answer.
func (r remote) look(ids []string, found map[string]*importer.Held) (int, error) {
	var answer struct {
		Licenses []heldLicense `json:"licenses"`
		Answered int           `json:"answered"`
	}
	if err := r.ask("/v1/licenses/lookup", ids, &answer); err != nil {
		return 0, err
	}
	if answer.Answered < 1 || answer.Answered > len(ids) {
		return 0, fmt.Errorf("%s answered for %d licenses of %d", r.Server, answer.Answered, len(ids))
	}
	for i := range answer.Licenses {
		l := &answer.Licenses[i]
		if l.Record == nil && l.Settlement == nil {
			return 0, fmt.Errorf("%s answered about license %s without a record", r.Server, l.ID)
		}
		found[l.ID] = &importer.Held{Record: l.Record, Settlement: l.Settlement, Copied: l.Copied, Openings: l.Openings}
	}
	return answer.Answered, nil
}

// ask reads what the node answers about many at once.
func (r remote) ask(path string, ids []string, answer any) error {
	question, err := json.Marshal(map[string][]string{"ids": ids})
	if err != nil {
		return err
	}
	b, err := r.fetch(http.MethodPost, r.Server, path, question)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, answer); err != nil {
		return fmt.Errorf("the answer of %s about %d ids cannot be read: %w", r.Server, len(ids), err)
	}
	return nil
}

// A sender has batches recorded, several at once.
type sender struct {
	*env
	by  string
	key keys.Key

	mu    sync.Mutex // guards what follows
	known *knownBefore
	last  []byte // the transaction that was recorded last
	at    int64  // in this block
}

// send has a batch recorded and says which of its acts were refused.
func (s *sender) send(_ context.Context, b *importer.Batch) (map[int64]license.Refusal, error) {
	t, err := s.payload(signing{ValidDays: 1}, false, b.Acts, b.Openings)
	if err != nil {
		return nil, err
	}
	t.Sign(tx.SignEd25519(s.by, s.key.Private(), t.HeaderBytes))
	raw := t.Encode()
	o, err := s.recorded(raw, t)
	if err != nil {
		return nil, fmt.Errorf("the import stopped; run it again, what is recorded is not recorded twice: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(o.Applied) > 0 && o.Block >= s.at {
		s.last, s.at = raw, o.Block
	}
	for _, x := range o.Applied {
		s.known.own = append(s.known.own, x.Index)
	}
	refused := map[int64]license.Refusal{}
	for _, x := range o.Refused {
		if x.Act < 1 || x.Act > int64(len(b.Rows)) {
			return nil, fmt.Errorf("%s refused act %d of %d", s.Server, x.Act, len(b.Rows))
		}
		refused[x.Act] = x.Refusal
		s.known.refused(b.Rows[x.Act-1].License)
	}
	return refused, nil
}

// recordTries is how often a transaction is sent that is not recorded in time. The
// node waits half a minute each time.
const recordTries = 4

// recorded sends a transaction until it is recorded. The same bytes are recorded once.
func (s *sender) recorded(raw []byte, t *tx.Transaction) (*outcome, error) {
	for range recordTries {
		b, err := s.fetch(http.MethodPost, s.Server, "/v1/acts", raw)
		var p *problem
		if errors.As(err, &p) && p.Status == http.StatusServiceUnavailable && p.retry > 0 {
			if err := s.pause(p.retry); err != nil {
				return nil, err
			}
			continue
		}
		if p != nil && p.rowsRefused() {
			return &outcome{Payload: t.HeaderHash, Refused: p.Refused}, nil
		}
		if err != nil {
			return nil, err
		}
		o := new(outcome)
		if err := json.Unmarshal(b, o); err != nil {
			return nil, err
		}
		if int64(len(o.Applied)+len(o.Refused)) == t.Header.Acts {
			return o, nil
		}
	}
	return nil, fmt.Errorf("payload %s: %w", t.HeaderHash, errNotRecorded)
}

// rowsRefused says whether each row was refused for what it says, and not for who signs:
// that would be the same for all rows to come.
func (p *problem) rowsRefused() bool {
	return len(p.Refused) > 0 && !slices.ContainsFunc(p.Refused, func(r actRefused) bool { return r.Citation == "spec/authority" })
}

func (e *env) pause(d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-e.ctx.Done():
		return e.ctx.Err()
	}
}

// waitTries is how often the node is asked, for half a minute each time, whether all
// that was recorded is found.
const waitTries = 20

// wait returns when proofs and searches find what was recorded.
func (s *sender) wait() error {
	if s.last == nil {
		return nil
	}
	for range waitTries {
		b, err := s.fetch(http.MethodPost, s.Server, "/v1/acts?wait=1", s.last)
		if err != nil {
			return err
		}
		var o outcome
		if err := json.Unmarshal(b, &o); err != nil || o.State == "" {
			return err
		}
	}
	return errors.New("all is recorded, but the node has not taken it into searches; ask it later")
}
