package api

import (
	"encoding/json"
	"net/http"

	"licet/internal/answer"
	"licet/license"
	"licet/strict"
)

func (a *API) network(w http.ResponseWriter, _ *http.Request) error {
	n, err := a.answers.Network()
	if err != nil {
		return err
	}
	return sendJSON(w, struct {
		Origin     string          `json:"origin"`
		Name       string          `json:"name"`
		Test       bool            `json:"test"`
		Height     int64           `json:"height"`
		Size       int64           `json:"size"`
		Time       license.Instant `json:"time"`
		Checkpoint int64           `json:"checkpoint_height"` // -1: none yet
		Set        int64           `json:"set"`
		Rules      int64           `json:"rules"`
	}{n.Origin, n.Name, n.Test, n.AsOf.Block, n.AsOf.Index, n.AsOf.Time, a.Node.Checkpointed(), n.Set, n.Rules})
}

func (a *API) clock(w http.ResponseWriter, _ *http.Request) error {
	n, err := a.answers.Network()
	if err != nil {
		return err
	}
	return sendJSON(w, struct {
		Offset int64 `json:"offset"`
	}{n.Offset})
}

func (a *API) record(w http.ResponseWriter, r *http.Request) error {
	kind, id := r.PathValue("kind"), r.PathValue("id")
	rec, err := a.answers.Record(kind, id)
	if err != nil {
		return err
	}
	return sendJSON(w, struct {
		Kind  string          `json:"kind"`
		ID    string          `json:"id"`
		Value json.RawMessage `json:"value"`
		AsOf  answer.AsOf     `json:"as_of"`
	}{kind, id, rec.Value, rec.AsOf})
}

// opening serves what a commitment hides, when its audience is the public. It
// may be sealed at any time, so nobody keeps it.
func (a *API) opening(w http.ResponseWriter, r *http.Request) error {
	h, err := pathHash(r, "commitment")
	if err != nil {
		return err
	}
	s, err := a.Ledger.State()
	if err != nil {
		return err
	}
	defer s.Release()
	gone := notFound("unknown-opening", "There is no opening of %s to show: it is unknown, sealed, or not for the public.", h)
	var rec license.OpeningRecord
	if ok, err := s.Record(license.KindOpening, h.String(), &rec); err != nil {
		return err
	} else if !ok || rec.Sealed || rec.Who != license.AudiencePublic {
		return gone
	}
	o, err := s.Opening(h)
	if err != nil {
		return err
	}
	if o == nil {
		return gone
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(strict.Encode(o))
	return nil
}
