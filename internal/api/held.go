package api

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"licet/internal/answer"
	"licet/license"
)

// Bounds on questions about many licenses.
const (
	heldBodyMax    = 128 << 10
	heldAtOnce     = 2 // are answered; others wait
	heldBodyWithin = 5 * time.Second
)

type heldRowBody struct {
	Entry string      `json:"entry,omitempty"` // absent: confidential
	File  string      `json:"file"`
	Row   int64       `json:"row"`
	Day   license.Day `json:"day"`

	Orders     []string      `json:"orders,omitempty"`
	Lifecycles []license.Day `json:"lifecycles,omitempty"`
}

type heldOpeningBody struct {
	Kind  string `json:"kind"`
	Salt  []byte `json:"salt"`
	Bytes []byte `json:"bytes"`
}

type heldLicenseBody struct {
	ID         string            `json:"id"`
	Record     json.RawMessage   `json:"record,omitempty"`
	Settlement json.RawMessage   `json:"settlement,omitempty"`
	Copied     []heldRowBody     `json:"copied"`
	Openings   []heldOpeningBody `json:"openings"`
}

type heldBody struct {
	Licenses []heldLicenseBody `json:"licenses"`
	Answered int               `json:"answered"`
	AsOf     answer.AsOf       `json:"as_of"`
}

// held answers what the registry holds of many licenses, of one state.
func (a *API) held(w http.ResponseWriter, r *http.Request) error {
	ids, err := heldIDs(w, r)
	if err != nil {
		return err
	}
	select {
	case a.helds <- struct{}{}:
		defer func() { <-a.helds }()
	case <-r.Context().Done():
		return r.Context().Err()
	}
	p, err := a.answers.Held(r.Context(), ids)
	if err != nil {
		return err
	}
	b := heldBody{Licenses: []heldLicenseBody{}, Answered: p.Answered, AsOf: p.AsOf}
	for i := range p.Licenses {
		b.Licenses = append(b.Licenses, heldOf(&p.Licenses[i]))
	}
	w.Header().Set("Cache-Control", "no-store") // an opening may be sealed at any time
	return sendJSON(w, &b)
}

func heldIDs(w http.ResponseWriter, r *http.Request) ([]string, error) {
	ids, err := askedIDs(w, r)
	for _, id := range ids {
		if _, err := license.ParseID(id); err != nil {
			return nil, badRequest("bad-id", "%v.", err)
		}
	}
	return ids, err
}

// askedIDs reads of what a question about many is.
func askedIDs(w http.ResponseWriter, r *http.Request) ([]string, error) {
	// Not every server below can set it; then the server's own limits hold.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(heldBodyWithin))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, heldBodyMax))
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return nil, &problem{status: http.StatusRequestEntityTooLarge, code: "too-large", detail: "That are too many licenses at a time."}
	}
	var q struct {
		IDs []string `json:"ids"`
	}
	if err == nil {
		err = json.Unmarshal(body, &q)
	}
	if err != nil {
		return nil, badRequest("bad-body", `The question cannot be read; write it as {"ids": ["us-il.nurse.041000001"]}.`)
	}
	return q.IDs, nil
}

func heldOf(l *answer.Held) heldLicenseBody {
	b := heldLicenseBody{ID: l.ID, Record: l.Record, Settlement: l.Settlement, Copied: []heldRowBody{}, Openings: []heldOpeningBody{}}
	for _, c := range l.Copied {
		row := heldRowBody{File: c.File.String(), Row: c.Row, Day: c.Day, Orders: c.Orders, Lifecycles: c.Lifecycles}
		if c.Entry != (license.Hash{}) {
			row.Entry = c.Entry.String()
		}
		b.Copied = append(b.Copied, row)
	}
	for _, o := range l.Openings {
		b.Openings = append(b.Openings, heldOpeningBody{o.Kind, o.Salt, o.Bytes})
	}
	return b
}
