package api

import (
	"net/http"

	"licet/internal/answer"
	"licet/internal/lookup"
	"licet/license"
)

type filingBody struct {
	Profession string `json:"profession"`
	Day        string `json:"day"`
	Licenses   int64  `json:"licenses"`
}

type filesBody struct {
	Items []filingBody `json:"items"`
	AsOf  answer.AsOf  `json:"as_of"`
}

// files answers from files of which days a board's licenses were copied.
func (a *API) files(w http.ResponseWriter, r *http.Request) error {
	board, err := a.board(r)
	if err != nil {
		return err
	}
	fs, at, err := a.Lookup.Filings(r.Context(), board)
	if err != nil {
		return err
	}
	b := filesBody{Items: []filingBody{}, AsOf: asOf(at)}
	for _, f := range fs {
		b.Items = append(b.Items, filingBody(f))
	}
	return sendTaggedJSON(w, r, &b)
}

type copiedLicensesBody struct {
	Licenses []string    `json:"licenses"`
	Next     string      `json:"next,omitempty"`
	AsOf     answer.AsOf `json:"as_of"`
}

// copied answers which licenses of a board were copied from a roster, part by part.
func (a *API) copied(w http.ResponseWriter, r *http.Request) error {
	board, err := a.board(r)
	if err != nil {
		return err
	}
	after := r.FormValue("after")
	if after != "" {
		if id, err := license.ParseID(after); err != nil || id.Board != board {
			return badRequest("bad-after", "after: %q is no license of board %s.", after, board)
		}
	}
	ids, next, at, err := a.Lookup.Copied(r.Context(), board, after)
	if err != nil {
		return err
	}
	if ids == nil {
		ids = []string{}
	}
	return sendTaggedJSON(w, r, &copiedLicensesBody{Licenses: ids, Next: next, AsOf: asOf(at)})
}

// board reads a board from the path, and waits until the lookup has all that the
// registry holds: who imports acts on what it answers.
func (a *API) board(r *http.Request) (string, error) {
	s, err := a.Ledger.State()
	if err != nil {
		return "", err
	}
	defer s.Release()
	id := r.PathValue("id")
	if ok, err := s.Record(license.KindBoard, id, new(license.Board)); err != nil {
		return "", err
	} else if !ok {
		return "", notFound("unknown-board", "There is no board %q.", id)
	}
	return id, a.Lookup.Wait(r.Context(), s.Head.Size)
}

func asOf(p lookup.Position) answer.AsOf {
	return answer.AsOf{Block: p.Block, Time: p.Time, Index: p.Size}
}
