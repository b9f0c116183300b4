package api

import (
	"context"
	"encoding/json"
	"net/http"

	"licet/internal/answer"
	"licet/license"
)

type claimBody struct {
	State    string `json:"state,omitempty"`
	Number   string `json:"number"`
	Taxonomy string `json:"taxonomy,omitempty"`
	Primary  bool   `json:"primary,omitempty"`
}

type claimedBody struct {
	ID         string      `json:"id"`
	Source     string      `json:"source"`
	SourceName string      `json:"source_name"`
	File       string      `json:"file,omitempty"` // absent: all of it was taken back
	Row        int64       `json:"row,omitempty"`
	Day        license.Day `json:"day,omitempty"`
	Importer   string      `json:"importer,omitempty"`
	Claims     []claimBody `json:"claims"`
}

// claims answers what the holder of an NPI claims. None of it was checked.
func (a *API) claims(w http.ResponseWriter, r *http.Request) error {
	c, err := a.answers.Claims(r.PathValue("npi"))
	if err != nil {
		return err
	}
	b := struct {
		NPI   string        `json:"npi"`
		Items []claimedBody `json:"items"`
		AsOf  answer.AsOf   `json:"as_of"`
	}{NPI: c.NPI, AsOf: c.AsOf}
	for i := range c.Items {
		b.Items = append(b.Items, claimedOf(&c.Items[i]))
	}
	return sendTaggedJSON(w, r, &b)
}

func claimedOf(c *answer.Claimed) claimedBody {
	b := claimedBody{ID: c.ID, Source: license.BoardOf(license.KindClaim, c.ID), SourceName: c.SourceName, Claims: []claimBody{}}
	if p := c.Record.Import; p != nil {
		b.File, b.Row, b.Day, b.Importer = p.File.String(), p.Row, p.Day, p.Importer
	}
	for _, x := range c.Record.Claims {
		b.Claims = append(b.Claims, claimBody(x))
	}
	return b
}

// claimRecords answers what stands of many NPIs, for programs that compare a file with
// it.
func (a *API) claimRecords(w http.ResponseWriter, r *http.Request) error {
	ids, err := askedIDs(w, r)
	if err != nil {
		return err
	}
	p, err := a.answers.ClaimRecords(r.Context(), ids)
	if err != nil {
		return err
	}
	type record struct {
		ID     string          `json:"id"`
		Record json.RawMessage `json:"record"`
	}
	b := struct {
		Claims []record    `json:"claims"`
		AsOf   answer.AsOf `json:"as_of"`
	}{Claims: []record{}, AsOf: p.AsOf}
	for i, id := range p.IDs {
		b.Claims = append(b.Claims, record{id, p.Values[i]})
	}
	return sendJSON(w, &b)
}

// A likelyBody is a claim that may be about a license.
type likelyBody struct {
	NPI        string      `json:"npi"`
	Source     string      `json:"source"`
	SourceName string      `json:"source_name"`
	Day        license.Day `json:"day"`
	claimBody
}

func (a *API) likelyClaims(ctx context.Context, l *answer.License, b *licenseBody) error {
	cs, more, err := a.answers.LikelyClaims(ctx, l)
	for _, c := range cs {
		b.Claims = append(b.Claims, likelyBody{c.NPI, license.BoardOf(license.KindClaim, c.ID), c.SourceName, c.Day, claimBody(c.Claim)})
	}
	b.MoreClaims = more
	return err
}
