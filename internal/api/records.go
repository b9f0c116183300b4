package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"licet/internal/answer"
	"licet/internal/ledger"
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

// opening serves what a commitment hides, when the board shows openings of its kind
// to the public now, as everywhere: what the board said when it was recorded counts
// no longer. It may be sealed at any time, so nobody keeps it.
func (a *API) opening(w http.ResponseWriter, r *http.Request) error {
	h, err := pathHash(r, "commitment")
	if err != nil {
		return err
	}
	kind, id, _ := strings.Cut(r.FormValue("of"), "/")
	if !slices.Contains([]string{license.KindLicense, license.KindFact, license.KindSettlement, license.KindContracts}, kind) || id == "" {
		return badRequest("bad-of", "of: say whose opening it is, such as of=license/us-il.nurse.041000001, of=fact/ID or of=contracts/us-il.")
	}
	s, err := a.Ledger.State()
	if err != nil {
		return err
	}
	defer s.Release()
	gone := notFound("unknown-opening", "There is no opening of %s to show about that %s: it is unknown, sealed, or not for the public.", h, kind)
	if ok, err := about(s, kind, id, h); err != nil {
		return err
	} else if !ok {
		return gone
	}
	var rec license.OpeningRecord
	var board license.Board
	if _, err := s.Record(license.KindOpening, h.String(), &rec); err != nil {
		return err
	}
	if _, err := s.Record(license.KindBoard, license.BoardOf(kind, id), &board); err != nil {
		return err
	}
	if rec.Sealed || board.AudienceOf(rec.Kind) != license.AudiencePublic {
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

// about says whether an entry about the license, fact, settlement or contracts holds the
// commitment.
func about(s *ledger.State, kind, id string, h license.Hash) (bool, error) {
	es, err := s.Entries(kind, id)
	if err != nil {
		return false, err
	}
	for _, e := range es {
		if slices.ContainsFunc(e.Changes, func(c license.Change) bool { return c.Commitment == h }) {
			return true, nil
		}
		if kind == license.KindContracts && slices.ContainsFunc(e.Also, func(w license.Write) bool { return w.Kind == license.KindOpening && w.ID == h.String() }) {
			return true, nil
		}
		var f license.Fact
		var d license.Settlement
		if kind == license.KindFact && strict.Decode(e.Body, &f, license.EntryBytesMax) == nil && f.Commitment == h ||
			kind == license.KindSettlement && strict.Decode(e.Body, &d, license.EntryBytesMax) == nil && d.Commitment == h {
			return true, nil
		}
	}
	return false, nil
}
