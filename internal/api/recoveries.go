package api

import (
	"net/http"

	"licet/internal/answer"
)

type recoveriesBody struct {
	Items []answer.Recovery `json:"items"`
}

// recoveries answers which officers of a board get another key on a day that has not come.
func (a *API) recoveries(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.answers.Board(r.PathValue("id")); err != nil {
		return err
	}
	rs, err := a.answers.Recoveries(r.PathValue("id"))
	if err != nil {
		return err
	}
	return sendJSON(w, &recoveriesBody{append([]answer.Recovery{}, rs...)})
}
